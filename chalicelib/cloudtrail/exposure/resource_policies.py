"""Policies that a call gives a resource, in whichever field and wrapping they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from chalicelib.cloudtrail.exposure.grant import Grant
from chalicelib.cloudtrail.exposure.statements import admissions
from chalicelib.cloudtrail.naming import service_of, short
from chalicelib.cloudtrail.reading import attributes, document, each, get, request_of, text
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.targets import targets

# What a policy of a service's resource opens, in the vocabulary.
KINDS = {
    "s3": "bucket-policy", "s3-control": "bucket-policy", "s3-outposts": "bucket-policy",
    "s3tables": "bucket-policy", "s3vectors": "bucket-policy", "s3express": "bucket-policy",
    "sqs": "queue", "sns": "topic", "kms": "key", "secretsmanager": "secret",
    "ecr": "repository", "ecr-public": "repository", "codeartifact": "repository",
    "lambda": "function", "glacier": "vault", "backup": "vault", "mediastore": "container",
    "elasticfilesystem": "file-system", "es": "domain", "opensearch": "domain", "aoss": "domain",
    "apigateway": "api", "events": "event-bus", "logs": "log-group", "glue": "catalog",
    "ses": "mail-identity", "acm-pca": "certificate-authority", "redshift": "database",
    "redshift-serverless": "database", "dynamodb": "table", "kinesis": "stream",
    "iam": "role-trust", "schemas": "schema-registry",
}  # fmt: skip
OTHER = "resource-policy"
# Policies that only bound what others allow: of organizations, endpoints, analyses.
BOUNDS = frozenset({"organizations", "ec2", "access-analyzer", "vpc-lattice", "cloudformation"})
_POLICY = re.compile(r"polic(y|ies)", re.IGNORECASE)
# What a policy that stands in an object is called there.
WRAPPED_AS = ("policy", "options", "value", "policyText")
DEEPEST = 3


def grants(record: Record) -> Iterator[Grant]:
    """Whom every policy in the request admits or keeps out."""
    if service_of(record) in BOUNDS:
        return
    request = request_of(record)
    policies = [*_policies(request, DEEPEST), *_of_attributes(request), *_patched(request)]
    if policies:
        name, what = resource_of(record), KINDS.get(service_of(record), OTHER)
        for policy in policies:
            yield from admissions(policy, record.account_id, what, name)


def resource_of(record: Record) -> str:
    """The short name of what the call is about."""
    return short(next(iter(targets(record)), ""))


def _policies(value: Any, depth: int) -> Iterator[Any]:
    """What stands under every key that speaks of a policy and holds a document."""
    for key, item in value.items() if isinstance(value, dict) and depth else ():
        if _POLICY.search(key):
            found = document(item)
            told = get(found, "Statement") is not None
            yield from [found] if told else _inner(found)
        elif isinstance(item, dict):
            yield from _policies(item, depth - 1)


def _inner(value: Any) -> Iterator[Any]:
    """A policy in an object or list of its own: {"policy": {"policy": …}}, {"options": …}, […]."""
    for item in each(value):
        inner = [item, *(get(item, name) for name in WRAPPED_AS)]
        yield from (found for one in inner if get(found := document(one), "Statement") is not None)


def _of_attributes(request: dict[str, Any]) -> Iterator[Any]:
    for name, value in attributes(request).items():
        if _POLICY.search(name) and get(request, "attributes") is not value:
            yield document(value)


def _patched(request: dict[str, Any]) -> Iterator[Any]:
    """API Gateway's way: {"op": "replace", "path": "/policy", "value": …}."""
    for patch in each(get(request, "patchOperations")):
        if text(get(patch, "path")) == "/policy" and text(get(patch, "op")) != "remove":
            yield document(get(patch, "value"))
