"""Health: how Trailbell itself is doing, in a colour and in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from chalicelib.alerts.archive import Backlog
from chalicelib.alerts.channel import DESTINATION, Channel
from chalicelib.alerts.outbox import AlertStore, StoreError
from chalicelib.monitoring.coverage import DEAF, LATE, LATE_AFTER, clock

SEEN = "seen"
SWEPT = "swept"
CHECKED = "checked"
UNREADABLE = "unreadable"
# An outage that lasts, and a sweep that should have come every minute.
LASTING = timedelta(minutes=15)
SWEEP_MISSING_AFTER = timedelta(minutes=5)
# How long it is told that records could not be read.
UNREADABLE_TOLD_FOR = timedelta(hours=24)

# What a person does about Slack's refusals. Source: the errors of Slack's chat.postMessage.
_BOT = " Give SLACK_TOKEN the bot token of an app that is installed in the workspace."
_WHERE = " Check SLACK_CHANNEL; a private channel shows only to its members."
NEXT_STEPS = {
    "invalid_auth": _BOT,
    "not_authed": _BOT,
    "token_revoked": _BOT,
    "token_expired": _BOT,
    "account_inactive": _BOT,
    "missing_scope": " Give the app the scope chat:write and install it again.",
    "channel_not_found": _WHERE,
    "is_archived": _WHERE,
    "not_in_channel": " Invite the app: type /invite and its name in the channel.",
}
_NOTHING_LOST = " Nothing is lost; it is tried again every {}."
_AWAY = " Is Slack well (https://slack-status.com)? If so, check SLACK_API_URL and the way out."
_NO_SWEEP = " It comes every minute, by EventBridge's schedule or `make run`; its log says why."

NOTES = (DEAF, SEEN, SWEPT, CHECKED, UNREADABLE)


class Status(Enum):
    """All is well; something to know; something to do."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The status, why in words (empty when green), and the details that a token shows."""

    status: Status
    words: tuple[str, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)


def health(store: AlertStore, now: datetime, *, rules_error: str | None = None) -> Health:
    """How it goes, from what the store keeps. Never raises: a store that fails is red."""
    red = [f"The rules cannot be loaded: {rules_error}"] if rules_error else []
    try:
        backlog = store.backlog(now)
        notes = {key: store.noted(key) or {} for key in NOTES}
    except StoreError as error:
        return Health(status=Status.RED, words=(*red, f"The store does not answer: {error}"))
    red += _red(backlog, notes, now)
    amber = _amber(backlog, notes, now)
    status = Status.RED if red else Status.AMBER if amber else Status.GREEN
    return Health(status=status, words=(*red, *amber), details=_details(backlog, notes, now))


def seen(store: AlertStore, now: datetime, records: int, unreadable: int = 0) -> None:
    """Note that records came in, and how many of them could not be read."""
    at = now.isoformat()
    store.note(SEEN, {"at": at, "records": records})
    if unreadable:
        store.note(UNREADABLE, {"at": at, "records": unreadable})


def _red(backlog: Backlog, notes: Mapping[str, Mapping[str, Any]], now: datetime) -> list[str]:
    words = [_trouble(channel) for channel in backlog.channels if _is_red(channel, now)]
    # Of late alerts the backlog itself knows best.
    deaf = notes[DEAF].get("reasons", {})
    words += [reason["text"] for code, reason in deaf.items() if code != LATE]
    swept = _time(notes[SWEPT].get("at"))
    if backlog.oldest_due and now - backlog.oldest_due > LATE_AFTER:
        unswept = "" if swept else f" No sweep has run yet.{_NO_SWEEP}"
        words.append(f"An alert has been waiting since {clock(backlog.oldest_due)}.{unswept}")
    if swept and now - swept > SWEEP_MISSING_AFTER:
        words.append(f"The sweep has not run since {clock(swept)}.{_NO_SWEEP}")
    return words


def _amber(backlog: Backlog, notes: Mapping[str, Mapping[str, Any]], now: datetime) -> list[str]:
    words = [
        _trouble(channel)
        for channel in backlog.channels
        if channel.trouble and not _is_red(channel, now)
    ]
    if backlog.uncertain:
        words.append(f"Of {_alerts(backlog.uncertain)} nobody knows yet whether Slack took it.")
    if backlog.parked:
        words.append(
            f"{_alerts(backlog.parked)} parked, refused by Slack in every form:"
            " `trailbell.py parked` lists them and sends them again."
        )
    unread = notes[UNREADABLE]
    at = _time(unread.get("at"))
    if at and now - at < UNREADABLE_TOLD_FOR:
        words.append(
            f"Of the records that came at {clock(at)}, {unread['records']} could not be read:"
            ' the log\'s lines "unreadable record" say why. The others were told.'
        )
    if unasked := notes[CHECKED].get("error"):
        words.append(f"Whether CloudTrail still reaches us cannot be asked: {unasked}.")
    return words


def _is_red(channel: Channel, now: datetime) -> bool:
    lasting = channel.since is not None and now - channel.since > LASTING
    return channel.trouble == DESTINATION or (channel.trouble is not None and lasting)


def _trouble(channel: Channel) -> str:
    since = f" since {clock(channel.since)}" if channel.since else ""
    if channel.trouble == DESTINATION:
        step = NEXT_STEPS.get((channel.reason or "").split(":")[0], "")
        step += _NOTHING_LOST.format("five minutes")
        return f"Slack refuses {channel.name}{since}: {channel.reason}.{step}"
    step = _NOTHING_LOST.format("minute") + _AWAY
    return f"Slack cannot be reached for {channel.name}{since}: {channel.reason}.{step}"


def _details(
    backlog: Backlog, notes: Mapping[str, Mapping[str, Any]], now: datetime
) -> dict[str, Any]:
    oldest = backlog.oldest_due
    return {
        "pending": backlog.pending,
        "uncertain": backlog.uncertain,
        "parked": backlog.parked,
        "oldest_due": oldest.isoformat() if oldest else None,
        "oldest_due_seconds": round((now - oldest).total_seconds()) if oldest else None,
        "channels": [_channel(channel) for channel in backlog.channels],
        "deaf": notes[DEAF].get("reasons", {}),
        "last_records_at": notes[SEEN].get("at"),
        "last_unreadable_at": notes[UNREADABLE].get("at"),
        "last_sweep_at": notes[SWEPT].get("at"),
        "delay_seconds": notes[SWEPT].get("delay"),
    }


def _channel(channel: Channel) -> dict[str, Any]:
    return {
        "name": channel.name,
        "trouble": channel.trouble,
        "reason": channel.reason,
        "since": channel.since.isoformat() if channel.since else None,
        "next_send_at": channel.next_send_at.isoformat() if channel.next_send_at else None,
    }


def _alerts(count: int) -> str:
    return "1 alert" if count == 1 else f"{count} alerts"


def _time(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None
