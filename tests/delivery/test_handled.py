"""What people do with alerts is shown in their messages; notices go where they belong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.clicks import Handled, Reply
from chalicelib.alerts.delivery import DeliveryState
from chalicelib.alerts.handling import Handling, Person
from chalicelib.alerts.notices import REMINDER, notice
from chalicelib.alerts.post import Post, PostKind
from chalicelib.delivery.planner import UPDATE_EVERY
from chalicelib.rules.rule import Severity
from tests.delivery.world import CHANNEL, SENT, UNCERTAIN, World, alert, compose, low

ANNA = Person(id="U1", name="anna")


def compose_owned(
    post: Post, alerts: Sequence[Alert], *, form: int, possible_repeat: bool
) -> dict[str, Any]:
    """A message that says whose its first alert is, and all that it shows."""
    owner = alerts[0].handling.owner
    payload = compose(post, alerts, form=form, possible_repeat=possible_repeat)
    shown = [each.alert_id for each in alerts]
    more = {"thread_ts": post.thread_ts} if post.thread_ts else {}
    return {**payload, "owner": owner.name if owner else "", "shown": shown, **more}


@pytest.fixture
def owned(world: World) -> World:
    world.compose = compose_owned
    return world


def acknowledge(world: World, one: Alert, person: Person = ANNA) -> None:
    now = world.clock.now()

    def decide(stored: Any, _: Any) -> Handled:
        handling = Handling(owner=person, since=now)
        return Handled(reply=Reply.ACKNOWLEDGED, alert=replace(stored.alert, handling=handling))

    world.store.handlings.handle(one.alert_id, decide, now)


def given_back(world: World, one: Alert) -> None:
    now = world.clock.now()

    def decide(stored: Any, _: Any) -> Handled:
        after = replace(stored.alert, handling=Handling(touched_at=now))
        return Handled(reply=Reply.RELEASED, alert=after)

    world.store.handlings.handle(one.alert_id, decide, now)


def messages(world: World) -> list[dict[str, Any]]:
    return [message for channel in world.slack.channels.values() for message in channel]


def methods(world: World) -> list[str]:
    return [call["method"] for call in world.journal]


def reminder(about: Alert | None, world: World, channel: str = CHANNEL) -> Alert:
    return notice(
        REMINDER,
        about.alert_id if about else "",
        severity=Severity.HIGH,
        title="Nobody looks at it",
        text="nobody looks at it",
        channel=channel,
        now=world.clock.now(),
        about=about.alert_id if about else "",
    )


def test_a_message_says_whose_its_alert_is(owned: World) -> None:
    one = alert(1)
    owned.add(one)
    owned.run()

    acknowledge(owned, one)
    owned.run()

    (message,) = messages(owned)
    assert message["owner"] == "anna"
    assert owned.states(one) == [SENT]


def test_what_was_not_sent_yet_says_so_at_once(owned: World) -> None:
    one = alert(1)
    owned.add(one)
    acknowledge(owned, one)

    owned.run()

    assert [message["owner"] for message in messages(owned)] == ["anna"]
    assert len(owned.journal) == 1


def test_a_digest_says_whose_it_is_and_what_it_said_again_and_again(owned: World) -> None:
    many = low(*range(1, 21))
    owned.add(*many)
    owned.run()
    (digest,) = messages(owned)
    first = next(each for each in many if each.alert_id == digest["shown"][0])

    for name in ("anna", "bob"):
        acknowledge(owned, first, Person(id=name, name=name))
        owned.clock.advance(UPDATE_EVERY.total_seconds())
        owned.run()

        (after,) = messages(owned)
        assert after["owner"] == name
        assert after["shown"] == digest["shown"]
    assert set(owned.states(*many)) == {SENT}


def test_a_digest_says_no_more_whose_it_was(owned: World) -> None:
    many = low(*range(1, 21))
    owned.add(*many)
    owned.run()
    (digest,) = messages(owned)
    first = next(each for each in many if each.alert_id == digest["shown"][0])
    acknowledge(owned, first)
    owned.run()
    assert messages(owned)[0]["owner"] == "anna"

    owned.clock.advance(UPDATE_EVERY.total_seconds())
    given_back(owned, first)
    owned.run()

    assert messages(owned)[0]["owner"] == ""
    assert messages(owned)[0]["shown"] == digest["shown"]


def test_what_a_digest_told_of_that_came_to_more_is_told_anew_also_once_it_is_handled(
    owned: World,
) -> None:
    many = low(*range(1, 21), own_id="1" * 32)
    owned.add(*many)
    owned.run()
    (digest,) = messages(owned)
    first = next(each for each in many if each.alert_id == digest["shown"][0])
    acknowledge(owned, first)
    owned.run()

    owned.store.outbox.amend(
        replace(first, own_id="2" * 32, severity=Severity.HIGH, seen_at=owned.clock.now())
    )
    owned.run()

    assert len(messages(owned)) == 2


def test_all_that_people_did_is_shown_however_much_at_the_pace_of_updates(owned: World) -> None:
    many = [alert(number) for number in range(1, 28)]
    owned.add(*many)
    for _ in range(3):
        owned.run(seconds=600, patience=600)
    before = len(owned.journal)
    for each in many:
        acknowledge(owned, each)

    for _ in range(30):
        owned.sweep()

    assert {message["owner"] for message in messages(owned)} == {"anna"}
    at = [call["at"] for call in owned.journal[before:]]
    assert all(later - sooner >= 15 for sooner, later in pairwise(at))


def test_an_update_for_a_message_that_is_gone_is_settled(owned: World) -> None:
    one = alert(1)
    owned.add(one)
    owned.run()
    owned.slack.channels.clear()

    acknowledge(owned, one)
    owned.run()

    assert owned.states(one) == [SENT]


def test_a_notice_goes_into_the_thread_of_its_alert(owned: World) -> None:
    one = alert(1)
    owned.add(one)
    owned.run()
    (message,) = messages(owned)

    owned.add(reminder(one, owned))
    owned.run()

    said = messages(owned)[-1]
    assert said["thread_ts"] == message["ts"]
    assert said["text"].startswith("thread: nobody looks at it")


def test_a_notice_of_an_alert_without_a_message_is_posted_by_itself(owned: World) -> None:
    one = alert(1)

    owned.add(reminder(one, owned))
    owned.run()

    (said,) = messages(owned)
    assert "thread_ts" not in said


def test_notices_neither_fold_nor_go_into_digests(owned: World) -> None:
    about = [alert(number) for number in range(1, 4)]
    owned.add(*low(*range(11, 31)), *(reminder(each, owned) for each in about))

    owned.run(seconds=600, patience=600)

    texts = owned.texts
    assert sum(text.startswith("thread: ") for text in texts) == len(about)
    assert sum(text.startswith("digest: ") for text in texts) == 1


def test_a_notice_to_a_person_goes_to_nobody_else(owned: World) -> None:
    said = reminder(None, owned, channel="@U0PERSON")
    owned.add(said)

    owned.run()

    assert owned.states(said, channel="@U0PERSON") == [SENT]
    assert [post.kind for post in owned.store.queue.posts(said.alert_id)] == [PostKind.DIRECT]


def test_a_notice_that_may_have_been_posted_goes_again_with_a_mark(owned: World) -> None:
    one = alert(1)
    owned.add(one)
    owned.run()
    said = reminder(one, owned)
    owned.add(said)
    owned.slack.behaviour = "reset"
    owned.run(patience=0)
    assert owned.states(said) in ([UNCERTAIN], [DeliveryState.PENDING])

    owned.slack.behaviour = "ok"
    owned.clock.advance(120)
    owned.run(seconds=300, patience=300)

    assert owned.states(said) == [SENT]
    assert [m["possible_repeat"] for m in messages(owned) if "thread_ts" in m][-1] is True


def test_a_notice_finds_the_digest_of_its_alert_where_that_was_just_acknowledged(
    owned: World,
) -> None:
    many = low(*range(1, 21))
    owned.add(*many)
    owned.run()
    (digest,) = owned.store.queue.posts(many[1].alert_id)

    acknowledge(owned, many[1])
    said = reminder(many[1], owned)
    owned.add(said)
    owned.run()

    (post,) = owned.store.queue.posts(said.alert_id)
    assert (post.kind, post.thread_ts) == (PostKind.THREAD, digest.ts)
