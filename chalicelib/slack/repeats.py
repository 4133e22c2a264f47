"""What a message says of the same thing again: how often, to what else, by whom else, and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.post import MOST_ALSO
from chalicelib.slack.mrkdwn import date, say

NAMES, NAME = 3, 30


def repeated(
    alert: Alert, repeats: int, also: Sequence[str], last_at: datetime | None, names: int = NAMES
) -> str:
    """As " *× 4* on 4 different ones, also on b, c and d, last 10:42"; "" for what happened once.

    `also` is Post.also; of each kind at most `names` are named, and the others counted.
    """
    if repeats < 2:
        return ""
    at_least = "at least " if len(also) >= MOST_ALSO else ""
    pieces = [f" *× {repeats}*{_on_different(alert, also, at_least)}"]
    for how, known in _known(alert).items():
        named = [one for one in _named(also, how) if one not in known]
        if named:
            pieces.append(f"also {how} {_listed(named, names, at_least)}")
    if last_at:
        pieces.append(f"last {date(last_at)}")
    return ", ".join(pieces)


def _on_different(alert: Alert, also: Sequence[str], at_least: str) -> str:
    """How many things it was done to: as often to one is another matter than once to each."""
    others = [one for one in _named(also, "on") if one not in alert.resources]
    many = len(others) + bool(alert.resources)
    return f" on {at_least}{many} different ones" if others and many > 1 else ""


def _known(alert: Alert) -> dict[str, tuple[str, ...]]:
    """What the message says already, by the first word of what it need not say again."""
    return {"on": alert.resources, "with": (alert.event_name,), "by": (alert.actor,)}


def _named(also: Sequence[str], how: str) -> list[str]:
    return [one.removeprefix(f"{how} ") for one in also if one.startswith(f"{how} ")]


def _listed(found: list[str], names: int, at_least: str) -> str:
    shown = [say(one, NAME) for one in found[:names]]
    left = len(found) - len(shown)
    if left:
        shown.append(f"{at_least}{left} {'more' if shown else 'others' if left > 1 else 'other'}")
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if shown[1:] else shown)
