"""What a person does about the webhook's refusals (pure)."""

from __future__ import annotations

# What our own configuration lacks.
NO_URL, NO_SECRET, BAD_URL, BAD_SECRET = "no_url", "no_secret", "bad_url", "bad_secret"
_ADDRESS = "Give WEBHOOK_URL the receiver's own https address; redirects are not followed."
_KEY = "Give WEBHOOK_SECRET the secret that the receiver has (docs/webhook.md)."
NEXT_STEPS = {
    NO_URL: "Set WEBHOOK_URL, or name no channel webhook in the rules.",
    BAD_URL: _ADDRESS,
    NO_SECRET: _KEY,
    BAD_SECRET: _KEY,
    "HTTP 401": _KEY,
    "HTTP 403": _KEY,
    "HTTP 404": _ADDRESS,
    "HTTP 410": "The receiver wants no more: give WEBHOOK_URL another, or remove it.",
}


def next_step(reason: str) -> str:
    """What to do about a refusal ("bad_url: …", "HTTP 404"); "" where nobody knows."""
    word = reason.split(":")[0]
    return NEXT_STEPS.get(word, _ADDRESS if word.startswith("HTTP 3") else "")
