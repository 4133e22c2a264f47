"""Sigma files → the rules of ours that say the same, and what cannot be said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import yaml
from sigma.collection import SigmaCollection
from sigma.correlations import SigmaCorrelationRule
from sigma.exceptions import SigmaError, SigmaRuleLocation
from sigma.rule import SigmaRule, SigmaRuleBase

from chalicelib.cloudtrail.texts import one_line
from chalicelib.rules import rule_keys
from chalicelib.rules.destinations import LONGEST_TITLE
from cli.sigma.correlations import correlated, is_sequence, members
from cli.sigma.fields import CannotSayError
from cli.sigma.patterns import Narrowings, Said, said

WITHOUT_LEVEL = "medium"
LONGEST_TEXT = 1000
UNTITLED = "A rule of Sigma"
LONGEST_ID = 60  # leaves room for a number behind it
TECHNIQUE = re.compile(r"t\d{4}(\.\d{3})?")
# What pySigma lets through of YAML that is no rule, besides its own errors.
NO_RULE = (
    *(SigmaError, yaml.YAMLError, AttributeError, TypeError, ValueError, LookupError),
    *(AssertionError, RecursionError, NotImplementedError),
)


class SigmaFileError(ValueError):
    """A file that holds no Sigma rules; says which, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A `[[rule]]` by its keys, `correlation` the last of them. `narrowed` are fields with
    texts that it compares by case, `origin` what Sigma says that a rule file has no key for.
    """

    table: dict[str, Any]
    origin: tuple[str, ...]
    narrowed: Narrowings = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A rule of Sigma that is not imported, and why."""

    title: str
    file: str
    why: str


@dataclass(slots=True)
class Reading:
    """What was made of the files, rule by rule."""

    imported: list[Imported] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def read(paths: Iterable[Path], taken: Iterable[str] = ()) -> Reading:
    """Every rule of the files; `taken` are ids that other rules have. Raises SigmaFileError."""
    rules = _resolved([_collection(path) for path in paths])
    parts = _only_parts(rules)
    reader = _Reader(set(taken))
    for rule in rules:
        if id(rule) not in parts:
            reader.read(rule)
    return reader.found


def _collection(path: Path) -> SigmaCollection:
    try:
        found = SigmaCollection.from_yaml(
            path.read_text(encoding="utf-8"),
            source=SigmaRuleLocation(path),
            collect_filters=True,
            resolve_references=False,
        )
    except (OSError, UnicodeDecodeError) as error:
        raise SigmaFileError(f"{path}: {error}. Name a file of Sigma rules.") from error
    except NO_RULE as error:
        raise _broken(path, error) from error
    if not found.rules and not found.filters:
        raise SigmaFileError(f"{path}: it holds no rule. Name a file of Sigma rules.")
    return found


def _broken(path: object, error: Exception) -> SigmaFileError:
    reason = one_line(str(error) or type(error).__name__, 300)
    return SigmaFileError(f"{path}: no rule of Sigma: {reason}. Mend the file or leave it out.")


def _resolved(collections: list[SigmaCollection]) -> list[SigmaRuleBase]:
    merged = SigmaCollection.merge(collections, resolve_references=False)
    for rule in merged.rules:
        if isinstance(rule, SigmaCorrelationRule):
            _find_parts(rule, merged)
    try:
        merged.resolve_rule_references()  # applies filters, and sorts
    except SigmaError as error:
        files = ", ".join(dict.fromkeys(_file(rule) for rule in merged.rules))
        raise _broken(files, error) from error
    return [rule for rule in merged.rules if isinstance(rule, SigmaRuleBase)]


def _find_parts(rule: SigmaCorrelationRule, among: SigmaCollection) -> None:
    try:
        rule.resolve_rule_references(among)
    except SigmaError as error:
        raise SigmaFileError(
            f"{_file(rule)}: {rule.title}: {one_line(str(error), 300)}."
            " Name the file of the rule that it asks for, too."
        ) from error


def _file(rule: object) -> str:
    source = getattr(rule, "source", None)
    return str(source.path) if source else ""


def _only_parts(rules: Iterable[SigmaRuleBase]) -> set[int]:
    """The rules, by `id()`, that are told by a correlation alone."""
    generating: dict[bool, set[int]] = {True: set(), False: set()}
    for rule in rules:
        if isinstance(rule, SigmaCorrelationRule):
            generating[rule.generate] |= {id(part.rule) for part in rule.rules or ()}
    return generating[False] - generating[True]


