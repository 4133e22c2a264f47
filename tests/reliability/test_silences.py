"""Ways to silence Trailbell: each is told within 20 virtual minutes, and its end once.

The account is moto's, in this process: `setup_resources.py apply` makes the installation, each way
is an API call, and what the self-watch asks are API calls too. Moto's trails deliver nothing, so
when CloudTrail delivered last is a recorded answer. Slack is the tests' stub.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.alerts.outbox import StoreError
from chalicelib.bootstrap import Program
from chalicelib.monitoring.asking import Asking
from chalicelib.monitoring.aws_coverage import AwsUpstream
from chalicelib.monitoring.aws_functions import AwsFunctions
from chalicelib.monitoring.health import Status, health
from chalicelib.monitoring.log import Log
from chalicelib.monitoring.metrics import Metric
from chalicelib.monitoring.pattern_check import Wanted
from chalicelib.settings import Settings
from chalicelib.slack.next_steps import next_step
from chalicelib.stores.sqlite.store import sqlite_store
from chalicelib.usecases.absent_sweep import AbsentSweep
from chalicelib.usecases.watched import SlackAnswers, Watched
from provisioning.alarms import alarms
from provisioning.survey import survey
from tests.delivery.world import CHANNEL, World, alert
from tests.provisioning.account import ACCOUNT, REGION, Account, fresh_account
from tests.reliability.proof import figure, size
from tests.rules.derived import DERIVED, RULES
from tests.slack.stub import channel_id
from tests.usecases.sweeping import sweep

PATTERN = DERIVED.pattern
TRAIL, GROUP, INGEST = "trailbell-dev", "trailbell-dev-cloudtrail", "trailbell-dev-ingest_logs"
SCHEDULE = "trailbell-dev-sweep-event"
BUCKET = f"trailbell-dev-failures-{ACCOUNT}-{REGION}"
NAMES = tuple(f"/trailbell-dev/{name}" for name in ("slack-token", "slack-channel"))
WITHIN, LONG = 20, 31
STEP = size(5, 1)  # a sweep comes every minute; the checks are a quarter of an hour apart anyway
ALL_EVENTS = {"ReadWriteType": "All", "IncludeManagementEvents": True}


@dataclass
class Installation:
    """An installation of AWS's, a Slack, and the minutes that pass."""

    account: Account
    world: World
    failing: int = 0

    def minutes(self, count: int, until: Callable[[], bool] = lambda: False) -> int:
        """Sweeps for so many minutes, or until it is so; how many."""
        for minute in range(0, count, STEP):
            if until():
                return minute
            began = self.world.clock.monotonic()
            self.sweep()
            self.world.clock.advance(STEP * 60 - (self.world.clock.monotonic() - began))
        return count

    def sweep(self) -> None:
        sweep(self.world, self.watched())

    def watched(self) -> Watched:
        asking = Asking(self.client, lambda: 60_000.0)
        return Watched(
            deployment="trailbell-dev",
            upstream=AwsUpstream(INGEST, asking),
            functions=AwsFunctions("trailbell-dev", asking),
            slack=SlackAnswers(self.world.transport._call, lambda: 60_000.0, self.world.clock.now),
            wanted=lambda: Wanted(RULES),
            parameters=NAMES,
            token=NAMES[0],
            measure=self.measure,
        )

    def client(self, service: str) -> Any:
        made = self.account.client(service)
        return Delivering(made, self.world) if service == "cloudtrail" else made

    def measure(self, metrics: Iterable[Metric]) -> None:
        for metric in metrics:
            if metric.name == "Failing":
                self.failing = int(metric.value)  # type: ignore[arg-type]

    def told(self, words: str) -> int:
        return sum(words in text for text in self.world.texts)

    @property
    def status(self) -> Status:
        world = self.world
        now = world.clock.now()
        return health(world.store.archive, world.store.notes, now, next_step=next_step).status


