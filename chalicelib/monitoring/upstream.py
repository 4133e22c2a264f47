"""What AWS says of the way from the trail to us: the answers, and who is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from chalicelib.monitoring.answers import Finding, unknown


class UpstreamError(Exception):
    """AWS did not answer what was asked; names what was asked, which is the permission for it."""


class UnaskedError(UpstreamError):
    """There was no time left to ask: what was answered last stands."""


@dataclass(frozen=True, slots=True)
class Trail:
    """A trail that writes to CloudWatch Logs; `key` is the KMS key of its files, "" for none."""

    arn: str
    log_group: str
    every_region: bool = True
    key: str = ""

    @property
    def name(self) -> str:
        return self.arn.rpartition("/")[2]


class Delivery(NamedTuple):
    """When a trail last delivered to CloudWatch Logs, its error or "", and since when it is on."""

    latest: datetime | None
    error: str = ""
    began: datetime | None = None


class Filter(NamedTuple):
    """A subscription filter: whether it hands over to us, and by which pattern."""

    name: str
    destination: str
    to_us: bool
    pattern: str


class Upstream(Protocol):
    """What AWS says of the way from the trail to us. Raises UpstreamError."""

    def trails(self) -> list[Trail]:
        """The trails that write to CloudWatch Logs."""

    def delivery(self, trail: Trail) -> Delivery:
        """How it delivers to CloudWatch Logs."""

    def left_out(self, trail: Trail) -> tuple[str, ...] | None:
        """What it does not record: see selectors.left_out."""

    def filters(self, log_group: str) -> list[Filter]:
        """The log group's subscription filters; none where it is gone."""

    def permitted(self) -> bool:
        """Whether CloudWatch Logs may invoke us."""


def asked(check: str, ask: Callable[[], Finding]) -> Iterator[Finding]:
    """The check's finding: unknown where AWS refuses, none where there is no time left."""

    def one() -> Iterator[Finding]:
        yield ask()

    return asked_for(check, one())


def asked_for(check: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    """The same where what is asked comes to several findings, as they are taken."""
    try:
        yield from findings
    except UnaskedError:
        return
    except UpstreamError as error:
        yield unknown(check, error)
