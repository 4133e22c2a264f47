"""The conformance table of the filter pattern language: patterns, events and verdicts by hand."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parent.parent / "tests" / "rules" / "conformance.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A pattern and a log line. `expected` is None where the pattern itself is refused, then
    `position` says where. `is_open`: AWS does not say, and nobody has observed it.
    """

    rule: str
    pattern: str
    event: str
    expected: bool | None
    position: int = 0
    is_open: bool = False


def load_conformance(path: Path = TABLE) -> list[Case]:
    """Every case of the table, in its order."""
    groups = tomllib.loads(path.read_text(encoding="utf-8"))["group"]
    return [case for group in groups for case in _cases(group)]


def _cases(group: dict[str, Any]) -> Iterator[Case]:
    rule, is_open = group["rule"], group.get("open", False)
    for one in group.get("pattern", []):
        for key, verdict in (("matches", True), ("ignores", False)):
            for event in one.get(key, []):
                yield Case(
                    rule=rule, pattern=one["text"], event=event, expected=verdict, is_open=is_open
                )
    for pattern, position in group.get("refused", []):
        yield Case(
            rule=rule, pattern=pattern, event="", expected=None, position=position, is_open=is_open
        )
