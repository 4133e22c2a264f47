"""CloudTrail records of our own making."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from tests.e2e.cloud import ACCOUNT, REGION


def stop_logging(**changes: Any) -> dict[str, Any]:
    """Somebody switches a trail off in the console: critical. A fresh eventID each time."""
    return {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "IAMUser",
            "principalId": "AIDAEXAMPLE",
            "arn": f"arn:aws:iam::{ACCOUNT}:user/mallory",
            "accountId": ACCOUNT,
            "userName": "mallory",
        },
        "eventTime": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": "cloudtrail.amazonaws.com",
        "eventName": "StopLogging",
        "awsRegion": REGION,
        "sourceIPAddress": "192.0.2.7",
        "userAgent": "console.amazonaws.com",
        "requestParameters": {"name": f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/company"},
        "responseElements": None,
        "requestID": str(uuid.uuid4()),
        "eventID": str(uuid.uuid4()),
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
        "sessionCredentialFromConsole": "true",
        **changes,
    }


def by(user: str, **changes: Any) -> dict[str, Any]:
    """The same by a user of this name, which makes its messages findable."""
    record = stop_logging(**changes)
    record["userIdentity"]["userName"] = user
    record["userIdentity"]["arn"] = f"arn:aws:iam::{ACCOUNT}:user/{user}"
    return record


def uninteresting(user: str) -> dict[str, Any]:
    """A read that no rule matches."""
    return by(
        user,
        eventSource="ec2.amazonaws.com",
        eventName="DescribeInstances",
        readOnly=True,
        requestParameters=None,
    )
