"""Plans, prices and verdicts as an operator reads them."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

from provisioning.change import Action, Change
from provisioning.rows import State
from provisioning.status import Status, Verdict
from terminal.tables import hung

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


def show_parts(console: Console, deployment: str, found: Status) -> None:
    """The verdict and a row for each part: a table that fits a terminal, whole lines elsewhere."""
    style = "green" if found.verdict is Verdict.HEALTHY else "red"
    console.print(f"{deployment} is {found.verdict.value}", style=style, highlight=False)
    columns = console.width if console.is_terminal else None

    def say(line: str, style: str | None = None, indent: int = 2) -> None:
        for each in hung(line, columns, indent):
            console.print(each, style=style, highlight=False, markup=False)

    if columns:
        say(f"{'STATE':<14}  PART", "bold")
    for row in found.rows:
        style = "dim" if row.state is State.OK else "red"
        said = f"{row.state.value:<14}  {row.part}" + (f"  {row.how}" if row.how else "")
        say(said, style, indent=16)
        if row.next_step and row.state is not State.OK:
            say(f"  → {row.next_step}", indent=4)
    if found.told:
        say(found.told.said)
    for remark in found.remarks:
        say(f"  {remark}", "dim", indent=4)


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
