"""What `/trailbell` answers, in words that fit a phone: mrkdwn, for the one who asked (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.clicks import Action
from chalicelib.alerts.mutes import Mute
from chalicelib.slack.addresses import alert_url
from chalicelib.slack.buttons import NAME, button
from chalicelib.slack.mrkdwn import escape, moment, say
from chalicelib.slack.parts import Json, section, sentence, word
from chalicelib.slack.replies import muted

SENTENCE, MOST_MUTES_SHOWN = 140, 20
HELP = """\
`/trailbell status` how Trailbell is doing
`/trailbell last 5` the newest alerts of this channel
`/trailbell find TEXT` alerts of this channel with that text, three characters or more
`/trailbell mutes` what is not told here for a while, and by whom
Only you see the answers."""
NOT_HERE = "Trailbell answers in the channels that it posts to; this is none of them."
NOT_SEEN = "None of the newest is one, and there was no time to look further: the page finds all."


def unknown(word_: str) -> str:
    """What is said of a word that is no command."""
    return f"There is no `{say(word_, 30)}`.\n{HELP}"


def status(health: Mapping[str, Any]) -> str:
    """The colour, and the words that say why."""
    colours = {"green": "All is well.", "amber": "Something is not as it should be."}
    words = [say(str(each), 400) for each in health.get("words", ())]
    head = colours.get(str(health.get("status")), "Something is wrong.")
    return "\n".join([f"*{head}*", *words])


def listed(alerts: Sequence[Alert], public_url: str | None, none: str, more: bool = False) -> str:
    """A line each, the newest first; `none` where there are none, `more` that there may be more."""
    if not alerts:
        return NOT_SEEN if more else none
    lines = [_line(alert, public_url) for alert in alerts]
    return "\n".join([*lines, "There may be more: the page finds all."] if more else lines)


def mutes(found: Sequence[Mute]) -> tuple[str, list[Json]]:
    """Who muted what, why and until when, with a button that ends each."""
    if not found:
        return "Nothing is muted here.", []
    shown = found[:MOST_MUTES_SHOWN]
    lines = [_mute(mute) for mute in shown]
    ends = [button(Action.MUTE_END, "End", mute.mute_id) for mute in shown]
    blocks = [section(line, accessory=end) for line, end in zip(lines, ends, strict=True)]
    if left := len(found) - len(shown):
        lines.append(f"and {left} more")
        blocks.append(section(lines[-1]))
    return "\n".join(lines), blocks


def _mute(mute: Mute) -> str:
    why = f": {say(mute.why, SENTENCE)}" if mute.why else ""
    by = say(mute.by.name, NAME)
    return f"*{muted(mute)}* until {moment(mute.until)}, by {by}{why}"


def _line(alert: Alert, public_url: str | None) -> str:
    owner = alert.handling.owner
    has = f" · {say(owner.name, NAME)} is looking at it" if owner else ""
    url = alert_url(alert, public_url)
    # Our own address with an id of our own making: nothing of an event is in it.
    link = f" · <{escape(url)}|open>" if url else ""
    head = f"*{word(alert.severity)}* · {moment(alert.event_time)}"
    return f"{head}{has}{link}\n{sentence(alert, SENTENCE)}"
