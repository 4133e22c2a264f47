"""Screenshots with a palette: the same picture in fewer bytes."""

from __future__ import annotations

import struct
import zlib
from itertools import pairwise

from cli.palette import SIGNATURE, _chunk, _chunks, with_palette

RED, WHITE, BLUE = b"\xff\0\0", b"\xff\xff\xff", b"\0\0\xff"


def png(rows: list[bytes], width: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, len(rows), 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(rows))
    return SIGNATURE + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def pixels(picture: bytes) -> list[bytes]:
    """The colours of a picture with a palette, 2 pixels wide."""
    found = dict(_chunks(picture))
    palette, data = found[b"PLTE"], zlib.decompress(found[b"IDAT"])
    places = [place for at in range(0, len(data), 3) for place in data[at + 1 : at + 3]]
    return [palette[3 * place : 3 * place + 3] for place in places]


def filtered(kind: int, row: bytes, above: bytes) -> bytes:
    """A row of two pixels as each filter of the specification writes it."""

    def guess(x: int) -> int:
        left, corner = (row[x - 3], above[x - 3]) if x >= 3 else (0, 0)
        near = left + above[x] - corner
        paeth = min((left, above[x], corner), key=lambda one: abs(near - one))
        return (0, left, above[x], (left + above[x]) // 2, paeth)[kind]

    return bytes([kind, *((row[x] - guess(x)) % 256 for x in range(len(row)))])


def test_a_picture_of_few_colours_is_the_same_whatever_its_filters() -> None:
    rows = [WHITE + RED, RED + BLUE, BLUE + WHITE, RED + RED, WHITE + BLUE]
    above = [bytes(6), *rows]
    lines = [filtered(at, row, before) for at, (before, row) in enumerate(pairwise(above))]

    assert pixels(with_palette(png(lines, 2))) == [row[x : x + 3] for row in rows for x in (0, 3)]


def test_a_colour_too_many_is_told_by_its_nearest() -> None:
    rows = [b"\0" + bytes([shade, 0, 0, shade, 0, 0]) for shade in range(256)]
    rows.append(b"\0" + bytes([200, 1, 0]) + bytes([200, 0, 0]))

    assert pixels(with_palette(png(rows, 2)))[-2:] == [b"\xc8\0\0", b"\xc8\0\0"]


def test_what_is_no_such_picture_stays_as_it_is() -> None:
    small = with_palette(png([b"\0" + RED + BLUE], 2))

    assert with_palette(b"no picture") == b"no picture"
    assert with_palette(small) == small
