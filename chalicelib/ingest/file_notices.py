"""The notice that a file was written to a trail's bucket, as a queue carries it (pure).

Taken are S3's event notification, CloudTrail's own notification and EventBridge's "Object
Created", each as it is or in SNS's envelope. Sources: S3 user guide, "Event message structure";
CloudTrail user guide, "Configuring Amazon SNS notifications for CloudTrail"; EventBridge user
guide, "Amazon S3 events".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

from chalicelib.ingest.json_text import JSONTextError, loads

# S3 and CloudTrail try a destination so once, when it is set up.
_TEST_EVENT, _VALIDATION = "s3:TestEvent", "CloudTrail validation message."


class FileNotice(NamedTuple):
    """Where a file was written; `size` in bytes, None where the notice does not say."""

    bucket: str
    key: str
    size: int | None = None


class FileNoticeError(ValueError):
    """A message that tells of no file."""


def files_of(body: str) -> list[FileNotice]:
    """The files that a message tells of; none where it only tries the way. Raises
    FileNoticeError.
    """
    try:
        return list(_notices(_unwrapped(body)))
    except (JSONTextError, AttributeError, KeyError, TypeError, UnicodeEncodeError) as error:
        raise FileNoticeError(f"the message tells of no file: {type(error).__name__}") from error


def _unwrapped(body: str) -> Any:
    """What SNS's envelope holds, or the message itself (raw delivery)."""
    if body.strip() == _VALIDATION:
        return body
    value = loads(body)
    if isinstance(value, dict) and isinstance(value.get("Message"), str) and "TopicArn" in value:
        return _unwrapped(value["Message"])
    return value


def _notices(value: Any) -> Iterator[FileNotice]:
    if isinstance(value, str) or value.get("Event") == _TEST_EVENT:
        return
    if "s3ObjectKey" in value:
        keys = value["s3ObjectKey"]
        if not isinstance(keys, list):
            raise TypeError("keys that are no list")
        yield from (_notice(value["s3Bucket"], key) for key in keys)
    elif "detail" in value:
        yield _of_s3(value["detail"], value["detail"]["object"]["key"])
    else:
        # Keys are encoded as in a URL's query here, and here alone.
        for record in value["Records"]:
            yield _of_s3(record["s3"], unquote_plus(record["s3"]["object"]["key"]))


def _of_s3(told: Any, key: str) -> FileNotice:
    size = told["object"].get("size")
    return _notice(told["bucket"]["name"], key, size if isinstance(size, int) else None)


def _notice(bucket: Any, key: Any, size: int | None = None) -> FileNotice:
    if not isinstance(bucket, str) or not isinstance(key, str):
        raise TypeError("a bucket or a key that is no text")
    key.encode()  # half of a surrogate pair is no text either, and S3 could not be asked for it
    return FileNotice(bucket, key, size)
