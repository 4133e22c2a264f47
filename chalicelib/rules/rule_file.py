"""One rule file: its TOML read and checked, with all that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from itertools import starmap
from typing import Any

from chalicelib.rules import correlation_keys, rule_keys
from chalicelib.rules.allow import Allow, Automation
from chalicelib.rules.handling_keys import HANDLING_KEYS, SUMMARY_KEYS, actor, person
from chalicelib.rules.place import Mistakes, Place
from chalicelib.rules.routes import Route
from chalicelib.rules.rule import ALL_RULES, RuleSettings
from chalicelib.rules.table_keys import ALLOW_KEYS, ROUTE_KEYS, automated
from chalicelib.rules.written import Named, RuleFile, RuleTable

TABLES = ("rule", "allow", "route", "off", "only", "accounts", "settings", "handling", "people",
          "summary", "mute")  # fmt: skip
# Lists of rules' ids; `mute` is what `off` was called before.
LISTS = ("off", "mute", "only")


def parse(text: str, name: str, theme: str = "") -> RuleFile:
    """Read a rule file's text; `name` is what errors call the file."""
    return _Reading(Place(name, text, theme)).file()


class _Reading:
    """One file being read: what is wrong in one place keeps nothing else from being read."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._mistakes = Mistakes()
        self._named_rules: list[Named] = []
        self._named_themes: list[Named] = []
        self._tables: dict[str, Any] = {}
        with self._mistakes.noted():
            self._tables = place.tables()
        self._is_toml = not self._mistakes.found
        with self._mistakes.noted():
            place.only(self._tables, TABLES, "table")

    def file(self) -> RuleFile:
        lists = {name: self._list(name) for name in LISTS}
        rules, allows, routes = self._rules(), tuple(self._allows()), tuple(self._routes())
        accounts, settings = self._accounts(), self._settings()
        return RuleFile(
            place=self._place,
            rules=rules,
            off=(*lists["off"], *lists["mute"]),
            only=lists["only"],
            allows=allows,
            routes=routes,
            accounts=accounts,
            settings=settings,
            handling=self._handling(),
            people=self._people(),
            summary=self._summary(),
            named_rules=tuple(self._named_rules),
            named_themes=tuple(self._named_themes),
            hints=(_called_off(self._place),) if "mute" in self._tables else (),
            mistakes=tuple(self._mistakes.found),
            is_toml=self._is_toml,
        )

    def _list(self, name: str) -> tuple[str, ...]:
        with self._mistakes.noted():
            found = self._place.checked(name, name, rule_keys.texts, self._tables.get(name, []))
            if name == "only" and found == () and name in self._tables:
                raise self._place.error("only: names no rule, so none would be left", name)
            self._named_rules.append(Named(found, name, self._place))
            return found
        return ()

    def _rules(self) -> tuple[RuleTable, ...]:
        rules: dict[str, RuleTable] = {}
        for rule in filter(None, starmap(self._rule, self._array("rule"))):
            twin = rules.setdefault(rule.id, rule)
            with self._mistakes.noted():
                if twin is not rule:
                    line = twin.place.line("id")
                    raise rule.place.error(f"the id stands on line {line} already", "id")
        return tuple(rules.values())

    def _rule(self, place: Place, table: dict[str, Any]) -> RuleTable | None:
        rule_id = None
        with self._mistakes.noted():
            rule_id = place.checked("id", "id", _rule_id, table.get("id"))
        place = replace(place, rule=rule_id)
        rest = {key: value for key, value in table.items() if key != "id"}
        over_time = correlation_keys.taken(place, rest, self._mistakes)
        changes, whole = self._checked(place, rest, rule_keys.RULE_KEYS)
        changes, whole = changes | over_time, whole and None not in over_time.values()
        if rule_id is None:
            return None
        return RuleTable(rule_id, changes | {"id": rule_id}, place, frozenset(table), whole)

    def _allows(self) -> Iterator[Allow]:
        for place, table in self._array("allow"):
            found, whole = self._checked(place, table, ALLOW_KEYS)
            named = tuple(rule for rule in found.get("rules", ()) if rule != ALL_RULES)
            self._named_rules.append(Named(named, "rule", place))
            with self._mistakes.noted():
                if "rule" not in table:
                    raise place.error(f"rule: is missing; {ALL_RULES!r} means every rule")
            with self._mistakes.noted():
                if "actor" not in table and "network" not in table:
                    raise place.error("it needs an actor or a network, or it would allow everyone")
            if whole and "rules" in found:
                yield Allow(**found, where=place.shown)

    def _routes(self) -> Iterator[Route]:
        for place, table in self._array("route"):
            found, whole = self._checked(place, table, ROUTE_KEYS)
            self._named_rules.append(Named(found.get("rules", ()), "rules", place))
            self._named_themes.append(Named(found.get("themes", ()), "themes", place))
            with self._mistakes.noted():
                if "channel" not in table and "mention" not in table:
                    raise place.error("it needs a channel or a mention: where alerts go, or whom")
            if whole:
                yield Route(**found, where=place.shown)

    def _accounts(self) -> dict[str, str]:
        table, place = self._table("accounts"), self._place
        for account, name in table.items():
            with self._mistakes.noted():
                place.checked("[accounts]", account, rule_keys.account, account)
                place.checked(f"[accounts] {account}", account, rule_keys.text, name)
        return table

    def _settings(self) -> dict[str, Any]:
        allowed = {
            setting.name: (setting.name, rule_keys.setting(setting))
            for setting in fields(RuleSettings)
        } | {"automation": ("automation", self._automation)}
        found, _ = self._checked(
            self._place, self._table("settings"), allowed, "setting", "[settings] "
        )
        return found

    def _handling(self) -> dict[str, Any]:
        found = self._keyed("handling", HANDLING_KEYS)
        if isinstance(found.get("ask"), tuple):
            found["ask_rules"] = found.pop("ask")
            self._named_rules.append(Named(found["ask_rules"], "ask", self._place))
        return found

    def _people(self) -> dict[str, str]:
        table, place = self._table("people"), replace(self._place, header="people")
        for whose, who in table.items():
            with self._mistakes.noted():
                place.checked(f"[people] {whose}", whose, actor, whose)
                place.checked(f"[people] {whose}", whose, person, who)
        return table

    def _summary(self) -> dict[str, Any]:
        found = self._keyed("summary", SUMMARY_KEYS)
        with self._mistakes.noted():
            if "summary" in self._tables and "at" not in self._table("summary"):
                raise self._place.error('[summary] at: is missing, such as at = "09:00"', "summary")
        return found

    def _keyed(
        self, name: str, keys: Mapping[str, tuple[str, Callable[[Any], Any]]]
    ) -> dict[str, Any]:
        place = replace(self._place, header=name)
        return self._checked(place, self._table(name), keys, "key", f"[{name}] ")[0]

    def _automation(self, value: Any) -> tuple[Automation, ...]:
        where = self._place.shown_at("automation")
        return tuple(replace(each, where=where) for each in automated(value))

    def _checked(
        self,
        place: Place,
        table: Mapping[str, Any],
        keys: Mapping[str, tuple[str, Callable[[Any], Any]]],
        what: str = "key",
        before: str = "",
    ) -> tuple[dict[str, Any], bool]:
        """The fields that a table's keys set, and whether all of it is right."""
        known = len(self._mistakes.found)
        found = {}
        with self._mistakes.noted():
            place.only(table, keys, what)
        for key in filter(keys.__contains__, table):
            name, check = keys[key]
            with self._mistakes.noted():
                found[name] = place.checked(before + key, key, check, table[key])
        return found, len(self._mistakes.found) == known

    def _array(self, name: str) -> list[tuple[Place, dict[str, Any]]]:
        """The tables under [[name]], each with its place."""
        value, place = self._tables.get(name, []), self._place
        with self._mistakes.noted():
            if not (isinstance(value, list) and all(isinstance(item, dict) for item in value)):
                raise place.error(f"{name} is written [[{name}]], once for each", name)
            return [(replace(place, header=name, at=at), table) for at, table in enumerate(value)]
        return []

    def _table(self, name: str) -> dict[str, Any]:
        value = self._tables.get(name, {})
        with self._mistakes.noted():
            if not isinstance(value, dict):
                raise self._place.error(f"{name} is written [{name}], a table", name)
            return value
        return {}


def _rule_id(value: Any) -> str:
    rule_id = rule_keys.identifier(value)
    if rule_id == ALL_RULES:
        raise ValueError(f"{ALL_RULES!r} means every rule")
    return rule_id


def _called_off(place: Place) -> str:
    line = place.line("mute")
    return f"{place.file}:{line}: mute is called off from now on; write off = […]"
