"""CloudTrail records of our own making, for every test: `cloudtrail("StopLogging", …)`.

A record has the shape that CloudTrail writes (user guide, "CloudTrail record contents");
overrides are top-level fields under CloudTrail's own names. Its eventID derives from its content,
so that the same call makes the same record.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from typing import Any

ACCOUNT = "111122223333"
OTHER_ACCOUNT = "444455556666"
REGION = "eu-west-1"
OFFICE, HOME, CAFE = "192.0.2.10", "198.51.100.23", "203.0.113.77"

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CLI = "aws-cli/2.31.3 md/awscrt#0.27.6 ua/2.1 os/linux#6.8 lang/python#3.13.7"
BOTO3 = "Boto3/1.40.40 md/Botocore#1.40.40 ua/2.1 os/linux#6.8 lang/python#3.12.3"
TERRAFORM = "APN/1.0 HashiCorp/1.0 Terraform/1.13.3 terraform-provider-aws/6.14.0"

# Service by operation, where a test names only the operation.
SOURCES = {
    "ConsoleLogin": "signin",
    "StopLogging": "cloudtrail",
    "DeleteTrail": "cloudtrail",
    "CreateBucket": "s3",
    "PutBucketPolicy": "s3",
    "DeleteBucket": "s3",
    "CreateUser": "iam",
    "DeleteUser": "iam",
    "CreateAccessKey": "iam",
    "AttachUserPolicy": "iam",
    "RunInstances": "ec2",
    "StopInstances": "ec2",
    "TerminateInstances": "ec2",
    "DescribeInstances": "ec2",
    "AuthorizeSecurityGroupIngress": "ec2",
    "AssumeRole": "sts",
    "GetCallerIdentity": "sts",
}
DEFAULT_REQUESTS: dict[str, dict[str, Any]] = {
    "StopLogging": {"name": f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/main"}
}
READS = ("Describe", "Get", "List", "Head", "Lookup", "Search", "BatchGet")
NAMESPACE = uuid.UUID("3f0e3a52-6a6b-4f0c-8f0b-1d8a0a7c9a51")

Json = dict[str, Any]


def cloudtrail(
    eventName: str = "StopLogging",  # noqa: N803 - CloudTrail's own name
    *,
    source: str | None = None,
    without: Sequence[str] = (),
    **overrides: Any,
) -> Json:
    """One record. `source` is the service's short name ("ec2"); `without` leaves fields out."""
    service = source or SOURCES.get(eventName, "ec2")
    record: Json = {
        "eventVersion": "1.11",
        "userIdentity": iam_user(),
        "eventTime": "2026-01-02T03:04:05Z",
        "eventSource": f"{service}.amazonaws.com",
        "eventName": eventName,
        "awsRegion": REGION,
        "sourceIPAddress": OFFICE,
        "userAgent": CLI,
        "requestParameters": DEFAULT_REQUESTS.get(eventName),
        "responseElements": None,
        "requestID": "11111111-2222-4333-8444-555555555555",
        "readOnly": eventName.startswith(READS),
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
        **overrides,
    }
    canonical = json.dumps(record, sort_keys=True, default=str)
    record.setdefault("eventID", str(uuid.uuid5(NAMESPACE, canonical)))
    return {key: value for key, value in record.items() if key not in without}


def refused(record: Json, operation: str, on: str = "*", code: str = "AccessDenied") -> Json:
    """The same call, refused; `operation` as IAM writes it, `iam:DeleteUser`."""
    who = record["userIdentity"].get("arn", f"arn:aws:iam::{ACCOUNT}:user/alice")
    message = (
        f"User: {who} is not authorized to perform: {operation} on resource: {on} "
        f"because no identity-based policy allows the {operation} action"
    )
    return {**record, "errorCode": code, "errorMessage": message, "responseElements": None}


def console_login(
    identity: Json | None = None, *, mfa: str | None = "No", failed: bool = False, **overrides: Any
) -> Json:
    """A sign-in to the console; `mfa` None leaves MFAUsed out."""
    additional: Json = {
        "LoginTo": "https://console.aws.amazon.com/console/home",
        "MobileVersion": "No",
    }
    if mfa is not None:
        additional["MFAUsed"] = mfa
    fields: Json = {
        "eventType": "AwsConsoleSignIn",
        "awsRegion": "us-east-1",
        "userAgent": BROWSER,
        "userIdentity": identity or iam_user(),
        "responseElements": {"ConsoleLogin": "Failure" if failed else "Success"},
        "additionalEventData": additional,
    }
    if failed:
        fields["errorMessage"] = "Failed authentication"
    return cloudtrail("ConsoleLogin", **{**fields, **overrides})


def event_bridge(record: Json) -> Json:
    """The record as EventBridge hands it on."""
    signs_in = record.get("eventName") == "ConsoleLogin"
    kind = "AWS Console Sign In via CloudTrail" if signs_in else "AWS API Call via CloudTrail"
    return {
        "version": "0",
        "id": str(uuid.uuid5(NAMESPACE, str(record.get("eventID")))),
        "detail-type": kind,
        "source": f"aws.{str(record.get('eventSource', '')).split('.')[0]}",
        "account": ACCOUNT,
        "time": record.get("eventTime"),
        "region": record.get("awsRegion"),
        "resources": [],
        "detail": record,
    }


