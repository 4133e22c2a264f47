"""An alert of what came together grows in its place: one contract for every store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.archive import AlertQuery
from chalicelib.alerts.delivery import DeliveryState
from chalicelib.alerts.handling import Person
from chalicelib.alerts.together import Met, Together
from chalicelib.rules.rule import Severity
from chalicelib.stores.store import Store
from tests.stores.factories import NOW, SECURITY, alert, stored, tell
from tests.stores.test_handling import owned_by

MINUTE = timedelta(minutes=1)


def of(count: int, *, belongs_to: str = "", **changes: object) -> Alert:
    """The alert of so many members, one a minute, the first ten minutes ago."""
    first = NOW - 10 * MINUTE
    met = tuple(
        Met(id=f"{number:032x}", event_id="", time=first + number * MINUTE, operation="Op")
        for number in range(count)
    )
    last = met[-1].time
    together = Together(
        kind="event_count",
        group="0" * 32,
        count=count,
        first=first,
        last=last,
        members=met,
        belongs_to=belongs_to,
    )
    values = {"event_id": "", "event_time": last, "own_id": "", "text": f"{count} × Op", **changes}
    return replace(alert(), together=together, **values)  # type: ignore[arg-type]


def kept(store: Store) -> Alert:
    (found,) = store.archive.alerts([of(1).alert_id])
    return found


def test_what_came_together_is_kept_as_it_was(store: Store) -> None:
    store.outbox.add([stored(of(3))], NOW)
    assert kept(store) == of(3)
    found = store.archive.get(of(3).alert_id)
    assert found is not None
    assert found.alert.together == of(3).together


def test_more_members_raise_the_count_and_have_the_message_updated(store: Store) -> None:
    store.outbox.add([stored(of(3))], NOW)
    tell(store, [of(3)])
    assert store.outbox.amend(of(5, seen_at=NOW))
    assert kept(store) == of(5, seen_at=of(3).seen_at)
    (delivery,) = store.queue.deliveries([of(3).alert_id], SECURITY)
    assert (delivery.state, delivery.amended) == (DeliveryState.PENDING, True)


def test_what_is_severer_with_more_members_is_told_anew_since_an_update_notifies_nobody(
    store: Store,
) -> None:
    store.outbox.add([stored(of(3, severity=Severity.INFO, allowed="office"))], NOW)
    tell(store, [of(3)])
    store.outbox.amend(of(4, severity=Severity.HIGH))
    (delivery,) = store.queue.deliveries([of(3).alert_id], SECURITY)
    assert (delivery.state, delivery.amended) == (DeliveryState.PENDING, False)


def test_what_people_made_of_it_stays_when_more_members_come(store: Store) -> None:
    store.outbox.add([stored(of(3))], NOW)
    anna = Person(id="U1", name="anna")
    store.handlings.handle(of(3).alert_id, owned_by(anna), NOW)
    assert store.outbox.amend(of(5))
    found = kept(store)
    assert found.together is not None
    assert (found.together.count, found.handling.owner) == (5, anna)


def test_what_could_be_read_of_its_end_alone_changes_nothing(store: Store) -> None:
    store.outbox.add([stored(of(5))], NOW)
    later = of(7).together
    assert later is not None
    store.outbox.amend(replace(of(7), together=replace(later, first=later.first + MINUTE)))
    assert kept(store) == of(5)


def test_fewer_members_or_the_same_change_nothing(store: Store) -> None:
    store.outbox.add([stored(of(5))], NOW)
    tell(store, [of(5)])
    for count in (5, 3):
        assert store.outbox.amend(of(count, seen_at=NOW))
    assert kept(store) == of(5)
    (delivery,) = store.queue.deliveries([of(5).alert_id], SECURITY)
    assert (delivery.state, delivery.amended) == (DeliveryState.SENT, False)


def test_it_is_listed_by_the_time_of_its_latest_member(store: Store) -> None:
    store.outbox.add([stored(of(3)), stored(alert(2)), stored(alert(7))], NOW)
    store.outbox.amend(of(9))
    page = store.archive.search(AlertQuery(), 10)
    latest = {item.alert.alert_id: item.alert.event_time for item in page.alerts}
    assert list(latest.values()) == [NOW - 2 * MINUTE, NOW - 2 * MINUTE, NOW - 7 * MINUTE]
    assert latest[of(9).alert_id] == of(9).event_time
    since = store.archive.search(AlertQuery(since=NOW - 3 * MINUTE), 10)
    assert {item.alert.alert_id for item in since.alerts} == {
        of(9).alert_id,
        alert(2).alert_id,
    }
    assert [len(item.deliveries) for item in page.alerts] == [1, 1, 1]


def test_one_that_belongs_to_an_older_says_so_and_grows_no_more(store: Store) -> None:
    store.outbox.add([stored(of(3))], NOW)
    store.outbox.amend(of(6, belongs_to="f" * 32))
    store.outbox.amend(of(8))
    found = kept(store)
    assert found.together is not None
    assert (found.together.count, found.together.belongs_to) == (3, "f" * 32)
    assert found.text == f"3 × Op (it belongs to what was told before: alert {'f' * 32})"


def test_what_is_not_kept_cannot_grow(store: Store) -> None:
    assert not store.outbox.amend(of(3))
    store.outbox.add([stored(alert())], NOW)
    assert not store.outbox.amend(of(3))
