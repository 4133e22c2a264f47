"""What every store must do, whatever it is made of."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.archive import AlertQuery, CursorError, Last
from chalicelib.alerts.channel import Channel, Lease
from chalicelib.alerts.delivery import Delivery, DeliveryState, deliveries_of
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.alerts.post import PostKind
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.rules.rule import Severity
from chalicelib.stores.store import Store
from tests.stores.factories import (
    NOW,
    SECURITY,
    alert,
    begun,
    channels,
    delivery,
    held,
    post,
    query_of,
    stored,
    taken,
    tell,
    unsettled,
)

LATER = NOW + timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def keep(store: Store, *alerts: Alert) -> tuple[Alert, ...]:
    assert store.outbox.add([stored(item) for item in alerts], NOW) == {a.alert_id for a in alerts}
    return alerts


def ids(store: Store, limit: int = 50, **filters: Any) -> list[str]:
    page = store.archive.search(query_of(**filters), limit)
    return [item.alert.event_id for item in page.alerts]


def aged(number: int, days: float, **changes: Any) -> Alert:
    """An alert that happened and was seen so many days ago."""
    moment = NOW - days * DAY
    return alert(number, event_time=moment, seen_at=moment, **changes)


def noise(length: int) -> str:
    """Text that hardly compresses."""
    return base64.b85encode(Random(1).randbytes(length * 4 // 5)).decode()


# What must be sent


def test_an_alert_comes_back_as_it_was_kept(store: Store) -> None:
    kept = alert(
        mfa=True, error_code="AccessDenied", mention="@here", runbook="https://example.com/"
    )
    keep(store, kept)

    found = store.archive.get(kept.alert_id)

    assert found is not None
    assert found.alert == kept
    assert found.alert.record == kept.record
    assert found.deliveries == (delivery(kept),)
    assert found.posts == ()


def test_an_alert_goes_to_each_of_its_channels(store: Store) -> None:
    kept = alert(channels=("#audit", SECURITY))
    keep(store, kept)

    found = store.archive.get(kept.alert_id)

    assert found is not None
    assert {item.channel for item in found.deliveries} == {"#audit", SECURITY}
    assert [channel.name for channel in channels(store)] == ["#audit", SECURITY]


def test_the_same_alert_is_new_once(store: Store) -> None:
    keep(store, alert(1))

    added = store.outbox.add([stored(alert(1)), stored(alert(2)), stored(alert(2))], LATER)

    assert added == {alert(2).alert_id}
    assert len(store.queue.due(SECURITY, NOW, 10)) == 2


def test_an_alert_kept_already_is_not_changed_by_adding_it_again(store: Store) -> None:
    kept = alert()
    keep(store, kept)
    tell(store, [kept])

    assert store.outbox.add([stored(replace(kept, title="Another"))], LATER) == set()

    found = store.archive.get(kept.alert_id)
    assert found is not None
    assert found.alert.title == kept.title
    assert found.deliveries[0].state is DeliveryState.SENT


def test_adding_nothing_is_nothing(store: Store) -> None:
    assert store.outbox.add([], NOW) == set()


def test_an_alert_without_deliveries_is_only_listed(store: Store) -> None:
    kept = alert()

    assert store.outbox.add([replace(stored(kept), deliveries=())], NOW) == {kept.alert_id}

    assert ids(store) == [kept.event_id]
    assert store.archive.backlog(NOW).pending == 0


def test_known_names_what_is_kept(store: Store) -> None:
    keep(store, alert(1), alert(2))

    assert store.outbox.known([alert(n).alert_id for n in (1, 2, 3)]) == {
        alert(1).alert_id,
        alert(2).alert_id,
    }
    assert store.outbox.known([]) == set()


def test_a_batch_of_hundreds_is_kept_whole(large_store: Store) -> None:
    alerts = keep(large_store, *(alert(number) for number in range(250)))

    assert large_store.outbox.known(item.alert_id for item in alerts) == {
        item.alert_id for item in alerts
    }
    assert len(large_store.queue.due(SECURITY, NOW + DAY, 1000)) == 250


def test_strings_that_no_store_takes_as_text_are_kept(store: Store) -> None:
    odd = alert(
        actor="\ud800 mallory \x00",
        error_message="\udfff",
        resources=("", "x" * 100_000),
        record={"userName": "\ud800", "n": 10**30, "empty": "", "none": None},
    )
    keep(store, odd)

    found = store.archive.get(odd.alert_id)

    assert found is not None
    assert found.alert.actor == odd.actor
    assert found.alert.record == odd.record
    assert ids(store, actor=odd.actor) == [odd.event_id]


def test_a_record_that_no_item_could_hold_leaves_its_alert_intact(store: Store) -> None:
    large = alert(record={"requestParameters": noise(600_000)})
    keep(store, large)

    found = store.archive.get(large.alert_id)

    assert found is not None
    assert found.alert == large
    assert "too large" in found.alert.record["omitted"]


def test_a_record_of_cloudtrails_largest_size_is_kept_whole(store: Store) -> None:
    large = alert(record={"requestParameters": noise(256_000)})
    keep(store, large)

    found = store.archive.get(large.alert_id)

    assert found is not None
    assert found.alert.record == large.record


# Corrections


def test_a_correction_replaces_what_it_corrects_and_keeps_its_place(store: Store) -> None:
    kept = alert()
    keep(store, kept)
    later = kept.event_time + HOUR
    corrected = replace(
        kept, actor="bob", error_code="AccessDenied", event_time=later, seen_at=LATER, channels=()
    )

    assert store.outbox.amend(replace(corrected, record={"corrected": True}))

    found = store.archive.get(kept.alert_id)
    assert found is not None
    assert found.alert == replace(kept, actor="bob", error_code="AccessDenied")
    assert found.alert.record == {"corrected": True}
    assert (ids(store, actor="alice"), ids(store, actor="bob")) == ([], [kept.event_id])
    assert (ids(store, text="alice"), ids(store, text="bob")) == ([], [kept.event_id])


def test_a_correction_has_what_was_told_told_again(store: Store) -> None:
    kept = alert()
    keep(store, kept)
    tell(store, [kept])

    assert store.outbox.amend(replace(kept, actor="bob", seen_at=LATER))

    (due,) = store.queue.due(SECURITY, LATER, 10)
    assert (due.amended, due.due_at, due.state) == (True, LATER, DeliveryState.PENDING)


def test_a_correction_of_what_was_not_told_yet_is_told_once(store: Store) -> None:
    kept = alert()
    keep(store, kept)

    assert store.outbox.amend(replace(kept, actor="bob", seen_at=LATER))

    assert [item.amended for item in store.queue.due(SECURITY, LATER, 10)] == [False]


@pytest.mark.parametrize("state", [None, DeliveryState.UNCERTAIN])
def test_a_correction_of_what_may_have_been_told_has_it_told_again(
    store: Store, state: DeliveryState | None
) -> None:
    kept = alert()
    keep(store, kept)
    if state:
        tell(store, [kept], state, outcome="ambiguous", settled=False)
    began = post(kept)
    assert begun(store, began, held(store))
    before = store.queue.deliveries([kept.alert_id], SECURITY)

    assert store.outbox.amend(replace(kept, actor="bob", seen_at=LATER))
    assert store.queue.due(SECURITY, LATER, 10) == []
    unclear = replace(began, outcome="ambiguous")
    store.queue.settle(unclear, [replace(item, state=DeliveryState.UNCERTAIN) for item in before])
    sent = replace(began, outcome="sent", settled=True, ts="1.2")
    store.queue.settle(sent, [replace(item, state=DeliveryState.SENT) for item in before])

    (due,) = store.queue.due(SECURITY, LATER, 10)
    assert (due.amended, due.state, due.post_id) == (True, DeliveryState.PENDING, began.post_id)
    found = store.archive.get(kept.alert_id)
    assert found is not None
    assert [item.ts for item in found.posts] == ["1.2"]


def test_a_correction_of_what_was_not_posted_after_all_is_told_once(store: Store) -> None:
    kept = alert()
    keep(store, kept)
    began = post(kept)
    assert begun(store, began, held(store))
    before = store.queue.deliveries([kept.alert_id], SECURITY)

    assert store.outbox.amend(replace(kept, actor="bob", seen_at=LATER))
    refused = replace(began, outcome="ratelimited", settled=True)
    store.queue.settle(refused, [replace(item, state=DeliveryState.PENDING) for item in before])

    assert [item.amended for item in store.queue.due(SECURITY, LATER, 10)] == [False]


def test_a_correction_that_was_told_is_done(store: Store) -> None:
    kept = alert()
    keep(store, kept)
    tell(store, [kept])
    assert store.outbox.amend(replace(kept, actor="bob", seen_at=LATER))
    update = post(kept, kind=PostKind.UPDATE, repeat_key=None, post_id="0" * 32)

    assert begun(store, update, held(store))
    (item,) = store.queue.deliveries([kept.alert_id], SECURITY)
    corrected = replace(item, state=DeliveryState.SENT, amended=False)
    store.queue.settle(replace(update, outcome="sent", settled=True), [corrected])

    assert store.queue.due(SECURITY, LATER, 10) == []
    assert store.queue.deliveries([kept.alert_id], SECURITY) == [corrected]


def test_an_alert_that_is_corrected_again_keeps_the_post_that_told_of_it(store: Store) -> None:
    """By its outcome and its repeat key dispatch knows the message that it may update."""
    store.outbox.add([stored(alert(1))], NOW)
    told = tell(store, [alert(1)], ts="1.1", channel_id="C1")
    store.outbox.amend(replace(alert(1), actor="bob", seen_at=NOW))
    assert store.queue.posts(alert(1).alert_id) == (told,)

    update = replace(told, post_id="9" * 32, kind=PostKind.UPDATE, repeat_key=None)
    assert begun(store, replace(update, outcome=None, settled=False), held(store))
    there = store.queue.deliveries([alert(1).alert_id], SECURITY)
    corrected = [replace(each, state=DeliveryState.SENT, amended=False) for each in there]
    store.queue.settle(update, corrected)
    store.outbox.amend(replace(alert(1), actor="carol", seen_at=NOW))

    assert store.queue.posts(alert(1).alert_id) == (update,)
    assert update.corrects


def test_the_same_correction_again_changes_nothing(store: Store) -> None:
    kept = alert()
    keep(store, kept)
    correction = replace(kept, actor="bob", seen_at=LATER)
    store.outbox.amend(correction)
    tell(store, [kept])

    assert store.outbox.amend(replace(correction, seen_at=LATER + HOUR))

    assert store.queue.due(SECURITY, LATER + DAY, 10) == []


def test_a_correction_of_an_unknown_alert_is_refused(store: Store) -> None:
    assert not store.outbox.amend(alert())


# Who may change an alert


def test_a_correction_lowers_and_takes_back_nothing_and_says_what_it_is(store: Store) -> None:
    kept = alert(own_id="1" * 32, severity=Severity.CRITICAL)
    keep(store, kept)
    back = replace(
        kept,
        own_id="2" * 32,
        severity=Severity.LOW,
        outcome=Outcome.FAILED,
        text="it failed",
        record={"forged": True},
    )

    assert store.outbox.amend(back)
    assert store.outbox.amend(back)

    found = store.archive.get(kept.alert_id)
    assert found is not None
    assert (found.alert.severity, found.alert.outcome) == (Severity.CRITICAL, Outcome.SUCCEEDED)
    assert found.alert.text.startswith(f"{kept.text} (corrected: the outcome from succeeded to ")
    assert found.alert.record == kept.record
    assert found.alert.corrected_by == ("2" * 32,)
    assert ids(store, severity=Severity.CRITICAL) == [kept.event_id]


@pytest.mark.parametrize(
    "change",
    [
        {"event_name": "DeleteTrail"},
        {"event_source": "evil.example.com"},
        {"account_id": "444455556666"},
        {"actor_id": "AIDAMALLORY"},
    ],
)
def test_a_correction_of_another_call_is_refused(store: Store, change: dict[str, Any]) -> None:
    kept = alert()
    keep(store, kept)

    assert not store.outbox.amend(replace(kept, title="Nothing", **change))

    assert store.archive.alerts([kept.alert_id]) == [kept]


def test_a_correction_of_what_waits_gives_it_the_turn_of_what_it_is_now(store: Store) -> None:
    mild, high = alert(1, severity=Severity.LOW), alert(2)
    keep(store, mild, high)

    assert store.outbox.amend(replace(mild, severity=Severity.CRITICAL))

    due = store.queue.due(SECURITY, LATER, 10)
    assert [item.severity for item in due] == [Severity.CRITICAL, Severity.HIGH]
    assert [item.alert_id for item in due] == [mild.alert_id, high.alert_id]


REFUSED: dict[str, Any] = {"outcome": Outcome.REFUSED, "severity": Severity.MEDIUM}
WORKED: dict[str, Any] = {"outcome": Outcome.SUCCEEDED, "severity": Severity.HIGH}


def planned_by(deliveries: Sequence[Delivery]) -> list[tuple[object, ...]]:
    """What dispatch plans by, which is as the alert has it."""
    return [
        (each.severity, each.rule_id, each.repeat_key, each.outcome, each.principal, each.targets)
        for each in deliveries
    ]


@pytest.mark.parametrize("state", [None, *DeliveryState])
def test_a_correction_is_planned_as_what_the_alert_is_now(
    store: Store, state: DeliveryState | None
) -> None:
    kept = alert(**REFUSED)
    keep(store, kept)
    if state:
        tell(store, [kept], state)
    changes: dict[str, Any] = {
        **WORKED,
        "rule_id": "other",
        "principal": "AIDAOTHER",
        "resources": ("a", "b"),
    }

    assert store.outbox.amend(replace(kept, **changes))

    (now,) = store.archive.alerts([kept.alert_id])
    assert planned_by(store.queue.deliveries([kept.alert_id], SECURITY)) == planned_by(
        deliveries_of(now, NOW)
    )
    assert now.outcome is Outcome.SUCCEEDED


def test_a_request_that_ends_after_a_correction_leaves_it_planned_as_it_is_now(
    store: Store,
) -> None:
    kept = alert(**REFUSED)
    keep(store, kept)
    began = post(kept)
    assert begun(store, began, held(store))
    before = store.queue.deliveries([kept.alert_id], SECURITY)

    assert store.outbox.amend(replace(kept, **WORKED))
    refused = replace(began, outcome="ratelimited", settled=True)
    store.queue.settle(refused, [replace(item, state=DeliveryState.PENDING) for item in before])

    assert planned_by(store.queue.due(SECURITY, LATER, 10)) == planned_by(
        deliveries_of(replace(kept, **WORKED), NOW)
    )


@pytest.mark.parametrize(
    ("others", "changes", "anew"),
    [
        (0, WORKED, False),  # its own message is updated
        (1, WORKED, True),  # which a digest would not say
        (1, {"outcome": Outcome.SUCCEEDED}, True),
        (1, {"via": "cli"}, False),
    ],
)
def test_what_came_to_more_is_told_anew_where_it_has_no_message_of_its_own(
    store: Store, others: int, changes: dict[str, Any], anew: bool
) -> None:
    told = [alert(number, **REFUSED) for number in range(others + 1)]
    keep(store, *told)
    tell(store, told)

    assert store.outbox.amend(replace(told[0], seen_at=LATER, **changes))

    (due,) = store.queue.due(SECURITY, LATER, 10)
    assert (due.alert_id, due.amended) == (told[0].alert_id, not anew)
    assert store.archive.backlog(LATER).pending == 1


def test_what_came_to_more_is_told_anew_where_others_were_counted_in_its_message(
    store: Store,
) -> None:
    first, again = alert(1, **REFUSED), alert(2, **REFUSED)
    keep(store, first, again)
    tell(store, [first], repeat_key="same", ts="1.2")
    raised: dict[str, Any] = {
        "kind": PostKind.UPDATE,
        "repeat_key": "same",
        "ts": "1.2",
        "repeats": 2,
    }
    tell(store, [again], **raised)

    assert store.outbox.amend(replace(first, **WORKED))
    assert store.outbox.amend(replace(again, **WORKED))

    due = store.queue.due(SECURITY, LATER, 10)
    assert [(each.state, each.amended) for each in due] == [(DeliveryState.PENDING, False)] * 2


def test_another_event_of_the_same_id_is_kept_by_its_own_id(store: Store) -> None:
    first, second = alert(own_id="1" * 32), alert(own_id="2" * 32, event_name="DeleteTrail")
    third = alert(own_id="3" * 32, actor="bob")
    keep(store, first)

    assert store.outbox.add([stored(second), stored(first), stored(second)], NOW) == {"2" * 32}
    assert store.outbox.add([stored(second), stored(third)], LATER) == {"3" * 32}
    assert store.outbox.add([stored(each) for each in (first, second, third)], LATER) == set()

    found = store.archive.get("2" * 32)
    assert found is not None
    assert found.alert.text == f"{second.text} (its event id was used before by another event)"
    assert [item.alert_id for item in found.deliveries] == ["2" * 32]
    assert store.archive.alerts([first.alert_id]) == [first]
    assert len(store.queue.due(SECURITY, NOW, 10)) == 3


def test_events_of_one_id_in_one_batch_are_all_kept(store: Store) -> None:
    batch = [stored(alert(own_id=number * 32, event_name=f"Do{number}")) for number in "1233"]

    assert store.outbox.add(batch, NOW) == {alert().alert_id, "2" * 32, "3" * 32}


def test_writers_of_events_of_one_id_at_once_keep_each_of_them_once(store: Store) -> None:
    events = [alert(own_id=f"{number % 4}" * 32, actor=f"{number % 4}") for number in range(16)]

    with ThreadPoolExecutor(8) as threads:
        added = list(threads.map(lambda item: store.outbox.add([stored(item)], NOW), events))

    everything = [alert_id for each in added for alert_id in each]
    assert len(everything) == len(set(everything)) == 4
    assert sorted(item.actor for item in store.archive.alerts(everything)) == ["0", "1", "2", "3"]


def late(**changes: Any) -> tuple[Alert, Alert]:
    """An original, and its addendum that comes first and makes less of it."""
    original = alert(own_id="1" * 32, severity=Severity.CRITICAL, channels=(SECURITY, "#audit"))
    less = replace(original, severity=Severity.LOW, outcome=Outcome.FAILED, channels=(SECURITY,))
    return original, replace(less, own_id="2" * 32, of_addendum=True, **changes)


def test_an_original_that_comes_late_completes_its_addendum(store: Store) -> None:
    original, first = late()
    keep(store, first)
    tell(store, [first])

    for _ in range(2):
        assert store.outbox.add([stored(original)], NOW) == set()

    found = store.archive.get(original.alert_id)
    assert found is not None
    assert (found.alert.severity, found.alert.outcome) == (Severity.CRITICAL, Outcome.SUCCEEDED)
    assert (found.alert.own_id, found.alert.corrected_by) == ("1" * 32, ("2" * 32,))
    assert {item.channel for item in found.deliveries} == {SECURITY, "#audit"}
    for channel in (SECURITY, "#audit"):
        (due,) = store.queue.due(channel, LATER, 10)
        assert (due.amended, due.severity) == (False, Severity.CRITICAL)  # told anew
    assert store.archive.backlog(NOW).pending == 2


def test_an_original_that_is_no_severer_updates_what_was_told(store: Store) -> None:
    original, first = late(severity=Severity.CRITICAL, outcome=Outcome.SUCCEEDED, via="cli")
    keep(store, first)
    tell(store, [first])

    store.outbox.add([replace(stored(original), deliveries=stored(first).deliveries)], NOW)

    (due,) = store.queue.due(SECURITY, LATER, 10)
    assert due.amended


def test_an_original_is_told_though_its_addendum_was_not(store: Store) -> None:
    original, first = late()
    assert store.outbox.add([replace(stored(first), deliveries=())], NOW) == {first.alert_id}

    store.outbox.add([stored(original)], NOW)

    assert len(store.queue.due(SECURITY, LATER, 10)) == 1
    assert len(store.queue.due("#audit", LATER, 10)) == 1


# One sender a channel


def test_one_of_two_claimants_holds_the_channel(store: Store) -> None:
    assert store.queue.claim(SECURITY, "one", LATER) is not None

    assert store.queue.claim(SECURITY, "two", LATER) is None


def test_a_lease_that_was_seen_unchanged_can_be_claimed(store: Store) -> None:
    store.queue.claim(SECURITY, "one", LATER)

    claimed = store.queue.claim(SECURITY, "two", LATER + HOUR, Lease("one", LATER))

    assert claimed is not None
    assert (claimed.channel.owner, claimed.channel.leased_until) == ("two", LATER + HOUR)


def test_who_holds_a_channel_may_prolong_it(store: Store) -> None:
    store.queue.claim(SECURITY, "one", LATER)

    assert store.queue.claim(SECURITY, "one", LATER + HOUR) is not None

    assert store.queue.claim(SECURITY, "two", LATER + HOUR, Lease("one", LATER)) is None


def test_sixteen_claimants_at_once_make_one_holder(store: Store) -> None:
    with ThreadPoolExecutor(16) as threads:
        claims = threads.map(lambda n: store.queue.claim(SECURITY, f"{n}", LATER), range(16))

    assert len([claim for claim in claims if claim is not None]) == 1


def test_a_channel_keeps_all_that_is_saved(store: Store) -> None:
    channel = replace(
        held(store),
        next_send_at=LATER,
        next_update_at=LATER + HOUR,
        burst_left=3.5,
        alone=("root|alice", "trail|bob"),
        trouble="outage",
        reason="refused",
        since=NOW,
        channel_id="C0123",
        pause=16.5,
        failures=5,
        calm_in=10,
        credential="a keyed hash",
    )

    assert store.queue.save(channel)

    assert channels(store) == [channel]


def test_a_released_channel_is_free_and_keeps_its_pace(store: Store) -> None:
    channel = replace(held(store), next_send_at=LATER)

    assert store.queue.save(replace(channel, leased_until=None))

    claimed = store.queue.claim(SECURITY, "two", LATER)
    assert claimed is not None
    assert claimed.channel.next_send_at == LATER


def test_who_released_a_channel_cannot_save_it_any_more(store: Store) -> None:
    released = replace(held(store), leased_until=None)
    store.queue.save(released)

    assert not store.queue.save(replace(released, burst_left=9, leased_until=LATER))

    assert channels(store) == [released]


def test_who_lost_a_channel_cannot_save_it(store: Store) -> None:
    lost = held(store)
    claim = taken(store)

    assert not store.queue.save(replace(lost, burst_left=9))

    assert claim is not None
    assert channels(store) == [claim.channel]


def test_nobody_can_save_a_channel_that_was_never_claimed(store: Store) -> None:
    keep(store, alert())

    assert not store.queue.save(Channel(name=SECURITY, owner="one"))
    assert not store.queue.save(Channel(name="#unknown", owner="one"))
    assert not store.queue.save(Channel(name=SECURITY))


# Telling


def test_what_is_due_comes_the_most_severe_first_then_the_oldest(store: Store) -> None:
    keep(
        store,
        alert(1, severity=Severity.LOW),
        alert(2, severity=Severity.CRITICAL),
        alert(3, severity=Severity.CRITICAL),
        alert(4, severity=Severity.INFO),
    )

    due = store.queue.due(SECURITY, NOW + HOUR, 10)

    assert [item.alert_id for item in due] == [alert(n).alert_id for n in (3, 2, 1, 4)]
    assert store.queue.due(SECURITY, NOW + HOUR, 2) == due[:2]


def test_a_correction_that_is_due_later_and_what_is_elsewhere_is_not_due(store: Store) -> None:
    due_later = delivery(alert(1), due_at=LATER, amended=True)
    store.outbox.add([StoredAlert(alert=alert(1), deliveries=(due_later,))], NOW)
    store.outbox.add([stored(alert(2, channels=("#audit",)))], NOW)

    assert store.queue.due(SECURITY, NOW, 10) == []
    assert len(store.queue.due(SECURITY, LATER, 10)) == 1


def test_what_is_due_at_a_time_that_cannot_be_is_due(store: Store) -> None:
    ahead = NOW + 6 * HOUR
    corrected = delivery(alert(2), due_at=ahead, amended=True)
    store.outbox.add([stored(alert(1), due_at=ahead)], NOW)
    store.outbox.add([StoredAlert(alert=alert(2), deliveries=(corrected,))], NOW)

    assert len(store.queue.due(SECURITY, NOW, 10)) == 2
    assert [each.due for each in store.queue.waiting(NOW)] == [True]


def test_a_post_is_written_before_it_is_made(store: Store) -> None:
    (kept,) = keep(store, alert())
    began = post(kept)

    assert begun(store, began, held(store))

    (sending,) = store.queue.deliveries([kept.alert_id], SECURITY)
    assert (sending.state, sending.post_id) == (DeliveryState.SENDING, began.post_id)
    assert unsettled(store, SECURITY) == [began]
    assert store.queue.due(SECURITY, NOW, 10) == []


def test_a_post_takes_the_channels_pace_with_it(store: Store) -> None:
    (kept,) = keep(store, alert())
    channel = replace(held(store), next_send_at=LATER, burst_left=2)

    assert begun(store, post(kept), channel)

    assert channels(store) == [channel]


def test_who_lost_the_channel_begins_nothing(store: Store) -> None:
    (kept,) = keep(store, alert())
    lost = held(store)
    taken(store)

    assert not begun(store, post(kept, attempted_at=LATER), lost)

    assert unsettled(store, SECURITY) == []
    assert len(store.queue.due(SECURITY, NOW, 10)) == 1


def test_who_holds_a_channel_begins_whatever_its_clock_says(store: Store) -> None:
    (kept,) = keep(store, alert())
    channel = held(store)

    assert begun(store, post(kept, attempted_at=LATER + DAY), channel)


def test_a_post_can_be_begun_again_over_itself(store: Store) -> None:
    (kept,) = keep(store, alert())
    begun(store, post(kept), held(store))
    again = post(kept, attempted_at=NOW + timedelta(seconds=1))

    assert begun(store, again, held(store))

    assert unsettled(store, SECURITY) == [again]


def test_a_settled_post_is_told_of_with_its_alert(store: Store) -> None:
    (kept,) = keep(store, alert())

    settled = tell(store, [kept], channel_id="C0123")

    found = store.archive.get(kept.alert_id)
    assert found is not None
    assert found.deliveries[0].state is DeliveryState.SENT
    assert found.posts == (settled,)
    assert unsettled(store, SECURITY) == []
    assert store.archive.backlog(NOW).pending == 0


def test_settling_again_is_harmless(store: Store) -> None:
    (kept,) = keep(store, alert())
    settled = tell(store, [kept])
    before = store.archive.get(kept.alert_id)

    store.queue.settle(settled, store.queue.deliveries([kept.alert_id], SECURITY))

    assert store.archive.get(kept.alert_id) == before


def test_a_delivery_keeps_all_that_is_settled(store: Store) -> None:
    (kept,) = keep(store, alert())
    began = post(kept)
    begun(store, began, held(store))
    settled = delivery(
        kept,
        state=DeliveryState.PARKED,
        due_at=LATER,
        attempts=3,
        form=2,
        possible_repeat=True,
        amended=True,
        post_id=began.post_id,
        reason="invalid_blocks",
    )

    store.queue.settle(replace(began, settled=True, outcome="refused"), [settled])

    assert store.queue.deliveries([kept.alert_id], SECURITY) == [settled]


def test_an_ambiguous_post_stays_unsettled_until_it_is_reconciled(store: Store) -> None:
    (kept,) = keep(store, alert())
    unclear = tell(store, [kept], DeliveryState.UNCERTAIN, outcome="ambiguous", settled=False)

    assert unsettled(store, SECURITY) == [unclear]
    assert store.archive.backlog(NOW).uncertain == 1

    found = store.queue.deliveries([kept.alert_id], SECURITY)
    settled = replace(unclear, outcome="sent", settled=True)
    store.queue.settle(settled, [replace(item, state=DeliveryState.SENT) for item in found])

    assert unsettled(store, SECURITY) == []
    assert store.archive.backlog(NOW).uncertain == 0


def test_unsettled_posts_come_oldest_first_and_by_channel(store: Store) -> None:
    alerts = keep(store, *(alert(number) for number in range(3)))
    channel = held(store)
    times = [NOW + timedelta(seconds=n) for n in (20, 0, 10)]
    posts = [post(item, attempted_at=at) for item, at in zip(alerts, times, strict=True)]
    for began in posts:
        assert begun(store, began, channel)

    assert unsettled(store, SECURITY) == [posts[1], posts[2], posts[0]]
    assert unsettled(store, "#audit") == []


def test_a_late_settle_does_not_touch_what_another_post_has_taken(store: Store) -> None:
    (kept,) = keep(store, alert())
    first = post(kept)
    begun(store, first, held(store))
    (sending,) = store.queue.deliveries([kept.alert_id], SECURITY)
    given_back = replace(sending, state=DeliveryState.PENDING, attempts=1)
    store.queue.settle(replace(first, settled=True, outcome="refused"), [given_back])
    second = post(kept, post_id="f" * 32)
    begun(store, second, held(store))

    parked = replace(sending, state=DeliveryState.PARKED)
    store.queue.settle(replace(first, settled=True, outcome="refused"), [parked])

    (now,) = store.queue.deliveries([kept.alert_id], SECURITY)
    assert (now.state, now.post_id) == (DeliveryState.SENDING, second.post_id)


def test_a_digest_of_250_is_one_post(large_store: Store) -> None:
    alerts = keep(large_store, *(alert(number) for number in range(250)))
    began = post(*alerts)

    assert begun(large_store, began, held(large_store))

    sending = large_store.queue.deliveries(began.alert_ids, SECURITY)
    assert {item.state for item in sending} == {DeliveryState.SENDING}
    assert [item.alert_id for item in sending] == list(began.alert_ids)
    assert unsettled(large_store, SECURITY) == [began]

    large_store.queue.settle(
        replace(began, outcome="sent", settled=True, ts="1.2"),
        [replace(item, state=DeliveryState.SENT) for item in sending],
    )

    assert large_store.archive.backlog(NOW).pending == 0
    assert unsettled(large_store, SECURITY) == []


def test_a_post_cut_off_before_its_deliveries_were_marked_still_stands_for_them(
    store: Store,
) -> None:
    (kept,) = keep(store, alert())
    began = post(kept)
    store.queue.settle(began, [])  # what a crash inside begin leaves: the post alone
    (pending,) = store.queue.deliveries(unsettled(store, SECURITY)[0].alert_ids, SECURITY)
    # Some stores mark each delivery, in others the post itself says that they are SENDING.
    assert pending.state in (DeliveryState.PENDING, DeliveryState.SENDING)

    uncertain = replace(pending, state=DeliveryState.UNCERTAIN, attempts=1)
    store.queue.settle(replace(began, outcome="cut off"), [uncertain])

    assert store.queue.due(SECURITY, NOW, 10) == []
    assert store.queue.deliveries([kept.alert_id], SECURITY) == [
        replace(uncertain, post_id=began.post_id)
    ]


def test_a_post_without_deliveries_is_kept_too(store: Store) -> None:
    notice = post(alert(), alert_ids=())
    store.queue.claim(SECURITY, "one", LATER)

    assert begun(store, notice, Channel(name=SECURITY, owner="one", leased_until=LATER))
    assert unsettled(store, SECURITY) == [notice]

    store.queue.settle(replace(notice, outcome="sent", settled=True), [])
    assert unsettled(store, SECURITY) == []


# Repeats


def test_the_last_single_post_for_a_repeat_key_is_found(store: Store) -> None:
    kept = keep(store, alert(1), alert(2))
    tell(store, [kept[1]], attempted_at=NOW - HOUR)
    last = tell(store, [kept[0]])
    key = delivery(kept[0]).repeat_key

    assert store.queue.last_single(SECURITY, key, NOW - DAY) == last
    assert store.queue.last_single(SECURITY, key, NOW + HOUR) is None
    assert store.queue.last_single("#audit", key, NOW - DAY) is None
    assert store.queue.last_single(SECURITY, "another", NOW - DAY) is None


def test_the_latest_post_is_so_by_the_channels_clock_where_ours_was_put_back(store: Store) -> None:
    first, second = (alert(number, actor="alice") for number in (1, 2))
    store.outbox.add([stored(first), stored(second)], NOW)
    key = delivery(first).repeat_key
    for one, at, ts in ((first, NOW + 6 * HOUR, "1.0"), (second, NOW, "2.0")):
        done = post(one, attempted_at=at, outcome="sent", settled=True, ts=ts, repeat_key=key)
        store.queue.settle(done, [])

    found = store.queue.last_single(SECURITY, key, NOW - HOUR / 4)

    assert found
    assert found.ts == "2.0"


def test_settling_an_older_single_late_does_not_hide_the_newer(store: Store) -> None:
    kept = keep(store, alert(1), alert(2))
    newer = tell(store, [kept[0]])

    tell(store, [kept[1]], attempted_at=NOW - HOUR)

    assert store.queue.last_single(SECURITY, delivery(kept[0]).repeat_key, NOW - DAY) == newer


@pytest.mark.parametrize("changes", [{"outcome": "refused"}, {"kind": PostKind.DIGEST}])
def test_what_was_not_sent_alone_is_no_last_single(store: Store, changes: dict[str, Any]) -> None:
    (kept,) = keep(store, alert())
    tell(store, [kept], **changes)

    assert store.queue.last_single(SECURITY, delivery(kept).repeat_key, NOW - DAY) is None


def test_a_sent_update_raises_the_count_of_the_message_it_updated(store: Store) -> None:
    first, second, third = keep(store, alert(1), alert(2), alert(3))
    single = tell(store, [first])
    also = ("on b", "by \U0001f600")
    update = post(second, kind=PostKind.UPDATE, ts=single.ts, repeats=5, also=also)
    sent = replace(update, outcome="sent", settled=True)

    store.queue.settle(sent, [])
    store.queue.settle(sent, [])
    late = replace(sent, post_id=post(third).post_id, repeats=3, also=("on c",))
    store.queue.settle(late, [])

    last = store.queue.last_single(SECURITY, delivery(first).repeat_key, NOW - DAY)
    assert last == replace(single, repeats=5, also=also)


def test_a_message_that_a_repeat_raised_lately_is_the_last_single_however_old(
    store: Store,
) -> None:
    first, second = keep(store, alert(1), alert(2))
    single = tell(store, [first], attempted_at=NOW - 2 * HOUR)
    key = delivery(first).repeat_key
    assert store.queue.last_single(SECURITY, key, NOW - HOUR) is None
    update = post(second, kind=PostKind.UPDATE, ts=single.ts, repeats=2, attempted_at=NOW)

    store.queue.settle(replace(update, outcome="sent", settled=True), [])

    raised = replace(single, repeats=2)
    assert store.queue.last_single(SECURITY, key, NOW - HOUR) == raised
    assert store.queue.last_single(SECURITY, key, NOW + HOUR) is None


def test_a_delivery_is_kept_with_all_that_it_folds_by(store: Store) -> None:
    refused = alert(1, outcome=Outcome.REFUSED, principal="anna", resources=("a", "b", "c", "d"))
    keep(store, refused)

    (kept,) = store.queue.due(SECURITY, LATER, 10)

    assert kept == delivery(refused)
    assert (kept.outcome, kept.principal) == (Outcome.REFUSED, "anna")
    assert kept.targets == ("a", "b", "c")


@pytest.mark.parametrize("changes", [{"outcome": "refused"}, {"ts": "9.9"}, {"repeat_key": None}])
def test_an_update_that_did_not_reach_the_message_leaves_its_count(
    store: Store, changes: dict[str, str]
) -> None:
    first, second = keep(store, alert(1), alert(2))
    single = tell(store, [first])
    update = post(second, kind=PostKind.UPDATE, ts=single.ts, repeats=5, outcome="sent")

    store.queue.settle(replace(update, settled=True, **changes), [])  # type: ignore[arg-type]

    assert store.queue.last_single(SECURITY, delivery(first).repeat_key, NOW - DAY) == single


# What needs a person


def test_parked_deliveries_are_listed_oldest_first(store: Store) -> None:
    alerts = keep(
        store,
        alert(1, severity=Severity.CRITICAL),
        alert(2, severity=Severity.INFO),
        alert(3, severity=Severity.HIGH),
        alert(4),
    )
    for item in alerts[:3]:
        tell(store, [item], DeliveryState.PARKED, outcome="refused")

    assert [item.alert_id for item in store.archive.parked(10)] == [
        alert(n).alert_id for n in (3, 2, 1)
    ]
    assert [item.alert_id for item in store.archive.parked(1)] == [alert(3).alert_id]
    assert store.archive.backlog(NOW).parked == 3


def test_a_parked_delivery_can_be_tried_again(store: Store) -> None:
    (kept,) = keep(store, alert())
    tell(store, [kept], DeliveryState.PARKED, outcome="refused")
    (parked,) = store.archive.parked(10)

    assert store.queue.replace(parked, delivery(kept, due_at=LATER))

    assert store.queue.due(SECURITY, LATER, 10) == [delivery(kept, due_at=LATER)]
    assert store.archive.parked(10) == []


def test_a_parked_delivery_can_be_discarded(store: Store) -> None:
    (kept,) = keep(store, alert())
    tell(store, [kept], DeliveryState.PARKED, outcome="refused")
    (parked,) = store.archive.parked(10)

    assert store.queue.replace(parked, None)

    found = store.archive.get(kept.alert_id)
    assert found is not None
    assert found.deliveries == ()
    assert store.archive.backlog(NOW).parked == 0


def test_what_has_moved_on_meanwhile_is_not_replaced(store: Store) -> None:
    (kept,) = keep(store, alert())
    pending = delivery(kept)
    tell(store, [kept])

    assert not store.queue.replace(pending, None)
    assert not store.queue.replace(delivery(alert(2)), None)

    assert store.queue.deliveries([kept.alert_id], SECURITY)[0].state is DeliveryState.SENT


def test_a_delivery_can_move_to_another_channel(store: Store) -> None:
    (kept,) = keep(store, alert())

    assert store.queue.replace(delivery(kept), delivery(kept, "#new"))

    assert store.queue.due(SECURITY, NOW, 10) == []
    assert store.queue.due("#new", NOW, 10) == [delivery(kept, "#new")]
    assert "#new" in [channel.name for channel in channels(store)]


def test_a_delivery_that_moves_to_a_channel_told_already_is_only_removed(
    store: Store,
) -> None:
    (kept,) = keep(store, alert(channels=("#old", SECURITY)))
    tell(store, [kept])

    assert store.queue.replace(delivery(kept, "#old"), delivery(kept, SECURITY))

    assert store.queue.due(SECURITY, NOW, 10) == []
    assert store.queue.deliveries([kept.alert_id], SECURITY)[0].state is DeliveryState.SENT
    assert store.queue.deliveries([kept.alert_id], "#old") == []


# Looking back


def test_alerts_come_in_the_order_asked_for(large_store: Store) -> None:
    keep(large_store, *(alert(number) for number in range(120)))
    wanted = [alert(n).alert_id for n in (7, 3, 999, *range(20, 120))]

    found = large_store.archive.alerts(wanted)

    assert [item.alert_id for item in found] == [key for key in wanted if key != wanted[2]]
    assert {str(item.record) for item in found} == {"{}"}


def test_an_unknown_alert_is_none(store: Store) -> None:
    assert store.archive.get("0" * 32) is None


def test_lists_are_newest_first_with_deliveries(store: Store) -> None:
    kept = keep(store, alert(3), alert(1), alert(2))

    page = store.archive.search(AlertQuery(), 10)

    assert [item.alert for item in page.alerts] == [replace(alert(n), record={}) for n in (1, 2, 3)]
    assert [item.deliveries for item in page.alerts] == [(delivery(alert(n)),) for n in (1, 2, 3)]
    assert (page.next_cursor, page.searched_until) == (None, None)
    assert len(kept) == 3


def test_an_empty_store_has_an_empty_list(store: Store) -> None:
    page = store.archive.search(AlertQuery(), 10)

    assert (page.alerts, page.next_cursor) == ((), None)


def pages(store: Store, query: AlertQuery, limit: int) -> list[str]:
    found: list[str] = []
    cursor: str | None = None
    for _ in range(200):
        page = store.archive.search(query, limit, cursor)
        assert len(page.alerts) <= limit
        found += [item.alert.event_id for item in page.alerts]
        cursor = page.next_cursor
        if cursor is None:
            return found
    raise AssertionError("the list has no end")


@pytest.mark.parametrize("limit", [1, 2, 7, 50])
def test_paging_finds_every_alert_once(store: Store, limit: int) -> None:
    # several in one second, and days with none between
    times = [NOW - timedelta(days=n // 3, seconds=n % 2) for n in range(20)]
    alerts = keep(store, *(alert(n, event_time=time) for n, time in enumerate(times)))

    found = pages(store, AlertQuery(), limit)

    assert sorted(found) == sorted(item.event_id for item in alerts)
    by_id = {item.event_id: item.event_time for item in alerts}
    moments = [by_id[key] for key in found]
    assert moments == sorted(moments, reverse=True)


def test_paging_is_not_moved_by_new_arrivals(store: Store) -> None:
    keep(store, *(alert(number) for number in range(10, 20)))
    first = store.archive.search(AlertQuery(), 4)

    keep(store, alert(1), alert(2), alert(3))

    second = store.archive.search(AlertQuery(), 4, first.next_cursor)
    assert [item.alert.event_id for item in second.alerts] == [f"event-{n}" for n in range(14, 18)]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda cursor: cursor[:-1],
        lambda cursor: cursor + "A",
        lambda cursor: cursor + "=",
        lambda cursor: ("B" if cursor[0] == "A" else "A") + cursor[1:],
        lambda cursor: cursor[:-1] + ("B" if cursor[-1] == "A" else "A"),
        lambda cursor: "",
        lambda cursor: "\N{SNOWMAN}",
        lambda cursor: "AAAA",
    ],
)
def test_a_cursor_that_was_tampered_with_is_refused(store: Store, spoil: object) -> None:
    keep(store, alert(1), alert(2))
    cursor = store.archive.search(AlertQuery(), 1).next_cursor

    with pytest.raises(CursorError):
        store.archive.search(AlertQuery(), 1, spoil(cursor))  # type: ignore[operator]


def mixed(store: Store) -> None:
    alerts = [
        alert(1, severity=Severity.CRITICAL, actor="root", event_name="ConsoleLogin"),
        alert(
            2,
            account_id="444455556666",
            title="Root was used 100%",
            aws_region="eu-west-1",
            source_ip="198.51.100.7",
        ),
        alert(
            3,
            actor="Bob",
            resources=("arn:aws:s3:::example-Bucket",),
            event_source="s3.amazonaws.com",
            rule_ids=("trail-stopped", "bucket-opened"),
            access_key="AKIA…MPLE",
        ),
        alert(4, severity=Severity.INFO, event_time=NOW - 3 * DAY, outcome=Outcome.REFUSED),
    ]
    keep(store, *alerts)
    tell(store, [alerts[2]])
    tell(store, [alerts[3]], DeliveryState.PARKED, outcome="refused")


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"severity": Severity.CRITICAL}, [1]),
        ({"severity": Severity.LOW}, []),
        ({"actor": "root"}, [1]),
        ({"actor": "bob"}, []),
        ({"event_name": "ConsoleLogin"}, [1]),
        ({"account": "444455556666"}, [2]),
        ({"state": DeliveryState.SENT}, [3]),
        ({"state": DeliveryState.PARKED}, [4]),
        ({"state": DeliveryState.PENDING}, [1, 2]),
        ({"state": DeliveryState.UNCERTAIN}, []),
        ({"severity": (Severity.CRITICAL, Severity.INFO)}, [1, 4]),
        ({"actor": ("root", "Bob", "nobody")}, [1, 3]),
        ({"region": "eu-west-1"}, [2]),
        ({"region": ("eu-central-1", "eu-west-1")}, [1, 2, 3, 4]),
        ({"service": "s3"}, [3]),
        ({"service": "S3.amazonaws.com"}, [3]),
        ({"service": ("s3", "cloudtrail")}, [1, 2, 3, 4]),
        ({"rule": "trail-stopped"}, [1, 2, 3, 4]),
        ({"rule": "bucket-opened"}, [3]),
        ({"rule": ("no-such-rule", "bucket-opened")}, [3]),
        ({"source_ip": "198.51.100.7"}, [2]),
        ({"outcome": Outcome.REFUSED}, [4]),
        ({"outcome": (Outcome.REFUSED, Outcome.FAILED)}, [4]),
        ({"state": (DeliveryState.SENT, DeliveryState.PARKED)}, [3, 4]),
        ({"state": (DeliveryState.PENDING, DeliveryState.PARKED)}, [1, 2, 4]),
        ({"service": "cloudtrail", "outcome": Outcome.SUCCEEDED, "region": "eu-central-1"}, [1]),
        ({"rule": "bucket-opened", "state": DeliveryState.SENT, "text": "bucket"}, [3]),
        ({"rule": "bucket-opened", "state": DeliveryState.PARKED}, []),
        ({"region": "eu-west-1", "text": "bob"}, []),
        ({"text": "198.51.100.7"}, [2]),
        ({"text": "AKIA" + "IOSFODNN7" + "EXAMPLE"}, [3]),
        ({"text": "s3:::example-bucket"}, [3]),
        ({"text": "BUCKET"}, [3]),
        ({"text": "bob"}, [3]),
        ({"text": "100%"}, [2]),
        ({"text": "ogin"}, [1]),
        ({"text": "trail was"}, [1, 3, 4]),
        ({"text": 'no" OR "trail'}, []),
        ({"text": "_ucket"}, []),
        ({"actor": "alice", "severity": Severity.HIGH}, [2]),
        ({"actor": "alice", "state": DeliveryState.PARKED}, [4]),
        ({"text": "trail", "state": DeliveryState.PENDING, "severity": Severity.CRITICAL}, [1]),
        ({"since": NOW - DAY}, [1, 2, 3]),
        ({"since": NOW - timedelta(minutes=2), "until": NOW - timedelta(minutes=1)}, [2]),
        ({"until": NOW - DAY, "severity": Severity.INFO}, [4]),
        ({"until": NOW - DAY, "text": "trail"}, [4]),
        ({"since": NOW - DAY, "state": DeliveryState.PENDING}, [1, 2]),
        ({"since": NOW - timedelta(minutes=2, microseconds=-1)}, [1]),
        ({"until": NOW - timedelta(minutes=2, microseconds=-1)}, [2, 3, 4]),
        ({"since": NOW, "until": NOW - DAY}, []),
    ],
)
def test_filters_find_what_they_name_and_combine(
    store: Store, filters: dict[str, Any], expected: list[int]
) -> None:
    mixed(store)

    assert ids(store, **filters) == [f"event-{number}" for number in expected]


@pytest.mark.parametrize(
    "filters",
    [
        {"severity": Severity.LOW},
        {"actor": "carol"},
        {"state": DeliveryState.PENDING},
        {"text": "carol"},
        {"actor": "carol", "severity": Severity.LOW},
    ],
)
def test_a_filtered_list_is_paged_whole(store: Store, filters: dict[str, Any]) -> None:
    wanted = [alert(n, actor="carol", severity=Severity.LOW) for n in range(0, 30, 3)]
    keep(store, *wanted)
    store.outbox.add([stored(alert(n), state=DeliveryState.SENT) for n in range(1, 30, 3)], NOW)

    found = pages(store, query_of(**filters), 3)

    assert found == [item.event_id for item in wanted]


@pytest.mark.parametrize("service", [".amazonaws.com", ".AMAZONAWS.COM"])
def test_what_an_alert_does_not_have_cannot_be_asked_for(store: Store, service: str) -> None:
    keep(store, alert(1, event_source=""), alert(2, event_source=".amazonaws.com"))

    assert ids(store, service=service) == []


def test_a_state_of_two_deliveries_lists_their_alert_once(store: Store) -> None:
    kept = keep(store, *(alert(n, channels=("#audit", SECURITY)) for n in range(5)))

    found = pages(store, AlertQuery(state=(DeliveryState.PENDING,)), 2)

    assert found == [item.event_id for item in kept]


def test_the_newest_alert_of_each_rule_is_found(store: Store) -> None:
    keep(store, *(alert(n, rule_id="trail-stopped") for n in (3, 1)))
    keep(store, alert(2, rule_id="bucket-opened", rule_ids=("bucket-opened",)))

    found = store.archive.last_matched(["trail-stopped", "bucket-opened", "never"], NOW)

    assert found == {
        "trail-stopped": Last(alert(1).event_time, alert(1).alert_id),
        "bucket-opened": Last(alert(2).event_time, alert(2).alert_id),
    }


def test_a_summary_counts_the_span_it_is_asked_for(store: Store) -> None:
    keep(
        store,
        alert(1),
        alert(2, severity=Severity.LOW, actor="bob", rule_id="bucket-opened"),
        alert(70, event_source="s3.amazonaws.com"),
        alert(3, event_time=NOW - 2 * DAY),
        alert(4, event_time=NOW),
    )

    counted = store.archive.summary(NOW - DAY, NOW)

    assert counted.total == 3
    assert counted.severities == {"high": 2, "low": 1}
    assert counted.hours == {
        "2026-11-24T10:00:00Z": {"high": 1},
        "2026-11-24T11:00:00Z": {"high": 1, "low": 1},
    }
    assert counted.actors == {"alice": 2, "bob": 1}
    assert counted.rules == {"trail-stopped": 2, "bucket-opened": 1}
    assert counted.services == {"cloudtrail.amazonaws.com": 2, "s3.amazonaws.com": 1}
    assert counted.searched_until is None


def test_the_backlog_says_how_long_the_oldest_has_waited(store: Store) -> None:
    first, second, third = keep(store, alert(1), alert(2), alert(90))
    store.outbox.add([stored(alert(5), due_at=NOW + HOUR)], NOW)
    tell(store, [third])
    assert begun(store, post(second), held(store))

    backlog = store.archive.backlog(NOW + DAY)

    assert (backlog.pending, backlog.uncertain, backlog.parked) == (3, 0, 0)
    assert backlog.oldest_due == second.seen_at
    assert [channel.name for channel in backlog.channels] == [SECURITY]
    assert store.archive.backlog(first.seen_at - DAY).oldest_due is None


# Keeping house


def test_a_note_is_kept_until_the_next(store: Store) -> None:
    assert store.notes.noted("deaf") is None

    store.notes.note("deaf", {"since": "2026-11-24T03:00:00Z", "count": 1, "": ""})
    store.notes.note("deaf", {"count": 2, "why": None})

    assert store.notes.noted("deaf") == {"count": 2, "why": None}
    assert store.notes.noted("other") is None


def test_what_is_past_retention_and_finished_is_removed(store: Store) -> None:
    sent, parked, pending, recent = keep(store, *(aged(n, n) for n in (100, 99, 98, 1)))
    tell(store, [sent])
    tell(store, [parked], DeliveryState.PARKED)
    tell(store, [recent])

    assert store.outbox.expire(NOW - 90 * DAY, 10) == 2

    assert store.archive.get(sent.alert_id) is None
    assert sorted(ids(store)) == sorted([pending.event_id, recent.event_id])
    assert sorted(ids(store, text="trail")) == sorted([pending.event_id, recent.event_id])
    assert store.queue.due(SECURITY, NOW, 10) == [delivery(pending)]
    assert store.outbox.expire(NOW - 90 * DAY, 10) == 0


def test_an_alert_with_one_delivery_still_to_make_is_not_removed(store: Store) -> None:
    (kept,) = keep(store, aged(1, 100, channels=(SECURITY, "#audit")))
    tell(store, [kept])

    assert store.outbox.expire(NOW, 10) == 0

    assert store.archive.get(kept.alert_id) is not None
    assert [item.channel for item in store.queue.due("#audit", NOW, 10)] == ["#audit"]


def test_an_old_event_that_was_seen_lately_is_not_removed(store: Store) -> None:
    (kept,) = keep(store, alert(event_time=NOW - 300 * DAY, seen_at=NOW))
    tell(store, [kept])

    assert store.outbox.expire(NOW - 90 * DAY, 10) == 0
    assert store.outbox.known([kept.alert_id]) == {kept.alert_id}


def test_removing_is_bounded(store: Store) -> None:
    alerts = [aged(n, 100 + n % 2) for n in range(5)]
    store.outbox.add([stored(item, state=DeliveryState.SENT) for item in alerts], NOW)

    assert [store.outbox.expire(NOW, 2) for _ in range(4)] == [2, 2, 1, 0]
    assert ids(store) == []


def test_what_was_removed_can_be_kept_anew(store: Store) -> None:
    old = aged(1, 100)
    keep(store, old)
    tell(store, [old])
    store.outbox.expire(NOW, 10)

    keep(store, old)

    assert len(store.queue.due(SECURITY, NOW, 10)) == 1
    assert ids(store, text="trail") == [old.event_id]


# Together


def test_the_same_batch_on_sixteen_threads_is_new_once(large_store: Store) -> None:
    batch = [stored(alert(number)) for number in range(40)]

    with ThreadPoolExecutor(16) as threads:
        added = list(threads.map(lambda _: large_store.outbox.add(batch, NOW), range(32)))

    assert sorted(key for keys in added for key in keys) == sorted(i.alert.alert_id for i in batch)
    assert len(large_store.queue.due(SECURITY, LATER, 100)) == 40
