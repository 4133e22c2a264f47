"""Stores of either kind that the code of 3ad91a3 wrote: they open, and go on.

What it wrote and what it said of that lie in written_by_3ad91a3, with the script that made them.
An alert's event id says what became of it there.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from copy import deepcopy
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.alerts.archive import AlertQuery
from chalicelib.alerts.clicks import Action, Click, Reply
from chalicelib.alerts.deciding import decision
from chalicelib.alerts.delivery import Delivery, DeliveryState
from chalicelib.alerts.handling import Person
from chalicelib.alerts.outbox import StoredAlert, StoreError
from chalicelib.alerts.post import SENT_OUTCOME, PostKind
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.cloudtrail.record import alert_id_of
from chalicelib.delivery.transitions import post_id_of
from chalicelib.monitoring.health import Status, health
from chalicelib.monitoring.notes import (
    Checked,
    Reason,
    Reasons,
    Seen,
    Source,
    Swept,
    Unread,
    read,
)
from chalicelib.rules.rule import Severity
from chalicelib.stores.dynamodb.store import dynamodb_store
from chalicelib.stores.dynamodb.table import table_definition
from chalicelib.stores.sqlite import database as sqlite_database
from chalicelib.stores.sqlite import tags as sqlite_tags
from chalicelib.stores.sqlite.store import sqlite_store
from chalicelib.stores.store import Store
from tests.delivery.world import CHANNEL, START, Clock, World
from tests.slack.stub import Slack
from tests.stores.factories import FAR, query_of
from tests.stores.tables import written

WRITTEN = Path(__file__).parent / "written_by_3ad91a3"
SAID: dict[str, Any] = json.loads((WRITTEN / "answers.json").read_text(encoding="utf-8"))
TABLE: dict[str, Any] = json.loads((WRITTEN / "table.json").read_text(encoding="utf-8"))
READ_AT = datetime.fromisoformat(SAID["read_at"])
RETENTION = timedelta(days=90)
# What has another name since.
RENAMED = {"plain": "form"}
MUTED = DeliveryState.MUTED  # there is such a thing since
QUERIES: dict[str, AlertQuery] = {
    "everything": AlertQuery(),
    "actor bob": AlertQuery(actor=("bob",)),
    "event DeleteUser": AlertQuery(event_name=("DeleteUser",)),
    "account": AlertQuery(account=("111122223333",)),
    "text user-7": AlertQuery(text="user-7"),
    "text trail/main": AlertQuery(text="TRAIL/main"),
    "since the day": AlertQuery(since=START - timedelta(hours=1)),
    "until the day": AlertQuery(until=START - timedelta(hours=1)),
    "pending and critical": AlertQuery(
        state=(DeliveryState.PENDING,), severity=(Severity.CRITICAL,)
    ),
    "low and by grace": AlertQuery(severity=(Severity.LOW,), actor=("grace",)),
    **{
        f"state {state.value}": AlertQuery(state=(state,))
        for state in DeliveryState
        if state != MUTED
    },
    **{f"severity {each.value}": AlertQuery(severity=(each,)) for each in Severity},
}


@pytest.fixture
def clock() -> Clock:
    return Clock(READ_AT)


@pytest.fixture(params=["file", "table"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def store(
    kind: str, clock: Clock, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Store]:
    if kind == "file":
        yield sqlite_store(shutil.copy(WRITTEN / "alerts.db", tmp_path))
        return
    client = request.getfixturevalue("dynamodb")
    with written(client, TABLE["definition"], TABLE["items"]) as name:
        yield dynamodb_store(client, name, retention=RETENTION, clock=clock.now)


@pytest.fixture
def world(store: Store, clock: Clock) -> World:
    """Slack as it was left, and an hour of patience."""
    slack = Slack(channels=deepcopy(SAID["slack"]))
    return World(store, slack=slack, clock=clock, channels=tuple(SAID["channels"]))


def as_json(value: Any) -> Any:
    """A value as the answers have it."""
    return json.loads(json.dumps(asdict(value), default=_plain_value))


def _plain_value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value.value


def as_then(said: Any, value: Any) -> Any:
    """Of today's value what was said then, under the names of then."""
    if isinstance(said, dict):
        return {name: as_then(each, value[RENAMED.get(name, name)]) for name, each in said.items()}
    if isinstance(said, list) and len(said) == len(value):
        return [as_then(*both) for both in zip(said, value, strict=True)]
    return value


def named(stored: StoredAlert) -> str:
    return stored.alert.event_id or f"{stored.alert.rule_id} {stored.alert.event_name}"


def names(
    store: Store, query: AlertQuery, limit: int = 100, cursor: str | None = None
) -> list[str]:
    return [named(each) for each in store.archive.search(query, limit, cursor).alerts]


