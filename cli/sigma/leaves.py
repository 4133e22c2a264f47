"""One field and value of Sigma, as conditions of a filter pattern."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv6Network

from sigma.types import (
    SigmaBool,
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaExpansion,
    SigmaFieldReference,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaString,
    SigmaType,
    SpecialChars,
)

from cli.sigma.fields import EACH, CannotSayError, scalar, selector

# A network is said by the texts its addresses begin with: more of them fill a pattern.
MOST_PREFIXES = 16
ORDERS = {"LT": "<", "LTE": "<=", "GT": ">", "GTE": ">="}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A condition without its parentheses, and its opposite, "" where none can be said."""

    text: str
    opposite: str = ""


@dataclass(frozen=True, slots=True)
class All:
    """Every one of them."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Any one of them."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """What must not hold."""

    operand: Node


Node = Leaf | All | Either | Not


@dataclass(slots=True)
class Narrowed:
    """Texts that Sigma compares whatever their case: ours say them as written."""

    texts: dict[tuple[str, str], None] = field(default_factory=dict)

    def note(self, name: str, text: str) -> None:
        if text.lower() != text.upper():
            self.texts[name, text] = None


def leaf(name: str, value: SigmaType, narrowed: Narrowed) -> Node:
    """The conditions for one value of a field. Raises CannotSayError."""
    if isinstance(value, SigmaString):
        return _text(name, value, narrowed)
    if isinstance(value, SigmaNull):
        return absent(selector(name))
    if isinstance(value, SigmaExists):
        missing = Leaf(f"{selector(name)} NOT EXISTS")
        return Not(missing) if value else missing
    if isinstance(value, SigmaExpansion):
        return Either(tuple(leaf(name, each, narrowed) for each in value.values))
    return _other(name, value)


def absent(path: str) -> Node:
    """Sigma's null: a field that is not there, or null."""
    there = f'{path} = "*"'
    return Either((Leaf(f"{path} NOT EXISTS", there), Leaf(f"{path} IS NULL", there)))


def equal(path: str, written: str) -> Node:
    """The field equals the value, which is written as patterns write it."""
    opposite = "" if EACH in path else f"{path} != {written}"
    return Leaf(f"{path} = {written}", opposite)


def negated(node: Node) -> Node:
    """What holds where the node does not. Raises CannotSayError."""
    if isinstance(node, Not):
        return node.operand
    if isinstance(node, All):
        return Either(tuple(map(negated, node.operands)))
    if isinstance(node, Either):
        return All(tuple(dict.fromkeys(map(negated, node.operands))))
    if not node.opposite:
        raise CannotSayError(f"not within or: a pattern has no opposite of {node.text}")
    if " != " not in node.opposite:
        return Leaf(node.opposite)
    path = node.text.split(" ", 1)[0]
    return Either((Leaf(node.opposite), Leaf(f"{path} NOT EXISTS"), Leaf(f"{path} IS NULL")))


def _text(name: str, value: SigmaString, narrowed: Narrowed) -> Node:
    text, path = _wildcards(name, value), scalar(name)
    found = equal(path, quoted(text))
    if isinstance(value, SigmaCasedString):
        return found
    if text.lower() in ("true", "false"):
        # CloudTrail writes most flags as booleans, some as texts; Sigma knows no difference.
        return Either((Leaf(f"{path} IS {text.upper()}"), equal(path, quoted(text.lower()))))
    narrowed.note(name, text)
    return found


def quoted(text: str) -> str:
    """A text as patterns quote it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _wildcards(name: str, value: SigmaString) -> str:
    if value.contains_placeholder():
        raise CannotSayError(f"{name}|expand: what the placeholder stands for is not in the rule")
    parts = []
    for part in value.s:
        if part is SpecialChars.WILDCARD_SINGLE:
            raise CannotSayError(f"{name}: a ? for any one character has no word in a pattern")
        if isinstance(part, str) and "*" in part:
            raise CannotSayError(f"{name}: a * of the text itself; in a pattern it is a wildcard")
        parts.append(part if isinstance(part, str) else "*")
    return "".join(parts)


def _other(name: str, value: SigmaType) -> Node:
    if isinstance(value, SigmaFieldReference):
        raise CannotSayError(f"{name}|fieldref: a pattern compares no field with another")
    if isinstance(value, SigmaCIDRExpression):
        return _network(name, value)
    path = scalar(name)
    if isinstance(value, SigmaNumber):
        return equal(path, str(value.number))
    if isinstance(value, SigmaBool):
        return Leaf(f"{path} IS {str(value.boolean).upper()}")
    if isinstance(value, SigmaRegularExpression):
        return _regex(name, path, value)
    if isinstance(value, SigmaCompareExpression) and value.op.name in ORDERS:
        return Leaf(f"{path} {ORDERS[value.op.name]} {value.number}")
    raise CannotSayError(f"{name}: {type(value).__name__} has no word in a pattern")


def _regex(name: str, path: str, value: SigmaRegularExpression) -> Node:
    source = str(value.regexp)
    if value.flags:
        raise CannotSayError(f"{name}|re: its flags have no word in a pattern")
    if "%" in source:
        raise CannotSayError(f"{name}|re: a % ends a pattern's regular expression")
    return equal(path, f"%{source}%")


def _network(name: str, value: SigmaCIDRExpression) -> Node:
    """By the texts its addresses begin with."""
    if isinstance(value.network, IPv6Network):
        raise CannotSayError(f"{name}|cidr: addresses of IPv6 have many spellings; use [[allow]]")
    prefixes = value.expand()
    if len(prefixes) > MOST_PREFIXES:
        raise CannotSayError(
            f"{name}|cidr: {value.cidr} would need {len(prefixes)} texts, as a pattern knows no"
            " networks; an [[allow]] does"
        )
    path = scalar(name)
    return Either(tuple(equal(path, quoted(prefix)) for prefix in prefixes))
