"""A batch of records tried against the rules. One that cannot be read costs itself alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib.cloudtrail.record import Record, RecordError
from chalicelib.rules.rule import Rule, alone
from chalicelib.rules.ruleset import Ruleset

if TYPE_CHECKING:
    from chalicelib.rules.automation import Lowering

Body = str | dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A record that could not be read: where it stood, its size and hash, never its text."""

    position: int
    size: int
    sha256: str
    reason: str

    @classmethod
    def of(cls, position: int, body: Body, error: Exception) -> Unreadable:
        """What is kept of a record that raised this error."""
        import hashlib
        import marshal

        # Not repr or json: where a record is nested too deeply for them, they would raise again.
        data = (
            body.encode("utf-8", "surrogatepass")
            if isinstance(body, str)
            else marshal.dumps(body, 2)
        )
        digest = hashlib.sha256(data).hexdigest()
        return cls(position=position, size=len(data), sha256=digest, reason=_reason(error))


@dataclass(frozen=True, slots=True)
class Match:
    """A record of a batch, where it stood, the rules that it matches and what lowers these.

    `members` are the rules over time that it is a member of: by them alone it does not alert.
    """

    position: int
    record: Record
    rules: tuple[Rule, ...]
    lowering: tuple[Lowering, ...] = ()
    members: tuple[Rule, ...] = ()

    def unreadable(self, error: Exception) -> Unreadable:
        """What is kept of the record where telling of it raised this error."""
        return Unreadable.of(self.position, self.record.text or self.record.raw, error)


@dataclass(frozen=True, slots=True)
class Matched:
    """How many records there were, those that rules match, and those that cannot be read."""

    records: int
    matches: list[Match]
    unreadable: list[Unreadable]


def match_all(bodies: Iterable[Body], ruleset: Ruleset) -> Matched:
    """Try every record against the rules; of one that none can match nothing is made."""
    matches: list[Match] = []
    unreadable: list[Unreadable] = []
    position = -1
    left_of = ruleset.sieve.left
    for position, body in enumerate(bodies):
        left = left_of(body) if left_of is not None and isinstance(body, str) else None
        if left is not None and not left:
            continue
        try:
            record = Record.of(body)
            rules = ruleset.with_members(record, left)
            lowering = ruleset.lowering(record, rules) if rules else ()
        except Exception as error:
            unreadable.append(Unreadable.of(position, body, error))
            continue
        if rules:
            members = tuple(rule for rule in rules if rule.correlation is not None)
            if members:
                rules = alone(rules)
            matches.append(Match(position, record, rules, lowering, members))
    ruleset.sieve.tried(position + 1)
    return Matched(position + 1, matches, unreadable)


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "JSON nested too deeply"
    return str(error) if isinstance(error, RecordError) else type(error).__name__
