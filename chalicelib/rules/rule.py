"""Rule, Severity, RuleSettings: what the rule files say, as values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.rules.correlation import Correlation

if TYPE_CHECKING:
    from chalicelib.rules.allow import Automation

ALL_RULES = "all"  # what [[allow]] takes instead of a rule's id
OWN_THEME = "trailbell"  # the theme of the default rules about Trailbell itself


class Severity(Enum):
    """What an alert asks of its reader, from a record of change to a wake-up call."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    rank: int  # 0 for info up to 4 for critical


for _rank, _severity in enumerate(Severity):
    _severity.rank = _rank

# What goes first and alone, and as a full card.
URGENT = frozenset({Severity.CRITICAL, Severity.HIGH})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule as it stands after every file was read.

    `pattern` and `exceptions` are filter patterns: a record that matches an exception does not
    match the rule. `severity` is of calls that succeed, `refused` and `failed` of those that do
    not (None: as everywhere, see `severity_of`). `exceptions` holds the rule's own and, where
    `skip_reads` is set, the one for read-only calls that succeed. `means`, `why`, `references`,
    `attack` and `false_positives` of the default rules stand apart: see prose.py.
    `ordinary` says that its acts are everyday ones: they neither persist, give a privilege, open,
    weaken nor destroy. `theme` is the file's stem.
    With a `correlation` it is a rule over time: what it matches are the members of what is told.
    """

    id: str
    title: str
    severity: Severity
    pattern: str
    refused: Severity | None = None
    failed: Severity | None = None
    exceptions: tuple[str, ...] = ()
    channel: str | None = None
    mention: str | None = None
    means: str | None = None
    why: str | None = None
    runbook: str | None = None
    references: tuple[str, ...] = ()
    attack: tuple[str, ...] = ()
    false_positives: tuple[str, ...] = ()
    skip_reads: bool = False
    ordinary: bool = False
    theme: str = ""
    correlation: Correlation | None = None

    @property
    def steps(self) -> tuple[str, ...]:
        """Of a sequence the ids of the rules that it is of, in their order."""
        return self.correlation.rules if self.correlation else ()

    @property
    def is_sequence(self) -> bool:
        """Whether its members are what other rules match, so that it has no pattern of its own."""
        return bool(self.steps)

    def severity_of(self, outcome: Outcome) -> Severity:
        """How severe a call is that came to this.

        Refused calls at most medium, failed ones low, dry runs info, unless the rule says; a call
        whose outcome is not known counts as done.
        """
        if outcome is Outcome.REFUSED:
            return self.refused or _least(self.severity, Severity.MEDIUM)
        if outcome is Outcome.FAILED:
            return self.failed or _least(self.severity, Severity.LOW)
        return Severity.INFO if outcome is Outcome.DRY_RUN else self.severity


def alone(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Those of the rules that alert by themselves: a member of a rule over time does not."""
    return tuple(rule for rule in rules if rule.correlation is None)


def _least(severity: Severity, most: Severity) -> Severity:
    return min(severity, most, key=lambda one: one.rank)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSettings:
    """The `[settings]` of the user's rule files: one field per key, each with its default.

    A field's default fixes the type that the key takes. Its `metadata` may narrow it:
    `between` is a pair of bounds, `pattern` says that the text is a filter pattern. A new choice
    is one more field here and a line in docs/rules.md.
    """

    reads: bool = False  # brings back the successful reads that rules with skip_reads leave out
    # Pins the subscription filter instead of deriving it.
    subscription_filter: str = field(default="", metadata={"pattern": True})
    automation: tuple[Automation, ...] = ()  # whose ordinary acts are told at info
