"""Our functions and what stands round them: whether they can run and be invoked."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple, Protocol

from chalicelib.monitoring.answers import Finding, failing, lacking, ok, unasked
from chalicelib.monitoring.expected import Expectations
from chalicelib.monitoring.upstream import asked
from chalicelib.settings import FUNCTIONS

# Lambda's states of a function that does not run. Source: Lambda developer guide, "Function
# states".
STOPPED = frozenset({"Failed", "Inactive"})
# Those of what hands a queue over, where it does or is about to. Source: Lambda API reference,
# EventSourceMappingConfiguration.
HANDS_OVER = frozenset({"Creating", "Enabled", "Enabling", "Updating"})
# What each is invoked by; CloudWatch Logs invokes the other, by the subscription filter.
INVOKED_BY_RULES = {"ingest_events": "events", "sweep": "schedule"}
KEEPS_FAILURES = ("ingest_logs", "ingest_events")
# Those that need not be deployed, and what is so where they are not.
OFF = {"ingest_events": "EventBridge is off.", "ingest_files": "Records do not come by S3."}
TAKES_FILES = "ingest_files"


class Function(NamedTuple):
    """A Lambda: its state and why, when it was last deployed, its reserved concurrency if any."""

    arn: str
    state: str = "Active"
    reason: str = ""
    deployed: str = ""


class EventRule(NamedTuple):
    """A rule of EventBridge that has one of our functions as its target; `wants` is its schedule or
    event pattern.
    """

    name: str
    enabled: bool
    wants: str = ""


class Functions(Protocol):
    """What AWS says of them. Names are without the deployment's. Raises UpstreamError."""

    def function(self, name: str) -> Function | None:
        """The Lambda; None where there is none."""

    def reserved(self, name: str) -> int | None:
        """How many of it may run at once, where that is limited."""

    def rules(self, arn: str) -> list[EventRule]:
        """The EventBridge rules that invoke it."""

    def admits_events(self, name: str) -> bool:
        """Whether EventBridge may invoke it."""

    def queue(self, name: str) -> str | None:
        """Whether Lambda hands a queue's messages over to it: Lambda's word for the state of that,
        "filtered" where not all of them; None where it has no queue.
        """

    def destination(self, name: str) -> str:
        """The ARN of where what it could not take is kept, "" for nowhere."""

    def waiting(self, destination: str) -> int | None:
        """How much is kept there, up to a thousand; None where there is no such place any more."""

    def parameters(self, names: Collection[str]) -> Collection[str]:
        """Those of the SSM parameters that exist."""

    def alarms(self) -> Mapping[str, bool]:
        """The alarms of this deployment, and whether each tells somebody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What is asked about. `parameters` are the names that the settings give; `token` is the one
    that nothing works without. `parked` are the payloads that failed here as well, of which a
    person was told.
    """

    functions: Functions
    deployment: str
    expectations: Expectations
    parameters: Collection[str]
    token: str | None
    parked: int = 0


def check_functions(around: Around) -> Iterator[Finding]:
    """What each check finds."""
    for name in FUNCTIONS:
        yield from asked(f"function-{name}", partial(_function, around, name))
    for name, check in INVOKED_BY_RULES.items():
        yield from asked(check, partial(_rules, around, name, check))
    yield from asked("queue", partial(_queue, around))
    for name in KEEPS_FAILURES:
        yield from asked(f"destination-{name}", partial(_destination, around, name))
    yield from asked("failures", partial(_failures, around))
    yield from asked("parameters", partial(_parameters, around))
    yield from asked("alarms", partial(_alarms, around))


def _function(around: Around, name: str) -> Finding:
    check, full = f"function-{name}", f"{around.deployment}-{name}"
    function = around.functions.function(name)
    if function is None:
        return _absent(around, name, check)
    around.expectations.of(f"function {name}", "there")
    if function.state in STOPPED:
        return failing(check, f"The function {full} is {function.state}: {function.reason}.")
    if around.functions.reserved(name) == 0:
        return failing(check, f"Nobody may invoke {full}: its reserved concurrency is 0.")
    return ok(check, f"The function {full} can run.")


def _absent(around: Around, name: str, check: str) -> Finding:
    if _is_off(around, name):
        return ok(check, OFF[name])
    return failing(check, f"The function {around.deployment}-{name} is gone.")


