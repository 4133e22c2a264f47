"""Deliveries, posts and channels as flat rows of text and whole numbers, for both stores.

Times are microseconds since 1970 UTC, a severity is its rank.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Protocol

from chalicelib.alerts.channel import Channel
from chalicelib.alerts.delivery import FINISHED, Delivery, DeliveryState
from chalicelib.alerts.post import Post, PostKind
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.stores.encoding import severity_of
from chalicelib.stores.plain import from_micros, micros, storable

# Where a delivery is still to be sent.
UNFINISHED = tuple(state for state in DeliveryState if state not in FINISHED)
# Of a delivery what its alert says.
_JUDGED = ("severity", "rule_id", "actor", "event_name", "account_id", "repeat_key", "outcome",
           "principal", "targets", "handled", "notice", "about")  # fmt: skip
# Of a delivery what hides it.
_MUTED = ("mute_id", "muted_up_to")
_CHANNEL_TIMES = ("next_send_at", "next_update_at", "since")


class Row(Protocol):
    """What sqlite3.Row and dict have in common."""

    def __getitem__(self, key: str, /) -> Any: ...


def delivery_row(delivery: Delivery) -> dict[str, Any]:
    return {
        "alert_id": delivery.alert_id,
        "channel": delivery.channel,
        "state": delivery.state.value,
        "due_at": micros(delivery.due_at),
        "severity": delivery.severity.rank,
        "rule_id": delivery.rule_id,
        "actor": storable(delivery.actor),
        "event_name": storable(delivery.event_name),
        "account_id": storable(delivery.account_id),
        "repeat_key": delivery.repeat_key,
        "outcome": None if delivery.outcome is None else delivery.outcome.value,
        "principal": storable(delivery.principal),
        "targets": json.dumps([storable(target) for target in delivery.targets]),
        "attempts": delivery.attempts,
        "plain": delivery.form,
        "possible_repeat": int(delivery.possible_repeat),
        "amended": int(delivery.amended),
        "post_id": delivery.post_id,
        "reason": _storable(delivery.reason),
        "handled": int(delivery.handled),
        "notice": delivery.notice or None,
        "about": delivery.about or None,
        "mute_id": delivery.mute_id or None,
        "muted_up_to": None if delivery.muted_up_to is None else delivery.muted_up_to.rank,
    }


def delivery_from(row: Row) -> Delivery:
    return Delivery(
        alert_id=row["alert_id"],
        channel=row["channel"],
        state=DeliveryState(row["state"]),
        due_at=from_micros(row["due_at"]),
        severity=severity_of(row["severity"]),
        rule_id=row["rule_id"],
        actor=row["actor"],
        event_name=row["event_name"],
        account_id=row["account_id"],
        repeat_key=row["repeat_key"] or _repeat_key_before(row),
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        principal=row["principal"] or "",
        targets=_texts(row["targets"]),
        attempts=row["attempts"],
        form=row["plain"],
        possible_repeat=bool(row["possible_repeat"]),
        amended=bool(row["amended"]),
        post_id=row["post_id"],
        reason=row["reason"],
        handled=bool(row["handled"]),
        notice=row["notice"] or "",
        about=row["about"] or "",
        mute_id=row["mute_id"] or "",
        muted_up_to=None if row["muted_up_to"] is None else severity_of(row["muted_up_to"]),
    )


def corrected_row(delivery: Delivery) -> dict[str, Any]:
    """What a correction may change of a delivery."""
    row = delivery_row(delivery)
    return {name: row[name] for name in (*_JUDGED, "state", "due_at", "amended", *_MUTED)}


def settled_row(delivery: Delivery) -> dict[str, Any]:
    """What a request may change of a delivery: the rest is as its alert was last written."""
    return {name: each for name, each in delivery_row(delivery).items() if name not in _JUDGED}


def post_row(post: Post) -> dict[str, Any]:
    return {
        "post_id": post.post_id,
        "channel": post.channel,
        "kind": post.kind.value,
        "alert_ids": json.dumps(post.alert_ids),
        "attempted_at": micros(post.attempted_at),
        "outcome": _storable(post.outcome),
        "settled": int(post.settled),
        "ts": post.ts,
        "channel_id": post.channel_id,
        "repeat_key": _storable(post.repeat_key),
        "repeats": post.repeats,
        "also": json.dumps([storable(text) for text in post.also]),
        "digest": json.dumps(post.digest) if post.digest else None,
        "thread_ts": post.thread_ts,
    }


def post_from(row: Row) -> Post:
    return Post(
        post_id=row["post_id"],
        channel=row["channel"],
        kind=PostKind(row["kind"]),
        alert_ids=tuple(json.loads(row["alert_ids"])),
        attempted_at=from_micros(row["attempted_at"]),
        outcome=row["outcome"],
        settled=bool(row["settled"]),
        ts=row["ts"],
        channel_id=row["channel_id"],
        repeat_key=row["repeat_key"],
        repeats=row["repeats"],
        also=_texts(row["also"]),
        digest=_texts(row["digest"]),
        thread_ts=row["thread_ts"],
    )


def channel_row(channel: Channel) -> dict[str, Any]:
    """Its lock in columns, the rest as JSON in `state`."""
    state: dict[str, Any] = {
        "burst_left": channel.burst_left,
        "alone": channel.alone,
        "trouble": channel.trouble,
        "reason": channel.reason,
        "channel_id": channel.channel_id,
        "pause": channel.pause,
        "failures": channel.failures,
        "calm_in": channel.calm_in,
        "credential": channel.credential,
    }
    state |= {name: _optional_micros(getattr(channel, name)) for name in _CHANNEL_TIMES}
    return {
        "name": channel.name,
        "owner": channel.owner,
        "leased_until": _optional_micros(channel.leased_until),
        "state": json.dumps(state),
    }


def channel_from(row: Row) -> Channel:
    state: dict[str, Any] = json.loads(row["state"])
    state |= {name: _optional_time(state[name]) for name in _CHANNEL_TIMES}
    state["alone"] = tuple(state["alone"])
    return Channel(
        name=row["name"],
        owner=row["owner"],
        leased_until=_optional_time(row["leased_until"]),
        **state,
    )


def _repeat_key_before(row: Row) -> str:
    """As a delivery that was kept without its key had it: posts made then are found by it."""
    names = ("rule_id", "actor", "event_name", "account_id")
    return "\x1f".join(row[name] for name in names)


def _texts(packed: str | None) -> tuple[str, ...]:
    """Texts; none where a row was written before there were such."""
    return tuple(json.loads(packed)) if packed else ()


def _storable(text: str | None) -> str | None:
    return None if text is None else storable(text)


def _optional_micros(time: datetime | None) -> int | None:
    return None if time is None else micros(time)


def _optional_time(value: int | None) -> datetime | None:
    return None if value is None else from_micros(value)


# What a channel is before anything was sent to it.
NEW_CHANNEL = channel_row(Channel(name=""))["state"]
