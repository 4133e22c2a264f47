"""What is one thing happening again, what is another, and that no message says what was not."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.post import Post
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.delivery.planner import DIGEST_LINES
from chalicelib.rules.rule import URGENT, Rule, Severity
from chalicelib.rules.titles import headed
from chalicelib.slack.limits import violations
from chalicelib.slack.message import composer
from chalicelib.stores.dynamodb.store import dynamodb_store
from chalicelib.stores.sqlite.store import sqlite_store
from tests.delivery.world import PARKED, SENT, Clock, World, alert, killed_in
from tests.slack.golden import LOOK
from tests.soak import examples
from tests.stores.tables import table

TITLE = "A trail was stopped or deleted"
DONE, REFUSED, FAILED = Outcome.SUCCEEDED, Outcome.REFUSED, Outcome.FAILED
SAID = {
    REFUSED: ("refused",),
    FAILED: ("failed",),
    Outcome.DRY_RUN: ("dry run",),
    Outcome.UNKNOWN: ("not known",),
}


def made(number: int, outcome: Outcome = DONE, **changes: Any) -> Alert:
    """An alert of anna's, severe as its rule has it of what came of it."""
    severity = changes.pop("severity", Severity.MEDIUM)
    name = changes.pop("rule", "trail-stopped")
    rule = Rule(id=name, title=TITLE, severity=severity, pattern="{ $.eventID = * }")
    words = "stopped" if outcome is DONE else f"{SAID.get(outcome, ('',))[0]}: stopping"
    values = {
        "actor": "anna",
        "principal": "anna",
        "resources": ("main",),
        "rule_id": name,
        "outcome": outcome,
        "title": headed(TITLE, outcome, of_failures=False),
        **changes,
    }
    values.setdefault("text", f"{values['actor']} {words} {values['resources'][0]}")
    return alert(number, rule.severity_of(outcome), **values)


def written(post: Post, alerts: Sequence[Alert], **how: Any) -> dict[str, Any]:
    """The real message, and beside it what it carries."""
    payload = composer(LOOK)(post, alerts, **how)
    assert violations(payload) == []
    return {**payload, "kind": post.kind.value, "alerts": list(post.alert_ids)}


@dataclass
class Message:
    """What stands in Slack in the end, and every alert that it was sent or updated for."""

    kind: str
    text: str
    ids: list[str]
    whole: str


def messages(world: World) -> list[Message]:
    """In the order in which they were posted."""
    found: dict[str, Message] = {}
    for entry in world.journal:
        if not entry["taken"] or entry["method"] == "conversations.history":
            continue
        payload, ts = entry["payload"], str(entry["ts"])
        ids = found[ts].ids if ts in found else []
        kind = found[ts].kind if ts in found else payload["kind"]
        whole = json.dumps(payload, ensure_ascii=False)
        found[ts] = Message(kind, payload["text"], ids + payload["alerts"], whole)
    return list(found.values())


@pytest.fixture(params=["file", "table"])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    clock = Clock()
    if request.param == "file":
        yield World(sqlite_store(tmp_path / "a.db"), clock=clock, compose=written)
        return
    client = request.getfixturevalue("dynamodb")
    with table(client) as name:
        store = dynamodb_store(client, name, retention=timedelta(days=90), clock=clock.now)
        yield World(store, clock=clock, compose=written)


@pytest.fixture
def real(tmp_path: Path) -> World:
    """A world with the messages that Slack gets."""
    return World(sqlite_store(tmp_path / "alerts.db"), compose=written)


def run_all(world: World) -> None:
    """Until nothing is due."""
    for _ in range(200):
        if world.run().next_at is None:
            return
        world.clock.advance(20)
    raise AssertionError("something is due for ever")


def counts(world: World) -> list[int]:
    return [len(message.ids) for message in messages(world)]


# What repeats


@pytest.mark.parametrize("batches", [1, 2])
def test_refused_and_done_are_never_one_message(both: World, batches: int) -> None:
    kinds = [DONE, REFUSED, DONE, REFUSED, FAILED]
    outcomes: dict[str, Outcome] = {}
    for number, order in enumerate(list(permutations(range(5)))[::40]):
        alerts = [made(number * 10 + at, kinds[at], rule=f"rule-{number}") for at in order]
        outcomes |= {each.alert_id: each.outcome for each in alerts}
        for first in range(batches):
            both.add(*alerts[first::batches])
            run_all(both)
    for message in messages(both):
        assert len({outcomes[alert_id] for alert_id in message.ids}) == 1
    assert Counter(counts(both)) == {2: 6, 1: 3}


