"""What the channel would have got: `replay --format messages`, and `slack`, which draws it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.alerts import judging
from chalicelib.alerts.clicks import Handled, Reply
from chalicelib.alerts.handling import COMMAND, Person
from chalicelib.alerts.mutes import Mute, mute_of
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.bootstrap import Program
from chalicelib.rules.matching import match_all
from chalicelib.rules.ruleset import Ruleset
from chalicelib.settings import Settings
from chalicelib.slack.limits import violations
from chalicelib.slack.message import Look, composer
from chalicelib.stores.sqlite.store import sqlite_store
from chalicelib.stores.store import Store
from chalicelib.usecases import alerting
from cli.main import main
from cli.played import LAMBDA_SECONDS
from cli.sample.trail import sample_trail
from tests.delivery.world import CHANNEL, Clock, World
from tests.events import cloudtrail, iam_user, refused

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
END = datetime(2026, 1, 15, 10, 41, tzinfo=UTC)
ROOT = Path(__file__).parent.parent.parent
RULES = Ruleset.load()
# The default rules over time are off: those of new_terms first learn, without a store from the
# first tenth of the span. Those that count are compared by rules of their own.
OVER_TIME = [rule.id for rule in RULES.rules if rule.correlation]
COUNTING = """
[[rule]]
id = "refusals"
title = "Many calls were refused"
severity = "high"
pattern = '{ $.errorCode = "AccessDenied" }'
[rule.correlation]
type = "event_count"
group_by = ["$.userIdentity.arn"]
timespan = "5m"
gte = 3
[[rule]]
id = "addresses"
title = "A user came from many addresses"
severity = "low"
pattern = '{ $.eventName = "ListBuckets" }'
[rule.correlation]
type = "value_count"
group_by = ["$.userIdentity.arn"]
field = "$.sourceIPAddress"
timespan = "2m"
gte = 2
[[rule]]
id = "made"
title = "A role was made"
severity = "low"
pattern = '{ $.eventName = "CreateRole" }'
[[rule]]
id = "then"
title = "A role was made, then used"
severity = "high"
[rule.correlation]
type = "temporal_ordered"
rules = ["made", "refusals-of-one"]
timespan = "10m"
[[rule]]
id = "refusals-of-one"
title = "A call was refused"
severity = "info"
pattern = '{ $.eventName = "ListTables" }'
"""
Json = dict[str, Any]


@pytest.fixture(autouse=True)
def _nothing_configured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for variable in ("SLACK_TOKEN", "SLACK_CHANNEL", "ALERT_STORE"):
        monkeypatch.delenv(variable, raising=False)
    rules = tmp_path_factory.getbasetemp() / "single.toml"
    rules.write_text(f"off = {json.dumps(OVER_TIME)}\n{COUNTING}")
    monkeypatch.setenv("RULES_FILE", str(rules))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))


def replay(records: Iterable[Json | str], *arguments: str, output: str = "messages") -> Result:
    lines = (each if isinstance(each, str) else json.dumps(each) for each in records)
    stdin = "\n".join(lines)
    return CliRunner().invoke(main, ["replay", "--format", output, *arguments, "-"], input=stdin)


def messages(records: Iterable[Json | str], *arguments: str) -> list[Json]:
    result = replay(records, *arguments)
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def at(seconds: float, name: str = "StopLogging", **fields: Any) -> Json:
    """A record of so many seconds after START, with an event id of its own."""
    time = (START + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return cloudtrail(name, eventTime=time, **fields)


def snapshot_deleted(seconds: float, number: int = 0) -> Json:
    """What is told below high: it folds whatever it was done to."""
    return at(seconds, "DeleteSnapshot", requestParameters={"snapshotId": f"snap-{number:08x}"})


def refused_call(seconds: float, who: str = "reader", **fields: Any) -> Json:
    """What also counts for a rule over time, with others of the same user."""
    by = iam_user(who)
    return at(seconds, "ListUsers", errorCode="AccessDenied", userIdentity=by, **fields)


def text_of(message: Json) -> str:
    return str(message["payload"]["text"])


class Arriving(Clock):
    """A clock with which records arrive, also while somebody sleeps."""

    def __init__(self, records: list[Json]) -> None:
        batches = groupby(records, key=lambda record: datetime.fromisoformat(record["eventTime"]))
        self.coming = [(time, list(batch)) for time, batch in batches]
        self.keep: Callable[[list[Json]], Any] = list
        super().__init__(self.coming[0][0])

    def advance(self, seconds: float) -> None:
        end = self.time + timedelta(seconds=seconds)
        while self.coming and self.coming[0][0] <= end:
            time, batch = self.coming.pop(0)
            super().advance(max((time - self.time).total_seconds(), 0.0))
            self.keep(batch)
        super().advance((end - self.time).total_seconds())

    def reach(self, time: datetime) -> None:
        self.advance(max((time - self.time).total_seconds(), 0.0))


def live(records: list[Json], store: Store) -> list[Json]:
    """The same records as they come in: a handler for each second, and a sweep each minute; judged
    and kept by the use cases themselves.
    """
    clock = Arriving(records)
    world = World(store, clock=clock, compose=composer(Look()))
    world.transport.latency = 0.0
    program = Program(Settings.from_env({"RULES_FILE": os.environ["RULES_FILE"]}))
    program.__dict__ |= {"store": store, "now": clock.now}
    clock.keep = partial(_kept, program)
    due_since: datetime | None = None
    while clock.coming or due_since:
        swept = _minute_after(due_since) if due_since else clock.coming[0][0]
        is_handled = clock.coming and (not due_since or clock.coming[0][0] < swept)
        clock.reach(clock.coming[0][0] if is_handled else swept)
        began = clock.now()
        report = world.handle(LAMBDA_SECONDS) if is_handled else world.sweep(LAMBDA_SECONDS)
        since = (due_since if is_handled else None) or began
        due_since = since if report.next_at else None
    return world.journal


def _kept(program: Program, records: list[Json]) -> None:
    matched = match_all([json.dumps(record) for record in records], program.ruleset)
    alerting.keep(alerting.judge(matched, program, {}), program)


def _minute_after(time: datetime) -> datetime:
    return time.replace(second=0, microsecond=0) + timedelta(minutes=1)


def _comparable(method: str, at: str, payload: Json) -> Json:
    """Without what the channel itself makes: its id, and the message's."""
    said = {key: value for key, value in payload.items() if key not in ("channel", "ts")}
    if method == "chat.update":
        said = {key: value for key, value in said.items() if not key.startswith("unfurl_")}
    return {"at": at, "method": method, **said}


