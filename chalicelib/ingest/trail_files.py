"""CloudTrail's log files in S3: the records of one (pure).

A file holds `{"Records": […]}`, packed by gzip. It is read as a stream, so that its size is no
matter of memory. Source: CloudTrail user guide, "CloudTrail log file examples".
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterable, Iterator

# What a file may inflate to, and one record of it: some 100,000 records, as one invocation reads.
# CloudTrail's own files are far smaller; an event has 256 KB at most.
# Source: CloudTrail user guide, "Quotas in AWS CloudTrail".
MOST_BYTES = 256 * 1024 * 1024
MOST_OF_A_RECORD = 4 * 1024 * 1024
_CHUNK = 1024 * 1024
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|["{}\[\]]', re.DOTALL)


class TrailFileError(ValueError):
    """A file that is no whole log file of CloudTrail's, and never will be: says why."""


def records_of(chunks: Iterable[bytes]) -> Iterator[str]:
    """The JSON text of each record of a file, which comes packed, in pieces of any size.

    Raises TrailFileError where it ends early, is damaged or too large; what stood before that was
    yielded.
    """
    yield from records_in(_texts(_inflated(chunks)))


def records_in(texts: Iterable[str]) -> Iterator[str]:
    """The same of a file's text, in pieces: each object that the outermost has in "Records"."""
    walk = _Walk()
    for text in texts:
        yield from walk.on(text)
    walk.end()


def _inflated(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Gunzip as a stream; gzip allows several members, one after another."""
    inflater, size, whole = _inflater(), 0, False
    for packed in chunks:
        while packed:
            if inflater.eof:
                inflater = _inflater()
            piece = _some(inflater, packed)
            packed, whole = inflater.unconsumed_tail or inflater.unused_data, inflater.eof
            size += len(piece)
            if size > MOST_BYTES:
                raise TrailFileError(f"it inflates to more than {MOST_BYTES:,} bytes")
            yield piece
    if not whole:
        raise TrailFileError("the gzip data ends early")


def _inflater() -> zlib._Decompress:
    return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)  # 16: a gzip header is required


def _some(inflater: zlib._Decompress, packed: bytes) -> bytes:
    try:
        return inflater.decompress(packed, _CHUNK)
    except zlib.error as error:
        raise TrailFileError(f"the data is not gzip: {error}") from error


def _texts(pieces: Iterable[bytes]) -> Iterator[str]:
    """As text; a byte that is no UTF-8 becomes U+FFFD, so that it costs its record alone."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    for piece in pieces:
        yield decoder.decode(piece)
    yield decoder.decode(b"", final=True)


class _Walk:
    """Where in a document its text has come to, piece by piece. Only strings and brackets count:
    whether a record is JSON is for whoever reads it.
    """

    def __init__(self) -> None:
        self._text = ""
        self._position = 0  # in the text, up to which it was looked at
        self._begin: int | None = None  # in the text, of the record that is open
        self._depth = 0
        self._name = ""  # the last string in the outermost object
        self._is_in_records = False
        self._has_records = False

    def on(self, text: str) -> Iterator[str]:
        """The records that end in this piece. Raises TrailFileError."""
        done = self._position if self._begin is None else self._begin
        self._text = self._text[done:] + text
        self._position -= done
        self._begin = None if self._begin is None else 0
        if len(self._text) > MOST_OF_A_RECORD + len(text):
            raise TrailFileError(f"a record of more than {MOST_OF_A_RECORD:,} characters")
        for token in _TOKEN.finditer(self._text, self._position):
            if token[0] == '"':  # goes on in the next piece
                self._position = token.start()
                return
            self._position = token.end()
            if record := self._record(token):
                yield record

    def end(self) -> None:
        """Nothing follows. Raises TrailFileError where the document is not whole."""
        if self._depth > 0:
            raise TrailFileError("the JSON ends early")
        if not self._has_records:
            raise TrailFileError("it is no JSON object with Records")

    def _record(self, token: re.Match[str]) -> str:
        """The record that ends with this token; "" for none."""
        word = token[0]
        if word[0] == '"':
            return self._string(word)
        if word in "{[":
            self._opened(word, token.start())
            return ""
        return self._closed(token.end())

    def _string(self, word: str) -> str:
        if self._depth == 1:
            self._name = word
        return word if self._depth == 2 and self._is_in_records else ""

    def _opened(self, bracket: str, at: int) -> None:
        if self._depth == 1:
            self._is_in_records = bracket == "[" and self._name == '"Records"'
            self._has_records |= self._is_in_records
        elif self._depth == 2 and self._is_in_records:
            self._begin = at
        self._depth += 1

    def _closed(self, at: int) -> str:
        self._depth -= 1
        if self._depth < 0:
            raise TrailFileError("it is no JSON object with Records")
        if self._depth != 2 or self._begin is None:
            return ""
        begin, self._begin = self._begin, None
        return self._text[begin:at]
