"""What the self-watch judges, asked now with the operator's credentials instead of the sweep's.

Nothing is judged here: monitoring does, as in the sweep (docs/adr/0010). What should be is what the
sweep remembers, and what the operator knows besides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import BotoCoreError

from chalicelib.alerts.outbox import StoreError
from chalicelib.monitoring.answers import Answered, Finding
from chalicelib.monitoring.asking import Asking
from chalicelib.monitoring.aws_coverage import AwsUpstream
from chalicelib.monitoring.aws_functions import AwsFunctions
from chalicelib.monitoring.channels import Slack, check_slack
from chalicelib.monitoring.coverage import Way, check_way
from chalicelib.monitoring.dead_letters import DeadLetters
from chalicelib.monitoring.expected import Expectations, Expected
from chalicelib.monitoring.functions import Around, check_functions, fingerprint
from chalicelib.monitoring.notes import Source, read
from chalicelib.monitoring.pattern_check import Wanted
from chalicelib.monitoring.steps import STEPS
from chalicelib.monitoring.upstream import UpstreamError
from chalicelib.rules.destinations import CHANNEL_ID
from chalicelib.settings import DEFAULT_CHANNEL
from chalicelib.stores.store import Store
from chalicelib.usecases.self_watch import in_use
from provisioning.aws import Aws
from provisioning.change import Unread
from provisioning.installation import Installation
from provisioning.parameters import title
from provisioning.rows import Row, State, unreadable
from provisioning.survey import Survey

SCHEDULE = "rate(1 minute)"  # app.py's
# A command waits for each answer as long as it takes.
NO_HASTE = 60_000.0
# Checks whose part has a row of its own, which says more: apply made it and knows how.
OF_PARTS = frozenset(
    {"filter", "pattern", "permission", "parameters", "alarms"}
    | {f"destination-{name}" for name in ("ingest_logs", "ingest_events")}
)
# Checks of a trail: apply makes our own, another's is as it was.
OF_ADOPTED = frozenset({"trail", "regions", "key", "recording"})
NAMED = {
    "trail": "Trail {at.trail}",
    "regions": "Trail {at.trail}: regions",
    "key": "Trail {at.trail}: key",
    "recording": "Trail {at.trail}: management events",
    "delivery": "Trail {at.trail}: delivery to {at.log_group}",
    "silence": "Trail {at.trail}: last delivery",
    "schedule": "Schedule of {at.deployment}-sweep",
    "events": "EventBridge rule of {at.deployment}-ingest_events",
    "failures": "What could not be ingested, in {at.failures}",
    "token": "Slack: token",
    "scopes": "Slack: scopes of the token",
    "channel": "Slack: channels",
    "channel-name": "Slack: names of the channels",
}


@dataclass(frozen=True, slots=True)
class Outside:
    """Who is asked besides AWS: `slack` with a token, `store` by the name of its table."""

    slack: Callable[[str], Slack]
    store: Callable[[str], Store]


def watched(aws: Aws, seen: Survey, outside: Outside) -> Iterator[Row]:
    """A row for each check of the self-watch that no part's row answers."""
    store = outside.store(seen.at.deployment)
    expectations = _expectations(store, seen.at)
    asking = Asking(lambda service: _client(aws, service), lambda: NO_HASTE)
    functions = AwsFunctions(seen.at.deployment, asking)
    findings = [*_of_the_way(aws, seen, asking, expectations)]
    findings += check_functions(
        Around(
            functions=functions,
            deployment=seen.at.deployment,
            expectations=expectations,
            parameters=(),
            token=None,
            parked=_parked(store),
        )
    )
    for finding in findings:
        if finding.check not in OF_PARTS and (
            finding.check not in OF_ADOPTED or not seen.at.owns_trail
        ):
            yield _row(seen, finding)
    yield from _of_slack(aws, seen, outside, store)


def _client(aws: Aws, service: str) -> Any:
    try:
        return aws.client(service)
    except BotoCoreError as error:
        raise UpstreamError(f"{service}: {error}") from error


