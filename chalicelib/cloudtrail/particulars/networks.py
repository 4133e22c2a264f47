"""What may reach what: security groups, network ACLs, routes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from chalicelib.cloudtrail.fields import first_at
from chalicelib.cloudtrail.identity import text
from chalicelib.cloudtrail.policies import dicts
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.words import enumeration


def _rules(verb: str, way: str = "") -> Callable[[Record], str]:
    def predicate(record: Record) -> str:
        group = first_at(record, "groupId|groupName") or "a security group"
        opened = list(dict.fromkeys(_openings(record)))
        if not opened:
            return ""
        return f"{verb} {enumeration(opened)}{way} on {group}"

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
            yield f"{ports} to {enumeration([_cidr(source) for source in sources])}"


def _texts(rule: dict[str, Any], group: str, key: str) -> list[str]:
    return [found for item in dicts(rule.get(group)) if (found := text(item.get(key)))]


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


def _network_acl_entry(record: Record) -> str:
    action = first_at(record, "ruleAction")
    cidr = first_at(record, "cidrBlock|ipv6CidrBlock")
    acl = first_at(record, "networkAclId") or "a network ACL"
    if not action or not cidr:
        return ""
    way = "out" if record.request.get("egress") is True else "in"
    verb = "let" if action == "allow" else "keep"
    preposition = "to" if way == "out" else "from"
    return f"{verb} traffic {preposition} {cidr} {way} through {acl}"


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
    "ec2:RevokeSecurityGroupIngress": _rules("close"),
    "ec2:RevokeSecurityGroupEgress": _rules("close", " for outgoing traffic"),
    "ec2:CreateNetworkAclEntry": _network_acl_entry,
    "ec2:ReplaceNetworkAclEntry": _network_acl_entry,
    "ec2:CreateRoute": _route("route"),
    "ec2:ReplaceRoute": _route("reroute"),
}