class Delivering:
    """CloudTrail as moto answers for it, with the last delivery of a trail that records."""

    def __init__(self, client: Any, world: World) -> None:
        self._client = client
        self._world = world

    def __getattr__(self, operation: str) -> Any:
        return getattr(self._client, operation)

    def get_trail_status(self, **arguments: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self._client.get_trail_status(**arguments)
        latest = self._world.clock.now() - timedelta(minutes=4)
        return {**answer, "LatestCloudWatchLogsDeliveryTime": latest}


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """One for all: each way is mended at its end."""
    with fresh_account() as fresh:
        fresh.request = replace(fresh.request, pattern=PATTERN)
        fresh.apply_in_full()
        fresh.schedule()
        fresh.deploy("another")
        fresh.client("logs").create_log_group(logGroupName="another")
        yield fresh


@pytest.fixture
def there(account: Account, tmp_path: Path) -> Installation:
    """The installation, which has been well for a while and told something once."""
    installation = Installation(account, World(sqlite_store(tmp_path / "alerts.db")))
    installation.world.slack.scopes |= {"channels:read"}
    installation.world.add(alert(1))
    installation.minutes(LONG)
    assert (installation.status, installation.failing) == (Status.GREEN, 0)
    assert len(installation.world.texts) == 1
    return installation


@dataclass(frozen=True, slots=True)
class Way:
    """How it is silenced, how that is mended, and the words that tell of it."""

    name: str
    silence: Callable[[Installation], Any]
    mend: Callable[[Installation], Any]
    words: str


def call(service: str, operation: str, **arguments: Any) -> Callable[[Installation], Any]:
    return lambda there: getattr(there.account.client(service), operation)(**arguments)


def filtering(pattern: str, function: str = INGEST) -> Callable[[Installation], Any]:
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}"
    named = {"logGroupName": GROUP, "filterName": TRAIL}
    return call(
        "logs", "put_subscription_filter", **named, filterPattern=pattern, destinationArn=arn
    )


def writing_to(group: str) -> Callable[[Installation], Any]:
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}:*"
    return call("cloudtrail", "update_trail", Name=TRAIL, CloudWatchLogsLogGroupArn=arn)


def recording(**changes: Any) -> Callable[[Installation], Any]:
    selector = {**ALL_EVENTS, **changes}
    return call("cloudtrail", "put_event_selectors", TrailName=TRAIL, EventSelectors=[selector])


def parameter(operation: str, **more: Any) -> Callable[[Installation], Any]:
    return call("ssm", operation, Name=NAMES[1], **more)


def without_permission(there: Installation) -> None:
    client = there.account.client("lambda")
    policy = json.loads(client.get_policy(FunctionName=INGEST)["Policy"])
    for statement in policy["Statement"]:
        client.remove_permission(FunctionName=INGEST, StatementId=statement["Sid"])


def applied(there: Installation) -> None:
    """What an operator does."""
    there.account.apply()


def leave(there: Installation) -> None:
    there.world.slack.left = {channel_id(CHANNEL)}


def join(there: Installation) -> None:
    there.world.slack.left = set()


