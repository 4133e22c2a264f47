"""What a request leads to, as tables: of its outcome and kind, what then stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from chalicelib.alerts.channel import DESTINATION, OUTAGE, Channel
from chalicelib.alerts.delivery import Delivery, DeliveryState, deliveries_of
from chalicelib.alerts.post import Post, PostKind
from chalicelib.delivery.outcome import (
    Outcome,
    OutcomeKind,
    ambiguous,
    destination_refused,
    message_gone,
    not_posted,
    payload_refused,
    sent,
)
from chalicelib.delivery.plan import Plan
from chalicelib.delivery.transitions import (
    channel_after,
    delivery_after,
    delivery_resettled,
    is_open,
    may_arrive_yet,
    post_after,
    post_for,
    post_id_of,
)
from chalicelib.rules.rule import Severity
from tests.delivery.world import CHANNEL, PARKED, PENDING, SENT, START, UNCERTAIN, alert

OUTCOMES = {
    "taken": sent("1.2", "C1"),
    "rate limited": not_posted("ratelimited", 7.0),
    "away": not_posted("ConnectionRefusedError"),
    "in doubt": ambiguous("HTTP 503"),
    "malformed": payload_refused("invalid_blocks"),
    "gone": message_gone("message_not_found"),
    "closed": destination_refused("is_archived"),
}
KINDS = {"message": "single", "digest": "digest", "repeat": "update", "correction": "update"}
# What changes in a delivery, besides its post and the reason.
TOLD = {"state": SENT, "attempts": 1, "amended": False, "reason": None}
LATER = {"state": PENDING, "due_at": START + timedelta(minutes=15)}
PLAINER = {"state": PENDING, "attempts": 1, "form": 1}
WAITS = {"state": PENDING}
UNKNOWN = {"state": UNCERTAIN}
MARKED = {"state": PENDING, "possible_repeat": True}
ANEW = {"state": PENDING, "attempts": 1}
DROPPED = {"state": SENT, "amended": False, "reason": None}
DELIVERY_AFTER: dict[str, dict[str, dict[str, Any]]] = {
    "taken": {"message": TOLD, "digest": TOLD, "repeat": TOLD, "correction": TOLD},
    "rate limited": {"message": WAITS, "digest": WAITS, "repeat": WAITS, "correction": WAITS},
    "away": {"message": WAITS, "digest": WAITS, "repeat": WAITS, "correction": LATER},
    "closed": {"message": WAITS, "digest": WAITS, "repeat": WAITS, "correction": LATER},
    "in doubt": {"message": UNKNOWN, "digest": UNKNOWN, "repeat": MARKED, "correction": LATER},
    "malformed": dict.fromkeys(KINDS, PLAINER),
    "gone": {"repeat": ANEW, "correction": DROPPED},
}


def sending(**changes: Any) -> Delivery:
    (values,) = deliveries_of(alert(1, Severity.LOW), START)
    return replace(values, state=DeliveryState.SENDING, **changes)


def post(kind: str = "message", **changes: Any) -> Post:
    values = Post(
        post_id="p1",
        channel=CHANNEL,
        kind=PostKind(KINDS[kind]),
        alert_ids=(sending().alert_id,),
        attempted_at=START,
        repeat_key=sending().repeat_key if kind in ("message", "repeat") else None,
    )
    return replace(values, **changes)


def rows() -> list[Any]:
    return [
        pytest.param(kind, OUTCOMES[outcome], changes, id=f"{kind}-{outcome}")
        for outcome, by_kind in DELIVERY_AFTER.items()
        for kind, changes in by_kind.items()
    ]


def test_the_table_has_every_outcome_of_every_kind_of_post() -> None:
    told = {
        (OUTCOMES[outcome].kind, KINDS[kind])
        for outcome, by_kind in DELIVERY_AFTER.items()
        for kind in by_kind
    }
    assert told == set(product(OutcomeKind, KINDS.values()))


@pytest.mark.parametrize(("kind", "outcome", "changes"), rows())
def test_what_becomes_of_a_delivery(kind: str, outcome: Outcome, changes: dict[str, Any]) -> None:
    before = sending(amended=kind == "correction")
    expected = {"post_id": "p1", "reason": outcome.reason, **changes}
    assert delivery_after(before, post(kind), outcome) == replace(before, **expected)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_refused_in_its_plainest_form_is_parked(kind: str) -> None:
    refused = delivery_after(sending(form=2), post(kind), OUTCOMES["malformed"])
    assert (refused.state, refused.reason) == (PARKED, "invalid_blocks")


@pytest.mark.parametrize(
    ("kind", "marked"), [("message", True), ("digest", True), ("repeat", False)]
)
def test_a_mark_stays_with_its_message_and_ends_with_a_count(kind: str, marked: bool) -> None:
    after = delivery_after(sending(possible_repeat=True), post(kind), OUTCOMES["taken"])
    assert after.possible_repeat is marked


@pytest.mark.parametrize(
    ("outcome", "state", "marked"),
    [("sent", SENT, False), ("not posted", PENDING, False), ("not known", PENDING, True)],
)
def test_what_becomes_of_a_delivery_once_its_post_was_looked_for(
    outcome: str, state: DeliveryState, marked: bool
) -> None:
    before = sending()
    after = delivery_resettled(before, post(), outcome)
    assert after == replace(before, state=state, possible_repeat=marked, attempts=1, post_id="p1")


def test_a_mark_outlives_a_post_that_was_surely_not_made() -> None:
    assert delivery_resettled(sending(possible_repeat=True), post(), "not posted").possible_repeat


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("taken", "sent"),
        ("rate limited", "not_posted: ratelimited"),
        ("away", "not_posted: ConnectionRefusedError"),
        ("in doubt", "ambiguous: HTTP 503"),
        ("malformed", "payload_refused: invalid_blocks"),
        ("gone", "payload_refused: message_not_found"),
        ("closed", "destination_refused: is_archived"),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_post_keeps_its_outcome_and_only_a_message_in_doubt_stays_open(
    kind: str, outcome: str, words: str
) -> None:
    after = post_after(post(kind, ts="0.1", channel_id="C0"), OUTCOMES[outcome])
    in_slack = ("1.2", "C1") if outcome == "taken" else ("0.1", "C0")
    assert (after.outcome, after.ts, after.channel_id) == (words, *in_slack)
    assert after.settled is not (outcome == "in doubt" and kind in ("message", "digest"))


@pytest.mark.parametrize(
    ("outcome", "open_yet", "may_arrive"),
    [
        (None, True, True),
        ("ambiguous: no answer in time", True, True),
        ("ambiguous: TimeoutError", True, True),
        ("ambiguous: HTTP 503", True, False),
        ("sent", False, False),
        ("not_posted: ratelimited", False, False),
        ("not posted", False, False),
        ("not known", False, False),
    ],
)
def test_what_a_cut_off_sender_wrote_says_whether_its_request_is_open_and_under_way(
    outcome: str | None, open_yet: bool, may_arrive: bool
) -> None:
    found = post(outcome=outcome)
    assert (is_open(found), may_arrive_yet(found)) == (open_yet, may_arrive)


NOW = START + timedelta(seconds=1)


def paused(seconds: float, **changes: Any) -> dict[str, Any]:
    """From the answer on, without a burst until ten answers were good."""
    at = NOW + timedelta(seconds=seconds)
    return {"next_send_at": at, "pause": seconds, "burst_left": 1.0, "calm_in": 10, **changes}


CLOSED = {"trouble": DESTINATION, "reason": "is_archived", "since": START}
AWAY = {"trouble": OUTAGE, "reason": "ConnectionRefusedError", "since": START}
DOUBT = {"trouble": OUTAGE, "reason": "HTTP 503", "since": START}
HEALTHY = {"trouble": None, "reason": None, "since": None, "channel_id": "C1"}


@pytest.mark.parametrize(
    ("outcome", "changes"),
    [
        ("taken", HEALTHY),
        ("rate limited", paused(7)),
        ("away", paused(1, failures=1, **AWAY)),
        ("in doubt", paused(1, failures=1, **DOUBT)),
        ("malformed", {}),
        ("gone", {}),
        ("closed", paused(300, **CLOSED)),
    ],
)
@pytest.mark.parametrize("trouble", [None, "another"])
def test_what_becomes_of_the_channel(
    trouble: str | None, outcome: str, changes: dict[str, Any]
) -> None:
    since = START - timedelta(hours=1) if trouble else None
    before = Channel(name=CHANNEL, burst_left=5.0, trouble=trouble, since=since)
    after = channel_after(before, OUTCOMES[outcome], START, NOW)
    assert after == replace(before, **changes)


@pytest.mark.parametrize(("outcome", "trouble"), [("away", OUTAGE), ("closed", DESTINATION)])
def test_a_trouble_that_lasts_began_when_it_began(outcome: str, trouble: str) -> None:
    began = START - timedelta(hours=1)
    before = Channel(name=CHANNEL, trouble=trouble, since=began)
    assert channel_after(before, OUTCOMES[outcome], START, START).since == began


def test_a_post_id_derives_from_channel_kind_deliveries_and_their_attempts() -> None:
    one, other = sending(), replace(sending(), alert_id="f" * 32)
    asked = [
        (CHANNEL, PostKind.SINGLE, [one]),
        ("#other", PostKind.SINGLE, [one]),
        (CHANNEL, PostKind.UPDATE, [one]),
        (CHANNEL, PostKind.SINGLE, [other]),
        (CHANNEL, PostKind.SINGLE, [one, other]),
        (CHANNEL, PostKind.SINGLE, [replace(one, attempts=1)]),
    ]
    assert len({post_id_of(*each) for each in asked}) == len(asked)
    assert post_id_of(*asked[0]) == post_id_of(CHANNEL, PostKind.SINGLE, [replace(one, form=1)])


@pytest.mark.parametrize(
    ("kind", "amended", "folds"),
    [
        ("message", False, True),
        ("digest", False, False),
        ("repeat", False, True),
        ("correction", True, False),
    ],
)
def test_only_a_message_and_its_repeats_can_be_counted_on(
    kind: str, amended: bool, folds: bool
) -> None:
    plan = Plan(kind=PostKind(KINDS[kind]), deliveries=(sending(amended=amended),))
    assert (post_for(plan, CHANNEL, START).repeat_key == sending().repeat_key) is folds


def test_an_update_is_of_the_message_that_it_changes() -> None:
    first = post(ts="1.2", channel_id="C1", repeats=3)
    plan = Plan(kind=PostKind.UPDATE, deliveries=(sending(),), updates=first)
    update = post_for(plan, CHANNEL, START)
    assert (update.ts, update.channel_id, update.repeats) == ("1.2", "C1", 4)
