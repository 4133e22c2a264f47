"""One text without the secrets that show by their shape, and without what cannot be stored."""

from __future__ import annotations

from functools import lru_cache

from chalicelib.cloudtrail.secret_shapes import hide_secrets

# What the end of a cut text may hold of a secret.
MARGIN = 48
# What trails repeat (keys, names, agents) is looked at once; longer texts are not remembered.
REMEMBERED, LONGEST_TEXT = 4096, 256
# Ids, times, addresses and account numbers, which every record brings anew: a short text of these
# characters alone has none of a secret's shapes, so it needs no look and no remembering.
HARMLESS_CHARACTERS, LONGEST_HARMLESS = "0123456789abcdef-.:TZ", 39
_CONTROLS = {code: None for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n\r"}


def redacted_within(text: str, longest: int) -> str:
    """Redacted, then cut. Of what is too long twice as much is looked at as is kept, so that no
    half of a secret is left at the end.
    """
    if len(text) <= longest:
        return redact_text(text)
    seen = redact_text(text[: 2 * longest])
    kept = seen[: min(longest, max(len(seen) - MARGIN, 0))]
    return f"{kept}… ({len(text):,} characters, cut)"


def redact_text(text: str) -> str:
    """One text without the secrets that show by their shape."""
    if is_harmless(text):
        return text
    return _remembered_text(text) if len(text) <= LONGEST_TEXT else looked_at(text)


def is_harmless(text: str) -> bool:
    """Whether a text has none of a secret's shapes, as far as one glance tells."""
    return len(text) <= LONGEST_HARMLESS and not text.strip(HARMLESS_CHARACTERS)


def looked_at(text: str) -> str:
    """The same as `redact_text`, not remembered."""
    return hide_secrets(_storable(text))


_remembered_text = lru_cache(maxsize=REMEMBERED)(looked_at)


def _storable(text: str) -> str:
    """A text without lone surrogates and without control characters but tab and line ends."""
    if text.isascii() and text.isprintable():
        return text
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.translate(_CONTROLS)
