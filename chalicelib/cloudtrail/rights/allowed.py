"""What a statement that allows gives beyond what it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from chalicelib.cloudtrail.reading import each, get, has, texts, word
from chalicelib.cloudtrail.rights.actions import dangers_of, is_harmless

# More than a policy can hold (32,768 characters of a permission set's); of a forged one that has
# more nothing is told apart.
MOST_ACTIONS, MOST_REACHES = 1_500, 50
# What a resource is of, where its ARN is another service's.
_OF = {"sts": "iam"}
# arn:aws:s3:::*, arn:aws:iam::*:role/*, arn:aws:logs:*:*:log-group:*:*
_ALL = re.compile(r"(?P<kind>[\w-]+[:/])?[*?]+(?:[:/][*?]+)*")
# Where a name begins with no kind: bucket/*, api-id/*.
_WITHOUT_KINDS = frozenset({"s3", "execute-api", "sns", "sqs"})
_ANYTHING = re.compile(r"[*?]+(:[*?]+)?")
_WILD = re.compile(r"[*?]")
_ACCOUNT = re.compile(r"[0-9]{12}")
_OWN_USER = "${aws:username}"
# A condition that holds the right to resources with a tag names them.
_HOLDING = re.compile(r"(foranyvalue:)?string(equals|equalsignorecase|like)")
_TAG = re.compile(r"[\w-]+:resourcetag/.+")


class Reach(NamedTuple):
    """How far a resource of a statement reaches.

    `service` as in its ARN, "" where it may be any; `wide` where it names nothing; `elsewhere`
    where it may be another account's; `own` where it is whoever calls.
    """

    service: str
    wide: bool
    elsewhere: bool
    own: bool

    def is_of(self, service: str) -> bool:
        """Whether it may be one of a service's, "" of any's."""
        return not service or self.service in ("", _OF.get(service, service))


def allowed_by(statement: dict[str, Any], own: str) -> Iterator[str]:
    """Words of the vocabulary, repeated ones too; none of a narrow statement."""
    reaches = _reaches(statement, own)
    actions = texts(get(statement, "Action"))
    if has(statement, "NotAction"):
        yield from _all_but(texts(get(statement, "NotAction")), reaches)
    elif actions and len(actions) <= MOST_ACTIONS and len(reaches) <= MOST_REACHES:
        for action in actions:
            yield from _given(action, reaches)
    else:
        yield "unknown"


def _all_but(left_out: list[str], reaches: list[Reach]) -> Iterator[str]:
    over_iam = [reach for reach in reaches if reach.is_of("iam")]
    if any(reach.wide for reach in over_iam):
        spared = any(action.lower() in ("iam:*", "*") for action in left_out)
        yield "everywhere" if spared else "administrator"
    elif over_iam:
        yield "some-identities"
    elif any(reach.wide for reach in reaches):
        yield "everywhere"


def _given(action: str, reaches: list[Reach]) -> Iterator[str]:
    """What one action gives, on everything that the statement reaches."""
    dangers, service = dangers_of(action), action.partition(":")[0].lower()
    service = "" if _WILD.search(service) else service
    for reach in reaches:
        if reach.wide and _ANYTHING.fullmatch(action) and reach.is_of("iam"):
            yield "administrator"
            continue
        found = [
            said
            for kind, services in dangers.items()
            if any(map(reach.is_of, services)) and (said := _said(kind, reach))
        ]
        yield from found
        if reach.wide and not found and reach.is_of(service) and not is_harmless(action):
            yield "everywhere"


def _said(kind: str, reach: Reach) -> str:
    """The word for a kind of dangerous actions so far; "" where it is narrow."""
    if kind == "identities":
        named = "" if reach.own else "some-identities"
        return kind if reach.wide else named
    if kind == "assume-role":
        return kind if reach.wide or reach.elsewhere else ""
    return kind if reach.wide or kind == "recording" else ""


def _reaches(statement: dict[str, Any], own: str) -> list[Reach]:
    """Each reach once; as wide as can be where it says what it is not about, or nothing."""
    named = texts(get(statement, "Resource")) or ["*"]
    bound = _held_to_a_tag(get(statement, "Condition"))
    found = dict.fromkeys(_reach(resource, own, bound=bound) for resource in named)
    return list(islice(found, MOST_REACHES + 1))


def _reach(resource: str, own: str, *, bound: bool) -> Reach:
    parts = resource.split(":", 5)
    if len(parts) < 6:
        wide = "*" in resource and not bound
        return Reach("", wide, elsewhere=True, own=False)
    service, account, name = parts[2], parts[4], parts[5]
    every = _ALL.fullmatch(name)
    named = every is None or (every["kind"] and service in _WITHOUT_KINDS)
    return Reach(
        service="" if _WILD.search(service) else service.lower(),
        wide=not named and not bound,
        elsewhere=account != own if _ACCOUNT.fullmatch(account) else "$" not in account,
        own=_OWN_USER in name,
    )


def _held_to_a_tag(condition: Any) -> bool:
    for operator, block in condition.items() if isinstance(condition, dict) else ():
        if not _HOLDING.fullmatch(operator.lower()) or not isinstance(block, dict):
            continue
        for key, values in block.items():
            if _TAG.fullmatch(key.lower()) and all(word(item) != "*" for item in each(values)):
                return True
    return False
