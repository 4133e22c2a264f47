"""How the self-watch tells of what may be missing, and that it has ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from chalicelib.bootstrap import Program
from chalicelib.delivery.outcome import Outcome, OutcomeKind
from chalicelib.delivery.run import Run
from chalicelib.monitoring.answers import Coverage, shown
from chalicelib.monitoring.channels import Place, SlackError, Token
from chalicelib.monitoring.health import Status
from chalicelib.monitoring.metrics import Metric
from chalicelib.monitoring.notes import read
from chalicelib.monitoring.pattern_check import Wanted
from chalicelib.monitoring.upstream import Delivery, Filter, Trail, UpstreamError
from chalicelib.rules.rule import Severity
from chalicelib.settings import Settings
from chalicelib.slack.calls import AT
from chalicelib.slack.next_steps import next_step
from chalicelib.stores.sqlite.store import sqlite_store
from chalicelib.usecases.alerting import prepared
from chalicelib.usecases.self_watch import watch_at_start
from chalicelib.usecases.sweep import SweepReport
from chalicelib.usecases.watched import SLACK_MILLIS, SlackAnswers, Watched, watched
from tests.delivery.world import CHANNEL, START, World, alert
from tests.usecases.sweeping import found, sweep

TRAIL = Trail("arn:aws:cloudtrail:eu-central-1:111122223333:trail/example", "cloudtrail")
OURS = Filter("trailbell-dev", "arn:…:function:trailbell-dev-ingest_logs", True, "")
EVERY = frozenset({"chat:write", "channels:history", "channels:read"})


class FakeAws:
    """AWS as the test wants it; everything is well to begin with."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.there = [TRAIL]
        self.delivered_ago = timedelta(minutes=4)
        self.error = ""
        self.hidden: tuple[str, ...] | None = ()
        self.filter_there = self.may_invoke = True
        self.fails = False
        self.asked = self.asked_for_trails = 0

    def trails(self) -> list[Trail]:
        self.asked_for_trails += 1
        self._say()
        return self.there

    def delivery(self, trail: Trail) -> Delivery:
        self.asked += 1
        self._say()
        return Delivery(self.world.clock.now() - self.delivered_ago, self.error)

    def left_out(self, trail: Trail) -> tuple[str, ...] | None:
        self._say()
        return self.hidden

    def filters(self, log_group: str) -> list[Filter]:
        self._say()
        return [OURS] if self.filter_there else []

    def permitted(self) -> bool:
        self._say()
        return self.may_invoke

    def _say(self) -> None:
        if self.fails:
            raise UpstreamError("cloudtrail:DescribeTrails: AccessDeniedException")


class FakeSlack:
    """Slack as the test wants it."""

    def __init__(self) -> None:
        self.skew: float | None = None
        self.said = Token(scopes=EVERY)
        self.known: Place | None = Place()

    def token(self) -> Token:
        return self.said

    def place(self, channel_id: str) -> Place | None:
        return self.known


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(sqlite_store(tmp_path / "alerts.db"))


@pytest.fixture
def aws(world: World) -> FakeAws:
    return FakeAws(world)


def swept(
    world: World, aws: FakeAws | None, minutes: int = 1, slack: FakeSlack | None = None
) -> SweepReport:
    """So many sweeps, one a minute; the last one's report."""
    asked = Watched(
        deployment="trailbell-dev", upstream=aws, slack=slack, wanted=lambda: Wanted(())
    )
    for _ in range(minutes):
        began = world.clock.now()
        report = sweep(world, asked)
        world.clock.advance(60 - (world.clock.now() - began).total_seconds())
    return report


def test_as_long_as_records_reach_us_nothing_is_sent_and_aws_is_asked_every_quarter_hour(
    world: World, aws: FakeAws
) -> None:
    swept(world, aws, minutes=60)
    assert (world.texts, aws.asked) == ([], 4)


def test_every_five_minutes_cloudtrail_gets_something_to_record(world: World, aws: FakeAws) -> None:
    swept(world, aws, minutes=60)
    assert aws.asked_for_trails >= 60 / 5 + 4


