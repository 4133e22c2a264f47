"""One run of dispatch: what it works with, how long it may, and what it did so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chalicelib.alerts.channel import Channel, Claim
from chalicelib.delivery.bounds import pulled
from chalicelib.delivery.calls import THREADS, Calls
from chalicelib.delivery.destination import tried_at_once
from chalicelib.delivery.ports import Compose, Queue, Transport, Way
from chalicelib.delivery.watch import Watch

# A request may take 5.5 s, and the handler is to end 2 s before its deadline.
SEND_NEEDS_SECONDS = 8.0
# Who is cut off holds its channel no longer than this.
LEASE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """For how many seconds in all a dispatch waits for channels that do not take more at once:
    `urgent` where something critical or high is due there, else `lower`. One that `watches` goes on
    while something is due, also where another holds the channel, and takes over from the dead.
    """

    urgent: float
    lower: float
    watches: bool = False


# Whoever has just stored something; the sweep, until its time is over.
HANDLER = Patience(urgent=20.0, lower=5.0)
SWEEP = Patience(urgent=float("inf"), lower=float("inf"), watches=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a run works with. `owner` names it; `millis_left` is what Lambda leaves it. `watch` is
    the process's, and outlives the run. `others` make the way to the channels of these names, which
    `transport` and `compose` do not serve; each is made when something is due there. `only` the
    channels of these names are served; None: all.
    """

    queue: Queue
    transport: Transport
    compose: Compose
    owner: str
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    millis_left: Callable[[], float]
    watch: Watch
    calls: Calls = THREADS
    others: Mapping[str, Callable[[], Way]] = field(default_factory=dict)
    only: frozenset[str] | None = None

    def way(self, channel: str) -> Way:
        """How the channel of that name is told."""
        other = self.others.get(channel)
        return other() if other else Way(self.transport, self.compose)

    def claim(self, channel: Channel) -> Claim | None:
        """Hold a channel as it was read, where nobody does or its sender is surely gone."""
        seen = None
        if channel.leased_until is not None and channel.owner != self.owner:
            if self.watch.left(channel, LEASE.total_seconds()):
                return None
            seen = channel.lease
        claim = self.queue.claim(channel.name, self.owner, self.now() + LEASE, seen)
        if claim:  # what a sender left open that is surely gone is a lease old at least
            self.watch.meet(claim.unsettled, LEASE.total_seconds() if seen else 0.0)
        return claim

    def pulled(self, channel: Channel) -> Channel:
        """The channel as it was read, with no time further ahead than it can be."""
        return pulled(channel, self.now(), self.watch.waited(channel))

    def as_it_stands(self, channel: Channel) -> Channel:
        """The channel as it was read, with what has changed around it since; the same object
        where nothing has.
        """
        credential = self.way(channel.name).transport.credential
        return tried_at_once(self.pulled(channel), credential)

    def has_time(self) -> bool:
        """Whether one more request may begin."""
        return self.seconds_left() >= 0

    def seconds_left(self) -> float:
        """For how many seconds more a request may begin."""
        return self.millis_left() / 1000 - SEND_NEEDS_SECONDS


@dataclass(slots=True)
class Tally:
    """What one sender did so far; `skew` is by how many seconds the channel's clock was ahead of
    ours when it last told its time.
    """

    requests: int = 0
    delivered: int = 0
    ambiguous: int = 0
    refused: int = 0
    parked: int = 0
    delays: list[float] = field(default_factory=list)
    skew: float | None = None

    def hear(self, at: datetime | None, now: datetime) -> None:
        """Note the time that the channel told with an answer, if it did."""
        if at is not None:
            self.skew = (at - now).total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchReport:
    """What one dispatch did. `delays` are seconds from eventTime to the post of alerts sent.

    `next_at` is when something that is due may go, at the latest: None where nothing is left.
    `oldest_due` is since when what is left has been due. `pulled` names the channels with a time
    that lay further ahead than it can. `skew` is by how many seconds a channel's clock was ahead of
    ours, None where none told its time.
    """

    requests: int = 0
    delivered: int = 0
    ambiguous: int = 0
    refused: int = 0
    parked: int = 0
    delays: tuple[float, ...] = ()
    next_at: datetime | None = None
    oldest_due: datetime | None = None
    pulled: tuple[str, ...] = ()
    skew: float | None = None

    @staticmethod
    def of(tallies: Iterable[Tally]) -> DispatchReport:
        """What the senders did, together."""
        tallies = list(tallies)
        skews = [tally.skew for tally in tallies if tally.skew is not None]
        return DispatchReport(
            requests=sum(tally.requests for tally in tallies),
            delivered=sum(tally.delivered for tally in tallies),
            ambiguous=sum(tally.ambiguous for tally in tallies),
            refused=sum(tally.refused for tally in tallies),
            parked=sum(tally.parked for tally in tallies),
            delays=tuple(delay for tally in tallies for delay in tally.delays),
            skew=skews[-1] if skews else None,
        )
