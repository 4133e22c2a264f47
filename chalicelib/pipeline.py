"""Records in → alerts stored → deliveries tried: the one place that joins the parts."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Any, TextIO

from chalicelib.monitoring.metrics import (
    batch_metrics,
    dispatch_metrics,
    due_metrics,
    log_line,
    metrics_line,
)
from chalicelib.parameters import secret
from chalicelib.settings import DEFAULT_CHANNEL, Settings

if TYPE_CHECKING:  # what an import does not need is imported by the first call that does
    from chalicelib.alerts.outbox import AlertStore
    from chalicelib.batch import Body, Judged, Kept
    from chalicelib.delivery.dispatch import DispatchReport
    from chalicelib.delivery.ports import Transport, Work
    from chalicelib.monitoring.coverage import Ears
    from chalicelib.rules.ruleset import Ruleset
    from chalicelib.slack.client import SlackTransport
    from chalicelib.slack.message import Look

# How long one dispatch waits for a channel to be ready, in seconds: never long in a Lambda.
PATIENCE_SECONDS = 2.0

# A batch may hold thousands; a line of the log stays readable.
LOGGED_EVENT_IDS = 100


class Trailbell:
    """The program, assembled from its settings; each part is made when it is first needed."""

    def __init__(self, settings: Settings, screen: TextIO | None = None) -> None:
        self.settings = settings
        self._screen = screen  # where messages are drawn without a token: standard output

    @cached_property
    def ruleset(self) -> Ruleset:
        """The default rules and the user's own. Raises RulesError."""
        from chalicelib.rules.ruleset import Ruleset

        return Ruleset.load(self.settings.rules_file)

    @cached_property
    def store(self) -> AlertStore:
        """The store that ALERT_STORE names. Raises StoreError."""
        from chalicelib.stores.opening import open_store

        return open_store(self.settings.alert_store, self.retention)

    @property
    def retention(self) -> timedelta:
        """How long alerts are kept; an older record is listed, never posted."""
        return timedelta(days=self.settings.retention_days)

    def default_channel(self) -> str:
        """Where an alert goes whose rules name no channel."""
        return secret(self.settings.slack_channel, now()) or DEFAULT_CHANNEL

    def look(self) -> Look:
        """What every message looks like, whatever it tells."""
        from chalicelib.slack.message import Look

        return Look(
            username=secret(self.settings.slack_username, now()),
            public_url=secret(self.settings.public_url, now()),
            sample=self.settings.sample,
        )

    def judge(self, bodies: Iterable[Body]) -> Judged:
        """Try every record against the rules."""
        from chalicelib.batch import judge

        return judge(bodies, self.ruleset, default_channel=self.default_channel, now=now())

    def keep(self, judged: Judged) -> Kept:
        """Store what a batch came to."""
        from chalicelib.batch import Kept, keep

        if not (judged.alerts or judged.addenda):
            return Kept()
        return keep(judged, self.store, now(), self.retention)

    def ingest(self, bodies: Iterable[Body], remaining: Callable[[], float]) -> dict[str, int]:
        """Judge, store, try to tell; the counts. Raises what a retry of the batch can mend."""
        judged = self.judge(bodies)
        self._log_unreadable(judged)
        kept = self.keep(judged)
        counts = judged.counts
        self._measure(batch_metrics(**counts))
        new = [a.event_id for a in (*judged.alerts, *judged.addenda) if a.alert_id in kept.new]
        self._say("ingested", **counts, new=len(kept.new), event_ids=new[:LOGGED_EVENT_IDS])
        # Not opened to note that all is well: that would cost a cold start.
        if judged.unreadable or "store" in self.__dict__:
            from chalicelib.monitoring.health import seen

            seen(self.store, now(), judged.records, len(judged.unreadable))
        if kept.new or kept.amended:
            self.dispatch(remaining)
        return {**counts, "new": len(kept.new)}

    def dispatch(
        self, remaining: Callable[[], float], patience: float = PATIENCE_SECONDS
    ) -> DispatchReport:
        """Tell what is due by now, as far as pace and `remaining` seconds allow."""
        from chalicelib.delivery.dispatch import dispatch

        report = dispatch(
            self._work(remaining),
            channels=self.channels(),
            default_channel=self.default_channel(),
            patience=patience,
        )
        self._measure(dispatch_metrics(report))
        return report

    def sweep(self, remaining: Callable[[], float]) -> dict[str, int]:
        """Every minute: tell what is still due, listen whether we hear, remove what is old.

        Raises RulesError once all that is done, where the rules cannot be loaded.
        """
        from chalicelib.usecases.sweep import sweep

        report = sweep(
            self._work(remaining),
            channels=self._standing_channels(),
            default_channel=self.default_channel(),
            retention=self.retention,
            ears=self._ears(),
        )
        told = report.dispatched
        self._measure({**dispatch_metrics(told), **due_metrics(report.oldest_due, now())})
        self._say("swept", delivered=told.delivered, expired=report.expired, deaf=report.deaf)
        _ = self.ruleset
        return {
            "delivered": told.delivered,
            "expired": report.expired,
            "due": told.next_at is not None,
        }

    def health(self) -> dict[str, Any]:
        """How it goes: `status`, `words`, and the details. Never raises."""
        rules_error = None
        from chalicelib.monitoring.health import health
        from chalicelib.rules.place import RulesError

        try:
            _ = self.ruleset
        except RulesError as error:
            rules_error = str(error)
        found = health(self.store, now(), rules_error=rules_error)
        return {"status": found.status.value, "words": found.words, **found.details}

    def _work(self, remaining: Callable[[], float]) -> Work:
        from chalicelib.delivery.ports import Work
        from chalicelib.slack.message import composer

        return Work(
            store=self.store,
            transport=self.transport(),
            compose=composer(self.look()),
            owner=os.urandom(16).hex(),
            now=now,
            sleep=time.sleep,
            remaining=remaining,
        )

    def _ears(self) -> Ears | None:
        if not self.settings.deployment:
            return None
        from chalicelib import aws
        from chalicelib.monitoring.aws_coverage import AwsEars

        return AwsEars(f"{self.settings.deployment}-ingest_logs", aws.client)

    def _measure(self, metrics: Mapping[str, float | Sequence[float]]) -> None:
        if self.settings.deployment:
            _log(metrics_line(metrics, deployment=self.settings.deployment, now=now()))

    def _say(self, message: str, **fields: Any) -> None:
        if self.settings.deployment and self.settings.logs("INFO"):  # a terminal is a person's
            _log(log_line(message, now=now(), **fields))

    def _log_unreadable(self, judged: Judged) -> None:
        for lost in judged.unreadable if self.settings.logs("WARNING") else ():
            _log(log_line("unreadable record", now=now(), level="WARNING", **asdict(lost)))

    def channels(self) -> set[str]:
        """Every channel that some alert may go to."""
        named = {rule.channel for rule in self.ruleset.rules if rule.channel}
        return named | {self.default_channel()}

    def _standing_channels(self) -> set[str]:
        """The same; while the rules cannot be loaded, those that something waits for."""
        from chalicelib.rules.place import RulesError

        try:
            return self.channels()
        except RulesError:
            return {channel.name for channel in self.store.channels()}

    def transport(self) -> Transport:
        """Slack, or the terminal where no token is set; in Lambda that would lose alerts."""
        from chalicelib.slack.stand_in import NoTransport, TerminalTransport

        token = secret(self.settings.slack_token, now())
        if token:
            return _slack(token, self.settings.slack_api_url)
        if self.settings.deployment:
            return NoTransport()
        from chalicelib.slack.terminal import drawn

        screen = self._screen or sys.stdout
        draw = partial(drawn, colour=screen.isatty())
        return TerminalTransport(draw, partial(print, file=screen, flush=True))


@lru_cache(maxsize=2)
def _slack(token: str, api_url: str | None) -> SlackTransport:
    """Kept while the Lambda is warm: it remembers which scopes the token lacks."""
    from chalicelib.slack.client import SlackTransport

    return SlackTransport(token, api_url=api_url)


@lru_cache(maxsize=4)
def assembled(settings: Settings) -> Trailbell:
    """One program for each set of choices: a warm Lambda keeps its rules, store and clients."""
    return Trailbell(settings)


def current() -> Trailbell:
    """The program as the environment chooses it now (chalice.test swaps os.environ)."""
    return assembled(Settings.from_env(os.environ))


def now() -> datetime:
    """The one clock."""
    return datetime.now(UTC)


def _log(line: str) -> None:
    # Lambda's logging handler puts words before a line, which then is no JSON any more.
    print(line, flush=True)  # noqa: T201


def remaining_in(context: Any) -> Callable[[], float]:
    """How many seconds Lambda's context leaves the handler."""
    return lambda: context.get_remaining_time_in_millis() / 1000