def got(store: Store, name: str) -> StoredAlert:
    """One alert with its record, deliveries and posts."""
    found = store.archive.get(SAID["ids"][name])
    assert found is not None
    return found


def delivery(store: Store, name: str) -> Delivery:
    (found,) = got(store, name).deliveries
    return found


def messages(world: World, name: str) -> list[dict[str, Any]]:
    """What the channels show of an alert."""
    shown = [message for channel in world.slack.channels.values() for message in channel]
    return [message for message in shown if SAID["ids"][name] in message["alerts"]]


def requests(world: World) -> list[tuple[str, str]]:
    """What Slack was asked, and in which channel."""
    return [(entry["method"], entry["channel"]) for entry in world.journal]


# Looking back


def test_every_list_and_search_finds_what_it_found(store: Store) -> None:
    assert {name: names(store, query) for name, query in QUERIES.items()} == SAID["lists"]


@pytest.mark.parametrize("filters", [
    {"region": "aws_region"}, {"service": "event_source"}, {"rule": "rule_id"},
    {"source_ip": "source_ip"}, {"outcome": "outcome"}, {"outcome": "outcome", "rule": "rule_id"},
])  # fmt: skip
def test_filters_that_came_later_find_what_was_kept_before(
    store: Store, filters: dict[str, str]
) -> None:
    kept = [each.alert for each in store.archive.search(AlertQuery(), 100).alerts]
    for asked in {tuple(getattr(alert, of) for of in filters.values()) for alert in kept}:
        wanted = [
            alert.alert_id
            for alert in kept
            if tuple(getattr(alert, of) for of in filters.values()) == asked
        ]
        query = query_of(**dict(zip(filters, asked, strict=True)))
        found = store.archive.search(query, 100).alerts
        assert [each.alert.alert_id for each in found] == wanted or "" in asked


def test_a_file_of_before_is_indexed_whole_or_left_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sqlite_tags, "WORTH_A_WORD", 5)
    monkeypatch.setattr(sqlite_tags, "_BATCH", 3)
    path = Path(shutil.copy(WRITTEN / "alerts.db", tmp_path))
    whole = _all_of(path)
    oldest = "(SELECT min(position) FROM bodies)"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"UPDATE bodies SET alert = x'00' WHERE position = {oldest}")
    damaged = _all_of(path)

    with pytest.raises(ValueError):  # noqa: PT011  # the last that is looked at
        sqlite_store(path).archive.search(AlertQuery(), 1)

    assert _all_of(path) == damaged
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        good = whole["bodies"][0][-1]
        connection.execute(f"UPDATE bodies SET alert = ? WHERE position = {oldest}", (good,))
    capsys.readouterr()
    store = sqlite_store(path)
    assert {name: names(store, query) for name, query in QUERIES.items()} == SAID["lists"]
    said = f"Indexing {len(whole['bodies'])} alerts of an earlier version"
    assert capsys.readouterr().err.startswith(said)


def test_who_finds_a_file_being_brought_up_to_date_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_database, "BUSY_SECONDS", 0.01)
    path = Path(shutil.copy(WRITTEN / "alerts.db", tmp_path))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"another process.*try again when it is done"):
            sqlite_store(path).archive.search(AlertQuery(), 1)


def _all_of(path: Path) -> dict[str, Any]:
    """The schema's number, and all that is in it of alerts."""
    with closing(sqlite3.connect(path)) as connection:
        return {
            "version": connection.execute("PRAGMA user_version").fetchone(),
            "tables": connection.execute("SELECT sql FROM sqlite_master ORDER BY 1").fetchall(),
            "bodies": connection.execute(
                "SELECT position, words, record, alert FROM bodies ORDER BY position"
            ).fetchall(),
        }


def test_each_alert_comes_with_its_record_deliveries_and_posts(store: Store) -> None:
    shown = {name: as_json(got(store, name)) for name in SAID["alerts"]}

    assert as_then(SAID["alerts"], shown) == SAID["alerts"]


def test_a_cursor_that_was_handed_out_leads_on(store: Store, kind: str) -> None:
    cursor = SAID["cursors"][kind]

    following = names(store, AlertQuery(), cursor=cursor)

    assert following == SAID["lists"]["everything"][SAID["page"] :]


def test_counts_and_the_backlog_are_what_they_were(store: Store) -> None:
    summary = store.archive.summary(START - timedelta(days=1), READ_AT)
    backlog = store.archive.backlog(READ_AT)
    parked = [as_json(each) for each in store.archive.parked(10)]

    assert as_then(SAID["summary"], as_json(summary)) == SAID["summary"]
    assert as_then(SAID["backlog"], as_json(backlog)) == SAID["backlog"]
    assert as_then(SAID["parked"], parked) == SAID["parked"]


