"""The bucket as a person's command asks it, and its refusals as a sentence with the next step."""

from __future__ import annotations

import os
from functools import cache
from threading import Lock
from typing import Any

from chalicelib import aws
from chalicelib.aws import code_of
from chalicelib.aws_errors import explained
from chalicelib.stores.trail_bucket import BucketError, NoFileError, TrailBucket

# How many calls are under way at once.
CALLS_AT_ONCE = 16
_making = Lock()
_POLICY = "s3:ListBucket on the bucket and s3:GetObject on its keys"
_NO_NAME = "that is no bucket's name: it is s3://BUCKET/PREFIX"
# By S3's code, or botocore's class. Source of the codes: S3 API reference, "Error responses".
_NO_BUCKET = {
    "AccessDenied": f"these credentials need {_POLICY}; or set another AWS_PROFILE, and "
    "--requester-pays where the bucket wants it",
    "NoSuchBucket": "no such bucket: is its name right?",
    "InvalidBucketName": _NO_NAME,
    "ParamValidationError": _NO_NAME,
    "PermanentRedirect": "set AWS_DEFAULT_REGION to the bucket's region",
    "AuthorizationHeaderMalformed": "set AWS_DEFAULT_REGION to the bucket's region",
    "IllegalLocationConstraintException": "set AWS_DEFAULT_REGION to the bucket's region",
}
_NO_FILE = {
    "AccessDenied": "access denied: these credentials need s3:GetObject on it, and kms:Decrypt on "
    "the key that it is encrypted with",
    "InvalidObjectState": "it lies in an archive of S3's: restore it first (aws s3api "
    "restore-object)",
    "NoSuchKey": "it is gone",
}


def bucket_of(name: str, requester_pays: bool) -> TrailBucket:
    """The bucket of this name, for this process. Raises BotoCoreError."""
    return TrailBucket(client(os.getpid()), name, requester_pays=requester_pays)


def client(process: int) -> Any:
    """One for each process: a child must not share its parent's connections."""
    with _making:
        return made_for(process)


@cache
def made_for(_process: int) -> Any:
    """See client, which is safe among threads."""
    from boto3.session import Session

    config = aws.PERSON.config(max_pool_connections=CALLS_AT_ONCE, tcp_keepalive=True)
    return Session().client("s3", config=config)


def why_no_bucket(error: Exception) -> str:
    """Why it cannot be listed, and what to do."""
    return _NO_BUCKET.get(_code(error)) or explained(error)


def why_no_file(error: Exception) -> str:
    """Why one file cannot be read, without its name."""
    return _NO_FILE.get(_code(error)) or explained(_cause(error)).rstrip(".")


def may_pass(error: Exception) -> bool:
    """Whether the way to S3 broke while a file came, so that the rest may be asked for again."""
    return not hasattr(_cause(error), "response")


def _code(error: Exception) -> str:
    cause = _cause(error)
    return code_of(cause) if hasattr(cause, "response") else type(cause).__name__


def _cause(error: Exception) -> Exception:
    cause = error.__cause__ if isinstance(error, BucketError | NoFileError) else error
    return cause if isinstance(cause, Exception) else error
