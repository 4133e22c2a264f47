"""Skimming: of a record's JSON text only the fields that rules of any operation ask for are read.

msgspec checks the whole text and makes no object of what it skips: that takes less than half of
what orjson takes for all. To seek texts in the raw bytes takes longer, and does not tell where in
the record they stand: docs/adr/0020-skim-before-parsing.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from keyword import iskeyword
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from chalicelib.ingest.recognition import OF_A_RECORD
from chalicelib.rules.compiling import compiled
from chalicelib.rules.derivation import ERROR, FACTS, NAME, READ_ONLY, SOURCE, TYPE, judged
from chalicelib.rules.filter_pattern import And, Comparison, Expression, Operator, Text, conditions
from chalicelib.rules.filter_pattern.comparing import compile_value_test
from chalicelib.rules.filter_pattern.evaluating import all_of, any_of, compile_expression
from chalicelib.rules.filter_pattern.lexemes import SourceTextNeededError, written_for_certain
from chalicelib.rules.filter_pattern.selecting import MISSING, Test
from chalicelib.rules.keys import REMEMBERED

if TYPE_CHECKING:
    from chalicelib.rules.index import Index, Matcher

# Of a record's text, see left_of.
Left = Callable[[str | bytes], "list[Matcher] | None"]
Path = tuple[str, ...]
# The names of fields, each with those inside it that are read; without any it is read whole.
Tree = dict[str, "Tree"]
# What may hold for the rules of one signature, once its fields are known.
Tests = list[tuple[Test, "Matcher"]]

# The fields that have few different values in a trail, those of the index among them. What is
# neither text, boolean nor null in one of them makes the whole record be read.
FEW: tuple[Path, ...] = (
    *(NAME, SOURCE, TYPE, ERROR, READ_ONLY),
    ("eventType",),
    ("sessionCredentialFromConsole",),
)
FLAT = str | bool | None


def left_of(index: Index) -> Left | None:
    """A function of a record's text: the rules of the index that may match it, None where that
    cannot be told without reading all. There is none where a rule may match any record at all, and
    where msgspec is not installed.
    """
    try:
        import msgspec  # here, since a cold start that meets few records has no need of it
    except ImportError:
        return None
    tree = _tree({*FEW, *((name,) for name in OF_A_RECORD), *_paths(index.matchers)})
    residues = _Residues(tree)
    if any(residues.is_open(matcher) for matcher in index.matchers):
        return None
    decode = msgspec.json.Decoder(_kind(tree, (), msgspec.defstruct)).decode
    few = attrgetter(*map(".".join, FEW))
    # No JSON, or not what the fields take; a number as it was written; null instead of an object.
    unsure = (
        *(msgspec.MsgspecError, UnicodeError, RecursionError),
        *(SourceTextNeededError, AttributeError),
    )
    known: dict[tuple[Any, ...], Tests] = {}

    def remember(values: tuple[Any, ...]) -> Tests:
        if len(known) >= REMEMBERED:
            known.clear()
        raw = _raw(values)
        tests = ((residues.test(matcher, raw), matcher) for matcher in index.candidates(raw))
        known[values] = [each for each in tests if each[0] is not _never]
        return known[values]

    def left(text: str | bytes) -> list[Matcher] | None:
        try:
            part = decode(text)
            values = few(part)
            tests = known.get(values)
            if tests is None:
                tests = remember(values)
            found = []
            for test, matcher in tests:
                if test(part):
                    found.append(matcher)
            return found
        except unsure:
            return None

    return left


class _Residues:
    """What is left of a rule once the fields of few values are known."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    def test(self, matcher: Matcher, raw: dict[str, Any]) -> Test:
        """A function of the part that was read of a record which has the fields of `raw`: whether
        the rule may match the record.
        """
        rule = matcher.rule
        may = self._left(rule.pattern, raw, unknown=True)
        ruled_out = [self._left(each, raw, unknown=False) for each in rule.exceptions]
        if may is False or True in ruled_out:
            return _never
        tests = [_compiled(each) for each in ruled_out if not isinstance(each, bool)]
        test = _always if may is True else _compiled(may)
        return _unless(test, tests) if tests else test

    def is_open(self, matcher: Matcher) -> bool:
        """Whether nothing that is read can tell that the rule does not match."""
        keys = matcher.keys
        if keys.names or keys.sources or keys.types or keys.error or keys.change:
            return False
        expression = compiled(matcher.rule.pattern).expression
        return expression is None or judged(expression, self._asked) is True

    def _left(self, pattern: str, raw: dict[str, Any], *, unknown: bool) -> Expression | bool:
        expression = compiled(pattern).expression
        if expression is None:
            return unknown

        def judge(condition: Comparison) -> Expression | bool:
            if condition.path in FEW:
                return compile_expression(condition, written_for_certain)(raw)
            return condition if self._knows(condition) else unknown

        return judged(expression, judge)

    def _asked(self, condition: Comparison) -> Expression | bool:
        return condition if self._knows(condition) else True

    def _knows(self, condition: Comparison) -> bool:
        """Whether the part holds what the condition asks for, if the record does."""
        tree = self._tree
        for step in condition.path:
            if not isinstance(step, str) or step not in tree:
                return False
            tree = tree[step]
        return not tree


