"""A click in Slack: store what came of it, then answer.

Slack sends a click once: what could not be stored is answered with an error, which it shows, and
the click may be repeated.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.alerts.clicks import Action, Click
from chalicelib.alerts.handling import Person
from chalicelib.alerts.mutes import SPANS
from chalicelib.alerts.outbox import StoreError
from chalicelib.parameters import SecretError
from chalicelib.rules.place import RulesError
from chalicelib.slack import replies
from chalicelib.slack.actions import MalformedError, Pressed, pressed
from chalicelib.slack.crew import FOREIGN
from chalicelib.slack.whisper import Whisper
from chalicelib.usecases.answering import NOTHING, Answer, count, ephemeral
from chalicelib.usecases.at_once import at_once
from chalicelib.usecases.handle import handle
from chalicelib.usecases.rights import refusal

if TYPE_CHECKING:
    from chalicelib.usecases.parts import Answering

# What an alert's or a mute's id is made of: nothing else reaches the store.
_ID = re.compile(r"[\w.:-]{1,100}", re.ASCII)


def clicked(body: bytes, key: str, parts: Answering) -> Answer:
    """Do what a signed request wants; `key` is that of the very request: the same again changes
    nothing more. Never raises.
    """
    press = None
    try:
        press = pressed(body)
        return _done(press, key, parts) if press else NOTHING
    except MalformedError as error:
        count(parts, f"malformed: {error}")
        return 400, None
    except (StoreError, RulesError, SecretError) as error:
        count(parts, type(error).__name__)
        _say(replies.AWAY, press, parts)
        return 503, None


def _done(press: Pressed, key: str, parts: Answering) -> Answer:
    if why := refusal(press.sender, parts):
        count(parts, why)
        _say("" if why == FOREIGN else replies.MAY_NOT, press, parts)
        return 403, None
    click = _click(press, key, parts)
    if click is None:
        count(parts, "unknown action")
        _say(replies.UNKNOWN, press, parts)
        return 200, ephemeral(replies.UNKNOWN)
    handled = handle(click, parts)
    words = replies.reply(handled)
    _say("" if replies.is_shown(handled) else words, press, parts, sweeps=True)
    return 200, ephemeral(words)


def _click(press: Pressed, key: str, parts: Answering) -> Click | None:
    """What is wanted; None where this version knows no such button."""
    subject, _, span = press.value.partition(" ")
    try:
        action = Action(press.action)
        lasts: timedelta | None = SPANS[span] if action is Action.MUTE else None
    except (ValueError, KeyError):
        return None
    if not _ID.fullmatch(subject) or (span and lasts is None):
        return None
    if not press.channel or not press.ts:
        raise MalformedError("message")
    return Click(
        action=action,
        subject=subject,
        person=Person(id=press.sender.user, name=press.sender.name),
        at=parts.now(),
        key=key,
        channel_id=press.channel,
        ts=press.ts,
        span=lasts,
    )


def _say(words: str, press: Pressed | None, parts: Answering, *, sweeps: bool = False) -> None:
    """Tell whoever pressed, and have the message brought up to date."""
    said = None
    if words and press and press.channel:
        said = Whisper(press.channel, press.sender.user, words)
    if said or sweeps:
        at_once(parts, said, sweeps=sweeps)
