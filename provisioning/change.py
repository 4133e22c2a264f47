"""Parts of an installation and the changes that bring them about, as frozen values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class _Anything:
    """Equal to whatever is there; only absence differs from it."""

    def __eq__(self, other: object) -> bool:
        return other is not None

    def __hash__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return "ANYTHING"


ANYTHING = _Anything()


@dataclass(frozen=True, slots=True)
class NotYet:
    """An error that IAM's eventual consistency explains: its code, and words of its message."""

    code: str
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One AWS call: boto3's client and method names, and the parameters (may hold secrets).

    `not_yet` errors are tried again for a while. `done` are codes that say that the call's
    effect is there already. `until` repeats the call until the value at that dotted path of
    its response is the given one. `region` is where it is made if not in the installation's.
    """

    service: str
    operation: str
    parameters: Mapping[str, Any] = field(default_factory=dict, repr=False)
    not_yet: tuple[NotYet, ...] = ()
    done: tuple[str, ...] = ()
    until: tuple[str, str] | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing that is read, compared and written on its own.

    `see` takes what is compared from the response of `read`, None where nothing is there; so
    do the error codes in `absent`, and no other error does. `change` is for what is there and
    differs; None means that `create` serves for it too. `data` stays unless told otherwise.
    `function` names the Lambda that must exist before, `goes_after` the one that must be gone
    before it is removed. An `optional` part may be missing for good. `blocked` says why it
    cannot be made now, `fixed` what a person does where it differs and no call mends that. What
    is seen of a `secret` one is never shown. A `quiet` one that is not set few want: no plan asks
    for it.
    """

    title: str
    why: str
    read: Call
    see: Callable[[dict[str, Any]], Any]
    wanted: Any = field(default=ANYTHING, repr=False)
    absent: tuple[str, ...] = ()
    create: tuple[Call, ...] = ()
    change: tuple[Call, ...] | None = None
    remove: tuple[Call, ...] = ()
    data: bool = False
    function: str | None = None
    goes_after: str | None = None
    optional: bool = False
    blocked: str | None = None
    fixed: str | None = None
    secret: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Unread:
    """In the place of what is seen of a part: these credentials lack the action to read it; `said`
    is the sentence about it.
    """

    action: str
    said: str = ""


class Action(Enum):
    """What a change does."""

    KEEP = "keep"
    CREATE = "create"
    CHANGE = "change"
    LATER = "later"
    OPEN = "open"
    BLOCKED = "blocked"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What will happen to one part, why, and the calls that do it."""

    action: Action
    title: str
    why: str
    calls: tuple[Call, ...] = field(default=(), repr=False)


Found = Mapping[str, Any]  # by a part's title: what was seen of it, None where it is absent


def plan(parts: Sequence[Part], found: Found, functions: frozenset[str]) -> tuple[Change, ...]:
    """The changes, in order, that make what was found what is wanted. Of what is `quiet` nothing is
    said while it is not set.
    """
    changes = ((part, change_of(part, found[part.title], functions)) for part in parts)
    return tuple(one for part, one in changes if one.action is not Action.OPEN or not part.quiet)


def change_of(part: Part, seen: Any, functions: frozenset[str]) -> Change:
    """What becomes of one part, by what was seen of it."""
    if seen is not None and part.wanted == seen:
        return Change(action=Action.KEEP, title=part.title, why=part.why)
    if part.function is not None and part.function not in functions:
        why = f"needs the function {part.function}: chalice deploy comes first"
        return Change(action=Action.LATER, title=part.title, why=why)
    if part.blocked:
        return Change(action=Action.BLOCKED, title=part.title, why=part.blocked)
    if seen is None:
        action = Action.CREATE if part.create else Action.OPEN
        return Change(action=action, title=part.title, why=part.why, calls=part.create)
    if part.fixed:
        return Change(action=Action.BLOCKED, title=part.title, why=part.fixed)
    calls = part.create if part.change is None else part.change
    return Change(action=Action.CHANGE, title=part.title, why=part.why, calls=calls)


def plan_removal(
    parts: Sequence[Part], found: Found, functions: frozenset[str], *, data: bool
) -> tuple[Change, ...]:
    """The changes, last part first, that remove what was found; data only where told."""
    there = [part for part in reversed(parts) if found[part.title] is not None and part.remove]
    return tuple(_removal(part, functions, data=data) for part in there)


def _removal(part: Part, functions: frozenset[str], *, data: bool) -> Change:
    if part.data and not data:
        why = "data: stays until destroy --delete-data"
        return Change(action=Action.KEEP, title=part.title, why=why)
    if part.goes_after in functions:
        why = f"goes once the function {part.goes_after} is gone: chalice delete, then again"
        return Change(action=Action.LATER, title=part.title, why=why)
    return Change(action=Action.REMOVE, title=part.title, why=part.why, calls=part.remove)
