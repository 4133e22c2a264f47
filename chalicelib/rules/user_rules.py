"""What the user's own files say of the rules: read, and laid over the default rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from chalicelib.rules.handling import HandlingChoices, SummaryChoices
from chalicelib.rules.loaded import PROJECT, LoadedRules, without_reads
from chalicelib.rules.place import Mistakes, RulesError, choices, meant
from chalicelib.rules.rule import Rule, RuleSettings
from chalicelib.rules.rule_file import parse
from chalicelib.rules.sequences import check, needs_a_pattern, stopped_by
from chalicelib.rules.written import Named, RuleFile, RuleTable

NEEDED = ("title", "severity", "pattern")  # of a new rule


def load(defaults: Iterable[Rule], files: Sequence[RuleFile]) -> LoadedRules:
    """Lay the user's files over the default rules. Raises one RulesError, which says all that is
    wrong with them; then nothing is loaded.
    """
    mistakes = Mistakes()
    rules = _laid_over(defaults, files, mistakes)
    settings = RuleSettings(**_union(files, "settings", mistakes))
    accounts = _union(files, "accounts", mistakes)
    people = _union(files, "people", mistakes)
    handling = HandlingChoices(**_union(files, "handling", mistakes))
    summary = _union(files, "summary", mistakes)
    _check_names(rules, files, mistakes)
    off = _off(rules, files)
    check(rules, files, off, mistakes)
    mistakes.refuse()
    stopped = stopped_by(rules.values(), off)
    off |= stopped.keys()
    standing = [without_reads(rule, settings) for rule in rules.values()]
    return LoadedRules(
        rules=tuple(rule for rule in standing if rule.id not in off),
        off=tuple(rule for rule in standing if rule.id in off),
        allows=tuple(chain.from_iterable(file.allows for file in files)),
        routes=tuple(chain.from_iterable(file.routes for file in files)),
        accounts=accounts,
        settings=settings,
        handling=handling,
        people=people,
        summary=SummaryChoices(**summary) if summary else None,
        hints=(*chain.from_iterable(file.hints for file in files), *stopped.values()),
    )


def read(path: Path) -> RuleFile:
    """Read one rule file. Raises RulesError where the file cannot be read."""
    name = _shown(path)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise RulesError(f"cannot be read: {error.strerror}", file=name) from error
    except UnicodeDecodeError as error:
        raise RulesError(f"is not UTF-8 at byte {error.start}", file=name) from error
    return parse(text, name, path.stem)


def merged(defaults: Iterable[Rule], files: Iterable[RuleFile]) -> dict[str, Rule]:
    """Rules by id: the defaults with what each [[rule]] changes, then the new ones.

    Raises RulesError.
    """
    mistakes = Mistakes()
    rules = _laid_over(defaults, files, mistakes)
    mistakes.refuse()
    return rules


def _laid_over(
    defaults: Iterable[Rule], files: Iterable[RuleFile], mistakes: Mistakes
) -> dict[str, Rule]:
    rules = {rule.id: rule for rule in defaults}
    set_by: dict[str, RuleTable] = {}
    for file in files:
        mistakes.found.extend(file.mistakes)
        for table in file.rules:
            with mistakes.noted():
                earlier = set_by.setdefault(table.id, table)
                if earlier is not table:
                    reason = f"{earlier.place.file} sets this rule already"
                    raise table.place.error(reason, "id")
                if table.id not in rules:
                    _refuse_missing(table, rules)
                if table.whole:
                    rules[table.id] = _changed(rules.get(table.id), table)
    return rules


def _refuse_missing(table: RuleTable, rules: Iterable[str]) -> None:
    needed = NEEDED if needs_a_pattern(table.changes) else NEEDED[:2]
    missing = [key for key in needed if key not in table.given]
    if missing:
        near = meant(table.id, rules)
        reason = f"a new rule needs {', '.join(missing)}, and no default rule has this id"
        raise table.place.error(f"{reason}; {near}" if near else reason, "id")


def _changed(rule: Rule | None, table: RuleTable) -> Rule:
    if rule is not None:
        return replace(rule, **table.changes)
    return Rule(**{"pattern": "", **table.changes}, theme=table.place.theme)


def _union(files: Iterable[RuleFile], name: str, mistakes: Mistakes) -> dict[str, Any]:
    union: dict[str, Any] = {}
    for file in files:
        for key, value in getattr(file, name).items():
            with mistakes.noted():
                if key in union:
                    raise file.place.error(f"[{name}] {key} is set in another file too", key)
                union[key] = value
    return union


def _check_names(rules: Mapping[str, Rule], files: Sequence[RuleFile], mistakes: Mistakes) -> None:
    """Refuse the rules and themes that nothing has. What is itself wrong counts as there; of a
    file that is no TOML nobody knows what it has.
    """
    if not all(file.is_toml for file in files):
        return
    written = [table for file in files for table in file.rules]
    ids = {*rules, *(table.id for table in written)}
    themes = {rule.theme for rule in rules.values()} | {table.place.theme for table in written}
    for file in files:
        for named in file.named_rules:
            _refuse_others(named, ids, "rule", mistakes)
        for named in file.named_themes:
            _refuse_others(named, themes, "theme", mistakes)


def _refuse_others(named: Named, known: set[str], what: str, mistakes: Mistakes) -> None:
    for name in named.names:
        if name in known:
            continue
        near = choices(name, sorted(known)) if what == "theme" else meant(name, known)
        before = "" if named.place.header else f"{named.key}: "
        reason = f"{before}no {what} is called {name!r}"
        mistakes.found.append(named.place.error(f"{reason}; {near}" if near else reason, named.key))


def _off(rules: Iterable[str], files: Iterable[RuleFile]) -> set[str]:
    """The ids of the rules that take no part."""
    files = tuple(files)
    off = set(chain.from_iterable(file.off for file in files))
    only = set(chain.from_iterable(file.only for file in files))
    return off | (set(rules) - only if only else set())


def _shown(path: Path) -> str:
    """A project's file by its path in the project, another as it was given."""
    resolved = path.resolve()
    return str(resolved.relative_to(PROJECT)) if resolved.is_relative_to(PROJECT) else str(path)
