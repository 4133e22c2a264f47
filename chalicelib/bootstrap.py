"""Makes the parts from the settings, each when it is first needed; it decides nothing.

Of the two places where imports are lazy this is one (usecases/ingest.py is the other): most
invocations need few of the parts, and a cold start must not pay for the others.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache, partial
from types import ModuleType
from typing import TYPE_CHECKING, Any, TextIO

from chalicelib.aws import LazyClient
from chalicelib.monitoring.log import Log
from chalicelib.parameters import SecretError, secret, secret_anew, secrets
from chalicelib.settings import DEFAULT_CHANNEL, DEFAULT_RETENTION, WEBHOOK, Settings, store_of

if TYPE_CHECKING:
    from chalicelib.alerts.archive import Archive
    from chalicelib.alerts.mutes import Mutes
    from chalicelib.alerts.post import Post
    from chalicelib.delivery.ports import Transport, Way
    from chalicelib.rules.matching import Body
    from chalicelib.rules.ruleset import Ruleset
    from chalicelib.slack.message import Look
    from chalicelib.stores.store import Store

# The clock of handlers and of the API.
now: Callable[[], datetime] = partial(datetime.now, UTC)


class Program:
    """The parts, and what handlers do with them."""

    now = staticmethod(now)  # as it is: from Python 3.14 on a partial would bind like a method

    def __init__(self, settings: Settings, screen: TextIO | None = None) -> None:
        self.settings = settings
        self._screen = screen  # where messages are drawn without a token: standard output

    @cached_property
    def log(self) -> Log:
        """What goes to the log."""
        return Log(deployment=self.settings.deployment, level=self.settings.log_level, now=now)

    @cached_property
    def ruleset(self) -> Ruleset:
        """The default rules and the user's own. Raises RulesError."""
        from chalicelib.rules.ruleset import Ruleset

        return Ruleset.load(self.settings.rules_file)

    @cached_property
    def store(self) -> Store:
        """The store that ALERT_STORE names. Raises StoreError."""
        chosen = self.settings
        store = open_store(chosen.alert_store, chosen.retention)
        if chosen.webhook_url is None:
            return store
        from chalicelib.alerts.copied import Copying

        return replace(store, outbox=Copying(store.outbox, WEBHOOK, self._is_copied))

    @property
    def has_store(self) -> bool:
        """Whether the store is open already."""
        return "store" in self.__dict__

    @property
    def archive(self) -> Archive:
        """What the store keeps, for looking back."""
        return self.store.archive

    @property
    def mutes(self) -> Mutes:
        """What is not told for a while."""
        return self.store.mutes

    def default_channel(self) -> str:
        """Where an alert goes whose rules name no channel. Raises SecretError."""
        chosen = self.settings
        return secret(chosen.slack_channel, now(), chosen.webhook_url) or DEFAULT_CHANNEL

    def public_url(self) -> str | None:
        """Where the page is. Raises SecretError."""
        return secret(self.settings.public_url, now())

    def look(self) -> Look:
        """What every message looks like, whatever it says. Raises SecretError."""
        return self._seen()[1]

    def way(self) -> Way:
        """What carries and writes messages: Slack, or the terminal where no token is set; in Lambda
        that would lose alerts. Raises SecretError.
        """
        from chalicelib.slack.transports import slack, stand_in

        (token, look), chosen = self._seen(), self.settings
        if token:
            return slack(token, chosen.slack_api_url, _renewing(chosen.slack_token), look)
        return stand_in(None if chosen.deployment else self._screen or sys.stdout, look)

    def transport(self) -> Transport:
        """What carries messages. Raises SecretError."""
        return self.way().transport

    def has_webhook(self) -> bool:
        """Whether alerts leave by a webhook too; yes, where that cannot be known."""
        try:
            return bool(secret(self.settings.webhook_url, now()))
        except SecretError:
            return True

    def webhook(self) -> Way:
        """The way to the webhook. While a parameter of its cannot be read, it refuses."""
        from chalicelib.webhook.ways import way_by

        return way_by(self.settings, now())

    def _seen(self) -> tuple[str | None, Look]:
        """The token, and what messages look like, SSM being asked once."""
        chosen = self.settings
        shown = (chosen.slack_username, chosen.public_url, chosen.slack_signing_secret)
        token, username, public_url, signing = secrets((chosen.slack_token, *shown), now())
        look: Look = _message().Look(
            username=username, public_url=public_url, buttons=bool(signing), sample=chosen.sample
        )
        return token, look

    def _is_copied(self) -> bool:
        """Whether every alert goes to the webhook too: no rule and no route names it."""
        try:
            return self.has_webhook() and WEBHOOK not in self.ruleset.channels
        except ValueError:  # RulesError: what cannot be known is yes
            return True

    def message_url(self, post: Post) -> str | None:
        """Where people read the post's message; None where it did not go to Slack."""
        url: str | None = _message().url_of(post, self.settings.slack_api_url)
        return url

    def ingest(self, bodies: Iterable[Body], millis_left: Callable[[], float]) -> dict[str, int]:
        """See usecases.ingest."""
        from chalicelib.usecases.ingest import ingest

        return ingest(bodies, self, millis_left)

    def sweep(
        self, millis_left: Callable[[], float], function_arn: str = "", detail: Any = None
    ) -> dict[str, int]:
        """See usecases.sweep; the function's own ARN is "" where there is no Lambda, `detail` what
        a click's event carries.
        """
        from chalicelib.usecases.sweep import sweep

        return sweep(self, millis_left, function_arn, detail)

    def signing_secret(self) -> str | None:
        """What Slack signs its requests with; None where there is none. Raises SecretError.

        Read with the token, which tells who clicked: Slack waits three seconds for an answer.
        """
        chosen = self.settings
        return secrets((chosen.slack_signing_secret, chosen.slack_token), now())[0]

    def refused(self, why: str) -> None:
        """Count a request that was not Slack's, or whose sender may not."""
        self.log.say("refused", of="slack", reason=why, count=1)

    def clicked(self, body: bytes, key: str) -> tuple[int, dict[str, Any] | None]:
        """See usecases.clicks."""
        from chalicelib.usecases.clicks import clicked

        return clicked(body, key, self)

    def asked(self, body: bytes) -> tuple[int, dict[str, Any] | None]:
        """See usecases.commands."""
        answer: tuple[int, dict[str, Any] | None] = _looking().asked(body, self)
        return answer

    def health(self) -> dict[str, Any]:
        """See usecases.health."""
        found: dict[str, Any] = _looking().health(self)
        return found


