"""CloudTrail's side: the role that writes to the log group, the trail."""

from __future__ import annotations

from typing import Any

from chalicelib.monitoring.selectors import left_out
from provisioning.change import Call, NotYet, Part
from provisioning.function_roles import role_parts
from provisioning.installation import Installation
from provisioning.policies import document, role_policy

# CreateTrail tries the role at once, while IAM still spreads it.
ROLE_NOT_YET = (
    NotYet("InvalidCloudWatchLogsRoleArnException"),
    NotYet("InvalidCloudWatchLogsLogGroupArnException", "Access denied"),
    NotYet("CloudWatchLogsDeliveryUnavailableException"),
    NotYet("InsufficientS3BucketPolicyException"),
)


def role(at: Installation) -> list[Part]:
    """The role that CloudTrail writes its log group with; nothing where the trail is adopted."""
    if not at.owns_trail or at.reads_files:
        return []
    return [*_role(at), _rights(at)]


def _role(at: Installation) -> list[Part]:
    # No condition on the caller: AWS does not say that CloudTrail sends aws:SourceArn here.
    principal = {"Service": "cloudtrail.amazonaws.com"}
    trust = document({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal})
    delete = Call(service="iam", operation="delete_role", parameters={"RoleName": at.role})
    why = "CloudTrail assumes it to write the log group"
    return role_parts(at, at.role, trust, why=why, compared=trust, remove=(delete,))


def _rights(at: Installation) -> Part:
    statement = {
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": _streams(at),
    }
    return role_policy(
        at.role,
        "write-log",
        document(statement),
        title=f"IAM role {at.role}: policy",
        why="two actions on this trail's streams of this log group",
    )


def _streams(at: Installation) -> list[str]:
    # Source: CloudTrail user guide, "Role policy document for CloudTrail to use CloudWatch Logs".
    owners = [f"{at.trail_owner}_CloudTrail_{at.region}*"]
    if at.organization_id:
        owners.append(f"{at.organization_id}_*")
    return [f"{at.log_group_arn}:log-stream:{owner}" for owner in owners]


def trail(at: Installation) -> list[Part]:
    """The trail, what it records and that it is on; nothing where it is adopted."""
    if not at.owns_trail:
        return []
    wanted = {
        "S3BucketName": at.bucket,
        "IncludeGlobalServiceEvents": True,
        "IsMultiRegionTrail": True,
        "LogFileValidationEnabled": True,
        **_told_by(at),
        "IsOrganizationTrail": at.choices.organization,
        **({"KmsKeyId": at.key} if at.key else {}),
    }
    settings = {
        "EnableLogFileValidation" if key == "LogFileValidationEnabled" else key: value
        for key, value in wanted.items()
    }
    not_yet = ROLE_NOT_YET if at.owns_bucket else ROLE_NOT_YET[:-1]  # another's policy stays wrong
    named = {"Name": at.trail, "TagsList": at.tag_pairs}
    create = _cloudtrail("create_trail", at, not_yet, **named, **settings)
    change = _cloudtrail("update_trail", at, not_yet, **settings)
    return [
        Part(
            title=f"Trail {at.trail}",
            why="every region, global services, validated log files"
            + (", told of by the topic" if at.reads_files else ", into the log group"),
            read=_cloudtrail("get_trail", at),
            see=lambda response: {key: response["Trail"].get(key) for key in wanted},
            wanted=wanted,
            absent=("TrailNotFoundException",),
            create=(create,),
            change=(change,),
            remove=(_cloudtrail("delete_trail", at),),
        ),
        *([_recording(at)] if at.trail_is_there else []),
        Part(
            title=f"Trail {at.trail}: logging",
            why="a trail is made switched off",
            read=_cloudtrail("get_trail_status", at),
            see=lambda response: response.get("IsLogging") or None,
            absent=("TrailNotFoundException",),
            create=(_cloudtrail("start_logging", at),),
        ),
    ]


def _told_by(at: Installation) -> dict[str, str]:
    """How its records, or the news of its files, come to us."""
    if at.reads_files:
        return {"SnsTopicName": at.files_topic.rpartition(":")[2]}
    return {
        "CloudWatchLogsLogGroupArn": f"{at.log_group_arn}:*",
        "CloudWatchLogsRoleArn": at.role_arn,
    }


def _recording(at: Installation) -> Part:
    """A new trail records every management event; one that is there may leave some out."""
    trail = {"TrailName": at.trail_id}
    every = [{"ReadWriteType": "All", "IncludeManagementEvents": True}]
    put = {**trail, "EventSelectors": every}
    return Part(
        title=f"Trail {at.trail}: management events",
        why="all of them, reads and writes",
        read=Call(service="cloudtrail", operation="get_event_selectors", parameters=trail),
        see=records_everything,
        wanted=True,
        absent=("TrailNotFoundException",),
        create=(Call(service="cloudtrail", operation="put_event_selectors", parameters=put),),
    )


def records_everything(response: dict[str, Any]) -> bool:
    """Whether get_event_selectors' answer takes in every management event."""
    return left_out(response) == ()


def _cloudtrail(
    operation: str, at: Installation, not_yet: tuple[NotYet, ...] = (), **parameters: Any
) -> Call:
    return Call(
        service="cloudtrail",
        operation=operation,
        parameters={"Name": at.trail_id, **parameters},
        not_yet=not_yet,
    )