def _compiled(expression: Expression) -> Test:
    """A function of a part: the same as compile_expression is of a record."""
    if isinstance(expression, Comparison):
        return _condition(expression)
    tests = [_compiled(operand) for operand in expression.operands]
    return all_of(tests) if isinstance(expression, And) else any_of(tests)


def _condition(condition: Comparison) -> Test:
    find = attrgetter(".".join(map(str, condition.path)))
    if condition.op is Operator.NOT_EXISTS:
        return lambda part: find(part) is MISSING
    test = compile_value_test(condition, written_for_certain)
    value = condition.value
    if condition.op is not Operator.EQUAL or not isinstance(value, Text):
        return lambda part: test(find(part))
    start, *others = value.segments
    if not others or any(others):
        return lambda part: test(find(part))

    def begins(part: Any) -> bool:  # what is put to nearly every record, in one function
        found = find(part)
        return found.startswith(start) if found.__class__ is str else test(found)

    return begins


def _always(part: Any) -> bool:  # noqa: ARG001 - a test like all
    return True


def _never(part: Any) -> bool:  # noqa: ARG001
    return False


def _unless(test: Test, ruled_out: Iterable[Test]) -> Test:
    return lambda part: test(part) and not any(each(part) for each in ruled_out)


def _raw(values: Iterable[Any]) -> dict[str, Any]:
    """The record that has these values of FEW, and no other."""
    raw: dict[str, Any] = {}
    for path, value in zip(FEW, values, strict=True):
        inner = raw
        for name in path[:-1]:
            inner = inner.setdefault(name, {})
        if value is not MISSING:
            inner[path[-1]] = value
    return raw


def _paths(matchers: Iterable[Matcher]) -> set[Path]:
    """The fields that rules ask for which name no operation and want no failure: what is asked of
    nearly every record. To read what is asked of few costs more than to parse those.
    """
    found: set[Path] = set()
    for matcher in matchers:
        is_of_few = matcher.keys.names or matcher.keys.error
        expression = None if is_of_few else compiled(matcher.rule.pattern).expression
        for condition in conditions(expression) if expression else ():
            names = tuple(step for step in condition.path if isinstance(step, str))
            if names == condition.path and all(map(_is_plain, names)):
                found.add(names)
    # Facts are no field of the record's own, whatever it has, and nothing is in what is flat.
    return {path for path in found if path[:1] != FACTS and not _is_below_few(path)}


def _is_below_few(path: Path) -> bool:
    return any(path[: len(each)] == each for each in FEW)


def _is_plain(name: str) -> bool:
    """Whether a class may have a field of the name."""
    return name.isidentifier() and not iskeyword(name) and not name.startswith("_")


def _tree(paths: Iterable[Path]) -> Tree:
    """Where a field is asked for as a whole and for what is in it, the latter alone is read."""
    root: Tree = {}
    for path in paths:
        tree = root
        for name in path:
            tree = tree.setdefault(name, {})
    return root


def _kind(tree: Tree, path: Path, made: Callable[..., Any]) -> Any:
    """The type of what stands at the path, as msgspec takes types. What is absent is MISSING."""
    if not tree:
        return FLAT if path in FEW else Any
    fields: list[Any] = []
    for name, inner in tree.items():
        kind = _kind(inner, (*path, name), made)
        is_needed = not path and name in OF_A_RECORD
        absent = kind() if inner else MISSING
        taken = kind | None if inner else kind
        fields.append((name, taken) if is_needed else (name, taken, absent))
    name = "_".join(path) or "Record"
    return made(name, fields, kw_only=True, frozen=True, gc=False)
