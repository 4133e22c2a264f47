"""Trails that exist already: adopting one, and what a second one costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from provisioning.aws import Aws
from provisioning.change import Call
from provisioning.errors import OperatorError
from provisioning.installation import Installation

# Source: AWS CloudTrail pricing; the first copy of management events in each region is free.
SECOND_COPY_USD_PER_100K = 2.00
MONTHLY_VOLUMES = (10_000, 1_000_000, 100_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """A trail that reaches this region. `log_group_arn` ends without `:*`."""

    name: str
    arn: str
    home: str
    log_group_arn: str | None
    organization: bool

    @property
    def log_group(self) -> str | None:
        """The log group's name."""
        return self.log_group_arn.split(":", 6)[6] if self.log_group_arn else None


def existing(aws: Aws) -> list[Trail]:
    """Every trail that this region sees, those of other regions and the organization too."""
    call = Call(
        service="cloudtrail",
        operation="describe_trails",
        parameters={"includeShadowTrails": True},
    )
    return [
        Trail(
            name=one["Name"],
            arn=one["TrailARN"],
            home=one["HomeRegion"],
            log_group_arn=(one.get("CloudWatchLogsLogGroupArn") or "").removesuffix(":*") or None,
            organization=bool(one.get("IsOrganizationTrail")),
        )
        for one in aws.read(call)["trailList"]
    ]


def adopt(at: Installation, trails: list[Trail], name: str) -> Trail:
    """The trail to use, by name or ARN. Raises OperatorError where it cannot be used."""
    trail = next((one for one in trails if name in (one.name, one.arn)), None)
    if trail is None:
        names = ", ".join(one.name for one in trails) or "none"
        raise OperatorError(f"no trail {name} is seen from {at.region}; those that are: {names}")
    if trail.log_group_arn is None:
        raise OperatorError(
            f"the trail {name} writes to no log group, and an adopted trail is not changed: its "
            "owner adds one (aws cloudtrail update-trail --cloud-watch-logs-log-group-arn ...), "
            "or leave out --trail"
        )
    _, _, _, region, account, *_ = trail.log_group_arn.split(":")
    if (region, account) != (at.region, at.account):
        raise OperatorError(
            f"the trail {name} writes to a log group of account {account} in {region}: run this "
            f"there (--region {region}, and a --profile of that account)"
        )
    return trail


def price(at: Installation, trails: list[Trail], monthly: int | None) -> list[str]:
    """What a trail of our own would cost beside those that exist, and what to do instead."""
    others = [trail for trail in trails if trail.arn != at.trail_arn]
    if not at.owns_trail or not others:
        return []
    lines = [
        f"There {'is a trail' if len(others) == 1 else 'are trails'} already: "
        + ", ".join(f"{one.name} ({one.home})" for one in others)
        + ". A second copy of management events costs 2 USD per 100,000."
    ]
    volumes = [monthly] if monthly else list(MONTHLY_VOLUMES)
    seen = " (as many as the last 30 days had)" if monthly else ""
    lines += [f"  {number:,} events a month{seen}: {_usd(number)} a month" for number in volumes]
    return [*lines, _instead(at, others)]


def monthly_events(aws: Aws, trails: list[Trail], now: datetime) -> int | None:
    """How many records a log group of the existing trails took in 30 days, where one is here."""
    group = next((one.log_group for one in trails if f":{aws.region}:" in _arn(one)), None)
    if group is None:
        return None
    call = Call(
        service="cloudwatch",
        operation="get_metric_statistics",
        parameters={
            "Namespace": "AWS/Logs",
            "MetricName": "IncomingLogEvents",
            "Dimensions": [{"Name": "LogGroupName", "Value": group}],
            "StartTime": now - timedelta(days=30),
            "EndTime": now,
            "Period": 24 * 60 * 60,
            "Statistics": ["Sum"],
        },
    )
    return int(sum(one["Sum"] for one in aws.read(call)["Datapoints"])) or None


def _arn(trail: Trail) -> str:
    return trail.log_group_arn or ""


def _usd(events: int) -> str:
    return f"{events / 100_000 * SECOND_COPY_USD_PER_100K:,.2f} USD"


def _instead(at: Installation, others: list[Trail]) -> str:
    usable = [one for one in others if f":{at.region}:{at.account}:" in _arn(one)]
    if usable:
        return f"Recommended: --trail {usable[0].name}, which writes to {usable[0].log_group}."
    return (
        "None of them writes to a log group of this account and region; once one does, "
        "--trail adopts it and the second copy is saved."
    )
