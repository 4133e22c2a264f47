"""Rows of `status`: each part, whether it is as it should be, and how it is not."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from chalicelib.monitoring.pattern_check import Wanted, judged
from chalicelib.rules.rule import Rule
from provisioning.change import Action, Change, Part, Unread, change_of
from provisioning.installation import Installation
from provisioning.parameters import CHOSEN, NAMES, fingerprint, title

LONGEST = 160  # characters of a value that is shown
NEEDED = ("slack-token", "api-token")  # without which nobody is told, or may ask


class State(Enum):
    """How one part stands."""

    OK = "ok"
    MISSING = "missing"
    DIFFERS = "differs"
    UNREADABLE = "cannot be read"


@dataclass(frozen=True, slots=True)
class Row:
    """A part and its state; `how` it differs or which permission is lacking; the next step."""

    part: str
    state: State
    how: str = ""
    next_step: str = ""

    @property
    def said(self) -> str:
        """In one line."""
        how = f": {self.how}" if self.how else ""
        return f"{self.part}: {self.state.value}{how}"

    def as_json(self) -> dict[str, str]:
        return {
            "part": self.part,
            "state": self.state.value,
            "how": self.how,
            "next_step": self.next_step,
        }


def unreadable(part: str, action: str) -> Row:
    """A row of what these credentials may not read."""
    step = f"allow {action} (docs/operating.md has the deployer's policy), or ask whoever may"
    return Row(part, State.UNREADABLE, action, step)


def deploy_step(at: Installation) -> str:
    """What makes functions and API as .chalice/config.json says."""
    return f"chalice deploy --stage {at.stage}, then apply again"


def of_filter(row: Row, seen: Mapping[str, str], rules: Sequence[Rule], wanted: str) -> Row:
    """The filter's row, with the rules that hear nothing by the pattern that is there now."""
    if row.state is not State.DIFFERS or not rules:
        return row
    found = judged(seen["filterPattern"], Wanted(rules, wanted), "the log group")
    return replace(row, how=f"{row.how}. {found.text}")


def of_parts(
    at: Installation, parts: Sequence[Part], found: Mapping[str, Any], functions: frozenset[str]
) -> Iterator[Row]:
    """A row for each part that `apply` makes, as it plans it."""
    for part in parts:
        seen = found[part.title]
        change = change_of(part, seen, functions)
        if isinstance(seen, Unread):
            yield unreadable(part.title, seen.action)
        else:
            yield _row(at, part, change, seen)


def _row(at: Installation, part: Part, change: Change, seen: Any) -> Row:
    apply = f"setup_resources.py apply --stage {at.stage}"
    if change.action is Action.KEEP:
        return _kept(at, part, seen)
    if change.action is Action.OPEN:
        return _not_set(at, part)
    if change.action is Action.LATER:
        return Row(part.title, State.MISSING, change.why, deploy_step(at))
    step = change.why if change.action is Action.BLOCKED else apply
    if seen is None:
        return Row(part.title, State.MISSING, "", step)
    return Row(part.title, State.DIFFERS, difference(part, seen), step)


def _kept(at: Installation, part: Part, seen: Any) -> Row:
    """A part that apply leaves as it is; of a parameter it remembers what it put there."""
    name = _parameter(at, part)
    known = at.values.get(name)
    if not name or known in (None, fingerprint(str(seen))):
        return Row(part.title, State.OK)
    now = "another value" if part.secret else f"it is {shown(seen)}, another value"
    apply = f"setup_resources.py apply --stage {at.stage}"
    variable = name.upper().replace("-", "_")
    step = f"{variable}=... {apply} takes one as it should be"
    if name == CHOSEN:
        step = f"{apply} with the options that were chosen"
    return Row(part.title, State.DIFFERS, f"{now} than apply put there", step)


def _not_set(at: Installation, part: Part) -> Row:
    """A parameter that nobody gave a value: some need none, unless there was one."""
    name = _parameter(at, part)
    if name not in NEEDED and name not in at.values:
        return Row(part.title, State.OK, f"not set: {part.why}")
    step = f"setup_resources.py apply --stage {at.stage}: {part.why}"
    return Row(part.title, State.MISSING, "", step)


def _parameter(at: Installation, part: Part) -> str:
    """Which of the functions' parameters the part is; "" where it is none."""
    return next((one for one in (*NAMES, CHOSEN) if title(at, one) == part.title), "")


def difference(part: Part, seen: Any) -> str:
    """What is otherwise than it should be; of a secret that it is."""
    return "another value is given now" if part.secret else difference_of(part.wanted, seen)


def difference_of(wanted: Any, seen: Any) -> str:
    """The same of two values, field by field."""
    if isinstance(wanted, Mapping) and isinstance(seen, Mapping):
        keys = [key for key in {**wanted, **seen} if wanted.get(key) != seen.get(key)]
        return "; ".join(_instead(key, seen.get(key), wanted.get(key)) for key in keys)
    return f"it is {shown(seen)}, not {shown(wanted)}"


def _instead(key: str, seen: Any, wanted: Any) -> str:
    return f"{key} is {shown(seen)}, not {shown(wanted)}"


def shown(value: Any) -> str:
    """A value in one short line."""
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