@pytest.mark.parametrize(
    ("failing", "word"),
    [
        ({"delivered_ago": timedelta(minutes=31)}, "silence"),
        ({"error": "AccessDenied"}, "delivery"),
        ({"filter_there": False}, "filter"),
        ({"may_invoke": False}, "permission"),
        ({"hidden": None}, "recording"),
        ({"there": []}, "trail"),
    ],
)
def test_a_reason_is_alerted_of_once_and_so_is_its_end(
    failing: dict[str, object], word: str, world: World, aws: FakeAws
) -> None:
    swept(world, aws)
    well = {name: getattr(aws, name) for name in failing}
    for name, value in failing.items():
        setattr(aws, name, value)
    swept(world, aws, minutes=60)
    assert len(world.texts) == 1
    assert found(world).status is Status.RED
    for name, value in well.items():
        setattr(aws, name, value)
    swept(world, aws, minutes=60)
    assert len(world.texts) == 2
    assert "It has ended" in world.texts[1]
    assert found(world).status is Status.GREEN


def test_what_to_do_is_told_with_what_is_wrong_and_what_is_so_now_with_its_end(
    world: World, aws: FakeAws
) -> None:
    aws.may_invoke = False
    swept(world, aws)
    assert found(world).words == (
        "CloudWatch Logs may not invoke Trailbell any more. `setup_resources.py apply` mends it.",
    )
    aws.may_invoke = True
    swept(world, aws, minutes=17)
    assert "`setup_resources.py apply` mends it." in world.texts[0]
    assert (
        "It has ended: CloudWatch Logs may not invoke Trailbell any more. Now: CloudWatch Logs may"
        " invoke us." in world.texts[1]
    )


def test_a_reason_that_comes_again_is_alerted_of_again(world: World, aws: FakeAws) -> None:
    for error in ("AccessDenied", "", "AccessDenied", ""):
        aws.error = error
        swept(world, aws, minutes=30)
    assert len(world.texts) == 4


def test_a_reason_that_comes_and_goes_each_quarter_of_an_hour_is_told_seven_times_a_day(
    world: World, aws: FakeAws
) -> None:
    swept(world, aws)
    for quarter in range(24 * 4):
        aws.error = "" if quarter % 2 else "AccessDenied"
        swept(world, aws, minutes=15)
    assert len(world.texts) == 7
    assert "It comes and goes" in world.texts[-1]
    assert found(world).status is Status.RED
    aws.error = ""
    swept(world, aws, minutes=90)
    assert len(world.texts) == 8
    assert found(world).status is Status.GREEN


def test_two_faults_at_once_are_both_told(world: World, aws: FakeAws) -> None:
    swept(world, aws)
    aws.filter_there, aws.delivered_ago = False, timedelta(hours=1)
    swept(world, aws, minutes=30)
    assert len(world.texts) == 2
    assert any("has delivered nothing to cloudtrail since" in text for text in world.texts)
    assert any("has no subscription filter" in text for text in world.texts)


def test_a_filter_that_was_never_there_is_not_missing(world: World, aws: FakeAws) -> None:
    aws.filter_there = False
    swept(world, aws, minutes=30)
    assert world.texts == []


def test_when_aws_cannot_be_asked_nothing_is_claimed_and_health_says_so(
    world: World, aws: FakeAws
) -> None:
    aws.fails = True
    swept(world, aws, minutes=3)
    shown = found(world)
    assert (shown.status, world.texts) == (Status.AMBER, [])
    (word,) = shown.words
    assert word == (
        "What cannot be checked: trail (cloudtrail:DescribeTrails: AccessDeniedException),"
        " permission (cloudtrail:DescribeTrails: AccessDeniedException). What was found last"
        " stands."
    )


