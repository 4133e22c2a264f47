"""Accounts by the organization's names, where it may be asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as some

from chalicelib.alerts.outbox import StoreError
from chalicelib.bootstrap import Program
from chalicelib.monitoring.account_names import MOST_NAMES, AccountNames
from chalicelib.monitoring.asking import Asking
from chalicelib.monitoring.notes import read, write
from chalicelib.settings import Settings
from chalicelib.usecases import account_names
from chalicelib.usecases.account_names import accounts_of, read_account_names
from chalicelib.usecases.ingest import judge
from tests.events import cloudtrail, iam_user

NOW = datetime(2026, 3, 2, 9, 15, tzinfo=UTC)
NAMED = '[accounts]\n444455556666 = "ours"\n'


class Organization:
    """Its accounts, twenty a page; or AWS's word for why it says nothing."""

    def __init__(self, accounts: dict[str, str], refusal: str = "") -> None:
        self.accounts, self.refusal, self.asked = list(accounts.items()), refusal, 0

    def list_accounts(self, NextToken: str = "0") -> dict[str, Any]:  # noqa: N803 - AWS's
        self.asked += 1
        if self.refusal:
            raise ClientError({"Error": {"Code": self.refusal}}, "ListAccounts")
        start = int(NextToken)
        page = [{"Id": key, "Name": name} for key, name in self.accounts[start : start + 20]]
        more = {"NextToken": str(start + 20)} if start + 20 < len(self.accounts) else {}
        return {"Accounts": page, **more}

    def asking(self, millis: float = 60_000.0) -> Callable[[Callable[[], float]], Asking]:
        return lambda _: Asking(lambda _: self, lambda: millis)


@pytest.fixture
def parts(tmp_path: Path) -> Program:
    """An installation whose rule file names one account."""
    account_names.held_by.cache_clear()
    rules = tmp_path / "mine.toml"
    rules.write_text(NAMED)
    made = Program(
        Settings(
            alert_store=f"sqlite:///{tmp_path}/alerts.db",
            rules_file=str(rules),
            deployment="trailbell-dev",
            slack_channel="#alerts",
        )
    )
    made.now = lambda: NOW
    return made


def sweep(parts: Program, organization: Organization, millis: float = 60_000.0) -> None:
    read_account_names(parts, lambda: millis, organization.asking(millis))


def test_every_page_is_read_and_the_rule_file_goes_first(parts: Program) -> None:
    known = {f"{number:012}": f"team {number}" for number in range(45)}

    sweep(parts, Organization({**known, "444455556666": "theirs"}))

    assert accounts_of(parts) == {**known, "444455556666": "ours"}


def test_it_is_asked_once_a_day(parts: Program) -> None:
    organization = Organization({"111122223333": "payroll"})
    for hours in (0, 1, 23, 24, 25):
        account_names.held_by.cache_clear()  # another process
        parts.now = lambda hours=hours: NOW + timedelta(hours=hours)  # type: ignore[misc]
        sweep(parts, organization)

    assert organization.asked == 2


@pytest.mark.parametrize(
    "code", ["AccessDeniedException", "AWSOrganizationsNotInUseException", "ThrottlingException"]
)
def test_where_it_refuses_the_ids_stay_and_it_is_asked_again_a_day_later(
    parts: Program, code: str
) -> None:
    organization = Organization({}, code)
    sweep(parts, organization)
    sweep(parts, organization)

    assert accounts_of(parts) == {"444455556666": "ours"}
    note = read(parts.store.notes, AccountNames)
    assert note is not None
    assert (note.refused, organization.asked) == (f"organizations:ListAccounts: {code}", 1)


def test_names_that_were_known_stay_where_it_is_throttled_a_day_later(parts: Program) -> None:
    write(parts.store.notes, AccountNames(at=NOW - timedelta(days=2), names={"1" * 12: "payroll"}))

    sweep(parts, Organization({}, "TooManyRequestsException"))

    assert accounts_of(parts) == {"1" * 12: "payroll", "444455556666": "ours"}
    note = read(parts.store.notes, AccountNames)
    assert note is not None
    assert (note.at, note.refused) == (NOW, "organizations:ListAccounts: TooManyRequestsException")


def test_as_many_names_as_are_kept_fit_an_item_whatever_they_are() -> None:
    names = {f"{number:012}": '"' * 50 for number in range(MOST_NAMES + 19)}

    assert len(json.dumps(AccountNames(at=NOW, names=names).as_json())) < 400 * 1024


def test_names_that_were_known_stay_while_there_is_no_time_to_ask(parts: Program) -> None:
    write(parts.store.notes, AccountNames(at=NOW - timedelta(days=2), names={"1" * 12: "payroll"}))

    sweep(parts, Organization({}), millis=100.0)

    assert accounts_of(parts)["1" * 12] == "payroll"


def test_an_alert_says_the_name_beside_the_id(parts: Program) -> None:
    sweep(parts, Organization({"111122223333": "payroll"}))
    record = cloudtrail(
        "StopLogging", userIdentity=iam_user("alice"), recipientAccountId="111122223333"
    )

    (alert,) = judge([json.dumps(record)], parts).alerts

    assert (alert.account_id, alert.account_name) == ("111122223333", "payroll")


def test_without_the_store_the_rule_files_names_serve(
    parts: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_: str) -> None:
        raise StoreError("away")

    monkeypatch.setattr(parts.store.notes, "noted", away)

    assert accounts_of(parts) == {"444455556666": "ours"}


def test_on_one_machine_nobody_asks(tmp_path: Path) -> None:
    parts = Program(Settings(alert_store=f"sqlite:///{tmp_path}/alerts.db"))
    organization = Organization({"111122223333": "payroll"})

    read_account_names(parts, lambda: 60_000.0, organization.asking())

    assert organization.asked == 0


def test_an_organization_larger_than_an_item_is_cut(parts: Program) -> None:
    many = {f"{number:012}": "x" * 50 for number in range(MOST_NAMES + 100)}
    sweep(parts, Organization(many))

    note = read(parts.store.notes, AccountNames)
    assert note is not None
    assert len(json.dumps(note.as_json())) < 400_000


@given(some.recursive(some.none() | some.text() | some.integers(), some.lists))
def test_a_note_that_somebody_spoilt_counts_as_none(names: Any) -> None:
    stored = {"at": NOW.isoformat(), "names": names, "refused": ""}
    with pytest.raises((KeyError, ValueError)):
        AccountNames.from_json(stored)
