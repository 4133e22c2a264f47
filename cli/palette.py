"""A screenshot with a palette of 256 colours: less than half the bytes, and nobody sees it.

Source of the format: W3C, PNG Specification (Third Edition), chunks 5.3 and filters 9.2.
"""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST = 256
# Bytes a pixel by the type of colour: RGB, and RGB with alpha, which a screenshot has none of.
_WIDTHS = {2: 3, 6: 4}


def with_palette(picture: bytes) -> bytes:
    """The picture with its most frequent colours, each other as the nearest of them.

    As it came where it is no PNG of 8 bits a colour, not interlaced: it has a palette already.
    """
    chunks = list(_chunks(picture))
    if not picture.startswith(SIGNATURE) or not chunks:
        return picture
    width, height, bits, kind, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    if bits != 8 or kind not in _WIDTHS or interlaced:
        return picture
    data = zlib.decompress(b"".join(body for name, body in chunks if name == b"IDAT"))
    rows = [_colours(row, _WIDTHS[kind]) for row in _rows(data, width, _WIDTHS[kind])]
    palette, places = _palette(Counter(colour for row in rows for colour in row))
    drawn = b"".join(b"\0" + bytes([places[colour] for colour in row]) for row in rows)
    return SIGNATURE + b"".join((
        _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        _chunk(b"PLTE", b"".join(palette)),
        _chunk(b"IDAT", zlib.compress(drawn, 9)),
        _chunk(b"IEND", b""),
    ))  # fmt: skip


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at + 8 <= len(picture):
        length, name = struct.unpack(">I4s", picture[at : at + 8])
        yield name, picture[at + 8 : at + 8 + length]
        at += length + 12


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _rows(data: bytes, width: int, wide: int) -> Iterator[bytes]:
    """The rows without their filters."""
    size = width * wide
    before = bytearray(size)
    for at in range(0, len(data), size + 1):
        row = bytearray(data[at + 1 : at + 1 + size])
        _unfilter(data[at], row, before, wide)
        yield bytes(row)
        before = row


def _unfilter(kind: int, row: bytearray, above: bytearray, wide: int) -> None:
    for x in range(len(row) if kind else 0):
        left, corner = (row[x - wide], above[x - wide]) if x >= wide else (0, 0)
        guesses = (0, left, above[x], (left + above[x]) // 2, _paeth(left, above[x], corner))
        row[x] = (row[x] + guesses[kind]) & 255


def _paeth(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    return min((left, above, corner), key=lambda one: abs(guess - one))


def _colours(row: bytes, wide: int) -> list[bytes]:
    return [row[x : x + 3] for x in range(0, len(row), wide)]


def _palette(counted: Counter[bytes]) -> tuple[list[bytes], dict[bytes, int]]:
    """The most frequent colours, and the place of each colour among them."""
    palette = [colour for colour, _ in counted.most_common(MOST)]
    places = {colour: place for place, colour in enumerate(palette)}
    for colour in counted.keys() - places.keys():
        places[colour] = min(range(len(palette)), key=lambda at: _far(palette[at], colour))
    return palette, places


def _far(one: bytes, other: bytes) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))
