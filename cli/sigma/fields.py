"""Where Sigma's field names lead in a CloudTrail record."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chalicelib.rules.correlation_keys import OBJECTS, RECORD_FIELDS

# Names of arrays: EC2 writes every list as {"items": […]}, the others stand in Sigma's rules.
ARRAYS = frozenset({"items", "resources", "layers", "containerDefinitions", "command"})
NAME = re.compile(r"[A-Za-z0-9_-]+")
EACH = "[*]"


class CannotSayError(ValueError):
    """What one language says and the other cannot; the text says what and why."""


def selector(field: str) -> str:
    """`requestParameters.layers` → `$.requestParameters.layers[*]`. Raises CannotSayError."""
    steps = field.split(".")
    if steps[0] not in RECORD_FIELDS or steps[0] == "facts":
        raise CannotSayError(f"{field}: CloudTrail's records have no field {steps[0]}")
    text = "$" + "".join(f".{_name(step)}{EACH if step in ARRAYS else ''}" for step in steps)
    if text.count(EACH) > 1:
        raise CannotSayError(f"{field}: lies in arrays within arrays; a pattern looks into one")
    return text


def scalar(field: str) -> str:
    """The selector of a field that holds a text or number. Raises CannotSayError."""
    if meant := OBJECTS.get(tuple(field.split("."))):
        example = meant.removeprefix("$.")
        raise CannotSayError(f"{field}: is an object; ask for a value within it, such as {example}")
    return selector(field)


def field_of(steps: Sequence[object], written: str) -> str:
    """The other way: what Sigma calls the selector of these steps. Raises CannotSayError."""
    if steps[0] == "facts":
        raise CannotSayError(f"{written}: Sigma has no word for what Trailbell makes of a record")
    names = [step for step in steps if isinstance(step, str)]
    field = ".".join(names)
    if any("." in name for name in names) or selector(field) != _path(steps):
        raise CannotSayError(f"{written}: Sigma's names of fields do not lead there")
    return field


def _path(steps: Sequence[object]) -> str:
    return "$" + "".join(
        f".{_name(step)}" if isinstance(step, str) else _bracket(step) for step in steps
    )


def _bracket(step: object) -> str:
    return f"[{step}]" if isinstance(step, int) else EACH


def _name(step: str) -> str:
    return step if NAME.fullmatch(step) else f"['{step}']"