def test_when_aws_cannot_be_asked_alerts_that_wait_too_long_are_alerted_of_all_the_same(
    world: World, aws: FakeAws
) -> None:
    aws.fails = True
    world.slack.behaviour = "refused"
    world.add(alert(1, Severity.LOW))
    swept(world, aws, minutes=31)
    world.slack.behaviour = "ok"
    swept(world, aws)
    assert sum("has been waiting for Slack since" in text for text in world.texts) == 1


def test_while_aws_cannot_be_asked_a_reason_is_neither_over_nor_alerted_of_again(
    world: World, aws: FakeAws
) -> None:
    aws.error = "AccessDenied"
    swept(world, aws, minutes=20)
    aws.fails = True
    swept(world, aws, minutes=40)
    aws.fails = False
    swept(world, aws, minutes=40)
    assert len(world.texts) == 1


def test_a_channel_that_is_never_idle_keeps_aws_from_being_asked_no_longer_than_others(
    world: World, aws: FakeAws
) -> None:
    sleep = world.clock.sleep

    def busy(seconds: float) -> None:
        world.add(alert(len(world.clock.slept)))
        sleep(seconds)

    world.clock.sleep = busy  # type: ignore[method-assign]
    world.add(*[alert(number) for number in range(10_000, 10_020)])
    swept(world, aws, minutes=31)
    assert aws.asked == 3


def test_while_aws_hangs_what_is_due_is_sent_all_the_same(world: World, aws: FakeAws) -> None:
    def hangs() -> list[Trail]:
        raise KeyboardInterrupt  # Lambda ends what overruns

    aws.trails = hangs  # type: ignore[method-assign]
    world.add(alert(1))
    with pytest.raises(KeyboardInterrupt):
        swept(world, aws)
    assert len(world.texts) == 1
    swept(world, aws)  # and it is not asked again at once


def test_a_check_cut_off_before_it_alerted_is_made_up_for(world: World, aws: FakeAws) -> None:
    aws.error = "AccessDenied"
    add = world.store.outbox.add

    def cut_off(*arguments: object) -> set[str]:
        raise KeyboardInterrupt

    world.store.outbox.add = cut_off  # type: ignore[method-assign, assignment]
    with pytest.raises(KeyboardInterrupt):
        swept(world, aws)
    world.clock.advance(60)
    world.store.outbox.add = add  # type: ignore[method-assign]
    swept(world, aws, minutes=30)
    assert len(world.texts) == 1


def test_alerts_that_wait_too_long_are_alerted_of_when_slack_is_back(world: World) -> None:
    world.slack.behaviour = "refused"
    world.add(alert(1, Severity.LOW))
    swept(world, None, minutes=31)
    world.slack.behaviour = "ok"
    swept(world, None, minutes=31)
    assert sum("has been waiting for Slack since" in text for text in world.texts) == 2
    assert world.clock.now() > START


def test_each_check_answers_with_the_time_of_its_answer(world: World, aws: FakeAws) -> None:
    swept(world, aws, slack=FakeSlack())
    coverage = read(world.store.notes, Coverage)
    assert {answer["answered"] for answer in shown(coverage).values()} == {"ok"}
    assert {answer["at"] for answer in shown(coverage).values()} == {START.isoformat()}


def test_while_aws_refuses_the_last_answers_of_the_other_checks_stand(
    world: World, aws: FakeAws
) -> None:
    swept(world, aws, minutes=15)
    aws.fails = True
    swept(world, aws)
    answers = shown(read(world.store.notes, Coverage))
    assert (answers["trail"]["answered"], answers["silence"]["answered"]) == ("unknown", "ok")
    assert answers["silence"]["at"] < answers["trail"]["at"]


def test_what_a_reason_of_an_earlier_version_found_ends_as_one_of_this(
    world: World, aws: FakeAws
) -> None:
    reason = {"since": START.isoformat(), "text": "cloudtrail has no subscription filter."}
    world.store.notes.note("deaf", {"reasons": {"filter": reason}, "ended": {}})
    world.store.notes.note("checked", {"at": START.isoformat(), "error": "describe_trails"})
    world.store.notes.note("source", {"log_group": "cloudtrail", "trail": TRAIL.arn})
    swept(world, aws, minutes=17)
    assert len(world.texts) == 1
    assert "It has ended: cloudtrail has no subscription filter." in world.texts[0]


