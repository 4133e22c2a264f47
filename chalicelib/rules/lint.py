"""The linter: patterns that the service takes and that never fire, or always do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chalicelib.rules.contradictions import contradictions
from chalicelib.rules.derivation import FACTS
from chalicelib.rules.fact_words import mistakes
from chalicelib.rules.filter_pattern import (
    And,
    Child,
    Comparison,
    Expression,
    FilterPattern,
    Operator,
    Or,
    Step,
    Text,
    conditions,
)

# CloudTrail writes these as the texts "true" and "false". Source: CloudTrail user guide, "Record
# contents", and what trails hold.
TEXT_BOOLEANS = ("sessionCredentialFromConsole", "mfaAuthenticated")
# Absent from most records, so `!=` on them drops most records.
OFTEN_ABSENT: tuple[tuple[Step, ...], ...] = (
    ("errorCode",),
    ("errorMessage",),
    ("additionalEventData",),
    ("vpcEndpointId",),
    ("userIdentity", "invokedBy"),
    ("userIdentity", "userName"),
    ("userIdentity", "sessionContext"),
)
# In every record, so `!=` on them holds for most records.
IN_EVERY_RECORD: tuple[tuple[Step, ...], ...] = tuple(
    (name,) for name in ("eventName", "eventSource", "sourceIPAddress", "awsRegion", "eventType")
)
TYPE = ("userIdentity", "type")
# Of these types, every record has the field.
HOLDERS: dict[tuple[Step, ...], tuple[str, ...]] = {
    ("userIdentity", "userName"): ("IAMUser", "SAMLUser", "WebIdentityUser"),
    ("userIdentity", "sessionContext"): ("AssumedRole", "FederatedUser"),
}
# Keys whose value is an array wherever CloudTrail writes them.
ARRAYS = ("commands", "items", "resources")
EQUALITY = (Operator.EQUAL, Operator.NOT_EQUAL)
STATES = (Operator.IS_TRUE, Operator.IS_FALSE)


@dataclass(frozen=True, slots=True)
class Warning:  # noqa: A001 - that is what a linter gives
    """What is wrong with the text that starts at `start`, and what to write instead."""

    text: str
    start: int
    message: str


def lint(pattern: FilterPattern) -> list[Warning]:
    """The pattern's warnings, in the order of their places."""
    expression = pattern.expression
    if expression is None:
        return []
    found = [
        Warning(condition.text, condition.start, message)
        for condition in conditions(expression)
        for check in CHECKS
        for message in check(condition, expression)
    ]
    found += _always_true(expression)
    found += [Warning(one.text, one.start, why) for one, why in contradictions(expression)]
    return sorted(found, key=lambda warning: warning.start)


def _boolean_as_text(condition: Comparison, whole: Expression) -> Iterator[str]:
    value, path = condition.value, condition.path
    if condition.op not in EQUALITY or not isinstance(value, Text) or path[:1] == FACTS:
        return
    if value.text.lower() not in ("true", "false") or path[-1] in TEXT_BOOLEANS:
        return
    if any(other.path == path and other.op in STATES for other in conditions(whole)):
        return  # both ways of writing it are meant: some relays write the text
    state = value.text.lower() == "true"
    wanted = state if condition.op is Operator.EQUAL else not state
    instead = f"{condition.selector.text} IS {str(wanted).upper()}"
    kind = "readOnly is a boolean" if path == ("readOnly",) else "where the field is a boolean"
    yield f'{kind}, this never holds, since it compares with a text: write "{instead}"'


def _text_as_boolean(condition: Comparison, _: Expression) -> Iterator[str]:
    if condition.op not in STATES:
        return
    if condition.path[-1] in TEXT_BOOLEANS:
        text = "true" if condition.op is Operator.IS_TRUE else "false"
        instead = f'{condition.selector.text} = "{text}"'
        yield f"never holds, since CloudTrail writes this field as a text: write {instead}"


def _differs_from_what_is_absent(condition: Comparison, whole: Expression) -> Iterator[str]:
    path, selector = condition.path, condition.selector.text
    if condition.op is not Operator.NOT_EQUAL or not _often_absent(path):
        return
    others = list(conditions(whole))
    if any(_sees_to_absence(other, path) for other in others):
        return
    yield (
        "never holds where the field is absent, as it often is: "
        f"write (({condition.text}) || ({selector} NOT EXISTS))"
    )


def _asks_for_no_fact(condition: Comparison, _: Expression) -> Iterator[str]:
    yield from mistakes(condition)


