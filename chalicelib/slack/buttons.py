"""What a message says of who handles it, and the buttons that handle it (pure).

Each button's `action_id` says what it does and its `value` to what: docs/slack.md lists them. Old
messages keep theirs for ever; a click on one is answered with what holds by then.

Source of the shapes: docs.slack.dev, "Button element", "Select menu element", "Option object".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.clicks import Action
from chalicelib.alerts.handling import NO, YES, Handling
from chalicelib.alerts.mutes import SPANS, may_be_muted
from chalicelib.alerts.notices import QUESTION
from chalicelib.slack.mrkdwn import minute, moment, say
from chalicelib.slack.parts import Json, context

NAME = 60
_ANSWERS = {YES: "yes, I did", NO: "no, it was not me"}
# What the menu calls each span.
_FOR = {"1h": "for 1 hour", "8h": "for 8 hours", "1d": "for 1 day", "7d": "for 7 days"}


def below(alert: Alert, links: Sequence[Json], *, acting: bool, many: bool = False) -> list[Json]:
    """The blocks that end a message: who handles it, and its buttons, the acting ones first.

    `acting` is whether there is a way back for them; `many` that the alert speaks for a digest.
    """
    lines = handled(alert.handling)
    elements = [*(_acts(alert, many) if acting else []), *links]
    said = [context("\n".join(lines))] if lines else []
    return [*said, {"type": "actions", "elements": elements}] if elements else said


def handled(handling: Handling) -> list[str]:
    """What people made of it, a line each: "anna is looking at it · 10:42"."""
    lines = []
    if handling.owner:
        lines.append(f"{say(handling.owner.name, NAME)} is looking at it{_at(handling.since)}")
    if handling.answered_by:
        who, answer = say(handling.answered_by.name, NAME), _ANSWERS.get(handling.answer, "")
        lines.append(f"{who} says: {answer}{_at(handling.answered_at)}")
    if muted := handling.muted:
        until = moment(muted.until)
        lines.append(f"Muted by {say(muted.by.name, NAME)} until {until}: the same is not told")
    return lines


def button(action: Action, label: str, value: str, style: str = "") -> Json:
    """A button that acts on what its value names."""
    text = {"type": "plain_text", "text": label}
    made: Json = {"type": "button", "text": text, "action_id": action.value, "value": value}
    return {**made, "style": style} if style else made


def _at(time: datetime | None) -> str:
    """The minute, behind a dot."""
    return f" · {minute(time)}" if time else ""


def _acts(alert: Alert, many: bool) -> list[Json]:
    if alert.notice:
        return _answers(alert.about) if alert.notice == QUESTION else []
    handling = alert.handling
    acts = [button(Action.ACKNOWLEDGE, "Acknowledge", alert.alert_id, style="primary")]
    if handling.owner:
        acts = [button(Action.RELEASE, "Give back", alert.alert_id)]
    if handling.muted:
        acts.append(button(Action.MUTE_END, "End mute", handling.muted.mute_id))
    elif not many and may_be_muted(alert):
        acts.append(_mute_menu(alert.alert_id))
    return acts


def _answers(alert_id: str) -> list[Json]:
    return [
        button(Action.YES, "Yes, I did", alert_id, style="primary"),
        button(Action.NO, "No, it was not me", alert_id, style="danger"),
    ]


def _mute_menu(alert_id: str) -> Json:
    return {
        "type": "static_select",
        "action_id": Action.MUTE.value,
        "placeholder": {"type": "plain_text", "text": "Mute the same"},
        "options": [
            {"text": {"type": "plain_text", "text": _FOR[span]}, "value": f"{alert_id} {span}"}
            for span in SPANS
        ],
    }
