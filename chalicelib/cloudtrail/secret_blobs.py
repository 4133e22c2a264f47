"""Keys and files in base64, and texts in base64 or hexadecimal digits that hold a secret."""

from __future__ import annotations

import re
from binascii import a2b_base64
from collections.abc import Callable
from functools import partial

from chalicelib.cloudtrail.texts import REDACTED

SECRET_KEY_LENGTH, SHORTEST_BLOB = 40, 24
# A secret key; a password of SES; a key of 64 bytes with its padding; a blob, in one line or in
# several.
_RUN = re.compile(
    r"(?<![A-Za-z0-9/+])(?:[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])|"
    r"B[A-P][A-Za-z0-9/+]{42}(?![A-Za-z0-9/+=])|[A-Za-z0-9/+]{86}==|"
    r"[A-Za-z0-9/+]{100,}={0,2}|[A-Za-z0-9_-]{100,}={0,2})"
)
_WRAPPED = re.compile(r"(?:[A-Za-z0-9/+_-]{60,}={0,2}(?:\\[nr]|\s)+)+[A-Za-z0-9/+_-]*={0,2}")
# Words joined by dashes have one every few letters; a blob in base64url every 32.
_LETTERS_A_DASH = 14
# What may be a text in base64, and a text of a user and a password, as Docker keeps them.
_BLOB = re.compile(r"(?<![A-Za-z0-9/+_-])[A-Za-z0-9/+_-]{24,}={0,2}")
_LOGIN = re.compile(r"[^\s:/]{1,64}:[^\s:]{6,}")
_URL_SAFE = str.maketrans("-_", "+/")
_LINE_ENDS = str.maketrans("\n\r\t", "   ")
# The first digit of a printable character.
_PRINTABLE = "234567"


def hide_blobs(text: str, hide: Callable[[str], str]) -> str:
    """The text without blobs that are secret; `hide` says it of what stands within."""
    if not _BLOB.search(text):  # all of them have a part of one
        return text
    if "\n" in text or "\\n" in text or "\r" in text:
        text = _WRAPPED.sub(_if_random, text)
    if len(text) >= SECRET_KEY_LENGTH:
        text = _RUN.sub(_if_random, text)
    return _BLOB.sub(partial(_if_decoded_is_secret, hide), text)


def _if_random(match: re.Match[str]) -> str:
    found = match[0]
    kinds = (str.isupper, str.islower, str.isdigit)
    # A path such as /aws/lambda/Orders1 is of the same letters, and no key has that in it.
    words = "aws/" in found or sum(map(found.count, "-_")) * _LETTERS_A_DASH > len(found)
    return found if words or not all(any(map(kind, found)) for kind in kinds) else REDACTED


def _if_decoded_is_secret(hide: Callable[[str], str], match: re.Match[str]) -> str:
    found = match[0]
    decoded = _from_digits(found) or _from_base64(found)
    if not decoded:
        return found
    return REDACTED if _LOGIN.fullmatch(decoded) or hide(decoded) != decoded else found


def _from_digits(found: str) -> str:
    """A text in hexadecimal digits; "" where it is none."""
    if found[0] not in _PRINTABLE or len(found) % 2:
        return ""
    try:
        return _text(bytes.fromhex(found))
    except ValueError:
        return ""


def _from_base64(found: str) -> str:
    """A text in base64, also in two bytes a character as PowerShell has it; "" where none."""
    if found.islower() or found.isupper():
        return ""
    unpadded = found.rstrip("=").translate(_URL_SAFE)
    if not a2b_base64(unpadded[:SHORTEST_BLOB]).isascii() or len(unpadded) % 4 == 1:
        return ""
    return _text(a2b_base64(unpadded + "=" * (-len(unpadded) % 4)))


def _text(data: bytes) -> str:
    if data[1:8:2] == b"\0\0\0\0":
        data = data[::2]
    if not data.isascii():
        return ""
    decoded = data.decode("ascii")
    return decoded if decoded.translate(_LINE_ENDS).isprintable() else ""
