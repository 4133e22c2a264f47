"""Ruleset: the rules compiled and indexed; a record in, the rules that it matches out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from chalicelib.cloudtrail.record import Record
from chalicelib.rules.automation import by_aws, is_ordinary
from chalicelib.rules.default_rules import load_defaults
from chalicelib.rules.index import Index, Matcher, compiling
from chalicelib.rules.keys import Keys, Texts
from chalicelib.rules.loaded import LoadedRules
from chalicelib.rules.loading import load, user_files
from chalicelib.rules.rule import URGENT, Rule, RuleSettings, alone
from chalicelib.rules.sieve import Sieve

if TYPE_CHECKING:
    from chalicelib.rules.automation import Lowering
    from chalicelib.rules.compiling import Asked


class Ruleset:
    """Rules that are ready to match.

    A record is tried only against rules that can match its eventName, eventSource,
    userIdentity.type and errorCode. Patterns compile when a record first needs them; those of
    the default rules were checked when they were built, a user's when they were loaded.
    """

    def __init__(self, loaded: LoadedRules, keys: Mapping[str, Keys] | None = None) -> None:
        self.rules = loaded.rules
        self.off = loaded.off
        self.allows = loaded.allows
        self.routes = loaded.routes
        named = {rule.channel for rule in loaded.rules}
        named |= {route.channel for route in loaded.routes}
        self.channels = frozenset(channel for channel in named if channel)
        self.hints = loaded.hints
        self.accounts = loaded.accounts
        self.settings: RuleSettings = loaded.settings
        self.handling = loaded.handling
        self.follows = loaded.handling.is_on
        self.people = loaded.people
        self.summary = loaded.summary
        most_severe_first = sorted(loaded.rules, key=lambda rule: -rule.severity.rank)
        self._sequences = [rule for rule in most_severe_first if rule.is_sequence]
        single = [rule for rule in most_severe_first if not rule.is_sequence]
        self._index = Index([Matcher(rule, keys or {}) for rule in single])
        self.sieve = Sieve(self._index)

    @classmethod
    def load(cls, rules_file: str | None = None) -> Ruleset:
        """The default rules with the user's own files over them. Raises RulesError.

        `rules_file` is read instead of chalicelib/rules/local/*.toml.
        """
        defaults, keys = load_defaults()
        return cls(load(defaults, user_files(rules_file)), keys)

    def urgent_names(self) -> Texts:
        """The eventNames that critical and high rules name; a rule that names none adds none."""
        names = Texts()
        for matcher in self._index.matchers:
            rule = matcher.rule
            if rule.severity in URGENT and not rule.correlation and matcher.keys.names:
                names = names.union(matcher.keys.names)
        return names

    def match(self, record: Record) -> tuple[Rule, ...]:
        """The rules that alert of the record, the most severe first, then as they were read."""
        return alone(self.with_members(record))

    def with_members(
        self, record: Record, left: Sequence[Matcher] | None = None
    ) -> tuple[Rule, ...]:
        """The rules that the record matches, those over time that it is a member of among them.

        In the order of `match`; last the sequences that it is a step of. `left` are those that
        its sieve left over, where that was asked.
        """
        candidates = self._index.candidates(record.raw) if left is None else left
        if not candidates:
            return ()
        raw, text, added = record.raw, record.text, None
        found = []
        for matcher in candidates:
            if added is None and matcher.asks_facts:
                asked: Asked = compiling().Asked(record)
                raw, added = asked.raw, asked.added
            if matcher.matches(raw, text, added):
                found.append(matcher.rule)
        if found and self._sequences:
            ids = {rule.id for rule in found}
            found += [rule for rule in self._sequences if not ids.isdisjoint(rule.steps)]
        return tuple(found)

    def lowering(self, record: Record, rules: Iterable[Rule]) -> tuple[Lowering, ...]:
        """What tells a record that these rules match at info: the `[[allow]]` that hold for it,
        and whether it is automation's or AWS's own.
        """
        found: list[Lowering | None] = [allow.allowance(record) for allow in self.allows]
        if any(map(is_ordinary, rules)):
            found += [each.allowance(record) for each in self.settings.automation]
            found.append(by_aws(record))
        return tuple(each for each in found if each)

    def tried(self, record: Record) -> tuple[Rule, ...]:
        """The rules that the index does not rule out for the record."""
        return tuple(matcher.rule for matcher in self._index.candidates(record.raw))
