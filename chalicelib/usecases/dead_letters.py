"""Dead letters come home: the sweep takes in what Lambda gave up on, once the cause is gone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from chalicelib import aws
from chalicelib.settings import failure_bucket
from chalicelib.stores.failures import FailureBucket
from chalicelib.usecases.deployed import deployed
from chalicelib.usecases.homecoming import Homecoming, take_home

if TYPE_CHECKING:
    from chalicelib.usecases.parts import Parts

# S3 that hangs is asked again a minute later.
PATIENCE = aws.Patience(connect=2, read=5, attempts=1)


def bring_home(parts: Parts, function_arn: str, millis_left: Callable[[], float]) -> Homecoming:
    """Take in the next of what Lambda gave up on; nothing where there is no Lambda.

    `function_arn` is the sweep's own, which says account and region. Raises nothing: what cannot
    be done now is logged, and done by a later sweep.
    """
    deployment = parts.settings.deployment
    if not deployment or not function_arn:
        return Homecoming()
    region, account = function_arn.split(":")[3:5]
    s3 = aws.client("s3", PATIENCE)
    bucket = FailureBucket(s3, failure_bucket(deployment, account, region))
    return take_home(bucket, parts, millis_left, partial(deployed, parts.settings))
