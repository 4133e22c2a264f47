"""What went wrong, in one form: `trailbell: what: why: what next`."""

from __future__ import annotations

import errno
import sqlite3
from typing import IO, Any

import click

# Exit codes: docs/terminal.md.
FAILED, WRONG_USE, INTERRUPTED, CLOSED_PIPE = 1, 2, 130, 141
NEXT_OF = {
    errno.ENOSPC: "free some space, or write elsewhere",
    errno.EDQUOT: "free some space, or write elsewhere",
    errno.EROFS: "write to a folder that is not read-only",
    errno.EACCES: "change its rights, or name one that is yours",
    errno.EPERM: "change its rights, or name one that is yours",
    errno.EMFILE: "raise the limit of open files (ulimit -n)",
}


class Said(click.ClickException):
    """An end with a sentence: what, why and what next. Wrong use, or what was named cannot be."""

    exit_code = WRONG_USE

    def show(self, file: IO[Any] | None = None) -> None:  # noqa: ARG002 - click's signature
        """Where a command runs by itself, without its group."""
        say("trailbell", self.format_message())


class Failed(Said):
    """The use was right, and it could not be done."""

    exit_code = FAILED


def say(name: str, sentence: str) -> None:
    """The sentence on standard error, by the name of who says it."""
    click.echo(f"{name}: {sentence}", err=True)


def of_the_system(error: OSError) -> str:
    """The sentence for a file or device that the system refused."""
    what = error.filename or "standard output"
    step = NEXT_OF.get(error.errno or 0, "see that it is there and may be used, then run it again")
    return f"{what}: {error.strerror or error}: {step}"


def is_of_the_machine(error: BaseException) -> bool:
    """Whether the machine's refusal, and no wrong use, is behind an error that says the rest."""
    cause: BaseException | None = error
    while cause:
        if isinstance(cause, sqlite3.OperationalError):
            return True
        if isinstance(cause, OSError) and cause.errno in NEXT_OF:
            return True
        cause = cause.__cause__
    return False
