"""What Trailbell costs in a month, with the arithmetic.

    python -m provisioning.cost

Prices are us-east-1's list prices without free tiers, in USD. docs/operating.md carries the
tables that this prints, and a test holds them equal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.settings import DEFAULT_RETENTION_DAYS
from prices import PRICED, PRICES

VOLUMES = (10_000, 1_000_000, 100_000_000)
GB = 1024**3
MINUTES = 30 * 24 * 60

ACCOUNTS, RECORDS_AN_ACCOUNT = (1, 50, 1_000), 1_000_000
WAYS = {"logs": "the log group of a trail of its own", "s3": "the files of a trail that is there"}
ALARMS = {"logs": 11, "s3": 12}

# What a month is taken to be like. Each account differs; the terms below scale with these.
RECORD_BYTES = 1_500
COMPRESSION = 10  # of the trail's gzip files
STORED_COMPRESSION = 6  # of CloudWatch Logs' storage
PASSING = 0.20  # of all records, through the subscription filter
ALERTS = 1 / 1_000  # of all records
RECORDS_IN_A_BATCH = 10
# DynamoDB's units; a test counts them in the calls that are made. A sweep reads 2, and each quarter
# of an hour 7 more.
WRITES_AN_ALERT, READS_AN_ALERT = 15, 27
WRITES_A_SWEEP, READS_A_SWEEP = 1, 2.5
# ingest_files at 1 GB: measured by bench/trail_files.py on a machine of twice that, and doubled.
SECONDS_A_FILE, SECONDS_A_RECORD = 0.1, 0.0003
POLLS = 5 * MINUTES * 60 / 20  # five long polls of 20 s, which Lambda always has open
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


def terms(events: int, *, source: str = "logs", accounts: int = 1) -> Iterator[Term]:
    """The bill for so many CloudTrail records a month, of so many accounts together, by the log
    group of a trail of our own ("logs") or by the files of one that is there already ("s3").
    """
    alerts = events * ALERTS
    yield from _by_files(events, accounts) if source == "s3" else _by_log(events, accounts)
    yield Term("S3: the sweep's looks at the failure destination", MINUTES, PRICES["S3 PUT, LIST"])
    yield Term("Lambda: sweep invocations", MINUTES, PRICES["Lambda invocation"])
    yield Term(
        "Lambda: sweep GB-seconds, 0.2 s at 0.5 GB", MINUTES * 0.1, PRICES["Lambda GB-second"]
    )
    writes = WRITES_AN_ALERT * alerts + WRITES_A_SWEEP * MINUTES
    reads = READS_AN_ALERT * alerts + READS_A_SWEEP * MINUTES
    yield Term(
        f"DynamoDB: writes, {WRITES_AN_ALERT} an alert and {WRITES_A_SWEEP} a sweep",
        writes,
        PRICES["DynamoDB write"],
    )
    yield Term(
        f"DynamoDB: reads, {READS_AN_ALERT} an alert and {READS_A_SWEEP} a sweep",
        reads,
        PRICES["DynamoDB read"],
    )
    yield Term(
        f"DynamoDB: GB kept {DEFAULT_RETENTION_DAYS} days, with recovery",
        3 * alerts * 6_000 / GB,
        PRICES["DynamoDB GB-month"] + PRICES["DynamoDB recovery GB-month"],
    )
    yield Term("CloudWatch: alarms", ALARMS[source], PRICES["CloudWatch alarm"])
    yield Term("CloudWatch: own metrics", 9, PRICES["CloudWatch metric"])
    yield Term(
        "CloudWatch: alarms looked at, each 15 minutes", MINUTES / 15, PRICES["CloudWatch request"]
    )
    yield Term("S3: failures looked for, each 15 minutes", MINUTES / 15, PRICES["S3 PUT, LIST"])
    yield Term(
        "KMS: reads of the two secrets, each 4 minutes", 2 * MINUTES / 4, PRICES["KMS request"]
    )


def _by_log(events: int, accounts: int) -> Iterator[Term]:
    size = events * RECORD_BYTES / GB
    batches = events * PASSING / RECORDS_IN_A_BATCH
    yield Term("CloudWatch Logs: GB taken in", size, PRICES["Logs GB in"])
    yield Term(
        "CloudWatch Logs: GB kept 30 days", size / STORED_COMPRESSION, PRICES["Logs GB-month"]
    )
    yield Term(
        "S3: GB of trail files kept 12 months", 12 * size / COMPRESSION, PRICES["S3 GB-month"]
    )
    yield Term("S3: trail files written", files(events, accounts), PRICES["S3 PUT, LIST"])
    yield Term("Lambda: ingest_logs invocations", batches, PRICES["Lambda invocation"])
    yield Term(
        "Lambda: ingest_logs GB-seconds, 0.1 s at 1 GB", batches * 0.1, PRICES["Lambda GB-second"]
    )


def _by_files(events: int, accounts: int) -> Iterator[Term]:
    """The trail and its files are paid already. SNS hands over to SQS at no charge."""
    count = files(events, accounts)
    seconds = count * SECONDS_A_FILE + events * SECONDS_A_RECORD
    yield Term("SNS: files told of", count, PRICES["SNS publish"])
    yield Term(
        "SQS: three requests a file, and Lambda's polling", 3 * count + POLLS, PRICES["SQS request"]
    )
    yield Term("S3: trail files read", count, PRICES["S3 GET"])
    yield Term("Lambda: ingest_files invocations", count, PRICES["Lambda invocation"])
    yield Term("Lambda: ingest_files GB-seconds, at 1 GB", seconds, PRICES["Lambda GB-second"])


def files(events: int, accounts: int) -> float:
    """How many files CloudTrail writes a month: one each five minutes of each account and busy
    region, where there are records.
    """
    return min(REGION_FILES * accounts, events)


def total(events: int, *, source: str = "logs", accounts: int = 1) -> float:
    """USD a month."""
    return sum(term.usd for term in terms(events, source=source, accounts=accounts))


def bill(accounts: int, records_per_day: int, source: str) -> str:
    """The command `cost`: every term with its arithmetic, and the sum."""
    events = records_per_day * 30
    lines = [
        f"{term.usd:>10,.2f}  {term.what}: {_count(term.number)} x {_price(term.price)}"
        for term in terms(events, source=source, accounts=accounts)
    ]
    head = f"{accounts:,} accounts, {events:,} records a month, by {WAYS[source]}; USD a month"
    whole = f"{total(events, source=source, accounts=accounts):>10,.2f}  in all"
    note = f"List prices of us-east-1 of {PRICED}, without free tiers: docs/operating.md"
    return "\n".join([head, *lines, whole, note])


def organizations() -> str:
    """What both ways cost organizations of several sizes, as a Markdown table."""
    lines = [
        "| accounts | records a month | by the log group of a trail of its own | by S3 |",
        "|--:|--:|--:|--:|",
    ]
    for accounts in ACCOUNTS:
        events = accounts * RECORDS_AN_ACCOUNT
        by_log, by_files = (
            total(events, source=source, accounts=accounts) for source in ("logs", "s3")
        )
        lines.append(f"| {accounts:,} | {events:,} | {by_log:,.2f} USD | {by_files:,.2f} USD |")
    return "\n".join(lines)


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
    return events * PRICES["Lambda invocation"] + gb_seconds * PRICES["Lambda GB-second"]


def _count(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 else f"{number:.3g}"


def _price(price: float) -> str:
    return f"{price:.10f}".rstrip("0")


if __name__ == "__main__":
    print(table(), organizations(), sep="\n\n")
