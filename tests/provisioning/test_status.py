from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.monitoring.account_names import AccountNames
from chalicelib.monitoring.notes import write
from chalicelib.stores.dynamodb.store import dynamodb_store
from provisioning import commands
from provisioning.parameters import Values
from provisioning.rows import State
from provisioning.status import Status, Verdict
from provisioning.told import Told
from tests.provisioning.account import ACCOUNT, FUNCTIONS, Account, KilledError
from tests.stores.factories import NOW, SECURITY, alert, stored, tell

# Without knowing whose account it is there is nothing to say.
FATAL = {"GetCallerIdentity"}
# What the sweep noted helps to judge; what is read of alerts has its own line.
NOTES = {"GetItem", "Query", "BatchGetItem"}


def _steps(account: Account) -> str:
    return "\n".join(sorted({one.next_step for one in account.status().troubles}))


def test_nothing_at_all_is_untouched(account: Account) -> None:
    found = account.status()

    assert found.verdict is Verdict.UNTOUCHED
    assert _steps(account) == "make deploy STAGE=dev"


def test_looking_at_the_status_changes_nothing(account: Account) -> None:
    account.apply_in_full()

    assert account.changes_of(account.status) == []


@pytest.mark.parametrize("killed_after", [1, 2, 9, 16, 20, 27])
def test_a_run_that_was_cut_off_is_half_made(account: Account, killed_after: int) -> None:
    account.recorder.kill_after = killed_after
    with pytest.raises(KilledError):
        account.apply()
    account.recorder.kill_after = None

    assert account.status().verdict is Verdict.HALF_MADE
    assert "setup_resources.py apply --stage dev" in _steps(account)


def test_before_the_functions_are_deployed_it_is_half_made_and_says_so(account: Account) -> None:
    account.apply()

    assert account.status().verdict is Verdict.HALF_MADE
    assert _steps(account) == "chalice deploy --stage dev, then apply again"


def test_functions_alone_are_half_made(account: Account) -> None:
    account.deploy()

    assert account.status().verdict is Verdict.HALF_MADE


def test_all_that_apply_makes_is_healthy(account: Account) -> None:
    account.apply_in_full()

    found = account.status()

    assert found.verdict is Verdict.HEALTHY
    assert found.troubles == ()


def test_without_a_slack_token_it_is_broken_since_nobody_is_told(account: Account) -> None:
    account.request = replace(account.request, values=Values())
    account.apply_in_full()

    found = account.status()

    assert found.verdict is Verdict.BROKEN
    assert [one.said for one in found.troubles] == [
        "SSM parameter /trailbell-dev/slack-token: missing"
    ]


def test_a_stopped_trail_is_broken(account: Account) -> None:
    account.apply_in_full()
    account.client("cloudtrail").stop_logging(Name="trailbell-dev")

    assert account.status().verdict is Verdict.BROKEN
    assert "Start the trail if it is stopped" in _steps(account)


def test_a_deleted_trail_is_broken(account: Account) -> None:
    account.apply_in_full()
    account.client("cloudtrail").delete_trail(Name="trailbell-dev")

    found = account.status()

    assert found.verdict is Verdict.BROKEN
    assert "Trail trailbell-dev: missing" in [one.said for one in found.troubles]
    assert "setup_resources.py apply --stage dev" in _steps(account)


def test_a_deleted_filter_is_broken(account: Account) -> None:
    account.apply_in_full()
    account.client("logs").delete_subscription_filter(
        logGroupName="trailbell-dev-cloudtrail", filterName="trailbell-dev"
    )

    assert account.status().verdict is Verdict.BROKEN
    assert "setup_resources.py apply --stage dev" in _steps(account)


def test_data_that_a_destroy_kept_is_told_from_an_installation(account: Account) -> None:
    account.apply_in_full()
    account.undeploy()
    account.destroy()

    found = account.status()

    assert found.verdict is Verdict.UNTOUCHED
    assert "only data of an earlier installation is here: S3 bucket" in found.troubles[0].said
    assert "destroy --stage dev --delete-data" in found.troubles[0].next_step


def test_a_missing_topic_is_broken_though_a_mailbox_was_chosen(account: Account) -> None:
    account.choose(email="ops@example.com")
    account.apply_in_full()
    topic = f"arn:aws:sns:eu-central-1:{ACCOUNT}:trailbell-dev-alarms"
    account.client("sns").delete_topic(TopicArn=topic)
    account.recorder.failures["ListSubscriptionsByTopic"] = [("NotFound", "gone")] * 2

    assert account.status().verdict is Verdict.BROKEN


