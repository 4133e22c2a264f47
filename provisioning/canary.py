"""The test alert: a harmless change that CloudTrail records, followed until Slack was told."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from rich.console import Console

from chalicelib.alerts.archive import AlertQuery
from chalicelib.alerts.delivery import DeliveryState
from chalicelib.alerts.outbox import StoredAlert, StoreError
from chalicelib.stores.store import Store
from provisioning.aws import Aws
from provisioning.change import Call
from provisioning.errors import OperatorError
from provisioning.installation import Installation
from provisioning.survey import Request, survey

# The rule `trailbell-test` matches this name; under /trailbell- it would look like a rotation.
CANARY = "/canary/{deployment}"
RULE = "trailbell-test"
POLL_SECONDS = 5.0


def send(aws: Aws, at: Installation) -> datetime:
    """Write and remove a parameter; CloudTrail records both calls. Returns when it began."""
    name = CANARY.format(deployment=at.deployment)
    began = datetime.now(UTC)
    value = f"{began:%Y-%m-%dT%H:%M:%SZ}"
    put = {"Name": name, "Value": value, "Type": "String", "Overwrite": True}
    calls = (
        Call(service="ssm", operation="put_parameter", parameters=put),
        Call(service="ssm", operation="delete_parameter", parameters={"Name": name}),
    )
    aws.perform_all(calls, "sending the canary")
    return began


def follow(
    find: Callable[[], StoredAlert | None],
    console: Console,
    *,
    timeout: float,
    sleep: Callable[[float], None] = time.sleep,
) -> bool:
    """Look for the alert until it was told; says how far it came. `timeout` in seconds."""
    stored = None
    for _ in range(max(1, round(timeout / POLL_SECONDS))):
        now_stored = find()
        if now_stored is not None and stored is None:
            console.print("The alert is stored: CloudTrail, the filter and ingest_logs work.")
        stored = now_stored
        if stored is not None and _is_sent(stored):
            channels = ", ".join(delivery.channel for delivery in stored.deliveries)
            console.print(f"Slack has it, in {channels}. Everything works.", highlight=False)
            return True
        sleep(POLL_SECONDS)
    console.print(_diagnosis(stored), highlight=False, markup=False)
    return False


def test_alert(
    aws: Aws, request: Request, store: Callable[[str], Store], console: Console, timeout: float
) -> bool:
    """The command `test-alert`; `store` opens the alerts of a table. Raises OperatorError, also
    where the stage's rules leave out the one that tells of it: nothing would ever come.
    """
    if RULE not in {rule.id for rule in request.rules}:
        raise OperatorError(
            f"the rule {RULE} is off, so no test alert can come: take it out of `off`, or add it to"
            f" `only`, and make deploy STAGE={request.stage}"
        )
    seen = survey(aws, request)
    if seen.at.function("ingest_logs") not in seen.functions:
        raise OperatorError(f"nothing is deployed: make deploy STAGE={seen.at.stage} comes first")
    alerts = store(seen.at.deployment)
    began = send(aws, seen.at)
    console.print(
        "Wrote and removed a parameter. CloudTrail takes about five minutes to say so.",
        highlight=False,
    )
    return follow(lambda: _find(alerts, began), console, timeout=timeout, sleep=aws.sleep)


def _find(alerts: Store, began: datetime) -> StoredAlert | None:
    # CloudTrail's times have no fractions of a second.
    query = AlertQuery(since=began - timedelta(seconds=1), event_name=("PutParameter",))
    try:
        page = alerts.archive.search(query, limit=50)
    except StoreError as error:
        step = "setup_resources.py status says what is missing"
        raise OperatorError(f"the alerts cannot be read ({error}): {step}") from error
    return next((one for one in page.alerts if RULE in one.alert.rule_ids), None)


def _is_sent(stored: StoredAlert) -> bool:
    return any(delivery.state is DeliveryState.SENT for delivery in stored.deliveries)


def _diagnosis(stored: StoredAlert | None) -> str:
    if stored is None:
        return (
            "Nothing arrived. setup_resources.py status says whether the trail is on and the "
            "filter is there; the log of ingest_logs says what it received."
        )
    states = ", ".join(
        f"{delivery.channel}: {delivery.state.value}"
        + (f" ({delivery.reason})" if delivery.reason else "")
        for delivery in stored.deliveries
    )
    return f"The alert is stored and Slack was not told yet - {states or 'no channel'}."
