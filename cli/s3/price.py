"""What reading an archive takes: files, bytes, requests, and their price."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chalicelib.ingest.trail_keys import Kind, day_of, region_of
from cli.s3.listing import Listing
from cli.s3.walk import Walk
from cli.sources import Source
from prices import PRICED, PRICES

GB = 1024**3
_ANY = "x.json.gz"
_KINDS = {
    Kind.TRAIL: "log files",
    Kind.DIGEST: "digest files",
    Kind.INSIGHT: "Insights files",
    Kind.OTHER: "other objects",
}
# Source: S3 user guide, "Understanding S3 storage classes for archival".
_FROZEN = ("DEEP_ARCHIVE", "GLACIER")
_STANDARD = "STANDARD"


def lines_of(address: str, listing: Listing, walk: Walk, known: int) -> Iterator[str]:
    """What will be read from there, a line each; `known` files were read before."""
    count = listing.count()
    yield f"{address}: {count.files:,} files, {_size(count.size)}{_where(listing)}"
    if known:
        yield f"  read into the store before, left out: {known:,} files (--again reads them)"
    if walk.left_out:
        yield f"  left out: {', '.join(_left_out(walk))}"
    for storage, some in listing.by_storage().items():
        if storage in _FROZEN:
            yield f"  in {storage}, not readable until they are restored: {some.files:,} files"
        elif storage != _STANDARD:
            size = _size(some.size)
            yield f"  in {storage}, which costs more to read: {some.files:,} files, {size}"
    requests = walk.calls * PRICES["S3 PUT, LIST"] + count.files * PRICES["S3 GET"]
    yield f"  {walk.calls:,} LIST and {count.files:,} GET requests: {_usd(requests)}"
    region, internet = (
        _usd(count.size / GB * PRICES[f"S3 GB to {where}"])
        for where in ("another region", "the internet")
    )
    yield (
        f"  transfer: nothing within the bucket's region, {region} to another, {internet} to the "
        f"internet (us-east-1's list prices of {PRICED})"
    )


def total_of(sources: Iterable[Source]) -> str:
    """How many there are, and their bytes as far as they are known."""
    sizes = [source.size or 0 for source in sources]
    return f"in all {len(sizes):,} files, {_size(sum(sizes))}; none was read"


def _where(listing: Listing) -> str:
    keys = [folder + _ANY for folder in listing.folders()]
    days = sorted(filter(None, map(day_of, keys)))
    if not days:
        return ""
    regions = len(set(filter(None, map(region_of, keys))))
    of = "one account's region" if regions == 1 else f"{regions:,} regions of accounts"
    span = days[0] if days[0] == days[-1] else f"{days[0]} to {days[-1]}"
    return f" of {of}, written {span.replace('/', '-')}"


def _left_out(walk: Walk) -> Iterator[str]:
    for kind, count in walk.left_out.items():
        yield f"{count:,} {_KINDS[kind]}" + (" or more" if kind in walk.has_more else "")


def _size(size: int) -> str:
    for unit, bytes_ in (("GB", GB), ("MB", 1024**2)):
        if size >= bytes_:
            return f"{size / bytes_:,.1f} {unit}"
    return f"{size / 1024:,.1f} KB"


def _usd(price: float) -> str:
    return f"${price:,.2f}" if price >= 1 else f"${price:.6f}".rstrip("0").rstrip(".")
