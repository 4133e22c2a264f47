"""The parts that use cases work with. Each is made when it is first asked for (bootstrap.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from chalicelib.delivery.ports import Way
from chalicelib.monitoring.log import Log
from chalicelib.rules.ruleset import Ruleset
from chalicelib.settings import Settings
from chalicelib.stores.store import Store


class Judging(Protocol):
    """What records are judged by."""

    @property
    def now(self) -> Callable[[], datetime]:
        """The clock."""

    @property
    def ruleset(self) -> Ruleset:
        """The rules in force. Raises RulesError."""

    def default_channel(self) -> str:
        """Where an alert goes whose rules name no channel. Raises SecretError."""


class Parts(Judging, Protocol):
    """What bootstrap.Program makes from the settings."""

    @property
    def settings(self) -> Settings:
        """The choices of the environment."""

    @property
    def store(self) -> Store:
        """The store that ALERT_STORE names. Raises StoreError."""

    @property
    def has_store(self) -> bool:
        """Whether the store is open already."""

    @property
    def log(self) -> Log:
        """What goes to the log."""

    def way(self) -> Way:
        """What carries messages and what writes them. Raises SecretError."""

    def has_webhook(self) -> bool:
        """Whether alerts leave by a webhook too; yes, where that cannot be known."""

    def webhook(self) -> Way:
        """The way to the webhook. While a parameter of its cannot be read, it refuses."""

    def signing_secret(self) -> str | None:
        """What Slack signs its requests with; None where there is none. Raises SecretError."""


class Answering(Parts, Protocol):
    """What answering Slack needs besides."""

    def public_url(self) -> str | None:
        """Where the page is; None where that is not known. Raises SecretError."""

    def sweep(self, millis_left: Callable[[], float]) -> dict[str, int]:
        """See usecases.sweep."""
