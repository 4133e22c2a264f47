"""CloudTrail's keys in S3: what an object is, and where in a bucket log files lie (pure).

    [prefix/]AWSLogs/[o-…/]<account>/CloudTrail/<region>/YYYY/MM/DD/<name>.json.gz

The day is the one on which CloudTrail wrote the file, soon after its events.
Source: CloudTrail user guide, "Finding your CloudTrail log files".
"""

from __future__ import annotations

import re
from datetime import date
from enum import Enum

_KEY = re.compile(
    r"(?P<region>(?:.+/)?AWSLogs/(?:o-[a-z0-9]{10,32}/)?\d{12}/(?P<what>CloudTrail[A-Za-z-]*)/"
    r"[a-z0-9-]+/)(?P<day>\d{4}/\d\d/\d\d)/[^/]+\.json\.gz"
)
_ROOT = "AWSLogs/"
# What a folder's name goes on with, from each place on the way to a log file.
_IN_DAYS = ("2026/01/02/x.json.gz", "01/02/x.json.gz", "02/x.json.gz", "x.json.gz")
_TO_REGION = ("111122223333/CloudTrail/eu-west-1/", "CloudTrail/eu-west-1/", "eu-west-1/")
_BELOW_ROOT = tuple(way + _IN_DAYS[0] for way in _TO_REGION)


class Kind(Enum):
    """What an object in a trail's bucket is, by its key."""

    TRAIL = "trail"
    DIGEST = "digest"
    INSIGHT = "insight"
    OTHER = "other"


class Place(Enum):
    """What a folder of a bucket is on the way to log files, by its name."""

    ABOVE = "above"
    DAYS = "days"
    ASIDE = "aside"


def kind_of(key: str) -> Kind:
    """What the object of this key is."""
    found = _KEY.fullmatch(key)
    what = found["what"] if found else ""
    kinds = {
        "CloudTrail": Kind.TRAIL,
        "CloudTrail-Digest": Kind.DIGEST,
        "CloudTrail-Insight": Kind.INSIGHT,
    }
    return kinds.get(what, Kind.OTHER)


def place_of(folder: str) -> Place:
    """What a folder is, its name ending in "/" or "": one account's region or a part of its days
    (DAYS), above such ones (ABOVE), or none of the trail's (ASIDE).
    """
    if any(kind_of(folder + rest) is Kind.TRAIL for rest in _IN_DAYS):
        return Place.DAYS
    if f"/{_ROOT}" not in f"/{folder}":
        return Place.ABOVE
    leads = any(kind_of(folder + rest) is Kind.TRAIL for rest in _BELOW_ROOT)
    return Place.ABOVE if leads else Place.ASIDE


def region_of(key: str) -> str:
    """The folder of the account's region that a log file's key is in."""
    found = _KEY.fullmatch(key)
    return found["region"] if found else ""


def day_of(key: str) -> str:
    """The day in a key, as YYYY/MM/DD; "" where it has none."""
    found = _KEY.fullmatch(key)
    return found["day"] if found else ""


def before(folder: str, day: date) -> str:
    """What every key of that day and later comes after, and every earlier one before; of a folder
    of the place DAYS.
    """
    keys = (folder + rest for rest in _IN_DAYS)
    region = next(region_of(key) for key in keys if kind_of(key) is Kind.TRAIL)
    return f"{region}{day.isoformat().replace('-', '/')}/"
