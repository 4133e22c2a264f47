"""What to do next: the last line of a replay."""

from __future__ import annotations

from cli.tally import Tally

COMMAND = ".venv/bin/python trailbell.py"
KEEP = "--store sqlite:///.trailbell/alerts.db"


def next_step(tally: Tally, output: str, store: str | None) -> str:
    """The next step after what a replay came to: its store, where it kept the alerts in one."""
    if not tally.records:
        return "Next: there was no record to read; name other files, or a longer span."
    if not tally.matched and not tally.new:
        return f"Next: no rule matched; {COMMAND} rules lists what is watched."
    if not store:
        return _of_what_was_shown(output)
    if tally.posted is None and tally.new:
        return "Next: the same with --post delivers what was kept."
    if tally.posted is None:
        return f"Next: all of it was kept before; {COMMAND} parked lists what needs a person."
    return f"Next: {COMMAND} parked lists what the channel did not take."


def _of_what_was_shown(output: str) -> str:
    if output in ("text", "json"):
        return "Next: the same with --format slack shows the messages that the channel would get."
    return f"Next: make deploy tells this to a channel; {KEEP} keeps it for the page of make run."
