"""What Slack sends of buttons and commands, read; and what anybody could send in its place."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.slack.actions import MalformedError, Pressed, Sender, asked, pressed

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
NAMES = st.sampled_from(["type", "user", "team", "channel", "message", "container", "actions"])


def payload(**changes: Any) -> dict[str, Any]:
    """As docs.slack.dev shows it, cut to what is read."""
    return {
        "type": "block_actions",
        "user": {"id": "U0123ABCD", "username": "anna", "name": "anna", "team_id": "T0123"},
        "team": {"id": "T0123", "domain": "example"},
        "enterprise": None,
        "container": {"type": "message", "message_ts": "17.000100", "channel_id": "C0123"},
        "channel": {"id": "C0123", "name": "alerts"},
        "message": {"type": "message", "ts": "17.000100"},
        "actions": [{"type": "button", "action_id": "acknowledge", "value": "a" * 32}],
    } | changes


def body(**changes: Any) -> bytes:
    return urlencode({"payload": json.dumps(payload(**changes))}).encode()


def test_a_button_says_who_pressed_what_in_which_message() -> None:
    sender = Sender(user="U0123ABCD", name="anna", team="T0123", home="T0123")
    assert pressed(body()) == Pressed(
        sender=sender, channel="C0123", ts="17.000100", action="acknowledge", value="a" * 32
    )


@pytest.mark.parametrize("kind", ["static_select", "overflow"])
def test_of_a_menu_the_value_is_that_of_the_option(kind: str) -> None:
    option = {"text": {"type": "plain_text", "text": "for 1 hour"}, "value": "abc 1h"}
    menu = {"type": kind, "action_id": "mute", "selected_option": option}
    found = pressed(body(actions=[menu]))
    assert found
    assert (found.action, found.value) == ("mute", "abc 1h")


def test_a_message_that_only_one_sees_is_named_by_its_container() -> None:
    found = pressed(body(message=None, channel=None))
    assert found
    assert (found.channel, found.ts) == ("C0123", "17.000100")


def test_a_button_that_only_opens_an_address_asks_for_nothing() -> None:
    assert pressed(body(actions=[{"type": "button", "action_id": "open_1"}])) is None
    link = {"type": "button", "action_id": "x", "url": "https://example.com/"}
    assert pressed(body(actions=[link])) is None


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"payload=",
        b"payload=%7B",
        b"payload=1&payload=2",
        b"payload=[]",
        b"payload=%FF",
        b"\xff",
        b"&".join(b"a%d=1" % number for number in range(200)),
        urlencode({"payload": "[" * 5000}).encode(),
        body(type="view_submission"),
        body(actions=[]),
        body(actions="acknowledge"),
        body(actions=["acknowledge"]),
        body(user={"id": 7}),
        body(user={}),
        body(user={"id": "<!channel>"}),
        body(channel="C0123"),
        body(actions=[{"action_id": "acknowledge", "value": "x" * 2001}]),
    ],
)
def test_what_is_no_button_s_request_is_malformed(wrong: bytes) -> None:
    with pytest.raises(MalformedError):
        pressed(wrong)


@given(changes=st.dictionaries(NAMES, JSON))
@example(changes={"actions": [{"action_id": None, "selected_option": {"value": []}}]})
def test_whatever_the_parts_are_it_is_read_or_malformed(changes: dict[str, Any]) -> None:
    try:
        found = pressed(body(**changes))
    except MalformedError:
        return
    assert found is None or isinstance(found.value, str)


@given(st.binary(max_size=300))
def test_whatever_the_bytes_are_they_are_read_or_malformed(raw: bytes) -> None:
    for read in (pressed, asked):
        try:
            read(raw)
        except MalformedError:
            continue


def test_a_command_says_who_asked_what_where() -> None:
    fields = {
        "team_id": "T0123",
        "channel_id": "C0123",
        "user_id": "U0123ABCD",
        "user_name": "anna",
        "command": "/trailbell",
        "text": "  last 5 ",
    }
    found = asked(urlencode(fields).encode())
    assert found.text == "last 5"
    assert found.sender == Sender(user="U0123ABCD", name="anna", team="T0123")
    assert found.channel == "C0123"


def test_a_person_s_name_is_one_clean_line_and_their_id_where_nothing_is_left() -> None:
    for name, clean in (("an\x07na\u202e\n b", "anna b"), ("\u202e", "U0123ABCD"), ("x" * 99, "")):
        found = pressed(body(user={"id": "U0123ABCD", "username": name}))
        command = asked(urlencode({"user_id": "U0123ABCD", "user_name": name}).encode())
        assert found
        assert found.sender.name == command.sender.name == (clean or "x" * 79 + "…")
