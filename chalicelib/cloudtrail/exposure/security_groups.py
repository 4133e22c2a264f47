"""What the rules of security groups let in and out, over every rule and every range."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from chalicelib.cloudtrail.exposure.addresses import are_everyone, network_of, whom
from chalicelib.cloudtrail.exposure.grant import ADMIN_PORTS, EVERYONE, LAST_PORT, Grant, Ports
from chalicelib.cloudtrail.naming import name_of
from chalicelib.cloudtrail.reading import at, dicts, get, request_of, text, texts, whole
from chalicelib.cloudtrail.record import Record

AUTHORIZE = ("ec2:AuthorizeSecurityGroupIngress", "ec2:AuthorizeSecurityGroupEgress")
REVOKE = ("ec2:RevokeSecurityGroupIngress", "ec2:RevokeSecurityGroupEgress")
MODIFY = "ec2:ModifySecurityGroupRules"
# IANA's numbers of the protocols that EC2 also knows by name.
PROTOCOLS = {"-1": "all", "all": "all", "1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}
WITH_PORTS = ("tcp", "udp")
RANGES = "cidrIp|cidrIpv4|cidrIpv6|ipRanges.cidrIp|ipv6Ranges.cidrIpv6"
LISTS = "prefixListId|prefixListIds.prefixListId"
RANGES_OF = ("network", "wide-network")
# Of ranges that are everyone together.
MOST_NAMED = 4
PAIRS = "groups|userIdGroupPairs|referencedGroupInfo"


def grants(record: Record) -> Iterator[Grant]:
    """What a call opens."""
    name = name_of(record)
    if name in AUTHORIZE:
        yield from _of_rules(record, name.endswith("Egress"))
    elif name == MODIFY:
        yield from _modified(record)


def taken_back(record: Record) -> Iterator[Grant]:
    """What a call closes again."""
    name = name_of(record)
    if name in REVOKE:
        yield from _of_rules(record, name.endswith("Egress"))


def _of_rules(record: Record, egress: bool) -> Iterator[Grant]:
    request = request_of(record)
    asked = [request, *dicts(get(request, "ipPermissions"))]
    # Old records have no answer; newer ones may leave out what was asked.
    answered = at(record.response, "securityGroupRuleSet|revokedSecurityGroupRuleSet")
    rules = [*asked, *(rule for found in answered for rule in dicts(found))]
    yield from _grants(rules, record, "out" if egress else "in")


def _modified(record: Record) -> Iterator[Grant]:
    """The request says nothing of the way: a rule goes on the way it went."""
    request = request_of(record)
    updates = dicts(get(request, "securityGroupRules", "securityGroupRule"))
    rules = [rule for update in updates for rule in dicts(get(update, "securityGroupRule"))]
    yield from _grants(rules, record, "in")


def _group(record: Record) -> str:
    request = request_of(record)
    named = text(get(request, "groupId")) or text(get(request, "groupName"))
    return named or text(at(record.response, "securityGroupRuleSet.groupId"))


def _grants(rules: Iterable[dict[str, Any]], record: Record, direction: str) -> Iterator[Grant]:
    """Each once, though request and answer write the same rule in two ways."""
    group = _group(record)
    found: dict[Grant, Grant] = {}
    for rule in rules:
        ports = ports_of(rule)
        for source in _sources(rule, record.account_id) if ports else ():
            grant = replace(source, resource=group, ports=ports, direction=direction)
            found.setdefault(replace(grant, written=""), grant)
    yield from together(list(found.values()))


def _sources(rule: dict[str, Any], own: str) -> Iterator[Grant]:
    """To whom one rule opens, yet without what."""
    for written in texts(at(rule, RANGES)):
        kind, to = whom(written)
        if kind:
            yield Grant(to=to, whom=kind, what="port", written=written.strip())
    for name in texts(at(rule, LISTS)):
        yield Grant(to=f"prefix list {name}", whom="prefix-list", what="port", written=name)
    for group, owner in _groups(rule):
        yield group_grant("port", group, owner, own)


def group_grant(what: str, group: str, owner: str, own: str) -> Grant:
    """To a security group of the account `own` or, told so, of another."""
    other = owner not in ("", own)
    to = f"{group} of account {owner}" if other else group
    return Grant(to=to, whom="foreign-group" if other else "group", what=what, written=group)


def _groups(rule: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(group, owner or "") of every group that a rule lets in."""
    short = text(get(rule, "sourceSecurityGroupName", "referencedGroupId"))
    if short:
        yield short, text(get(rule, "sourceSecurityGroupOwnerId"))
    for pair in (pair for found in at(rule, PAIRS) for pair in dicts(found)):
        group = text(get(pair, "groupId")) or text(get(pair, "groupName"))
        if group:
            yield group, text(get(pair, "userId"))


def ports_of(rule: dict[str, Any]) -> Ports | None:
    """The ports of a rule; None where what is there cannot be read."""
    asked = get(rule, "ipProtocol", "protocol")
    written = text(asked).strip().lower()
    if asked is not None and not written:
        return None
    protocol = PROTOCOLS.get(written, written)
    low, high = get(rule, "fromPort"), get(rule, "toPort")
    if not protocol:
        bare = low is None and high is None
        return Ports("all", 0, LAST_PORT) if bare else _range("", low, high)
    if protocol == "all":
        return Ports("all", 0, LAST_PORT)
    # Of other protocols EC2 opens all there is, whatever ports were asked for.
    return _range(protocol, low, high) if protocol in WITH_PORTS else Ports(protocol)


def _range(protocol: str, low: Any, high: Any) -> Ports | None:
    if low is None and high is None:
        return Ports(protocol)
    first, last = whole(low if low is not None else high), whole(high if high is not None else low)
    if first is None or last is None:
        return None
    if first < 0:
        return Ports(protocol, 0, LAST_PORT)
    return Ports(protocol, first, last if last >= 0 else LAST_PORT)


def together(grants_: list[Grant]) -> list[Grant]:
    """The same, and everyone in place of ranges that are everyone only together."""
    by_ports: dict[Ports | None, list[Grant]] = {}
    for grant in grants_:
        by_ports.setdefault(grant.ports, []).append(grant)
    found = [grant for same in by_ports.values() for grant in _joined(same)]
    return [*found, *_across(found)]


def _across(grants_: list[Grant]) -> Iterator[Grant]:
    """Everyone, where rules for different ports together let everyone in by SSH or RDP."""
    for port in ADMIN_PORTS:
        ways = [grant for grant in grants_ if grant.ports and grant.ports.contains(port)]
        if not any(grant.whom == EVERYONE for grant in ways):
            joined = _joined(ways)
            yield from (
                replace(grant, ports=Ports("tcp", port, port))
                for grant in joined[:1]
                if grant.whom == EVERYONE
            )


def _joined(same: list[Grant]) -> list[Grant]:
    ranges = [grant for grant in same if grant.whom in RANGES_OF]
    networks = [network for grant in ranges if (network := network_of(grant.written))]
    if len(ranges) < 2 or not are_everyone(networks):
        return same
    first = " and ".join(grant.written for grant in ranges[:MOST_NAMED])
    more = len(ranges) - MOST_NAMED
    written = f"{first} and {more} more" if more > 0 else first
    everyone = replace(ranges[0], to=EVERYONE, whom=EVERYONE, written=written)
    return [everyone, *(grant for grant in same if grant.whom not in RANGES_OF)]
