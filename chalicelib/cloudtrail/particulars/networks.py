"""What may reach what: security groups, network ACLs, routes. The grants are judged elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from chalicelib.cloudtrail.exposure import Grant, closes_of, grants_of, opens_of
from chalicelib.cloudtrail.exposure.grant import EVERYONE
from chalicelib.cloudtrail.fields import first_at
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.words import enumeration

# How everyone is written so that a reader knows it for everyone.
KNOWN = ("0.0.0.0/0", "::/0")
OWN_GROUPS = {
    "AuthorizeDBSecurityGroupIngress": "database",
    "AuthorizeCacheSecurityGroupIngress": "cache",
    "AuthorizeClusterSecurityGroupIngress": "cluster",
    "RevokeDBSecurityGroupIngress": "database",
    "RevokeCacheSecurityGroupIngress": "cache",
    "RevokeClusterSecurityGroupIngress": "cluster",
}


def _rules(verb: str, way: str = "") -> Callable[[Record], str]:
    def predicate(record: Record) -> str:
        found = opens_of(record) if verb == "open" else closes_of(record)
        if not found:
            return ""
        group = found[0].resource or "a security group"
        return f"{verb} {enumeration(_openings(found))}{way} on {group}"

    return predicate


def _openings(grants: Iterable[Grant]) -> list[str]:
    """As "port 22 and port 443 to 0.0.0.0/0", what is open to everyone before the rest."""
    by_ports: dict[str, list[str]] = {}
    for grant in sorted(grants, key=lambda one: (one.whom != EVERYONE, not one.opens_admin_port)):
        if grant.ports:
            by_ports.setdefault(str(grant.ports), []).append(_source(grant))
    by_sources: dict[str, list[str]] = {}
    for ports, sources in by_ports.items():
        by_sources.setdefault(enumeration(sources), []).append(ports)
    return [f"{enumeration(ports)} to {sources}" for sources, ports in by_sources.items()]


def _source(grant: Grant) -> str:
    """An address with /0 reads like one machine, and is all of them."""
    if grant.whom != EVERYONE:
        return grant.to
    known = not grant.written or grant.written in KNOWN
    return grant.written or grant.to if known else f"the whole internet ({grant.written})"


def _network_acl_entry(record: Record) -> str:
    for grant in grants_of(record):
        acl, source = grant.resource or "a network ACL", _source(grant)
        if grant.effect == "allow":
            way = f"to {source} out" if grant.direction == "out" else f"from {source} in"
            return f"let traffic {way} through {acl}"
        if grant.direction == "out":
            return f"keep traffic to {source} from leaving through {acl}"
        return f"keep traffic from {source} out of {acl}"
    return ""


def _own_group(record: Record) -> str:
    """The groups that RDS, ElastiCache and Redshift had before they knew VPCs."""
    opened, closed = opens_of(record), closes_of(record)
    found = opened or closed
    if not found:
        return ""
    kind = OWN_GROUPS.get(record.event_name, "database")
    name = found[0].resource
    group = f"the {kind} security group {name}" if name else f"a {kind} security group"
    who = enumeration([_let_in(grant) for grant in found])
    return f"let {who} into {group}" if opened else f"close {group} to {who}"


def _let_in(grant: Grant) -> str:
    named = grant.whom in ("group", "foreign-group")
    return f"the security group {grant.to}" if named else _source(grant)


def _route(verb: str) -> Callable[[Record], str]:
    def predicate(record: Record) -> str:
        to = first_at(record, "destinationCidrBlock|destinationIpv6CidrBlock")
        through = first_at(
            record,
            "gatewayId|natGatewayId|transitGatewayId|vpcPeeringConnectionId|networkInterfaceId"
            "|instanceId|egressOnlyInternetGatewayId|vpcEndpointId",
        )
        table = first_at(record, "routeTableId")
        return f"{verb} {to} through {through} in {table}" if to and through and table else ""

    return predicate


PARTICULARS: dict[str, Callable[[Record], str]] = {
    "ec2:AuthorizeSecurityGroupIngress": _rules("open"),
    "ec2:AuthorizeSecurityGroupEgress": _rules("open", " for outgoing traffic"),
    "ec2:ModifySecurityGroupRules": _rules("open"),
    "ec2:RevokeSecurityGroupIngress": _rules("close"),
    "ec2:RevokeSecurityGroupEgress": _rules("close", " for outgoing traffic"),
    "lightsail:OpenInstancePublicPorts": _rules("open"),
    "lightsail:PutInstancePublicPorts": _rules("open"),
    "lightsail:CloseInstancePublicPorts": _rules("close"),
    "rds:AuthorizeDBSecurityGroupIngress": _own_group,
    "rds:RevokeDBSecurityGroupIngress": _own_group,
    "elasticache:AuthorizeCacheSecurityGroupIngress": _own_group,
    "elasticache:RevokeCacheSecurityGroupIngress": _own_group,
    "redshift:AuthorizeClusterSecurityGroupIngress": _own_group,
    "redshift:RevokeClusterSecurityGroupIngress": _own_group,
    "ec2:CreateNetworkAclEntry": _network_acl_entry,
    "ec2:ReplaceNetworkAclEntry": _network_acl_entry,
    "ec2:CreateRoute": _route("route"),
    "ec2:ReplaceRoute": _route("reroute"),
}
