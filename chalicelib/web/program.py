"""What the API asks of the program that it looks into."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from chalicelib.alerts.archive import Archive
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

    def message_url(self, post: Post) -> str | None:
        """Where people read the post's message; None where there is no such address."""

    def health(self) -> Mapping[str, Any]:
        """How Trailbell is doing: `status` ("green", "amber", "red"), `words` that say why, and
        what it comes from. Never raises: a store that fails is red.
        """
