"""One grant: to whom, what, under which condition; and how it reads as one flat text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

EVERYONE = "everyone"
EVERY_ACCOUNT = "every AWS account"
SOME = "whoever meets a condition"
# Who gets into a machine by these decides what happens on it: SSH and RDP.
ADMIN_PORTS = (22, 3389)
WEB_PORTS = (80, 443)
LAST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Ports:
    """A range of ports. `protocol` is tcp, udp, icmp, icmpv6, "all", or a number in digits.

    `low` and `high` are None where there are no ports (ICMP) or the record tells none.
    """

    protocol: str
    low: int | None = None
    high: int | None = None

    @property
    def ping(self) -> bool:
        return self.protocol in ("icmp", "icmpv6")

    def contains(self, port: int) -> bool:
        return self.low is not None and self.high is not None and self.low <= port <= self.high

    def __str__(self) -> str:
        """As in "open … to everyone"."""
        if self.ping:
            return "ping"
        if self.protocol == "all":
            return "every port"
        if self.low is None or self.high is None:
            return f"protocol {self.protocol}" if self.protocol.isdigit() else "some ports"
        if (self.low, self.high) == (0, LAST_PORT):
            return f"every {self.protocol.upper()} port".replace("  ", " ")
        kind = f" ({self.protocol.upper()})" if self.protocol == "udp" else ""
        if self.low == self.high:
            return f"port {self.low}{kind}"
        return f"ports {self.low}–{self.high}{kind}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What somebody may now reach or use, or is kept from.

    `to` says whom in words, `whom` from the vocabulary, `written` as the record has it where that
    differs ("0.0.0.0/0"). `what` is from the vocabulary too, `resource` its name or "".
    `condition` is what narrows it, "" for nothing; `effect` is allow or deny, `direction` in or
    out.
    """

    to: str
    whom: str
    what: str
    resource: str = ""
    ports: Ports | None = None
    condition: str = ""
    effect: str = "allow"
    direction: str = "in"
    written: str = ""

    @property
    def flat(self) -> str:
        """As rules ask for it: "everyone admin-port"."""
        return f"{self.whom} {self._kind()}"

    @property
    def opens_admin_port(self) -> bool:
        """Whether SSH, RDP or every port is among what it opens."""
        ports = self.ports
        return ports is not None and (
            ports.protocol == "all" or any(map(ports.contains, ADMIN_PORTS))
        )

    def _kind(self) -> str:
        if self.direction == "out":
            return "egress"
        if self.what != "port" or self.ports is None:
            return self.what
        if self.ports.ping:
            return "ping"
        if self.opens_admin_port:
            return "admin-port"
        alone = self.ports.low == self.ports.high and self.ports.low in WEB_PORTS
        return "web-port" if alone else "port"


def canonical_user(name: str) -> Grant:
    """To an account by the 64 digits of its canonical user id, in words their beginning."""
    return Grant(to=f"canonical user {name[:8]}…", whom="account", what="", written=name)


def exposed_of(grants: Iterable[Grant]) -> tuple[str, ...]:
    """Flat texts of what is open now, each once, in the order of the grants; no denials."""
    return tuple(dict.fromkeys(grant.flat for grant in grants if grant.effect == "allow"))
