"""One alert below its headline: the full card, the compact block, one section."""

from __future__ import annotations

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.console import event_url
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.cloudtrail.texts import two_lines
from chalicelib.rules.rule import URGENT
from chalicelib.rules.titles import is_of_what_did_not_happen
from chalicelib.slack import notices, parts, together
from chalicelib.slack.addresses import alert_url, buttons
from chalicelib.slack.buttons import below, handled
from chalicelib.slack.mrkdwn import code, date, prose
from chalicelib.slack.parts import Json, context, section

_CAME_TO = {
    Outcome.REFUSED: "It did not happen: the call was refused. Had it worked: ",
    Outcome.FAILED: "It did not happen: the call failed. Had it worked: ",
    Outcome.DRY_RUN: "It did not happen: the call was a dry run. Had it been done: ",
    Outcome.UNKNOWN: "Whether it happened is not known. If so: ",
}
RUNBOOK, REASON, RULES = 500, 240, 120


def full_or_compact(alert: Alert, public_url: str | None, acting: bool = False) -> Json:
    """The attachment for the alert's severity; `acting` with the buttons that handle it."""
    layout = full if alert.severity in URGENT else compact
    return layout(alert, public_url, acting)


def full(alert: Alert, public_url: str | None, acting: bool = False) -> Json:
    """What to do, the facts in two columns, when, and where to look."""
    facts = (
        ("Who", parts.who(alert)),
        ("On", parts.targets(alert)),
        ("Operation", parts.operation(alert)),
        ("Result", parts.result(alert, REASON)),
        ("Where", f"{parts.account(alert)} · {parts.region(alert)}"),
        ("From", f"{parts.source(alert)} · {parts.via(alert)}"),
        *(("Together", words) for words in together.line(alert)),
    )
    fields = [parts.mrkdwn(f"*{name}*\n{value}") for name, value in facts]
    said = [] if parts.is_about_us(alert) else [{"type": "section", "fields": fields}]
    when = f"{date(alert.event_time)} · {parts.event(alert)} · {_rules(alert)}"
    links = buttons(
        ("Event in CloudTrail", event_url(alert)), ("Alert", alert_url(alert, public_url))
    )
    end = below(alert, links, acting=acting)
    what = [section(_what_to_do(alert, alert.runbook))] if alert.runbook else []
    blocks = [*what, *said, context(when), *end]
    return {"color": parts.COLOURS[alert.severity], "blocks": blocks}


def compact(alert: Alert, public_url: str | None, acting: bool = False) -> Json:
    """One block of three lines, with its button beside it."""
    event, ours = event_url(alert), alert_url(alert, public_url)
    block = section("\n".join(_lines(alert)))
    links = buttons(("CloudTrail", event), ("Alert", ours))
    if len(links) == 1 and not acting:
        block["accessory"] = links.pop()
    blocks = [block, *below(alert, links, acting=acting)]
    return {"color": parts.COLOURS[alert.severity], "blocks": blocks}


def one_section(alert: Alert) -> Json:
    """The facts without buttons: what remains where Slack refuses the rest."""
    if alert.notice:
        return notices.attachment(alert, None, acting=False)
    lines = [*_lines(alert), *handled(alert.handling)]
    return {"color": parts.COLOURS[alert.severity], "blocks": [section("\n".join(lines))]}


def _lines(alert: Alert) -> list[str]:
    if parts.is_about_us(alert):
        return parts.plainest_lines(alert)
    on = f" on {parts.targets(alert)}" if alert.resources else ""
    return [
        *together.line(alert),
        f"{parts.operation(alert)}{on} · {parts.result(alert)}",
        f"{parts.who(alert)} · {parts.via(alert)} · {parts.source(alert)}",
        f"{parts.account(alert)} · {parts.region(alert)} · {date(alert.event_time)}",
        parts.event(alert),
    ]


def _what_to_do(alert: Alert, runbook: str) -> str:
    """The runbook, in two lines at most. It speaks of what happened: where nothing did, that is
    said first.
    """
    words = "\n".join(prose(line, RUNBOOK) for line in two_lines(runbook, RUNBOOK))
    untrue = is_of_what_did_not_happen(alert.title, alert.outcome)
    return _CAME_TO[alert.outcome] + words if untrue else words


def _rules(alert: Alert) -> str:
    others = len(alert.rule_ids) - 1
    also = f" and {others} more" if others > 0 else ""
    return f"rule {code(alert.rule_id, RULES)}{also}"
