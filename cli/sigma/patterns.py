"""What Sigma's detections say, as a filter pattern and its exceptions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionIdentifier,
    ConditionItem,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.rule import SigmaRule
from sigma.types import SigmaString

from chalicelib.rules.filter_pattern import FilterPatternError, compile_pattern
from cli.sigma.fields import CannotSayError
from cli.sigma.leaves import All, Either, Leaf, Narrowed, Node, Not, leaf, negated, quoted

# Fields with texts.
Narrowings = tuple[tuple[str, str], ...]
# What pySigma calls the parts of a condition.
Tree = (
    ConditionIdentifier
    | ConditionItem
    | ConditionFieldEqualsValueExpression
    | ConditionValueExpression
    | None
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A pattern and exceptions; `narrowed` are fields with texts that they compare by case."""

    pattern: str
    exceptions: tuple[str, ...] = ()
    narrowed: Narrowings = ()


def said(rules: Iterable[SigmaRule]) -> Said:
    """What any of these rules detects. Raises CannotSayError."""
    trees: list[Tree] = [each.parsed for rule in rules for each in rule.detection.parsed_condition]
    narrowed = Narrowed()
    if all(isinstance(item, ConditionValueExpression) for tree in trees for item in _items(tree)):
        found = Said(pattern=_terms(trees, narrowed))
    else:
        _check_values(trees)
        nodes = tuple(_node(tree, narrowed) for tree in trees)
        found = _split(nodes[0] if len(nodes) == 1 else Either(nodes))
    for text in (found.pattern, *found.exceptions):
        _check(text)
    return Said(pattern=found.pattern, exceptions=found.exceptions, narrowed=tuple(narrowed.texts))


def _check_values(trees: list[Tree]) -> None:
    """Every field and value that cannot be said, at once."""
    wrong = dict.fromkeys(
        reason for tree in trees for item in _items(tree) for reason in _wrong(item)
    )
    if wrong:
        raise CannotSayError("; ".join(wrong))


def _wrong(item: Tree) -> Iterator[str]:
    try:
        _node(item, Narrowed())
    except CannotSayError as error:
        yield str(error)


def _check(pattern: str) -> None:
    try:
        compile_pattern(pattern)
    except FilterPatternError as error:
        raise CannotSayError(f"as a pattern it is refused: {error}") from error


def _items(
    tree: Tree, within: tuple[type[ConditionItem], ...] = (ConditionAND, ConditionOR, ConditionNOT)
) -> Iterator[Tree]:
    """What stands within parts of these kinds."""
    if isinstance(tree, within):
        for argument in tree.args:
            yield from _items(argument, within)
    else:
        yield tree


def _node(tree: Tree, narrowed: Narrowed) -> Node:
    if isinstance(tree, ConditionNOT):
        return Not(_node(tree.args[0], narrowed))
    if isinstance(tree, ConditionAND | ConditionOR):
        kind: type[All] | type[Either] = All if isinstance(tree, ConditionAND) else Either
        nodes = [_node(argument, narrowed) for argument in tree.args]
        return kind(tuple(_flattened(nodes, kind)))
    if isinstance(tree, ConditionFieldEqualsValueExpression):
        return leaf(tree.field, tree.value, narrowed)
    raise CannotSayError("keywords beside fields: a pattern looks for words or at fields, not both")


def _flattened(nodes: Iterable[Node], kind: type[All] | type[Either]) -> Iterator[Node]:
    for node in nodes:
        if isinstance(node, kind):
            yield from _flattened(node.operands, kind)
        else:
            yield node


def _split(node: Node) -> Said:
    """What must hold goes into the pattern, what must not into exceptions."""
    operands = node.operands if isinstance(node, All) else (node,)
    wanted = [_written(each) for each in operands if not isinstance(each, Not)]
    unwanted = [each.operand for each in operands if isinstance(each, Not)]
    if not wanted:
        raise CannotSayError("it says only what must not be; a rule's pattern says what must")
    exceptions = [_braced([text]) for each in unwanted for text in _alternatives(each)]
    return Said(pattern=_braced(wanted), exceptions=tuple(exceptions))


def _alternatives(node: Node) -> list[str]:
    """An exception for each alternative, but one for those of a single field."""
    if isinstance(node, Either) and len({_field(each) for each in node.operands}) > 1:
        return [_written(each) for each in node.operands]
    return [_written(node)]


def _field(node: Node) -> object:
    return node.text.split(" ", 1)[0] if isinstance(node, Leaf) else node


def _braced(conditions: list[str]) -> str:
    text = " && ".join(conditions)
    return f"{{ {text} }}"


def _written(node: Node) -> str:
    if isinstance(node, Leaf):
        return f"({node.text})"
    if isinstance(node, Not):
        return _written(negated(node.operand))
    joint = " && " if isinstance(node, All) else " || "
    operands = [_written(each) for each in dict.fromkeys(node.operands)]
    return operands[0] if len(operands) == 1 else f"({joint.join(operands)})"


def _terms(trees: list[Tree], narrowed: Narrowed) -> str:
    """Words to look for in the whole record: all of them, any of them, or none of them."""
    tree = trees[0] if len(trees) == 1 else ConditionOR(trees)
    if isinstance(tree, ConditionOR):
        return " ".join(f"?{_term(item, narrowed)}" for item in tree.args)
    if isinstance(tree, ConditionAND):
        return " ".join(_signed(item, narrowed) for item in _items(tree, (ConditionAND,)))
    return _term(tree, narrowed)


def _signed(item: Tree, narrowed: Narrowed) -> str:
    if isinstance(item, ConditionNOT):
        return f"-{_term(item.args[0], narrowed)}"
    return _term(item, narrowed)


def _term(item: Tree, narrowed: Narrowed) -> str:
    value = item.value if isinstance(item, ConditionValueExpression) else None
    if not isinstance(value, SigmaString):
        raise CannotSayError("keywords: words are looked for all, any or none, without numbers")
    if value.contains_special():
        raise CannotSayError("keywords: wildcards have no word in a pattern of words")
    narrowed.note("keywords", str(value))
    return quoted(str(value))
