"""Writes the stores beside it with the code of 3ad91a3, and what that code then says of them.

In a checkout of that commit, with its tests' requirements installed:

    PYTHONPATH=. python …/tests/stores/written_by_3ad91a3/make.py

`alerts.db` is the store in a file, `table.json` the DynamoDB table with its items as DynamoDB's
JSON, `answers.json` what both stores answer, and what Slack's channels show. The event ids say what
became of each alert.
"""

# Its imports are those of 3ad91a3: some are elsewhere today, so neither tool knows them.
# mypy: ignore-errors
# ruff: noqa: I001

from __future__ import annotations

import base64
import contextlib
import json
import secrets
import sqlite3
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
from chalicelib.alerts.alert import DeliveryState
from chalicelib.alerts.dynamodb import DynamoAlertStore
from chalicelib.alerts.dynamodb_table import table_definition
from chalicelib.alerts.outbox import AlertQuery, AlertStore
from chalicelib.alerts.sqlite import SqliteAlertStore
from chalicelib.batch import judge, keep
from chalicelib.deafness import EarsError, Trail
from chalicelib.health import health, seen
from chalicelib.rules.rule import Severity
from chalicelib.rules.ruleset import Ruleset
from chalicelib.slack.dispatch import dispatch
from chalicelib.sweep import sweep
from moto import mock_aws
from tests.stores.tables import KEYS, OneAtATime
from tests.events import cloudtrail, iam_user
from tests.slack.world import CHANNEL, START, Clock, VirtualSlack, World

BESIDE = Path(__file__).parent
TABLE = "alerts"
RETENTION = timedelta(days=90)
AWAY, REFUSED, PICKY = "#away", "#refused", "#picky"
CUT_OFF_LATE, CUT_OFF_EARLY = "#cut-off-late", "#cut-off-early"
CHANNELS = (CHANNEL, AWAY, REFUSED, PICKY, CUT_OFF_LATE, CUT_OFF_EARLY)
TRAIL = Trail("arn:aws:cloudtrail:eu-central-1:111122223333:trail/example", "cloudtrail")
PAGE = 7
NOTES = ("seen", "swept", "checked", "unreadable", "deaf", "source")
SHOWN = (
    "amended-addendum",
    "amended-later-addendum",
    "cut-off-late",
    "digest-3",
    "due",
    "due-later",
    "listed-only",
    "parked",
    "repeated-1",
    "repeated-2",
    "sent",
    "uncertain",
)


class CutOff(Exception):
    """What ends a sender in the middle of its post."""


class Ends(VirtualSlack):
    """Slack, whose caller does not live to hear its answer."""

    def __init__(self, world: World, *, takes: bool) -> None:
        super().__init__(world.slack, world.clock)
        self.takes = takes

    def post(self, payload: dict[str, Any]) -> Any:
        if self.takes:
            super().post(payload)
        raise CutOff


class Ears:
    """AWS: a trail that has delivered nothing for an hour."""

    def __init__(self, world: World) -> None:
        self.world = world

    def trails(self) -> list[Trail]:
        return [TRAIL]

    def delivery(self, trail: Trail) -> tuple[datetime, str]:
        return self.world.clock.now() - timedelta(hours=1), ""

    def filtered(self, log_group: str) -> bool:
        return True

    def permitted(self) -> bool:
        return True


class NoAnswer(Ears):
    """AWS that may not be asked."""

    def trails(self) -> list[Trail]:
        raise EarsError("describe_trails: AccessDeniedException")