def _of_the_way(
    aws: Aws, seen: Survey, asking: Asking, expectations: Expectations
) -> Sequence[Finding]:
    """Nothing where there is no trail, which its part's row says, or records come by S3."""
    if seen.at.reads_files or (seen.at.owns_trail and not seen.at.trail_is_there):
        return []
    way = Way(
        upstream=AwsUpstream(seen.at.function("ingest_logs"), asking),
        deployment=seen.at.deployment,
        source=Source(log_group=seen.at.log_group, trail=seen.at.trail_arn),
        expectations=expectations,
        wanted=_not_asked,
        now=aws.now(),
    )
    return check_way(way)[0]


def _not_asked() -> Wanted:
    raise UpstreamError("the filter's row says it")


def _expectations(store: Store, at: Installation) -> Expectations:
    """What the sweep remembers, where it may be read, and what only an operator knows."""
    try:
        before = read(store.notes, Expected) or Expected()
    except StoreError:
        before = Expected()
    ours = {
        f"rule {at.deployment}-sweep-event": fingerprint(SCHEDULE),
        "destination ingest_logs": at.failures_arn,
    }
    known = replace(before, seen={**before.seen, **ours})
    return Expectations(known, known.deployed)


def _parked(store: Store) -> int:
    try:
        return (read(store.notes, DeadLetters) or DeadLetters()).parked
    except StoreError:
        return 0


def _row(seen: Survey, finding: Finding) -> Row:
    part = _named(seen.at, finding.check)
    if finding.answered in (Answered.OK, Answered.UNASKED):
        return Row(part, State.OK, finding.text)
    if finding.answered is Answered.UNKNOWN:
        return unreadable(part, finding.text)
    step = STEPS.get(finding.check, "").replace("`", "")
    state = State.MISSING if _is_gone(seen, finding.check) else State.DIFFERS
    return Row(part, state, finding.text, step or f"see /health ({finding.check})")


def _named(at: Installation, check: str) -> str:
    if check.startswith("function-"):
        return f"Function {at.function(check.removeprefix('function-'))}"
    return NAMED.get(check, check).format(at=at)


def _is_gone(seen: Survey, check: str) -> bool:
    """Whether there is nothing any more that could be otherwise."""
    if check.startswith("function-"):
        return seen.at.function(check.removeprefix("function-")) not in seen.functions
    return check == "trail" and not seen.at.trail_is_there


def _asked(seen: Survey, finding: Finding) -> Row:
    """What Slack does not say for want of a scope cannot be read."""
    if finding.answered is Answered.UNASKED:
        step = "add the scope to the app and install it again"
        return Row(_named(seen.at, finding.check), State.UNREADABLE, finding.text, step)
    return _row(seen, finding)


def _of_slack(aws: Aws, seen: Survey, outside: Outside, store: Store) -> Iterator[Row]:
    found = {
        name: seen.found[title(seen.at, name)]
        for name in ("slack-token", "slack-channel", "slack-username")
    }
    token, channel = found["slack-token"], found["slack-channel"]
    if isinstance(token, Unread):
        yield unreadable("Slack: token", token.action)
    if not isinstance(token, str):
        return  # the parameter's row says so
    if isinstance(channel, Unread):
        yield unreadable("Slack: channels", channel.action)
        return
    name = channel or DEFAULT_CHANNEL
    try:
        known = store.archive.backlog(aws.now()).channels
    except StoreError as error:
        yield unreadable("Slack: channels", f"dynamodb:Query: {error}")
        known = ()
    channels = in_use(known, {name})
    named = isinstance(found["slack-username"], str)
    for finding in check_slack(outside.slack(token), channels, named=named):
        if finding.check == "channel-name" and finding.answered is Answered.UNASKED:
            continue  # the channel's row says it
        if finding.check != "channel" or any(one.channel_id for one in channels):
            yield _asked(seen, finding)
    if not any(one.channel_id for one in channels) and not CHANNEL_ID.fullmatch(name):
        how = f"not asked: Slack tells nothing of {name} by its name, and no message went there yet"
        step = f"setup_resources.py test-alert --stage {seen.at.stage} sends one"
        yield Row("Slack: channels", State.OK, f"{how} ({step})")
