"""What every store keeps of what people do with alerts: owners, mutes, clicks, followups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.clicks import Decide, Handled, Reply
from chalicelib.alerts.delivery import DeliveryState, deliveries_of
from chalicelib.alerts.followups import Followup, FollowupKind, followup_of
from chalicelib.alerts.handling import Handling, Muted, Person
from chalicelib.alerts.mutes import MOST_MUTES, Mute, hidden_by, mute_of, prolonged
from chalicelib.alerts.notices import REMINDER, notice
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.rules.rule import Severity
from chalicelib.stores.dynamodb.store import dynamodb_store
from chalicelib.stores.store import Store
from tests.stores.factories import NOW, SECURITY, alert, query_of, stored, tell
from tests.stores.tables import table

ANNA, BOB = Person(id="U1", name="anna"), Person(id="U2", name="bob")
HOUR = timedelta(hours=1)
LATER = NOW + timedelta(minutes=1)


def keep(store: Store, *alerts: Alert) -> tuple[Alert, ...]:
    assert store.outbox.add([stored(item) for item in alerts], NOW) == {a.alert_id for a in alerts}
    return alerts


def owned_by(person: Person, **more: Any) -> Decide:
    """Whoever comes first has it."""

    def decide(found: StoredAlert | None, _: Mute | None) -> Handled:
        if found is None:
            return Handled(reply=Reply.GONE)
        if found.alert.handling.owner:
            return Handled(reply=Reply.TAKEN, alert=found.alert)
        handling = Handling(owner=person, since=LATER)
        after = replace(found.alert, handling=handling)
        return Handled(reply=Reply.ACKNOWLEDGED, alert=after, **more)

    return decide


def muted_from(person: Person, span: timedelta = HOUR) -> Decide:
    """As a click on "mute" has it, without its bounds."""

    def decide(found: StoredAlert | None, standing: Mute | None) -> Handled:
        assert found
        mute = mute_of(found.alert, person, LATER, span, channel=SECURITY)
        if standing:
            mute = prolonged(standing, mute)
        return Handled(reply=Reply.MUTED, alert=found.alert, mute=mute, begins=True)

    return decide


def mute(store: Store, of: Alert, person: Person = ANNA, span: timedelta = HOUR) -> Mute:
    found = store.handlings.handle(of.alert_id, muted_from(person, span), LATER).mute
    assert found
    return found


def hidden(of: Alert, by: Mute) -> StoredAlert:
    return StoredAlert(
        alert=of, deliveries=tuple(hidden_by(each, by) for each in deliveries_of(of, NOW))
    )


def state(store: Store, of: Alert) -> DeliveryState:
    (delivery,) = got(store, of).deliveries
    return delivery.state


def got(store: Store, of: Alert) -> StoredAlert:
    found = store.archive.get(of.alert_id)
    assert found
    return found


def listed(store: Store, **filters: Any) -> list[str]:
    return [each.alert.event_id for each in store.archive.search(query_of(**filters), 50).alerts]


def as_plain(found: Followup) -> tuple[FollowupKind, str]:
    return found.kind, found.subject


# Owners


def test_who_acknowledged_and_when_comes_back_with_the_alert_its_record_and_its_place(
    store: Store,
) -> None:
    one, two, three = keep(store, alert(1), alert(2), alert(3))

    store.handlings.handle(two.alert_id, owned_by(ANNA), LATER, "key")

    after = replace(two, handling=Handling(owner=ANNA, since=LATER))
    assert got(store, two).alert == after
    assert got(store, two).alert.record == two.record
    assert store.archive.alerts([two.alert_id]) == [after]
    assert listed(store) == [each.event_id for each in (one, two, three)]


def test_every_part_of_a_handling_comes_back(store: Store) -> None:
    (kept,) = keep(store, alert())
    handling = Handling(
        owner=ANNA,
        since=NOW,
        asked="U3",
        asked_at=NOW,
        before=("C1 1.000001",),
        answer="yes",
        answered_at=LATER,
        answered_by=BOB,
        touched_at=LATER,
        muted=Muted(mute_id="m", by=replace(BOB, via="command"), until=LATER),
    )
    after = replace(kept, handling=handling)

    store.handlings.handle(
        kept.alert_id, lambda *_: Handled(reply=Reply.CONFIRMED, alert=after), LATER
    )

    assert got(store, kept).alert.handling == handling


def test_what_was_sent_has_its_message_updated(store: Store) -> None:
    (kept,) = keep(store, alert())
    tell(store, [kept])

    store.handlings.handle(kept.alert_id, owned_by(ANNA), LATER)

    (due,) = store.queue.due(SECURITY, LATER, 10)
    assert (due.amended, due.handled, due.due_at) == (True, True, LATER)
    assert got(store, kept).posts[0].ts


def test_what_is_not_sent_yet_is_told_with_its_owner(store: Store) -> None:
    (kept,) = keep(store, alert())

    store.handlings.handle(kept.alert_id, owned_by(ANNA), LATER)

    (due,) = store.queue.due(SECURITY, LATER, 10)
    assert (due.state, due.amended, due.handled) == (DeliveryState.PENDING, False, True)


def test_what_is_done_quietly_updates_no_message(store: Store) -> None:
    (kept,) = keep(store, alert())
    tell(store, [kept])

    store.handlings.handle(kept.alert_id, owned_by(ANNA, quiet=True), LATER)

    assert store.queue.due(SECURITY, LATER, 10) == []
    assert got(store, kept).alert.handling.owner == ANNA


def test_what_is_severer_now_is_told_anew_where_that_is_to_be_loud(store: Store) -> None:
    (kept,) = keep(store, alert(severity=Severity.HIGH))
    tell(store, [kept])
    worse = replace(kept, severity=Severity.CRITICAL)

    store.handlings.handle(
        kept.alert_id, lambda *_: Handled(reply=Reply.DENIED, alert=worse, loud=True), LATER
    )

    (due,) = store.queue.due(SECURITY, LATER, 10)
    assert (due.severity, due.amended) == (Severity.CRITICAL, False)


def test_the_same_request_again_changes_nothing_whatever_came_between(store: Store) -> None:
    (kept,) = keep(store, alert())
    store.handlings.handle(kept.alert_id, owned_by(ANNA), LATER, "one")
    free = replace(kept, handling=Handling())
    store.handlings.handle(
        kept.alert_id, lambda *_: Handled(reply=Reply.RELEASED, alert=free), LATER, "two"
    )

    again = store.handlings.handle(kept.alert_id, owned_by(ANNA), LATER, "one")

    assert again == Handled(reply=Reply.REPEATED, alert=kept)
    assert got(store, kept).alert.handling.owner is None


def test_a_request_that_changed_nothing_is_remembered_too(store: Store) -> None:
    (kept,) = keep(store, alert())
    store.handlings.handle(kept.alert_id, owned_by(ANNA), LATER, "one")
    assert store.handlings.handle(kept.alert_id, owned_by(BOB), LATER, "two").reply is Reply.TAKEN

    again = store.handlings.handle(kept.alert_id, owned_by(BOB), LATER, "two")

    assert again.reply is Reply.REPEATED


def test_an_alert_that_is_gone_is_none(store: Store) -> None:
    assert store.handlings.handle("0" * 32, owned_by(ANNA), LATER, "key").reply is Reply.GONE


def test_a_correction_keeps_the_owner(store: Store) -> None:
    (kept,) = keep(store, alert(own_id="1" * 32))
    store.handlings.handle(kept.alert_id, owned_by(ANNA), LATER)

    assert store.outbox.amend(
        replace(kept, own_id="2" * 32, error_code="AccessDenied", outcome=Outcome.REFUSED)
    )

    found = got(store, kept).alert
    assert (found.handling.owner, found.corrected_by) == (ANNA, ("2" * 32,))


@pytest.mark.parametrize("more", [{}, {"account": "111122223333"}, {"text": "alice"}])
def test_lists_tell_what_has_an_owner_from_what_has_none(
    store: Store, more: dict[str, Any]
) -> None:
    one, two, three = keep(store, alert(1), alert(2), alert(3))
    store.handlings.handle(two.alert_id, owned_by(ANNA), LATER)

    assert listed(store, acknowledged=True, **more) == [two.event_id]
    assert listed(store, acknowledged=False, **more) == [one.event_id, three.event_id]


# Mutes


def test_a_mute_is_in_force_until_it_is_ended(store: Store) -> None:
    (kept,) = keep(store, alert(severity=Severity.MEDIUM))
    made = mute(store, kept)

    assert store.mutes.in_force() == (made,)
    assert store.mutes.get(made.mute_id) == made
    assert store.mutes.end(made.mute_id, LATER + HOUR, BOB)

    assert store.mutes.in_force() == ()
    assert store.mutes.get(made.mute_id) == replace(made, ended_at=LATER + HOUR, ended_by=BOB)
    assert not store.mutes.end(made.mute_id, LATER + HOUR, BOB)


def test_a_mute_that_is_ended_is_to_be_looked_at_then(store: Store) -> None:
    (kept,) = keep(store, alert())
    made = mute(store, kept)
    store.mutes.end(made.mute_id, LATER + HOUR)
    store.queue.waiting(LATER)

    (found,) = store.followups.due(LATER + HOUR, 10)

    assert as_plain(found) == (FollowupKind.MUTE_END, made.mute_id)


def test_the_click_that_ends_a_mute_is_taken_once(store: Store) -> None:
    (kept,) = keep(store, alert())
    first = mute(store, kept)
    assert store.mutes.end(first.mute_id, LATER, ANNA, "key")

    assert not store.mutes.end(first.mute_id, LATER, ANNA, "key")
    assert store.handlings.handle(kept.alert_id, owned_by(ANNA), LATER, "key").reply is (
        Reply.REPEATED
    )


def test_of_two_that_hide_the_same_one_is_in_force_for_as_long_as_either(store: Store) -> None:
    kept, other = keep(store, alert(1), alert(2))
    made = mute(store, kept)

    longer = mute(store, other, BOB, 2 * HOUR)

    until = LATER + 2 * HOUR
    assert longer == replace(made, until=until, by=BOB, also=(other.alert_id,))
    assert store.mutes.in_force() == (longer,)
    assert store.mutes.get(made.mute_id) == longer


def test_what_is_hidden_is_not_due_and_is_listed_and_counted(store: Store) -> None:
    (kept,) = keep(store, alert(1))
    tell(store, [kept])
    made = mute(store, kept)
    more = [alert(number) for number in range(2, 12)]

    store.outbox.add([hidden(each, made) for each in more], LATER)

    assert {state(store, each) for each in more} == {DeliveryState.MUTED}
    assert got(store, more[0]).deliveries[0].mute_id == made.mute_id
    assert store.queue.due(SECURITY, LATER, 20) == []
    assert store.mutes.hidden(made.mute_id) == len(more)
    assert listed(store, state=DeliveryState.MUTED) == [each.event_id for each in more]
    assert store.archive.summary(NOW - 24 * HOUR, NOW).total == len(more) + 1
    assert store.archive.backlog(LATER).pending == 0


def test_what_is_hidden_in_several_channels_is_so_in_each(store: Store) -> None:
    (kept,) = keep(store, alert(1))
    made = mute(store, kept)
    wide = alert(2, channels=("#audit", SECURITY))

    store.outbox.add([hidden(wide, made)], LATER)

    assert {each.state for each in got(store, wide).deliveries} == {DeliveryState.MUTED}
    assert store.mutes.hidden(made.mute_id) == 2


def test_what_is_kept_twice_is_hidden_once(store: Store) -> None:
    (kept,) = keep(store, alert(1))
    made = mute(store, kept)
    store.outbox.add([hidden(alert(2), made)], LATER)

    assert store.outbox.add([hidden(alert(2), made), hidden(alert(3), made)], LATER) == {
        alert(3).alert_id
    }

    assert store.mutes.hidden(made.mute_id) == 2


def test_what_a_mute_would_hide_that_has_ended_meanwhile_is_told(store: Store) -> None:
    (kept,) = keep(store, alert(1))
    made = mute(store, kept)
    store.mutes.end(made.mute_id, LATER)

    store.outbox.add([hidden(alert(2), made), stored(alert(3))], LATER)

    assert state(store, alert(2)) is DeliveryState.PENDING
    assert store.mutes.hidden(made.mute_id) == 0


@pytest.mark.parametrize(
    ("change", "after"),
    [
        ({"severity": Severity.HIGH}, DeliveryState.PENDING),
        ({"outcome": Outcome.SUCCEEDED}, DeliveryState.PENDING),
        ({"resources": ("another",)}, DeliveryState.MUTED),
    ],
)
def test_a_correction_has_what_is_more_than_the_mute_hides_told(
    store: Store, change: dict[str, Any], after: DeliveryState
) -> None:
    refused: dict[str, Any] = {"severity": Severity.MEDIUM, "outcome": Outcome.REFUSED}
    (kept,) = keep(store, alert(1, **refused))
    made = mute(store, kept)
    quiet = alert(2, own_id="1" * 32, **refused)
    store.outbox.add([hidden(quiet, made)], LATER)

    store.outbox.amend(replace(quiet, own_id="2" * 32, **change))

    assert state(store, quiet) is after
    assert store.mutes.hidden(made.mute_id) == (after is DeliveryState.MUTED)


def test_there_are_no_more_mutes_than_may_be(large_store: Store) -> None:
    store = large_store
    alerts = keep(store, *(alert(number, actor=f"a{number}") for number in range(MOST_MUTES + 1)))
    made = [mute(store, each) for each in alerts[:-1]]

    refused = store.handlings.handle(alerts[-1].alert_id, muted_from(ANNA), LATER, "key")

    assert (refused.reply, refused.mute) == (Reply.TOO_MANY_MUTES, None)
    assert len(store.mutes.in_force()) == MOST_MUTES
    store.mutes.end(made[0].mute_id, LATER)
    assert mute(store, alerts[-1]) in store.mutes.in_force()


# Followups


def due(store: Store, **changes: Any) -> Followup:
    return replace(followup_of(FollowupKind.REMIND, "a" * 32, LATER, channel=SECURITY), **changes)


def test_followups_are_kept_with_the_alert_and_due_in_their_order(store: Store) -> None:
    later = followup_of(FollowupKind.ASK, "b" * 32, LATER + HOUR, more="x")
    first = due(store)
    store.outbox.add([replace(stored(alert()), followups=(later, first))], NOW)
    store.queue.waiting(NOW)

    assert store.followups.due(NOW, 10) == []
    assert store.followups.due(LATER, 10) == [first]
    assert store.followups.due(LATER + HOUR, 10) == [first, later]
    assert store.followups.due(LATER + HOUR, 1) == [first]


def test_a_followup_that_was_done_gives_way_to_what_follows_it(store: Store) -> None:
    first, then = due(store), due(store, followup_id="f" * 32, due_at=LATER + HOUR)
    store.outbox.add([replace(stored(alert()), followups=(first,))], NOW)
    store.queue.waiting(NOW)

    store.followups.end(first, [then])
    store.followups.end(first, [then])

    assert store.followups.due(LATER + HOUR, 10) == [then]


def test_a_followup_of_an_alert_that_is_kept_already_is_not_kept_again(store: Store) -> None:
    first = due(store)
    store.outbox.add([replace(stored(alert()), followups=(first,))], NOW)
    store.queue.waiting(NOW)
    store.followups.end(first)

    store.outbox.add([replace(stored(alert()), followups=(first,))], NOW)

    assert store.followups.due(LATER, 10) == []


def test_what_completes_an_alert_keeps_its_followups(store: Store) -> None:
    refused = alert(1, own_id="2" * 32, of_addendum=True, outcome=Outcome.REFUSED)
    original = alert(1, own_id="1" * 32, severity=Severity.CRITICAL)
    later = followup_of(FollowupKind.REMIND, original.alert_id, LATER)
    store.outbox.add([stored(refused)], NOW)

    store.outbox.add([replace(stored(original), followups=(later,))], NOW)
    store.queue.waiting(NOW)

    assert got(store, original).alert.severity is Severity.CRITICAL
    assert store.followups.due(LATER, 10) == [later]


def test_a_followup_is_kept_with_what_was_done(store: Store) -> None:
    (kept,) = keep(store, alert())

    store.handlings.handle(kept.alert_id, owned_by(ANNA, followups=(due(store),)), LATER)
    store.queue.waiting(LATER)

    assert store.followups.due(LATER, 10) == [due(store)]


# Notices


def reminder(about: Alert) -> Alert:
    return notice(
        REMINDER,
        about.alert_id,
        severity=Severity.HIGH,
        title="Nobody looks at it",
        text="nobody looks at it",
        channel=SECURITY,
        now=LATER,
        about=about.alert_id,
    )


def test_a_notice_is_delivered_and_in_no_list_and_no_count(store: Store) -> None:
    (kept,) = keep(store, alert())
    said = reminder(kept)

    assert store.outbox.add([stored(said)], LATER) == {said.alert_id}
    assert store.outbox.add([stored(said)], LATER) == set()

    found = {each.alert_id: each for each in store.queue.due(SECURITY, LATER, 10)}
    assert (found[said.alert_id].notice, found[said.alert_id].about) == (REMINDER, kept.alert_id)
    assert listed(store) == [kept.event_id]
    for filters in ({"state": DeliveryState.PENDING}, {"actor": "Trailbell"}, {"text": "nobody"}):
        assert "" not in listed(store, **filters)
    assert store.archive.summary(NOW - 24 * HOUR, NOW + 24 * HOUR).total == 1
    tell(store, [said])
    assert got(store, said).alert == said
    assert state(store, said) is DeliveryState.SENT


# What it takes in DynamoDB


class Counting:
    """A client that notes what it was asked."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.asked: list[str] = []

    def __getattr__(self, operation: str) -> Any:
        if operation.startswith("_"):
            raise AttributeError(operation)

        def call(**arguments: Any) -> Any:
            self.asked.append(operation)
            return getattr(self._client, operation)(**arguments)

        return call


@pytest.fixture
def counting(dynamodb: Any) -> Iterator[tuple[Store, list[str]]]:
    client = Counting(dynamodb)
    with table(dynamodb) as name:
        yield dynamodb_store(client, name, clock=lambda: NOW), client.asked


@pytest.mark.parametrize("decide", [owned_by(ANNA), muted_from(ANNA)])
def test_a_click_is_one_call_that_reads_and_one_that_writes(
    counting: tuple[Store, list[str]], decide: Decide
) -> None:
    store, asked = counting
    (kept,) = keep(store, alert())
    tell(store, [kept])
    asked.clear()

    store.handlings.handle(kept.alert_id, decide, LATER, "key")

    assert asked == ["query", "transact_write_items"]


def test_the_mutes_in_force_are_one_query_and_followups_another(
    counting: tuple[Store, list[str]],
) -> None:
    store, asked = counting
    (kept,) = keep(store, alert())
    mute(store, kept)
    asked.clear()

    store.mutes.in_force()
    assert asked == ["query"]

    store.followups.due(LATER, 10)
    assert asked == ["query", "query"]
