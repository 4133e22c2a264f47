"""A click, from what the person wants to what is kept and shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.batch import Judged
from chalicelib.alerts.clicks import Action, Click, Handled, Reply
from chalicelib.alerts.delivery import DeliveryState, deliveries_of
from chalicelib.alerts.followups import FollowupKind
from chalicelib.alerts.handling import Handling, Person
from chalicelib.alerts.judging import keep
from chalicelib.alerts.mutes import hides
from chalicelib.alerts.notices import QUESTION, notice
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.rules.rule import Severity
from chalicelib.stores.sqlite.store import sqlite_store
from chalicelib.stores.store import Store
from chalicelib.usecases.handle import clear_muted, handle, spread
from tests.delivery.test_handled import compose_owned
from tests.delivery.world import CHANNEL, START, World, alert, killed_in, low

ANNA, BOB = Person(id="U1", name="anna"), Person(id="U2", name="bob")
HOUR = timedelta(hours=1)


@dataclass
class Parts:
    """Of the parts what a click needs."""

    store: Store


@pytest.fixture
def world(tmp_path: Any) -> World:
    return World(sqlite_store(tmp_path / "alerts.db"))


def click(world: World, of: Alert, action: Action, person: Person = ANNA, **changes: Any) -> Click:
    """As from the alert's own message."""
    found = world.store.archive.get(of.alert_id)
    posts = found.posts if found else ()
    place: dict[str, Any] = (
        {"channel_id": posts[-1].channel_id, "ts": posts[-1].ts} if posts else {}
    )
    made = Click(action=action, subject=of.alert_id, person=person, at=world.clock.now(), **place)
    return replace(made, **changes)


def do(world: World, of: Alert, action: Action, person: Person = ANNA, **changes: Any) -> Handled:
    parts: Any = Parts(world.store)
    return handle(click(world, of, action, person, **changes), parts)


def told(world: World, *alerts: Alert) -> None:
    world.add(*alerts)
    world.run(seconds=600, patience=600)


def handling(world: World, of: Alert) -> Handling:
    (found,) = world.store.archive.alerts([of.alert_id])
    return found.handling


def test_the_first_owner_stays_and_gives_it_back(world: World) -> None:
    one = alert(1)
    told(world, one)

    assert do(world, one, Action.ACKNOWLEDGE).reply is Reply.ACKNOWLEDGED
    assert do(world, one, Action.ACKNOWLEDGE).reply is Reply.YOURS
    second = do(world, one, Action.ACKNOWLEDGE, BOB)
    assert second.reply is Reply.TAKEN
    assert second.alert
    assert second.alert.handling.owner == ANNA
    assert do(world, one, Action.RELEASE, BOB).reply is Reply.NOT_YOURS
    assert handling(world, one).owner == ANNA

    assert do(world, one, Action.RELEASE).reply is Reply.RELEASED
    assert handling(world, one) == Handling(touched_at=world.clock.now())
    assert do(world, one, Action.RELEASE).reply is Reply.NOT_YOURS
    assert do(world, one, Action.ACKNOWLEDGE, BOB).reply is Reply.ACKNOWLEDGED


def test_whoever_has_another_name_by_now_is_the_same(world: World) -> None:
    one = alert(1)
    told(world, one)
    do(world, one, Action.ACKNOWLEDGE)

    assert do(world, one, Action.RELEASE, replace(ANNA, name="anna b")).reply is Reply.RELEASED


@pytest.mark.parametrize("place", [{"ts": "1.000001"}, {"channel_id": "COTHER"}])
def test_a_message_that_does_not_carry_the_alert_changes_nothing(
    world: World, place: dict[str, Any]
) -> None:
    one = alert(1)
    told(world, one)

    for action in (Action.ACKNOWLEDGE, Action.MUTE, Action.YES):
        done = do(world, one, action, span=HOUR, **place)
        assert done.reply is Reply.ELSEWHERE
    assert handling(world, one) == Handling()
    assert world.store.mutes.in_force() == ()


def test_an_alert_that_was_told_in_no_message_cannot_be_clicked(world: World) -> None:
    one, other = alert(1), alert(2)
    told(world, one)
    world.add(other)
    place = click(world, one, Action.ACKNOWLEDGE)

    done = do(world, other, Action.ACKNOWLEDGE, channel_id=place.channel_id, ts=place.ts)

    assert done.reply is Reply.ELSEWHERE


def test_while_nobody_knows_where_its_message_went_a_click_may_be_repeated(world: World) -> None:
    one = alert(1)
    told(world, alert(2))
    world.add(one)
    killed_in(world, "post")
    (_, message) = world.slack.channels["CTRAILBELL"]
    place = {"channel_id": "CTRAILBELL", "ts": message["ts"]}
    assert do(world, one, Action.ACKNOWLEDGE, **place).reply is Reply.NOT_YET
    assert handling(world, one) == Handling()

    world.run()
    world.clock.advance(31)  # a lease that stood unchanged is nobody's
    world.run()

    assert do(world, one, Action.ACKNOWLEDGE, **place).reply is Reply.ACKNOWLEDGED


