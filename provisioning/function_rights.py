"""What the functions may do: whether their roles still have the policies that lie in .chalice."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from provisioning.aws import Aws
from provisioning.change import Call
from provisioning.errors import OperatorError, is_denied
from provisioning.function_roles import REST
from provisioning.installation import Installation
from provisioning.options import CONFIG
from provisioning.rows import Row, State, deploy_step, unreadable
from provisioning.survey import Survey

FILE = "iam_policy_file"  # Chalice's name of it
GONE = ("NoSuchEntity",)


def rights_rows(aws: Aws, seen: Survey, config: Mapping[str, Any]) -> Iterator[Row]:
    """A row for each function whose policy .chalice/config.json names: its role, whatever that is
    called (CloudFormation chooses names), has that policy among its own.
    """
    for name, options in config.get("lambda_functions", {}).items():
        full = seen.at.function(None if name == REST else name)
        found = seen.functions.get(full)
        if found and FILE in options:
            role = str(found["Role"]).rpartition("/")[2]
            yield _row(aws, seen.at, f"Function {full}: rights", role, options[FILE])


def _row(aws: Aws, at: Installation, part: str, role: str, file: str) -> Row:
    wanted = json.loads((CONFIG.parent / file).read_text())
    try:
        own = _policies(aws, role, part)
    except OperatorError as error:
        if not is_denied(error):
            raise
        return unreadable(part, "iam:ListRolePolicies, iam:GetRolePolicy")
    if own is None:
        return Row(part, State.DIFFERS, f"its role {role} is gone", deploy_step(at))
    if wanted not in own:
        how = f"its role {role} has no policy that is .chalice/{file}"
        return Row(part, State.DIFFERS, how, deploy_step(at))
    return Row(part, State.OK)


def _policies(aws: Aws, role: str, part: str) -> list[Any] | None:
    """The role's inline policies; None where there is no such role."""
    doing, named = f"reading the {part}", {"RoleName": role}
    listed = aws.find(_iam("list_role_policies", **named), GONE, doing)
    if listed is None:
        return None
    calls = [_iam("get_role_policy", **named, PolicyName=one) for one in listed["PolicyNames"]]
    read = [aws.find(call, GONE, doing) for call in calls]
    return [one["PolicyDocument"] for one in read if one]


def _iam(operation: str, **parameters: str) -> Call:
    return Call(service="iam", operation=operation, parameters=parameters)
