"""Handling: who looks after an alert, and what people were asked and said about it, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

# How a person came: by a click or a command in Slack, or by the operator's command.
SLACK, COMMAND = "slack", "command"
# What a person who was asked "was it you?" answered.
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who did something with an alert: `id` is a Slack user's ("U…") or the operating system's
    name, `name` what people read, `via` SLACK or COMMAND.
    """

    id: str
    name: str
    via: str = SLACK


@dataclass(frozen=True, slots=True, kw_only=True)
class Muted:
    """What an alert's message says of the mute that was made from it."""

    mute_id: str
    by: Person
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """What people made of an alert, kept within it. Each part is None or "" until it is so.

    `owner` acknowledged it `since` then. `asked` is the Slack user's id who was asked "was it
    you?" at `asked_at`; `answer` is YES or NO, at `answered_at`, by `answered_by`. `muted` is the
    mute in force that was made from it. `before` are the messages that told of it before a NO had
    it told anew, each as "channel_id ts": their buttons go on acting on it. `touched_at` is when
    somebody last did something with it, also where they took it back: its message has to say so.
    """

    owner: Person | None = None
    since: datetime | None = None
    asked: str = ""
    asked_at: datetime | None = None
    answer: str = ""
    answered_at: datetime | None = None
    answered_by: Person | None = None
    muted: Muted | None = None
    before: tuple[str, ...] = ()
    touched_at: datetime | None = None


# What an alert begins with.
UNHANDLED = Handling()
