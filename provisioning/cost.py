"""What Trailbell costs in a month, with the arithmetic.

    python -m provisioning.cost

Prices are us-east-1's list prices without free tiers, in USD. docs/operating.md carries the
table that this prints, and a test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.settings import DEFAULT_RETENTION_DAYS

VOLUMES = (10_000, 1_000_000, 100_000_000)
GB = 1024**3
MINUTES = 30 * 24 * 60

# What a month is taken to be like. Each account differs; the terms below scale with these.
RECORD_BYTES = 1_500
COMPRESSION = 10  # of the trail's gzip files
STORED_COMPRESSION = 6  # of CloudWatch Logs' storage
PASSING = 0.20  # of all records, through the subscription filter
ALERTS = 1 / 1_000  # of all records
RECORDS_IN_A_BATCH = 10
# DynamoDB's units; a test counts them in the calls that are made. A sweep reads 2, and each quarter
# of an hour 7 more.
WRITES_AN_ALERT, READS_AN_ALERT = 15, 26
WRITES_A_SWEEP, READS_A_SWEEP = 1, 2.5
REGION_FILES = 4 * MINUTES / 5  # a file each five minutes for four busy regions


@dataclass(frozen=True, slots=True)
class Term:
    """One line of the bill: what is counted, how many, and the price of one."""

    what: str
    number: float
    price: float

    @property
    def usd(self) -> float:
        return self.number * self.price


def terms(events: int) -> Iterator[Term]:
    """The bill for so many CloudTrail records a month."""
    size = events * RECORD_BYTES / GB
    batches = events * PASSING / RECORDS_IN_A_BATCH
    alerts = events * ALERTS
    yield Term("CloudWatch Logs: GB taken in", size, 0.50)
    yield Term("CloudWatch Logs: GB kept 30 days", size / STORED_COMPRESSION, 0.03)
    yield Term("S3: GB of trail files kept 12 months", 12 * size / COMPRESSION, 0.023)
    yield Term("S3: trail files written", min(REGION_FILES, events), 0.005 / 1_000)
    yield Term("S3: the sweep's looks at the failure destination", MINUTES, 0.005 / 1_000)
    yield Term("Lambda: ingest_logs invocations", batches, 0.20 / 1e6)
    yield Term("Lambda: ingest_logs GB-seconds, 0.1 s at 1 GB", batches * 0.1, 0.0000166667)
    yield Term("Lambda: sweep invocations", MINUTES, 0.20 / 1e6)
    yield Term("Lambda: sweep GB-seconds, 0.2 s at 0.5 GB", MINUTES * 0.1, 0.0000166667)
    writes = WRITES_AN_ALERT * alerts + WRITES_A_SWEEP * MINUTES
    reads = READS_AN_ALERT * alerts + READS_A_SWEEP * MINUTES
    yield Term(
        f"DynamoDB: writes, {WRITES_AN_ALERT} an alert and {WRITES_A_SWEEP} a sweep",
        writes,
        0.625e-6,
    )
    yield Term(
        f"DynamoDB: reads, {READS_AN_ALERT} an alert and {READS_A_SWEEP} a sweep", reads, 0.125e-6
    )
    yield Term(
        f"DynamoDB: GB kept {DEFAULT_RETENTION_DAYS} days, with recovery",
        3 * alerts * 6_000 / GB,
        0.25 + 0.20,
    )
    yield Term("CloudWatch: alarms", 11, 0.10)
    yield Term("CloudWatch: own metrics", 9, 0.30)
    yield Term("CloudWatch: alarms looked at, each 15 minutes", MINUTES / 15, 0.01 / 1_000)
    yield Term("S3: failures looked for, each 15 minutes", MINUTES / 15, 0.005 / 1_000)
    yield Term("KMS: reads of the two secrets, each 4 minutes", 2 * MINUTES / 4, 0.03 / 10_000)


def total(events: int) -> float:
    """USD a month."""
    return sum(term.usd for term in terms(events))


def table() -> str:
    """The bill as a Markdown table, a column for each volume."""
    heads = [f"{volume:,} records" for volume in VOLUMES]
    lines = [f"| | price (USD) | {' | '.join(heads)} |", "|---|--:|--:|--:|--:|"]
    for row in zip(*(terms(volume) for volume in VOLUMES), strict=True):
        cells = " | ".join(f"{_count(term.number)} = {term.usd:.2f}" for term in row)
        lines.append(f"| {row[0].what} | {_price(row[0].price)} | {cells} |")
    sums = " | ".join(f"**{total(volume):.2f}**" for volume in VOLUMES)
    return "\n".join([*lines, f"| **A month** | | {sums} |"])


def eventbridge(events: int) -> float:
    """USD a month for one Lambda invocation an event; AWS's own events cost nothing there."""
    gb_seconds = events * 0.05 * 0.5
    return events * 0.20 / 1e6 + gb_seconds * 0.0000166667


def _count(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 else f"{number:.3g}"


def _price(price: float) -> str:
    return f"{price:.10f}".rstrip("0")


if __name__ == "__main__":
    print(table())
