"""What a secret looks like, plain or encoded: every shape is looked for, each only where a cheap
glance says that it may be there.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from chalicelib.cloudtrail.secret_blobs import hide_blobs
from chalicelib.cloudtrail.secret_tokens import (
    START,
    inner_tokens,
    may_hold_a_token,
    token_shapes,
)
from chalicelib.cloudtrail.secret_words import hide_named
from chalicelib.cloudtrail.texts import REDACTED

SHORTEST_SECRET, SHORTEST_WORD, SHORTEST_TOKEN, SHORTEST_BLOB = 8, 16, 16, 24
ACCESS_KEY_LENGTH, MOST_ENCODINGS = 20, 3
# A short name has nothing beside it that it could call a secret.
_NAME = re.compile(r"[A-Za-z0-9_.-]*")

_ACCESS_KEY = re.compile(
    START + r"((?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{8,120})([A-Z0-9]{4})(?![a-z0-9])"
)
# A private key in PEM, PGP's or SSH2's frame, OpenVPN's, PuTTY's.
_PEM = re.compile(
    r"-{4,5} ?BEGIN[A-Za-z0-9 %+]*(?:PRIVATE|Static)[A-Za-z0-9 %+]*(?:KEY|key)"
    r".*?(?:-{4,5} ?END[A-Za-z0-9 %+]*(?:KEY|key)[A-Za-z0-9 %+]*-{4,5}|\Z)|"
    r"PuTTY-User-Key-File.*?(?:Private-MAC:\s*\w+|\Z)",
    re.DOTALL,
)
# A password may hold / and @ itself; a port before a path that holds an @ is none.
_USER_INFO = re.compile(r"(?<=://)([^\s/:@\"'<>]{0,100}):(?!\d{1,5}/)[^\s\"'<>]{1,300}@")
_TOKEN_AS_USER = re.compile(r"(?<=://)[^\s/:@\"'<>]{20,300}(?=@)")
_SIGNED = re.compile(
    r"(?i)((?:X-Amz-(?:Signature|Security-Token|Credential)|Signature|[?&;]sig|AWSAccessKeyId|"
    r"\bsig|\bcode|SAMLRe(?:sponse|quest)|RelayState|Key-Pair-Id|[?&](?:policy|ticket|hash|hmac|"
    r"auth|pw|k|oobCode)|X-Goog-(?:Signature|Credential))=)[^&\s\"'<>\\]{8,}"
)
_KEY_IN_QUERY = re.compile(
    r"(?i)([?&](?:key|apikey|appid|subscription-key)=)(?=[\w-]*\d)[\w-]{16,}"
)
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_UNICODE = re.compile(r"\\+(?:u00|x)([2-7][0-9A-Fa-f])")
_ENTITIES = (
    ("&quot;", '"'), ("&#34;", '"'), ("&#x22;", '"'), ("&#39;", "'"), ("&#x27;", "'"),
    ("&apos;", "'"), ("&#61;", "="), ("&#x3D;", "="), ("&#58;", ":"), ("&lt;", "<"), ("&gt;", ">"),
    ("&amp;", "&"),
)  # fmt: skip


def hide_secrets(text: str) -> str:
    """The text with what looks like a secret replaced; access key ids keep their last four."""
    size = len(text)
    if size < SHORTEST_SECRET or (size < SHORTEST_WORD and _NAME.fullmatch(text)):
        return text
    if size == ACCESS_KEY_LENGTH and _ACCESS_KEY.fullmatch(text):
        return hide_access_key(text)
    hidden = _hide(text)
    if "%" in hidden or "\\u00" in hidden or "\\x" in hidden or "&" in hidden:
        return _hide_decoded(hidden)
    return hidden


def hide_access_key(text: str) -> str:
    """Access key ids in a text, down to their last four."""
    return _ACCESS_KEY.sub(lambda match: f"{match[1][:4]}…{match[2]}", text)


def _hide_decoded(text: str) -> str:
    """A policy or an address may stand encoded, twice too: what shows only then, counts."""
    shown = text
    for _ in range(MOST_ENCODINGS):
        decoded = _decoded(text)
        if decoded == text:
            break
        text = _hide(decoded)
        if text != decoded:
            shown = text
    return shown


def _decoded(text: str) -> str:
    """Without percent escapes, XML's entities, and JSON's escapes of what JSON need not escape."""
    if "%" in text and _ESCAPE.search(text):
        text = unquote(text)
    if "\\" in text:
        text = _UNICODE.sub(lambda match: chr(int(match[1], 16)), text)
    if "&" in text:
        for entity, character in _ENTITIES:
            text = text.replace(entity, character)
    return text


def _hide(text: str) -> str:
    if "PRIVATE" in text or "Static key" in text or "PuTTY" in text:
        text = _PEM.sub(REDACTED, text)
    if "IA" in text or "ACCA" in text:
        text = hide_access_key(text)
    if len(text) >= SHORTEST_TOKEN:
        text = _hide_tokens(text)
    if "://" in text:
        text = _USER_INFO.sub(rf"\1:{REDACTED}@", text)
        text = _TOKEN_AS_USER.sub(_if_token, text)
    if "=" in text:
        text = _SIGNED.sub(rf"\1{REDACTED}", text)
        text = _KEY_IN_QUERY.sub(rf"\1{REDACTED}", text)
    text = hide_named(text)
    return hide_blobs(text, _hide) if len(text) >= SHORTEST_BLOB else text


def _hide_tokens(text: str) -> str:
    if not text.isalnum():
        for whole in inner_tokens(text):
            text = whole.sub(REDACTED, text)
    return token_shapes().sub(REDACTED, text) if may_hold_a_token(text) else text


def _if_token(match: re.Match[str]) -> str:
    """A name in a user's place stays; letters and digits that no person chose go."""
    found = match[0]
    letters = sum(map(str.isalpha, found))
    return REDACTED if letters and any(map(str.isdigit, found)) else found