def _compares_an_array(condition: Comparison, _: Expression) -> Iterator[str]:
    if condition.value is None:
        return
    path = condition.path
    for at, step in enumerate(path):
        following = path[at + 1] if at + 1 < len(path) else ""
        if step in ARRAYS and isinstance(following, str):
            yield (
                f'never holds, since "{step}" is an array: write {step}[0], or {step}[*] for any '
                "of its elements"
            )


def _interior_wildcard(condition: Comparison, _: Expression) -> Iterator[str]:
    value = condition.value
    if isinstance(value, Text) and value.has_interior_wildcard:
        prefix, *_middle, suffix = value.segments
        # Two conditions with [*] may hold for two different elements.
        one = Child.ANY not in condition.path
        split = prefix and suffix and condition.op is Operator.EQUAL and one
        instead = f'"{prefix}*" and "*{suffix}", joined by &&' if split else "a %regex%"
        yield f"AWS does not document a * between other characters: write {instead}"


def _differs_from_everything(condition: Comparison, _: Expression) -> Iterator[str]:
    value = condition.value
    if condition.op is not Operator.NOT_EQUAL or not isinstance(value, Text):
        return
    if value.text and not value.text.strip("*"):
        yield f'never holds, since * is any text: write "{condition.selector.text} NOT EXISTS"'


def _lets_everything_through(condition: Comparison, whole: Expression) -> Iterator[str]:
    """`!=` on what every record has, as one alternative of the whole pattern."""
    if condition.op is not Operator.NOT_EQUAL or condition.path not in IN_EVERY_RECORD:
        return
    alternatives = list(_alternatives(whole))
    others = [one for one in alternatives if one is not condition]
    if not others or len(others) == len(alternatives):
        return
    if not any(isinstance(one, Comparison) and one.path == condition.path for one in others):
        yield "holds for nearly every record, so the whole pattern does: join it by &&"


def _alternatives(expression: Expression) -> Iterator[Expression]:
    """The operands of an ||, those of one within it in its place."""
    for operand in expression.operands if isinstance(expression, Or) else ():
        if isinstance(operand, Or):
            yield from _alternatives(operand)
        else:
            yield operand


def _single_quotes(condition: Comparison, _: Expression) -> Iterator[str]:
    value = condition.value
    if isinstance(value, Text) and len(value.text) > 1 and value.text[0] == value.text[-1] == "'":
        yield f"compares with the single quotes, too: write {value.text[1:-1]!r:.80}".replace(
            "'", '"'
        )


CHECKS: tuple[Callable[[Comparison, Expression], Iterator[str]], ...] = (
    _boolean_as_text,
    _text_as_boolean,
    _differs_from_what_is_absent,
    _compares_an_array,
    _asks_for_no_fact,
    _interior_wildcard,
    _differs_from_everything,
    _lets_everything_through,
    _single_quotes,
)


def _always_true(expression: Expression) -> Iterator[Warning]:
    """`!=` joined by || on one field: one of them holds whatever the field holds."""
    if isinstance(expression, Comparison):
        return
    for operand in expression.operands:
        yield from _always_true(operand)
    if isinstance(expression, And):
        return
    seen: dict[tuple[Step, ...], Comparison] = {}
    for one in _alternatives(expression):
        if not isinstance(one, Comparison) or one.op is not Operator.NOT_EQUAL:
            continue
        first = seen.setdefault(one.path, one)
        if first.value != one.value:
            message = (
                f"with {first.text} before it, joined by ||, one of the two nearly always holds: "
                "write &&"
            )
            yield Warning(one.text, one.start, message)


def _often_absent(path: tuple[Step, ...]) -> bool:
    return any(_leads(absent, path) for absent in OFTEN_ABSENT)


def _leads(shorter: tuple[Step, ...], longer: tuple[Step, ...]) -> bool:
    return longer[: len(shorter)] == shorter


def _sees_to_absence(other: Comparison, path: tuple[Step, ...]) -> bool:
    """Whether a pattern with this condition means what `!=` on the path does to absent fields."""
    if other.op is Operator.NOT_EXISTS:
        return _leads(other.path, path)
    if other.path == TYPE:
        return _has_the_field(other, path[:2])
    return other.path == path and other.op is Operator.EQUAL


def _has_the_field(kind: Comparison, field: tuple[Step, ...]) -> bool:
    if kind.op is Operator.NOT_EQUAL:
        # Who has no sessionContext is let through by this alternative.
        return "sessionContext" in field
    return isinstance(kind.value, Text) and kind.value.text in HOLDERS.get(field, ())
