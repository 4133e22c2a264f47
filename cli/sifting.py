"""Sifting: what no rule can match is told from its text, and nothing is made of it."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Sequence

from chalicelib.ingest.entries import Entry, Place
from chalicelib.ingest.envelopes import unwrap_item
from chalicelib.ingest.json_text import JSONTextError, loads
from chalicelib.ingest.packed import Budget
from chalicelib.rules.ruleset import Ruleset
from chalicelib.rules.sieve import PAYS_AFTER, Left
from cli.texts import Sifted

# How a log file of CloudTrail's begins. Source: CloudTrail user guide, "CloudTrail log file
# examples".
FILE = b'{"Records"'
# A line of so many bytes holds enough records that the sieve pays for itself at once.
PAYS_IN = PAYS_AFTER * 1_000


class Sifting:
    """See Sift: a record that the sieve of its ruleset rules out is handed on as it stands."""

    def __init__(self, ruleset: Ruleset) -> None:
        self._sieve = ruleset.sieve

    def left(self) -> Left | None:
        """See Sift."""
        return self._sieve.left

    def file(self, line: bytes, where: str) -> Iterable[Sifted] | None:
        """See Sift."""
        if not line.startswith(FILE):
            return None
        left = self._sieve.left or (self._sieve.build() if len(line) >= PAYS_IN else None)
        return _file(line, where, left) if left else None


def _file(line: bytes, where: str, left: Left) -> Iterable[Sifted] | None:
    # Imported once there is a sieve: it is of the library that the sieve is of.
    texts = importlib.import_module("cli.file_records").texts_of(line)
    if texts is None:
        return None
    found = [left(text) for text in texts]
    # What holds no record beyond doubt may be wrapped otherwise.
    if all(each is None for each in found):
        return None
    return _items(texts, found, Place(where, Budget.of(line)))


def _items(texts: Sequence[bytes], found: Sequence[object], place: Place) -> Iterator[Sifted]:
    passed: list[bytes] = []
    for at, (text, left) in enumerate(zip(texts, found, strict=True)):
        if left == []:
            passed.append(text)
            continue
        if passed:
            yield passed
            passed = []
        try:
            yield from unwrap_item(loads(text), at, place)
        except JSONTextError:  # whoever judges it says so
            yield Entry(text.decode("utf-8", "replace"), f"{place.where}[{at}]")
    if passed:
        yield passed
