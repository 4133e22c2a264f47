"""Plans, prices and verdicts as an operator reads them."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

from provisioning.change import Action, Change

STYLES = {
    Action.KEEP: ("=", "dim"),
    Action.CREATE: ("+", "green"),
    Action.CHANGE: ("~", "yellow"),
    Action.LATER: (".", "cyan"),
    Action.OPEN: ("?", "cyan"),
    Action.BLOCKED: ("!", "red"),
    Action.REMOVE: ("-", "red"),
}
EFFECTIVE = (Action.CREATE, Action.CHANGE, Action.REMOVE)


def show_plan(console: Console, changes: Sequence[Change], *, everything: bool) -> None:
    """A line for each change and why; those that are kept only with `everything`."""
    for change in changes:
        if everything or change.action is not Action.KEEP:
            show_change(console, change)
    console.print(summary(changes), highlight=False)


def show_change(console: Console, change: Change) -> None:
    """One line: what happens to what, and why."""
    sign, style = STYLES[change.action]
    what = f"{sign} {change.action.value:<7} {change.title}"
    console.print(f"[{style}]{escape(what)}[/]  {escape(change.why)}", highlight=False)


def show_refusals(console: Console, refused: Sequence[str], untried: str) -> None:
    """What AWS will refuse, a line each, and what could not be found out."""
    if refused:
        console.print("AWS will refuse this:", style="red")
    for sentence in refused:
        console.print(f"! {sentence}", style="red", highlight=False, markup=False)
    if untried:
        console.print(untried, style="dim", highlight=False)


def summary(changes: Sequence[Change]) -> str:
    """How many of each kind."""
    counts = {action: sum(one.action is action for one in changes) for action in Action}
    said = [f"{counts[action]} to {action.value}" for action in EFFECTIVE if counts[action]] or [
        "nothing to change"
    ]
    said += [f"{counts[Action.LATER]} for later"] if counts[Action.LATER] else []
    said += [f"{counts[Action.OPEN]} not set"] if counts[Action.OPEN] else []
    said += [f"{counts[Action.BLOCKED]} blocked"] if counts[Action.BLOCKED] else []
    return f"{', '.join(said)}; {counts[Action.KEEP]} stay as they are."
