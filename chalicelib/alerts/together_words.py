"""What came together in words: one sentence for headline, list and page (pure)."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby

from chalicelib.alerts.members import Said
from chalicelib.alerts.together import Together
from chalicelib.cloudtrail.naming import short
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.cloudtrail.texts import one_line
from chalicelib.rules.correlation import CorrelationType
from chalicelib.rules.rule import Rule

LONGEST, SHOWN_VALUES, SHOWN_STEPS = 400, 3, 5
_UNITS = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def sentence(rule: Rule, together: Together, common: Said) -> str:
    """Who did what how often, what came of it, and within how long. When it was stands beside it
    wherever it is shown, in the reader's zone.
    """
    if together.kind in _OF_MANY:
        words = _OF_MANY[together.kind].format(rule=rule.id, count=_number(together))
        words += _values(together)
    elif together.kind == CorrelationType.NEW_TERMS.value:
        days = rule.correlation.history if rule.correlation else 0
        words = (
            f"{_who(common)}{', '.join(together.values)} was not seen in the {days} days before"
            f"{_doing(common)}, at {_when(together.first)}"
        )
    else:
        words = _who(common) + _counted(together, common)
    return one_line(words, LONGEST)


def span(together: Together) -> str:
    """How long it took from the first to the last: "9 min 12 s"."""
    seconds = int((together.last - together.first) / timedelta(seconds=1))
    if not seconds:
        return "one second"
    parts = []
    for size, unit in _UNITS:
        many, seconds = divmod(seconds, size)
        if many:
            parts.append(f"{many} {unit}")
    return " ".join(parts[:2])


_OF_MANY = {
    "learning": "rule {rule} learns what is usual: it would have told of {count} first sights",
    "digest": "{count} more first sights within an hour than are told alone, by rule {rule}",
    "overflow": "{count} records in more groups than are counted one by one, by rule {rule}",
}


# What came of all of them, where it is the same.
_CAME = {
    Outcome.REFUSED.value: ", all refused,",
    Outcome.FAILED.value: ", all failed,",
    Outcome.DRY_RUN.value: ", all dry runs,",
    Outcome.UNKNOWN.value: ", outcomes not known,",
}


def _counted(together: Together, common: Said) -> str:
    of = f" of {common.group}" if common.group and common.group not in _elsewhere(common) else ""
    what = f"{_number(together)} × {common.event_name or 'calls'}"
    if together.kind == CorrelationType.TEMPORAL_ORDERED.value and not common.event_name:
        what = _in_order(together)
    came = _CAME.get(common.outcome, "")
    return f"{what}{of}{came} within {span(together)}{_values(together)}"


def _in_order(together: Together) -> str:
    """The operations one after the other, each as often as it changes."""
    operations = [met.operation for met in together.members]
    changes = [name for name, _ in groupby(operations)]
    more = " and more" if len(changes) > SHOWN_STEPS else ""
    return " then ".join(changes[:SHOWN_STEPS]) + more


def _values(together: Together) -> str:
    if not together.values:
        return ""
    shown = ", ".join(map(short, together.values[:SHOWN_VALUES]))
    more = together.distinct - min(len(together.values), SHOWN_VALUES)
    others = f" and {more} more" if more > 0 else ""
    return f", {together.distinct} different: {shown}{others}"


def _number(together: Together) -> str:
    return f"{together.count:,}" + (" or more" if together.more else "")


def _who(common: Said) -> str:
    return f"{common.actor}: " if common.actor else ""


def _doing(common: Said) -> str:
    return f" ({common.event_name})" if common.event_name else ""


def _elsewhere(common: Said) -> tuple[str, ...]:
    """What a sentence or the facts below it say anyway."""
    return common[2:]


def _when(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S} UTC"
