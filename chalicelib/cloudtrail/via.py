"""By what means a call was made: console, CLI, an SDK, a tool, an AWS service."""

from __future__ import annotations

import re

from chalicelib.cloudtrail.identity import text
from chalicelib.cloudtrail.record import Record

CONSOLE = "console"
SERVICE_SUFFIX = ".amazonaws.com"

# What a user agent says, the most telling first: infrastructure code runs on top of an SDK.
TOOLS = (
    ("cloudformation.amazonaws.com", "CloudFormation"),
    ("aws-cdk", "CDK"),
    ("cdk/", "CDK"),
    ("opentofu", "OpenTofu"),
    ("terraform", "Terraform"),
    ("pulumi", "Pulumi"),
    ("ansible", "Ansible"),
    ("eksctl", "eksctl"),
    ("aws-sam-cli", "SAM CLI"),
    ("serverless", "Serverless Framework"),
    ("s3 browser", "S3 Browser"),
    ("cloudcustodian", "Cloud Custodian"),
    ("awspowershell", "AWS Tools for PowerShell"),
    ("aws.tools", "AWS Tools for PowerShell"),
    ("exec-env/cloudshell", "CLI in CloudShell"),
    ("aws-cli", "AWS CLI"),
    ("console.amazonaws.com", CONSOLE),
    ("signin.amazonaws.com", CONSOLE),
    ("s3console", CONSOLE),
    ("awsconsole", CONSOLE),
    ("aws-internal/3 aws-sdk-java", CONSOLE),
    ("boto", "SDK for Python (boto3)"),
    ("aws-sdk-go", "SDK for Go"),
    ("aws-sdk-js", "SDK for JavaScript"),
    ("aws-sdk-nodejs", "SDK for JavaScript"),
    ("aws-sdk-java", "SDK for Java"),
    ("aws-sdk-kotlin", "SDK for Kotlin"),
    ("aws-sdk-dotnet", "SDK for .NET"),
    ("aws-sdk-net", "SDK for .NET"),
    ("aws-sdk-php", "SDK for PHP"),
    ("aws-sdk-ruby", "SDK for Ruby"),
    ("aws-sdk-rust", "SDK for Rust"),
    ("aws-sdk-swift", "SDK for Swift"),
    ("aws-sdk-cpp", "SDK for C++"),
    ("mozilla/", CONSOLE),
)
CONSOLE_AGENT = re.compile(r"console\.[\w.-]+\.amazonaws\.com(\.cn)?")
# A program's own name for itself, without its version and run number.
PRODUCT = re.compile(r"[A-Za-z][A-Za-z0-9 .+-]{1,39}?(?=[/_(\[,;]|$)")
# Parts of a user agent that say what is called, and how. Source: botocore's useragent.py, and the
# CLI's "md/command#iam.create-user", "md/prompt#off".
OF_THE_CALL = re.compile(r"(?:api|cfg|ft|m)/|md/(?:command|prompt)#")


def agent_of(record: Record) -> str:
    """The user agent as a programme has it, whatever it calls."""
    parts = record.user_agent.strip("[]").split()
    return " ".join(part for part in parts if not OF_THE_CALL.match(part))


def via(record: Record) -> str:
    """In a few words, or "" where nothing tells. A user agent is the caller's own word.

    `sessionCredentialFromConsole` is CloudTrail's word, so it comes first: the string "true".
    """
    if str(record.raw.get("sessionCredentialFromConsole")).lower() == "true":
        return CONSOLE
    if record.event_type.lower() in ("awsconsolesignin", "awsconsoleaction"):
        return CONSOLE
    invoked_by = text(record.user_identity.get("invokedBy"))
    if invoked_by.endswith(SERVICE_SUFFIX):
        return _service(invoked_by)
    return _agent(text(record.user_agent.strip("[]")), record)


def _service(name: str) -> str:
    short = name.removesuffix(SERVICE_SUFFIX)
    known = {"cloudformation": "CloudFormation", "signin": CONSOLE}
    return known.get(short, f"AWS service {short}")


def _agent(agent: str, record: Record) -> str:
    lower = agent.lower()
    if CONSOLE_AGENT.search(lower):
        return CONSOLE
    found = next((name for mark, name in TOOLS if mark in lower), "")
    if found:
        return found
    if lower.endswith(SERVICE_SUFFIX):
        return _service(agent)
    if record.source_ip.endswith(SERVICE_SUFFIX):
        return _service(record.source_ip)
    if lower == "aws internal" or record.source_ip == "AWS Internal":
        return "AWS service"
    product = PRODUCT.match(agent)
    return product[0].strip() if product else ""
