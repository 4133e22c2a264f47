"""Rules of ours as Sigma's YAML, and what Sigma cannot say of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml

from chalicelib.rules.correlation import Correlation, CorrelationType
from chalicelib.rules.correlation_keys import UNITS
from chalicelib.rules.filter_pattern.conditions import parse_path
from chalicelib.rules.rule import Rule, Severity
from cli.sigma.detections import detection
from cli.sigma.fields import CannotSayError, field_of

Json = dict[str, Any]
SOURCE = {"product": "aws", "service": "cloudtrail"}
WIDTH = 1000  # of a line: patterns' texts stay whole
# Keys of a rule that Sigma has no word for.
OURS = ("refused", "failed", "channel", "mention", "runbook", "ordinary")


@dataclass(slots=True)
class Written:
    """Documents of YAML, how many rules they say, and a sentence for each rule left out."""

    documents: list[str] = field(default_factory=list)
    said: int = 0
    left_out: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "---\n".join(self.documents)


def write(rules: Iterable[Rule]) -> Written:
    """The rules as Sigma rules, one after the other."""
    found, by_id = Written(), {rule.id: rule for rule in rules}
    # A sequence counts other rules by name, and those tell by themselves as well.
    for rule in by_id.values():
        try:
            documents = _documents(rule, by_id)
        except CannotSayError as error:
            found.left_out.append(f"{rule.id}: {error}")
            if rule.correlation and rule.correlation.type is CorrelationType.NEW_TERMS:
                found.documents.append(_note(rule, rule.correlation))
        else:
            found.documents += [_comment(rule) + _yaml(document) for document in documents[:1]]
            found.documents += map(_yaml, documents[1:])
            found.said += 1
    return found


def _documents(rule: Rule, by_id: dict[str, Rule]) -> list[Json]:
    if rule.correlation is None:
        return [_head(rule) | _detected(rule) | _tail(rule)]
    over_time = _correlation(rule, rule.correlation, by_id)
    told = _head(rule) | {"correlation": over_time} | _tail(rule)
    if rule.is_sequence:
        return [told]
    name = _members(rule.id)
    head = {"title": f"{rule.title} (one of its records)", "id": _uuid(name), "name": name}
    return [head | _detected(rule), told]


def _detected(rule: Rule) -> Json:
    return {"logsource": SOURCE, "detection": detection(rule.pattern, rule.exceptions)}


def _head(rule: Rule) -> Json:
    """What stands at the top of a rule of Sigma, as its own rules have it."""
    says = " ".join(text for text in (rule.means, rule.why) if text)
    head = {"title": rule.title, "id": _uuid(rule.id), "name": rule.id, "status": "test"}
    more: Json = {"description": says, "references": list(rule.references)}
    more["tags"] = [f"attack.{technique.lower()}" for technique in rule.attack]
    return head | {key: value for key, value in more.items() if value}


def _tail(rule: Rule) -> Json:
    level = "informational" if rule.severity is Severity.INFO else rule.severity.value
    causes = {"falsepositives": list(rule.false_positives)} if rule.false_positives else {}
    return causes | {"level": level}


def _correlation(rule: Rule, over_time: Correlation, by_id: dict[str, Rule]) -> Json:
    if over_time.type is CorrelationType.NEW_TERMS:
        raise CannotSayError("new_terms: Sigma has no word for what was never seen before")
    found: Json = {"type": over_time.type.value, "rules": [_members(rule.id)]}
    if over_time.rules:
        found |= {"rules": _parts(over_time, by_id), "generate": True}
    if over_time.group_by:
        found["group-by"] = [_named(path) for path in over_time.group_by]
    found["timespan"] = _span(over_time.timespan)
    if not over_time.rules:
        found["condition"] = {"gte": over_time.gte}
    if over_time.field:
        found["condition"]["field"] = _named(over_time.field)
    return found


def _parts(over_time: Correlation, by_id: dict[str, Rule]) -> list[str]:
    """The rules of a sequence, which must be said with it."""
    for name in over_time.rules:
        if name not in by_id:
            raise CannotSayError(f"correlation: export {name} too, one of its rules")
        detection(by_id[name].pattern, by_id[name].exceptions)
    return list(over_time.rules)


def _named(path: str) -> str:
    return field_of(parse_path(path).steps, path)


def _span(seconds: int) -> str:
    unit, size = next(each for each in reversed(UNITS.items()) if seconds % each[1] == 0)
    return f"{seconds // size}{unit}"


def _members(rule_id: str) -> str:
    return f"{rule_id}-member"


def _uuid(name: str) -> str:
    """Sigma's ids are UUIDs: the same for the same rule at every export."""
    return str(uuid5(NAMESPACE_URL, f"trailbell:{name}"))


def _comment(rule: Rule) -> str:
    """What is lost on the way."""
    lost = [name for name in OURS if getattr(rule, name)]
    return f"# Sigma has no word for its {', '.join(lost)}\n" if lost else ""


def _note(rule: Rule, over_time: Correlation) -> str:
    lines = (
        f"{rule.id}: {rule.title} ({rule.severity.value})",
        f"It tells what is new of {', '.join(over_time.terms)} within {over_time.history} days,",
        "which Sigma cannot say (Elastic calls it new_terms). Its records are:",
        *rule.pattern.splitlines(),
    )
    return "".join(f"# {line}\n" for line in lines)


def _yaml(document: Json) -> str:
    text: str = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=WIDTH)
    return text
