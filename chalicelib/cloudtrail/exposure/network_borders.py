"""What else stands between networks: network ACLs, databases' own groups, Lightsail, clusters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from chalicelib.cloudtrail.exposure.addresses import whom
from chalicelib.cloudtrail.exposure.grant import EVERYONE, Grant, Ports
from chalicelib.cloudtrail.exposure.security_groups import group_grant, ports_of, together
from chalicelib.cloudtrail.naming import name_of, short
from chalicelib.cloudtrail.reading import dicts, each, flag, get, has, request_of, text, texts
from chalicelib.cloudtrail.record import Record

ENTRIES = ("ec2:CreateNetworkAclEntry", "ec2:ReplaceNetworkAclEntry")
# The groups that RDS, ElastiCache and Redshift had before they knew VPCs.
OWN_GROUPS = {
    "rds": "DBSecurityGroup",
    "elasticache": "CacheSecurityGroup",
    "redshift": "ClusterSecurityGroup",
}
LIGHTSAIL = ("lightsail:OpenInstancePublicPorts", "lightsail:PutInstancePublicPorts")
CLUSTERS = ("eks:CreateCluster", "eks:UpdateClusterConfig")


def grants(record: Record) -> Iterator[Grant]:
    """What a call lets in, out, or keeps from either."""
    name = name_of(record)
    if name in ENTRIES:
        yield from _entry(request_of(record))
    elif name in LIGHTSAIL:
        yield from _lightsail(request_of(record))
    elif name in CLUSTERS:
        yield from _cluster(request_of(record))
    else:
        yield from _own_group(record, "Authorize")


def taken_back(record: Record) -> Iterator[Grant]:
    """What a call lets in no longer."""
    if name_of(record) == "lightsail:CloseInstancePublicPorts":
        yield from _lightsail(request_of(record))
    else:
        yield from _own_group(record, "Revoke")


def _entry(request: dict[str, Any]) -> Iterator[Grant]:
    effect = text(get(request, "ruleAction")).lower()
    egress = flag(get(request, "egress")) if has(request, "egress") else False
    ports = _entry_ports(request)
    for written in texts([get(request, "cidrBlock"), get(request, "ipv6CidrBlock")]):
        kind, to = whom(written)
        if kind and effect in ("allow", "deny") and egress is not None:
            yield Grant(
                to=to,
                whom=kind,
                what="network-acl",
                resource=text(get(request, "networkAclId")),
                ports=ports,
                effect=effect,
                direction="out" if egress else "in",
                written=written,
            )


def _entry_ports(request: dict[str, Any]) -> Ports | None:
    protocol = get(request, "aclProtocol", "protocol")
    ports = get(request, "portRange", "aclPortRange")
    rule = {"protocol": protocol, "fromPort": get(ports, "from"), "toPort": get(ports, "to")}
    return ports_of(rule) if protocol is not None else None


def _own_group(record: Record, verb: str) -> Iterator[Grant]:
    service, _, operation = name_of(record).partition(":")
    group = OWN_GROUPS.get(service)
    if group and operation == f"{verb}{group}Ingress":
        request = request_of(record)
        name = text(get(request, f"{group}Name"))
        for grant in _let_in(request, record.account_id):
            yield replace(grant, resource=name)


def _let_in(request: dict[str, Any], own: str) -> Iterator[Grant]:
    for written in texts(get(request, "cIDRIP")):
        kind, to = whom(written)
        if kind:
            yield Grant(to=to, whom=kind, what="database-group", written=written.strip())
    web = text(get(request, "eC2SecurityGroupName")) or text(get(request, "eC2SecurityGroupId"))
    if web:
        owner = text(get(request, "eC2SecurityGroupOwnerId"))
        yield group_grant("database-group", web, owner, own)


def _lightsail(request: dict[str, Any]) -> Iterator[Grant]:
    """A port without addresses is for everyone. Source: Lightsail API reference, PortInfo."""
    name, found = text(get(request, "instanceName")), list[Grant]()
    for info in dicts(get(request, "portInfos", "portInfo")):
        ports = ports_of(info)
        lists = [get(info, "cidrs"), get(info, "ipv6Cidrs"), get(info, "cidrListAliases")]
        written = texts(lists)
        told = written or not all(_empty(item) for item in lists)
        for item in (written if told else ["0.0.0.0/0"]) if ports else ():
            kind, to = whom(item)
            alias = f"address list {item}" if item in texts(lists[2]) else ""
            if kind or alias:
                found.append(_port(to or alias, kind or "prefix-list", name, ports, item))
    yield from together(found)


def _port(to: str, kind: str, name: str, ports: Ports | None, written: str) -> Grant:
    return Grant(to=to, whom=kind, what="port", resource=name, ports=ports, written=written)


def _cluster(request: dict[str, Any]) -> Iterator[Grant]:
    """EKS lets in everyone where no addresses are named; sources that are named narrow it."""
    config = get(request, "resourcesVpcConfig")
    public = flag(get(config, "endpointPublicAccess"))
    asked = get(config, "publicAccessCidrs")
    if public is False or (has(config, "endpointPublicAccess") and public is None):
        return
    cidrs = ["0.0.0.0/0"] if public and _empty(asked) else texts(asked)
    name, found = short(text(get(request, "name", "clusterName"))), list[Grant]()
    for written in cidrs:
        kind, to = whom(written)
        if kind:
            grant = Grant(to=to, whom=kind, what="cluster-endpoint", written=written)
            found.append(replace(grant, resource=name))
    joined = together(found)
    yield from [g for g in joined if g.whom == EVERYONE] or joined


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, list | dict) and not list(each(value)))
