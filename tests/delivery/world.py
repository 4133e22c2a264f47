"""A world for dispatch to work in: a clock that only moves when asked, a Slack, and a store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.delivery import DeliveryState, deliveries_of
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.alerts.post import Post
from chalicelib.cloudtrail.record import alert_id_of
from chalicelib.delivery.calls import Call
from chalicelib.delivery.dispatch import dispatch
from chalicelib.delivery.outcome import (
    NO_ANSWER_IN_TIME,
    Outcome,
    Search,
    Sought,
    ambiguous,
    destination_refused,
    message_gone,
    not_posted,
    payload_refused,
    sent,
)
from chalicelib.delivery.ports import Transport
from chalicelib.delivery.run import SWEEP, DispatchReport, Patience, Run
from chalicelib.delivery.watch import Watch
from chalicelib.rules.rule import Severity
from chalicelib.stores.store import Store
from tests.slack.stub import LIMITED, REFUSED, RETRY_AFTER_SECONDS, Slack, channel_id

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
CHANNEL = "#trailbell"
SENT, PENDING = DeliveryState.SENT, DeliveryState.PENDING
UNCERTAIN, PARKED = DeliveryState.UNCERTAIN, DeliveryState.PARKED
DESTINATION_REFUSED = {"invalid_auth", "channel_not_found", "not_in_channel", "missing_scope"}
PAUSE_SECONDS = 30.0  # after a rate limit that names no time


class Clock:
    """Time that passes only by sleeping and by requests; the wall's, which may jump besides."""

    def __init__(self, start: datetime = START) -> None:
        self.time = start
        self.passed = self.jumped = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.advance(seconds)

    def monotonic(self) -> float:
        return self.passed

    def advance(self, seconds: float) -> None:
        self.passed += seconds
        self.time += timedelta(seconds=seconds)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What passes meanwhile passes beside the rest: afterwards it is as late as before."""
        before = self.passed
        try:
            yield
        finally:
            self.advance(before - self.passed)

    def jump(self, seconds: float) -> None:
        """Set the wall's clock, for which no time passes."""
        self.time += timedelta(seconds=seconds)
        self.jumped += seconds

    def elsewhere(self) -> datetime:
        """What a clock shows that never jumps, as Slack's."""
        return self.time - timedelta(seconds=self.jumped)


@dataclass(frozen=True, slots=True)
class VirtualCall:
    """A call that was made at once, and is done when its time has come."""

    clock: Clock
    done_at: float
    answer: Any
    error: Exception | None

    @property
    def is_done(self) -> bool:
        return self.clock.monotonic() >= self.done_at - 1e-6

    def result(self) -> Any:
        if self.error:
            raise self.error
        return self.answer


