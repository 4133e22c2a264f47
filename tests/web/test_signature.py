"""Whose requests are taken for Slack's, against slack_sdk's own verifier."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from chalice.app import CaseInsensitiveMapping
from slack_sdk.signature import SignatureVerifier

from chalicelib.web.signature import LONGEST_BODY, key_of, signed, wrong_with
from tests.slack.pressing import SECRET

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BODY = b"payload=%7B%22type%22%3A%22block_actions%22%7D"
Request = tuple[str, str, bytes]


def sent(body: bytes = BODY, at: datetime = NOW, secret: str = SECRET) -> Request:
    timestamp = str(int(at.timestamp()))
    return timestamp, signed(secret, timestamp, body), body


def ours(request: Request) -> tuple[str, int]:
    timestamp, signature, body = request
    headers = {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}
    return wrong_with(SECRET, CaseInsensitiveMapping(headers), body, NOW)


class Clock:
    def now(self) -> float:
        return NOW.timestamp()


def theirs(request: Request) -> bool:
    timestamp, signature, body = request
    try:
        return SignatureVerifier(SECRET, Clock()).is_valid(body, timestamp, signature)  # type: ignore[arg-type]
    except (ValueError, TypeError):
        return False


def spoiled(request: Request, chance: random.Random) -> Request:
    """The request with one byte of one of its parts changed."""
    parts = [request[0].encode(), request[1].encode(), request[2]]
    which = chance.choice([number for number, part in enumerate(parts) if part])
    part = bytearray(parts[which])
    part[chance.randrange(len(part))] ^= 1 << chance.randrange(8)
    parts[which] = bytes(part)
    return parts[0].decode("latin-1"), parts[1].decode("latin-1"), parts[2]


def made(chance: random.Random) -> Request:
    age = timedelta(seconds=chance.choice([0, 1, 299, 300, 301, -300, -301, 86_400]))
    letters = "abc=&%+ äöü€\U0001f514"
    text = "".join(chance.choice(letters) for _ in range(chance.randrange(200)))
    return sent(text.encode(), NOW - age)


def test_of_1_000_random_requests_half_spoiled_in_a_byte_slack_s_own_verifier_takes_the_same() -> (
    None
):
    chance = random.Random(19)
    requests = [made(chance) for _ in range(1000)]
    requests[::2] = [spoiled(request, chance) for request in requests[::2]]
    taken = [theirs(request) for request in requests]
    assert [ours(request) == ("", 200) for request in requests] == taken
    assert 200 < sum(taken) < 500


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        (sent(), ("", 200)),
        (sent(at=NOW - timedelta(seconds=300)), ("", 200)),
        (sent(at=NOW + timedelta(seconds=300)), ("", 200)),
        (sent(at=NOW - timedelta(seconds=301)), ("late", 401)),
        (sent(at=NOW + timedelta(seconds=301)), ("late", 401)),
        (sent(secret="another"), ("forged", 401)),
        (("", sent()[1], BODY), ("unsigned", 401)),
        ((sent()[0], "", BODY), ("unsigned", 401)),
        (("yesterday", sent()[1], BODY), ("no time", 401)),
        ((sent()[0], "v0=é", BODY), ("forged", 401)),
        (sent(b"x" * LONGEST_BODY), ("", 200)),
        (sent(b"x" * (LONGEST_BODY + 1)), ("too long", 413)),
    ],
)
def test_a_request_is_refused_for_its_reason(request_: Request, why: tuple[str, int]) -> None:
    assert ours(request_) == why


def test_a_request_is_known_again_by_its_signature() -> None:
    assert key_of(sent()[1]) == key_of(sent()[1])
    assert key_of(sent()[1]) != key_of(sent(b"other")[1])
