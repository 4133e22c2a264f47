"""A bucket in S3's place: lists as ListObjectsV2 does, keeps what was asked, and breaks off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError, IncompleteReadError

from chalicelib.stores.trail_bucket import TrailBucket

REGION = "AWSLogs/111122223333/CloudTrail/eu-central-1/"
NAME = "111122223333_CloudTrail_eu-central-1_20260102T0304Z_{}.json.gz"
PAGE = 3


def key_of(day: str, number: int = 0, region: str = REGION) -> str:
    return f"{region}{day}/{NAME.format(number)}"


class FakeS3:
    """boto3's client, as far as a TrailBucket asks it. `denied` are keys, `refused` is the code of
    every listing, `breaks` at which of a file's bytes the way breaks off, once each.
    """

    def __init__(self, *keys: str, data: bytes = b"", page: int = PAGE) -> None:
        self.objects = dict.fromkeys(keys, data)
        self.denied: set[str] = set()
        self.refused = ""
        self.breaks: list[int] = []
        self.asked: list[dict[str, Any]] = []
        self._page = page

    @property
    def bucket(self) -> TrailBucket:
        return TrailBucket(self, "trail")

    def get_paginator(self, _operation: str) -> FakeS3:
        return self

    def paginate(self, **asked: Any) -> Iterator[dict[str, Any]]:
        keys = (key for key in self.objects if key.startswith(asked["Prefix"]))
        behind = sorted(key for key in keys if key > asked.get("StartAfter", ""))
        found = _grouped(behind, asked["Prefix"]) if "Delimiter" in asked else behind
        if self.refused:
            raise refusal(self.refused)
        for at in range(0, len(found), self._page) or [0]:
            self.asked.append(asked)
            some = found[at : at + self._page]
            folders = [key for key in some if "Delimiter" in asked and key.endswith("/")]
            yield {
                "Contents": [
                    {"Key": key, "Size": len(self.objects[key])}
                    for key in some
                    if key not in folders
                ],
                "CommonPrefixes": [{"Prefix": key} for key in folders],
                "IsTruncated": at + self._page < len(found),
            }

    def get_object(self, **asked: Any) -> dict[str, Any]:
        self.asked.append(asked)
        key = asked["Key"]
        if key in self.denied:
            raise refusal("AccessDenied")
        if key not in self.objects:
            raise refusal("NoSuchKey")
        begin = int(asked.get("Range", "bytes=0-")[len("bytes=") : -1])
        end = self.breaks.pop(0) if self.breaks else None
        return {"Body": Body(self.objects[key][begin:end], broken=end is not None)}


def _grouped(keys: list[str], prefix: str) -> list[str]:
    """As a delimiter has it: what lies in folders counts as the folder."""
    rest = (key[len(prefix) :].partition("/") for key in keys)
    return sorted({prefix + head + slash for head, slash, _ in rest})


class Body:
    def __init__(self, data: bytes, broken: bool) -> None:
        self._data = data
        self._broken = broken

    def iter_chunks(self, _size: int) -> Iterator[bytes]:
        yield from (self._data[at : at + 2] for at in range(0, len(self._data), 2))
        if self._broken:
            raise IncompleteReadError(actual_bytes=0, expected_bytes=1)


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": code}}, "GetObject")
