"""What to do next: the last line of a replay, however it ended."""

from __future__ import annotations

from dataclasses import dataclass

from cli.s3.archive import SCHEME
from cli.tally import Tally

COMMAND = ".venv/bin/python trailbell.py"
KEEP = "--store sqlite:///.trailbell/alerts.db"
STANDARD_INPUT = "-"
AFTER_DRY_RUN = "Next: the same without --dry-run reads it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a replay was asked for: its format, store and paths, and whether a span was named."""

    output: str
    store: str | None
    paths: tuple[str, ...]
    has_span: bool

    @property
    def is_piped(self) -> bool:
        """Whether records came in by standard input: they are gone now."""
        return STANDARD_INPUT in self.paths

    @property
    def is_archive(self) -> bool:
        """Whether files of S3 were read: a store remembers which."""
        return any(path.startswith(SCHEME) for path in self.paths)


def next_step(tally: Tally, asked: Asked) -> str:
    """The next step after what a replay that came to its end found."""
    if not tally.records:
        return f"Next: {_of_nothing(asked)}."
    if not tally.matched and not tally.new:
        return f"Next: no rule matched; {COMMAND} rules lists what is watched."
    if asked.store:
        return f"Next: {_of_what_was_kept(tally, asked)}."
    return f"Next: {_of_what_was_shown(asked)}."


def next_after_a_cut(asked: Asked) -> str:
    """The next step after a replay that was interrupted."""
    if not asked.store:
        return f"Next: --since 7d reads less; {KEEP} keeps what was read until a Ctrl-C."
    return f"Next: {_the_same(asked)} goes on: what was kept is not told twice."


def _of_nothing(asked: Asked) -> str:
    if asked.is_archive and asked.store:
        return "nothing there was new; --again reads what the store says was read before"
    if asked.has_span:
        return "no record was of that time; name an earlier --since or a later --until"
    if asked.is_piped:
        return "no record came in; pipe a trail's log files into it, or name them"
    return "there was no record to read; name other files"


def _of_what_was_kept(tally: Tally, asked: Asked) -> str:
    parked = f"{COMMAND} parked --store {asked.store} lists what needs a person"
    if tally.posted is not None:
        return parked
    if tally.new:
        return f"{_the_same(asked)} with --post delivers what was kept"
    return f"all of it was kept before; {parked}"


def _of_what_was_shown(asked: Asked) -> str:
    if asked.output in ("text", "json"):
        same = _the_same(asked)
        return f"{same} with --format slack shows the messages that the channel would get"
    keeps = "it, and which files were read," if asked.is_archive else "it"
    return f"make deploy tells this to a channel; {KEEP} keeps {keeps} for the page of make run"


def _the_same(asked: Asked) -> str:
    return "piping the same in again" if asked.is_piped else "the same"