UPDATE = {"reason": "UPDATED_DATA", "originalEventID": "e-1"}
STORIES = {
    "the sample trail": sample_trail(END),
    "a slow fold": [snapshot_deleted(20 * number, number) for number in range(30)],
    "a flood at once": [
        at(0, "DeleteSnapshot", userIdentity=iam_user(f"user-{number}")) for number in range(40)
    ],
    "critical ones at once": [at(0, eventID=f"e-{number}") for number in range(35)],
    "repeats with a gap": [snapshot_deleted(at) for at in (0, 5, 90, 800, 2000, 2001)],
    "a correction, late": [
        at(0, eventID="e-1", sourceIPAddress="192.0.2.1"),
        at(7, eventID="e-2"),
        at(90, eventID="a-1", addendum=UPDATE, sourceIPAddress="192.0.2.2"),
    ],
    "a flood that goes on": [
        at(number / 4, "DeleteSnapshot", userIdentity=iam_user(f"user-{number % 60}"))
        for number in range(240)
    ],
}


STORIES |= {
    "refused calls, more than enough": [
        refused_call(second) for second in (0, 60, 180, 240, 245, 300, 780, 900)
    ],
    "four refused calls in one second": [
        refused_call(5, eventID=f"e-{number}") for number in range(4)
    ],
    "refused calls of two in a flood of others": [
        *(refused_call(number, f"reader-{number % 2}") for number in range(90)),
        *(snapshot_deleted(number / 2, number) for number in range(60)),
    ],
    "refused calls that pause, and go on": [
        refused_call(second) for second in (*range(0, 400, 7), *range(900, 1000, 50))
    ],
    "addresses one after the other": [
        at(20 * number, "ListBuckets", sourceIPAddress=f"192.0.2.{number // 2}")
        for number in range(12)
    ],
    "roles made, then used": [
        at(second, name, source=source)
        for second, name, source in (
            (0, "CreateRole", "iam"),
            (9, "CreateRole", "iam"),
            (30, "ListTables", "dynamodb"),
            (50, "CreateRole", "iam"),
            (50, "ListTables", "dynamodb"),
            (200, "ListTables", "dynamodb"),
        )
    ],
}


