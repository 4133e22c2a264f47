"""What Trailbell itself says about the handling of alerts, as a message (pure)."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.notices import MUTE_ENDED, MUTE_HIDES_MANY, SUMMARY
from chalicelib.slack import parts
from chalicelib.slack.addresses import about_url, buttons, page
from chalicelib.slack.buttons import below
from chalicelib.slack.limits import HEADER, SECTION, TOTAL
from chalicelib.slack.mrkdwn import say
from chalicelib.slack.parts import Json, section

LINE = 400
# What the title leaves of a section.
ROOM = SECTION - 2 * HEADER
# Of what a message may weigh, as JSON in ASCII: the rest is its title, buttons and links.
WEIGHT = TOTAL * 5 // 8
_OF_MUTES = (MUTE_ENDED, MUTE_HIDES_MANY)


def attachment(notice: Alert, public_url: str | None, acting: bool) -> Json:
    """Below its sentence, which says what its title does: its lines, its buttons, and the way to
    what it is about; its title where there is none of these.
    """
    links = buttons(*_links(notice, public_url)) if public_url else []
    said = lines(notice)
    blocks = [*([section("\n".join(said))] if said else []), *below(notice, links, acting=acting)]
    blocks = blocks or [section(f"*{say(notice.title, HEADER)}*")]
    return {"color": parts.COLOURS[notice.severity], "blocks": blocks}


def lines(notice: Alert) -> list[str]:
    """What it says besides its sentence, a line each, as many as a section holds: what stands
    before a colon is its label. Lines of names that weigh much are shorter, so that none is lost.
    """
    found = _lines(notice, LINE)
    weights = [len(json.dumps(line)) for line in found]
    if sum(weights) <= WEIGHT:
        return found
    densest = max(weight / len(line) for weight, line in zip(weights, found, strict=True))
    return _lines(notice, int(WEIGHT / densest / len(found)))


def _lines(notice: Alert, longest: int) -> list[str]:
    found, left = [], ROOM
    for each in notice.resources:
        label, colon, rest = each.partition(": ")
        line = f"*{say(label, longest)}:* {say(rest, longest)}" if colon else say(label, longest)
        left -= len(line) + 1
        if left < 0:
            break
        found.append(line)
    return found


def _links(notice: Alert, public_url: str) -> tuple[tuple[str, str], ...]:
    if notice.about:
        return (("Alert", about_url(notice.about, public_url)),)
    if notice.notice in _OF_MUTES:
        return (("Muted alerts", _filtered(public_url, state="muted")),)
    since, _, until = notice.event_id.partition("/")
    if notice.notice != SUMMARY or not until:
        return ()
    of_day = {"since": since, "until": until}
    return (
        ("All of the day", _filtered(public_url, **of_day)),
        ("Critical", _filtered(public_url, **of_day, severity="critical")),
        ("High", _filtered(public_url, **of_day, severity="high")),
        ("Not acknowledged", _filtered(public_url, **of_day, acknowledged="false")),
        ("Hidden by mutes", _filtered(public_url, **of_day, state="muted")),
    )


def _filtered(public_url: str, **filters: str) -> str:
    """The page with its list filtered."""
    return f"{page(public_url)}?{urlencode(filters)}"
