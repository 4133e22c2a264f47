"""Many alerts as one message: by rule, actor and account, with true counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.alerts.alert import Alert
from chalicelib.slack import parts
from chalicelib.slack.links import buttons, page
from chalicelib.slack.mrkdwn import code, date, say
from chalicelib.slack.parts import Json, context, section, word

MOST_LINES = 25
TITLE, ACTOR, NAME, OPERATIONS = 90, 60, 40, 3
# Lines go into sections of at most so many characters; Slack's limit is 3,000.
SECTION = 2800


@dataclass(frozen=True, slots=True)
class Group:
    """Alerts of one rule by one actor in one account."""

    alerts: tuple[Alert, ...]

    @property
    def first(self) -> Alert:
        """The one that speaks for all."""
        return self.alerts[0]


def grouped(alerts: Sequence[Alert]) -> list[Group]:
    """By rule, actor and account: the most severe first, then the largest."""
    groups: dict[tuple[str, str, str], list[Alert]] = {}
    for alert in alerts:
        groups.setdefault((alert.rule_id, alert.actor, alert.account_id), []).append(alert)
    found = [Group(tuple(group)) for group in groups.values()]
    return sorted(found, key=lambda group: (-_rank(group), -len(group.alerts)))


def headline(alerts: Sequence[Alert], groups: Sequence[Group]) -> str:
    """As "Medium · 24 alerts: 12 × An IAM user was created by bob, and 3 more kinds"."""
    worst = max((alert.severity for alert in alerts), key=lambda severity: severity.rank)
    largest = max(groups, key=lambda group: len(group.alerts))
    title, actor = say(largest.first.title, TITLE), say(largest.first.actor, ACTOR)
    lead = f"{len(largest.alerts)} × {title} by {actor}"
    others = len(groups) - 1
    more = f", and {others} more {'kind' if others == 1 else 'kinds'}" if others else ""
    return f"*{word(worst)}* · {len(alerts)} alerts: {lead}{more}"


def attachment(
    alerts: Sequence[Alert], groups: Sequence[Group], most: int, public_url: str | None
) -> Json:
    """A line a group, the span of time, and the way to the list."""
    sections, text = [], ""
    for line in lines(groups, most):
        if len(text) + len(line) + 1 > SECTION:
            sections.append(section(text))
            text = ""
        text = f"{text}\n{line}" if text else line
    sections.append(section(text))
    times = sorted(alert.event_time for alert in alerts)
    links = buttons(("All alerts", page(public_url) if public_url else None))
    actions = [{"type": "actions", "elements": links}] if links else []
    where = _only_account(groups)
    span = context(f"{f'{where} · ' if where else ''}{date(times[0])} to {date(times[-1])}")
    colour = parts.COLOURS[groups[0].first.severity]
    return {"color": colour, "blocks": [*sections, span, *actions]}


def lines(groups: Sequence[Group], most: int) -> list[str]:
    """The groups a line each, and how many were left out."""
    one_account = bool(_only_account(groups))
    shown = [_line(group, one_account) for group in groups[:most]]
    rest = groups[most:]
    if rest:
        count = sum(len(group.alerts) for group in rest)
        shown.append(f"and {count} more alerts of {len(rest)} more kinds")
    return shown


def _only_account(groups: Sequence[Group]) -> str:
    """The account that all of it happened in, "" where there are several."""
    numbers = {group.first.account_id for group in groups}
    return parts.account(groups[0].first) if len(numbers) == 1 else ""


def _line(group: Group, one_account: bool) -> str:
    first = group.first
    names = list(dict.fromkeys(alert.event_name for alert in group.alerts if alert.event_name))
    operations = ", ".join(code(name, NAME) for name in names[:OPERATIONS])
    more = f" and {len(names) - OPERATIONS} more" if len(names) > OPERATIONS else ""
    told = [
        f"*{len(group.alerts)} ×* {say(first.title, TITLE)}",
        say(first.actor, ACTOR),
        "" if one_account else parts.account(first),
        f"{operations}{more}",
    ]
    return " · ".join(piece for piece in told if piece)


def _rank(group: Group) -> int:
    return max(alert.severity.rank for alert in group.alerts)
