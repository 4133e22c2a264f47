"""What `apply` makes, as a CloudFormation template: for whoever deploys by a pipeline.

It is made from the very parts that `apply` makes, call by call, so the two cannot differ. Account,
region and partition are CloudFormation's own. What needs the functions waits for the parameter
FunctionsDeployed. Secrets are not in it: CloudFormation makes no SecureString.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from chalicelib.settings import FUNCTIONS
from provisioning.adoption import require_one_source
from provisioning.change import Part
from provisioning.choices import Choices
from provisioning.errors import OperatorError
from provisioning.installation import Installation
from provisioning.parameters import Values
from provisioning.parts import parts
from provisioning.template_resources import OWN_KEY, Properties, made_by

PARTITION, ACCOUNT, REGION = "${AWS::Partition}", "${AWS::AccountId}", "${AWS::Region}"
LAST = "FunctionsDeployed"
# ${…} that is not CloudFormation's stands in policies, and must pass Fn::Sub as it is.
_FOREIGN = re.compile(r"\$\{(?!AWS::|Key\.Arn\})")


def template(app: str, stage: str, choices: Choices, values: Values, pattern: str) -> str:
    """The template as JSON. Raises OperatorError where it would have to ask AWS."""
    require_one_source(choices)
    adopted = [choices.trail, choices.log_group]
    if any(adopted) or choices.organization:
        raise OperatorError(
            "an adopted trail or log group and an organization trail must be looked up: "
            "setup_resources.py apply makes those (a template takes --source s3 with --bucket)"
        )
    at = Installation(
        app=app,
        stage=stage,
        partition=PARTITION,
        account=ACCOUNT,
        region=REGION,
        choices=choices,
        own_key=OWN_KEY,
    )
    values = replace(
        values,
        slack_token=None,
        slack_signing_secret=None,
        api_token=None,
        webhook_url=None,
        webhook_secret=None,
    )
    functions = frozenset(at.function(name) for name in (None, *_deployed(at)))
    wanted = parts(at, values, functions, pattern, ())
    return json.dumps(_document(at, wanted), indent=2)


def _deployed(at: Installation) -> Iterator[str]:
    """Those that every stage has, and that of the way chosen."""
    ways = {"ingest_events": False, "ingest_files": at.reads_files}
    yield from (name for name in FUNCTIONS if ways.get(name, True))


def _document(at: Installation, wanted: list[Part]) -> dict[str, Any]:
    resources: dict[str, Any] = {}
    for part in wanted:
        for call in part.create:
            for kind, name, properties in made_by(call):
                _add(resources, part, kind, name, properties)
    _order(resources)
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"What {at.deployment} needs besides its functions; secrets apart.",
        "Parameters": {
            LAST: {
                "Type": "String",
                "AllowedValues": ["yes", "no"],
                "Default": "no",
                "Description": "yes once the functions are deployed: update the stack then",
            }
        },
        "Conditions": {LAST: {"Fn::Equals": [{"Ref": LAST}, "yes"]}},
        "Resources": resources,
    }


def _add(
    resources: dict[str, Any], part: Part, kind: str, name: str, properties: Properties
) -> None:
    """A resource, or more of one that an earlier call began."""
    key = _logical(kind, name)
    new = {"Type": kind, "Properties": {}}
    if part.function:
        new["Condition"] = LAST
    if part.data:
        new |= {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
    there = resources.setdefault(key, new)
    there["Properties"] |= _substituted(properties)


def _order(resources: dict[str, Any]) -> None:
    """What AWS tries at once must be there: a bucket's policy, a role's rights, a permission."""
    before = {
        "AWS::CloudTrail::Trail": (
            "AWS::S3::BucketPolicy",
            "AWS::IAM::RolePolicy",
            "AWS::Logs::LogGroup",
            "AWS::SNS::TopicPolicy",
        ),
        "AWS::IAM::RolePolicy": ("AWS::IAM::Role",),
        "AWS::Logs::SubscriptionFilter": ("AWS::Lambda::Permission",),
        "AWS::Lambda::EventInvokeConfig": ("AWS::S3::Bucket",),
        "AWS::S3::BucketPolicy": ("AWS::S3::Bucket",),
        "AWS::SNS::Subscription": ("AWS::SQS::Queue", "AWS::SNS::Topic"),
    }
    for resource in resources.values():
        kinds = before.get(resource["Type"], ())
        needed = sorted(
            key
            for key, each in resources.items()
            if each["Type"] in kinds and each.get("Condition") in (None, resource.get("Condition"))
        )
        if needed:
            resource["DependsOn"] = needed


def _logical(kind: str, name: str) -> str:
    words = re.sub(r"\$\{[^}]*\}", "", name)
    return kind.split("::")[2] + "".join(
        word.title() for word in re.findall(r"[A-Za-z0-9]+", words)
    )


def _substituted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _substituted(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_substituted(each) for each in value]
    if isinstance(value, str) and ("${AWS::" in value or OWN_KEY in value):
        return {"Fn::Sub": _FOREIGN.sub("${!", value)}
    return value