def test_no_order_puts_refused_and_done_into_one_message(real: World) -> None:
    kinds = [DONE, REFUSED, DONE, REFUSED, FAILED]
    for number, order in enumerate(list(permutations(range(5)))[::5]):
        alerts = [made(number * 10 + at, kinds[at], rule=f"rule-{number}") for at in order]
        for split in (alerts[: number % 5], alerts[number % 5 :]):
            real.add(*split)
            run_all(real)
    assert Counter(counts(real)) == {2: 48, 1: 24}


def test_the_same_thing_to_other_targets_is_one_message_that_names_them(both: World) -> None:
    both.add(made(1, resources=("a",)))
    run_all(both)
    both.add(made(1002, resources=("b",)), made(2003, resources=("c", "d")))
    run_all(both)
    both.clock.advance(20)
    both.add(*(made(n, resources=(f"t-{n}",)) for n in range(3004, 3008)))
    run_all(both)
    (message,) = messages(both)
    assert message.text.startswith(
        "*Medium* · anna stopped a *× 7* on 8 different ones, also on b, c, d and 4 more, "
    )


def test_a_correction_keeps_what_a_message_names(both: World) -> None:
    both.add(made(1, resources=("a",)), made(1002, resources=("b",)))
    run_all(both)
    both.clock.advance(20)
    both.store.outbox.amend(made(1, resources=("a",), text="anna stopped a, corrected"))
    run_all(both)
    (corrected,) = messages(both)
    assert corrected.text.startswith(
        "[corrected] *Medium* · anna stopped a, corrected *× 2* on 2 different ones, also on b · "
    )
    both.clock.advance(20)
    both.add(made(2003, resources=("c",)))
    run_all(both)
    (raised,) = messages(both)
    assert "corrected *× 3* on 3 different ones, also on b and c, last" in raised.text


@pytest.mark.parametrize("killed", ["post", "update"])
def test_a_message_that_was_cut_off_names_all_it_counts(real: World, killed: str) -> None:
    real.add(made(1, resources=("a",)), made(1002, resources=("b",)))
    if killed == "post":
        killed_in(real, "post")
    else:
        run_all(real)
    real.clock.advance(60)
    real.add(made(2003, resources=("c",)))
    if killed == "update":
        killed_in(real, "update")
        real.clock.advance(60)
    run_all(real)
    assert (
        "anna stopped a *× 3* on 3 different ones, also on b and c, last" in messages(real)[-1].text
    )


def test_names_that_a_message_counts_are_bounded(real: World) -> None:
    real.add(*(made(n, resources=("&" * 90 + str(n),)) for n in range(200)))
    run_all(real)
    (message,) = messages(real)
    assert "*× 200* on " in message.text
    assert "and at least " in message.text


def test_of_what_is_high_only_the_same_target_repeats(real: World) -> None:
    real.add(*(made(n, resources=(f"t-{n % 2}",), severity=Severity.HIGH) for n in range(4)))
    run_all(real)
    real.clock.advance(20)
    real.add(*(made(n, resources=(f"t-{n % 2}",), severity=Severity.HIGH) for n in range(4, 8)))
    run_all(real)
    assert counts(real) == [4, 4]
    assert not any("also on" in message.text for message in messages(real))


def test_what_is_critical_never_repeats(real: World) -> None:
    for start in (0, 3):
        real.add(*(made(n, severity=Severity.CRITICAL) for n in range(start, start + 3)))
        run_all(real)
    assert counts(real) == [1] * 6


def test_sessions_of_one_workload_are_one_and_are_named(real: World) -> None:
    real.add(*(made(n, actor=f"ci/run-{n}", principal="role/ci") for n in range(3)))
    run_all(real)
    (message,) = messages(real)
    assert "ci/run-0 stopped main *× 3*, also by ci/run-1 and ci/run-2" in message.text


def test_two_people_of_one_name_are_two(real: World) -> None:
    real.add(made(1, principal="anna-1"), made(2, principal="anna-2"))
    run_all(real)
    assert counts(real) == [1, 1]


@pytest.mark.parametrize(
    "changes", [{"event_source": "s3.amazonaws.com"}, {"event_name": "X"}, {"account_id": "4"}]
)
def test_another_operation_or_account_is_another_thing(real: World, changes: Any) -> None:
    real.add(made(1), made(2, **changes))
    run_all(real)
    assert counts(real) == [1, 1]


