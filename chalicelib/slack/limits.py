"""Slack's limits, and a validator for what we send (pure).

Source: docs.slack.dev, chat.postMessage and the reference of each block; slack_sdk's models check
only part of it. The total is not documented: `msg_blocks_too_long` was seen at 11,341 characters
(slackapi/bolt-js issues 2509 and 2867), so we stay well below.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import orjson

from chalicelib.ingest.json_text import fits_in_ascii
from chalicelib.rules.destinations import LONGEST_TITLE

TEXT = 4000
SECTION = 3000
FIELD, FIELDS = 2000, 10
HEADER = LONGEST_TITLE
CONTEXT = 10
ACTIONS = 25
BUTTON, URL, VALUE = 75, 3000, 2000
OPTION, OPTION_VALUE, OPTIONS, PLACEHOLDER, ACTION_ID = 75, 150, 100, 150, 255
BLOCKS, BLOCK_ID, ATTACHMENTS = 50, 255, 100
USERNAME = 80
TOTAL = 8000
KINDS = ("section", "context", "actions", "header", "divider")


def violations(payload: dict[str, Any]) -> list[str]:
    """What Slack would refuse or spoil in a chat.postMessage payload; [] where it is right."""
    return list(_message(payload))


def _message(payload: dict[str, Any]) -> Iterator[str]:
    yield from _text("text", payload.get("text"), TEXT)
    if not isinstance(payload.get("channel"), str) or not payload["channel"]:
        yield "channel: missing"
    if len(str(payload.get("username") or "")) > USERNAME:
        yield f"username: over {USERNAME} characters"
    attachments = payload.get("attachments", [])
    if len(attachments) > ATTACHMENTS:
        yield f"attachments: {len(attachments)} of at most {ATTACHMENTS}"
    yield from _blocks("blocks", payload.get("blocks", []))
    for number, attachment in enumerate(attachments):
        yield from _blocks(f"attachments[{number}]", attachment.get("blocks", []))
    try:
        if not fits_in_ascii(_measured(payload), TOTAL):
            yield f"blocks and attachments: {size(payload)} characters of at most {TOTAL}"
        orjson.dumps(payload)
    except TypeError:
        yield "a lone surrogate"


def size(payload: dict[str, Any]) -> int:
    """Characters of the blocks and attachments as JSON in ASCII."""
    return len(json.dumps(_measured(payload)))


def _measured(payload: dict[str, Any]) -> list[Any]:
    return [payload.get("blocks", []), payload.get("attachments", [])]


def _blocks(where: str, blocks: list[dict[str, Any]]) -> Iterator[str]:
    if len(blocks) > BLOCKS:
        yield f"{where}: {len(blocks)} blocks of at most {BLOCKS}"
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(set(ids)) < len(ids):
        yield f"{where}: a block_id twice"
    if any(not 0 < len(block_id) <= BLOCK_ID for block_id in ids):
        yield f"{where}: a block_id of more than {BLOCK_ID} characters or none"
    for number, block in enumerate(blocks):
        yield from _block(f"{where}.{number}", block)


def _block(where: str, block: dict[str, Any]) -> Iterator[str]:
    kind = block.get("type")
    if kind not in KINDS:
        yield f"{where}: type {kind!r} is none of {', '.join(KINDS)}"
    elif kind == "section":
        yield from _section(where, block)
    elif kind == "header":
        yield from _object(where, block.get("text"), HEADER, ("plain_text",))
    elif kind == "context":
        yield from _count(where, block.get("elements"), CONTEXT)
        for element in block.get("elements") or []:
            yield from _object(where, element, SECTION)
    elif kind == "actions":
        yield from _count(where, block.get("elements"), ACTIONS)
        yield from _elements(where, block.get("elements") or [])


def _section(where: str, block: dict[str, Any]) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield f"{where}: a section with neither text nor fields"
    if "text" in block:
        yield from _object(where, block["text"], SECTION)
    if "fields" in block:
        yield from _count(where, block["fields"], FIELDS)
        for field in block["fields"]:
            yield from _object(f"{where} field", field, FIELD)
    if "accessory" in block:
        yield from _button(where, block["accessory"])


def _elements(where: str, elements: list[dict[str, Any]]) -> Iterator[str]:
    ids = [element["action_id"] for element in elements if "action_id" in element]
    if len(set(ids)) < len(ids):
        yield f"{where}: an action_id twice"
    if any(not 0 < len(action_id) <= ACTION_ID for action_id in ids):
        yield f"{where}: an action_id of more than {ACTION_ID} characters or none"
    for element in elements:
        select = element.get("type") == "static_select"
        yield from (_select if select else _button)(where, element)


def _select(where: str, element: dict[str, Any]) -> Iterator[str]:
    placeholder = element.get("placeholder")
    yield from _object(f"{where} menu", placeholder, PLACEHOLDER, ("plain_text",))
    yield from _count(f"{where} menu", element.get("options"), OPTIONS)
    for option in element.get("options") or []:
        yield from _object(f"{where} option", option.get("text"), OPTION, ("plain_text",))
        if not 0 < len(str(option.get("value") or "")) <= OPTION_VALUE:
            yield f"{where}: an option's value over {OPTION_VALUE} characters or none"


def _button(where: str, element: dict[str, Any]) -> Iterator[str]:
    if element.get("type") != "button":
        yield f"{where}: {element.get('type')!r} is no button"
        return
    yield from _object(f"{where} button", element.get("text"), BUTTON, ("plain_text",))
    url = element.get("url")
    if url is not None and (len(url) > URL or not url.startswith(("https://", "http://"))):
        yield f"{where}: a url over {URL} characters or without http"
    if len(str(element.get("value") or "")) > VALUE:
        yield f"{where}: a value over {VALUE} characters"


def _object(
    where: str, text: Any, limit: int, kinds: tuple[str, ...] = ("mrkdwn", "plain_text")
) -> Iterator[str]:
    if not isinstance(text, dict) or text.get("type") not in kinds:
        yield f"{where}: no text object of type {' or '.join(kinds)}"
        return
    yield from _text(where, text.get("text"), limit)


def _text(where: str, text: Any, limit: int) -> Iterator[str]:
    if not isinstance(text, str) or not text.strip():
        yield f"{where}: no text"
    elif len(text) > limit:
        yield f"{where}: {len(text)} characters of at most {limit}"


def _count(where: str, elements: Any, most: int) -> Iterator[str]:
    if not isinstance(elements, list) or not 0 < len(elements) <= most:
        count = len(elements) if isinstance(elements, list) else "no"
        yield f"{where}: {count} elements of 1 to {most}"
