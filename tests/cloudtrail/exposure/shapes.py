"""What requests that open something are made of: rules, groups, policies, conditions."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from tests.events import ACCOUNT, OTHER_ACCOUNT

Json = dict[str, Any]
Sample = tuple[str, Json | None, tuple[str, ...]]

ARN = f"arn:aws:iam::{OTHER_ACCOUNT}:root"
OWN = f"arn:aws:iam::{ACCOUNT}:root"
WORLD, WORLD6 = "0.0.0.0/0", "::/0"
GROUPS = "http://acs.amazonaws.com/groups/global"


def rule(low: Any, high: Any = None, *cidrs: str, protocol: str = "tcp", **more: Any) -> Json:
    return {
        "ipProtocol": protocol,
        "fromPort": low,
        "toPort": low if high is None else high,
        "ipRanges": {"items": [{"cidrIp": cidr} for cidr in cidrs if ":" not in cidr]},
        "ipv6Ranges": {"items": [{"cidrIpv6": cidr} for cidr in cidrs if ":" in cidr]},
        **more,
    }


def group(*rules: Json, **more: Any) -> Json:
    return {"groupId": "sg-1", "ipPermissions": {"items": list(rules)}, **more}


def statement(principal: Any, effect: str = "Allow", **more: Any) -> Json:
    return {"Effect": effect, "Principal": principal, "Action": "s3:*", "Resource": "*", **more}


def policy(*statements: Any) -> Json:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def under(condition: Json) -> Json:
    return {"bucketName": "b", "bucketPolicy": policy(statement("*", Condition=condition))}


PUBLIC = policy(statement("*"))
TEXT = json.dumps(PUBLIC)
ENCODED = quote(TEXT)
INGRESS, EGRESS = "ec2:AuthorizeSecurityGroupIngress", "ec2:AuthorizeSecurityGroupEgress"
MODIFY, ENTRY = "ec2:ModifySecurityGroupRules", "ec2:CreateNetworkAclEntry"


def modified(*rules: Json) -> Json:
    updates: Any = [{"SecurityGroupRuleId": "sgr-1", "SecurityGroupRule": one} for one in rules]
    updates = updates[0] if len(updates) == 1 else updates
    return {"ModifySecurityGroupRulesRequest": {"GroupId": "sg-1", "SecurityGroupRule": updates}}


def entry(action: str, cidr: str, *, egress: Any = False, **more: Any) -> Json:
    return {
        "networkAclId": "acl-1",
        "ruleNumber": 100,
        "egress": egress,
        "ruleAction": action,
        "cidrBlock": cidr,
        "aclProtocol": "-1",
        **more,
    }
