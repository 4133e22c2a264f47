"""The sample trail: an hour in an account's life, made up by us, as CloudTrail would tell it.

It ends at the given time. Its event ids stay the same: with the same end it alerts once.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from cli.sample import incident, working_day
from cli.sample.calls import ACCOUNT, REGION, Record

# Where ids are derived from: any fixed UUID serves.
NAMESPACE = uuid.UUID("6f6d9f7e-58a4-4a55-9f0e-6d2b0c4f7a11")


def sample_trail(end: datetime) -> list[Record]:
    """About a hundred records, oldest first, the last one at `end`."""
    start = end - timedelta(minutes=60)
    records = []
    for position, (minute, record) in enumerate(_story()):
        when = (start + timedelta(minutes=minute)).astimezone(UTC)
        name = f"{position} {record['eventName']}"
        records.append(
            {
                "eventVersion": "1.11",
                "eventTime": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "awsRegion": REGION,
                "recipientAccountId": ACCOUNT,
                "eventID": str(uuid.uuid5(NAMESPACE, name)),
                "requestID": str(uuid.uuid5(NAMESPACE, f"request {name}")),
                "managementEvent": True,
                "eventCategory": "Management",
                **record,
            }
        )
    return records


def _story() -> Iterator[tuple[float, Record]]:
    """(minute, what happened); the minutes ascend."""
    yield from working_day.services_at_work(0)
    yield from working_day.alice_starts_her_day(3)
    yield from working_day.a_pipeline_deploys(11)
    yield from working_day.bob_opens_a_port(16)
    yield from working_day.carol_signs_in(22)
    yield from working_day.dave_uses_single_sign_on(28)
    yield from incident.terraform_changes_the_network(33)
    yield from incident.bob_cleans_up(38)
    yield from incident.somebody_misuses_carols_account(44)
    yield from incident.root_steps_in(54)
