"""A failure destination in memory, and a program in virtual time whose sweep looks at it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.archive import AlertQuery
from chalicelib.bootstrap import Program
from chalicelib.monitoring.dead_letters import DeadLetters
from chalicelib.monitoring.letter_alerts import RULE_ID
from chalicelib.monitoring.notes import read
from chalicelib.settings import Settings
from chalicelib.stores.failures import PAGE, GoneError, Page, SourceError, Waiting
from chalicelib.usecases.homecoming import Homecoming, take_home
from tests.delivery.world import START, Clock
from tests.events import cloudtrail
from tests.subscriptions import generate_log_subscription_event

POISON = "not JSON"


class FakeFailures:
    """Keeps payloads by key; may refuse to read, to delete, or to be asked at all."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[str, datetime]] = {}
        self.sizes: dict[str, int] = {}
        self.unreadable: set[str] = set()
        self.undeletable = self.away = False
        self.read: list[str] = []
        self.deleted: list[str] = []
        self.listed = 0

    def put(self, key: str, text: str, at: datetime = START) -> str:
        self.kept[key] = (text, at)
        return key

    def where(self, key: str = "") -> str:
        return f"s3://failures/{key}" if key else "s3://failures"

    def page(self, after: str = "") -> Page:
        self.listed += 1
        if self.away:
            raise SourceError("AccessDenied")
        keys = [key for key in sorted(self.kept) if key > after]
        waiting = tuple(
            Waiting(key=key, size=self.sizes.get(key, 100), at=self.kept[key][1])
            for key in keys[:PAGE]
        )
        return Page(waiting=waiting, more=len(keys) > PAGE)

    def text(self, key: str) -> str:
        self.read.append(key)
        if key in self.unreadable:
            raise SourceError("SlowDown")
        if key not in self.kept:
            raise GoneError("NoSuchKey")
        return self.kept[key][0]

    def delete(self, key: str) -> None:
        if self.undeletable:
            raise SourceError("AccessDenied")
        self.deleted.append(key)
        self.kept.pop(key, None)


class Sweeps:
    """A program and its failure destination; `sweep` is one minute."""

    def __init__(self, folder: Path, **env: str) -> None:
        self.clock = Clock()
        self.failures = FakeFailures()
        self.deployed = "first"
        self.program = self.made(folder, **env)

    def made(self, folder: Path, **env: str) -> Program:
        """The program as a fresh Lambda makes it."""
        chosen = {"ALERT_STORE": f"sqlite:///{folder}/alerts.db", **env}
        self.program = Program(Settings.from_env(chosen))
        self.program.now = self.clock.now
        return self.program

    def sweep(self, minutes: int = 1, seconds_left: float = 60.0) -> Homecoming:
        """So many sweeps, one a minute; what they came to together."""
        total = Homecoming()
        for _ in range(minutes):
            try:
                report = take_home(
                    self.failures, self.program, lambda: seconds_left * 1000, lambda: self.deployed
                )
            finally:
                self.clock.advance(60)
            total.home += report.home
            total.failed += report.failed
            total.parked = report.parked
        return total

    @property
    def known(self) -> DeadLetters:
        return read(self.program.store.notes, DeadLetters) or DeadLetters()

    @property
    def alerts(self) -> list[Alert]:
        """All that are kept, oldest first."""
        archive = self.program.store.archive
        page = archive.search(AlertQuery(), 500)
        found = list(page.alerts)
        while page.next_cursor:
            page = archive.search(AlertQuery(), 500, page.next_cursor)
            found += page.alerts
        return [each.alert for each in reversed(found)]

    @property
    def told(self) -> list[str]:
        """What is told of parked payloads."""
        return [each.text for each in self.alerts if each.rule_id == RULE_ID]

    @property
    def events(self) -> set[str]:
        """The ids of the events of which there are alerts."""
        return {each.event_id for each in self.alerts if each.rule_id != RULE_ID}


def payload(*numbers: int, broken: int = 0) -> str:
    """What Lambda puts there: a batch in its wrapper, with so many lines that are no record."""
    lines: list[Any] = [cloudtrail("StopLogging", eventID=f"event-{number}") for number in numbers]
    batch = generate_log_subscription_event([*lines, *["nonsense"] * broken])
    return json.dumps({"version": "1.0", "requestPayload": batch, "responsePayload": {}})


def later(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)
