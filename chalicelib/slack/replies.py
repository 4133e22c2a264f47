"""What whoever clicked is told: what came of it, and what holds now (pure)."""

from __future__ import annotations

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.clicks import Handled, Reply
from chalicelib.alerts.mutes import MOST_MUTES, Mute
from chalicelib.alerts.sayings import of_what
from chalicelib.slack.buttons import NAME
from chalicelib.slack.mrkdwn import moment, say

LONGEST = 300
UNKNOWN = "Nothing was done: this button is of another version of Trailbell."
AWAY = "Nothing was done: what keeps the alerts cannot be reached. Please try again in a minute."
MAY_NOT = (
    "Nothing was done: you are not among those who handle alerts here. `[handling] may` in the "
    "rules' file names them; a group's new members are known within 15 minutes."
)
# What the message itself shows needs no words of its own.
_SHOWN = (Reply.ACKNOWLEDGED, Reply.RELEASED, Reply.CONFIRMED, Reply.REPEATED)
_SAID = {
    Reply.ACKNOWLEDGED: "You are looking at it.",
    Reply.RELEASED: "You gave it back: nobody is looking at it now.",
    Reply.MUTE_ENDED: "The mute has ended.",
    Reply.CONFIRMED: "Thank you: everybody sees that it was you.",
    Reply.DENIED: "Thank you. It is critical now, and the channel is being called.",
    Reply.YOURS: "You have it already.",
    Reply.NEVER_MUTED: "It was not muted: what is critical, of several principals, or about "
    "Trailbell itself, never is.",
    Reply.TOO_MANY_MUTES: f"It was not muted: {MOST_MUTES} mutes are in force, and no more can be. "
    "`/trailbell mutes` lists them.",
    Reply.NO_MUTE: "There is no such mute any more.",
    Reply.NOT_ASKED: "Nothing was changed: only whoever was asked can answer that.",
    Reply.ANSWERED: "It was answered already.",
    Reply.GONE: "There is no such alert any more: what is old is removed.",
    Reply.ELSEWHERE: "Nothing was changed: this message does not carry that alert.",
    Reply.NOT_YET: "Nothing was changed: it is not known yet where that alert's message went. "
    "Please try again in a minute.",
    Reply.REPEATED: "That was done already.",
}


def is_shown(handled: Handled) -> bool:
    """Whether the message says it by itself, so that nobody needs to be told."""
    return handled.reply in _SHOWN


def reply(handled: Handled) -> str:
    """What came of it, in mrkdwn."""
    match handled.reply:
        case Reply.TAKEN:
            return _taken(handled.alert)
        case Reply.NOT_YOURS:
            return _not_yours(handled.alert)
        case Reply.MUTED if handled.mute:
            return f"Muted until {moment(handled.mute.until)}: {muted(handled.mute)}."
        case Reply.MUTED_ALREADY if handled.mute:
            by, until = say(handled.mute.by.name, NAME), moment(handled.mute.until)
            return f"It is muted already, by {by} until {until}."
        case other:
            return _SAID.get(other, "It was done.")


def muted(mute: Mute) -> str:
    """What a mute hides."""
    return say(of_what(mute), LONGEST)


def _taken(alert: Alert | None) -> str:
    handling = alert.handling if alert else None
    if handling is None or handling.owner is None:
        return "Somebody else is looking at it."
    since = f", since {moment(handling.since)}" if handling.since else ""
    return f"{say(handling.owner.name, NAME)} is looking at it already{since}."


def _not_yours(alert: Alert | None) -> str:
    owner = alert.handling.owner if alert else None
    if owner is None:
        return "Nobody is looking at it: there is nothing to give back."
    return f"Only {say(owner.name, NAME)} can give it back, who is looking at it."
