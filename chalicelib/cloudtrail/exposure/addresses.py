"""Address ranges: which of them, alone or together, are everyone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network

from chalicelib.cloudtrail.exposure.grant import EVERYONE

Network = IPv4Network | IPv6Network
# Whom no route of the internet leads to: who lists all the rest has listed everyone.
# Source: IANA's registry of special-purpose IPv4 addresses.
UNROUTED = (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
    "192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
    "203.0.113.0/24", "224.0.0.0/3",
)  # fmt: skip
# All that IANA gives out of IPv6.
IPV6_INTERNET = "2000::/3"
# No narrower range could be everyone alone.
WIDEST = 3
# What is wider is as good as public. Source: S3 user guide, "The meaning of public".
WIDE_V4, WIDE_V6 = 8, 32
# No longer address can be meant, and int() of a long prefix would cost.
_LIKELY = re.compile(r"[0-9a-fA-F:.]{2,45}(/[0-9]{1,3})?")


def network_of(text: str) -> Network | None:
    """The range that a text names, host bits or not; None of what is no range."""
    text = text.strip()
    if not _LIKELY.fullmatch(text):
        return None
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def whom(text: str) -> tuple[str, str]:
    """(whom, to) of one range: ("everyone", "everyone"), ("network", "198.51.100.0/24").

    ("", "") of what is no range.
    """
    network = network_of(text)
    if network is None:
        return "", ""
    if network.prefixlen <= WIDEST and are_everyone([network]):
        return EVERYONE, EVERYONE
    return ("wide-network" if is_wide(network) else "network"), _said(network)


def _said(network: Network) -> str:
    alone = network.prefixlen == network.max_prefixlen
    return str(network.network_address) if alone else str(network)


def is_wide(network: Network) -> bool:
    """Whether a range of the internet is wider than anybody's own could be."""
    if isinstance(network, IPv6Network):
        return network.prefixlen < WIDE_V6 and network.overlaps(IPv6Network(IPV6_INTERNET))
    return network.prefixlen < WIDE_V4 and not (network.is_private or network.is_multicast)


def are_everyone(networks: Iterable[Network]) -> bool:
    """Whether ranges together hold all of the internet of IPv4, or all of IPv6."""
    found = list(networks)
    four = [network for network in found if network.version == 4]
    six = [network for network in found if network.version == 6]
    everything, internet = ip_network("0.0.0.0/0"), ip_network(IPV6_INTERNET)
    return (bool(four) and _cover(everything, [*four, *_unrouted()])) or _cover(internet, six)


@cache
def _unrouted() -> tuple[Network, ...]:
    return tuple(map(ip_network, UNROUTED))


def _cover(whole: Network, parts: Iterable[Network]) -> bool:
    reached, last = int(whole.network_address), int(whole.broadcast_address)
    for start, end in sorted((int(p.network_address), int(p.broadcast_address)) for p in parts):
        if start > reached:
            return False
        reached = max(reached, end + 1)
    return reached > last
