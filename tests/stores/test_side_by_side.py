"""Whatever is done to both kinds of store, they answer alike."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.archive import AlertQuery
from chalicelib.alerts.delivery import DeliveryState
from chalicelib.alerts.post import PostKind
from chalicelib.rules.rule import Severity
from chalicelib.stores.dynamodb.store import dynamodb_store
from chalicelib.stores.sqlite.store import sqlite_store
from chalicelib.stores.store import Store
from tests.soak import examples
from tests.stores.factories import NOW, SECURITY, alert, held, post, stored
from tests.stores.tables import table

AUDIT = "#audit"
NUMBERS = st.integers(0, 3)
SENT_WORDS = {"outcome": "sent", "settled": True, "ts": "1.2", "channel_id": "C1"}
OUTCOMES: dict[str, tuple[DeliveryState, dict[str, Any]]] = {
    "sent": (DeliveryState.SENT, SENT_WORDS),
    "limited": (DeliveryState.PENDING, {"outcome": "not posted: ratelimited", "settled": True}),
    "refused": (DeliveryState.PARKED, {"outcome": "refused: invalid", "settled": True}),
    "unclear": (DeliveryState.UNCERTAIN, {"outcome": "ambiguous: timeout", "settled": False}),
}
STEPS = st.one_of(
    st.tuples(st.just("add"), NUMBERS),
    st.tuples(st.just("amend"), NUMBERS, st.sampled_from(["bob", "carol"]), st.booleans()),
    st.tuples(
        st.just("tell"),
        st.sets(NUMBERS, min_size=1, max_size=3),
        st.sampled_from(sorted(OUTCOMES)),
        st.sampled_from([None, "amend", "retry"]),
    ),
    st.tuples(st.just("resolve"), st.sampled_from(["sent", "limited"])),
    st.tuples(st.just("move"), NUMBERS),
    st.tuples(st.just("drop"), NUMBERS),
    st.tuples(st.just("complete"), NUMBERS),
)


class Actor:
    """Does the same to a store, whichever it is; time passes with each step."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.steps = 0

    def do(self, step: tuple[Any, ...]) -> Any:
        self.steps += 1
        return getattr(self, f"_{step[0]}")(*step[1:])

    @property
    def _now(self) -> Any:
        return NOW + timedelta(seconds=self.steps)

    def _add(self, number: int) -> set[str]:
        return self.store.outbox.add([stored(_alert(number))], NOW)

    def _amend(self, number: int, actor: str, severer: bool) -> bool:
        severity = Severity.CRITICAL if severer else Severity.HIGH
        kept = _alert(number)
        return self.store.outbox.amend(
            replace(kept, actor=actor, severity=severity, seen_at=self._now, own_id=f"{actor:0>32}")
        )

    def _complete(self, number: int) -> set[str]:
        kept = _alert(number)
        channels = (*kept.channels, AUDIT)
        original = replace(kept, own_id="9" * 32, channels=tuple(dict.fromkeys(channels)))
        return self.store.outbox.add([stored(original)], NOW)

    def _tell(self, numbers: set[int], outcome: str, meanwhile: str | None) -> bool:
        channel = held(self.store)
        ids = [_alert(number).alert_id for number in sorted(numbers)]
        due = self.store.queue.due(SECURITY, NOW + timedelta(days=1), 50)
        chosen = [each for each in due if each.alert_id in ids]
        if not chosen:
            return False
        carried = tuple(each.alert_id for each in chosen)
        attempts = sum(each.attempts for each in chosen)
        kind = PostKind.SINGLE if len(carried) == 1 else PostKind.DIGEST
        if chosen[0].amended and len(carried) == 1:
            kind = PostKind.UPDATE
        began = post(
            *(_alert(int(number)) for number in sorted(numbers)),
            alert_ids=carried,
            kind=kind,
            post_id=f"{self.steps:032x}",
            attempted_at=self._now,
            repeat_key=chosen[0].repeat_key if kind is PostKind.SINGLE else None,
        )
        assert self.store.queue.begin(began, channel, ()) is not None
        if meanwhile == "amend":
            self._amend(sorted(numbers)[0], "dave", severer=True)
        if meanwhile == "retry":
            self.store.queue.replace(chosen[0], None)  # it is under way: nothing happens
        state, words = OUTCOMES[outcome]
        after = [
            replace(each, state=state, attempts=attempts + 1, post_id=began.post_id, amended=False)
            for each in chosen
        ]
        ended = replace(began, **words)
        return self.store.queue.settle(ended, after, replace(channel, leased_until=None))

    def _resolve(self, outcome: str) -> int:
        claim = self.store.queue.claim(SECURITY, "lambda-1", NOW)
        assert claim is not None
        state, words = OUTCOMES[outcome]
        for found in claim.unsettled:
            there = self.store.queue.deliveries(found.alert_ids, SECURITY)
            after = [replace(each, state=state, amended=False) for each in there]
            self.store.queue.settle(replace(found, **words), after)
        self.store.queue.save(replace(claim.channel, leased_until=None))
        return len(claim.unsettled)

    def _move(self, number: int) -> list[bool]:
        there = self.store.queue.deliveries([_alert(number).alert_id], SECURITY)
        return [
            self.store.queue.replace(each, replace(each, channel=AUDIT, post_id=None))
            for each in there
        ]

    def _drop(self, number: int) -> list[bool]:
        return [
            self.store.queue.replace(each, None)
            for each in self.store.archive.parked(10)
            if each.alert_id == _alert(number).alert_id
        ]

    def says(self) -> dict[str, Any]:
        """All that the store tells."""
        archive, later = self.store.archive, NOW + timedelta(days=1)
        backlog = archive.backlog(later)
        return {
            "alerts": [archive.get(_alert(number).alert_id) for number in range(4)],
            "due": {name: self.store.queue.due(name, later, 50) for name in (SECURITY, AUDIT)},
            "waiting": [each.channel.name for each in self.store.queue.waiting(later) if each.due],
            "backlog": (backlog.pending, backlog.uncertain, backlog.parked, backlog.oldest_due),
            "parked": archive.parked(10),
            "lists": [self._ids(state) for state in (None, *DeliveryState)],
        }

    def _ids(self, state: DeliveryState | None) -> list[str]:
        page = self.store.archive.search(AlertQuery(state=(state,) if state else ()), 10)
        return [each.alert.alert_id for each in page.alerts]


def _alert(number: int) -> Alert:
    """The last goes to two channels, so that it lies in parts from the beginning."""
    return alert(number, channels=(SECURITY, AUDIT) if number == 3 else (SECURITY,))


@settings(
    max_examples=examples(2, 100),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(STEPS, min_size=1, max_size=10))
def test_both_stores_answer_alike_whatever_was_done(
    dynamodb: Any, tmp_path: Path, steps: list[tuple[Any, ...]]
) -> None:
    with table(dynamodb) as name:
        kinds = (
            sqlite_store(tmp_path / f"{uuid.uuid4().hex}.db"),
            dynamodb_store(dynamodb, name, clock=lambda: NOW),
        )
        actors = [Actor(kind) for kind in kinds]
        for actor in actors:
            for number in range(4):
                actor.do(("add", number))
        for step in steps:
            answers = [actor.do(step) for actor in actors]
            assert answers[0] == answers[1], step
        in_file, in_table = (actor.says() for actor in actors)
        assert in_file == in_table
