"""What every proof needs: its size, its figure, and how to count in the journal."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.post import Post
from chalicelib.rules.rule import Severity
from chalicelib.slack.message import Look, composer
from tests.delivery.world import alert

FULL = os.environ.get("TRAILBELL_SOAK") == "1"
BELOW = (Severity.MEDIUM, Severity.LOW, Severity.INFO)

Entry = dict[str, Any]


def size(quick: int, full: int) -> int:
    """How many: in `make test`, and in `make soak`."""
    return full if FULL else quick


def figure(name: str, **values: Any) -> None:
    """Print what was measured, one JSON object a line."""
    print(json.dumps({"proof": name, "full": FULL, **values}))


def annotated(
    post: Post, alerts: Sequence[Alert], *, form: int, possible_repeat: bool
) -> dict[str, Any]:
    """The real message, with what the journal is counted by: Slack is told no alert's id."""
    payload = composer(Look())(post, alerts, form=form, possible_repeat=possible_repeat)
    return {**payload, "alerts": list(post.alert_ids)}


def mixed(count: int, first: int = 0, **changes: Any) -> list[Alert]:
    """Alerts in the mix of a busy day: of 1,000, 3 critical, 17 high, 980 below."""
    return [alert(number, _severity(number), **changes) for number in range(first, first + count)]


def _severity(number: int) -> Severity:
    at = number * 7919 % 1000  # spread over the thousand, each place once
    if at < 3:
        return Severity.CRITICAL
    return Severity.HIGH if at < 20 else BELOW[at % len(BELOW)]


def posts(journal: Iterable[Entry]) -> list[Entry]:
    """The messages that Slack took, whether it said so or not."""
    return [entry for entry in journal if entry["taken"] and entry["method"] == "chat.postMessage"]


def told(journal: Iterable[Entry]) -> set[str]:
    """The alerts that some message or update of a message carries."""
    taken = (e for e in journal if e["taken"] and e["method"] != "conversations.history")
    return {alert_id for entry in taken for alert_id in entry["payload"]["alerts"]}


def carried(entry: Entry) -> list[str]:
    """The alerts that a request carries; a look at the history carries none."""
    alerts: list[str] = entry["payload"].get("alerts", [])
    return alerts


def repeated_alerts(journal: Iterable[Entry]) -> set[str]:
    """The alerts that more than one message carries."""
    times = Counter(alert_id for entry in posts(journal) for alert_id in carried(entry))
    return {alert_id for alert_id, count in times.items() if count > 1}


def missing(journal: Iterable[Entry], alerts: Iterable[Alert]) -> int:
    """How many alerts no message carries."""
    return len({each.alert_id for each in alerts} - told(journal))


def repeats(journal: Iterable[Entry]) -> tuple[int, int]:
    """How many messages told something again, and how many of them did not say so."""
    seen: Counter[str] = Counter()
    repeated = unmarked = 0
    for entry in posts(journal):
        again = any(seen[alert_id] for alert_id in entry["payload"]["alerts"])
        repeated += again
        unmarked += again and "[possible repeat]" not in entry["payload"]["text"]
        seen.update(entry["payload"]["alerts"])
    return repeated, unmarked


def told_at(journal: Iterable[Entry], alerts: Iterable[Alert]) -> float:
    """When the last of these alerts was told, in the clock's seconds."""
    first: dict[str, float] = {}
    for entry in posts(journal):
        for alert_id in entry["payload"]["alerts"]:
            first.setdefault(alert_id, entry["at"])
    return max(first[each.alert_id] for each in alerts)


def most_in(times: Sequence[float], seconds: float) -> int:
    """The most requests in any span of so many seconds."""
    most, start = 0, 0
    for end, time in enumerate(times):
        while time - times[start] >= seconds:
            start += 1
        most = max(most, end - start + 1)
    return most