class Story:
    """What happens to one store, from its first alert on."""

    def __init__(self, store: AlertStore, clock: Clock) -> None:
        clock.time = START - timedelta(days=80)
        self.world = World(store, clock=clock, channels=CHANNELS)
        self.rules = Ruleset.load()

    def tell(self) -> None:
        self._long_ago()
        self._a_channel_that_is_well()
        self._sweeps()
        self._refused()
        self._away()
        self._cut_off()
        self._left_over()

    def _long_ago(self) -> None:
        self.sent("sent-long-ago", "CreateUser", "alice")
        self.world.clock.time = START

    def _a_channel_that_is_well(self) -> None:
        self.sent("sent", "CreateLoginProfile", "alice", source="iam")
        many = [self.record(f"digest-{n}", "DeleteUser", f"user-{n}") for n in range(1, 12)]
        self.keep(CHANNEL, *many)
        self.run()
        self.sent("repeated-1", "DeleteBucket", "bob")
        self.world.clock.advance(60)
        self.sent("repeated-2", "DeleteBucket", "bob")
        self.sent("amended", "StopLogging", "carol")
        self.kept("listed-only", "StopLogging", "carol", eventTime="2025-06-01T00:00:00Z")
        self.run()

    def _sweeps(self) -> None:
        self.kept("swept", "CreateUser", "carol")
        for ears in (Ears(self.world), NoAnswer(self.world)):
            sweep(
                self.world.work(60.0),
                channels=CHANNELS,
                default_channel=CHANNEL,
                retention=RETENTION,
                ears=ears,
            )
            self.run()
            self.world.clock.advance(16 * 60)
        seen(self.world.store, self.world.clock.now(), 25, 2)

    def _refused(self) -> None:
        self.sent("parked", "CreateLoginProfile", "dave", PICKY, "invalid_blocks", source="iam")
        self.sent("refused", "StopLogging", "dave", REFUSED, "not_in_channel")

    def _away(self) -> None:
        self.sent("amended-later", "CreateUser", "erin", AWAY)
        self.corrected("amended-later", "CreateUser", "erin", AWAY, behaviour="503")
        self.world.clock.advance(61)
        self.sent("uncertain", "DeleteTrail", "erin", AWAY, "slow")

    def _cut_off(self) -> None:
        for channel in (CUT_OFF_LATE, CUT_OFF_EARLY):
            name = channel.removeprefix("#")
            self.sent(f"before-{name}", "StopLogging", "frank", channel)
            self.kept(name, "DeleteTrail", "frank", channel)
            transport = Ends(self.world, takes=channel == CUT_OFF_LATE)
            try:
                self.run(transport)
            except CutOff:
                continue
            raise AssertionError("nothing was cut off")

    def _left_over(self) -> None:
        self.corrected("amended", "StopLogging", "carol", behaviour=None)
        self.kept("due-low", "DeleteUser", "grace")
        self.kept("due", "StopLogging", "grace")
        self.world.clock.advance(3600)  # a machine whose clock goes ahead
        self.kept("due-later", "StopLogging", "heidi")
        self.world.clock.advance(-3600 + 120)  # all leases have ended

    def sent(
        self,
        name: str,
        operation: str,
        actor: str,
        channel: str = CHANNEL,
        behaviour: str = "ok",
        **fields: Any,
    ) -> None:
        """Kept, and sent to a Slack that behaves so."""
        self.kept(name, operation, actor, channel, **fields)
        self.world.slack.behaviour = behaviour
        self.run()
        self.world.slack.behaviour = "ok"

    def corrected(
        self,
        name: str,
        operation: str,
        actor: str,
        channel: str = CHANNEL,
        *,
        behaviour: str | None,
    ) -> None:
        """An addendum came; its update was tried with a Slack that behaves so, or not yet."""
        addendum = {"reason": "UPDATED_DATA", "originalEventID": name}
        fields = {"sourceIPAddress": "192.0.2.99", "addendum": addendum}
        if behaviour is None:
            self.kept(f"{name}-addendum", operation, actor, channel, **fields)
        else:
            self.sent(f"{name}-addendum", operation, actor, channel, behaviour, **fields)

    def kept(
        self, name: str, operation: str, actor: str, channel: str = CHANNEL, **fields: Any
    ) -> None:
        self.keep(channel, self.record(name, operation, actor, **fields))

    def keep(self, channel: str, *records: dict[str, Any]) -> None:
        now = self.world.clock.now()
        judged = judge(records, self.rules, default_channel=lambda: channel, now=now)
        kept = keep(judged, self.world.store, now, RETENTION)
        assert len(kept.new) + len(kept.amended) == len(records)

    def record(self, name: str, operation: str, actor: str, **fields: Any) -> dict[str, Any]:
        self.world.clock.advance(2)  # no two in one second: the stores order those by themselves
        own = {
            "eventID": name,
            "eventTime": f"{self.world.clock.now():%Y-%m-%dT%H:%M:%SZ}",
            "userIdentity": iam_user(actor, principalId=f"EXAMPLE-{actor}"),
        }
        return cloudtrail(operation, **own | fields)

    def run(self, transport: VirtualSlack | None = None) -> None:
        dispatch(
            self.world.work(120.0, transport),
            channels=CHANNELS,
            default_channel=CHANNEL,
            patience=20.0,
        )