def test_a_token_that_slack_refuses_is_red_and_told_once_it_is_taken_again(world: World) -> None:
    slack = FakeSlack()
    world.slack.behaviour, slack.said = "invalid_auth", Token("invalid_auth")
    swept(world, None, minutes=16, slack=slack)
    assert "Slack refuses the token: invalid_auth." in found(world).words
    world.slack.behaviour, slack.said = "ok", Token(scopes=EVERY)
    swept(world, None, minutes=30, slack=slack)
    assert sum("Slack refuses the token" in text for text in world.texts) == 2
    assert found(world).status is Status.GREEN


def test_a_scope_that_is_lacking_is_amber_and_told_once(world: World) -> None:
    slack = FakeSlack()
    slack.said = Token(scopes=EVERY - {"channels:history"})
    swept(world, None, minutes=60, slack=slack)
    assert len(world.texts) == 1
    assert found(world).status is Status.AMBER


def test_a_channel_that_nothing_names_any_more_is_not_asked_about(world: World) -> None:
    slack = FakeSlack()
    old = world.store.queue.claim("#old", "me", world.clock.now())
    assert old is not None
    world.store.queue.save(replace(old.channel, leased_until=None, channel_id="C0123456789"))
    slack.known = Place(refusal="channel_not_found")
    swept(world, None, minutes=30, slack=slack)
    assert found(world).status is Status.GREEN


def test_a_clock_that_was_put_back_delays_no_check(world: World, aws: FakeAws) -> None:
    swept(world, aws)
    world.clock.jump(-6 * 3600)
    swept(world, aws, minutes=2)
    assert aws.asked == 2


def test_what_fails_is_counted_for_the_alarm(world: World, aws: FakeAws) -> None:
    measured: list[Metric] = []
    aws.may_invoke, aws.hidden = False, None
    sources = Watched(
        upstream=aws, wanted=lambda: Wanted(()), measure=lambda metrics: measured.extend(metrics)
    )
    sweep(world, sources)
    assert measured == [Metric("Failing", 2)]


def program(folder: Path, **choices: str) -> Program:
    return Program(Settings(alert_store=f"sqlite:///{folder}/alerts.db", **choices))  # type: ignore[arg-type]


def run_of(parts: Program) -> Run:
    return prepared(parts, lambda: 60_000.0)


def test_on_one_machine_without_a_token_there_is_nobody_to_ask(tmp_path: Path) -> None:
    parts = program(tmp_path)
    there = watched(parts, run_of(parts))
    assert (there.upstream, there.functions, there.slack) == (None, None, None)


def test_on_one_machine_with_a_token_slack_is_asked(tmp_path: Path) -> None:
    parts = program(tmp_path, slack_token="-".join(("xoxb", "1", "2", "example")))
    there = watched(parts, run_of(parts))
    assert (there.upstream, there.functions) == (None, None)
    assert there.slack is not None


def test_in_lambda_aws_is_asked_about_every_parameter_that_the_settings_name(
    world: World, tmp_path: Path
) -> None:
    settings = Settings.from_env(
        {
            "AWS_LAMBDA_FUNCTION_NAME": "trailbell-dev-sweep",
            "ALERT_STORE": f"sqlite:///{tmp_path}/alerts.db",
            "SLACK_TOKEN": "-".join(("xoxb", "1", "2", "example")),
            "SLACK_USERNAME": "bell",
        }
    )
    there = watched(Program(settings), world.prepared(60.0))
    assert there.upstream is not None
    assert there.functions is not None
    assert (there.token, there.named) == (None, True)
    assert list(there.parameters) == [
        "/trailbell-dev/slack-channel",
        "/trailbell-dev/slack-signing-secret",
        "/trailbell-dev/api-token",
        "/trailbell-dev/public-url",
        "/trailbell-dev/trail-bucket",
        "/trailbell-dev/webhook-url",
        "/trailbell-dev/webhook-secret",
    ]


