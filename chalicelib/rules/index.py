"""Index: which rules a record needs at all, by what it is called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any

from chalicelib.rules.keys import REMEMBERED, Keys, Texts
from chalicelib.rules.loaded import SUCCESSFUL_READS
from chalicelib.rules.rule import Rule

if TYPE_CHECKING:
    from chalicelib.rules.filter_pattern import FilterPattern

# eventName, eventSource, userIdentity.type as the record has them; failed; read-only.
Signature = tuple[Any, Any, Any, bool, bool]


def signature_of(raw: Mapping[str, Any]) -> Signature:
    """What the keys of rules are about, of a record or of a part that has these fields."""
    identity = raw.get("userIdentity")
    return (
        raw.get("eventName"),
        raw.get("eventSource"),
        identity.get("type") if isinstance(identity, dict) else None,
        "errorCode" in raw,
        raw.get("readOnly") is True,
    )


class Matcher:
    """One rule, its keys, and its patterns once they are compiled."""

    __slots__ = ("_exceptions", "_pattern", "asks_facts", "keys", "rule", "skips_reads")

    def __init__(self, rule: Rule, keys: Mapping[str, Keys]) -> None:
        self.rule = rule
        self._pattern: FilterPattern | None = None
        self._exceptions: tuple[FilterPattern, ...] = ()
        self.keys = keys.get(rule.pattern) or compiling().keys_of(rule.pattern)
        # By its text, since nothing is compiled yet: facts that no condition asks for cost little.
        self.asks_facts = any("facts" in text for text in (rule.pattern, *rule.exceptions))
        self.skips_reads = SUCCESSFUL_READS in rule.exceptions

    def matches(
        self, raw: dict[str, Any], text: str | None, added: Mapping[str, Any] | None
    ) -> bool:
        """`raw` has the fields of the text and, where a rule asks for them, those `added`."""
        if self._pattern is None:
            compiled = compiling().compiled
            self._exceptions = tuple(map(compiled, self.rule.exceptions))
            self._pattern = compiled(self.rule.pattern)
        if not self._pattern.matches_record(raw, text, added):
            return False
        for exception in self._exceptions:  # noqa: SIM110 - faster than any(), on every record
            if exception.matches_record(raw, text, added):
                return False
        return True

    def may_match(self, name: Any, source: Any, kind: Any, failed: bool, read: bool) -> bool:
        """Whether a record of this signature can match at all."""
        keys = self.keys
        return (
            not (keys.error and not failed)
            and not (read and (keys.change or (self.skips_reads and not failed)))
            and _within(name, keys.names)
            and _within(source, keys.sources)
            and _within(kind, keys.types)
        )


class Index:
    """Which matchers a record needs, worked out once for each signature."""

    def __init__(self, matchers: list[Matcher]) -> None:
        self.matchers = tuple(matchers)
        self._by_name: dict[str, list[int]] = {}
        self._unnamed: list[int] = []
        self._remembered: dict[Signature, tuple[Matcher, ...]] = {}
        for at, matcher in enumerate(matchers):
            self._place(at, matcher.keys.names)

    def candidates(self, raw: dict[str, Any]) -> tuple[Matcher, ...]:
        """Those that the index does not rule out for the record."""
        signature = signature_of(raw)
        try:
            return self._remembered[signature]
        except KeyError:
            return self._remember(signature)
        except TypeError:  # an object or array where CloudTrail writes a text
            return self.matchers

    def _place(self, at: int, names: Texts | None) -> None:
        if names is None or names.prefixes:
            self._unnamed.append(at)
            return
        for name in names.exact:
            self._by_name.setdefault(name, []).append(at)

    def _remember(self, signature: Signature) -> tuple[Matcher, ...]:
        if len(self._remembered) >= REMEMBERED:
            self._remembered.clear()
        name = signature[0]
        if isinstance(name, str):
            near = sorted(self._by_name.get(name, []) + self._unnamed)
            matchers: Iterable[Matcher] = (self.matchers[at] for at in near)
        else:
            matchers = self.matchers
        found = tuple(matcher for matcher in matchers if matcher.may_match(*signature))
        self._remembered[signature] = found
        return found


def _within(value: Any, texts: Texts | None) -> bool:
    """Whether the field can be one of the texts; a number is compared by its source text."""
    if texts is None:
        return True
    return value in texts if isinstance(value, str) else value is not None


def compiling() -> ModuleType:
    """The pattern language, and what compiles rules by it."""
    return _language()[0]


def skimming() -> ModuleType:
    """The same, and what reads a part of a record."""
    return _language()[1]


def _language() -> tuple[ModuleType, ModuleType]:
    # Imported when a record first needs it: loading the default rules does not.
    from chalicelib.rules import compiling, skimming

    return compiling, skimming