def test_what_a_session_reads_is_one_message_whatever_it_reads(real: World) -> None:
    names = ("GetUser", "ListRoles", "GetUser", "ListKeys")
    reads: dict[str, Any] = {"read_only": True, "actor_id": "role/ci/run-1"}
    real.add(*(made(n, event_name=name, **reads) for n, name in enumerate(names)))
    real.add(made(9, event_name="GetUser", read_only=True, actor_id="role/ci/run-2"))
    run_all(real)
    assert counts(real) == [4, 1]
    assert "*× 4*, also with ListRoles and ListKeys, last" in messages(real)[0].text


# The flood


@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize("at", [0, 115, 230])
@pytest.mark.parametrize("same", [True, False])
def test_a_flood_of_refusals_shows_its_one_success_first_and_alone(
    real: World, severity: Severity, at: int, same: bool
) -> None:
    def denied(n: int) -> Alert:
        name = "StopLogging" if same else f"Operation{n}"
        refused = made(n, REFUSED, event_name=name, severity=severity)
        return alert_like(refused, severity)

    flood = [denied(n) for n in range(230)]
    success = made(5000 if at else -5, severity=severity)
    real.add(*flood[:at], success, *flood[at:])
    run_all(real)
    first, *others = messages(real)
    assert (first.ids, first.kind) == ([success.alert_id], "single")
    assert sorted(alert_id for each in others for alert_id in each.ids) == sorted(
        each.alert_id for each in flood
    )


@pytest.mark.parametrize("same", [True, False])
def test_so_it_does_where_another_rule_makes_less_of_it(real: World, same: bool) -> None:
    flood = [
        made(n, REFUSED, event_name="Same" if same else f"Operation{n}", rule="refused-change")
        for n in range(230)
    ]
    success = made(5000, severity=Severity.LOW)
    real.add(*flood, success)
    run_all(real)
    first, *others = messages(real)
    assert (first.ids, first.kind) == ([success.alert_id], "single")
    assert sum(len(each.ids) for each in others) == 230


@pytest.mark.parametrize("severity", [Severity.HIGH, Severity.LOW])
def test_a_success_goes_alone_whenever_it_comes(real: World, severity: Severity) -> None:
    success = made(5000, severity=severity)
    for batch in range(5):
        flood = [
            alert_like(made(batch * 50 + n, REFUSED, event_name=f"Op{n}"), severity)
            for n in range(46)
        ]
        real.add(*flood, *([success] if batch == 3 else []))
        real.run(seconds=8.25)  # time for one request or two: the backlog never ends
        real.clock.advance(1)
    run_all(real)
    (told,) = [message for message in messages(real) if success.alert_id in message.ids]
    assert (told.kind, told.ids) == ("single", [success.alert_id])


@pytest.mark.parametrize("outcome", [DONE, REFUSED])
def test_of_many_severe_kinds_each_has_its_line(real: World, outcome: Outcome) -> None:
    kinds = [made(n, outcome, principal=f"p-{n}", actor=f"person-{n}") for n in range(200)]
    severe = [alert_like(each, Severity.HIGH) for each in kinds]
    real.add(*severe)
    run_all(real)
    told = messages(real)
    assert [message.kind for message in told] == ["single"] * 30 + ["digest"] * 3
    for message in told[30:]:
        assert message.whole.count("*1 ×*") == len(message.ids) <= DIGEST_LINES


def alert_like(one: Alert, severity: Severity) -> Alert:
    """The same at this severity: a rule may say so of refused calls."""
    values = {name: getattr(one, name) for name in Alert.__dataclass_fields__}
    return Alert(**values | {"severity": severity})


# Any backlog

RULES = [
    ("trail-stopped", Severity.CRITICAL),
    ("key-created", Severity.HIGH),
    ("group-changed", Severity.MEDIUM),
    ("tags-changed", Severity.INFO),
]
ACTORS = [("anna", "anna"), ("ci/run-1", "role/ci"), ("ci/run-2", "role/ci")]
KIND = st.tuples(
    st.sampled_from(RULES),
    st.sampled_from(Outcome),
    st.sampled_from(ACTORS),
    st.sampled_from(["a", "b", "c"]),
    st.sampled_from(["StopLogging", "GetTrail"]),
    st.sampled_from(["111122223333", "444455556666"]),
)
BATCH = st.lists(st.tuples(KIND, st.sampled_from([1, 1, 2, 15])), max_size=12)
FAULTS = st.lists(
    st.sampled_from(["ok", "ok", "429", "503", "drop_after", "drop_before", "invalid_blocks"]),
    max_size=6,
)


