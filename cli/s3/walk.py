"""The way through a bucket: its folders down to each account's region, and there a span's days.

S3 lists keys in their order, so that of a region what lies before the first day is never asked for,
nor what lies behind the last.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from chalicelib.ingest.trail_keys import Kind, Place, before, day_of, kind_of, place_of
from chalicelib.stores.trail_bucket import Listed, Page, TrailBucket
from cli.s3.client import CALLS_AT_ONCE
from cli.s3.listing import split
from cli.span import Span

# CloudTrail writes a file some minutes after its events, at times hours.
LATEST = timedelta(days=1)


@dataclass(slots=True)
class Walk:
    """What is found in a bucket. `calls` counts the listings, which S3 charges, and `left_out` what
    is no log file: of a folder beside the trail's at most a page, with its kind in `has_more`.
    """

    bucket: TrailBucket
    span: Span
    calls: int = 0
    left_out: Counter[Kind] = field(default_factory=Counter)
    has_more: set[Kind] = field(default_factory=set)

    def holds(self, prefix: str) -> bool:
        """Whether any key begins so. Raises BucketError."""
        self.calls += 1
        return any(page.objects for page in islice(self.bucket.listed(prefix), 1))

    def files(self, prefix: str, pool: Executor) -> Iterator[list[Listed]]:
        """Every log file whose events may be of the span, some at a time and in no order; and what
        is named whole, whatever it is. Raises BucketError.
        """
        level, days = [prefix], list[str]()
        while level:
            places = [(name, place_of(split(name)[0])) for name in level]
            days += [name for name, place in places if place is Place.DAYS]
            aside = [name for name, place in places if place is Place.ASIDE]
            above = [name for name, place in places if place is Place.ABOVE]
            level = []
            for page in self._pages(map(self._one_page, aside), pool):
                yield self._taken(page, prefix)
                self.has_more |= {kind_of(each.key) for each in page.objects[-1:] if page.more}
            for page in self._pages(map(self._folders, above), pool):
                yield self._taken(page, prefix)
                level += page.folders
        for page in self._pages(map(self._days, days), pool):
            yield self._taken(page, prefix)

    def _pages(self, listings: Iterable[Iterator[Page]], pool: Executor) -> Iterator[Page]:
        """The pages of many listings, of some of them at once."""
        waiting, active = deque(listings), list[Iterator[Page]]()
        while waiting or active:
            while waiting and len(active) < CALLS_AT_ONCE:
                active.append(waiting.popleft())
            pages = list(pool.map(_next, active))
            active = [each for each, page in zip(active, pages, strict=True) if page]
            for page in filter(None, pages):
                self.calls += 1
                yield page

    def _taken(self, page: Page, prefix: str) -> list[Listed]:
        taken = []
        for each in page.objects:
            kind = kind_of(each.key)
            if kind is Kind.TRAIL or each.key == prefix:
                taken.append(each)
            elif not each.key.endswith("/"):  # the console's mark for an empty folder
                self.left_out[kind] += 1
        return taken

    def _one_page(self, folder: str) -> Iterator[Page]:
        return islice(self.bucket.listed(folder), 1)

    def _folders(self, folder: str) -> Iterator[Page]:
        return self.bucket.listed(folder, by_folder=True)

    def _days(self, prefix: str) -> Iterator[Page]:
        start, end = self.span.start, self.span.end
        after = before(split(prefix)[0], start.date()) if start else ""
        last = _day_after(end) if end else "9999"
        for page in self.bucket.listed(prefix, after):
            within = tuple(each for each in page.objects if day_of(each.key) <= last)
            yield page._replace(objects=within)
            if len(within) < len(page.objects):
                return


def _day_after(end: datetime) -> str:
    """As keys have it; the calendar ends, too."""
    latest = datetime.max.replace(tzinfo=end.tzinfo) - LATEST
    return f"{min(end, latest) + LATEST:%Y/%m/%d}"


def _next(pages: Iterator[Page]) -> Page | None:
    return next(pages, None)
