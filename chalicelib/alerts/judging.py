"""From what rules matched to alerts, and from those to what the outbox keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.batch import Judged, Kept
from chalicelib.alerts.corrections import allowed_note, amended, completed
from chalicelib.alerts.delivery import deliveries_of
from chalicelib.alerts.followups import Followup
from chalicelib.alerts.identity import forms, may_change, sift
from chalicelib.alerts.mutes import Mute, hidden_by, hiding
from chalicelib.alerts.outbox import Outbox, StoredAlert, StoreError
from chalicelib.alerts.sightings import Seen, see
from chalicelib.cloudtrail.description import Description, describe
from chalicelib.cloudtrail.record import Record, alert_id_of
from chalicelib.rules.headline import headline
from chalicelib.rules.matching import Matched, Unreadable
from chalicelib.rules.routes import Route, Routed, route
from chalicelib.rules.rule import Rule

if TYPE_CHECKING:
    from chalicelib.rules.automation import Lowering

    Follow = Callable[[Alert], tuple[Followup, ...]]


def judge(
    matched: Matched,
    *,
    accounts: Mapping[str, str],
    default_channel: str,
    now: datetime,
    routes: Sequence[Route] = (),
) -> Judged:
    """The alerts of a batch. A record that cannot be written as one costs itself alone."""
    alerts: list[Alert] = []
    addenda: list[Alert] = []
    unreadable: list[Unreadable] = []
    seen = Seen()
    made = partial(alert_of, default_channel=default_channel, now=now, routes=routes)
    for match in matched.matches:
        try:
            said = describe(match.record, accounts)
            see(match, said, now, seen)
            if not match.rules:
                continue
            alert = made(said, match.rules, lowering=match.lowering)
        except Exception as error:
            unreadable.append(match.unreadable(error))
            continue
        if original := match.record.adds_to:
            account = match.record.recipient_account_id
            addenda.append(replace(alert, alert_id=alert_id_of(account, original)))
        else:
            alerts.append(alert)
    return Judged(
        records=matched.records,
        alerts=tuple(alerts),
        addenda=tuple(addenda),
        unreadable=(*matched.unreadable, *seen.unreadable, *unreadable),
        sightings=tuple(seen.sightings),
        untimed=seen.untimed,
    )


def alert_from(
    record: Record,
    rules: Sequence[Rule],
    *,
    accounts: Mapping[str, str],
    default_channel: str,
    now: datetime,
) -> Alert:
    """The alert of a record that `rules` match, which nothing lowers and no route sends elsewhere;
    `accounts` names accounts by number. See `alert_of`.
    """
    said = describe(record, accounts)
    return alert_of(said, rules, default_channel=default_channel, now=now)


def alert_of(
    said: Description,
    rules: Sequence[Rule],
    *,
    default_channel: str,
    now: datetime,
    lowering: Sequence[Lowering] = (),
    routes: Sequence[Route] = (),
) -> Alert:
    """The alert of the record that `said` describes and `rules` match, the most severe first.

    The headline is the rule that makes most of what came of the call, the first of several, once
    `lowering` has lowered what they are of; its runbook comes first. `routes` say where it goes and
    whom it calls, else the rules: the channels of all, `default_channel` for one without. Whom a
    lowered rule calls is not called. Without a readable time it is taken to have happened `now`.
    """
    text, reason = said.in_words()
    head = headline(rules, said.outcome, lowering)
    routed = route(routes, rules, head.told, said.account_id) if routes else Routed()
    told_by = (head.rule, *(rule for rule in rules if rule is not head.rule))
    of_rules = dict.fromkeys(rule.channel or default_channel for rule in rules)
    calling = (rule.mention for rule in rules if rule.mention and rule.id not in head.lowered)
    return Alert(
        alert_id=said.alert_id,
        own_id=said.own_id,
        rule_id=head.rule.id,
        rule_ids=tuple(rule.id for rule in told_by),
        severity=head.severity,
        title=head.title,
        text=text + allowed_note(head.allowed),
        event_id=said.event_id,
        event_name=said.event_name,
        event_source=said.event_source,
        account_id=said.account_id,
        account_name=said.account_name,
        aws_region=said.aws_region,
        actor=said.actor,
        actor_type=said.actor_type,
        actor_id=said.actor_id,
        actor_detail=said.actor_detail,
        outcome=said.outcome,
        principal=said.principal,
        via=said.via,
        source_ip=said.source_ip,
        user_agent=said.user_agent,
        event_time=said.event_time or now,
        seen_at=now,
        error_code=said.error_code,
        error_message=reason,
        mfa=said.mfa,
        read_only=said.read_only,
        resources=said.targets,
        channels=routed.channels or tuple(of_rules),
        mention=routed.mention or next(calling, None),
        runbook=next((each.runbook for each in told_by if each.runbook), None),
        allowed=head.allowed,
        access_key=said.access_key,
        session_began=said.session_began,
        record=said.record,
    )


def keep(
    judged: Judged,
    outbox: Outbox,
    now: datetime,
    retention: timedelta,
    is_clock_trusted: Callable[[], bool] = lambda: True,
    mutes: Sequence[Mute] = (),
    follow: Follow | None = None,
) -> Kept:
    """Store what a batch came to, each alert with its deliveries, before anything is sent; and
    with what `follow` says is to be looked at later.

    Addenda come last, since what they add to may be in the same batch; one whose original is
    unknown, or not of its call, alerts like any record. What is older than `retention` is kept and
    never sent, unless the clock that says so is not trusted, which is asked only then. What one of
    the `mutes` in force hides is kept MUTED. Raises one StoreError, after everything was tried.
    """
    new: set[str] = set()
    changed: list[Alert] = []
    errors: list[StoreError] = []
    since = _told_since(judged, now - retention, is_clock_trusted)
    try:
        stored = [_stored(alert, now, since, mutes, follow) for alert in judged.alerts]
        new |= outbox.add(stored, now)
    except StoreError as error:
        errors.append(error)
    addenda = _addenda(judged)
    for alert in addenda:
        try:
            if outbox.amend(alert):
                changed.append(alert)
                continue
            added = outbox.add([_stored(alert, now, since, mutes, follow)], now)
            new |= added
            if not added and outbox.amend(alert):  # its original came in between
                changed.append(alert)
        except StoreError as error:
            errors.append(error)
    if errors:
        counts = ", ".join(f"{name} {count}" for name, count in judged.counts.items())
        raise StoreError(f"{errors[0]} ({counts})") from errors[0]
    alerts = _as_kept((*judged.alerts, *addenda), new)
    return Kept(new=frozenset(new), alerts=alerts, amended=tuple(changed))


def new_of(judged: Judged, kept: Mapping[str, Alert]) -> list[Alert]:
    """The alerts that `keep` would add beside those that are `kept`, by id, as the whole batch
    leaves them.
    """
    addenda = _addenda(judged)
    batch = [StoredAlert(alert=alert) for alert in (*judged.alerts, *addenda)]
    ids = {form.alert_id for each in batch for form in forms(each.alert)}
    found = sift(batch, {alert_id: kept[alert_id] for alert_id in ids & kept.keys()})
    new = {each.alert.alert_id: each.alert for each in found.new}
    for each in found.completing:
        if before := new.get(each.alert.alert_id):
            new[before.alert_id] = completed(before, each.alert)
    for addendum in addenda:
        before = new.get(addendum.alert_id)
        if before and may_change(before, addendum):
            new[before.alert_id] = amended(before, addendum)
    return list(new.values())


def _addenda(judged: Judged) -> list[Alert]:
    return [replace(alert, of_addendum=True) for alert in judged.addenda]


def _as_kept(alerts: Iterable[Alert], new: set[str]) -> tuple[Alert, ...]:
    """The alerts that are new, each under the id that it got."""
    kept: dict[str, Alert] = {}
    for alert in alerts:
        for form in forms(alert):
            if form.alert_id in new and form.alert_id not in kept:
                kept[form.alert_id] = form
                break
    return tuple(kept.values())


def _told_since(
    judged: Judged, oldest: datetime, is_clock_trusted: Callable[[], bool]
) -> datetime | None:
    """What happened by then is too old to be told; None where nothing is."""
    is_any_older = any(alert.event_time <= oldest for alert in (*judged.alerts, *judged.addenda))
    return oldest if is_any_older and is_clock_trusted() else None


def _stored(
    alert: Alert,
    now: datetime,
    since: datetime | None,
    mutes: Sequence[Mute],
    follow: Follow | None,
) -> StoredAlert:
    """With its deliveries, and what is to be looked at later; one that is too old has neither."""
    if since is not None and alert.event_time <= since:
        return StoredAlert(alert=alert)
    due = deliveries_of(alert, now)
    if mute := hiding(mutes, alert, now):
        due = tuple(hidden_by(delivery, mute) for delivery in due)
    return StoredAlert(alert=alert, deliveries=due, followups=follow(alert) if follow else ())
