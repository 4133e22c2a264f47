"""Dead letters through faults: all come home, each is told once, what is poison is parked."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from chalicelib.monitoring.letter_alerts import RULE_ID
from tests.alerts.test_judging import Failing
from tests.delivery.world import World
from tests.reliability.proof import figure, missing, repeats, size
from tests.usecases.failures import POISON, Sweeps, later, payload

KILLED = KeyboardInterrupt


class Faults:
    """What may go wrong in a sweep, one at a time; `mended` is how it was before."""

    def __init__(self, sweeps: Sweeps, seed: int) -> None:
        self.sweeps = sweeps
        self.random = random.Random(seed)
        self.store = sweeps.program.store
        self.text, self.delete = sweeps.failures.text, sweeps.failures.delete
        self.kinds: list[Callable[[], None]] = [
            self.killed_before_storing,
            self.killed_before_deleting,
            self.no_alerts_taken,
            self.away,
            self.undeletable,
        ]

    def one(self) -> None:
        self.random.choice(self.kinds)()

    def mended(self) -> None:
        failures: Any = self.sweeps.failures
        failures.text, failures.delete = self.text, self.delete
        failures.away = failures.undeletable = False
        self.sweeps.program.store = self.store

    def killed_before_storing(self) -> None:
        self._killed("text")

    def killed_before_deleting(self) -> None:
        self._killed("delete")

    def no_alerts_taken(self) -> None:
        failing = Failing(self.store.outbox, "add")
        self.sweeps.program.store = replace(self.store, outbox=failing)

    def away(self) -> None:
        self.sweeps.failures.away = True

    def undeletable(self) -> None:
        self.sweeps.failures.undeletable = True

    def _killed(self, call: str) -> None:
        left = self.random.randrange(10)
        made = getattr(self.sweeps.failures, call)

        def deadly(key: str) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                raise KILLED
            return made(key)

        setattr(self.sweeps.failures, call, deadly)


def test_dead_letters_come_home_through_faults_and_each_is_told_once(tmp_path: Path) -> None:
    good, poison = size(100, 1_000), size(5, 20)
    sweeps = Sweeps(tmp_path)
    faults = Faults(sweeps, seed=16)
    world = World(sweeps.program.store, clock=sweeps.clock)
    for number in range(good):
        sweeps.failures.put(f"good-{number:04}", payload(number), later(number / 60))
    for number in range(poison):
        sweeps.failures.put(f"poison-{number:02}", POISON, later(number / 60))

    minutes = 0
    while any(key.startswith("good") for key in sweeps.failures.kept):
        minutes += 1
        assert minutes < 2 * good
        if faults.random.random() < 0.3:
            faults.one()
        with suppress(KILLED):
            sweeps.sweep()
        faults.mended()
        world.run()
    home = minutes
    sweeps.sweep(minutes=120)
    world.run()

    journal = world.journal
    every = [alert for alert in sweeps.alerts if alert.rule_id != RULE_ID]
    lost, repeated = missing(journal, every), repeats(journal)[0]
    figure(
        "dead letters through faults",
        payloads=good,
        poison=poison,
        minutes_until_home=home,
        at_least=-(-good // 10),
        missing=good - len(every) + lost,
        repeats=repeated,
        parked=sweeps.known.parked,
        messages_of_parked=len(sweeps.told),
    )
    assert (len(every), lost, repeated) == (good, 0, 0)
    assert (sweeps.known.parked, len(sweeps.failures.kept)) == (poison, poison)
    assert 1 <= len(sweeps.told) <= 3
