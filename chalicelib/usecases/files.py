"""Ingest by S3: a queue tells that CloudTrail wrote a file; its records are taken in as a stream.

A message is done once the alerts of its files are stored. What S3 or the store refuses now raises,
so that the queue hands the message over again; a file that never will be whole is told, and stays
in the trail's bucket.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from chalicelib import aws
from chalicelib.ingest.file_notices import FileNotice, FileNoticeError, files_of
from chalicelib.ingest.trail_files import TrailFileError, records_of
from chalicelib.ingest.trail_keys import Kind, kind_of
from chalicelib.monitoring.file_alerts import file_alert
from chalicelib.monitoring.own_alerts import keep_own
from chalicelib.parameters import secret
from chalicelib.stores.trail_bucket import BucketError, NoFileError, TrailBucket
from chalicelib.usecases.ingest import ingest

if TYPE_CHECKING:
    from chalicelib.usecases.parts import Parts

# What is judged and stored at once: the file is never held whole.
AT_ONCE = 1_000
# Ten times what CloudTrail writes at once; a packed file of more is not begun.
LARGEST_BYTES = 64 * 1024 * 1024
TOO_LARGE = f"it is larger than {LARGEST_BYTES:,} bytes"
_SOURCE = re.compile(r"(?P<owner>\d{12})/(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])")


class SourceUnknownError(Exception):
    """Nobody chose whose bucket is read, or not in a form that can be; says what to do."""


def ingest_files(
    bodies: Iterable[str],
    parts: Parts,
    millis_left: Callable[[], float],
    bucket: TrailBucket | None = None,
) -> dict[str, int]:
    """Take in the files that the messages tell of; the counts. Raises what a retry can mend, once
    everything else was tried.
    """
    reading = _Reading(parts, millis_left, bucket or chosen_bucket(parts))
    for body in bodies:
        reading.message(body)
    counts = dict(sorted(reading.counts.items()))
    parts.log.say("files", **counts)
    if reading.refused:
        raise reading.refused[0]
    return counts


def chosen_bucket(parts: Parts) -> TrailBucket:
    """The bucket that `setup_resources.py apply --source s3` was given. Raises SecretError,
    SourceUnknownError.
    """
    chosen = secret(parts.settings.trail_bucket, parts.now()) or ""
    found = _SOURCE.fullmatch(chosen)
    if not found:
        said = f"is {chosen!r}, not ACCOUNT/BUCKET" if chosen else "is not set"
        raise SourceUnknownError(
            f"the parameter trail-bucket {said}: setup_resources.py apply --source s3 sets it"
        )
    return TrailBucket(aws.client("s3"), found["bucket"], found["owner"])


class _Reading:
    """What one invocation came to. `refused` holds what is worth a retry."""

    def __init__(self, parts: Parts, millis_left: Callable[[], float], bucket: TrailBucket) -> None:
        self._parts = parts
        self._millis_left = millis_left
        self._bucket = bucket
        names = ("files", "left_out", "broken", "records", "unreadable", "alerts", "new")
        self.counts = Counter(dict.fromkeys(names, 0))
        self.refused = list[BucketError]()

    def message(self, body: str) -> None:
        """Every file that a message tells of."""
        try:
            notices = files_of(body)
        except FileNoticeError as error:
            self._leave_out(reason=str(error))
            return
        for notice in notices:
            self._file(notice)

    def _file(self, notice: FileNotice) -> None:
        if notice.bucket != self._bucket.name:
            # A topic may be shared with others.
            self._leave_out(key=notice.key, reason="another bucket")
            return
        kind = kind_of(notice.key)
        if kind is not Kind.TRAIL:
            self._leave_out(key=notice.key, reason=kind.value)
            return
        try:
            self._take_in(notice)
            self.counts["files"] += 1
        except BucketError as error:
            self.refused.append(error)
        except (NoFileError, TrailFileError) as error:
            self._tell(notice, str(error))

    def _take_in(self, notice: FileNotice) -> None:
        if (notice.size or 0) > LARGEST_BYTES:
            raise TrailFileError(TOO_LARGE)
        records = records_of(_within(self._bucket.chunks(notice.key, LARGEST_BYTES)))
        for batch in _batches(records):
            self.counts.update(ingest(batch, self._parts, self._millis_left))

    def _tell(self, notice: FileNotice, reason: str) -> None:
        self.counts["broken"] += 1
        parts = self._parts
        where = f"s3://{notice.bucket}/{notice.key}"
        parts.log.say("file not read", file=where, reason=reason)
        alert = file_alert(where, reason, channel=parts.default_channel(), now=parts.now())
        keep_own(parts.store.outbox, [alert], parts.now())

    def _leave_out(self, **fields: str) -> None:
        self.counts["left_out"] += 1
        self._parts.log.say("file left out", **fields)


def _within(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same, while they come to no more than a file may have: CloudTrail's own notice tells no
    size. Raises TrailFileError.
    """
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > LARGEST_BYTES:
            raise TrailFileError(TOO_LARGE)
        yield chunk


def _batches(records: Iterator[str]) -> Iterator[list[str]]:
    """Some at a time. Where the file breaks, what stood before that comes first."""
    while True:
        batch: list[str] = []
        try:
            batch.extend(islice(records, AT_ONCE))
        except TrailFileError:
            if batch:
                yield batch
            raise
        if not batch:
            return
        yield batch
