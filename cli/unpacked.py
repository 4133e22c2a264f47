"""What lies packed in a source, unpacked as a stream: by gzip, by zstd, in several layers.

isal inflates twice as fast as zlib, and zstandard reads zstd, where they are installed
(requirements-extras.txt).
"""

from __future__ import annotations

import importlib
import importlib.util
import zlib
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from types import ModuleType
from typing import Protocol

GZIP_MAGIC, ZSTD_MAGIC = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
CHUNK = 1 << 20
_PACKED_CHUNK = 1 << 17
_ZSTD_CHUNK = 1 << 12  # zstd bounds no output: four bytes may come to 128 KiB
GZIP_WBITS = zlib.MAX_WBITS | 16  # 16: a gzip header is required
# A bomb inflates a thousandfold; trails about tenfold.
SURELY_NO_BOMB, MOST_GROWTH = 1 << 30, 100
# Firehose packs what CloudWatch Logs has packed before.
MOST_LAYERS = 3


class UnpackError(ValueError):
    """What is packed cannot be unpacked to its end; says why."""


class Readable(Protocol):
    """What is read from."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; b"" at the end. Raises OSError."""


def unpacked(file: Readable, size: int | None) -> Iterator[bytes]:
    """The bytes of a file of so many bytes, in pieces of 1 MiB or less, without what packs them.

    Raises UnpackError where it is damaged, ends early or is a bomb, once what stands before that
    was yielded; and OSError.
    """
    chunks = iter(lambda: file.read(_PACKED_CHUNK), b"")
    first = next(chunks, b"")
    if not _is_packed(first):
        yield first
        yield from iter(lambda: file.read(CHUNK), b"")
        return
    yield from _layers(chain([first], chunks), max(SURELY_NO_BOMB, MOST_GROWTH * (size or 0)))


def _is_packed(data: bytes) -> bool:
    return data.startswith((GZIP_MAGIC, ZSTD_MAGIC))


def _layers(chunks: Iterator[bytes], most: int) -> Iterator[bytes]:
    for _ in range(MOST_LAYERS):
        first = next(chunks, b"")
        chunks = chain([first], chunks)
        if not _is_packed(first):
            break
        unpack = _gunzipped if first.startswith(GZIP_MAGIC) else _unzstd
        chunks = _bounded(unpack(chunks), most)
    return chunks


def _bounded(chunks: Iterable[bytes], most: int) -> Iterator[bytes]:
    """The same up to what no bomb inflates to. Raises UnpackError."""
    inflated = 0
    for chunk in chunks:
        inflated += len(chunk)
        if inflated > most:
            raise UnpackError(f"it inflates to more than {most:,} bytes: a bomb?")
        yield chunk


def _gunzipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Every member, one after another; zeros behind one are padding, as gzip(1) has it."""
    library = _inflating()
    inflater = library.decompressobj(wbits=GZIP_WBITS)
    for chunk in chunks:
        packed = chunk
        while packed:
            if inflater.eof:
                packed = packed.lstrip(b"\0")
                if not packed:
                    break
                inflater = library.decompressobj(wbits=GZIP_WBITS)
            try:
                piece = inflater.decompress(packed, CHUNK)
            except (zlib.error, library.error) as error:
                raise UnpackError(f"broken gzip: {error}") from error
            packed = inflater.unconsumed_tail or inflater.unused_data
            if piece:
                yield piece
    if not inflater.eof:
        raise UnpackError("broken gzip: it ends early")


@cache
def _inflating() -> ModuleType:
    fast = importlib.util.find_spec("isal")
    return importlib.import_module("isal.isal_zlib" if fast else "zlib")


def _unzstd(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Every frame, one after another."""
    if importlib.util.find_spec("zstandard") is None:
        raise UnpackError("packed by zstd: `pip install -r requirements-extras.txt`, then again")
    library = importlib.import_module("zstandard")
    frames = library.ZstdDecompressor()
    inflater = frames.decompressobj()
    for chunk in chunks:
        for at in range(0, len(chunk), _ZSTD_CHUNK):
            packed = chunk[at : at + _ZSTD_CHUNK]
            while packed:
                if inflater.eof:
                    inflater = frames.decompressobj()
                try:
                    piece = inflater.decompress(packed)
                except library.ZstdError as error:
                    raise UnpackError(f"broken zstd: {error}") from error
                packed = inflater.unused_data
                if piece:
                    yield piece
    if not inflater.eof:
        raise UnpackError("broken zstd: it ends early")
