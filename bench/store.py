"""The stores' figures, one JSON object a line: python -m bench.store [--alerts N] [--file PATH].

SQLite: pages and summaries over N alerts of 90 days (default 1,000,000), first and 100th page
of each filter, and the ingest of 1,000 alerts. DynamoDB, where an emulator answers at
AWS_ENDPOINT_URL: calls and time of the same ingest, and the read units of one page.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from itertools import accumulate
from pathlib import Path
from typing import Any

from chalicelib.alerts.alert import Alert, Delivery, DeliveryState
from chalicelib.alerts.dynamodb import DynamoAlertStore, table_definition
from chalicelib.alerts.outbox import AlertQuery, AlertStore, StoredAlert
from chalicelib.alerts.sqlite import SqliteAlertStore
from chalicelib.cloudtrail.record import alert_id_of
from chalicelib.rules.rule import Severity

END = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)
DAYS = 90
CHANNEL = "#trailbell"
LIMIT = 50
BATCH = 1000

_SERVICES = ("ec2", "s3", "iam", "rds", "signin", "lambda", "kms", "cloudtrail", "sts", "logs")
_VERBS = ("Create", "Delete", "Put", "Update", "Attach", "Detach", "Run", "Stop", "Modify", "Tag")
_NOUNS = ("Instances", "Bucket", "Role", "Policy", "Function", "Key", "User", "Subnet", "Trail")
_NAMES = tuple(verb + noun for verb in _VERBS for noun in _NOUNS)
_WEIGHTS = (40, 30, 20, 8, 2)  # info to critical


def zipf(count: int) -> list[float]:
    """Cumulative weights of a few busy ones and a long tail."""
    return list(accumulate(1 / (rank + 1) for rank in range(count)))


def alerts(count: int, seed: int = 7) -> Iterator[StoredAlert]:
    """Seeded alerts, oldest first, evenly over the days; all but the last 20 are told."""
    chance = random.Random(seed)
    people = [f"{word}.{number}" for number in range(500) for word in ("dev", "ops", "ci", "admin")]
    weights = {"people": zipf(len(people)), "names": zipf(len(_NAMES)), "accounts": zipf(20)}
    step = timedelta(days=DAYS) / count
    for number in range(count):
        alert = _alert(number, END - step * (count - number), chance, people, weights)
        state = DeliveryState.SENT if number < count - 20 else DeliveryState.PENDING
        if chance.random() < 0.0001:
            state = DeliveryState.PARKED
        yield StoredAlert(alert=alert, deliveries=(_delivery(alert, state),))


def _alert(
    number: int,
    moment: datetime,
    chance: random.Random,
    people: list[str],
    weights: dict[str, list[float]],
) -> Alert:
    (actor,) = chance.choices(people, cum_weights=weights["people"])
    (name,) = chance.choices(_NAMES, cum_weights=weights["names"])
    (account,) = chance.choices(range(20), cum_weights=weights["accounts"])
    (severity,) = chance.choices(tuple(Severity), weights=_WEIGHTS)
    service = _SERVICES[_NAMES.index(name) % len(_SERVICES)]
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


def _delivery(alert: Alert, state: DeliveryState) -> Delivery:
    return Delivery(
        alert_id=alert.alert_id,
        channel=CHANNEL,
        state=state,
        due_at=alert.seen_at,
        severity=alert.severity,
        rule_id=alert.rule_id,
        actor=alert.actor,
        event_name=alert.event_name,
        account_id=alert.account_id,
    )


def fill(store: AlertStore, count: int) -> float:
    """Keep that many alerts; the seconds it took, their making left out."""
    spent, batch = 0.0, list[StoredAlert]()
    for stored in alerts(count):
        batch.append(stored)
        if len(batch) == BATCH:
            spent += seconds_of(partial(store.add, batch, END))
            batch = []
    return spent + seconds_of(partial(store.add, batch, END))


def seconds_of(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def quantile(times: list[float], share: float) -> float:
    return sorted(times)[min(int(len(times) * share), len(times) - 1)]


def figure(name: str, value: float, unit: str, reference: float | None = None, n: int = 1) -> None:
    """Print one figure; `reference` is its bound or what it is measured against."""
    ratio = None if not reference else round(value / reference, 3)
    line = {"name": name, "value": round(value, 3), "unit": unit, "reference": reference}
    line |= {"ratio": ratio, "n": n, "python": platform.python_version(), "commit": commit()}
    print(json.dumps(line), flush=True)


@cache
def commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def queries() -> dict[str, AlertQuery]:
    """A busy and a rare value of every filter."""
    return {
        "all": AlertQuery(),
        "severity=info": AlertQuery(severity=Severity.INFO),
        "severity=critical": AlertQuery(severity=Severity.CRITICAL),
        "actor, busy": AlertQuery(actor="dev.0"),
        "actor, rare": AlertQuery(actor="admin.499"),
        "event_name, busy": AlertQuery(event_name=_NAMES[0]),
        "event_name, rare": AlertQuery(event_name=_NAMES[-1]),
        "account, busy": AlertQuery(account="111122220000"),
        "account, rare": AlertQuery(account="111122220019"),
        "state=sent": AlertQuery(state=DeliveryState.SENT),
        "state=parked": AlertQuery(state=DeliveryState.PARKED),
        "text, busy": AlertQuery(text="dev.0"),
        "text, rare": AlertQuery(text="admin.499"),
        "text, everywhere": AlertQuery(text="eu-central-1"),
        "text, nowhere": AlertQuery(text="no such text"),
        "text, its parts everywhere": AlertQuery(text="central-1:thing/"),
        "actor and severity": AlertQuery(actor="dev.0", severity=Severity.CRITICAL),
    }


def sqlite_pages(store: AlertStore, rounds: int) -> None:
    """Time of the first and the 100th page (or the last one) of every query."""
    for name, query in queries().items():
        for page, cursor in (("first", None), ("100th", hundredth(store, query))):
            if page == "100th" and cursor is None:
                continue
            call = partial(store.search, query, LIMIT, cursor)
            times = [seconds_of(call) for _ in range(rounds)]
            both = f"sqlite page, {name}, {page}"
            figure(f"{both}, p50", statistics.median(times) * 1000, "ms", None, rounds)
            figure(f"{both}, p99", quantile(times, 0.99) * 1000, "ms", 50, rounds)


def hundredth(store: AlertStore, query: AlertQuery) -> str | None:
    """The cursor of the 100th page, or of the last there is; None where there is one page."""
    cursor: str | None = None
    for _ in range(99):
        after = store.search(query, LIMIT, cursor).next_cursor
        if after is None:
            return cursor
        cursor = after
    return cursor


def sqlite_summary(store: AlertStore, rounds: int) -> None:
    spans = [END - timedelta(hours=number) for number in range(rounds)]
    day = timedelta(hours=24)
    times = [seconds_of(partial(store.summary, end - day, end)) for end in spans]
    figure("sqlite summary of 24 h, p50", statistics.median(times) * 1000, "ms", None, rounds)
    figure("sqlite summary of 24 h, p99", quantile(times, 0.99) * 1000, "ms", 50, rounds)


def sqlite_ingest(folder: Path) -> None:
    batch = list(alerts(BATCH))
    times = []
    for number in range(5):
        store = SqliteAlertStore(folder / f"{number}.db")
        store.known([])
        times.append(seconds_of(partial(store.add, batch, END)))
    figure("sqlite ingest of 1,000 alerts", statistics.median(times) * 1000, "ms", None, 5)


class Counted:
    """A client that counts its calls, their time and the read units they consumed."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.calls: Counter[str] = Counter()
        self.units = 0.0

    def __getattr__(self, operation: str) -> Any:
        def call(**arguments: Any) -> Any:
            if operation in ("query", "batch_get_item"):
                arguments["ReturnConsumedCapacity"] = "TOTAL"
            self.calls[operation] += 1
            response = getattr(self._client, operation)(**arguments)
            self.units += units_of(response.get("ConsumedCapacity", ()))
            return response

        return call


