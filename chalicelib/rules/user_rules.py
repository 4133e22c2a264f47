"""What the user's own files say of the rules: read, and laid over the default rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from chalicelib.rules import rule_keys
from chalicelib.rules.loaded import PROJECT, LoadedRules, without_reads
from chalicelib.rules.place import RulesError, choices
from chalicelib.rules.rule import ALL_RULES, Rule, RuleSettings
from chalicelib.rules.rule_file import Allow, RuleFile, RuleTable, parse


def load(defaults: Iterable[Rule], files: Sequence[RuleFile]) -> LoadedRules:
    """Lay the user's files over the default rules. Raises RulesError; then nothing is loaded."""
    rules = merged(defaults, files)
    settings = RuleSettings(**_union(files, "settings"))
    muted = _muted(rules, files)
    for file in files:
        for allow in file.allow:
            _allow(rules, allow)
    standing = [without_reads(rule, settings) for rule in rules.values()]
    return LoadedRules(
        rules=tuple(rule for rule in standing if rule.id not in muted),
        muted=tuple(rule for rule in standing if rule.id in muted),
        accounts=_union(files, "accounts"),
        settings=settings,
    )


def read(path: Path) -> RuleFile:
    """Read one rule file. Raises RulesError, also where the file cannot be read."""
    name = _shown(path)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise RulesError(f"cannot be read: {error.strerror}", file=name) from error
    except UnicodeDecodeError as error:
        raise RulesError(f"is not UTF-8 at byte {error.start}", file=name) from error
    return parse(text, name, path.stem)


def merged(defaults: Iterable[Rule], files: Iterable[RuleFile]) -> dict[str, Rule]:
    """Rules by id: the defaults with what each [[rule]] changes, then the new ones."""
    rules = {rule.id: rule for rule in defaults}
    set_by: dict[str, RuleTable] = {}
    for table in (table for file in files for table in file.rules):
        earlier = set_by.setdefault(table.id, table)
        if earlier is not table:
            raise table.place.error(f"{earlier.place.file} sets this rule already", "id")
        rules[table.id] = _changed(rules.get(table.id), table, rules)
    return rules


def _changed(rule: Rule | None, table: RuleTable, rules: Mapping[str, Rule]) -> Rule:
    if rule is not None:
        return replace(rule, **table.changes)
    missing = [key for key in ("title", "severity", "pattern") if key not in table.changes]
    if missing:
        near = choices(table.id, rules).split("?")[0]
        meant = f"; {near}?" if near.startswith("did you mean") else ""
        reason = f"a new rule needs {', '.join(missing)}, and no default rule has this id{meant}"
        raise table.place.error(reason, "id")
    return Rule(**table.changes, theme=table.place.theme)


def _union(files: Iterable[RuleFile], name: str) -> dict[str, Any]:
    union: dict[str, Any] = {}
    for file in files:
        for key, value in getattr(file, name).items():
            if key in union:
                raise file.place.error(f"[{name}] {key} is set in another file too", key)
            union[key] = value
    return union


def _muted(rules: Mapping[str, Rule], files: Iterable[RuleFile]) -> set[str]:
    muted = set()
    for file in files:
        for rule_id in file.mute:
            if rule_id not in rules:
                raise file.place.error(f"mute: no rule is called {rule_id!r}", "mute")
            muted.add(rule_id)
    return muted


def _allow(rules: dict[str, Rule], allow: Allow) -> None:
    if allow.rule != ALL_RULES and allow.rule not in rules:
        raise allow.place.error(f"no rule is called {allow.rule!r}", "rule")
    exception = allow.place.checked("actor", "actor", rule_keys.pattern, _by(allow.actor))
    for rule_id in rules if allow.rule == ALL_RULES else (allow.rule,):
        rule = rules[rule_id]
        rules[rule_id] = replace(rule, exceptions=(*rule.exceptions, exception))


def _by(actor: str) -> str:
    """The pattern for calls by an actor: an ARN (a role's covers its sessions) or a name."""
    selectors = ("arn",) if actor.startswith("arn:") else ("userName", "principalId", "invokedBy")
    issuer = "arn" if actor.startswith("arn:") else "userName"
    paths = (*selectors, f"sessionContext.sessionIssuer.{issuer}")
    return "{ " + " || ".join(f'($.userIdentity.{path} = "{actor}")' for path in paths) + " }"


def _shown(path: Path) -> str:
    """A project's file by its path in the project, another as it was given."""
    resolved = path.resolve()
    return str(resolved.relative_to(PROJECT)) if resolved.is_relative_to(PROJECT) else str(path)
