"""Many alerts as one message: by rule, outcome, principal and account, with true counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.delivery import UNDONE, flood_of
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.rules.rule import URGENT, Severity
from chalicelib.rules.titles import as_written, is_of_what_did_not_happen
from chalicelib.slack import parts
from chalicelib.slack.addresses import buttons, page
from chalicelib.slack.buttons import below
from chalicelib.slack.mrkdwn import code, date, say
from chalicelib.slack.parts import Json, context, section, word

TITLE, ACTOR, NAME, OPERATIONS, SENTENCE = 90, 60, 40, 3, 160
# Lines go into sections of at most so many characters; Slack's limit is 3,000.
SECTION = 2800
# Of one, and of several.
_CAME_TO = {
    Outcome.REFUSED: ("refused", "all refused"),
    Outcome.FAILED: ("failed", "all failed"),
    Outcome.DRY_RUN: ("dry run", "all dry runs"),
    Outcome.UNKNOWN: ("outcome not known", "outcomes not known"),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """How much a digest says: `lines` at most, those of high and critical groups aside, which are
    never cut; a `brief` line is only a count, what and who.
    """

    lines: int
    title: int = TITLE
    actor: int = ACTOR
    brief: bool = False


# Each shorter than the one before; of the last, 75 lines fit whatever they say.
SHAPES = (
    *(Shape(25), Shape(12), Shape(4)),
    *(Shape(1, 60, 40, brief=True), Shape(1, 35, 20, brief=True), Shape(1, 16, 10, brief=True)),
    Shape(1, 3, 2, brief=True),
)
SHORT = 2  # where those begin that are short from the start
PLAIN = (Shape(10), *SHAPES[SHORT:])


@dataclass(frozen=True, slots=True)
class Group:
    """Alerts of one rule by one principal in one account that came to the same."""

    alerts: tuple[Alert, ...]

    @property
    def first(self) -> Alert:
        """The one that speaks for all."""
        return self.alerts[0]

    @property
    def severity(self) -> Severity:
        """That of the most severe of them."""
        return max((alert.severity for alert in self.alerts), key=lambda severity: severity.rank)

    @property
    def actor(self) -> str:
        """Who it was; of several sessions of a workload its role."""
        names = {alert.actor for alert in self.alerts}
        principal = self.first.principal
        return principal[max(map(principal.rfind, "/:")) + 1 :] if len(names) > 1 else names.pop()


def grouped(alerts: Sequence[Alert]) -> list[Group]:
    """The most severe first; of one severity what was done before what was not, then the rare."""
    groups: dict[tuple[str, Outcome], list[Alert]] = {}
    for alert in alerts:
        groups.setdefault((flood_of(alert), alert.outcome), []).append(alert)
    return sorted((Group(tuple(group)) for group in groups.values()), key=_turn)


def headline(alerts: Sequence[Alert], groups: Sequence[Group]) -> str:
    """As "Medium · 24 alerts: 12 × A trail was stopped (all refused) · bob, and 3 more kinds".

    The severity is that of the kind which is named: the first. A kind of one alert stands with its
    sentence.
    """
    named = groups[0]
    lead = f"{len(named.alerts)} × {_title(named, TITLE)} · {say(named.actor, ACTOR)}"
    if len(named.alerts) == 1:
        lead = parts.sentence(named.first, SENTENCE)
    others = len(groups) - 1
    more = f", and {others} more {'kind' if others == 1 else 'kinds'}" if others else ""
    return f"*{word(named.severity)}* · {len(alerts)} alerts: {lead}{more}"


def attachment(
    alerts: Sequence[Alert],
    groups: Sequence[Group],
    shape: Shape,
    public_url: str | None,
    acting: bool = False,
) -> Json:
    """A line a group, the span of time, who handles it, and the way to the list; `acting` with the
    buttons that handle it as one, by its first alert.
    """
    sections, text = [], ""
    for line in lines(groups, shape):
        if len(text) + len(line) + 1 > SECTION:
            sections.append(section(text))
            text = ""
        text = f"{text}\n{line}" if text else line
    sections.append(section(text))
    times = sorted(alert.event_time for alert in alerts)
    links = buttons(("All alerts", page(public_url) if public_url else None))
    end = below(alerts[0], links, acting=acting, many=True)
    where = _only_account(groups)
    span = context(f"{f'{where} · ' if where else ''}{date(times[0])} to {date(times[-1])}")
    return {"color": parts.COLOURS[groups[0].severity], "blocks": [*sections, span, *end]}


def lines(groups: Sequence[Group], shape: Shape) -> list[str]:
    """A line a group, under its severity where there are several, and how many were left out."""
    one_account = bool(_only_account(groups))
    mixed = len({group.severity for group in groups}) > 1
    most = max(shape.lines, sum(group.severity in URGENT for group in groups))
    shown: list[str] = []
    for severity, alike in groupby(groups[:most], key=lambda group: group.severity):
        heading = [f"*{word(severity)}*"] if mixed else []
        shown += [*heading, *(_line(group, one_account, shape) for group in alike)]
    rest = groups[most:]
    if rest:
        count = sum(len(group.alerts) for group in rest)
        more = f"{count} more {'alert' if count == 1 else 'alerts'}"
        shown.append(f"and {more} of {len(rest)} more {'kind' if len(rest) == 1 else 'kinds'}")
    return shown


def _turn(group: Group) -> tuple[int, bool, int]:
    return -group.severity.rank, group.first.outcome in UNDONE, len(group.alerts)


def _only_account(groups: Sequence[Group]) -> str:
    """The account that all of it happened in, "" where there are several."""
    numbers = {group.first.account_id for group in groups}
    return parts.account(groups[0].first) if len(numbers) == 1 else ""


def _line(group: Group, one_account: bool, shape: Shape) -> str:
    first = group.first
    alone = len(group.alerts) == 1
    told = alone and not shape.brief
    pieces = [
        f"*{len(group.alerts)} ×* {_title(group, shape.title)}",
        parts.sentence(first, SENTENCE) if told else say(group.actor, shape.actor),
        "" if one_account or shape.brief else parts.account(first),
        "" if alone or shape.brief else _operations(group) + _things(group),
    ]
    return " · ".join(piece for piece in pieces if piece)


def _title(group: Group, limit: int) -> str:
    """The rule's title, and behind it what came of the calls, unless it says so itself: no cut
    takes that away.
    """
    title, outcome = group.first.title, group.first.outcome
    if is_of_what_did_not_happen(title, outcome):
        title = as_written(title, outcome)
    elif outcome not in _CAME_TO or len(title) <= limit:
        return say(title, limit)
    return f"{say(title, limit)} ({_CAME_TO[outcome][len(group.alerts) > 1]})"


def _things(group: Group) -> str:
    """On how many different things, or on which one: "" where they name none."""
    names = {alert.resources[0] for alert in group.alerts if alert.resources}
    if len(names) > 1:
        return f" on {len(names)} different ones"
    return f" on {parts.targets(group.first)}" if names and group.first.resources else ""


def _operations(group: Group) -> str:
    names = list(dict.fromkeys(alert.event_name for alert in group.alerts if alert.event_name))
    more = f" and {len(names) - OPERATIONS} more" if len(names) > OPERATIONS else ""
    return ", ".join(code(name, NAME) for name in names[:OPERATIONS]) + more
