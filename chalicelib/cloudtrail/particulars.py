"""Operations whose sentence depends on what was asked: sign-ins, ports, sharing, policies.

Each gives a predicate that begins with a verb's base form, or "" to leave it to the table.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from chalicelib.cloudtrail.actor import text
from chalicelib.cloudtrail.policies import EVERYONE, SOME, dicts, named, principals_of
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.targets import short, values_at
from chalicelib.cloudtrail.words import an, in_words, listed

# S3's groups of grantees that mean the whole world.
PUBLIC_GROUPS = ("AllUsers", "AuthenticatedUsers")
PUBLIC_ACLS = ("public-read", "authenticated-read")


def _first(record: Record, path: str) -> str:
    return next(iter(values_at(record, path)), "")


def _run_instances(record: Record) -> str:
    started = values_at(record, ">instancesSet.instanceId")
    kind = _first(record, "instanceType|>instancesSet.instanceType")
    asked = _first(record, "instancesSet.maxCount|instancesSet.minCount")
    count = str(len(started)) if started else asked or "1"
    noun = f"{kind} instance".lstrip()
    if count == "1":
        return f"start the {noun} {started[0]}" if started else f"start {an(noun)}"
    names = f": {listed(started)}" if started else ""
    return f"start {count} {noun}s{names}"


def _rules(verb: str, way: str = "") -> Callable[[Record], str]:
    def predicate(record: Record) -> str:
        group = _first(record, "groupId|groupName") or "a security group"
        opened = list(dict.fromkeys(_openings(record)))
        if not opened:
            return ""
        return f"{verb} {listed(opened)}{way} on {group}"

    return predicate


def _openings(record: Record) -> Iterator[str]:
    """As "port 22 to 0.0.0.0/0", for every rule in the request."""
    rules = [record.request, *dicts(record.request.get("ipPermissions"))]
    for rule in rules:
        ports = _ports(rule)
        sources = [
            *_texts(rule, "ipRanges", "cidrIp"),
            *_texts(rule, "ipv6Ranges", "cidrIpv6"),
            *_texts(rule, "groups", "groupId"),
            *_texts(rule, "prefixListIds", "prefixListId"),
            *([text(rule.get("cidrIp"))] if text(rule.get("cidrIp")) else []),
        ]
        if ports and sources:
            yield f"{ports} to {listed([_cidr(source) for source in sources])}"


def _cidr(source: str) -> str:
    """An address with /0 reads like one machine, and is all of them."""
    odd = source.endswith("/0") and source not in ("0.0.0.0/0", "::/0")
    return f"the whole internet ({source})" if odd else source


def _ports(rule: dict[str, Any]) -> str:
    protocol = str(rule.get("ipProtocol", ""))
    low, high = rule.get("fromPort"), rule.get("toPort")
    if protocol == "-1":
        return "every port"
    if protocol in ("icmp", "icmpv6"):
        return "ping"
    if low is None or not protocol:
        return ""
    if (low, high) == (0, 65535):
        return f"every {protocol.upper()} port"
    kind = f" ({protocol.upper()})" if protocol == "udp" else ""
    return f"port {low}{kind}" if low == high else f"ports {low}–{high}{kind}"


def _share(what: str, name: str, added: str, groups: str = "") -> Callable[[Record], str]:
    def predicate(record: Record) -> str:
        target = _first(record, name)
        accounts = values_at(record, added)
        everyone = [*accounts, *(values_at(record, groups) if groups else ())]
        if "all" in map(str.lower, everyone):
            return f"make {what} {target} public"
        if accounts:
            noun = "account" if len(accounts) == 1 else "accounts"
            return f"share {what} {target} with the {noun} {listed(accounts)}"
        return f"change who may use {what} {target}" if target else ""

    return predicate


def _bucket_policy(record: Record) -> str:
    bucket = _first(record, "bucketName")
    policy = record.request.get("bucketPolicy")
    if EVERYONE in principals_of(policy):
        return f"open the S3 bucket {bucket} to everyone by its policy"
    others = [who for who in principals_of(policy) if who.startswith("account") or who == SOME]
    admits = f", which admits {listed(others)}" if others else ""
    return f"set the policy of the S3 bucket {bucket}{admits}" if bucket else ""


def _acl(record: Record) -> str:
    what = _with_acl(record)
    request = json.dumps(record.request)
    groups = any(f"/{group}" in request for group in PUBLIC_GROUPS)
    public = groups or any(f'"{acl}' in request for acl in PUBLIC_ACLS)
    return f"open {what} to everyone by its ACL" if public else f"set the ACL of {what}"


def _with_acl(record: Record) -> str:
    bucket, key = _first(record, "bucketName"), _first(record, "key")
    if key and bucket:
        return f"{bucket}/{key}"
    where = f"the S3 bucket {bucket}" if bucket else "an S3 bucket"
    return f"an object in {where}" if "Object" in record.event_name else where


def _public_access_block(record: Record) -> str:
    bucket = _first(record, "bucketName")
    where = f"the S3 bucket {bucket}" if bucket else "an S3 bucket"
    if "Account" in record.event_name:
        where = "all S3 buckets of the account"
    wanted = record.request.get("PublicAccessBlockConfiguration")
    switches = list(wanted.values()) if isinstance(wanted, dict) else []
    if False in switches:
        return f"loosen the block of public access on {where}"
    return f"{'block' if True in switches else 'set the block of'} public access to {where}"


def _bucket_logging(record: Record) -> str:
    bucket = _first(record, "bucketName")
    status = record.request.get("BucketLoggingStatus")
    off = isinstance(status, dict) and "LoggingEnabled" not in status
    return f"switch off the access log of the S3 bucket {bucket}" if off and bucket else ""


def _versioning(record: Record) -> str:
    bucket = _first(record, "bucketName")
    status = _first(record, "VersioningConfiguration.Status")
    verbs = {"Suspended": "suspend", "Enabled": "enable"}
    return f"{verbs.get(status, 'change')} the versioning of the S3 bucket {bucket}"


def _trust(verb: str) -> Callable[[Record], str]:
    def predicate(record: Record) -> str:
        role = _first(record, "roleName")
        admitted = principals_of(record.request.get("assumeRolePolicyDocument"))
        admitted = admitted or principals_of(record.request.get("policyDocument"))
        if not role or not admitted:
            return ""
        if verb == "create":
            return f"create the role {role}, which {listed(admitted)} may take"
        return f"let {listed(admitted)} take the role {role}"

    return predicate


def _access_key_status(record: Record) -> str:
    status = _first(record, "status")
    verb = {"Active": "activate", "Inactive": "deactivate"}.get(status, "change")
    user = _first(record, "userName")
    key = _first(record, "accessKeyId")
    whose = f"of the IAM user {user}" if user else "of their own"
    return f"{verb} {f'the access key {key}' if key else 'an access key'} {whose}"


def _instance_attribute(record: Record) -> str:
    instance = _first(record, "instanceId")
    changed = [key for key in record.request if key not in ("instanceId", "attribute", "value")]
    if "userData" in changed:
        return f"replace the start-up script of {instance}"
    protection = record.request.get("disableApiTermination")
    if protection is not None:
        off = "false" in str(protection).lower()
        return f"switch {'off' if off else 'on'} the termination protection of {instance}"
    what = listed([in_words(key) for key in changed]) or in_words(_first(record, "attribute"))
    return f"change the {what} of {instance}" if what and instance else ""


def _metadata_options(record: Record) -> str:
    instance = _first(record, "InstanceId")
    wanted = _first(record, "HttpTokens")
    told = {"optional": "allow IMDSv1 on", "required": "require IMDSv2 on"}.get(wanted)
    return f"{told} the instance {instance}" if told and instance else ""


def _network_acl_entry(record: Record) -> str:
    action = _first(record, "ruleAction")
    cidr = _first(record, "cidrBlock|ipv6CidrBlock")
    acl = _first(record, "networkAclId") or "a network ACL"
    if not action or not cidr:
        return ""
    way = "out" if record.request.get("egress") is True else "in"
    verb = "let" if action == "allow" else "keep"
    preposition = "to" if way == "out" else "from"
    return f"{verb} traffic {preposition} {cidr} {way} through {acl}"


def _route(verb: str) -> Callable[[Record], str]:
    def predicate(record: Record) -> str:
        to = _first(record, "destinationCidrBlock|destinationIpv6CidrBlock")
        through = _first(
            record,
            "gatewayId|natGatewayId|transitGatewayId|vpcPeeringConnectionId|networkInterfaceId"
            "|instanceId|egressOnlyInternetGatewayId|vpcEndpointId",
        )
        table = _first(record, "routeTableId")
        return f"{verb} {to} through {through} in {table}" if to and through and table else ""

    return predicate


def _add_permission(record: Record) -> str:
    function = short(_first(record, "functionName"))
    principal = _first(record, "principal")
    if not function or not principal:
        return ""
    limits = ("principalOrgID", "sourceArn", "sourceAccount")
    who = named(principal, conditional=any(key in record.request for key in limits))
    return f"let {who} invoke the function {function}"


def _database(record: Record) -> str:
    name = _first(record, "dBInstanceIdentifier|dBClusterIdentifier")
    changes = []
    if record.request.get("publiclyAccessible") is True:
        return f"open the database {name} to the internet"
    if "masterUserPassword" in record.request:
        changes.append("master password")
    if record.request.get("deletionProtection") is False:
        return f"switch off the deletion protection of the database {name}"
    what = f"the {changes[0]} of " if changes else ""
    return f"change {what}the database {name}" if name else ""


def _detector(record: Record) -> str:
    if record.request.get("enable") is not False:
        return ""
    return f"suspend the GuardDuty detector {_first(record, 'detectorId')}".rstrip()


def _macie(record: Record) -> str:
    verbs = {"PAUSED": "pause Macie", "ENABLED": "resume Macie"}
    return verbs.get(_first(record, "status"), "")


def _cluster_config(record: Record) -> str:
    asked = record.request.get("resourcesVpcConfig")
    config = asked if isinstance(asked, dict) else {}
    allowed = config.get("publicAccessCidrs")
    narrow = isinstance(allowed, list) and allowed and "0.0.0.0/0" not in allowed
    if config.get("endpointPublicAccess") is not True or narrow:
        return ""
    return f"open the API of the EKS cluster {_first(record, 'name')} to the internet"


def _project_visibility(record: Record) -> str:
    project = short(_first(record, "projectArn"))
    public = _first(record, "projectVisibility") == "PUBLIC_READ"
    way = "public" if public else "private"
    return f"make the builds of the CodeBuild project {project} {way}" if project else ""


def _backups(record: Record) -> str:
    table = short(_first(record, "tableName"))
    asked = record.request.get("pointInTimeRecoverySpecification")
    wanted = asked.get("pointInTimeRecoveryEnabled") if isinstance(asked, dict) else None
    if not table or not isinstance(wanted, bool):
        return ""
    return f"switch {'on' if wanted else 'off'} the continuous backups of the table {table}"


def _event_selectors(record: Record) -> str:
    selectors = dicts(record.request.get("eventSelectors"))
    trail = short(_first(record, "trailName"))
    none = selectors and not any(item.get("includeManagementEvents", True) for item in selectors)
    return f"stop the trail {trail} from recording management events" if none else ""


def _password_of(record: Record) -> str:
    user = _first(record, "userName")
    own = text(record.user_identity.get("userName"))
    return "change their own console password" if user and user == own else ""


def _texts(rule: dict[str, Any], group: str, key: str) -> list[str]:
    return [found for item in dicts(rule.get(group)) if (found := text(item.get(key)))]


def _attribute(what: str, name: str, key: str) -> Callable[[Record], str]:
    """A topic's or queue's attribute; its policy says who may use it."""

    def predicate(record: Record) -> str:
        target = short(_first(record, name))
        changed = record.request.get("attributes")
        policy = "Policy" in changed if isinstance(changed, dict) else False
        if not policy and _first(record, key) != "Policy":
            return ""
        return f"change who may use the {what} {target}" if target else ""

    return predicate


def _assignment(record: Record) -> str:
    who, account = _first(record, "principalId"), _first(record, "targetId")
    kind = _first(record, "principalType").lower()
    if not who or not account:
        return ""
    return f"give the {kind or 'principal'} {who} access to the account {account}"


def _sign_in(record: Record) -> str:
    failed = text(record.response.get("ConsoleLogin")) == "Failure"
    used = str(record.additional.get("MFAUsed", "")).lower()
    # Of who signs in through a provider, MFA (if any) happened elsewhere.
    knows = record.user_identity.get("type") in ("IAMUser", "Root")
    if failed or not knows or used not in ("yes", "no"):
        return "sign in to the console"
    return "sign in with MFA" if used == "yes" else "sign in without MFA"


PARTICULARS: dict[str, Callable[[Record], str]] = {
    "signin:ConsoleLogin": _sign_in,
    "ec2:RunInstances": _run_instances,
    "ec2:AuthorizeSecurityGroupIngress": _rules("open"),
    "ec2:AuthorizeSecurityGroupEgress": _rules("open", " for outgoing traffic"),
    "ec2:RevokeSecurityGroupIngress": _rules("close"),
    "ec2:RevokeSecurityGroupEgress": _rules("close", " for outgoing traffic"),
    "ec2:ModifySnapshotAttribute": _share(
        "the snapshot",
        "snapshotId",
        "createVolumePermission.add.userId",
        "createVolumePermission.add.group",
    ),
    "ec2:ModifyImageAttribute": _share(
        "the image", "imageId", "launchPermission.add.userId", "launchPermission.add.group"
    ),
    "rds:ModifyDBSnapshotAttribute": _share(
        "the database snapshot", "dBSnapshotIdentifier", "valuesToAdd", "valuesToAdd"
    ),
    "rds:ModifyDBClusterSnapshotAttribute": _share(
        "the database snapshot", "dBClusterSnapshotIdentifier", "valuesToAdd", "valuesToAdd"
    ),
    "s3:PutBucketPolicy": _bucket_policy,
    "s3:PutBucketAcl": _acl,
    "s3:PutObjectAcl": _acl,
    "s3:PutBucketPublicAccessBlock": _public_access_block,
    "s3:PutAccountPublicAccessBlock": _public_access_block,
    "s3:PutBucketVersioning": _versioning,
    "s3:PutBucketLogging": _bucket_logging,
    "ssm:ModifyDocumentPermission": _share("the document", "name", "accountIdsToAdd"),
    "dynamodb:UpdateContinuousBackups": _backups,
    "codebuild:UpdateProjectVisibility": _project_visibility,
    "eks:UpdateClusterConfig": _cluster_config,
    "macie2:UpdateMacieSession": _macie,
    "iam:CreateRole": _trust("create"),
    "iam:UpdateAssumeRolePolicy": _trust("let"),
    "iam:UpdateAccessKey": _access_key_status,
    "iam:UpdateLoginProfile": _password_of,
    "ec2:ModifyInstanceAttribute": _instance_attribute,
    "ec2:ModifyInstanceMetadataOptions": _metadata_options,
    "ec2:CreateNetworkAclEntry": _network_acl_entry,
    "ec2:ReplaceNetworkAclEntry": _network_acl_entry,
    "ec2:CreateRoute": _route("route"),
    "ec2:ReplaceRoute": _route("reroute"),
    "sns:SetTopicAttributes": _attribute("topic", "topicArn", "attributeName"),
    "sqs:SetQueueAttributes": _attribute("queue", "queueUrl", "attributeName"),
    "sso:CreateAccountAssignment": _assignment,
    "lambda:AddPermission": _add_permission,
    "rds:ModifyDBInstance": _database,
    "rds:ModifyDBCluster": _database,
    "cloudtrail:PutEventSelectors": _event_selectors,
    "guardduty:UpdateDetector": _detector,
}
