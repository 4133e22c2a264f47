"""Policies: the document, and a role's own as a part."""

from __future__ import annotations

import json
from typing import Any

from provisioning.change import Call, NotYet, Part

# The role may have been made a moment ago, here or by Chalice.
ROLE_NOT_YET = (NotYet("NoSuchEntity"),)


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    """A policy of these statements."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def role_policy(
    role: str,
    name: str,
    rights: dict[str, Any],
    *,
    title: str,
    why: str,
    function: str | None = None,
) -> Part:
    """The role's inline policy of that name; `function` as in Part."""
    named = {"RoleName": role, "PolicyName": name}
    put = {**named, "PolicyDocument": json.dumps(rights)}
    return Part(
        title=title,
        why=why,
        read=Call(service="iam", operation="get_role_policy", parameters=named),
        see=lambda response: response["PolicyDocument"],
        wanted=rights,
        absent=("NoSuchEntity",),
        create=(
            Call(service="iam", operation="put_role_policy", parameters=put, not_yet=ROLE_NOT_YET),
        ),
        remove=(Call(service="iam", operation="delete_role_policy", parameters=named),),
        function=function,
    )