def _is_off(around: Around, name: str) -> bool:
    """Whether it was not deployed, which some of them need not be."""
    return name in OFF and not around.expectations.has(f"function {name}")


def _queue(around: Around) -> Finding:
    """Whether what tells of the trail's files still comes to ingest_files."""
    full = f"{around.deployment}-{TAKES_FILES}"
    if around.functions.function(TAKES_FILES) is None:
        return _absent(around, TAKES_FILES, "queue")
    state = around.functions.queue(TAKES_FILES)
    if state is None:
        return failing("queue", f"No queue hands over to {full} any more.")
    if state not in HANDS_OVER:
        return failing("queue", f"The queue does not hand over to {full}: it is {state}.")
    return ok("queue", f"The queue hands over to {full}.")


def _rules(around: Around, name: str, check: str) -> Finding:
    function = around.functions.function(name)
    if function is None:
        return _absent(around, name, check)
    full = f"{around.deployment}-{name}"
    rules = around.functions.rules(function.arn)
    if not rules:
        return failing(check, f"No rule of EventBridge invokes {full} any more.")
    if not any(rule.enabled for rule in rules):
        return failing(check, f"EventBridge's rule {rules[0].name} for {full} is disabled.")
    for rule in rules:
        before = around.expectations.of(f"rule {rule.name}", fingerprint(rule.wants))
        if before != fingerprint(rule.wants):
            text = f"EventBridge's rule {rule.name} for {full} was changed: it is {rule.wants} now."
            return failing(check, text)
    if not around.functions.admits_events(name):
        return failing(check, f"EventBridge may not invoke {full} any more.")
    return ok(check, f"EventBridge's rule {rules[0].name} invokes {full}.")


def fingerprint(text: str) -> str:
    """A text as it is remembered: an event pattern may have 2,048 characters."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _destination(around: Around, name: str) -> Finding:
    check, full = f"destination-{name}", f"{around.deployment}-{name}"
    if _is_off(around, name):
        return ok(check, OFF[name])
    seen = around.functions.destination(name)
    known = f"destination {name}"
    if not seen and not around.expectations.has(known):
        return unasked(check, f"{full} never had a place for what it could not take.")
    expected = around.expectations.of(known, seen) if seen else around.expectations.last(known)
    if seen == expected:
        return ok(check, f"What {full} could not take is kept in {seen}.")
    now = f"goes to {seen} now" if seen else "is dropped now"
    return failing(check, f"What {full} could not take {now}, no longer kept in {expected}.")


def _failures(around: Around) -> Finding:
    places = {around.expectations.last(f"destination {name}") for name in KEEPS_FAILURES}
    kept = sorted(place for place in places if place)
    if not kept:
        return unasked("failures", "There is no place for what could not be taken.")
    for place in kept:
        waiting = around.functions.waiting(place)
        if waiting is None:
            text = f"{place} is gone: what cannot be taken in is dropped."
            return failing("failures", text)
        if waiting > around.parked:
            return failing("failures", f"What could not be taken in waits in {place}.")
        if waiting:
            text = f"What failed here as well waits in {place}, and nothing else."
            return lacking("failures", text)
    return ok("failures", "Nothing waits that could not be taken in.")


def _parameters(around: Around) -> Finding:
    if not around.parameters:
        return ok("parameters", "The settings name no SSM parameter.")
    there = around.functions.parameters(around.parameters)
    for name in there:
        around.expectations.of(f"parameter {name}", "there")
    wanted = {*around.expectations.within("parameter "), *filter(None, [around.token])}
    gone = sorted((wanted & set(around.parameters)) - set(there))
    if gone:
        return failing("parameters", f"SSM parameters are gone: {', '.join(gone)}.")
    return ok("parameters", f"There are the SSM parameters {', '.join(sorted(there))}.")


def _alarms(around: Around) -> Finding:
    alarms = around.functions.alarms()
    for name in (name for name, tells in alarms.items() if tells):
        around.expectations.of(f"alarm {name}", "tells")
    wanted = around.expectations.within("alarm ")
    if not wanted:
        return unasked("alarms", "No alarm of this deployment was seen yet.")
    silent = [name for name in wanted if not alarms.get(name)]
    if silent:
        return failing("alarms", f"Alarms are gone or tell nobody: {', '.join(silent)}.")
    return ok("alarms", f"{len(wanted)} alarms are there, and each tells the topic.")
