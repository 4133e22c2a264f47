"""Many alerts as one message: by rule, actor and account, with true counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from chalicelib.alerts.alert import Alert
from chalicelib.rules.rule import Severity
from chalicelib.slack import parts
from chalicelib.slack.addresses import buttons, page
from chalicelib.slack.mrkdwn import code, date, say
from chalicelib.slack.parts import Json, context, section, word

MOST_LINES = 25
TITLE, ACTOR, NAME, OPERATIONS, SENTENCE = 90, 60, 40, 3, 160
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
    return sorted(found, key=lambda group: (-_severity(group).rank, -len(group.alerts)))


def headline(alerts: Sequence[Alert], groups: Sequence[Group]) -> str:
    """As "Medium · 24 alerts: 12 × An IAM user was created (bob), and 3 more kinds".

    The severity is that of the kind which is named: the largest of the most severe. A kind of one
    alert stands with its sentence.
    """
    named = groups[0]
    title, actor = say(named.first.title, TITLE), say(named.first.actor, ACTOR)
    lead = f"{len(named.alerts)} × {title} ({actor})"
    if len(named.alerts) == 1:
        lead = parts.sentence(named.first, SENTENCE)
    others = len(groups) - 1
    more = f", and {others} more {'kind' if others == 1 else 'kinds'}" if others else ""
    return f"*{word(_severity(named))}* · {len(alerts)} alerts: {lead}{more}"


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
    colour = parts.COLOURS[_severity(groups[0])]
    return {"color": colour, "blocks": [*sections, span, *actions]}


def lines(groups: Sequence[Group], most: int) -> list[str]:
    """A line a group, under its severity where there are several, and how many were left out."""
    one_account = bool(_only_account(groups))
    mixed = len({_severity(group) for group in groups}) > 1
    shown: list[str] = []
    for severity, alike in groupby(groups[:most], key=_severity):
        heading = [f"*{word(severity)}*"] if mixed else []
        shown += [*heading, *(_line(group, one_account) for group in alike)]
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
    alone = len(group.alerts) == 1
    pieces = [
        f"*{len(group.alerts)} ×* {say(first.title, TITLE)}",
        parts.sentence(first, SENTENCE) if alone else say(first.actor, ACTOR),
        "" if one_account else parts.account(first),
        "" if alone else _operations(group),
    ]
    return " · ".join(piece for piece in pieces if piece)


def _operations(group: Group) -> str:
    names = list(dict.fromkeys(alert.event_name for alert in group.alerts if alert.event_name))
    more = f" and {len(names) - OPERATIONS} more" if len(names) > OPERATIONS else ""
    return ", ".join(code(name, NAME) for name in names[:OPERATIONS]) + more


def _severity(group: Group) -> Severity:
    return max((alert.severity for alert in group.alerts), key=lambda severity: severity.rank)
