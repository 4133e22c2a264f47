"""What the policy of a resource, or a field of its own, opens: queues, keys, databases.

The grants are judged elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.cloudtrail.exposure import Grant, opens_of
from chalicelib.cloudtrail.exposure.grant import EVERYONE
from chalicelib.cloudtrail.policies import said
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.words import an, enumeration

Predicate = Callable[[Record], str]
# Whom the policy of a resource admits as a matter of course: AWS's own services and the account.
USUAL = ("service", "own-account", "resource")
SETTERS = """
s3:PutBucketPolicy the S3 bucket
s3:PutAccessPointPolicy the access point
s3:PutMultiRegionAccessPointPolicy the access point
kms:PutKeyPolicy the KMS key
secretsmanager:PutResourcePolicy the secret
ecr:SetRepositoryPolicy the repository
ecr-public:SetRepositoryPolicy the repository
codeartifact:PutRepositoryPermissionsPolicy the package repository
codeartifact:PutDomainPermissionsPolicy the package domain
glacier:SetVaultAccessPolicy the vault
backup:PutBackupVaultAccessPolicy the backup vault
elasticfilesystem:PutFileSystemPolicy the file system
es:UpdateElasticsearchDomainConfig the search domain
es:UpdateDomainConfig the search domain
apigateway:UpdateRestApi the REST API
events:PutPermission the event bus
dynamodb:PutResourcePolicy the table
kinesis:PutResourcePolicy the stream
mediastore:PutContainerPolicy the container
ses:PutIdentityPolicy the sender
ses:CreateEmailIdentityPolicy the sender
ses:UpdateEmailIdentityPolicy the sender
redshift:PutResourcePolicy the warehouse
acm-pca:PutPolicy the certificate authority
lambda:PutResourcePolicy the function
"""
# Calls that open a thing that is there by a field of its own.
OPENERS = """
redshift-serverless:UpdateWorkgroup the warehouse
dms:ModifyReplicationInstance the replication instance
lightsail:UpdateRelationalDatabase the database
timestream-influxdb:UpdateDbInstance the database
kafka:UpdateConnectivity the Kafka cluster
aoss:UpdateSecurityPolicy the search collections of
cognito-identity:UpdateIdentityPool the identity pool
ec2:ModifyVpcEndpointServicePermissions the endpoint service
serverlessrepo:PutApplicationPolicy the application
"""
# They are reached by an address of the internet.
NETWORKED = ("database", "replication-instance", "broker", "cluster-endpoint", "domain")
# How it comes about, where the kind tells.
MEANS = {
    "bucket-acl": " by its ACL",
    "object-acl": " by its ACL",
    "function-url": " by a web address without sign-in",
    "endpoint-service": "",
    "application": "",
}


def opening(record: Record) -> str:
    """What follows a phrase that does not tell it: ", open to everyone by its ACL"; mostly ""."""
    public = next((one for one in opens_of(record) if one.whom in (EVERYONE, "aws-accounts")), None)
    tells = public is not None and public.direction == "in"
    return f", open to {_reach(public)}{_means(public)}" if public and tells else ""


def setter(noun: str) -> Predicate:
    """Sets the policy of a thing."""

    def predicate(record: Record) -> str:
        grants = opens_of(record)
        if not grants:
            return ""
        thing = _thing(noun, grants[0].resource)
        everyone = [said(grant) for grant in grants if grant.whom == EVERYONE]
        if everyone:
            return f"open {thing} to {everyone[0]} by its policy"
        others = dict.fromkeys(said(grant) for grant in grants if grant.whom not in USUAL)
        admits = f", which admits {enumeration(list(others))}" if others else ""
        return f"set the policy of {thing}{admits}"

    return predicate


def opener(noun: str) -> Predicate:
    """Opens a thing that is there."""

    def predicate(record: Record) -> str:
        public = next((grant for grant in opens_of(record) if grant.whom == EVERYONE), None)
        if public is None:
            return ""
        return f"open {_thing(noun, public.resource)} to {_reach(public)}{_means(public)}"

    return predicate


def letter(verb: str, noun: str) -> Predicate:
    """Lets somebody use a thing."""

    def predicate(record: Record) -> str:
        grants = opens_of(record)
        who = list(dict.fromkeys(said(grant) for grant in grants))
        return f"let {enumeration(who)} {verb} {_thing(noun, grants[0].resource)}" if who else ""

    return predicate


def _grant_of_key(record: Record) -> str:
    """Who uses a key from outside is told with the account; the others the table names."""
    foreign = any(grant.whom in ("account", EVERYONE) for grant in opens_of(record))
    return letter("use", "the KMS key")(record) if foreign else ""


def _reach(grant: Grant) -> str:
    addressed = grant.what in NETWORKED and grant.written != "*"
    return "the internet" if addressed and grant.whom == EVERYONE else said(grant)


def _means(grant: Grant) -> str:
    return MEANS.get(grant.what, " by its policy" if grant.written == "*" else "")


def _thing(noun: str, name: str) -> str:
    return f"{noun} {name}" if name else an(noun.removeprefix("the "))


def _lines(table: str, make: Callable[[str], Predicate]) -> dict[str, Predicate]:
    pairs = (line.partition(" ") for line in table.strip().splitlines())
    return {name: make(noun) for name, _, noun in pairs}


PARTICULARS: dict[str, Predicate] = {
    **_lines(SETTERS, setter),
    **_lines(OPENERS, opener),
    "lambda:AddPermission": letter("invoke", "the function"),
    "lambda:AddLayerVersionPermission": letter("use", "the layer"),
    "kms:CreateGrant": _grant_of_key,
    "sqs:AddPermission": letter("use", "the queue"),
    "sns:AddPermission": letter("use", "the topic"),
}