def test_a_lost_permission_is_broken(account: Account) -> None:
    account.apply_in_full()
    policy = account.client("lambda").get_policy(FunctionName="trailbell-dev-ingest_logs")
    sid = policy["Policy"].split('"Sid": "')[1].split('"')[0]
    account.client("lambda").remove_permission(
        FunctionName="trailbell-dev-ingest_logs", StatementId=sid
    )

    assert account.status().verdict is Verdict.BROKEN
    assert "setup_resources.py apply --stage dev" in _steps(account)


def test_a_filter_that_sends_other_records_is_broken(account: Account) -> None:
    account.apply_in_full()
    account.client("logs").put_subscription_filter(
        logGroupName="trailbell-dev-cloudtrail",
        filterName="trailbell-dev",
        filterPattern="{ $.x = 1 }",
        destinationArn=f"arn:aws:lambda:eu-central-1:{ACCOUNT}:function:{FUNCTIONS[0]}",
    )

    assert account.status().verdict is Verdict.BROKEN
    assert "Subscription filter trailbell-dev" in account.status().troubles[0].said


def test_a_vanished_function_is_broken(account: Account) -> None:
    account.apply_in_full()
    account.client("lambda").delete_function(FunctionName="trailbell-dev-ingest_logs")

    assert account.status().verdict is Verdict.BROKEN
    assert "chalice deploy --stage dev, then apply again" in _steps(account)


def _ring(account: Account, name: str) -> None:
    account.client("cloudwatch").set_alarm_state(
        AlarmName=f"trailbell-dev-{name}", StateValue="ALARM", StateReason="a test"
    )


def test_a_ringing_alarm_is_broken(account: Account) -> None:
    account.apply_in_full()
    _ring(account, "ingest-errors")

    assert account.status().verdict is Verdict.BROKEN
    assert "docs/operating.md" in _steps(account)


def test_silence_is_no_trouble_in_the_first_hour_and_one_afterwards(account: Account) -> None:
    account.apply_in_full()
    _ring(account, "deaf-trail")

    assert account.status().verdict is Verdict.HEALTHY
    assert "less than an hour old" in str(account.status().remarks)

    account.aws.now = lambda: datetime.now(UTC) + timedelta(hours=2)
    assert account.status().verdict is Verdict.BROKEN


def test_a_payload_at_the_failure_destination_is_broken(account: Account) -> None:
    account.apply_in_full()
    bucket = f"trailbell-dev-failures-{ACCOUNT}-eu-central-1"
    account.put_object(bucket)

    assert account.status().verdict is Verdict.BROKEN
    assert bucket in account.status().troubles[0].part
    assert "trailbell.py redrive" in _steps(account)


def test_an_unconfirmed_mailbox_is_remarked_on(account: Account) -> None:
    account.apply_in_full()
    assert "no mailbox gets the alarms" in str(account.status().remarks)


def test_the_verdict_is_printed_with_its_next_steps(account: Account) -> None:
    printed = account.output_of(
        lambda: commands.show_status(
            account.aws, account.request, account.outside(), account.operator()
        )
    )

    assert "trailbell-dev is untouched" in printed
    assert "→ make deploy STAGE=dev" in printed


def _refusing(account: Account, operation: str) -> Status:
    account.recorder.failures[operation] = [("AccessDeniedException", "no")] * 100
    try:
        return account.status()
    finally:
        account.recorder.failures.clear()


def test_what_these_credentials_may_not_read_is_said_with_the_permission(account: Account) -> None:
    account.choose(email="ops@example.com")
    account.apply_in_full()
    account.recorder.calls.clear()
    account.status()
    reads = {call.operation for call in account.recorder.calls}

    for operation in sorted(reads - FATAL - NOTES):
        found = _refusing(account, operation)
        said = [row.how for row in found.rows if row.state is State.UNREADABLE]
        assert found.verdict is Verdict.BROKEN, operation
        assert said, operation
        assert not any("missing" in row.said and "Denied" in row.said for row in found.rows)


def test_without_the_table_to_read_it_says_so_in_the_place_of_what_was_told_last(
    account: Account,
) -> None:
    account.apply_in_full()

    found = _refusing(account, "Query")

    assert found.told
    assert "cannot be read (dynamodb:Query" in found.told.said