def test_the_table_is_made_as_it_was() -> None:
    made = TABLE["definition"]

    assert table_definition(made["TableName"]) == made


# Going on


def test_an_event_that_was_kept_is_not_kept_again(store: Store) -> None:
    kept = [each.alert for each in store.archive.search(AlertQuery(), 100).alerts]

    added = store.outbox.add([StoredAlert(alert=alert) for alert in kept], READ_AT)

    assert added == set()
    assert store.outbox.known(SAID["ids"].values()) == set(SAID["ids"].values())


def test_ids_are_derived_as_they_were(store: Store) -> None:
    cut_off = delivery(store, "cut-off-early")

    assert alert_id_of("111122223333", "cut-off-early") == cut_off.alert_id
    assert post_id_of(cut_off.channel, PostKind.SINGLE, [cut_off]) == cut_off.post_id


def test_what_is_due_comes_in_its_order(store: Store) -> None:
    due = store.queue.due(CHANNEL, READ_AT, 10)

    later = delivery(store, "due-later")
    assert [each.alert_id for each in due if each != later] == SAID["due"]


def test_what_is_due_is_sent_once(world: World) -> None:
    world.run()

    assert delivery(world.store, "due").state is DeliveryState.SENT
    assert len(messages(world, "due")) == 1


def test_a_second_run_asks_slack_for_nothing(world: World) -> None:
    world.run()
    asked = list(world.journal)

    world.run()

    assert asked
    assert world.journal == asked


def test_what_is_due_at_a_time_that_cannot_be_is_sent_at_once(world: World) -> None:
    world.run()

    assert delivery(world.store, "due-later").state is DeliveryState.SENT
    assert len(messages(world, "due-later")) == 1


def test_what_was_sent_is_not_sent_again(world: World) -> None:
    sent = SAID["lists"]["state sent"]
    before = {name: messages(world, name) for name in sent}

    world.run()

    assert set(sent) <= set(names(world.store, AlertQuery(state=(DeliveryState.SENT,))))
    assert {name: messages(world, name) for name in sent} == before


def test_a_corrected_alert_has_its_message_updated(world: World) -> None:
    (before,) = deepcopy(messages(world, "amended-addendum"))

    world.run()

    (after,) = messages(world, "amended-addendum")
    assert after["ts"] == before["ts"]
    assert after["metadata"] != before["metadata"]
    assert requests(world).count(("chat.update", "CTRAILBELL")) == 1
    assert not delivery(world.store, "amended-addendum").amended


def test_an_alert_that_was_told_can_be_acknowledged_in_its_message(world: World) -> None:
    world.run()
    person, before = Person(id="U1", name="anna"), got(world.store, "sent")
    (post,) = before.posts
    click = Click(
        action=Action.ACKNOWLEDGE,
        subject=before.alert.alert_id,
        person=person,
        at=READ_AT,
        key="key",
        channel_id=post.channel_id or "",
        ts=post.ts or "",
    )

    done = world.store.handlings.handle(click.subject, decision(click), READ_AT, "key")

    after = got(world.store, "sent")
    assert done.reply is Reply.ACKNOWLEDGED
    assert replace(after.alert, handling=before.alert.handling) == before.alert
    assert after.alert.record == before.alert.record
    assert "sent" in names(world.store, AlertQuery(acknowledged=True))
    world.clock.advance(20)
    world.run()
    assert delivery(world.store, "sent").state is DeliveryState.SENT
    assert requests(world)[-1][0] == "chat.update"


def test_an_update_that_failed_is_made_again_once_it_is_due(world: World) -> None:
    world.run()
    before = requests(world)
    world.clock.time = delivery(world.store, "amended-later-addendum").due_at

    world.run()

    assert ("chat.update", "CAWAY") not in before
    assert requests(world).count(("chat.update", "CAWAY")) == 1
    assert delivery(world.store, "amended-later-addendum").state is DeliveryState.SENT


@pytest.mark.parametrize("name", ["cut-off-late", "uncertain"])
def test_a_post_in_doubt_that_the_history_shows_is_sent(world: World, name: str) -> None:
    in_doubt = delivery(world.store, name)

    world.sweep()

    settled = delivery(world.store, name)
    (post,) = got(world.store, name).posts
    (message,) = messages(world, name)
    assert settled.state is DeliveryState.SENT
    assert (settled.post_id, settled.possible_repeat) == (in_doubt.post_id, False)
    assert (post.settled, post.outcome, post.ts) == (True, SENT_OUTCOME, message["ts"])


