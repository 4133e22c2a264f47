"""What is adopted: looked up, and required to be there."""

from __future__ import annotations

from dataclasses import replace

from botocore.exceptions import ClientError

from chalicelib.aws import code_of
from chalicelib.monitoring.selectors import READS, WRITES, left_out
from provisioning.aws import Aws
from provisioning.change import Call
from provisioning.choices import Choices
from provisioning.errors import DENIED, OperatorError, explain
from provisioning.installation import Installation
from provisioning.trails import Trail, adopt

# What CloudTrail may say of an organization's trail to an account that does not own it.
UNKNOWN_TO_OTHERS = frozenset({"OperationNotPermittedException", "TrailNotFoundException"})


def adopting(aws: Aws, at: Installation, trails: list[Trail]) -> Installation:
    """The installation with what it adopts looked up. Raises OperatorError."""
    at = with_trail(at, trails)
    _require_log_group(aws, at)
    _require_bucket(aws, at)
    at = _in_organization(aws, at)
    there = any(one.arn == at.trail_arn for one in trails)
    return replace(at, trail_is_there=there, left_out=_left_out(aws, at))


def require_one_source(choices: Choices) -> None:
    """By S3, what tells of the files must be known, and the log group's choices say nothing."""
    if choices.source != "s3":
        given = [
            name
            for name in ("topic", "bucket_owner", "bucket_key")
            if getattr(choices, name) is not None
        ]
        if given:
            options = ", ".join(f"--{name.replace('_', '-')}" for name in given)
            raise OperatorError(f'{options}: say --source s3 as well, or take it back with ""')
        return
    if choices.trail or choices.log_group:
        raise OperatorError(
            "--source s3 reads files: --trail and --log-group are for --source logs. Name the "
            "bucket that the trail writes to, --bucket, and the topic that tells of it, --topic"
        )
    if choices.bucket and not choices.topic:
        raise OperatorError(
            f"--bucket {choices.bucket} with --source s3 needs --topic ARN, the SNS topic that "
            "tells of its files: docs/operating.md, By S3, says how its owner makes one"
        )


def _left_out(aws: Aws, at: Installation) -> tuple[str, ...]:
    """What an adopted trail does not record; nothing where its owner lets nobody ask."""
    if at.choices.trail is None:
        return ()
    asked = {"TrailName": at.trail_arn}
    call = Call(service="cloudtrail", operation="get_event_selectors", parameters=asked)
    unsaid = DENIED | UNKNOWN_TO_OTHERS if at.trail_is_anothers else DENIED
    selectors = aws.find(call, unsaid, f"reading what {at.trail} records")
    if selectors is None:
        return ()
    found = left_out(selectors)
    return (READS, WRITES) if found is None else found


def _in_organization(aws: Aws, at: Installation) -> Installation:
    if not (at.choices.organization and at.owns_trail):
        return at
    call = Call(service="organizations", operation="describe_organization")
    found = aws.read(call)["Organization"]
    return replace(at, organization_id=found["Id"], management_account=found["MasterAccountId"])


def with_trail(at: Installation, trails: list[Trail]) -> Installation:
    """With the trail that was chosen, or the one that feeds the chosen log group."""
    choices = at.choices
    if choices.trail is None and choices.log_group is not None:
        feeding = [one for one in trails if one.log_group == choices.log_group]
        others = [one for one in feeding if one.arn != at.trail_arn]
        choices = replace(choices, trail=others[0].name) if others else choices
    if choices.trail is None:
        return at
    trail = adopt(at, trails, choices.trail)
    return replace(
        at, choices=choices, adopted_log_group=trail.log_group, adopted_trail_arn=trail.arn
    )


def _require_log_group(aws: Aws, at: Installation) -> None:
    if at.choices.log_group is None:
        return
    call = Call(
        service="logs",
        operation="describe_log_groups",
        parameters={"logGroupNamePrefix": at.log_group},
    )
    if at.log_group not in [one["logGroupName"] for one in aws.read(call)["logGroups"]]:
        raise OperatorError(
            f"no log group {at.log_group} in {at.region}: check --log-group and --region"
        )


def _require_bucket(aws: Aws, at: Installation) -> None:
    if at.choices.bucket is None or not at.owns_trail:
        return
    call = Call(service="s3", operation="head_bucket", parameters={"Bucket": at.bucket})
    try:
        aws.send(call)
    except ClientError as error:
        if code_of(error) in ("404", "NoSuchBucket"):
            raise OperatorError(f"no bucket {at.bucket}: check --bucket") from error
        # An archive account's bucket is seldom open to look at; CloudTrail tries it itself.
        if code_of(error) != "403":
            raise explain(error, f"reading the bucket {at.bucket}") from error
