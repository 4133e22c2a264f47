"""Whatever is asked for of whatever alerts: lists hold all that was there, once, in order."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.archive import AlertQuery
from chalicelib.alerts.delivery import DeliveryState
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.rules.rule import Severity
from chalicelib.stores.dynamodb import search as dynamodb_search
from chalicelib.stores.dynamodb.store import dynamodb_store
from chalicelib.stores.sqlite import search as sqlite_search
from chalicelib.stores.sqlite.store import sqlite_store
from chalicelib.stores.store import Store
from tests.soak import examples
from tests.stores.factories import NOW, alert, stored
from tests.stores.tables import table

# What a caller may choose: quotes, operators, wildcards, signs that no store takes, and lookalikes.
HOSTILE = ("", " ", "a", "A", '"', "' OR 1=1 --", "a b", "AND", "*", "%", "_", "ß", "\N{SNOWMAN}",
           "a\0b", "\ud800", "\u0130", "(", "NEAR(", "s" + "0" * 16, "x" * 300)  # fmt: skip
PLAIN = ("alice", "bob", "carol")
VALUES = st.one_of(st.sampled_from(PLAIN), st.sampled_from((*PLAIN, *HOSTILE)))
SOURCES = st.sampled_from(("s3.amazonaws.com", "S3", "s3", "iam.amazonaws.com", ".amazonaws.com",
                           "", "amazonaws.com", *HOSTILE))  # fmt: skip
SENDING = (DeliveryState.PENDING, DeliveryState.SENT, DeliveryState.PARKED)


@st.composite
def kept_alerts(draw: st.DrawFn, first: int, most: int) -> list[StoredAlert]:
    """At most so many alerts, numbered from `first`."""
    return [_kept(draw, number) for number in range(first, first + draw(st.integers(0, most)))]


def _kept(draw: st.DrawFn, number: int) -> StoredAlert:
    """An alert of one of a few seconds and days, in one state."""
    ago = draw(st.sampled_from((0, 1, 2, 3, 60, 86_400, 86_401, 172_800)))
    made = alert(
        number,
        event_time=NOW - timedelta(seconds=ago),
        severity=draw(st.sampled_from(Severity)),
        outcome=draw(st.sampled_from(Outcome)),
        actor=draw(VALUES),
        event_name=draw(VALUES),
        account_id=draw(VALUES),
        aws_region=draw(VALUES),
        source_ip=draw(VALUES),
        event_source=draw(SOURCES),
        rule_ids=tuple(draw(st.lists(VALUES, max_size=3))),
        title=draw(VALUES) + " did what was done",
    )
    return stored(made, state=draw(st.sampled_from(SENDING)))


TIMES = st.sampled_from([NOW - timedelta(seconds=n) for n in (-1, 0, 2, 86_400)])
STATES = (*SENDING, DeliveryState.MUTED, DeliveryState.SENDING)
TEXTS = ("did", "was done", "alice did", "' OR", "a b", "ß d", "AND d", "StopLogging", "192.0.2")
ASKED: dict[str, st.SearchStrategy[Any]] = {
    "since": TIMES,
    "until": TIMES,
    "acknowledged": st.booleans(),
    "text": st.sampled_from(TEXTS),
    **{
        name: st.lists(of, min_size=1, max_size=5).map(tuple)
        for name, of in (
            ("severity", st.sampled_from(Severity)),
            ("outcome", st.sampled_from(Outcome)),
            ("state", st.sampled_from(STATES)),
            ("service", SOURCES),
            *((name, VALUES) for name in ("actor", "event_name", "account", "region")),
            *((name, VALUES) for name in ("rule", "source_ip")),
        )
    },
}


@st.composite
def queries(draw: st.DrawFn) -> AlertQuery:
    """One that asks for a few things at once."""
    names = draw(st.sets(st.sampled_from(sorted(ASKED)), max_size=3))
    return AlertQuery(**{name: draw(ASKED[name]) for name in sorted(names)})


def wants(query: AlertQuery, kept: StoredAlert) -> bool:
    """Whether a list has to have the alert, said once more and as plainly as can be."""
    of = kept.alert
    pairs = (
        (query.severity, {of.severity}),
        (query.outcome, {of.outcome}),
        (query.actor, {of.actor}),
        (query.event_name, {of.event_name}),
        (query.account, {of.account_id}),
        (query.region, {of.aws_region}),
        (query.source_ip, {of.source_ip}),
        (query.rule, set(of.rule_ids)),
        (query.state, {each.state for each in kept.deliveries}),
        (tuple(map(_service, query.service)), {_service(of.event_source)}),
    )
    return (
        all(not asked or _same(asked, has) for asked, has in pairs)
        and (query.since is None or of.event_time >= query.since)
        and (query.until is None or of.event_time < query.until)
        and query.acknowledged in (None, False)
        and (query.text is None or query.text.lower() in _said(of))
    )


def _same(asked: tuple[Any, ...], has: set[Any]) -> bool:
    """Whether one of these is asked for; what is empty is not there, and cannot be asked for."""
    return any(_kept_as(each) == _kept_as(value) for each in asked for value in has if value != "")


def _kept_as(value: Any) -> Any:
    """A value by its first 256 characters, without halves of a character."""
    return value.encode("utf-8", "replace").decode()[:256] if type(value) is str else value


def _service(source: str) -> str:
    return source.lower().removesuffix(".amazonaws.com")


def _said(of: Alert) -> str:
    said = filter(None, (of.title, of.actor, of.event_name, of.source_ip, *of.resources))
    return "\n".join(said).encode("utf-8", "replace").decode().lower().replace("\0", " ")


def walk(store: Store, query: AlertQuery, limit: int, late: Iterable[StoredAlert]) -> list[Alert]:
    """The alerts of all pages; before each page but the first one more arrives."""
    found: list[Alert] = []
    arriving, cursor = iter(late), None
    for _ in range(300):
        page = store.archive.search(query, limit, cursor)
        assert len(page.alerts) <= limit
        found += [each.alert for each in page.alerts]
        cursor = page.next_cursor
        if cursor is None:
            return found
        store.outbox.add([each for each in [next(arriving, None)] if each], NOW)
    raise AssertionError("the list has no end")


def check(
    store: Store,
    there: list[StoredAlert],
    late: list[StoredAlert],
    query: AlertQuery,
    limit: int,
) -> None:
    store.outbox.add(there, NOW)

    found = walk(store, query, limit, late)

    ids = [each.alert_id for each in found]
    assert len(ids) == len(set(ids))
    moments = [each.event_time for each in found]
    assert moments == sorted(moments, reverse=True)
    wanted = {each.alert.alert_id for each in there if wants(query, each)}
    may_be = {each.alert.alert_id for each in late if wants(query, each)}
    assert wanted <= set(ids) <= wanted | may_be


GIVEN = {
    "there": kept_alerts(1, 12),
    "late": kept_alerts(101, 4),
    "query": queries(),
    "limit": st.integers(1, 5),
}
SETTLED = settings(deadline=None, suppress_health_check=list(HealthCheck))


@settings(SETTLED, max_examples=examples(60, 3000))
@given(**GIVEN)
def test_a_file_lists_all_that_is_asked_for_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **case: Any
) -> None:
    monkeypatch.setattr(sqlite_search, "SCAN", 6)
    check(sqlite_store(tmp_path / f"{uuid.uuid4().hex}.db", durable=False), **case)


@settings(SETTLED, max_examples=examples(5, 200))
@given(**GIVEN)
def test_a_table_lists_all_that_is_asked_for_and_nothing_else(
    dynamodb: Any, monkeypatch: pytest.MonkeyPatch, **case: Any
) -> None:
    monkeypatch.setattr(dynamodb_search, "_MOST_READ", 6)
    with table(dynamodb) as name:
        check(dynamodb_store(dynamodb, name, clock=lambda: NOW), **case)