def backlog(batches: Sequence[Sequence[tuple[Any, int]]]) -> list[list[Alert]]:
    found, number = [], 0
    for batch in batches:
        alerts = []
        for (rule, outcome, (actor, principal), target, name, account), times in batch:
            for _ in range(times):
                number += 1
                alerts.append(
                    made(
                        number,
                        outcome,
                        rule=rule[0],
                        severity=rule[1],
                        actor=actor,
                        principal=principal,
                        actor_id=actor,
                        resources=(target,),
                        event_name=name,
                        read_only=name.startswith("Get"),
                        account_id=account,
                    )
                )
        found.append(alerts)
    return found


def check(world: World, alerts: dict[str, Alert], faults: Sequence[str]) -> None:
    told = messages(world)
    carried = Counter(alert_id for message in told for alert_id in set(message.ids))
    assert set(carried) == set(alerts)
    if not {"503", "drop_after"} & set(faults):
        assert set(carried.values()) <= {1}
    for message in told:
        inside = [alerts[alert_id] for alert_id in dict.fromkeys(message.ids)]
        (check_digest if message.kind == "digest" else check_single)(message, inside)


def check_single(message: Message, inside: list[Alert]) -> None:
    first = inside[0]
    assert (
        len({(each.rule_id, each.outcome, each.principal, each.account_id) for each in inside}) == 1
    )
    assert first.severity is not Severity.CRITICAL or len(inside) == 1
    assert first.severity is not Severity.HIGH or len({each.resources for each in inside}) == 1
    assert (f"*× {len(inside)}*" in message.text) is (len(inside) > 1)
    for other in inside[1:]:
        for name in {*other.resources, other.actor} - {*first.resources, first.actor}:
            assert name in message.text
    assert_not_said_as_done(message, first)


def assert_not_said_as_done(message: Message, one: Alert) -> None:
    words = SAID.get(one.outcome, ())
    assert all(word in message.text for word in words)
    assert one.outcome is DONE or f"*{TITLE}*" not in message.whole


def check_digest(message: Message, inside: list[Alert]) -> None:
    if '"attachments"' in message.whole:
        blocks = json.loads(message.whole)["attachments"][0]["blocks"]
        text = "\n".join(each["text"]["text"] for each in blocks if each["type"] == "section")
    else:
        text = "\n".join(message.text.split("\n")[1:])
    drawn = [line for line in text.split("\n") if " ×* " in line]
    groups = Counter((e.rule_id, e.outcome, e.principal, e.account_id) for e in inside)
    urgent = {
        (e.rule_id, e.outcome, e.principal, e.account_id) for e in inside if e.severity in URGENT
    }
    assert len(drawn) >= len(urgent)
    numbers = [int(line.split(" ")[0].strip("*")) for line in drawn]
    left = sum(int(line.split(" ")[1]) for line in text.split("\n") if line.startswith("and "))
    assert sum(numbers) + left == len(inside)
    severities = [
        Severity(line.strip("*").lower()).rank
        for line in text.split("\n")
        if line.strip("*").lower() in {each.value for each in Severity}
    ]
    assert severities == sorted(severities, reverse=True)
    for outcome, words in SAID.items():
        expected = sum(key[1] is outcome for key in groups)
        said = sum(f"{words[0]}" in line for line in drawn)
        assert said == expected or left
    undone = sum(key[1] in SAID for key in groups)
    bare = [line for line in drawn if f"{TITLE} ·" in line]
    assert len(bare) == len(groups) - undone or left


@settings(max_examples=examples(25, 2_000), derandomize=True, deadline=None)
@given(st.lists(BATCH, min_size=1, max_size=4), FAULTS, st.sampled_from([1, 20, 1200]))
def test_every_alert_of_any_backlog_is_told_truly_once(
    batches: list[list[tuple[Any, int]]], faults: list[str], pause: int
) -> None:
    with TemporaryDirectory() as folder:
        world = World(sqlite_store(Path(folder) / "alerts.db"), compose=written)
        alerts: dict[str, Alert] = {}
        for batch in backlog(batches):
            alerts |= {each.alert_id: each for each in batch}
            world.add(*batch)
            world.slack.script = list(faults)
            world.run()
            world.clock.advance(pause)
        world.slack.script = []
        run_all(world)
        states = set(world.states(*alerts.values()))
        assert states <= {SENT} or ("invalid_blocks" in faults and states <= {SENT, PARKED})
        if states <= {SENT}:
            check(world, alerts, faults)
