"""What is shared or made reachable by a field of its own: snapshots, images, databases, builds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

from chalicelib.cloudtrail.exposure.grant import EVERYONE, Grant
from chalicelib.cloudtrail.exposure.resource_policies import resource_of
from chalicelib.cloudtrail.exposure.statements import admitted
from chalicelib.cloudtrail.naming import name_of
from chalicelib.cloudtrail.reading import at, document, flag, get, request_of, texts, texts_within
from chalicelib.cloudtrail.record import Record

# A line is `service:Operation what path …`. `path` holds whom it is shared with; `path=value` opens
# to everyone where that stands there (in any case of letters); `path:word` names another field that
# must hold the word for what follows to count.
TABLE = """
ec2:ModifySnapshotAttribute snapshot createVolumePermission.add
ec2:ModifySnapshotAttribute snapshot operationType:add userIds|userId|groupNames|userGroup
ec2:ModifyImageAttribute image launchPermission.add
ec2:ModifyImageAttribute image operationType:add userIds|userId|userGroups|userGroup
ec2:ModifyImageAttribute image operationType:add organizationArns|organizationalUnitArns
ec2:ModifyFpgaImageAttribute image loadPermission.add
ec2:ModifyFpgaImageAttribute image operationType:add userIds|userId|userGroups|userGroup
ec2:ModifyVpcEndpointServicePermissions endpoint-service addAllowedPrincipals|addAllowedPrincipal
rds:ModifyDBSnapshotAttribute database-snapshot attributeName:restore valuesToAdd
rds:ModifyDBClusterSnapshotAttribute database-snapshot attributeName:restore valuesToAdd
redshift:AuthorizeSnapshotAccess database-snapshot accountWithRestoreAccess
redshift:AuthorizeDataShare share consumerIdentifier
redshift:AuthorizeEndpointAccess database account
ssm:ModifyDocumentPermission document accountIdsToAdd
codebuild:UpdateProjectVisibility build-logs projectVisibility=PUBLIC_READ
servicecatalog:CreatePortfolioShare share accountId|organizationNode.value
workspaces:UpdateWorkspaceImagePermission image allowCopyImage:true sharedAccountId
appstream:UpdateImagePermissions image sharedAccountId
ds:ShareDirectory share shareTarget.id
serverlessrepo:PutApplicationPolicy application statements.principals
cognito-identity:CreateIdentityPool identity-pool allowUnauthenticatedIdentities=true
cognito-identity:UpdateIdentityPool identity-pool allowUnauthenticatedIdentities=true
quicksight:UpdatePublicSharingSettings dashboard publicSharingEnabled=true
kafka:UpdateConnectivity cluster-endpoint connectivityInfo.publicAccess.type=SERVICE_PROVIDED_EIPS
lightsail:UpdateBucket bucket-acl accessRules.getObject=public
aoss:CreateSecurityPolicy domain policy.AllowFromPublic=true
aoss:UpdateSecurityPolicy domain policy.AllowFromPublic=true
neptune-graph:CreateGraph database publicConnectivity=true
neptune-graph:UpdateGraph database publicConnectivity=true
"""
# Services whose publiclyAccessible makes a database or the like reachable from the internet.
ACCESSIBLE = {
    "rds": "database",
    "redshift": "database",
    "redshift-serverless": "database",
    "lightsail": "database",
    "timestream-influxdb": "database",
    "dms": "replication-instance",
    "mq": "broker",
}
# As snapshots, images and documents write everyone.
ALL = "all"


class Line(NamedTuple):
    """One way of a call to share: (field, word) that must hold, and where whom stands."""

    what: str
    needed: tuple[str, str]
    path: str
    opening: str


def grants(record: Record) -> Iterator[Grant]:
    """What a call shares."""
    name = name_of(record)
    lines = table().get(name, ())
    what = ACCESSIBLE.get(name.partition(":")[0], "")
    if not lines and not what:
        return
    request = request_of(record)
    if what and flag(get(request, "publiclyAccessible")):
        yield _everyone(what, record)
    for line in lines:
        if not line.needed[0] or _holds(request, *line.needed):
            yield from _of_line(line, request, record)


@cache
def table() -> dict[str, tuple[Line, ...]]:
    """The lines of each operation."""
    found: dict[str, tuple[Line, ...]] = {}
    for line in TABLE.strip().splitlines():
        name, what, *conditions, path = line.split()
        field, _, word = conditions[0].partition(":") if conditions else ("", "", "")
        path, _, opening = path.partition("=")
        found[name] = (*found.get(name, ()), Line(what, (field, word), path, opening))
    return found


def _of_line(line: Line, request: dict[str, Any], record: Record) -> Iterator[Grant]:
    if line.opening:
        if _holds(request, line.path, line.opening):
            yield _everyone(line.what, record)
        return
    name = resource_of(record)
    for principal in texts_within(at(request, line.path)):
        for grant in _shared_with(principal, record.account_id):
            yield replace(grant, what=line.what, resource=name)


def _shared_with(principal: str, own: str) -> Iterator[Grant]:
    if principal.strip().lower() == ALL:
        yield Grant(to=EVERYONE, whom=EVERYONE, what="", written=principal)
    else:
        yield from admitted(principal, own)


def _everyone(what: str, record: Record) -> Grant:
    return Grant(to=EVERYONE, whom=EVERYONE, what=what, resource=resource_of(record))


def _holds(request: dict[str, Any], path: str, word: str) -> bool:
    """Whether a field, in a document or not, holds a word or a switch of that name."""
    root, _, rest = path.partition(".")
    value = get(request, root)
    found = at(document(value) or value, rest) if rest else [value]
    if word in ("true", "false"):
        return any(flag(item) is (word == "true") for item in found)
    return any(one.lower() == word.lower() for one in texts(found))
