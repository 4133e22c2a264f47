"""What a rule over time saw come together, below a message's headline."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.together import MOST_VALUES, Together
from chalicelib.alerts.together_words import span
from chalicelib.slack.mrkdwn import code, date

VALUE = 80


def line(alert: Alert) -> list[str]:
    """How many, within how long, the different values, the first and the last; nothing where the
    alert is of one record.
    """
    return [" · ".join(_parts(alert.together))] if alert.together else []


def _parts(together: Together) -> Iterator[str]:
    if together.kind == "new_terms":
        yield "first seen " + date(together.first)
    else:
        many = f"{together.count:,}" + (" or more" if together.more else "")
        yield f"{many} within {span(together)}"
        yield f"first {date(together.first)}, last {date(together.last)}"
    if together.values:
        yield f"{together.distinct:,} different: {_values(together)}"


def _values(together: Together) -> str:
    shown = ", ".join(code(value, VALUE) for value in together.values[:MOST_VALUES])
    more = together.distinct - len(together.values)
    return shown + (f" and {more:,} more" if more > 0 else "")
