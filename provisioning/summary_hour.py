"""The hour of the day's summary, asked for once, at the first deployment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from chalicelib.rules.handling_keys import hour, zone
from chalicelib.rules.loading import LOCAL
from chalicelib.rules.place import RulesError
from chalicelib.rules.user_rules import read

QUESTION = "One message a day that sums it up: when, such as 09:00 Europe/Berlin (empty for none)"
FILE = "summary.toml"
ASKED_AT_MOST = 3


def ask_for_summary(ask: Callable[[str], str], console: Console, folder: Path = LOCAL) -> None:
    """Write the answer into a rule file of its own, which `chalice deploy` takes along; where a
    rule file there says it already, or cannot be read, nothing is asked.
    """
    if _is_settled(folder):
        return
    for _ in range(ASKED_AT_MOST):
        answer = ask(QUESTION).strip()
        if not answer:
            return
        try:
            written = _written(answer)
        except ValueError as error:
            console.print(f"{error}", highlight=False, markup=False)
            continue
        path = folder / FILE
        path.write_text(written, encoding="utf-8")
        console.print(f"Written to {path}; its place may be any rule file.", highlight=False)
        return


def _is_settled(folder: Path) -> bool:
    try:
        return any(read(path).summary for path in folder.glob("*.toml"))
    except RulesError:
        return True


def _written(answer: str) -> str:
    """The rule file. Raises ValueError."""
    when, _, name = answer.partition(" ")
    at, name = hour(when), zone(name.strip() or "UTC")
    return f'[summary]\nat = "{at:%H:%M}"\nzone = "{name}"\n'
