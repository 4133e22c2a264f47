"""Log groups: the one that CloudTrail writes to, and the functions' own."""

from __future__ import annotations

from typing import Any

from provisioning.change import Call, Part
from provisioning.installation import Installation


def log_group(at: Installation) -> list[Part]:
    """Nothing where the log group is adopted."""
    if not at.owns_log_group:
        return []
    why = "CloudTrail's records pass through here to Trailbell"
    group, *more = group_parts(
        at, at.log_group, why, days=at.choices.log_days, data=True, key=at.key
    )
    return [group, *([_key(at, group.read)] if at.key else []), *more]


def _key(at: Installation, read: Call) -> Part:
    named = {"logGroupName": at.log_group, "kmsKeyId": at.key}

    def see(response: dict[str, Any]) -> str | None:
        group = _named(response, at.log_group)
        return group.get("kmsKeyId", "CloudWatch Logs' own") if group else None

    return Part(
        title=f"Log group {at.log_group}: key",
        why="what comes from now on is encrypted with the key that was chosen",
        read=read,
        see=see,
        wanted=at.key,
        create=(read,),  # a group that was made with it has it
        change=(_logs("associate_kms_key", **named),),
    )


def group_parts(
    at: Installation,
    name: str,
    why: str,
    *,
    days: int,
    data: bool,
    goes_after: str | None = None,
    key: str | None = None,
) -> list[Part]:
    """A log group and its retention; removed only once the function `goes_after` is gone."""
    read = _logs("describe_log_groups", logGroupNamePrefix=name)
    create = Call(
        service="logs",
        operation="create_log_group",
        parameters={
            "logGroupName": name,
            "tags": at.tags,
            **({"kmsKeyId": key} if key else {}),
        },
        done=("ResourceAlreadyExistsException",),
    )
    keep = {"logGroupName": name, "retentionInDays": days}
    return [
        Part(
            title=f"Log group {name}",
            why=why,
            read=read,
            see=lambda response: _named(response, name),
            create=(create,),
            remove=(_logs("delete_log_group", logGroupName=name),),
            data=data,
            goes_after=goes_after,
        ),
        Part(
            title=f"Log group {name}: retention",
            why=f"lines expire after {days} days instead of never",
            read=read,
            see=lambda response: (_named(response, name) or {}).get("retentionInDays"),
            wanted=days,
            create=(_logs("put_retention_policy", **keep),),
        ),
    ]


def left_group(function: str) -> Part:
    """A function's log group as Chalice made it: only ever removed, once the function is gone."""
    name = f"/aws/lambda/{function}"
    return Part(
        title=f"Log group {name}",
        why="chalice delete leaves it",
        read=_logs("describe_log_groups", logGroupNamePrefix=name),
        see=lambda response: _named(response, name),
        remove=(_logs("delete_log_group", logGroupName=name),),
        goes_after=function,
    )


def _named(response: dict[str, Any], name: str) -> dict[str, Any] | None:
    groups = response.get("logGroups", [])
    return next((group for group in groups if group["logGroupName"] == name), None)


def _logs(operation: str, **parameters: Any) -> Call:
    return Call(service="logs", operation=operation, parameters=parameters)
