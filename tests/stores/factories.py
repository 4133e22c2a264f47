"""Alerts, deliveries and posts of our own making."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.archive import AlertQuery
from chalicelib.alerts.channel import Channel, Claim
from chalicelib.alerts.delivery import Delivery, DeliveryState, deliveries_of
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.alerts.post import Post, PostKind
from chalicelib.cloudtrail.record import alert_id_of
from chalicelib.rules.rule import Severity
from chalicelib.stores.store import Store

FAR = datetime(2099, 1, 1, tzinfo=UTC)  # by then every lease has ended
NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)
SECURITY = "#security"


def alert(number: int = 1, **changes: Any) -> Alert:
    """The alert of event `number`, one minute older than that of the number before."""
    time = NOW - timedelta(minutes=number)
    values = Alert(
        alert_id=alert_id_of("111122223333", f"event-{number}"),
        rule_id="trail-stopped",
        rule_ids=("trail-stopped", "trail-changed"),
        severity=Severity.HIGH,
        title="A trail was stopped",
        text="alice stopped the trail example",
        event_id=f"event-{number}",
        event_name="StopLogging",
        event_source="cloudtrail.amazonaws.com",
        account_id="111122223333",
        account_name="production",
        aws_region="eu-central-1",
        actor="alice",
        actor_type="IAMUser",
        actor_id="AIDAEXAMPLE",
        via="console",
        source_ip="192.0.2.10",
        user_agent="Mozilla/5.0",
        event_time=time,
        seen_at=time + timedelta(seconds=30),
        error_code="",
        error_message="",
        mfa=False,
        read_only=False,
        resources=("arn:aws:cloudtrail:eu-central-1:111122223333:trail/example",),
        channels=(SECURITY,),
        record={"eventID": f"event-{number}", "eventName": "StopLogging"},
    )
    return replace(values, **changes)


def delivery(of: Alert, channel: str = SECURITY, **changes: Any) -> Delivery:
    """A delivery that is PENDING and due since the alert was seen."""
    (values,) = deliveries_of(replace(of, channels=(channel,)), of.seen_at)
    return replace(values, **changes)


def stored(of: Alert, **changes: Any) -> StoredAlert:
    """The alert with a delivery to each of its channels."""
    return StoredAlert(
        alert=of, deliveries=tuple(delivery(of, name, **changes) for name in of.channels)
    )


def post(*alerts: Alert, **changes: Any) -> Post:
    """A post about to be made for these alerts."""
    ids = tuple(item.alert_id for item in alerts)
    values = Post(
        post_id=alert_id_of("post", " ".join(ids)),
        channel=SECURITY,
        kind=PostKind.SINGLE if len(ids) == 1 else PostKind.DIGEST,
        alert_ids=ids,
        attempted_at=NOW,
        repeat_key=delivery(alerts[0]).repeat_key if len(ids) == 1 else None,
    )
    return replace(values, **changes)


def held(store: Store, name: str = SECURITY, owner: str = "lambda-1") -> Channel:
    """The channel, claimed for a minute."""
    claim = store.queue.claim(name, owner, NOW + timedelta(minutes=1))
    assert claim is not None
    return claim.channel


def taken(store: Store, name: str = SECURITY, owner: str = "two") -> Claim | None:
    """The channel, taken over from whoever holds it, as after a whole lease."""
    lease = next((each.lease for each in channels(store) if each.name == name), None)
    return store.queue.claim(name, owner, FAR, lease)


def channels(store: Store) -> list[Channel]:
    """Every channel, by name."""
    return list(store.archive.backlog(NOW).channels)


def unsettled(store: Store, name: str) -> list[Post]:
    """What the next holder of the channel will have to settle."""
    claim = taken(store, name, "the next")
    assert claim is not None
    store.queue.save(replace(claim.channel, leased_until=None))
    return list(claim.unsettled)


def begun(store: Store, about: Post, channel: Channel) -> bool:
    """Whether the post could be begun."""
    return store.queue.begin(about, channel, ()) is not None


def tell(
    store: Store,
    alerts: Sequence[Alert],
    state: DeliveryState = DeliveryState.SENT,
    **changes: Any,
) -> Post:
    """Begin and settle one post for these alerts; the post as it was settled."""
    began = post(*alerts)
    assert begun(store, began, held(store))
    at = changes.get("attempted_at", NOW)
    ts = f"{at.timestamp():.0f}.{alerts[0].event_id}"
    outcome: dict[str, Any] = {"outcome": "sent", "settled": True, "ts": ts}
    ended = replace(began, **outcome | changes)
    found = store.queue.deliveries(ended.alert_ids, ended.channel)
    store.queue.settle(ended, [replace(item, state=state) for item in found])
    return ended


def query_of(**filters: Any) -> AlertQuery:
    """A query for one value of each filter, or for several where a tuple is given."""
    single = ("since", "until", "acknowledged", "text")
    values: dict[str, Any] = {
        name: value if name in single or isinstance(value, tuple) else (value,)
        for name, value in filters.items()
    }
    return AlertQuery(**values)
