"""S3's access control lists: canned ones, grants in headers, grants in a document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from chalicelib.cloudtrail.exposure.grant import EVERY_ACCOUNT, EVERYONE, Grant, canonical_user
from chalicelib.cloudtrail.naming import operation_of, service_of
from chalicelib.cloudtrail.reading import at, dicts, document, get, request_of, text, texts
from chalicelib.cloudtrail.record import Record

OPERATIONS = {
    "PutBucketAcl": "bucket-acl",
    "CreateBucket": "bucket-acl",
    "PutObjectAcl": "object-acl",
    "PutObject": "object-acl",
    "PostObject": "object-acl",
    "CopyObject": "object-acl",
    "CreateMultipartUpload": "object-acl",
    "InitiateMultipartUpload": "object-acl",
}
# Source: S3 user guide, "Access control list (ACL) overview", canned ACLs and predefined groups.
CANNED = {
    "public-read": (EVERYONE, EVERYONE),
    "public-read-write": (EVERYONE, EVERYONE),
    "authenticated-read": ("aws-accounts", EVERY_ACCOUNT),
    "log-delivery-write": ("service", "S3's log delivery"),
}
GROUPS = {
    "allusers": (EVERYONE, EVERYONE),
    "authenticatedusers": ("aws-accounts", EVERY_ACCOUNT),
    "logdelivery": ("service", "S3's log delivery"),
}
# As in: x-amz-grant-read: uri="http://acs.amazonaws.com/groups/global/AllUsers", id="79a5…"
_GRANTEE = re.compile(r"(uri|id|emailAddress)\s*=\s*\"?([^\",\s]+)", re.IGNORECASE)


def grants(record: Record) -> Iterator[Grant]:
    """What an ACL opens."""
    what = OPERATIONS.get(operation_of(record)) if service_of(record) == "s3" else None
    if what:
        request = request_of(record)
        name = _name(request, what)
        # Some records hold the headers in an object of their own.
        for headers in (request, *dicts(get(request, "accessControlList"))):
            for grant in (*_canned(headers), *_headers(headers)):
                yield replace(grant, what=what, resource=name)
        for grant in _granted(request):
            yield replace(grant, what=what, resource=name)


def _name(request: dict[str, Any], what: str) -> str:
    bucket, key = text(get(request, "bucketName", "bucket")), text(get(request, "key"))
    return f"{bucket}/{key}" if what == "object-acl" and key else bucket


def _canned(request: dict[str, Any]) -> Iterator[Grant]:
    for acl in texts([get(request, "x-amz-acl"), get(request, "acl", "cannedAcl")]):
        whom, to = CANNED.get(acl.strip().lower(), ("", ""))
        if whom:
            yield Grant(to=to, whom=whom, what="", written=acl)


def _headers(request: dict[str, Any]) -> Iterator[Grant]:
    for key, value in request.items():
        if key.lower().startswith("x-amz-grant-"):
            for kind, name in (pair for one in texts(value) for pair in _GRANTEE.findall(one)):
                yield _grantee(kind.lower(), name)


def _granted(request: dict[str, Any]) -> Iterator[Grant]:
    policy = document(get(request, "accessControlPolicy"))
    owner = text(at(policy, "owner.id"))
    for grantee in at(policy, "accessControlList.grant.grantee|grants.grantee"):
        for kind in ("uri", "id", "emailAddress"):
            for name in texts(get(grantee, kind)):
                grant = _grantee(kind, name)
                own = kind == "id" and name == owner
                yield replace(grant, whom="own-account", to="the owner") if own else grant


def _grantee(kind: str, name: str) -> Grant:
    if kind == "uri":
        group = name.rstrip("/").rsplit("/", 1)[-1].lower()
        whom, to = GROUPS.get(group, ("principal", name))
        return Grant(to=to, whom=whom, what="", written=name)
    if kind == "id":
        return canonical_user(name)
    return Grant(to=name, whom="account", what="", written=name)