def test_a_digest_is_acknowledged_as_one_and_its_alerts_each(world: World) -> None:
    many = low(*range(1, 21))
    told(world, *many)
    (message,) = world.slack.channels["CTRAILBELL"]
    first = next(each for each in many if each.alert_id == message["alerts"][0])
    others = [each for each in many if each is not first]
    taken = others[0]
    world.store.handlings.handle(taken.alert_id, _owned_by(BOB), world.clock.now())

    assert do(world, first, Action.ACKNOWLEDGE).reply is Reply.ACKNOWLEDGED
    _do_spreads(world)
    _do_spreads(world)

    owners = {each.alert_id: handling(world, each).owner for each in many}
    assert owners.pop(taken.alert_id) == BOB
    assert set(owners.values()) == {ANNA}
    world.run()  # the one update of the digest
    assert [call["method"] for call in world.journal].count("chat.update") == 1

    world.clock.advance(20)
    assert do(world, first, Action.RELEASE).reply is Reply.RELEASED
    _do_spreads(world)
    owners = {each.alert_id: handling(world, each).owner for each in many}
    assert owners.pop(taken.alert_id) == BOB
    assert set(owners.values()) == {None}


def test_the_repeats_that_a_message_counts_get_its_owner_and_give_it_back(world: World) -> None:
    same = [alert(n, Severity.LOW, actor="eve", principal="eve", actor_id="E") for n in range(4)]
    told(world, same[0])
    world.clock.advance(30)
    told(world, *same[1:3])
    other = alert(9, Severity.LOW)
    told(world, other)
    (message, _) = world.slack.channels["CTRAILBELL"]
    assert message["text"].endswith("× 3")

    do(world, same[0], Action.ACKNOWLEDGE)
    _do_spreads(world)
    world.clock.advance(30)
    told(world, same[3])

    assert [handling(world, each).owner for each in same] == [ANNA, ANNA, ANNA, None]
    assert handling(world, other).owner is None
    do(world, same[0], Action.RELEASE)
    _do_spreads(world)
    assert {handling(world, each).owner for each in same} == {None}


@pytest.mark.parametrize("pressed", [0, 1, 4])
def test_a_message_says_whose_it_is_whichever_of_its_alerts_was_pressed(
    world: World, pressed: int
) -> None:
    world.compose = compose_owned
    many = low(*range(1, 21))
    told(world, *many)
    (message,) = world.slack.channels["CTRAILBELL"]
    by_id = {each.alert_id: each for each in many}

    do(world, by_id[message["alerts"][pressed]], Action.ACKNOWLEDGE)
    _do_spreads(world)
    told(world)

    (message,) = world.slack.channels["CTRAILBELL"]
    assert message["owner"] == "anna"


@pytest.mark.parametrize("pressed", [0, 1, 2])
def test_a_message_says_whose_it_is_whichever_of_its_repeats_was_pressed(
    world: World, pressed: int
) -> None:
    world.compose = compose_owned
    same = [alert(n, Severity.LOW, actor="eve", principal="eve", actor_id="E") for n in range(3)]
    told(world, same[0])
    world.clock.advance(30)
    told(world, *same[1:])

    do(world, same[pressed], Action.ACKNOWLEDGE)
    _do_spreads(world)
    world.clock.advance(30)
    told(world)

    (message,) = world.slack.channels["CTRAILBELL"]
    assert message["owner"] == "anna"
    assert message["text"].endswith("× 3")


def test_an_alert_of_a_digest_says_in_its_own_message_elsewhere_whose_it_is(world: World) -> None:
    world.compose, world.channels = compose_owned, (CHANNEL, "#other")
    many = low(*range(1, 21), channels=("#other",))
    both = alert(50, Severity.LOW, channels=("#other", CHANNEL))
    told(world, *many, both)
    (digest,) = world.slack.channels["COTHER"]
    first = next(each for each in many if each.alert_id == digest["alerts"][0])

    do(world, first, Action.ACKNOWLEDGE)
    _do_spreads(world)
    told(world)

    for channel in ("COTHER", "CTRAILBELL"):
        (message,) = world.slack.channels[channel]
        assert message["owner"] == "anna"


