"""Ruleset: the rules compiled and indexed; a record in, the rules that it matches out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any

from chalicelib.cloudtrail.record import Record
from chalicelib.rules.automation import by_aws, is_ordinary
from chalicelib.rules.default_rules import load_defaults
from chalicelib.rules.keys import Keys, Texts
from chalicelib.rules.loaded import SUCCESSFUL_READS, LoadedRules
from chalicelib.rules.loading import load, user_files
from chalicelib.rules.rule import URGENT, Rule, RuleSettings, alone

if TYPE_CHECKING:
    from chalicelib.rules.automation import Lowering
    from chalicelib.rules.compiling import Asked
    from chalicelib.rules.filter_pattern import FilterPattern

# How many different (eventName, eventSource, userIdentity.type, state) are remembered with the
# rules they need. An account has a few thousand; names an attacker makes up must not fill memory.
REMEMBERED = 8192

# eventName, eventSource, userIdentity.type as the record has them; failed; read-only.
Signature = tuple[Any, Any, Any, bool, bool]


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
        self._index = _Index([_Matcher(rule, keys or {}) for rule in single])

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

    def with_members(self, record: Record) -> tuple[Rule, ...]:
        """The rules that the record matches, those over time that it is a member of among them.

        In the order of `match`; last the sequences that it is a step of.
        """
        candidates = self._index.candidates(record.raw)
        if not candidates:
            return ()
        raw, text, added = record.raw, record.text, None
        found = []
        for matcher in candidates:
            if added is None and matcher.asks_facts:
                asked: Asked = _compiling().Asked(record)
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


class _Matcher:
    """One rule, its keys, and its patterns once they are compiled."""

    __slots__ = ("_exceptions", "_pattern", "asks_facts", "keys", "rule", "skips_reads")

    def __init__(self, rule: Rule, keys: Mapping[str, Keys]) -> None:
        self.rule = rule
        self._pattern: FilterPattern | None = None
        self._exceptions: tuple[FilterPattern, ...] = ()
        self.keys = keys.get(rule.pattern) or _compiling().keys_of(rule.pattern)
        # By its text, since nothing is compiled yet: facts that no condition asks for cost little.
        self.asks_facts = any("facts" in text for text in (rule.pattern, *rule.exceptions))
        self.skips_reads = SUCCESSFUL_READS in rule.exceptions

    def matches(
        self, raw: dict[str, Any], text: str | None, added: Mapping[str, Any] | None
    ) -> bool:
        """`raw` has the fields of the text and, where a rule asks for them, those `added`."""
        if self._pattern is None:
            compiled = _compiling().compiled
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


class _Index:
    """Which matchers a record needs, worked out once for each signature."""

    def __init__(self, matchers: list[_Matcher]) -> None:
        self.matchers = tuple(matchers)
        self._by_name: dict[str, list[int]] = {}
        self._unnamed: list[int] = []
        self._remembered: dict[Signature, tuple[_Matcher, ...]] = {}
        for at, matcher in enumerate(matchers):
            self._place(at, matcher.keys.names)

    def candidates(self, raw: dict[str, Any]) -> tuple[_Matcher, ...]:
        identity = raw.get("userIdentity")
        signature = (
            raw.get("eventName"),
            raw.get("eventSource"),
            identity.get("type") if isinstance(identity, dict) else None,
            "errorCode" in raw,
            raw.get("readOnly") is True,
        )
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

    def _remember(self, signature: Signature) -> tuple[_Matcher, ...]:
        if len(self._remembered) >= REMEMBERED:
            self._remembered.clear()
        name = signature[0]
        if isinstance(name, str):
            near = sorted(self._by_name.get(name, []) + self._unnamed)
            matchers: Iterable[_Matcher] = (self.matchers[at] for at in near)
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


def _compiling() -> ModuleType:
    # The language is imported when a record first needs it: loading the default rules does not.
    from chalicelib.rules import compiling

    return compiling
