"""LoadedRules: the rules as they stand once every file was read, and what holds for all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from chalicelib.rules.rule import Rule, RuleSettings

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
    """Rules in the order in which they were read; `muted` were read and take no part."""

    rules: tuple[Rule, ...]
    muted: tuple[Rule, ...]
    accounts: Mapping[str, str]
    settings: RuleSettings


def without_reads(rule: Rule, settings: RuleSettings) -> Rule:
    """The rule as it stands: with `skip_reads` it leaves out reads that succeed."""
    if not rule.skip_reads or settings.reads:
        return rule
    return replace(rule, exceptions=(*rule.exceptions, SUCCESSFUL_READS))