def test_a_digest_that_somebody_else_took_over_at_once_is_theirs_each(world: World) -> None:
    many = low(*range(1, 21))
    told(world, *many)
    (message,) = world.slack.channels["CTRAILBELL"]
    first = next(each for each in many if each.alert_id == message["alerts"][0])
    do(world, first, Action.ACKNOWLEDGE)
    _do_spreads(world)

    world.clock.advance(5)
    do(world, first, Action.RELEASE)
    world.clock.advance(1)
    do(world, first, Action.ACKNOWLEDGE, BOB)
    _do_spreads(world)

    assert {handling(world, each).owner for each in many} == {BOB}


def test_a_mute_hides_its_like_and_nothing_severer_or_of_another_outcome(world: World) -> None:
    refused = alert(1, Severity.MEDIUM, actor="eve", outcome=Outcome.REFUSED)
    told(world, refused)

    done = do(world, refused, Action.MUTE, span=HOUR, why="known")

    assert done.reply is Reply.MUTED
    (mute,) = world.store.mutes.in_force()
    assert done.mute == mute
    assert (mute.by, mute.why, mute.until) == (ANNA, "known", world.clock.now() + HOUR)
    assert mute.channel == CHANNEL
    muted = handling(world, refused).muted
    assert muted
    assert (muted.mute_id, muted.by, muted.until) == (mute.mute_id, ANNA, mute.until)
    again = [replace(refused, alert_id=f"{n:032x}", own_id=f"{n:032x}") for n in range(50)]
    worked = replace(again[0], alert_id="w" * 32, outcome=Outcome.SUCCEEDED)
    worse = replace(again[0], alert_id="s" * 32, severity=Severity.HIGH)
    elsewhere = replace(again[0], alert_id="e" * 32, account_id="444455556666")
    others = (worked, worse, elsewhere)

    _kept(world, *again, *others)

    assert {_state(world, each) for each in again} == {DeliveryState.MUTED}
    assert {_state(world, each) for each in others} == {DeliveryState.PENDING}
    assert world.store.mutes.hidden(mute.mute_id) == len(again)


def test_a_mute_hides_only_while_it_lasts(world: World) -> None:
    one = alert(1, Severity.LOW)
    told(world, one)
    mute = do(world, one, Action.MUTE, span=HOUR).mute
    assert mute
    assert hides(mute, one, mute.since)
    assert hides(mute, one, mute.until - timedelta(seconds=1))
    assert not hides(mute, one, mute.until)


def test_what_is_critical_or_about_ourselves_is_never_muted(world: World) -> None:
    ours = alert(2, Severity.HIGH, actor_type="Trailbell")
    told(world, alert(1), ours)

    assert do(world, alert(1), Action.MUTE, span=HOUR).reply is Reply.NEVER_MUTED
    assert do(world, ours, Action.MUTE, span=HOUR).reply is Reply.NEVER_MUTED
    assert world.store.mutes.in_force() == ()


def test_a_mute_lasts_seven_days_at_most(world: World) -> None:
    one = alert(1, Severity.LOW)
    told(world, one)
    mute = do(world, one, Action.MUTE, span=timedelta(days=99)).mute
    assert mute
    assert mute.until - mute.since == timedelta(days=7)


def test_a_longer_mute_takes_the_place_of_a_shorter_one(world: World) -> None:
    one = alert(1, Severity.LOW)
    told(world, one)
    first = do(world, one, Action.MUTE, span=2 * HOUR).mute

    shorter = do(world, one, Action.MUTE, BOB, span=HOUR)
    longer = do(world, one, Action.MUTE, BOB, span=3 * HOUR)

    assert (shorter.reply, shorter.mute) == (Reply.MUTED_ALREADY, first)
    assert longer.reply is Reply.MUTED
    assert [mute.until for mute in world.store.mutes.in_force()] == [world.clock.now() + 3 * HOUR]


def test_a_mute_is_ended_once_and_its_message_says_so_no_more(world: World) -> None:
    one = alert(1, Severity.LOW)
    told(world, one)
    mute = do(world, one, Action.MUTE, span=HOUR).mute
    assert mute
    end = click(world, one, Action.MUTE_END, BOB, subject=mute.mute_id)
    parts: Any = Parts(world.store)

    assert handle(end, parts).reply is Reply.MUTE_ENDED
    again = handle(end, parts)
    assert again.reply is Reply.NO_MUTE
    assert again.mute
    assert again.mute.ended_by == BOB

    for _ in range(2):
        clear_muted(mute, world.store, world.clock.now())
    assert handling(world, one).muted is None
    kinds = {each.kind for each in world.store.followups.due(world.clock.now(), 10)}
    assert kinds == {FollowupKind.MUTE_BEGAN, FollowupKind.MUTE_END}


