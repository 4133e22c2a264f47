"""LoadedRules: the rules as they stand once every file was read, and what holds for all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from chalicelib.rules.handling import HandlingChoices
from chalicelib.rules.rule import Rule, RuleSettings

if TYPE_CHECKING:
    from chalicelib.rules.allow import Allow
    from chalicelib.rules.handling import SummaryChoices
    from chalicelib.rules.routes import Route

FOLDER = Path(__file__).resolve().parent
PROJECT = FOLDER.parent.parent

# CloudTrail writes readOnly as a boolean, older and relayed records as a string, and some
# services leave it out. An errorCode of any text means that the call failed.
SUCCESSFUL_READS = """{
    (($.errorCode NOT EXISTS) || ($.errorCode IS NULL)) &&
    (($.readOnly IS TRUE) || ($.readOnly = "true") || ($.readOnly = "True") ||
     ((($.readOnly NOT EXISTS) || ($.readOnly IS NULL)) &&
      (($.eventName = "Get*") || ($.eventName = "List*") || ($.eventName = "Describe*"))))
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedRules:
    """Rules in the order in which they were read, as `allows` and `routes` are; `off` were read and
    take no part. `people` says who in Slack an actor is; `summary` is None where none is made.
    `hints` say what of the user's files is written otherwise from now on.
    """

    rules: tuple[Rule, ...]
    off: tuple[Rule, ...] = ()
    allows: tuple[Allow, ...] = ()
    routes: tuple[Route, ...] = ()
    accounts: Mapping[str, str] = field(default_factory=dict)
    settings: RuleSettings = field(default_factory=RuleSettings)
    handling: HandlingChoices = field(default_factory=HandlingChoices)
    people: Mapping[str, str] = field(default_factory=dict)
    summary: SummaryChoices | None = None
    hints: tuple[str, ...] = ()


def without_reads(rule: Rule, settings: RuleSettings) -> Rule:
    """The rule as it stands: with `skip_reads` it leaves out reads that succeed."""
    if not rule.skip_reads or settings.reads:
        return rule
    return replace(rule, exceptions=(*rule.exceptions, SUCCESSFUL_READS))
