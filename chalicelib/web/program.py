"""What the API asks of the program that it looks into."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from chalicelib.alerts.archive import Archive
from chalicelib.alerts.mutes import Mutes
from chalicelib.alerts.post import Post
from chalicelib.rules.routes import Route
from chalicelib.rules.rule import Rule
from chalicelib.settings import Settings

if TYPE_CHECKING:
    from chalicelib.rules.allow import Allow


class Rules(Protocol):
    """The rules in force, and what holds for their alerts."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule that is watched for."""

    @property
    def off(self) -> tuple[Rule, ...]:
        """The rules that were read and take no part."""

    @property
    def allows(self) -> tuple[Allow, ...]:
        """What lowers alerts to info."""

    @property
    def routes(self) -> tuple[Route, ...]:
        """Where alerts go, in the order in which they are tried."""


class Program(Protocol):
    """The parts of bootstrap.Program that are looked at, each made when first asked for."""

    @property
    def settings(self) -> Settings:
        """The choices of the environment."""

    @property
    def ruleset(self) -> Rules:
        """The rules in force."""

    @property
    def archive(self) -> Archive:
        """The alerts."""

    @property
    def mutes(self) -> Mutes:
        """What is not told for a while."""

    def message_url(self, post: Post) -> str | None:
        """Where people read the post's message; None where there is no such address."""

    def health(self) -> Mapping[str, Any]:
        """How Trailbell is doing: `status` ("green", "amber", "red"), `words` that say why, and
        what it comes from. Never raises: a store that fails is red.
        """

    def signing_secret(self) -> str | None:
        """What Slack signs its requests with; None where there is none. Raises SecretError."""

    def refused(self, why: str) -> None:
        """Count a request that was not Slack's, or whose sender may not: nothing else is kept."""

    def clicked(self, body: bytes, key: str) -> tuple[int, dict[str, Any] | None]:
        """Do what a click wants, by its signed body: the status, and words for who clicked. `key`
        is that of the very request: the same again changes nothing more. Never raises.
        """

    def asked(self, body: bytes) -> tuple[int, dict[str, Any] | None]:
        """Answer a command by its signed body, as `clicked` does. Never raises."""