class VirtualCalls:
    """Calls that are under way beside each other in the clock's time, without a thread."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.most = 0

    def start(self, make: Callable[[], Any]) -> Call:
        answer, error = None, None
        with self.clock.aside():
            try:
                answer = make()
            except Exception as raised:  # as from a thread: whoever started it is told
                error = raised
            done_at = self.clock.monotonic()
        return VirtualCall(self.clock, done_at, answer, error)

    def wait(self, calls: Collection[Call], seconds: float) -> None:
        self.most = max(self.most, len(calls))
        first = min(call.done_at for call in calls if isinstance(call, VirtualCall))
        self.clock.advance(max(min(first - self.clock.monotonic(), seconds), 0.0))


class VirtualSlack:
    """A Transport over the stub's workspace without its sockets, in the clock's time.

    Besides the stub's behaviours it can be `refused`: a connection that nobody takes.
    """

    def __init__(self, slack: Slack, clock: Clock, latency: float = 0.1) -> None:
        slack.clock = lambda: clock.elsewhere().timestamp()
        self.slack = slack
        self.clock = clock
        self.latency = latency
        self.attempts: list[float] = []
        self.retry_after: float = RETRY_AFTER_SECONDS
        self.token = "one"

    def post(self, payload: dict[str, Any], channel_id: str | None = None) -> Outcome:
        return self._outcome(
            "chat.postMessage", {**payload, "channel": channel_id or payload["channel"]}
        )

    def credential(self, salt: str) -> str:
        return f"{salt} and {self.token}"

    def update(self, channel_id: str, ts: str, payload: dict[str, Any]) -> Outcome:
        return self._outcome("chat.update", {**payload, "channel": channel_id, "ts": ts})

    def find(self, channel_id: str, post_id: str, since: datetime) -> Search:
        arguments = {"channel": channel_id, "oldest": since.timestamp() - 120, "limit": 200}
        body = self._call("conversations.history", arguments)
        if isinstance(body, Outcome):
            refused = body.reason == "missing_scope"
            sought = Sought.UNSUPPORTED if refused else Sought.FAILED
            return Search(sought=sought, outcome=body, at=body.at)
        at = self.clock.elsewhere()
        for message in body["messages"]:
            if message["metadata"]["event_payload"]["post_id"] == post_id:
                return Search(sought=Sought.FOUND, ts=message["ts"], at=at)
        return Search(sought=Sought.NOT_FOUND, at=at)

    def address(self, name: str) -> str | None:
        return name if channel_id(name) == name else None

    def _outcome(self, method: str, arguments: dict[str, Any]) -> Outcome:
        body = self._call(method, arguments)
        if isinstance(body, Outcome):
            return body
        return replace(sent(body["ts"], body["channel"]), at=self.clock.elsewhere())

    def _call(self, method: str, arguments: dict[str, Any]) -> dict[str, Any] | Outcome:
        self.attempts.append(self.clock.elsewhere().timestamp())
        if self.slack.behaviour == "refused":
            return not_posted("ConnectionRefusedError")
        behaviour, body = self.slack.answer(method, arguments)
        self.clock.advance(5.5 if behaviour in ("slow", "drip") else self.latency)
        at = self.clock.elsewhere()
        if behaviour in LIMITED:
            pause = self.retry_after if behaviour == "429" else PAUSE_SECONDS
            return replace(not_posted("ratelimited", pause), at=at)
        if behaviour in REFUSED or behaviour == "ok":
            return body if body["ok"] else replace(meaning_of(body["error"]), at=at)
        return ambiguous(NO_ANSWER_IN_TIME if behaviour in ("slow", "drip") else behaviour)


def meaning_of(refusal: str) -> Outcome:
    """What a refusal of the stub is to delivery."""
    if refusal in DESTINATION_REFUSED:
        return destination_refused(refusal)
    meanings = {
        "invalid_blocks": payload_refused(refusal),
        "message_not_found": message_gone(refusal),
        "ratelimited": not_posted(refusal, PAUSE_SECONDS),
    }
    return meanings.get(refusal, ambiguous(refusal))


def compose(
    post: Post, alerts: Sequence[Alert], *, form: int, possible_repeat: bool
) -> dict[str, Any]:
    """A message that says what it carries, so that the journal can be counted."""
    return {
        "channel": post.channel,
        "text": f"{post.kind.value}: {alerts[0].text} × {post.repeats}",
        "alerts": list(post.alert_ids),
        "form": form,
        "possible_repeat": possible_repeat,
        "metadata": {"event_type": "trailbell_post", "event_payload": {"post_id": post.post_id}},
    }


@dataclass
class World:
    """A store, a Slack and a clock; `run` is one handler's dispatch."""

    store: Store
    slack: Slack = field(default_factory=Slack)
    clock: Clock = field(default_factory=Clock)
    channels: tuple[str, ...] = (CHANNEL,)
    compose: Any = field(default=compose)
    runs: int = 0

    def __post_init__(self) -> None:
        self.transport = VirtualSlack(self.slack, self.clock)
        self.watch = Watch(self.clock.monotonic)
        self.calls = VirtualCalls(self.clock)

    def prepared(self, seconds: float, transport: Transport | None = None) -> Run:
        self.runs += 1
        deadline = self.clock.monotonic() + seconds
        return Run(
            queue=self.store.queue,
            transport=transport or self.transport,
            compose=self.compose,
            owner=f"run-{self.runs}",
            now=self.clock.now,
            sleep=self.clock.sleep,
            millis_left=lambda: (deadline - self.clock.monotonic()) * 1000,
            watch=self.watch,
            calls=self.calls,
        )

    def run(self, seconds: float = 60.0, patience: float = 2.0) -> DispatchReport:
        return dispatch(
            self.prepared(seconds),
            channels=self.channels,
            default_channel=CHANNEL,
            patience=Patience(urgent=patience, lower=patience),
        )

    def handle(self, seconds: float = 120.0) -> DispatchReport:
        """The dispatch of a handler that has just stored something."""
        return dispatch(self.prepared(seconds), channels=self.channels, default_channel=CHANNEL)

    def sweep(self, seconds: float = 100.0) -> DispatchReport:
        """One sweep's dispatch, which waits for what is due."""
        return dispatch(
            self.prepared(seconds), channels=self.channels, default_channel=CHANNEL, patience=SWEEP
        )

    def add(self, *alerts: Alert) -> None:
        now = self.clock.now()
        stored = [StoredAlert(alert=each, deliveries=deliveries_of(each, now)) for each in alerts]
        self.store.outbox.add(stored, now)

    def states(self, *alerts: Alert, channel: str = CHANNEL) -> list[DeliveryState]:
        ids = [each.alert_id for each in alerts]
        return [delivery.state for delivery in self.store.queue.deliveries(ids, channel)]

    @property
    def journal(self) -> list[dict[str, Any]]:
        return self.slack.journal

    @property
    def texts(self) -> list[str]:
        """What the channels show, in order."""
        return [message["text"] for message in self._shown]

    @property
    def marks(self) -> list[bool]:
        """Whether each of them says that it may be a repeat."""
        return [message["possible_repeat"] for message in self._shown]

    @property
    def _shown(self) -> list[dict[str, Any]]:
        shown = [message for channel in self.slack.channels.values() for message in channel]
        return sorted(shown, key=lambda each: str(each["ts"]))