def test_it_says_what_slack_was_told_last_and_when(account: Account) -> None:
    account.apply_in_full()
    assert account.status().told == Told(why_not="nothing yet")
    store = account.outside().store("trailbell-dev")
    told = alert(1)
    store.outbox.add([stored(told)], NOW)
    tell(store, [told])

    said = account.status().told

    assert said
    assert said.said == f"Told last: {told.title}, in {SECURITY} at {NOW:%Y-%m-%d %H:%M} UTC"


def test_for_scripts_it_is_json(account: Account) -> None:
    account.apply_in_full()
    account.client("cloudtrail").delete_trail(Name="trailbell-dev")

    printed = account.output_of(
        lambda: commands.show_status(
            account.aws, account.request, account.outside(), account.operator(), as_json=True
        )
    )

    found = json.loads(printed)
    assert (found["deployment"], found["verdict"]) == ("trailbell-dev", "broken")
    (trail,) = [row for row in found["parts"] if row["part"] == "Trail trailbell-dev"]
    assert trail["state"] == "missing"
    assert trail["next_step"] == "setup_resources.py apply --stage dev"


def test_a_value_that_is_secret_is_never_shown(account: Account) -> None:
    account.apply_in_full()
    secret = "-".join(("xoxb", "9", "9", "another"))
    path = "/trailbell-dev/slack-token"
    account.client("ssm").put_parameter(
        Name=path, Value=secret, Type="SecureString", Overwrite=True
    )

    found = account.status()

    assert any(path in row.part for row in found.troubles)
    assert secret not in json.dumps(found.as_json())


def test_a_channel_that_slack_cannot_be_asked_about_is_said_and_breaks_nothing(
    account: Account,
) -> None:
    values = replace(account.request.values, slack_channel="#somewhere")
    account.request = replace(account.request, values=values)
    account.apply_in_full()

    found = account.status()

    (row,) = [row for row in found.rows if row.part == "Slack: channels"]
    assert found.verdict is Verdict.HEALTHY
    assert row.how.startswith("not asked: Slack tells nothing of #somewhere by its name")
    assert "test-alert" in row.how


def test_an_adopted_trail_that_is_gone_is_missing_and_the_rest_is_read_on(account: Account) -> None:
    account.apply_in_full()
    account.choose(trail="company")

    found = account.status()

    assert found.verdict is Verdict.BROKEN
    assert "no trail company" in found.troubles[0].said


def test_a_mailbox_whose_owner_did_not_follow_the_link_differs(account: Account) -> None:
    account.choose(email="ops@example.com")
    account.apply_in_full()

    def pending(parsed: dict[str, Any], **_: Any) -> None:
        for one in parsed.get("Subscriptions", ()):
            one["SubscriptionArn"] = "PendingConfirmation"

    events = account.aws.client("sns").meta.events
    events.register("after-call.sns.ListSubscriptionsByTopic", pending)
    found = account.status()
    events.unregister("after-call.sns.ListSubscriptionsByTopic", pending)

    (row,) = found.troubles
    assert (
        row.said == "SNS subscription of ops@example.com: confirmed: differs: waits for its owner"
    )


def test_a_signing_secret_that_somebody_changed_by_hand_differs(account: Account) -> None:
    values = replace(account.request.values, slack_signing_secret="-".join(("of", "slack")))
    account.request = replace(account.request, values=values)
    account.apply_in_full()
    account.request = replace(account.request, values=Values())
    name = "/trailbell-dev/slack-signing-secret"
    assert [row.state for row in account.status().rows if name in row.part] == [State.OK]

    account.client("ssm").put_parameter(
        Name=name, Value="another", Type="SecureString", Overwrite=True
    )

    assert [row.state for row in account.status().rows if name in row.part] == [State.DIFFERS]


def test_that_accounts_go_by_their_ids_is_remarked_once(account: Account) -> None:
    account.apply_in_full()
    store = dynamodb_store(account.client("dynamodb"), "trailbell-dev")
    refused = "organizations:ListAccounts: AccessDeniedException"
    write(store.notes, AccountNames(at=NOW, refused=refused))

    found = account.status()

    assert [one for one in found.remarks if refused in one] != []
    assert found.verdict is Verdict.HEALTHY
