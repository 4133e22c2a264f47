"""Records of the sample trail, by who called what and from where."""

from __future__ import annotations

from typing import Any

ACCOUNT = "111122223333"
REGION = "eu-west-1"
CONSOLE = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CLI = "aws-cli/2.31.3 md/awscrt#0.27.6 ua/2.1 os/linux#6.8 lang/python#3.13.7 md/command#{}"
TERRAFORM = "APN/1.0 HashiCorp/1.0 Terraform/1.13.3 terraform-provider-aws/6.14.0"
BOTO = "Boto3/1.40.40 md/Botocore#1.40.40 ua/2.1 os/linux#6.8 lang/python#3.12.3"
OFFICE, HOME, CAFE, CI = "192.0.2.10", "198.51.100.23", "203.0.113.77", "192.0.2.200"

Record = dict[str, Any]

SSH_FROM_ALL: Record = {
    "ipPermissions": {
        "items": [
            {
                "ipProtocol": "tcp",
                "fromPort": 22,
                "toPort": 22,
                "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]},
            }
        ]
    }
}


def user(name: str, mfa: bool = False) -> Record:
    """An IAM user's identity."""
    return {
        "type": "IAMUser",
        "principalId": f"AIDA{name.upper():X<17.17}",
        "arn": f"arn:aws:iam::{ACCOUNT}:user/{name}",
        "accountId": ACCOUNT,
        "userName": name,
        "sessionContext": {"attributes": {"mfaAuthenticated": "true" if mfa else "false"}},
    }


def role(name: str, session: str, service: str | None = None) -> Record:
    """A role's session; of a service-linked role where a service is named."""
    identity = {
        "type": "AssumedRole",
        "principalId": f"AROAEXAMPLE:{session}",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/{session}",
        "accountId": ACCOUNT,
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": "AROAEXAMPLE",
                "arn": f"arn:aws:iam::{ACCOUNT}:role/{name}",
                "accountId": ACCOUNT,
                "userName": name,
            },
            "attributes": {"mfaAuthenticated": "false"},
        },
    }
    return {**identity, "invokedBy": f"{service}.amazonaws.com"} if service else identity


def service_identity(service: str) -> Record:
    """An AWS service acting by itself."""
    return {"type": "AWSService", "invokedBy": f"{service}.amazonaws.com"}


def call(
    who: Record,
    operation: str,
    request: Record,
    *,
    agent: str = CONSOLE,
    ip: str = OFFICE,
    console: bool = False,
    reads: bool = False,
    answer: Record | None = None,
    error: tuple[str, str] | None = None,
) -> Record:
    """One API call; `operation` as IAM writes it, `service:Name`."""
    service, name = operation.split(":")
    record: Record = {
        "eventType": "AwsApiCall",
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "userIdentity": who,
        "sourceIPAddress": ip,
        "userAgent": agent,
        "readOnly": reads,
        "requestParameters": request or None,
        "responseElements": answer,
    }
    if console:
        record["sessionCredentialFromConsole"] = "true"
    if error:
        record["errorCode"], record["errorMessage"] = error
    return record


def cli_call(who: Record, operation: str, request: Record, ip: str = HOME, **more: Any) -> Record:
    """The same from a terminal."""
    command = operation.replace(":", ".").lower()
    return call(who, operation, request, agent=CLI.format(command), ip=ip, **more)


def sign_in(who: Record, *, ip: str, mfa: str, failed: bool = False) -> Record:
    """A console sign-in."""
    record = call(who, "signin:ConsoleLogin", {}, ip=ip)
    record["eventType"] = "AwsConsoleSignIn"
    record["responseElements"] = {"ConsoleLogin": "Failure" if failed else "Success"}
    record["additionalEventData"] = {
        "LoginTo": "https://console.aws.amazon.com/console/home",
        "MobileVersion": "No",
        "MFAUsed": mfa,
    }
    if failed:
        record["errorMessage"] = "Failed authentication"
    return record