def test_a_post_in_doubt_that_the_history_lacks_is_made_again_and_says_so(world: World) -> None:
    world.sweep()

    (message,) = messages(world, "cut-off-early")
    assert message["possible_repeat"]
    assert delivery(world.store, "cut-off-early").state is DeliveryState.SENT


def test_a_channel_that_refused_is_asked_at_its_time(world: World) -> None:
    world.run()
    before = requests(world)
    world.clock.time = READ_AT + timedelta(minutes=5)

    world.run()

    assert ("chat.postMessage", "#refused") not in before
    assert delivery(world.store, "refused").state is DeliveryState.SENT
    assert {channel.trouble for channel in world.store.archive.backlog(FAR).channels} == {None}


def test_what_is_parked_stays_so_until_it_is_tried_again(world: World) -> None:
    world.run()
    (parked,) = world.store.archive.parked(10)
    again = replace(parked, state=DeliveryState.PENDING, due_at=READ_AT, form=0, reason=None)

    assert world.store.queue.replace(parked, again)
    world.run()

    assert world.store.archive.parked(10) == []
    assert delivery(world.store, "parked").state is DeliveryState.SENT
    assert len(messages(world, "parked")) == 1


def test_the_repeats_of_a_message_are_remembered(store: Store) -> None:
    repeated = delivery(store, "repeated-1")

    last = store.queue.last_single(CHANNEL, repeated.repeat_key, START)

    assert last is not None
    assert (last.alert_ids, last.repeats) == ((repeated.alert_id,), 2)


def test_what_was_kept_before_there_were_outcomes_is_told_by_itself(world: World) -> None:
    kept = got(world.store, "due").alert
    again = [replace(kept, alert_id=f"{number:032x}", outcome=Outcome.REFUSED) for number in (1, 2)]
    world.add(*again)

    world.run()

    assert delivery(world.store, "due").outcome is None
    assert [len(message["alerts"]) for message in messages(world, "due")] == [1]
    ids = [each.alert_id for each in again]
    settled = world.store.queue.deliveries(ids, CHANNEL)
    assert {each.state for each in settled} == {DeliveryState.SENT}
    assert {each.outcome for each in settled} == {Outcome.REFUSED}


def test_a_correction_that_was_made_already_changes_nothing(store: Store) -> None:
    before = {name: got(store, name) for name in SAID["alerts"]}

    assert all(store.outbox.amend(stored.alert) for stored in before.values())

    assert {name: got(store, name) for name in before} == before


def test_a_correction_of_what_was_sent_is_told(world: World) -> None:
    corrected = replace(got(world.store, "sent").alert, text="corrected", seen_at=READ_AT)

    assert world.store.outbox.amend(corrected)
    world.run()
    world.clock.advance(15)
    world.run()

    (message,) = messages(world, "sent")
    assert "corrected" in message["text"]


# Keeping house


def test_what_was_seen_lately_stays_however_old_the_event(store: Store) -> None:
    everything = set(names(store, AlertQuery()))

    store.outbox.expire(START - timedelta(days=70), 100)

    assert everything - set(names(store, AlertQuery())) <= {"sent-long-ago"}


def test_what_is_finished_is_removed_once_it_is_old_and_nothing_else(store: Store) -> None:
    waiting = {
        name
        for state in ("pending", "sending", "uncertain")
        for name in SAID["lists"][f"state {state}"]
    }

    store.outbox.expire(FAR, 100)

    assert set(names(store, AlertQuery())) == waiting


def test_every_note_is_read(store: Store) -> None:
    said = SAID["notes"]
    silence = said["deaf"]["reasons"]["silence"]
    silent = Reason(
        check="silence", since=datetime.fromisoformat(silence["since"]), text=silence["text"]
    )

    assert read(store.notes, Seen) == Seen(at=at(said["seen"]), records=25)
    assert read(store.notes, Unread) == Unread(at=at(said["unreadable"]), records=2)
    assert read(store.notes, Swept) == Swept(at=at(said["swept"]), delay=said["swept"]["delay"])
    assert read(store.notes, Checked) == Checked(at=at(said["checked"]))
    assert read(store.notes, Reasons) == Reasons(standing=(silent,))
    assert read(store.notes, Source) == Source(
        log_group="cloudtrail", trail=said["source"]["trail"]
    )


def at(note: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(note["at"])


def test_health_says_what_stands_in_the_way(store: Store) -> None:
    how = health(store.archive, store.notes, READ_AT, next_step=lambda reason: "")

    assert how.status is Status.RED
    # What could not be asked then is asked anew within a quarter of an hour.
    still = [words for words in SAID["health"]["words"] if "cannot be asked" not in words]
    assert [_gist(words) for words in how.words] == [_gist(words) for words in still]


def _gist(words: str) -> str:
    """What is wrong; what to do about it may be said in other words."""
    return words.split(". ")[0]
