"""Many clicks at once, the process killed among them; and mutes that begin and end amid a flood."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.batch import Judged
from chalicelib.alerts.clicks import Action, Click, Reply
from chalicelib.alerts.deciding import decision
from chalicelib.alerts.delivery import DeliveryState
from chalicelib.alerts.handling import Person
from chalicelib.alerts.judging import keep
from chalicelib.alerts.mutes import Mute
from chalicelib.alerts.post import Post
from chalicelib.delivery.planner import UPDATE_EVERY
from chalicelib.rules.rule import Severity
from chalicelib.stores.dynamodb.store import dynamodb_store
from chalicelib.stores.sqlite.store import sqlite_store
from chalicelib.stores.store import Store
from tests.delivery.world import CHANNEL, Clock, World, alert
from tests.reliability.proof import annotated, figure, size
from tests.stores.tables import table

USERS, ALERTS, CLICKS = size(10, 20), size(10, 20), size(20, 200)
KILLS = size(3, 12)
RETENTION = timedelta(days=90)
# Another process, and what removes the old, go by the real clock.
NOW = datetime.now(UTC)
FLOOD, MUTES, BATCH = {"sqlite": size(2000, 10_000), "dynamodb": size(400, 10_000)}, 30, 20


class Kept(NamedTuple):
    """A store, and how another process opens it."""

    url: str
    store: Store

    @property
    def kind(self) -> str:
        return self.url.partition(":")[0]


@pytest.fixture(params=["sqlite", "dynamodb"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    if request.param == "sqlite":
        yield Kept(f"sqlite:///{tmp_path}/alerts.db", sqlite_store(tmp_path / "alerts.db"))
        return
    request.getfixturevalue("emulated")
    client = request.getfixturevalue("emulator_client")
    with table(client) as name:
        yield Kept(f"dynamodb:///{name}", dynamodb_store(client, name))


def owned(
    post: Post, alerts: Sequence[Alert], *, form: int, possible_repeat: bool
) -> dict[str, Any]:
    """The real message, with whose it is where the journal can count it."""
    owner = alerts[0].handling.owner
    payload = annotated(post, alerts, form=form, possible_repeat=possible_repeat)
    return {**payload, "owner": owner.id if owner else ""}


def test_of_many_clicks_at_once_none_is_lost_and_each_alert_has_one_owner(
    kept: Kept, tmp_path: Path
) -> None:
    world = World(kept.store, clock=Clock(NOW), compose=owned)
    alerts = [alert(number, event_time=NOW) for number in range(ALERTS)]
    world.add(*alerts)
    while world.run(seconds=600, patience=600).next_at:
        world.clock.advance(1)
    clicks = _clicks(world, alerts)
    answers = tmp_path / "answers"
    answers.mkdir()

    job = {"store": kept.url, "answers": str(answers), "clicks": clicks}
    kills = _run_killed(job, answers)

    replies = {int(path.name): path.read_text() for path in answers.iterdir()}
    after = {each.alert_id: each for each in world.store.archive.alerts(_ids(alerts))}
    _check_owners(clicks, replies, after)
    before = len(world.journal)
    while world.sweep().next_at:
        world.clock.advance(1)
    updates = [entry for entry in world.journal[before:] if entry["method"] == "chat.update"]
    apart = [later["at"] - sooner["at"] for sooner, later in pairwise(updates)]
    shown = {message["alerts"][0]: message["owner"] for message in _messages(world)}
    wrong = [one for one, owner in shown.items() if after[one].handling.owner.id != owner]  # type: ignore[union-attr]
    figure(
        f"{CLICKS} clicks at once by {USERS} users on {ALERTS} alerts",
        store=kept.kind,
        kills=kills,
        answered=len(replies),
        replies=Counter(replies.values()),
        owners=sum(each.handling.owner is not None for each in after.values()),
        lost=CLICKS - len(replies),
        messages_without_their_owner=len(wrong),
        updates=len(updates),
        least_seconds_between_updates=round(min(apart), 1),
    )
    assert len(replies) == CLICKS
    assert (len(shown), wrong) == (ALERTS, [])
    assert len(updates) == ALERTS
    assert min(apart) >= UPDATE_EVERY.total_seconds()


def test_what_mutes_hide_and_what_is_told_is_all_and_each_count_at_an_end_is_true(
    kept: Kept,
) -> None:
    store, count = kept.store, FLOOD[kept.kind]
    began = time.monotonic()
    people = [
        _of(store, alert(n, Severity.MEDIUM, actor=f"p{n}", event_time=NOW)) for n in range(MUTES)
    ]
    flood = [
        replace(alert(1000 + n, Severity.MEDIUM), event_time=NOW, actor=f"p{n % (MUTES + 10)}")
        for n in range(count)
    ]
    batches = [flood[start : start + BATCH] for start in range(0, count, BATCH)]
    said = _ingested_amid_mutes(store, batches, people)

    states: Counter[DeliveryState] = Counter()
    hidden: Counter[str] = Counter()
    for each in store.queue.deliveries([one.alert_id for one in flood], CHANNEL):
        states[each.state] += 1
        if each.mute_id:
            hidden[each.mute_id] += 1
    untrue = {one: (count, hidden[one]) for one, count in said.items() if hidden[one] != count}
    figure(
        f"{count} alerts with {MUTES} mutes that begin and end between them",
        store=kept.kind,
        hidden=states[DeliveryState.MUTED],
        told=states[DeliveryState.PENDING],
        ends=len(said),
        untrue_counts=len(untrue),
        seconds=round(time.monotonic() - began, 1),
    )
    assert states[DeliveryState.MUTED] + states[DeliveryState.PENDING] == count
    assert states[DeliveryState.MUTED] > 0
    assert (len(said), untrue) == (MUTES, {})
    assert sum(said.values()) == states[DeliveryState.MUTED]


def _clicks(world: World, alerts: Sequence[Alert]) -> list[dict[str, Any]]:
    """Each user on ten of the alerts, all in any order."""
    luck, clicks = random.Random(19), []
    each_on = CLICKS // USERS
    for user in range(USERS):
        for step in range(each_on):
            one = alerts[(user + step) % ALERTS]
            (post,) = world.store.queue.posts(one.alert_id)
            place = {"channel_id": post.channel_id, "ts": post.ts}
            clicks.append({"alert": one.alert_id, "user": f"U{user}", **place})
    luck.shuffle(clicks)
    at = world.clock.now().timestamp()
    return [{**each, "number": number, "at": at} for number, each in enumerate(clicks)]


def _run_killed(job: dict[str, Any], answers: Path) -> int:
    """Run the clicker, killed some answers later; how often that was."""
    luck, kills = random.Random(7), 0
    command = [sys.executable, "-m", "tests.reliability.clicker", json.dumps(job)]
    while kills < KILLS:
        wanted = len(list(answers.iterdir())) + luck.randint(1, CLICKS // KILLS // 2)
        with subprocess.Popen(command) as clicker:
            while clicker.poll() is None and len(list(answers.iterdir())) < wanted:
                time.sleep(0.002)
            if clicker.poll() is not None:
                break
            clicker.send_signal(signal.SIGKILL)
            kills += 1
    subprocess.run(command, check=True, timeout=300)
    return kills


def _check_owners(
    clicks: Sequence[dict[str, Any]], replies: dict[int, str], kept: dict[str, Alert]
) -> None:
    """Each alert has one owner, who clicked on it, and was told so where the answer arrived."""
    for alert_id, each in kept.items():
        owner = each.handling.owner
        assert owner
        on_it = [click for click in clicks if click["alert"] == alert_id]
        assert owner.id in {click["user"] for click in on_it}
        first = [c for c in on_it if replies[c["number"]] == Reply.ACKNOWLEDGED.value]
        assert [click["user"] for click in first] in ([], [owner.id])


def _ids(alerts: Sequence[Alert]) -> list[str]:
    return [each.alert_id for each in alerts]


def _messages(world: World) -> list[dict[str, Any]]:
    return [message for channel in world.slack.channels.values() for message in channel]


def _of(store: Store, one: Alert) -> Alert:
    keep(Judged(records=1, alerts=(one,)), store.outbox, NOW, RETENTION)
    return one


def _ingested_amid_mutes(
    store: Store, batches: Sequence[Sequence[Alert]], people: Sequence[Alert]
) -> dict[str, int]:
    """Keep the batches beside each other while mutes begin and end; what each said at its end."""
    said: dict[str, int] = {}
    left = list(people)
    standing: list[Mute] = []
    turn = threading.Lock()
    luck = random.Random(3)
    every = max(2 * len(batches) // (3 * len(people)), 1)

    def step() -> None:
        """One mute begins; one of those that stand ends, and says how many it hid."""
        if left:
            one = left.pop()
            standing.append(_muted(store, one))
        if standing and (len(standing) > 15 or not left):
            mute = standing.pop(luck.randrange(len(standing)))
            assert store.mutes.end(mute.mute_id, NOW)
            said[mute.mute_id] = store.mutes.hidden(mute.mute_id)

    def ingest(numbered: tuple[int, Sequence[Alert]]) -> None:
        number, batch = numbered
        mutes = store.mutes.in_force()
        if number % every == 0:
            with turn:
                step()  # after they were read: what ends now must hide nothing of this batch
        judged = Judged(records=len(batch), alerts=tuple(batch))
        keep(judged, store.outbox, NOW, RETENTION, lambda: True, mutes)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(ingest, enumerate(batches)))
    while standing or left:
        step()
    return said


def _muted(store: Store, one: Alert) -> Mute:
    person = Person(id="U1", name="anna")
    click = Click(
        action=Action.MUTE, subject=one.alert_id, person=person, at=NOW, span=timedelta(hours=8)
    )
    mute = store.handlings.handle(one.alert_id, decision(click), NOW).mute
    assert mute
    return mute
