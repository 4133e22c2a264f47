"""`s3://bucket/prefix`: what it names is found, and said with its price, before any is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import click

from chalicelib.stores.trail_bucket import BucketError
from cli.s3.client import CALLS_AT_ONCE, bucket_of, why_no_bucket
from cli.s3.file import S3File
from cli.s3.listing import Listing
from cli.s3.marks import Marks
from cli.s3.price import lines_of
from cli.s3.walk import Walk
from cli.sources import InputError
from cli.span import Span

SCHEME = "s3://"


def _say(line: str) -> None:
    click.echo(line, err=True)


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a listing, in the order of their keys; it can be gone through again."""

    listing: Listing
    bucket: str
    requester_pays: bool

    def __iter__(self) -> Iterator[S3File]:
        for each in self.listing.files():
            yield S3File(self.bucket, each.key, each.size, self.requester_pays)


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """How archives are read: `span` bounds the days that are listed, `marks` leaves out what was
    read before (`again`: nothing is), `say` tells a line.
    """

    span: Span = field(default_factory=Span)
    requester_pays: bool = False
    marks: Marks | None = None
    again: bool = False
    say: Callable[[str], None] = _say

    def files(self, address: str) -> Files:
        """The log files below an address; what they are is said.

        Raises InputError where S3 does not list them, or lists nothing.
        """
        name, _, prefix = address.removeprefix(SCHEME).partition("/")
        listing, walk = self._found(address, name, prefix)
        known = self.marks.leave_out(name, listing, again=self.again) if self.marks else 0
        for line in lines_of(address, listing, walk, known):
            self.say(line)
        return Files(listing, name, self.requester_pays)

    def _found(self, address: str, name: str, prefix: str) -> tuple[Listing, Walk]:
        from botocore.exceptions import BotoCoreError

        listing = Listing()
        try:
            walk = Walk(bucket_of(name, self.requester_pays), self.span)
            with ThreadPoolExecutor(CALLS_AT_ONCE) as pool:
                for found in walk.files(_there(walk, prefix, address), pool):
                    listing.add(found)
        except (BotoCoreError, BucketError) as error:
            raise InputError(f"{address}: {why_no_bucket(error)}") from error
        return listing, walk


ANY_ARCHIVE = Archive()


def _there(walk: Walk, prefix: str, address: str) -> str:
    """The folder of this name where there is one; else what begins so. Raises InputError."""
    folder = prefix if prefix.endswith("/") or not prefix else f"{prefix}/"
    if walk.holds(folder):
        return folder
    if folder != prefix and walk.holds(prefix):
        return prefix
    raise InputError(f"{address}: there is nothing of that name in the bucket")