@pytest.mark.parametrize(("bucket", "by_files"), [("", False), ("111122223333/company", True)])
def test_where_records_come_by_s3_no_log_group_is_missed(
    tmp_path: Path, world: World, bucket: str, by_files: bool
) -> None:
    environment = {
        "AWS_LAMBDA_FUNCTION_NAME": "trailbell-dev-sweep",
        "ALERT_STORE": f"sqlite:///{tmp_path}/alerts.db",
        "SLACK_TOKEN": "-".join(("xoxb", "1", "2", "example")),
        "SLACK_USERNAME": "bell",
        "TRAIL_BUCKET": bucket or "ssm:/nowhere",
    }
    there = watched(Program(Settings.from_env(environment)), world.prepared(60.0))
    assert there.by_files() is by_files
    assert there.upstream is not None  # the sweep's own reads go on


def test_at_its_start_a_machine_checks_whenever_it_last_did(tmp_path: Path) -> None:
    parts = program(tmp_path)
    for _ in range(2):
        assert watch_at_start(parts, lambda: 60_000.0) == ()
    coverage = shown(read(parts.store.notes, Coverage))
    slack = {"token", "scopes", "channel", "channel-name"}
    assert set(coverage) == {"clock", "late", "sweep", *slack}


def test_what_slack_refused_is_over_where_alerts_go_to_the_terminal_now(world: World) -> None:
    slack = FakeSlack()
    slack.said = Token("invalid_auth")
    swept(world, None, slack=slack)
    assert found(world).status is Status.RED
    swept(world, None, minutes=16)
    assert found(world).status is Status.GREEN


def test_a_channel_that_is_named_by_its_id_is_asked_about_before_its_first_message(
    world: World,
) -> None:
    class Slack(FakeSlack):
        def place(self, channel_id: str) -> Place | None:
            return Place(is_member=channel_id != "C0123456789")

    world.channels = (CHANNEL, "C0123456789")
    sweep(world, Watched(slack=Slack()))
    assert "The app is not in C0123456789." in found(world).words


def test_a_refusal_of_slacks_says_what_to_do() -> None:
    refused = Outcome(kind=OutcomeKind.DESTINATION_REFUSED, reason="invalid_auth")
    answers = SlackAnswers(lambda *_: refused, lambda: 60_000.0, _now)
    assert answers.token().step == next_step("invalid_auth")
    away = {"ok": True, "channel": {"name": "security", "is_member": False}}
    answers = SlackAnswers(lambda *_: away, lambda: 60_000.0, _now)
    place = answers.place("C0123456789")
    assert place
    assert place.step == next_step("not_in_channel")


def _now() -> datetime:
    return START


@pytest.mark.parametrize("ahead", [-6 * 3600.0, 30 * 86400.0])
def test_a_clock_that_is_off_is_told_by_what_slack_answers_to_a_check(
    world: World, ahead: float
) -> None:
    slack = FakeSlack()
    slack.skew = ahead
    swept(world, None, slack=slack)
    assert any("Our clock was" in word for word in found(world).words)
    slack.skew = 0.0
    swept(world, None, minutes=16, slack=slack)
    assert sum("Our clock was" in text for text in world.texts) == 2  # that it began, and ended


def test_the_time_of_an_answer_says_how_far_off_our_clock_is() -> None:
    later = START + timedelta(hours=6)
    answers = SlackAnswers(lambda *_: {"ok": True, AT: later}, lambda: 60_000.0, _now)
    answers.token()
    assert answers.skew == 6 * 3600


def test_without_time_left_slack_is_not_asked() -> None:
    hurried = SlackAnswers(lambda method, _: pytest.fail(method), lambda: SLACK_MILLIS - 1, _now)
    with pytest.raises(SlackError, match="no time left"):
        hurried.token()
    with pytest.raises(SlackError, match="no time left"):
        hurried.place("C0123456789")
