"""One rule file: its TOML read and checked, or refused whole."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from chalicelib.rules import rule_keys
from chalicelib.rules.place import Place, RulesError
from chalicelib.rules.rule import ALL_RULES, RuleSettings

TABLES = ("rule", "mute", "allow", "accounts", "settings")


@dataclass(frozen=True, slots=True)
class RuleTable:
    """One `[[rule]]`: its id, the fields of Rule that it sets, and where it stands."""

    id: str
    changes: Mapping[str, Any]
    place: Place


@dataclass(frozen=True, slots=True)
class Allow:
    """One `[[allow]]`: a rule's id (or "all") and the actor whom it lets be."""

    rule: str
    actor: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFile:
    """What one file says, each value checked by itself."""

    place: Place
    rules: tuple[RuleTable, ...] = ()
    mute: tuple[str, ...] = ()
    allow: tuple[Allow, ...] = ()
    accounts: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)


def parse(text: str, name: str, theme: str = "") -> RuleFile:
    """Read a rule file's text; `name` is what errors call the file. Raises RulesError."""
    place = Place(name, text, theme)
    tables = _toml(place)
    place.only(tables, TABLES, "table")
    return RuleFile(
        place=place,
        rules=_rules(place, _array(place, tables, "rule")),
        mute=place.checked("mute", "mute", rule_keys.texts, tables.get("mute", [])),
        allow=tuple(
            _allow(replace(place, header="allow", at=at), table)
            for at, table in enumerate(_array(place, tables, "allow"))
        ),
        accounts=_accounts(place, _table(place, tables, "accounts")),
        settings=_settings(place, _table(place, tables, "settings")),
    )


def _toml(place: Place) -> dict[str, Any]:
    import tomllib  # pure Python, slow to import: only a user's own files need it

    try:
        return tomllib.loads(place.text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r"\(at line (\d+)", str(error))
        line = int(found.group(1)) if found else len(place.text.splitlines())
        raise RulesError(f"not TOML: {error}", file=place.file, line=line) from error


def _rules(place: Place, tables: list[dict[str, Any]]) -> tuple[RuleTable, ...]:
    rules: dict[str, RuleTable] = {}
    for at, table in enumerate(tables):
        rule = _rule(replace(place, header="rule", at=at), table)
        twin = rules.setdefault(rule.id, rule)
        if twin is not rule:
            raise rule.place.error(f"the id stands on line {twin.place.line('id')} already", "id")
    return tuple(rules.values())


def _rule(place: Place, table: dict[str, Any]) -> RuleTable:
    rule_id = place.checked("id", "id", rule_keys.identifier, table.get("id"))
    if rule_id == ALL_RULES:
        raise place.error(f"id: {ALL_RULES!r} means every rule", "id")
    place = replace(place, rule=rule_id)
    place.only(table, rule_keys.RULE_KEYS)
    changes = {}
    for key, value in table.items():
        name, check = rule_keys.RULE_KEYS[key]
        changes[name] = place.checked(key, key, check, value)
    return RuleTable(rule_id, changes, place)


def _allow(place: Place, table: dict[str, Any]) -> Allow:
    place.only(table, ("rule", "actor"))
    rule = place.checked("rule", "rule", rule_keys.identifier, table.get("rule"))
    actor = place.checked("actor", "actor", rule_keys.actor, table.get("actor"))
    return Allow(rule, actor, place)


def _accounts(place: Place, table: dict[str, Any]) -> dict[str, str]:
    for account, name in table.items():
        place.checked("[accounts]", account, rule_keys.account, account)
        place.checked(f"[accounts] {account}", account, rule_keys.text, name)
    return table


def _settings(place: Place, table: dict[str, Any]) -> dict[str, Any]:
    allowed = {setting.name: setting for setting in fields(RuleSettings)}
    place.only(table, allowed, "setting")
    for name, value in table.items():
        place.checked(f"[settings] {name}", name, rule_keys.setting(allowed[name]), value)
    return table


def _array(place: Place, tables: dict[str, Any], name: str) -> list[dict[str, Any]]:
    value = tables.get(name, [])
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return value
    raise place.error(f"{name} is written [[{name}]], once for each", name)


def _table(place: Place, tables: dict[str, Any], name: str) -> dict[str, Any]:
    value = tables.get(name, {})
    if isinstance(value, dict):
        return value
    raise place.error(f"{name} is written [{name}], a table", name)
