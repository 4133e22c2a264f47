"""What one rule file says, as values: each checked by itself, with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.rules.allow import Allow
from chalicelib.rules.place import Place, RulesError
from chalicelib.rules.routes import Route


@dataclass(frozen=True, slots=True)
class RuleTable:
    """One `[[rule]]`: its id, the fields of Rule that it sets, where it stands and the keys that it
    gives; `whole` where nothing is wrong with it.
    """

    id: str
    changes: Mapping[str, Any]
    place: Place
    given: frozenset[str]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Named:
    """Ids of rules, or names of themes, that a key of a table gives."""

    names: tuple[str, ...]
    key: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFile:
    """What one file says, each value checked by itself; `mistakes` are what is wrong with it.

    `off` and `only` are the lists of rules' ids; `named_rules` and `named_themes` what tables and
    lists refer to, which only all files together can tell. Where it is not even TOML, nothing else
    is known of it.
    """

    place: Place
    rules: tuple[RuleTable, ...] = ()
    off: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    allows: tuple[Allow, ...] = ()
    routes: tuple[Route, ...] = ()
    accounts: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    handling: Mapping[str, Any] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    summary: Mapping[str, Any] = field(default_factory=dict)
    named_rules: tuple[Named, ...] = ()
    named_themes: tuple[Named, ...] = ()
    hints: tuple[str, ...] = ()
    mistakes: tuple[RulesError, ...] = ()
    is_toml: bool = True
