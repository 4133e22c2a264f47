from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from provisioning.parameters import Values
from provisioning.status import Verdict
from tests.provisioning.account import ACCOUNT, FUNCTIONS, Account, KilledError


def _steps(account: Account) -> str:
    return "\n".join(one.next_step for one in account.status().troubles)


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


def test_without_a_slack_token_it_is_healthy_and_remarks_on_it(account: Account) -> None:
    account.request = replace(account.request, values=Values())
    account.apply_in_full()

    found = account.status()

    assert found.verdict is Verdict.HEALTHY
    assert "slack-token" in str(found.remarks)


def test_a_stopped_trail_is_broken(account: Account) -> None:
    account.apply_in_full()
    account.client("cloudtrail").stop_logging(Name="trailbell-dev")

    assert account.status().verdict is Verdict.BROKEN
    assert "aws cloudtrail start-logging --name trailbell-dev" in _steps(account)


def test_a_deleted_trail_is_broken(account: Account) -> None:
    account.apply_in_full()
    account.client("cloudtrail").delete_trail(Name="trailbell-dev")

    found = account.status()

    assert found.verdict is Verdict.BROKEN
    assert "Trail trailbell-dev: missing" in [one.what for one in found.troubles]
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
    assert "only data of an earlier installation is here: S3 bucket" in found.troubles[0].what
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
    assert "Subscription filter trailbell-dev" in account.status().troubles[0].what


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
    assert f"trailbell.py redrive s3://{bucket}" in _steps(account)


def test_an_unconfirmed_mailbox_is_remarked_on(account: Account) -> None:
    account.apply_in_full()
    assert "no mailbox gets the alarms" in str(account.status().remarks)


def test_the_verdict_is_printed_with_its_next_steps(account: Account) -> None:
    from provisioning import commands

    printed = account.output_of(
        lambda: commands.show_status(account.aws, account.request, account.operator())
    )

    assert "trailbell-dev is untouched" in printed
    assert "→ make deploy STAGE=dev" in printed