def units_of(consumed: Any) -> float:
    tables = [consumed] if isinstance(consumed, dict) else consumed
    return sum(float(table.get("CapacityUnits", 0)) for table in tables)


def dynamodb(endpoint: str) -> None:
    """Calls and time of an ingest, and the read units of a page, at an emulator."""
    import boto3
    from botocore.config import Config

    config = Config(max_pool_connections=16)
    client = Counted(boto3.client("dynamodb", endpoint_url=endpoint, config=config))
    name = f"bench-{time.time_ns()}"
    client.create_table(**table_definition(name))
    store = DynamoAlertStore(client, name, clock=lambda: END)
    batch = list(alerts(BATCH))
    client.calls.clear()
    spent = seconds_of(partial(store.add, batch, END))
    figure("dynamodb ingest of 1,000 alerts", spent * 1000, "ms")
    figure("dynamodb ingest of 1,000 alerts, calls", client.calls.total(), "calls", BATCH)
    pages = {"all": AlertQuery(), "text, nowhere": AlertQuery(text="no such text")}
    pages |= {
        "actor": AlertQuery(actor="dev.0"),
        "state=parked": AlertQuery(state=DeliveryState.PARKED),
    }
    for kind, query in pages.items():
        store.search(query, 1)
        client.units, before = 0.0, client.calls.total()
        store.search(query, LIMIT)
        calls = client.calls.total() - before
        figure(
            f"dynamodb page, {kind}, read units as the emulator counts", client.units, "RCU", 128
        )
        figure(f"dynamodb page, {kind}, calls", calls, "calls")
    client.delete_table(TableName=name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--alerts", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--file", type=Path, help="keep the SQLite file here, and use it again")
    choice = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = choice.file or Path(folder) / "alerts.db"
        store = SqliteAlertStore(path)
        if not store.search(AlertQuery(), 1).alerts:
            spent = fill(store, choice.alerts)
            figure(
                "sqlite alerts kept a second, a thousand at a time", choice.alerts / spent, "1/s"
            )
            figure("sqlite bytes an alert", path.stat().st_size / choice.alerts, "bytes")
        sqlite_pages(store, choice.rounds)
        sqlite_summary(store, choice.rounds)
        sqlite_ingest(Path(folder))
    if os.environ.get("AWS_ENDPOINT_URL"):
        dynamodb(os.environ["AWS_ENDPOINT_URL"])


if __name__ == "__main__":
    main()