def alert(number: int, severity: Severity = Severity.CRITICAL, **changes: Any) -> Alert:
    """One of many alerts, each by an actor of its own unless told otherwise."""
    event_id = f"00000000-0000-0000-0000-{number:012d}"
    account_id = changes.get("account_id", "111122223333")
    values: dict[str, Any] = {
        "alert_id": alert_id_of(account_id, event_id),
        "rule_id": f"rule-{severity.value}",
        "rule_ids": (f"rule-{severity.value}",),
        "severity": severity,
        "title": "CloudTrail stopped",
        "text": f"alert {number}",
        "event_id": event_id,
        "event_name": "StopLogging",
        "event_source": "cloudtrail.amazonaws.com",
        "account_id": account_id,
        "account_name": "",
        "aws_region": "eu-central-1",
        "actor": f"actor-{number}",
        "actor_type": "IAMUser",
        "actor_id": f"AIDA{number}",
        "via": "cli",
        "source_ip": "192.0.2.7",
        "user_agent": "aws-cli/2",
        "event_time": START + timedelta(milliseconds=number),
        "seen_at": START,
        "error_code": "",
        "error_message": "",
        "mfa": None,
        "read_only": False,
        "resources": (),
        "channels": (CHANNEL,),
        **changes,
    }
    return Alert(**values)


def low(*numbers: int, **changes: Any) -> list[Alert]:
    return [alert(number, Severity.LOW, **changes) for number in numbers]


def killed_in(world: World, call: str) -> None:
    """A sender that is killed right after a call reached Slack."""
    made, save = getattr(world.transport, call), world.store.queue.save

    def killed(*arguments: Any) -> Any:
        made(*arguments)
        raise KeyboardInterrupt

    setattr(world.transport, call, killed)
    world.store.queue.save = lambda channel: False  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        world.run()
    setattr(world.transport, call, made)
    world.store.queue.save = save  # type: ignore[method-assign]
