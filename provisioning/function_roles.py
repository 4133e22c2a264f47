"""The functions' roles. Chalice makes them, and takes one of the name that is there already: so a
role that needs a permissions boundary or a path is made before it.

Read in Chalice 1.34.0's planner: of a role that exists it writes the policy alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from chalicelib.ingest.files_queue import VARIABLE as FILES
from chalicelib.rules.eventbridge import VARIABLE as EVENTBRIDGE
from chalicelib.settings import FUNCTIONS
from provisioning.change import ANYTHING, Call, Part
from provisioning.installation import Installation
from provisioning.policies import document

REST = "api_handler"
# Functions that a stage has only where its variable is not "off".
SWITCHED = {"ingest_events": EVENTBRIDGE, "ingest_files": FILES}


def deployed_by(config: Mapping[str, Any]) -> tuple[str, ...]:
    """The functions that the stage's part of .chalice/config.json deploys, by Chalice's names."""
    variables = config.get("environment_variables", {})

    def is_on(name: str) -> bool:
        return variables.get(SWITCHED[name]) not in (None, "", "off")

    return (REST, *(name for name in FUNCTIONS if name not in SWITCHED or is_on(name)))


def role_of(at: Installation, name: str) -> str:
    """The role of a function by Chalice's name."""
    return f"{at.deployment}-{name}"


def function_roles(at: Installation) -> list[Part]:
    """Nothing where neither boundary nor path was chosen: then they are Chalice's alone."""
    if not (at.choices.permissions_boundary or at.choices.role_path):
        return []
    return [part for name in at.deploys for part in _parts(at, name)]


def _parts(at: Installation, name: str) -> list[Part]:
    role = role_of(at, name)
    trust = document(
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "lambda.amazonaws.com"},
        }
    )
    named = {"RoleName": role}
    own_policy = {**named, "PolicyName": role}
    gone = ("NoSuchEntity",)
    return role_parts(
        at,
        role,
        trust,
        why=f"{name} runs as it; chalice deploy writes its policy",
        compared=None,
        remove=(
            Call(service="iam", operation="delete_role_policy", parameters=own_policy, done=gone),
            Call(service="iam", operation="delete_role", parameters=named),
        ),
        goes_after=at.function(None if name == REST else name),
    )


def role_parts(
    at: Installation,
    role: str,
    trust: dict[str, Any],
    *,
    why: str,
    compared: dict[str, Any] | None,
    remove: tuple[Call, ...],
    goes_after: str | None = None,
) -> list[Part]:
    """A role, its boundary and its path as they were chosen; `compared` is the trust that it must
    have, None where that is another's.
    """
    text = json.dumps(trust)
    read = _iam("get_role", role)
    create = _iam(
        "create_role",
        role,
        done=("EntityAlreadyExists",),
        AssumeRolePolicyDocument=text,
        Tags=at.tag_pairs,
        **_chosen(at),
    )
    one = Part(
        title=f"IAM role {role}",
        why=why,
        read=read,
        see=lambda response: response["Role"]["AssumeRolePolicyDocument"],
        wanted=ANYTHING if compared is None else compared,
        absent=("NoSuchEntity",),
        create=(create,),
        change=(_iam("update_assume_role_policy", role, PolicyDocument=text),),
        remove=remove,
        goes_after=goes_after,
    )
    return [one, *_boundary(at, role, read, create), *_path(at, role, read, create)]


def _chosen(at: Installation) -> dict[str, str]:
    """What CreateRole is told besides."""
    boundary, path = at.choices.permissions_boundary, at.choices.role_path
    return {
        **({"PermissionsBoundary": boundary} if boundary else {}),
        **({"Path": path} if path else {}),
    }


def _boundary(at: Installation, role: str, read: Call, create: Call) -> list[Part]:
    """What the role may at most. A choice taken back leaves it: who set it takes it away."""
    boundary = at.choices.permissions_boundary
    if boundary is None:
        return []
    put = _iam("put_role_permissions_boundary", role, PermissionsBoundary=boundary)
    return [
        Part(
            title=f"IAM role {role}: permissions boundary",
            why=f"no more than {boundary.rpartition('/')[2]} allows",
            read=read,
            see=lambda response: (
                response["Role"]
                .get("PermissionsBoundary", {})
                .get("PermissionsBoundaryArn", "none")
            ),
            wanted=boundary,
            absent=("NoSuchEntity",),
            create=(create,),  # a role that was made with it has it
            change=(put,),
        )
    ]


def _path(at: Installation, role: str, read: Call, create: Call) -> list[Part]:
    path = at.choices.role_path
    if path is None:
        return []
    return [
        Part(
            title=f"IAM role {role}: path",
            why="policies of the account speak of roles by it",
            read=read,
            see=lambda response: response["Role"].get("Path", "/"),
            wanted=path,
            absent=("NoSuchEntity",),
            create=(create,),
            fixed=f"IAM changes no role's path: make destroy STAGE={at.stage}, then deploy again",
        )
    ]


def _iam(operation: str, role: str, *, done: tuple[str, ...] = (), **parameters: Any) -> Call:
    named = {"RoleName": role, **parameters}
    return Call(service="iam", operation=operation, parameters=named, done=done)