@pytest.mark.parametrize("story", STORIES)
def test_the_messages_are_those_of_a_live_run_over_the_same_records(
    story: str, tmp_path: Path
) -> None:
    records = sorted(STORIES[story], key=lambda record: str(record["eventTime"]))
    played = _as_played(messages(records))
    assert played == _as_live(records, sqlite_store(tmp_path / "live.db"))
    assert played


def _as_played(found: Iterable[Json]) -> list[Json]:
    return [_comparable(each["method"], each["at"], each["payload"]) for each in found]


def _as_live(records: list[Json], store: Store) -> list[Json]:
    return [
        _comparable(
            entry["method"],
            datetime.fromtimestamp(int(entry["at"]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            entry["payload"],
        )
        for entry in live(records, store)
    ]


def test_what_a_mute_of_the_store_hides_is_not_shown_as_live_would_not_tell_it(
    tmp_path: Path,
) -> None:
    carol = iam_user("carol")
    muted = [at(second, "DeleteSnapshot", userIdentity=carol) for second in (400, 500, 4000)]
    records = sorted(
        [*muted, *(snapshot_deleted(second) for second in (0, 450, 900))],
        key=lambda record: str(record["eventTime"]),
    )
    stores = [sqlite_store(tmp_path / name) for name in ("live.db", "kept.db")]
    for store in stores:
        _mute_an_hour_of(muted[0], store)
    played = _as_played(messages(records, "--store", f"sqlite:///{tmp_path}/kept.db"))
    assert played == _as_live(records, stores[0])
    assert [each["at"][11:19] for each in played if "carol" in each["text"]] == ["10:06:40"]


def _mute_an_hour_of(record: Json, store: Store) -> None:
    """From START on; made from an alert like it that was kept before, and never sent."""
    body = json.dumps({**record, "eventID": "before"})
    judged = judging.judge(
        match_all([body], RULES), accounts={}, default_channel=CHANNEL, now=START
    )
    store.outbox.add([StoredAlert(alert=judged.alerts[0])], START)
    who = Person(id="anna", name="anna", via=COMMAND)
    mute = mute_of(judged.alerts[0], who, START, timedelta(hours=1), channel=CHANNEL)

    def muted(found: StoredAlert | None, _: Mute | None) -> Handled:
        return Handled(
            reply=Reply.MUTED, alert=found.alert if found else None, mute=mute, begins=True
        )

    store.handlings.handle(judged.alerts[0].alert_id, muted, START)


def test_twelve_of_the_same_are_one_message_that_counts_them() -> None:
    played = messages(snapshot_deleted(5 * number, number) for number in range(12))
    assert [each["method"] for each in played[:2]] == ["chat.postMessage", "chat.update"]
    assert {each["method"] for each in played[1:]} == {"chat.update"}
    assert "× 12" in text_of(played[-1])
    assert len(played[0]["alert_ids"]) == 1
    told = [alert_id for each in played for alert_id in each["alert_ids"]]
    assert len(told) == len(set(told)) == 12


def test_an_update_is_what_chat_update_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_USERNAME", "Bell")
    new, change = messages([snapshot_deleted(0), snapshot_deleted(60, 1)])
    assert (new["payload"]["username"], new["payload"]["unfurl_links"]) == ("Bell", False)
    assert set(change["payload"]) == {
        "channel", "ts", "text", "attachments", "metadata", "link_names", "parse",
    }  # fmt: skip
    assert change["payload"]["channel"] == change["channel"] == "#trailbell"


def test_a_flood_becomes_digests_with_true_counts() -> None:
    users = [iam_user(f"user-{number}") for number in range(40)]
    played = messages(at(0, "DeleteSnapshot", userIdentity=user) for user in users)
    (digest,) = played
    assert "40 alerts" in text_of(digest)
    assert len(digest["alert_ids"]) == 40


def test_the_pace_is_a_message_a_second_after_a_burst_of_ten() -> None:
    played = messages(at(number / 100, eventID=f"e-{number}") for number in range(35))
    seconds = [datetime.fromisoformat(each["at"]).second for each in played]
    assert seconds[:10] == [0] * 10
    assert seconds[10:] == list(range(1, len(seconds) - 9))


def test_what_happens_while_the_channel_is_paced_joins_the_backlog() -> None:
    flood = [at(0, eventID=f"e-{number}") for number in range(35)]
    later = at(3, "DeleteTrail", requestParameters={"name": "main"}, eventID="later")
    played = messages([*flood, later])
    assert sum(len(each["alert_ids"]) for each in played) == 36
    assert all(
        each["at"] >= "2026-03-02T09:00:03Z" for each in played if "DeleteTrail" in str(each)
    )


def test_files_in_any_order_are_played_by_the_time_of_their_events() -> None:
    records = sample_trail(END)
    assert messages(reversed(records)) == messages(records)


def test_a_correction_changes_its_message_and_tells_no_alert_anew() -> None:
    first = at(0, eventID="e-1", sourceIPAddress="192.0.2.1")
    update = {"reason": "UPDATED_DATA", "originalEventID": "e-1"}
    second = at(90, eventID="a-1", addendum=update, sourceIPAddress="192.0.2.2")
    new, change = messages([first, second])
    assert (change["method"], change["alert_ids"]) == ("chat.update", [])
    assert "[corrected]" in text_of(change)
    assert change["payload"]["metadata"] != new["payload"]["metadata"]


def test_a_record_without_a_time_is_told_with_what_was_read_before_it() -> None:
    undated = cloudtrail("DeleteTrail", eventTime="yesterday", requestParameters={"name": "x"})
    first, second, third = messages([at(0), undated, at(600, eventID="last")])
    assert (first["at"], third["at"]) == ("2026-03-02T09:00:00Z", "2026-03-02T09:10:00Z")
    assert second["at"] == first["at"]


@pytest.mark.parametrize("year", ["0001", "1969", "9999"])
def test_a_year_that_cannot_be_costs_nothing_but_its_place(year: str) -> None:
    odd = cloudtrail(eventTime=f"{year}-12-31T23:59:59Z", eventID="odd")
    assert len(messages([at(0), odd, at(60, eventID="other")])) == 3


def test_each_channel_gets_its_own_in_the_order_of_time(tmp_path: Path) -> None:
    rules = tmp_path / "mine.toml"
    rules.write_text(
        '[[route]]\nseverity = "high"\nchannel = "#loud"\ncontinue = true\n\n'
        '[[route]]\nchannel = "#all"\n'
    )
    records = [at(0, eventID="one"), snapshot_deleted(30), at(60, eventID="two")]
    played = messages(records, "--rules", str(rules))
    assert [each["channel"] for each in played] == ["#all", "#loud", "#all", "#all", "#loud"]
    assert [each["at"] for each in played] == sorted(each["at"] for each in played)
    result = replay(records, "--rules", str(rules))
    assert result.stderr.splitlines()[-2] == "3 alerts in 5 messages"


def test_a_line_is_a_json_object_with_what_slack_takes_and_no_token(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SLACK_TOKEN", "a-token-of-ours")
    result = replay(sample_trail(END))
    assert "a-token-of-ours" not in result.stdout
    for line in result.stdout.splitlines():
        message = json.loads(line)
        assert list(message) == ["at", "method", "channel", "alert_ids", "payload"]
        assert message["method"] in ("chat.postMessage", "chat.update")
        assert violations(message["payload"]) == []


def test_slack_draws_the_same_messages_and_ends_with_their_number() -> None:
    records = sample_trail(END)
    told, drawn = replay(records), replay(records, output="slack")
    lines = told.stdout.splitlines()
    new = sum(json.loads(line)["method"] == "chat.postMessage" for line in lines)
    last = f"46 alerts in {new} messages"
    assert told.stderr.splitlines()[-2] == drawn.stdout.splitlines()[-1] == last
    heads = [line for line in drawn.stdout.splitlines() if line == "Trailbell  #trailbell"]
    assert len(heads) == len(lines)
    assert drawn.stdout.count("a message above is changed to:") == len(lines) - new


def test_since_and_until_take_records_by_their_own_time() -> None:
    records = [at(60 * number, eventID=f"e-{number}") for number in range(10)]
    span = ("--since", "2026-03-02T09:02", "--until", "2026-03-02T09:05")
    assert [each["at"][11:16] for each in messages(records, *span)] == ["09:02", "09:03", "09:04"]
    assert len(messages(records, "--since", "2026-03-02T09:08")) == 2
    assert len(messages(records, "--until", "2026-03-02T09:03")) == 3


def test_a_span_loses_nothing_that_tells_no_time() -> None:
    undated = cloudtrail(without=["eventTime"])
    result = replay([at(0), undated, "nonsense", '{"a": 1}'], "--since", "2026-03-03")
    assert len(result.stdout.splitlines()) == 1
    assert "not JSON" in result.stderr


@pytest.mark.parametrize("option", ["--since", "--until"])
def test_a_time_that_is_none_is_refused_by_its_option(option: str) -> None:
    result = replay([at(0)], option, "yesterday")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"trailbell: {option} yesterday: say 30m")


def test_nothing_is_kept_and_nothing_is_left_behind(tmp_path: Path) -> None:
    for output in ("messages", "slack"):
        assert replay(sample_trail(END), output=output).exit_code == 0
    assert [path for path in tmp_path.rglob("*") if not path.name.endswith(".in")] == []


def test_with_a_store_only_what_it_did_not_know_is_told() -> None:
    store = ("--store", "sqlite:///alerts.db")
    records = sample_trail(END)
    assert len(messages(records[:50], *store)) > 0
    rest = messages(records, *store)
    alone = messages(records[50:])
    assert [text_of(each) for each in rest] == [text_of(each) for each in alone]
    assert messages(records, *store) == []


def test_an_event_that_stands_twice_is_told_once() -> None:
    assert messages([at(0), at(0), at(60, "DeleteTrail"), at(0)]) == messages(
        [at(0), at(60, "DeleteTrail")]
    )


def test_what_is_broken_costs_itself_alone() -> None:
    result = replay([at(0), "nonsense", {"a": 1}, at(60, eventID="other")])
    assert len(result.stdout.splitlines()) == 2
    assert result.exit_code == 0
    assert replay(["nonsense"]).exit_code == 1
    assert len(replay(["nonsense"]).stderr.splitlines()) == 1


def test_a_refused_call_is_told_as_refused() -> None:
    (told,) = messages([refused(at(0), "cloudtrail:StopLogging")])
    assert "Critical" not in text_of(told)


def test_a_player_has_the_time_that_a_lambda_has() -> None:
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())
    for stage in config["stages"].values():
        functions = stage["lambda_functions"]
        for name in ("ingest_logs", "sweep"):
            assert functions[name]["lambda_timeout"] == LAMBDA_SECONDS


HOSTILE = st.fixed_dictionaries(
    {
        "seconds": st.integers(0, 1200),
        "name": st.sampled_from(["StopLogging", "DeleteSnapshot", "CreateUser", "DeleteTrail"]),
        "who": st.sampled_from(["alice", "bob", "*_`<!here>", "\u202e\ud800", "x" * 300]),
        "event_id": st.sampled_from(["e-1", "e-2", "e-3", ""]),
        "adds_to": st.sampled_from(["", "e-1", "e-2"]),
    }
)


@settings(max_examples=25, deadline=None)
@given(st.lists(HOSTILE, min_size=1, max_size=12))
def test_whatever_comes_each_alert_is_told_once_and_time_only_goes_forward(
    drawn: list[dict[str, Any]],
) -> None:
    records = [
        at(
            each["seconds"],
            each["name"],
            userIdentity=iam_user(each["who"]),
            **({"eventID": each["event_id"]} if each["event_id"] else {}),
            **(
                {"addendum": {"reason": "UPDATED_DATA", "originalEventID": each["adds_to"]}}
                if each["adds_to"]
                else {}
            ),
        )
        for each in drawn
    ]
    result = replay(records)
    assert result.exit_code == 0, result.output
    played = [json.loads(line) for line in result.stdout.splitlines()]
    times = [each["at"] for each in played]
    told = {alert_id for each in played for alert_id in each["alert_ids"]}
    assert times == sorted(times)
    assert result.stderr.splitlines()[-2].startswith(f"{len(told)} alerts in ")