class _Reader:
    """Rules as they are read: what came of them, and which ids are taken."""

    def __init__(self, taken: set[str]) -> None:
        self.found = Reading()
        self._taken = taken
        self._ids: dict[int, str] = {}

    def read(self, rule: SigmaRuleBase) -> None:
        """Import the rule, or say why not. Raises SigmaFileError."""
        source = _file(rule)
        try:
            keys, narrowed = _keys(rule, self._ids)
        except CannotSayError as error:
            self.found.left_out.append(LeftOut(title=rule.title, file=source, why=str(error)))
        except NO_RULE as error:  # a condition is read when it is first asked for
            raise _broken(source, error) from error
        else:
            self._ids[id(rule)] = name = _free_id(rule.name or rule.title, self._taken)
            imported = Imported(
                table={"id": name} | keys,
                origin=tuple(_origin(rule, source, keys)),
                narrowed=narrowed,
            )
            self.found.imported.append(imported)


def _keys(rule: SigmaRuleBase, ids: Mapping[int, str]) -> tuple[dict[str, Any], Narrowings]:
    correlation = correlated(rule, ids) if isinstance(rule, SigmaCorrelationRule) else None
    told = _told(rule)
    keys = {
        "title": one_line(rule.title, LONGEST_TITLE) or UNTITLED,
        "severity": _severity(rule),
        "pattern": told.pattern if told else "",
        "except": list(told.exceptions) if told else [],
        "means": one_line(rule.description or "", LONGEST_TEXT),
        "references": [link for link in rule.references if _is_link(link)],
        "attack": [tag.name.upper() for tag in rule.tags if TECHNIQUE.fullmatch(tag.name)],
        "false_positives": [text for text in map(str, rule.falsepositives) if text.strip()],
        "correlation": correlation,
    }
    narrowed = told.narrowed if told else ()
    return {key: value for key, value in keys.items() if value}, narrowed


def _told(rule: SigmaRuleBase) -> Said | None:
    """What the rule's own records are; None of a sequence, whose records are those of others."""
    counted = [rule] if isinstance(rule, SigmaRule) else []
    if isinstance(rule, SigmaCorrelationRule):
        if is_sequence(rule):
            return None
        counted = members(rule)
    for each in counted:
        _check_source(each)
    return said(counted)


def _check_source(rule: SigmaRule) -> None:
    source = rule.logsource
    if (source.product, source.service) != ("aws", "cloudtrail"):
        meant = ", ".join(filter(None, (source.product, source.category, source.service)))
        raise CannotSayError(f"logsource: it is of {meant}, not of product aws, service cloudtrail")


def _severity(rule: SigmaRuleBase) -> str:
    level = rule.level.name.lower() if rule.level else WITHOUT_LEVEL
    return "info" if level == "informational" else level


def _is_link(text: object) -> bool:
    try:
        return bool(rule_keys.links([text]))
    except ValueError:
        return False


def _free_id(name: str, ids: set[str]) -> str:
    """An id made of the name that no rule has yet."""
    stem = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:LONGEST_ID].strip("-") or "sigma"
    tried = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    free = next(each for each in tried if each not in ids)
    ids.add(free)
    return free


def _origin(rule: SigmaRuleBase, source: str, keys: dict[str, Any]) -> list[str]:
    """Whose rule it is, and what a rule file has no key for."""
    kept = {text.upper() for text in keys.get("attack", ())}
    links = [str(link) for link in rule.references if not _is_link(link)]
    facts = {
        "Sigma": rule.id or rule.name,
        "by": rule.author,
        "license": rule.license,
        "date": rule.modified or rule.date,
        "status": rule.status.name.lower() if rule.status else None,
        "tags": ", ".join(str(tag) for tag in rule.tags if tag.name.upper() not in kept),
        "references": ", ".join(links),
        "title": rule.title if keys["title"] != rule.title else None,
        "level": None if rule.level else f"not given, so {WITHOUT_LEVEL}",
    }
    told = [f"{name}: {one_line(str(fact), LONGEST_TEXT)}" for name, fact in facts.items() if fact]
    return [f"from {Path(source).name}", *told] if source else told
