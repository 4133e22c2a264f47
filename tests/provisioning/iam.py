"""Which IAM actions a recorded call needs: DynamoDB's, which hold several, besides the parts' own.

Source: Service Authorization Reference.
"""

from __future__ import annotations

from provisioning.permissions import named
from tests.provisioning.account import Made

TRANSACTED = {
    "Put": "dynamodb:PutItem",
    "Update": "dynamodb:UpdateItem",
    "Delete": "dynamodb:DeleteItem",
    "ConditionCheck": "dynamodb:ConditionCheckItem",
}


def actions(call: Made) -> set[str]:
    """The actions that IAM checks for the call."""
    if call.action == "dynamodb:TransactWriteItems":
        return {TRANSACTED[kind] for item in call.parameters["TransactItems"] for kind in item}
    if call.action == "dynamodb:TransactGetItems":
        return {"dynamodb:GetItem"}
    if call.action == "dynamodb:BatchWriteItem":
        requests = [one for each in call.parameters["RequestItems"].values() for one in each]
        kinds = {kind for request in requests for kind in request}
        return {f"dynamodb:{kind.removesuffix('Request')}Item" for kind in kinds} | {
            "dynamodb:BatchWriteItem"
        }
    return named(call.action, call.parameters)