# Identities: one for every userIdentity.type
def iam_user(name: str = "alice", *, mfa: bool | None = None, **overrides: Any) -> Json:
    """An IAM user; `mfa` adds a session that knows."""
    identity: Json = {
        "type": "IAMUser",
        "principalId": "AIDA" + f"EXAMPLE{name.upper()}"[:17].ljust(17, "X"),
        "arn": f"arn:aws:iam::{ACCOUNT}:user/{name}",
        "accountId": ACCOUNT,
        "userName": name,
    }
    if mfa is not None:
        identity["sessionContext"] = {"attributes": _attributes(mfa)}
    return {**identity, **overrides}


def assumed_role(
    role: str = "deploy", session: str = "build-4711", *, mfa: bool = False, **overrides: Any
) -> Json:
    """A role's session."""
    return {
        "type": "AssumedRole",
        "principalId": f"AROA{'EXAMPLE':X<17}:{session}",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}",
        "accountId": ACCOUNT,
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": f"AROA{'EXAMPLE':X<17}",
                "arn": f"arn:aws:iam::{ACCOUNT}:role/{role}",
                "accountId": ACCOUNT,
                "userName": role,
            },
            "webIdFederationData": {},
            "attributes": _attributes(mfa),
        },
        **overrides,
    }


def sso_user(email: str = "dave@example.com", permission_set: str = "Developer") -> Json:
    """A person who came through IAM Identity Center: the session's name is theirs."""
    return assumed_role(f"AWSReservedSSO_{permission_set}_0123456789abcdef", email)


def role_with_source_identity(
    person: str = "erin", role: str = "admin", session: str = "session1"
) -> Json:
    """A role whose session carries a sourceIdentity."""
    identity = assumed_role(role, session)
    identity["sessionContext"]["sourceIdentity"] = person
    return identity


def web_identity_role(provider: str, subject: str, role: str = "ci", session: str = "run") -> Json:
    """A role taken with a token of an OpenID Connect provider."""
    identity = assumed_role(role, session)
    identity["sessionContext"]["webIdFederationData"] = {
        "federatedProvider": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{provider}",
        "attributes": {"sub": subject},
    }
    return identity


def root(*, mfa: bool = False, **overrides: Any) -> Json:
    """The account's root user."""
    return {
        "type": "Root",
        "principalId": ACCOUNT,
        "arn": f"arn:aws:iam::{ACCOUNT}:root",
        "accountId": ACCOUNT,
        "sessionContext": {"attributes": _attributes(mfa)},
        **overrides,
    }


def federated_user(name: str = "frank") -> Json:
    """A session of GetFederationToken, issued by an IAM user."""
    return {
        "type": "FederatedUser",
        "principalId": f"{ACCOUNT}:{name}",
        "arn": f"arn:aws:sts::{ACCOUNT}:federated-user/{name}",
        "accountId": ACCOUNT,
        "sessionContext": {
            "sessionIssuer": {
                "type": "IAMUser",
                "principalId": "AIDA" + "EXAMPLEALICEXXXXX",
                "arn": f"arn:aws:iam::{ACCOUNT}:user/alice",
                "accountId": ACCOUNT,
                "userName": "alice",
            },
            "attributes": _attributes(False),
        },
    }


def aws_service(service: str = "autoscaling") -> Json:
    """An AWS service that acts by itself."""
    return {"type": "AWSService", "invokedBy": f"{service}.amazonaws.com"}


def aws_account(account: str = OTHER_ACCOUNT, **overrides: Any) -> Json:
    """A principal of another account, which CloudTrail does not name."""
    return {
        "type": "AWSAccount",
        "principalId": f"AROA{'OTHER':X<17}:session",
        "accountId": account,
        **overrides,
    }


def identity_center_user() -> Json:
    """A user of IAM Identity Center, before any role."""
    return {
        "type": "IdentityCenterUser",
        "accountId": ACCOUNT,
        "onBehalfOf": {
            "userId": "544894e8-80c1-707f-60e3-3ba6510dfac1",
            "identityStoreArn": f"arn:aws:identitystore::{ACCOUNT}:identitystore/d-9067642ac7",
        },
        "credentialId": "EXAMPLEVHULjJdTUdPJfofVa1sufHDoj7aYcOYcxFVllWR_Whr1fEXAMPLE",
    }


def web_identity_user(name: str = "1234567", provider: str = "accounts.google.com") -> Json:
    """Who calls AssumeRoleWithWebIdentity."""
    return {
        "type": "WebIdentityUser",
        "principalId": f"{provider}:app.example.com:{name}",
        "userName": name,
        "identityProvider": provider,
    }


def saml_user(name: str = "grace@example.com") -> Json:
    """Who calls AssumeRoleWithSAML."""
    return {
        "type": "SAMLUser",
        "principalId": f"EXAMPLEqualifier=:{name}",
        "userName": name,
        "identityProvider": "EXAMPLEqualifier=",
    }


def unknown_user() -> Json:
    """An identity whose type CloudTrail could not tell."""
    return {"type": "Unknown", "principalId": "", "accountId": ACCOUNT}


def _attributes(mfa: bool) -> Json:
    return {"creationDate": "2026-01-02T03:00:00Z", "mfaAuthenticated": "true" if mfa else "false"}
