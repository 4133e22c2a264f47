"""A rule's pattern ready to match, and the keys that are derived from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from chalicelib.cloudtrail.record import Record
from chalicelib.rules.derivation import asks_facts, derive, facts_last, only_failures
from chalicelib.rules.filter_pattern import FilterPattern, JSONPattern, compile_pattern
from chalicelib.rules.keys import Keys

if TYPE_CHECKING:
    from chalicelib.cloudtrail.facts import Facts


@cache
def compiled(pattern: str) -> FilterPattern:
    """The pattern, compiled once. Raises FilterPatternError.

    Its conditions on `$.facts` stand after all others, so that facts are worked out only for the
    records that these leave over.
    """
    found = compile_pattern(pattern)
    if found.expression is None or not asks_facts(found.expression):
        return found
    return JSONPattern(pattern, facts_last(found.expression))


class FactFields(dict[str, Any]):
    """The fields of `$.facts`, each a text or an array of texts, worked out when first read.

    docs/rules.md lists them with their values.
    """

    def __init__(self, facts: Facts, fields: Mapping[str, Callable[[Facts], Any]]) -> None:
        super().__init__()
        self._facts = facts
        self._fields = fields

    def get(self, name: str, default: Any = None) -> Any:
        """One field; `default` where there is none of the name."""
        if name not in self and name in self._fields:
            self[name] = self._fields[name](self._facts)
        return super().get(name, default)

    def values(self) -> Any:
        """All of them."""
        return [self.get(name) for name in self._fields]


class Asked:
    """What rules ask of one record beyond its own fields: `raw` is the record with `added`.

    Nothing is worked out before a condition asks for it.
    """

    def __init__(self, record: Record) -> None:
        # Few records are asked for facts; what works them out costs a cold start.
        from chalicelib.cloudtrail.facts import FIELDS, Facts

        self.added = {"facts": FactFields(Facts.of(record), FIELDS)}
        self.raw = {**record.raw, **self.added}


def keys_of(pattern: str) -> Keys:
    """What a record must be called for the pattern to match it."""
    return derive(compiled(pattern).expression)


@cache
def asks_for_failures(pattern: str) -> bool:
    """Whether the pattern matches only calls that did not work."""
    return only_failures(compiled(pattern).expression)