WAYS = [
    Way("filter narrowed", filtering('{ $.eventName = "A" }'), filtering(PATTERN), "Deaf now"),
    Way(
        "filter gone",
        call("logs", "delete_subscription_filter", logGroupName=GROUP, filterName=TRAIL),
        applied,
        "has no subscription filter to Trailbell",
    ),
    Way(
        "filter elsewhere",
        filtering(PATTERN, "another"),
        filtering(PATTERN),
        "function:another now, not to Trailbell",
    ),
    Way(
        "trail stopped",
        call("cloudtrail", "stop_logging", Name=TRAIL),
        call("cloudtrail", "start_logging", Name=TRAIL),
        "logging is stopped",
    ),
    Way(
        "trail narrowed by selectors",
        recording(ReadWriteType="WriteOnly"),
        recording(),
        "leaves out reads now",
    ),
    Way(
        "management events switched off",
        recording(IncludeManagementEvents=False),
        applied,
        "records no management events",
    ),
    Way(
        "trail of one region",
        call("cloudtrail", "update_trail", Name=TRAIL, IsMultiRegionTrail=False),
        applied,
        "one region alone now",
    ),
    Way(
        "trail deleted",
        call("cloudtrail", "delete_trail", Name=TRAIL),
        applied,
        "No trail writes to",
    ),
    Way("log group changed", writing_to("another"), writing_to(GROUP), "writes to another now"),
    Way("permission removed", without_permission, applied, "CloudWatch Logs may not invoke"),
    Way(
        "reserved concurrency 0",
        call(
            "lambda",
            "put_function_concurrency",
            FunctionName=INGEST,
            ReservedConcurrentExecutions=0,
        ),
        call("lambda", "delete_function_concurrency", FunctionName=INGEST),
        "its reserved concurrency is 0",
    ),
    Way(
        "SSM parameter gone",
        parameter("delete_parameter"),
        parameter("put_parameter", Value="#trailbell", Type="String"),
        "SSM parameters are gone: /trailbell-dev/slack-channel",
    ),
    Way("app not in the channel", leave, join, "The app is not in #trailbell. Invite the app"),
    Way(
        "failure destination gone",
        call("lambda", "delete_function_event_invoke_config", FunctionName=INGEST),
        applied,
        "is dropped now, no longer kept in",
    ),
    Way(
        "payloads that could not be ingested",
        lambda there: there.account.put_object(BUCKET),
        lambda there: there.account.delete_object(BUCKET),
        "waits in",
    ),
    Way(
        "failure bucket deleted",
        call("s3", "delete_bucket", Bucket=BUCKET),
        applied,
        "is gone: what cannot be taken in is dropped",
    ),
    Way(
        "schedule made rare",
        call("events", "put_rule", Name=SCHEDULE, ScheduleExpression="rate(1 day)"),
        call("events", "put_rule", Name=SCHEDULE, ScheduleExpression="rate(1 minute)"),
        "was changed: it is rate(1 day) now",
    ),
    Way(
        "an alarm made to tell nobody",
        call("cloudwatch", "disable_alarm_actions", AlarmNames=["trailbell-dev-sweep-stopped"]),
        applied,
        "tell nobody: sweep-stopped",
    ),
]


@pytest.mark.parametrize("way", WAYS, ids=[way.name for way in WAYS])
def test_each_way_to_silence_it_is_told_once_and_so_is_its_end(
    there: Installation, way: Way
) -> None:
    way.silence(there)
    minutes = there.minutes(WITHIN, lambda: there.told(way.words) > 0)
    assert there.told(way.words) == 1
    assert (there.status, there.failing) == (Status.RED, 1)
    there.minutes(LONG)
    assert there.told(way.words) == 1
    way.mend(there)
    ended = there.minutes(WITHIN, lambda: there.told(way.words) > 1)
    there.minutes(LONG)
    assert there.told("It has ended") == 1
    assert (there.status, there.failing) == (Status.GREEN, 0)
    assert len(there.world.texts) == 3  # the first alert, the reason, its end
    figure(f"silenced: {way.name}", told_after_minutes=minutes, end_told_after_minutes=ended)


def test_a_check_asks_aws_about_two_dozen_things_and_keeps_one_small_note(
    there: Installation,
) -> None:
    recorder = there.account.recorder
    recorder.reset()
    there.client = there.account.aws.client  # type: ignore[method-assign]
    there.world.clock.advance(15 * 60)
    there.sweep()
    asked = [call.action for call in recorder.calls]
    note = there.world.store.notes.noted("coverage")
    assert note is not None
    assert not [call for call in recorder.calls if call.mutates]
    assert len(asked) <= 26
    assert len(json.dumps(note)) < 4096  # four write units
    checks = len(note["answers"])
    figure("a check", asked=len(asked), checks=checks, note_bytes=len(json.dumps(note)))


def test_a_token_that_slack_refuses_is_red_and_an_alarm_until_it_can_be_told(
    there: Installation,
) -> None:
    there.world.slack.behaviour = "invalid_auth"
    minutes = there.minutes(WITHIN, lambda: there.failing > 0)
    assert minutes < WITHIN
    assert there.status is Status.RED
    there.world.slack.behaviour = "ok"
    ended = there.minutes(WITHIN, lambda: there.told("It has ended: Slack refuses the token") > 0)
    there.minutes(LONG)
    assert there.told("Slack refuses the token") == 2
    assert (there.status, there.failing) == (Status.GREEN, 0)
    figure("silenced: token refused", told_after_minutes=minutes, end_told_after_minutes=ended)


