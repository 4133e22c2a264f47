from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

from chalicelib.alerts.delivery import DeliveryState
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.cloudtrail.record import Record
from chalicelib.rules.loaded import PROJECT
from chalicelib.rules.rule import Rule
from chalicelib.rules.ruleset import Ruleset
from chalicelib.stores.dynamodb.store import dynamodb_store
from chalicelib.stores.store import Store
from provisioning.canary import follow, test_alert
from provisioning.errors import OperatorError
from provisioning.survey import Request
from tests.events import cloudtrail
from tests.provisioning.account import Account
from tests.stores.factories import alert, stored

test_alert.__test__ = False  # type: ignore[attr-defined]  # a command, not a test


def _looks(*answers: StoredAlert | None) -> Callable[[], StoredAlert | None]:
    left = list(answers)
    return lambda: left.pop(0) if len(left) > 1 else left[0]


def _followed(*answers: StoredAlert | None) -> tuple[bool, str, list[float]]:
    out, slept = io.StringIO(), list[float]()
    console = Console(file=out, width=300)
    told = follow(_looks(*answers), console, timeout=30, sleep=slept.append)
    return told, out.getvalue(), slept


def _asked(account: Account, rules: Sequence[Rule] = Ruleset.load().rules) -> Request:
    return replace(account.request, rules=rules)


def _canary(state: DeliveryState, **changes: str) -> StoredAlert:
    return stored(alert(rule_id="trailbell-test"), state=state, **changes)


def test_it_waits_until_slack_was_told() -> None:
    pending, sent = _canary(DeliveryState.PENDING), _canary(DeliveryState.SENT)

    told, said, slept = _followed(None, None, pending, sent)

    assert told
    assert "The alert is stored" in said
    assert "Slack has it, in #security" in said
    assert len(slept) == 3


def test_what_never_arrives_says_where_to_look() -> None:
    told, said, slept = _followed(None)

    assert not told
    assert "Nothing arrived" in said
    assert "setup_resources.py status" in said
    assert sum(slept) == 30


def test_what_arrives_and_is_not_told_says_slacks_word_for_it() -> None:
    told, said, _ = _followed(_canary(DeliveryState.PENDING, reason="invalid_auth"))

    assert not told
    assert "#security: pending (invalid_auth)" in said


def test_the_canary_is_what_its_rule_matches(account: Account) -> None:
    account.apply_in_full()
    ssm = account.client("ssm")
    store = dynamodb_store(account.client("dynamodb"), "trailbell-dev")
    account.aws.sleep = lambda _: None

    def opened(table: str) -> Store:
        # Opened before the canary is sent, which may take a moment.
        now = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=1)
        sample = alert(
            event_name="PutParameter",
            event_time=now,
            seen_at=now,
            rule_id="trailbell-test",
            rule_ids=("trailbell-test",),
        )
        store.outbox.add([stored(sample, state=DeliveryState.SENT)], now)
        return store

    told = test_alert(account.aws, _asked(account), opened, Console(file=io.StringIO()), 30)

    (put,) = [
        call.parameters
        for call in account.recorder.changes
        if call.parameters.get("Name", "").startswith("/canary/")
        and call.operation == "PutParameter"
    ]
    record = cloudtrail(
        "PutParameter", source="ssm", requestParameters={"name": put["Name"], "type": "String"}
    )
    assert [rule.id for rule in Ruleset.load().match(Record(record))] == ["trailbell-test"]
    assert told
    with pytest.raises(ssm.exceptions.ParameterNotFound):
        ssm.get_parameter(Name=put["Name"])


def test_a_table_that_cannot_be_read_says_where_to_look(account: Account) -> None:
    account.apply_in_full()
    account.client("dynamodb").delete_table(TableName="trailbell-dev")

    def opened(table: str) -> Store:
        return dynamodb_store(account.client("dynamodb"), table, sleep=lambda _: None)

    with pytest.raises(OperatorError, match=r"setup_resources\.py status says what is missing"):
        test_alert(account.aws, _asked(account), opened, Console(file=io.StringIO()), 30)


def test_where_its_rule_is_off_it_says_so_at_once_and_sends_nothing(account: Account) -> None:
    only = Ruleset.load(str(PROJECT / "docs" / "examples" / "five-services.toml")).rules

    def opened(table: str) -> Store:
        raise AssertionError(table)

    with pytest.raises(OperatorError, match="the rule trailbell-test is off, so no test alert"):
        test_alert(account.aws, _asked(account, only), opened, Console(file=io.StringIO()), 30)
    assert account.recorder.calls == []