def test_a_yes_counts_from_whom_was_asked_alone_and_once(world: World) -> None:
    one = alert(1, Severity.HIGH)
    told(world, one)
    assert do(world, one, Action.YES).reply is Reply.NOT_ASKED
    _ask(world, one, ANNA)

    assert do(world, one, Action.YES, BOB).reply is Reply.NOT_ASKED
    assert do(world, one, Action.NO, BOB).reply is Reply.NOT_ASKED
    assert do(world, one, Action.YES).reply is Reply.CONFIRMED
    assert do(world, one, Action.YES).reply is Reply.ANSWERED

    kept = handling(world, one)
    assert (kept.owner, kept.answer, kept.answered_by) == (ANNA, "yes", ANNA)


def test_a_yes_in_the_message_that_asked_counts(world: World) -> None:
    one = alert(1, Severity.HIGH)
    told(world, one)
    _ask(world, one, ANNA)
    question = notice(
        QUESTION,
        one.alert_id,
        severity=Severity.HIGH,
        title="Was it you?",
        text="was it you",
        channel="@U1",
        now=world.clock.now(),
        about=one.alert_id,
    )
    told(world, question)
    asked = click(world, question, Action.YES)

    done = do(world, one, Action.YES, channel_id=asked.channel_id, ts=asked.ts)

    assert done.reply is Reply.CONFIRMED
    elsewhere = do(world, one, Action.ACKNOWLEDGE, channel_id=asked.channel_id, ts=asked.ts)
    assert elsewhere.reply is Reply.ELSEWHERE


@pytest.mark.parametrize("severity", [Severity.MEDIUM, Severity.CRITICAL])
def test_a_no_is_told_anew_as_critical_and_calls_everybody(
    world: World, severity: Severity
) -> None:
    one = alert(1, severity)
    told(world, one)
    _ask(world, one, ANNA)
    before = len(world.texts)

    assert do(world, one, Action.NO).reply is Reply.DENIED
    world.run()

    (after,) = world.store.archive.alerts([one.alert_id])
    assert (after.severity, after.mention) == (Severity.CRITICAL, "@channel")
    assert (after.handling.answer, after.handling.owner) == ("no", None)
    assert len(world.texts) == before + 1


def test_the_message_before_a_no_acts_on_the_alert_as_the_new_one_does(world: World) -> None:
    one, other = alert(1, Severity.HIGH), alert(2, Severity.HIGH)
    told(world, one, other)
    before = click(world, one, Action.ACKNOWLEDGE, BOB)
    _ask(world, one, ANNA)
    do(world, one, Action.NO)
    told(world)
    parts: Any = Parts(world.store)

    assert handle(before, parts).reply is Reply.ACKNOWLEDGED
    assert do(world, one, Action.RELEASE, BOB).reply is Reply.RELEASED
    assert handle(replace(before, subject=other.alert_id), parts).reply is Reply.ELSEWHERE


def test_the_same_request_again_is_repeated(world: World) -> None:
    one = alert(1)
    told(world, one)

    assert do(world, one, Action.ACKNOWLEDGE, key="k").reply is Reply.ACKNOWLEDGED
    assert do(world, one, Action.RELEASE, key="l").reply is Reply.RELEASED
    assert do(world, one, Action.ACKNOWLEDGE, key="k").reply is Reply.REPEATED
    assert handling(world, one).owner is None


def test_what_is_gone_or_a_notice_is_no_alert_to_click(world: World) -> None:
    assert do(world, alert(1), Action.ACKNOWLEDGE, ts="1.0", channel_id="C").reply is Reply.GONE


def _ask(world: World, one: Alert, person: Person) -> None:
    now = world.clock.now()

    def decide(stored: StoredAlert | None, _: Any) -> Handled:
        assert stored
        asked = replace(stored.alert.handling, asked=person.id, asked_at=now)
        after = replace(stored.alert, handling=asked)
        return Handled(reply=Reply.CONFIRMED, alert=after, quiet=True)

    world.store.handlings.handle(one.alert_id, decide, now)


def _owned_by(person: Person) -> Any:
    def decide(stored: StoredAlert | None, _: Any) -> Handled:
        assert stored
        after = replace(stored.alert, handling=Handling(owner=person, since=START))
        return Handled(reply=Reply.ACKNOWLEDGED, alert=after, quiet=True)

    return decide


def _do_spreads(world: World) -> None:
    now = world.clock.now()
    for followup in world.store.followups.due(now, 10):
        assert followup.kind is FollowupKind.SPREAD
        spread(followup, world.store, now)
        world.store.followups.end(followup)


def _kept(world: World, *alerts: Alert) -> None:
    judged = Judged(records=len(alerts), alerts=alerts)
    mutes = world.store.mutes.in_force()
    keep(judged, world.store.outbox, world.clock.now(), timedelta(days=90), lambda: True, mutes)


def _state(world: World, of: Alert) -> DeliveryState:
    (state,) = world.states(of)
    return state


def test_deliveries_begin_unhandled() -> None:
    (delivery,) = deliveries_of(alert(1), START)
    assert not delivery.handled