def answers(story: Story) -> dict[str, Any]:
    """What the store says; the same of either kind."""
    store, now = story.world.store, story.world.clock.now()
    everything = store.search(AlertQuery(), 100).alerts
    ids = {named(stored): stored.alert.alert_id for stored in everything}
    how = health(store, now)
    return {
        "read_at": now,
        "channels": CHANNELS,
        "ids": ids,
        "slack": story.world.slack.channels,
        "lists": {name: names(store, **query) for name, query in queries().items()},
        "summary": asdict(store.summary(START - timedelta(days=1), now)),
        "backlog": asdict(store.backlog(now)),
        "due": [delivery.alert_id for delivery in store.due(CHANNEL, now, 10)],
        "parked": [asdict(delivery) for delivery in store.parked(10)],
        "health": {"status": how.status, "words": how.words, "details": how.details},
        "notes": {key: store.noted(key) for key in NOTES},
        "alerts": {name: asdict(store.get(ids[name])) for name in SHOWN},
    }


def queries() -> dict[str, dict[str, Any]]:
    states = {f"state {state.value}": {"state": state} for state in DeliveryState}
    severities = {f"severity {each.value}": {"severity": each} for each in Severity}
    return {
        "everything": {},
        "actor bob": {"actor": "bob"},
        "event DeleteUser": {"event_name": "DeleteUser"},
        "account": {"account": "111122223333"},
        "text user-7": {"text": "user-7"},
        "text trail/main": {"text": "TRAIL/main"},
        "since the day": {"since": START - timedelta(hours=1)},
        "until the day": {"until": START - timedelta(hours=1)},
        "pending and critical": {"state": DeliveryState.PENDING, "severity": Severity.CRITICAL},
        "low and by grace": {"severity": Severity.LOW, "actor": "grace"},
        **states,
        **severities,
    }


def names(
    store: AlertStore, limit: int = 100, cursor: str | None = None, **query: Any
) -> list[str]:
    return [named(each) for each in store.search(AlertQuery(**query), limit, cursor).alerts]


def named(stored: Any) -> str:
    return stored.alert.event_id or f"{stored.alert.rule_id} {stored.alert.event_name}"


def as_json(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    return value.value


def write_json(path: Path, content: Any) -> None:
    text = json.dumps(content, default=as_json, indent=1, ensure_ascii=False, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def said_by(store: AlertStore, clock: Clock) -> tuple[dict[str, Any], str]:
    """What the store says once the story is told, and the cursor of its first page."""
    story = Story(store, clock)
    story.tell()
    said = json.loads(json.dumps(answers(story), default=as_json))
    return said, store.search(AlertQuery(), PAGE).next_cursor


def write_file(path: Path) -> tuple[dict[str, Any], str]:
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder) / path.name
        said = said_by(SqliteAlertStore(own), Clock())
        with contextlib.closing(sqlite3.connect(own)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        path.write_bytes(own.read_bytes())
    return said


def write_table(path: Path) -> tuple[dict[str, Any], str]:
    clock = Clock()
    with mock_aws():
        client = OneAtATime(boto3.client("dynamodb", **KEYS))
        client.create_table(**table_definition(TABLE))
        store = DynamoAlertStore(client, TABLE, retention=RETENTION, clock=clock.now)
        said = said_by(store, clock)
        items = client.scan(TableName=TABLE)["Items"]
    items.sort(key=lambda item: (item["pk"]["S"], item["sk"]["S"]))
    write_json(path, {"definition": table_definition(TABLE), "items": items})
    return said


def main() -> None:
    # What seals the cursors is of chance in a store of one's own; here each run makes the same.
    secrets.token_bytes = lambda count: bytes(range(count))
    said, file_cursor = write_file(BESIDE / "alerts.db")
    same, table_cursor = write_table(BESIDE / "table.json")
    assert said == same
    cursors = {"file": file_cursor, "table": table_cursor}
    write_json(BESIDE / "answers.json", said | {"page": PAGE, "cursors": cursors})


if __name__ == "__main__":
    main()
