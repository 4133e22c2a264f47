"""The commands that the documents tell people to type, as they stand there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.rules.loaded import PROJECT

DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    *sorted(f"docs/{path.name}" for path in (PROJECT / "docs").glob("*.md")),
)
BLOCK = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`]+)`")
PYTHON = ".venv/bin/python"
OURS = ("trailbell.py", "setup_resources.py")
ASSIGNED = re.compile(r"[A-Z_]+=")
# What a command in the middle of a sentence, or in a block that says no language, begins with.
BEGINS = re.compile(
    r"(make|aws|curl|chalice|terraform|dask|git|pip|python3?|npm|npx|node|docker|openssl|eval|export)"
    r" [-\w\"$]|\.venv/bin/|(trailbell|setup_resources)\.py [-\w]"
)
# Words that begin like a command and are none.
TALK = {"pip hash", "curl -u"}


@dataclass(frozen=True, slots=True)
class Command:
    """One program with its arguments: `document` says where, `words` are without redirections and
    variables, `piped` whether it reads what another wrote.
    """

    document: str
    words: tuple[str, ...]
    piped: bool = False

    def __str__(self) -> str:
        return f"{self.document}: {' '.join(self.words)}"


def commands() -> list[Command]:
    """Every command of every document, once."""
    return sorted(
        {found for document in DOCUMENTS for found in _of(document)},
        key=lambda one: (one.document, one.words),
    )


def _of(document: str) -> Iterator[Command]:
    text = (PROJECT / document).read_text(encoding="utf-8")
    for language, code in BLOCK.findall(text):
        for line in _lines(code):
            if language in ("sh", "bash") or (not language and BEGINS.match(line)):
                yield from split(document, line)
    for written in INLINE.findall(BLOCK.sub("", text)):
        line = " ".join(written.split())
        if BEGINS.match(line) and line not in TALK:
            yield from split(document, line)


def _lines(code: str) -> Iterator[str]:
    for line in re.sub(r"\\\n\s*", "", code).splitlines():
        if line.strip() and not line.strip().startswith("#"):
            yield line.strip()


def split(document: str, line: str) -> Iterator[Command]:
    """The programs of a line of a shell; a comment at its end is none. Raises ValueError on quotes
    that are not closed.
    """
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;<>")
    lexer.whitespace_split = True
    words, piped = list[str](), False
    tokens = iter(lexer)
    for token in tokens:
        if token in (">", "<"):
            next(tokens, None)
        elif token in ("|", "&&", ";"):
            yield from _program(document, words, piped)
            words, piped = [], token == "|"
        else:
            words.append(token)
    yield from _program(document, words, piped)


def _program(document: str, words: list[str], piped: bool) -> Iterator[Command]:
    while words and ASSIGNED.match(words[0]):
        words = words[1:]
    if words and words[0] in (PYTHON, "python", "python3"):
        words = words[1:]
    if words:
        yield Command(document, tuple(words), piped)
