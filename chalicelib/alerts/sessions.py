"""Sessions: what one principal did at one sitting, put together from its alerts (pure).

Temporary credentials say when their session began: alerts that say the same are of one. Of an
access key it is one session as long as it does not rest for half a day; of what shows neither, such
as a sign-in, as long as one address does not rest for an hour. A sign-in is part of the session
that begins at its address soon after it.

Source of `creationDate`: the CloudTrail user guide, "CloudTrail userIdentity element".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.alerts.alert import Alert
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.rules.rule import Severity

KEY_RESTS, ADDRESS_RESTS = timedelta(hours=12), timedelta(hours=1)
# From the sign-in to the first call of its session, which CloudTrail dates by itself.
SIGNED_IN = timedelta(minutes=15)
# As long as a session lasts at most. Source: the IAM user guide, "Methods to assume a role".
LONGEST = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class Session:
    """The alerts of one sitting, the oldest first, never none. Its id is that of the first."""

    alerts: tuple[Alert, ...]

    @property
    def id(self) -> str:
        """The id of its first alert; that of any other finds it too."""
        return self.alerts[0].alert_id

    @property
    def first(self) -> datetime:
        """When its first event was."""
        return self.alerts[0].event_time

    @property
    def last(self) -> datetime:
        """When its last event was."""
        return self.alerts[-1].event_time

    @property
    def refused(self) -> int:
        """How many of the calls were refused."""
        return sum(each.outcome is Outcome.REFUSED for each in self.alerts)

    @property
    def highest(self) -> Severity:
        """The most severe of its alerts."""
        return max((each.severity for each in self.alerts), key=lambda each: each.rank)

    @property
    def addresses(self) -> tuple[str, ...]:
        """From where, in order."""
        return tuple(dict.fromkeys(each.source_ip for each in self.alerts if each.source_ip))


def who(alert: Alert) -> tuple[str, str]:
    """Whose alert it is: the account, and the principal where that is known."""
    return alert.account_id, alert.principal or alert.actor


def sessions_of(alerts: Iterable[Alert]) -> list[Session]:
    """The sessions that the alerts are of, the latest first."""
    by_whom: dict[tuple[str, str], list[Alert]] = defaultdict(list)
    for alert in sorted(alerts, key=lambda each: (each.event_time, each.alert_id)):
        by_whom[who(alert)].append(alert)
    found = [group for own in by_whom.values() for group in _joined(_groups(own))]
    made = [Session(tuple(sorted(group, key=lambda each: each.event_time))) for group in found]
    return sorted(made, key=lambda each: (each.last, each.id), reverse=True)


def _groups(alerts: Iterable[Alert]) -> list[list[Alert]]:
    """Those that belong together by what their calls were signed with, or their address."""
    latest: dict[tuple[str, str], list[Alert]] = {}
    groups = []
    for alert in alerts:
        mark, rests = _mark(alert)
        group = latest.get(mark)
        if group is None or alert.event_time - group[-1].event_time > rests:
            group = latest[mark] = []
            groups.append(group)
        group.append(alert)
    return groups


def _mark(alert: Alert) -> tuple[tuple[str, str], timedelta]:
    if alert.session_began:
        return ("began", alert.session_began), LONGEST
    if alert.access_key:
        return ("key", alert.access_key), KEY_RESTS
    return ("address", alert.source_ip), ADDRESS_RESTS


def _joined(groups: list[list[Alert]]) -> list[list[Alert]]:
    """With what shows no credentials in the session that it came before, or lies in."""
    marked = [group for group in groups if _is_marked(group)]
    rest = [group for group in groups if not _is_marked(group)]
    for group in rest:
        home = next((each for each in marked if _is_part(group, each)), None)
        if home is None:
            marked.append(group)
        else:
            home.extend(group)
    return marked


def _is_marked(group: list[Alert]) -> bool:
    return bool(group[0].session_began or group[0].access_key)


def _is_part(group: list[Alert], home: list[Alert]) -> bool:
    """Whether it came from an address of the session, soon before it or until soon after it."""
    if not _is_marked(home) or group[0].source_ip not in {each.source_ip for each in home}:
        return False
    times = [each.event_time for each in home]
    return min(times) - SIGNED_IN <= group[0].event_time <= max(times) + ADDRESS_RESTS
