"""Seeded alerts of 90 days, made up by us, for the figures of the stores and of the API."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import accumulate
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.delivery import DeliveryState, deliveries_of
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.cloudtrail.record import alert_id_of
from chalicelib.rules.rule import Severity
from chalicelib.stores.store import Store

END = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)
DAYS = 90
CHANNEL = "#trailbell"
BATCH = 1000

_SERVICES = ("ec2", "s3", "iam", "rds", "signin", "lambda", "kms", "cloudtrail", "sts", "logs")
_VERBS = ("Create", "Delete", "Put", "Update", "Attach", "Detach", "Run", "Stop", "Modify", "Tag")
_NOUNS = ("Instances", "Bucket", "Role", "Policy", "Function", "Key", "User", "Subnet", "Trail")
NAMES = tuple(verb + noun for verb in _VERBS for noun in _NOUNS)
_WEIGHTS = (40, 30, 20, 8, 2)  # info to critical


def zipf(count: int) -> list[float]:
    """Cumulative weights of a few busy ones and a long tail."""
    return list(accumulate(1 / (rank + 1) for rank in range(count)))


def alerts(count: int, seed: int = 7) -> Iterator[StoredAlert]:
    """Seeded alerts, oldest first, evenly over the days; all but the last 20 are told."""
    chance = random.Random(seed)
    people = [f"{word}.{number}" for number in range(500) for word in ("dev", "ops", "ci", "admin")]
    weights = {"people": zipf(len(people)), "names": zipf(len(NAMES)), "accounts": zipf(20)}
    step = timedelta(days=DAYS) / count
    for number in range(count):
        alert = _alert(number, END - step * (count - number), chance, people, weights)
        state = DeliveryState.SENT if number < count - 20 else DeliveryState.PENDING
        if chance.random() < 0.0001:
            state = DeliveryState.PARKED
        (delivery,) = deliveries_of(alert, alert.seen_at)
        yield StoredAlert(alert=alert, deliveries=(replace(delivery, state=state),))


def _alert(
    number: int,
    moment: datetime,
    chance: random.Random,
    people: list[str],
    weights: dict[str, list[float]],
) -> Alert:
    (actor,) = chance.choices(people, cum_weights=weights["people"])
    (name,) = chance.choices(NAMES, cum_weights=weights["names"])
    (account,) = chance.choices(range(20), cum_weights=weights["accounts"])
    (severity,) = chance.choices(tuple(Severity), weights=_WEIGHTS)
    service = _SERVICES[NAMES.index(name) % len(_SERVICES)]
    account_id = f"{111122220000 + account}"
    resource = f"arn:aws:{service}:eu-central-1:{account_id}:thing/{chance.getrandbits(48):012x}"
    record = _record(number, moment, actor, name, service, account_id, resource, chance)
    return Alert(
        alert_id=alert_id_of(account_id, record["eventID"]),
        rule_id=f"{service}-{severity.value}",
        rule_ids=(f"{service}-{severity.value}",),
        severity=severity,
        title=f"A change in {service} worth knowing",
        text=f"{actor} called {name} in {service}",
        event_id=record["eventID"],
        event_name=name,
        event_source=f"{service}.amazonaws.com",
        account_id=account_id,
        account_name=f"account {account}",
        aws_region="eu-central-1",
        actor=actor,
        actor_type="IAMUser",
        actor_id="AIDAEXAMPLE",
        via="console",
        source_ip=record["sourceIPAddress"],
        user_agent=record["userAgent"],
        event_time=moment.replace(microsecond=0),
        seen_at=moment + timedelta(minutes=5),
        error_code="",
        error_message="",
        mfa=True,
        read_only=False,
        resources=(resource,),
        channels=(CHANNEL,),
        record=record,
    )


def _record(
    number: int,
    moment: datetime,
    actor: str,
    name: str,
    service: str,
    account_id: str,
    resource: str,
    chance: random.Random,
) -> dict[str, Any]:
    identifier = f"{chance.getrandbits(64):016x}-{number:08d}"
    return {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "IAMUser",
            "principalId": "AIDAEXAMPLE",
            "arn": f"arn:aws:iam::{account_id}:user/{actor}",
            "accountId": account_id,
            "userName": actor,
            "sessionContext": {"attributes": {"mfaAuthenticated": "true"}},
        },
        "eventTime": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "awsRegion": "eu-central-1",
        "sourceIPAddress": f"192.0.2.{chance.randrange(256)}",
        "userAgent": "aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux#6.8 lang/python#3.13",
        "requestParameters": {"resource": resource, "token": f"{chance.getrandbits(256):x}"},
        "responseElements": {"requestId": identifier, "return": True},
        "requestID": identifier,
        "eventID": identifier,
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": account_id,
        "eventCategory": "Management",
    }


def fill(store: Store, count: int) -> float:
    """Keep that many alerts; the seconds it took, their making left out."""
    spent, batch = 0.0, list[StoredAlert]()
    for stored in alerts(count):
        batch.append(stored)
        if len(batch) == BATCH:
            spent += seconds_of(partial(store.outbox.add, batch, END))
            batch = []
    return spent + seconds_of(partial(store.outbox.add, batch, END))


def seconds_of(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
