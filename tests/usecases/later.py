"""What is due later, in a World: kept as ingest does, done as the sweep does, killed anywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.clicks import Action, Click, Handled
from chalicelib.alerts.deciding import decision
from chalicelib.alerts.delivery import deliveries_of
from chalicelib.alerts.following import followups_of
from chalicelib.alerts.handling import Person
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.rules.handling import HandlingChoices
from chalicelib.rules.rule import Severity
from chalicelib.slack.standing import Ask
from chalicelib.stores.store import Store
from chalicelib.usecases.due_later import DOES
from chalicelib.usecases.later import Around, do_due
from tests.delivery.world import World

MINUTE = timedelta(minutes=1)
REMIND = HandlingChoices(
    remind={Severity.CRITICAL: timedelta(minutes=15), Severity.HIGH: timedelta(hours=4)}
)
NOBODY: Mapping[str, str] = {}


def keep(
    world: World,
    *alerts: Alert,
    choices: HandlingChoices = REMIND,
    people: Mapping[str, str] = NOBODY,
) -> None:
    """As ingest does."""
    now = world.clock.now()
    stored = [
        StoredAlert(
            alert=each,
            deliveries=deliveries_of(each, now),
            followups=followups_of(choices, people, now, each),
        )
        for each in alerts
    ]
    world.store.outbox.add(stored, now)


def around_of(
    world: World,
    store: Store | None = None,
    *,
    choices: HandlingChoices = REMIND,
    people: Mapping[str, str] = NOBODY,
    ask: Ask | None = None,
) -> Around:
    """What followups are done with now."""
    return Around(
        store=store or world.store,
        now=world.clock.now(),
        choices=choices,
        people=people,
        ask=ask,
    )


def swept(world: World, minutes: int = 1, **chosen: Any) -> None:
    """So many sweeps, one a minute."""
    for _ in range(minutes):
        began = world.clock.passed
        do_due(around_of(world, **chosen), DOES, lambda: 60_000.0)
        world.run(50)
        world.clock.advance(60 - (world.clock.passed - began))


class Killed(BaseException):
    """The process is gone."""


class Mortal:
    """A part of a store that is killed before or after one of its calls."""

    def __init__(self, part: Any, die: Callable[[], None]) -> None:
        self._part, self._die = part, die

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            self._die()
            answer = getattr(self._part, name)(*arguments, **named)
            self._die()
            return answer

        return call


def mortal(store: Store, at: int, *, queue: bool = False) -> Store:
    """The store as a process has it that is killed at its moment number `at`, from 0: each call has
    one before and one after, those of the queue only where that is wanted.
    """
    left = iter(range(at))

    def die() -> None:
        if next(left, None) is None:
            raise Killed

    parts = [part.name for part in fields(store) if queue or part.name != "queue"]
    return replace(store, **{name: Mortal(getattr(store, name), die) for name in parts})


def press(world: World, action: Action, one: Alert, person: Person, **more: Any) -> Handled:
    """A click of the operator's command, or in Slack by whoever is asked."""
    click = Click(action=action, subject=one.alert_id, person=person, at=world.clock.now(), **more)
    return world.store.handlings.handle(one.alert_id, decision(click), click.at)
