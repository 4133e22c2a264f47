"""Our own validator: each of Slack's limits refused one step beyond, taken at it."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.slack.limits import TOTAL, violations

Json = dict[str, Any]


def text(length: int, kind: str = "mrkdwn") -> Json:
    return {"type": kind, "text": "x" * length}


def section(**fields: Any) -> Json:
    return {"type": "section", **fields}


def button(**changes: Any) -> Json:
    return {"type": "button", "text": text(5, "plain_text"), "url": "https://x.example", **changes}


def payload(*blocks: Json, **changes: Any) -> Json:
    return {
        "channel": "C1", "text": "t", "attachments": [{"blocks": list(blocks)}], **changes,
    }  # fmt: skip


GOOD = [
    payload(section(text=text(3000))),
    payload(section(fields=[text(200)] * 10)),
    payload(section(text=text(1), accessory=button())),
    payload({"type": "context", "elements": [text(50)] * 10}),
    payload({"type": "actions", "elements": [button()] * 25}),
    payload({"type": "header", "text": text(150, "plain_text")}),
    payload(*[{"type": "divider"}] * 50),
    payload(section(text=text(9), block_id="a"), section(text=text(9), block_id="b")),
    payload(text="x" * 4000, username="x" * 80),
    payload(section(text=text(2990)), section(text=text(2990)), section(text=text(1700))),
]
BAD = [
    (payload(text=""), "text: no text"),
    (payload(text="x" * 4001), "text: 4001"),
    (payload(text=None), "text: no text"),
    (payload(channel=""), "channel"),
    (payload(username="x" * 81), "username"),
    (payload(section()), "neither text nor fields"),
    (payload(section(text=text(3001))), "3001 characters"),
    (payload(section(text=text(0))), "no text"),
    (payload(section(text="x")), "no text object"),
    (payload(section(fields=[text(2001)])), "2001 characters"),
    (payload(section(fields=[text(1)] * 11)), "11 elements"),
    (payload(section(fields=[text(0)])), "no text"),
    (payload({"type": "context", "elements": [text(1)] * 11}), "11 elements"),
    (payload({"type": "context", "elements": []}), "0 elements"),
    (payload({"type": "actions", "elements": [button()] * 26}), "26 elements"),
    (payload({"type": "actions", "elements": [button(text=text(76, "plain_text"))]}), "76"),
    (payload({"type": "actions", "elements": [button(text=text(5))]}), "plain_text"),
    (payload({"type": "actions", "elements": [button(url="https://" + "x" * 3000)]}), "url"),
    (payload({"type": "actions", "elements": [button(url="javascript:1")]}), "url"),
    (payload({"type": "actions", "elements": [button(value="x" * 2001)]}), "value"),
    (payload({"type": "actions", "elements": [{"type": "overflow"}]}), "no button"),
    (payload({"type": "header", "text": text(151, "plain_text")}), "151"),
    (payload({"type": "header", "text": text(5)}), "plain_text"),
    (payload({"type": "rich_text"}), "rich_text"),
    (payload(*[{"type": "divider"}] * 51), "51 blocks"),
    (payload(section(text=text(9), block_id="a"), section(text=text(9), block_id="a")), "twice"),
    (payload(section(text=text(9), block_id="a" * 256)), "block_id"),
    (payload(attachments=[{"blocks": []}] * 101), "attachments: 101"),
    (payload(*[section(text=text(2900))] * 3), f"of at most {TOTAL}"),
    (payload(text="\ud800"), "surrogate"),
]


@pytest.mark.parametrize("good", GOOD)
def test_what_is_at_a_limit_is_taken(good: Json) -> None:
    assert violations(good) == []


@pytest.mark.parametrize(("bad", "reason"), BAD)
def test_what_is_beyond_a_limit_is_named(bad: Json, reason: str) -> None:
    found = violations(bad)
    assert found
    assert any(reason in violation for violation in found)
