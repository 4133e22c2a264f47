"""`match`: the records that a filter pattern matches; and which patterns of a file compile."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import IO

import click

from chalicelib.cloudtrail.record import Record
from chalicelib.ingest.envelopes import Body, Entry, unwrap_records
from chalicelib.rules.compiling import Asked
from chalicelib.rules.derivation import asks_facts
from chalicelib.rules.filter_pattern import FilterPattern, FilterPatternError, compile_pattern
from chalicelib.rules.filter_pattern.lexemes import dumps, loads
from chalicelib.rules.lint import lint
from cli.files import find_or_exit, read
from cli.unreadable import Unreadables
from terminal.errors import Said


@click.command()
@click.argument("pattern", required=False)
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "--check",
    type=click.File(encoding="utf-8", errors="replace"),
    metavar="FILE",
    help=r"Compile a pattern a line (\n is a newline, \\ a backslash) and count them.",
)
def match(pattern: str | None, paths: tuple[str, ...], check: IO[str] | None) -> None:
    """Print the records that a CloudWatch filter pattern matches.

    PATH is a file, a folder or -. Without one the records come from standard input; where that
    is a terminal, the pattern is only checked. Warnings go to standard error. A wrong pattern
    exits 2.

    \b
    Examples:
      .venv/bin/python trailbell.py match \\
        '{ $.userIdentity.type = "Root" }' trail.json.gz
      zcat trail.json.gz \\
        | .venv/bin/python trailbell.py match '{ $.errorCode = "AccessDenied*" }'
      .venv/bin/python trailbell.py match -- '-healthy ERROR' lines.log
      .venv/bin/python trailbell.py match --check patterns.txt
    """
    if check is not None:
        if pattern is not None:
            raise click.UsageError("--check takes its patterns from the file alone.")
        sys.exit(_check(check))
    if pattern is None:
        raise click.UsageError("Missing argument 'PATTERN'.")
    compiled = _compiled(pattern)
    for warning in lint(compiled):
        click.echo(f"Warning: {warning.text}: {warning.message}", err=True)
    if not paths and sys.stdin.isatty():
        click.echo("The pattern is right.", err=True)
        return
    _print_matches(compiled, paths or ("-",))


def caret(text: str, position: int) -> str:
    """The line of the text that the position is on, and a caret under the place."""
    start = text.rfind("\n", 0, position) + 1
    line = text[start:].split("\n", 1)[0]
    before = "".join("\t" if character == "\t" else " " for character in line[: position - start])
    return f"{line}\n{before}^"


def _compiled(pattern: str) -> FilterPattern:
    try:
        return compile_pattern(pattern)
    except FilterPatternError as error:
        raise Said(f"{error}\n{caret(pattern, error.position)}") from error


def _print_matches(pattern: FilterPattern, paths: tuple[str, ...]) -> None:
    unreadables = Unreadables()
    for source in find_or_exit(paths):
        for found in read(source, take=unwrap_records):
            if not isinstance(found, Entry):
                unreadables.tell(found.where, found.reason)
                continue
            unreadables.speak()
            if _matches(pattern, found.body):
                click.echo(_line(found.body))
    unreadables.tell_the_rest()
    if unreadables.count:
        click.echo(f"{unreadables.count:,} unreadable", err=True)


def _matches(pattern: FilterPattern, body: Body) -> bool:
    """Whether a pattern matches a record, or any other JSON or line as it stands.

    One that asks for `$.facts` is given those of what it is tried on.
    """
    if pattern.expression is None or not asks_facts(pattern.expression):
        return pattern.matches(body)
    text = body if isinstance(body, str) else None
    raw = loads(body) if isinstance(body, str) else body
    if not isinstance(raw, dict):
        return False
    asked = Asked(Record(raw))
    return pattern.matches_record(asked.raw, text, asked.added)


def _line(body: Body) -> str:
    text = body if isinstance(body, str) else dumps(body) or str(body)
    # A lone surrogate of a JSON escape cannot be printed.
    return text.encode("utf-8", "backslashreplace").decode()


def _check(file: IO[str]) -> int:
    """Print what compiles and what does not; 0 where all do, else 1."""
    compiled = refused = 0
    for number, pattern in _patterns(file):
        try:
            compile_pattern(pattern)
        except FilterPatternError as error:
            refused += 1
            click.echo(f"{file.name}:{number}: {error}")
            click.echo("    " + caret(pattern, error.position).replace("\n", "\n    "))
        else:
            compiled += 1
    click.echo(f"{compiled} of {compiled + refused} patterns compile, {refused} do not")
    return 1 if refused else 0


def _patterns(file: IO[str]) -> Iterator[tuple[int, str]]:
    """Each line's pattern, up to the first tab, with the line's number from 1."""
    for number, line in enumerate(file, 1):
        text = line.rstrip("\r\n").split("\t")[0]
        if text.strip():
            yield number, re.sub(r"\\([n\\])", _unescape, text)


def _unescape(found: re.Match[str]) -> str:
    return "\n" if found[1] == "n" else "\\"