class Warm:
    """What a warm process of ingest_logs has, in the world's time."""

    has_store = True
    settings = Settings(deployment="trailbell-dev")

    def __init__(self, there: Installation) -> None:
        self.store = there.world.store
        self.now: Callable[[], datetime] = there.world.clock.now
        self.lines: list[dict[str, Any]] = []
        self.log = Log(
            deployment="trailbell-dev",
            level="INFO",
            now=self.now,
            write=lambda line: self.lines.append(json.loads(line)),
        )

    def default_channel(self) -> str:
        return CHANNEL


def test_a_schedule_that_is_disabled_is_told_by_ingest_and_its_end_by_the_sweep(
    there: Installation,
) -> None:
    events = there.account.client("events")
    events.disable_rule(Name="trailbell-dev-sweep-event")
    warm = Warm(there)
    look, started = AbsentSweep(there.world.clock.monotonic), there.world.clock.monotonic()
    minutes = 0
    while not there.told("The sweep has not run since") and minutes < WITHIN:
        there.world.clock.advance(5 * 60)  # CloudTrail's next batch
        minutes += 5
        if look.noticed(warm, started):  # type: ignore[arg-type]
            there.world.run()
    assert minutes <= WITHIN
    assert {line["Failing"] for line in warm.lines} == {1}
    for _ in range(6):
        there.world.clock.advance(5 * 60)
        assert not look.noticed(warm, started)  # type: ignore[arg-type]
    assert there.status.value == "red"
    events.enable_rule(Name="trailbell-dev-sweep-event")
    ended = there.minutes(WITHIN, lambda: there.told("It has ended") > 0)
    there.minutes(LONG)
    assert there.told("The sweep has not run since") == 2
    assert there.status is Status.GREEN
    figure("silenced: schedule disabled", told_after_minutes=minutes, end_told_after_minutes=ended)


def test_a_rule_that_is_disabled_is_also_what_a_sweep_that_runs_says(there: Installation) -> None:
    events = there.account.client("events")
    events.disable_rule(Name="trailbell-dev-sweep-event")
    there.minutes(WITHIN)
    assert there.told("trailbell-dev-sweep-event for trailbell-dev-sweep is disabled") == 1
    events.enable_rule(Name="trailbell-dev-sweep-event")


def test_writes_that_the_table_refuses_fail_every_sweep_which_an_alarm_counts(
    there: Installation,
) -> None:
    class Refusing:
        def __init__(self, notes: Any) -> None:
            self.noted = notes.noted

        def note(self, key: str, value: dict[str, Any]) -> None:
            raise StoreError("AccessDeniedException")

    world = there.world
    world.store = replace(world.store, notes=Refusing(world.store.notes))
    errors = 0
    for _ in range(5):
        with pytest.raises(StoreError):
            there.sweep()
        errors += 1
        world.clock.advance(60)
    at = survey(there.account.aws, there.account.request).at
    alarm = next(each for each in alarms(at) if each.name == "sweep-errors")
    assert (alarm.metric, alarm.minutes) == ("Errors", 5)
    assert errors >= alarm.threshold
    figure("silenced: table writes refused", alarm=alarm.name, rings_after_minutes=alarm.minutes)


def test_a_process_that_starts_looks_for_the_sweep_no_sooner_than_five_minutes_later(
    tmp_path: Path,
) -> None:
    world = World(sqlite_store(tmp_path / "alerts.db"))
    settings = Settings(alert_store=f"sqlite:///{tmp_path}/other.db", deployment="trailbell-dev")
    parts = Program(settings)
    look, started = AbsentSweep(world.clock.monotonic), world.clock.monotonic()
    world.clock.advance(299)
    assert not look.noticed(parts, started)
    assert not parts.has_store


def test_on_one_machine_no_sweep_is_missing(tmp_path: Path) -> None:
    world = World(sqlite_store(tmp_path / "alerts.db"))
    parts = Program(Settings(alert_store=f"sqlite:///{tmp_path}/other.db"))
    look, started = AbsentSweep(world.clock.monotonic), world.clock.monotonic()
    world.clock.advance(86400)
    assert not look.noticed(parts, started)
    assert not parts.has_store
