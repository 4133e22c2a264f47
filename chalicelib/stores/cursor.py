"""Cursors: a place in a list, sealed with the store's own key so that none can be made up."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from chalicelib.alerts.archive import CursorError

KEY_BYTES = 32
_SEAL_BYTES = 12


def seal(key: bytes, place: str) -> str:
    """A cursor for a place; letters, digits, - and _ only."""
    content = place.encode()
    return base64.urlsafe_b64encode(_seal(key, content) + content).decode().rstrip("=")


def unseal(key: bytes, cursor: str) -> str:
    """The place, or CursorError where the cursor was not sealed with this key."""
    try:
        sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
        place = sealed[_SEAL_BYTES:].decode()
    except (binascii.Error, ValueError) as error:
        raise CursorError("the cursor is not one of this list") from error
    # Sealing again also catches another spelling of the same bytes.
    if not hmac.compare_digest(seal(key, place).encode(), cursor.encode()):
        raise CursorError("the cursor is not one of this list")
    return place


def _seal(key: bytes, content: bytes) -> bytes:
    return hmac.new(key, content, hashlib.sha256).digest()[:_SEAL_BYTES]
