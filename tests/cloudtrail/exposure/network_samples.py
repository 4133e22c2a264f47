"""Ports, network ACLs and endpoints: (operation, request, flat texts)."""

from __future__ import annotations

from tests.cloudtrail.exposure.shapes import (
    EGRESS,
    ENTRY,
    INGRESS,
    MODIFY,
    WORLD,
    WORLD6,
    Sample,
    entry,
    group,
    modified,
    rule,
)
from tests.events import ACCOUNT, OTHER_ACCOUNT

SECURITY_GROUPS: tuple[Sample, ...] = (
    (INGRESS, group(rule(22, 22, WORLD)), ("everyone admin-port",)),
    (
        INGRESS,
        group(rule(22, 22, "10.0.0.0/8"), rule(443, 443, WORLD)),
        ("network admin-port", "everyone web-port"),
    ),
    (
        INGRESS,
        group(rule(443, 443, WORLD), rule(22, 22, WORLD)),
        ("everyone web-port", "everyone admin-port"),
    ),
    (INGRESS, group(rule(3000, 4000, WORLD)), ("everyone admin-port",)),
    (INGRESS, group(rule(20, 25, WORLD6)), ("everyone admin-port",)),
    (INGRESS, group(rule(80, 80, WORLD, WORLD6)), ("everyone web-port",)),
    (INGRESS, group(rule(80, 443, WORLD)), ("everyone port",)),
    (INGRESS, group(rule(23, 3388, WORLD)), ("everyone port",)),
    (INGRESS, group(rule(3389, 3389, WORLD, protocol="udp")), ("everyone admin-port",)),
    (INGRESS, group(rule("22", "22", WORLD, protocol="6")), ("everyone admin-port",)),
    (INGRESS, group(rule(22.0, 22.0, WORLD)), ("everyone admin-port",)),
    (INGRESS, group(rule(-1, -1, WORLD, protocol="icmp")), ("everyone ping",)),
    (INGRESS, group(rule(8, -1, WORLD, protocol="1")), ("everyone ping",)),
    (INGRESS, group(rule(22, 22, WORLD6, protocol="58")), ("everyone ping",)),
    (
        INGRESS,
        group({"ipProtocol": "-1", "ipRanges": {"items": [{"cidrIp": WORLD}]}}),
        ("everyone admin-port",),
    ),
    (
        INGRESS,
        group({"ipProtocol": "all", "ipRanges": [{"cidrIp": WORLD}]}),
        ("everyone admin-port",),
    ),
    (INGRESS, group(rule(0, 65535, WORLD)), ("everyone admin-port",)),
    (INGRESS, group(rule(0, 0, WORLD, protocol="47")), ("everyone port",)),
    (INGRESS, group(rule(22, 22, "10.1.1.1/0")), ("everyone admin-port",)),
    (INGRESS, group(rule(22, 22, "0.0.0.0/1", "128.0.0.0/1")), ("everyone admin-port",)),
    (
        INGRESS,
        group(rule(22, 22, "::/1", "8000::/1")),
        ("everyone admin-port", "network admin-port"),
    ),
    (INGRESS, group(rule(22, 22, "2000::/3")), ("everyone admin-port",)),
    (
        INGRESS,
        group(rule(22, 22, "0.0.0.0/1"), rule(20, 30, "128.0.0.0/1")),
        ("wide-network admin-port", "everyone admin-port"),
    ),
    (INGRESS, group(rule(22, 22, "0.0.0.0/1")), ("wide-network admin-port",)),
    (INGRESS, group(rule(22, 22, "198.51.100.7/32", "198.51.100.0/24")), ("network admin-port",)),
    (
        INGRESS,
        {"groupName": "web", "ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "cidrIp": WORLD},
        ("everyone admin-port",),
    ),
    (
        INGRESS,
        {
            "GroupId": "sg-1",
            "IpPermissions": [
                {
                    "IpProtocol": "tcp",
                    "FromPort": 443,
                    "ToPort": 443,
                    "IpRanges": [{"CidrIp": WORLD}],
                }
            ],
        },
        ("everyone web-port",),
    ),
    (
        INGRESS,
        {"groupId": "sg-1", "ipPermissions": {"items": rule(22, 22, WORLD)}},
        ("everyone admin-port",),
    ),
    (INGRESS, {"groupId": "sg-1", "ipPermissions": rule(22, 22, WORLD)}, ("everyone admin-port",)),
    (
        INGRESS,
        {
            "GroupId": "sg-1",
            "IpPermissions.1.IpProtocol": "tcp",
            "IpPermissions.1.FromPort": 22,
            "IpPermissions.1.ToPort": 22,
            "IpPermissions.1.IpRanges.1.CidrIp": "10.0.0.0/8",
            "IpPermissions.1.IpRanges.2.CidrIp": WORLD,
        },
        ("network admin-port", "everyone admin-port"),
    ),
    (
        INGRESS,
        group(rule(5432, 5432, prefixListIds={"items": [{"prefixListId": "pl-1"}]})),
        ("prefix-list port",),
    ),
    (
        INGRESS,
        group(rule(22, 22, groups={"items": [{"groupId": "sg-2", "userId": ACCOUNT}]})),
        ("group admin-port",),
    ),
    (
        INGRESS,
        group(rule(22, 22, groups={"items": [{"groupId": "sg-2", "userId": OTHER_ACCOUNT}]})),
        ("foreign-group admin-port",),
    ),
    (
        INGRESS,
        {
            "groupName": "db",
            "sourceSecurityGroupName": "web",
            "sourceSecurityGroupOwnerId": OTHER_ACCOUNT,
        },
        ("foreign-group admin-port",),
    ),
    (INGRESS, group(rule({"a": 1}, 22, WORLD)), ()),
    (INGRESS, group(rule(22, 22, "somewhere")), ()),
    (INGRESS, group(rule(22, 22, "0.0.0.0/33")), ()),
    (INGRESS, group(rule(22, 22, WORLD, protocol={"x": 1})), ()),  # type: ignore[arg-type]
    (INGRESS, {"groupId": "sg-1", "ipPermissions": 7}, ()),
    (INGRESS, None, ()),
    (EGRESS, group(rule(443, 443, WORLD)), ("everyone egress",)),
    (
        EGRESS,
        group({"ipProtocol": "-1", "ipRanges": {"items": [{"cidrIp": WORLD}]}}),
        ("everyone egress",),
    ),
    (
        MODIFY,
        modified({"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIpv4": WORLD}),
        ("everyone admin-port",),
    ),
    (
        MODIFY,
        modified(
            {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIpv4": "10.0.0.0/8"},
            {"IpProtocol": "tcp", "FromPort": 3389, "ToPort": 3389, "CidrIpv6": WORLD6},
        ),
        ("network web-port", "everyone admin-port"),
    ),
    (
        MODIFY,
        modified(
            {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIpv4": "198.51.100.0/24"}
        ),
        ("network admin-port",),
    ),
    (
        MODIFY,
        {
            "groupId": "sg-1",
            "securityGroupRules": [
                {
                    "securityGroupRuleId": "sgr-1",
                    "securityGroupRule": {"ipProtocol": "-1", "cidrIpv4": WORLD},
                }
            ],
        },
        ("everyone admin-port",),
    ),
    ("ec2:RevokeSecurityGroupIngress", group(rule(22, 22, WORLD)), ()),
    (
        "lightsail:OpenInstancePublicPorts",
        {"instanceName": "web", "portInfo": {"fromPort": 22, "toPort": 22, "protocol": "tcp"}},
        ("everyone admin-port",),
    ),
    (
        "lightsail:PutInstancePublicPorts",
        {
            "instanceName": "web",
            "portInfos": [
                {"fromPort": 80, "toPort": 80, "protocol": "tcp", "cidrs": [WORLD]},
                {"fromPort": 22, "toPort": 22, "protocol": "tcp", "cidrs": ["198.51.100.0/24"]},
            ],
        },
        ("everyone web-port", "network admin-port"),
    ),
    (
        "lightsail:PutInstancePublicPorts",
        {
            "instanceName": "web",
            "portInfos": [
                {
                    "fromPort": 0,
                    "toPort": 65535,
                    "protocol": "all",
                    "cidrs": [],
                    "ipv6Cidrs": [WORLD6],
                }
            ],
        },
        ("everyone admin-port",),
    ),
    (
        "lightsail:OpenInstancePublicPorts",
        {
            "instanceName": "web",
            "portInfo": {"fromPort": 22, "toPort": 22, "protocol": "tcp", "cidrs": 5},
        },
        (),
    ),
)

BORDERS: tuple[Sample, ...] = (
    (ENTRY, entry("deny", WORLD), ()),
    (ENTRY, entry("deny", "198.51.100.0/24", egress=True), ()),
    (ENTRY, entry("allow", WORLD), ("everyone network-acl",)),
    (ENTRY, entry("ALLOW", WORLD, egress="false"), ("everyone network-acl",)),
    (ENTRY, entry("allow", WORLD, egress=True), ("everyone egress",)),
    (
        ENTRY,
        {
            "networkAclId": "acl-1",
            "ruleAction": "allow",
            "egress": False,
            "ipv6CidrBlock": WORLD6,
            "aclProtocol": "6",
            "portRange": {"from": 22, "to": 22},
        },
        ("everyone network-acl",),
    ),
    ("ec2:ReplaceNetworkAclEntry", entry("deny", WORLD), ()),
    ("ec2:ReplaceNetworkAclEntry", entry("allow", "10.0.0.0/8"), ("network network-acl",)),
    (ENTRY, entry("perhaps", WORLD), ()),
    (ENTRY, entry("allow", WORLD, egress={"x": 1}), ()),
    (
        "rds:AuthorizeDBSecurityGroupIngress",
        {
            "dBSecurityGroupName": "orders-sg",
            "eC2SecurityGroupId": "sg-2",
            "eC2SecurityGroupName": "web",
            "eC2SecurityGroupOwnerId": OTHER_ACCOUNT,
        },
        ("foreign-group database-group",),
    ),
    (
        "rds:AuthorizeDBSecurityGroupIngress",
        {"dBSecurityGroupName": "orders-sg", "cIDRIP": WORLD},
        ("everyone database-group",),
    ),
    (
        "elasticache:AuthorizeCacheSecurityGroupIngress",
        {
            "cacheSecurityGroupName": "c",
            "eC2SecurityGroupName": "web",
            "eC2SecurityGroupOwnerId": ACCOUNT,
        },
        ("group database-group",),
    ),
    (
        "redshift:AuthorizeClusterSecurityGroupIngress",
        {"clusterSecurityGroupName": "w", "cIDRIP": "198.51.100.0/24"},
        ("network database-group",),
    ),
    ("rds:RevokeDBSecurityGroupIngress", {"dBSecurityGroupName": "orders-sg", "cIDRIP": WORLD}, ()),
    (
        "eks:UpdateClusterConfig",
        {
            "name": "c",
            "resourcesVpcConfig": {
                "endpointPublicAccess": True,
                "publicAccessCidrs": ["198.51.100.0/24"],
            },
        },
        ("network cluster-endpoint",),
    ),
    (
        "eks:UpdateClusterConfig",
        {"name": "c", "resourcesVpcConfig": {"endpointPublicAccess": True}},
        ("everyone cluster-endpoint",),
    ),
    (
        "eks:UpdateClusterConfig",
        {
            "name": "c",
            "resourcesVpcConfig": {
                "endpointPublicAccess": True,
                "publicAccessCidrs": ["198.51.100.0/24", WORLD],
            },
        },
        ("everyone cluster-endpoint",),
    ),
    (
        "eks:UpdateClusterConfig",
        {
            "name": "c",
            "resourcesVpcConfig": {
                "endpointPublicAccess": True,
                "publicAccessCidrs": ["0.0.0.0/1", "128.0.0.0/1"],
            },
        },
        ("everyone cluster-endpoint",),
    ),
    (
        "eks:UpdateClusterConfig",
        {
            "name": "c",
            "resourcesVpcConfig": {"endpointPublicAccess": False, "publicAccessCidrs": [WORLD]},
        },
        (),
    ),
    (
        "eks:UpdateClusterConfig",
        {"name": "c", "resourcesVpcConfig": {"endpointPublicAccess": True, "publicAccessCidrs": 7}},
        (),
    ),
    ("eks:CreateCluster", {"name": "c", "resourcesVpcConfig": {"subnetIds": ["subnet-1"]}}, ()),
    (
        "eks:CreateCluster",
        {"name": "c", "resourcesVpcConfig": {"endpointPublicAccess": True}},
        ("everyone cluster-endpoint",),
    ),
)