def open_store(url: str, retention: timedelta = DEFAULT_RETENTION) -> Store:
    """The store of an ALERT_STORE: sqlite:///relative/path, sqlite:////absolute/path or
    dynamodb:///table, which AWS_ENDPOINT_URL may place elsewhere. Raises ValueError.

    Nothing is read or made before the first call. `retention` is when DynamoDB removes what is
    SENT or PARKED by itself.
    """
    kind, name = store_of(url) or ("", "")
    if kind == "sqlite":
        from chalicelib.stores.sqlite.store import sqlite_store

        return sqlite_store(name)
    if kind == "dynamodb":
        from chalicelib.stores.dynamodb.store import dynamodb_store

        return dynamodb_store(LazyClient("dynamodb"), name, retention=retention)
    raise ValueError(f"{url!r} names no store; sqlite:///path or dynamodb:///table do")


def _message() -> ModuleType:
    from chalicelib.slack import message

    return message


def _looking() -> ModuleType:
    from chalicelib.usecases import commands

    return commands


@lru_cache(maxsize=2)
def _renewing(setting: str | None) -> Callable[[], str | None]:
    """What reads a token anew: one function for each setting, see slack.transports."""
    return lambda: secret_anew(setting, now())


@lru_cache(maxsize=4)
def assembled(settings: Settings) -> Program:
    """One program for each set of choices: a warm Lambda keeps its rules, store and clients."""
    return Program(settings)


def current() -> Program:
    """The program as the environment chooses it now (chalice.test swaps os.environ)."""
    return assembled(Settings.from_env(os.environ))


def millis_left(context: Any) -> Callable[[], float]:
    """What Lambda's context says how many milliseconds are left with."""
    left: Callable[[], float] = context.get_remaining_time_in_millis
    return left


def function_arn(context: Any) -> str:
    """The ARN that Lambda's context says the function was invoked by; "" where it says none."""
    return getattr(context, "invoked_function_arn", "")
