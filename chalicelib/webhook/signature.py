"""Signatures by which a receiver knows that a request is ours (pure).

Source: Standard Webhooks 1.0.0, "Verifying webhook authenticity" and "Signature scheme"
(github.com/standard-webhooks/standard-webhooks): HMAC-SHA256 over `id.timestamp.body`.
"""

from __future__ import annotations

import binascii
import hmac
from base64 import b64decode, b64encode

PREFIX = "whsec_"
# Bytes of a key. Source: the same, "Signature scheme": between 24 and 64.
SHORTEST, LONGEST = 24, 64


class WebhookSecretError(ValueError):
    """A secret that signs nothing; says what it takes, never what was given."""


def key_of(secret: str) -> bytes:
    """The key of a secret: base64, behind `whsec_` or not. Raises WebhookSecretError."""
    try:
        key = b64decode(secret.strip().removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not SHORTEST <= len(key) <= LONGEST:
        raise WebhookSecretError(
            f"WEBHOOK_SECRET takes {PREFIX} and {SHORTEST} to {LONGEST} bytes in base64"
        )
    return key


def signed(key: bytes, webhook_id: str, timestamp: int, body: bytes) -> str:
    """The header `webhook-signature` of a body that is sent then, in seconds since 1970."""
    text = b".".join((webhook_id.encode(), str(timestamp).encode(), body))
    return f"v1,{b64encode(hmac.digest(key, text, 'sha256')).decode()}"
