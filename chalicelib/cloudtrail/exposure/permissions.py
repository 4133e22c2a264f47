"""Permissions that a call adds one by one: principals, accounts, organizations named outright."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from chalicelib.cloudtrail.exposure.conditions import narrowed
from chalicelib.cloudtrail.exposure.grant import EVERYONE, Grant
from chalicelib.cloudtrail.exposure.resource_policies import resource_of
from chalicelib.cloudtrail.exposure.statements import admissions, admitted
from chalicelib.cloudtrail.naming import name_of, short
from chalicelib.cloudtrail.reading import at, get, has, request_of, text, texts_within
from chalicelib.cloudtrail.record import Record

Reader = Callable[[Record, dict[str, Any]], Iterator[Grant]]


def grants(record: Record) -> Iterator[Grant]:
    """What a call that adds a permission opens."""
    reader = READERS.get(name_of(record))
    if reader:
        name = resource_of(record)
        for grant in reader(record, request_of(record)):
            yield replace(grant, resource=grant.resource or name)


def _function(record: Record, request: dict[str, Any]) -> Iterator[Grant]:
    """Lambda writes a statement of it, which an answer may tell when the request does not."""
    if not has(request, "principal"):
        yield from admissions([get(record.response, "statement")], record.account_id, "function")
        return
    condition = {
        "StringEquals": {
            "aws:PrincipalOrgID": get(request, "principalOrgID"),
            "aws:SourceAccount": get(request, "sourceAccount"),
        },
        "ArnLike": {"aws:SourceArn": get(request, "sourceArn")},
    }
    yield from _one(record, request, "function", condition)


def _layer(record: Record, request: dict[str, Any]) -> Iterator[Grant]:
    condition = {"StringEquals": {"aws:PrincipalOrgID": get(request, "organizationId")}}
    yield from _one(record, request, "layer", condition)


def _event_bus(record: Record, request: dict[str, Any]) -> Iterator[Grant]:
    asked = get(request, "condition")
    key, operator = text(get(asked, "key")), text(get(asked, "type"))
    condition = {operator: {key: get(asked, "value")}} if key and operator else None
    yield from _one(record, request, "event-bus", condition)


def _one(record: Record, request: dict[str, Any], what: str, condition: Any) -> Iterator[Grant]:
    for principal in texts_within(get(request, "principal")):
        for grant in admitted(principal, record.account_id):
            yield from narrowed(replace(grant, what=what), condition, record.account_id)


def _function_url(_: Record, request: dict[str, Any]) -> Iterator[Grant]:
    if text(get(request, "authType")).upper() == "NONE":
        yield Grant(to=EVERYONE, whom=EVERYONE, what="function-url")


def _named(what: str, path: str, of: str = "") -> Reader:
    """Accounts or principals in a field of their own; `of` holds what they may use."""

    def reader(record: Record, request: dict[str, Any]) -> Iterator[Grant]:
        for principal in texts_within(at(request, path)):
            for grant in admitted(principal, record.account_id):
                yield replace(grant, what=what, resource=short(text(at(request, of))))

    return reader


READERS: dict[str, Reader] = {
    "lambda:AddPermission": _function,
    "lambda:AddLayerVersionPermission": _layer,
    "lambda:CreateFunctionUrlConfig": _function_url,
    "lambda:UpdateFunctionUrlConfig": _function_url,
    "sqs:AddPermission": _named("queue", "aWSAccountIds|aWSAccountId", "queueUrl"),
    "sns:AddPermission": _named("topic", "aWSAccountIds|aWSAccountId", "topicArn"),
    "kms:CreateGrant": _named("key", "granteePrincipal"),
    "events:PutPermission": _event_bus,
    "acm-pca:CreatePermission": _named("certificate-authority", "principal"),
    "ram:CreateResourceShare": _named("share", "principals"),
    "ram:AssociateResourceShare": _named("share", "principals"),
}
