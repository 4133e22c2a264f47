from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.corrections import MAX_CORRECTIONS
from chalicelib.alerts.identity import Sifted, forms, is_same_event, may_change, sift
from chalicelib.alerts.judging import judge
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.rules.matching import match_all
from chalicelib.rules.rule import Severity
from chalicelib.rules.ruleset import Ruleset
from tests.delivery.world import CHANNEL, START
from tests.events import OTHER_ACCOUNT, assumed_role, cloudtrail, iam_user, sso_user

RULES = Ruleset.load(None)
TIME = "2026-01-02T03:04:05Z"


def alert_of(**fields: Any) -> Alert:
    """The alert of one record that stops a trail; an addendum's is under its original's id."""
    record = cloudtrail(**{"eventName": "StopLogging", "eventID": "e-1", **fields})
    judged = judge(match_all([record], RULES), accounts={}, default_channel=CHANNEL, now=START)
    addenda = [replace(each, of_addendum=True) for each in judged.addenda]
    (alert,) = (*judged.alerts, *addenda)
    return alert


def addendum_of(original: str = "e-1", **fields: Any) -> Alert:
    update = {"reason": "UPDATED_DATA", "originalEventID": original}
    return alert_of(**{"eventID": "a-1", "addendum": update, **fields})


def sifted(alerts: list[Alert], *kept: Alert) -> Sifted:
    stored = [StoredAlert(alert=alert) for alert in alerts]
    return sift(stored, {each.alert_id: each for each in kept})


def new(alerts: list[Alert], *kept: Alert) -> list[Alert]:
    return [each.alert for each in sifted(alerts, *kept).new]


def test_the_same_event_by_a_second_transport_is_known() -> None:
    assert new([alert_of()], alert_of()) == []
    assert new([alert_of(eventTime="2026-01-02 03:04:05.000")], alert_of()) == []
    assert len(new([alert_of(), alert_of()])) == 1


def test_another_operation_source_time_or_principal_under_a_used_id_is_another_event() -> None:
    first = alert_of()
    others = [
        alert_of(eventName="DeleteTrail"),
        alert_of(eventTime="2026-01-02T03:04:06Z"),
        alert_of(userIdentity=iam_user("mallory")),
        alert_of(userIdentity=assumed_role()),
        alert_of(userIdentity=None),
        replace(alert_of(), event_source="evil.example.com", own_id="0" * 32),
    ]
    found = new(others, first)
    assert [each.alert_id for each in found] == [each.own_id for each in others]
    assert {each.alert_id for each in found} & {first.alert_id} == set()
    assert all(each.text.endswith("(its event id was used before by another event)")
               for each in found)  # fmt: skip
    assert new(others, first, *found) == []
    # Whichever comes first has the plain id.
    assert new([*others, first]) == [others[0], *found[1:], *new([first], others[0])]


def test_a_time_that_cannot_be_read_stays_the_same_event() -> None:
    first = alert_of(eventTime="yesterday")
    later = replace(alert_of(eventTime="yesterday"), event_time=START + timedelta(days=1))
    assert new([later], first) == []
    assert len(new([alert_of(eventTime="tomorrow")], first)) == 1


def test_another_session_of_a_workload_is_the_same_principal_and_another_person_is_not() -> None:
    build = alert_of(userIdentity=assumed_role("deploy", "build-1"))
    assert build.own_id == alert_of(userIdentity=assumed_role("deploy", "build-2")).own_id
    dave = alert_of(userIdentity=sso_user("dave@example.com"))
    assert dave.own_id != alert_of(userIdentity=sso_user("erin@example.com")).own_id


def test_an_event_without_an_id_or_account_keeps_the_hash_of_its_record() -> None:
    for field in ("eventID", "recipientAccountId"):
        alert = alert_of(**{field: None})
        assert alert.own_id == alert.alert_id
        assert new([alert], alert) == []
        assert len(list(forms(alert))) == 1


def test_what_is_kept_by_its_own_id_stays_so_once_the_other_event_is_gone() -> None:
    (second,) = new([alert_of(eventTime="2026-01-02T04:00:00Z")], alert_of())
    assert new([alert_of(eventTime="2026-01-02T04:00:00Z")], second) == []


def test_an_alert_that_earlier_versions_kept_is_told_by_the_fields_it_has() -> None:
    old = replace(alert_of(), own_id="", principal="", seen_at=START + timedelta(minutes=5))
    assert is_same_event(old, alert_of())
    assert not is_same_event(old, alert_of(eventName="DeleteTrail"))
    assert not is_same_event(old, alert_of(eventTime="2026-01-02T05:00:00Z"))
    assert not is_same_event(old, alert_of(userIdentity=iam_user("mallory")))
    unread = replace(old, event_time=old.seen_at)
    assert is_same_event(unread, alert_of(eventTime="yesterday"))


def test_an_addendum_may_change_the_alert_of_its_own_call_only() -> None:
    kept = alert_of()
    assert may_change(kept, addendum_of(eventTime="2026-01-02T04:00:00Z"))
    assert may_change(kept, addendum_of(errorCode="AccessDenied"))
    assert not may_change(kept, addendum_of(eventName="DeleteTrail"))
    assert not may_change(kept, addendum_of(userIdentity=iam_user("mallory")))
    assert not may_change(kept, replace(addendum_of(), event_source="s3.amazonaws.com"))
    assert addendum_of(recipientAccountId=OTHER_ACCOUNT).alert_id != kept.alert_id
    old = replace(kept, own_id="", principal="")
    assert may_change(old, addendum_of())
    assert not may_change(old, addendum_of(userIdentity=iam_user("mallory")))


def test_an_addendum_to_another_call_is_an_event_of_its_own() -> None:
    kept = alert_of()
    forged = addendum_of(eventName="DeleteTrail")
    (own,) = new([forged], kept)
    assert own.alert_id == alert_of(eventID="a-1").alert_id
    assert not own.of_addendum
    assert new([forged], kept, own) == []


def test_an_addendum_to_itself_or_without_an_account_is_an_event_of_its_own() -> None:
    assert not addendum_of("a-1").of_addendum
    assert addendum_of("a-1").alert_id == alert_of(eventID="a-1").alert_id
    assert not addendum_of(recipientAccountId=None).of_addendum


def test_one_addendum_too_many_is_an_event_of_its_own() -> None:
    full = replace(alert_of(), corrected_by=tuple(map(str, range(MAX_CORRECTIONS))))
    assert not may_change(full, addendum_of())
    assert [each.alert_id for each in new([addendum_of()], full)] != [full.alert_id]
    done = replace(full, corrected_by=(*full.corrected_by[1:], addendum_of().own_id))
    assert may_change(done, addendum_of())


def test_an_original_completes_the_alert_of_its_addendum_unless_that_is_of_another_time() -> None:
    first = addendum_of(eventTime="2026-01-02T04:00:00Z")
    found = sifted([alert_of()], first)
    assert (found.new, [each.alert for each in found.completing]) == ([], [alert_of()])
    long_ago = addendum_of(eventTime="2020-01-02T04:00:00Z")
    assert [each.alert_id for each in new([alert_of()], long_ago)] == [alert_of().own_id]
    assert [each.alert_id for each in new([alert_of()], addendum_of(eventName="DeleteTrail"))] == [
        alert_of().own_id
    ]


def test_the_same_event_told_again_completes_an_alert_only_where_it_tells_more() -> None:
    refused = alert_of(errorCode="AccessDenied")
    assert len(sifted([alert_of()], refused).completing) == 1
    assert sifted([refused], replace(alert_of(), rule_ids=refused.rule_ids)).completing == []
    assert sifted([alert_of()], alert_of()).completing == []


def test_nor_does_a_milder_addendum_before_it_keep_the_genuine_event_down() -> None:
    corrected = replace(alert_of(), severity=Severity.LOW, changes="the outcome from refused to …")
    assert len(sifted([alert_of()], corrected).completing) == 1
    completed_once = replace(corrected, severity=alert_of().severity)
    assert sifted([alert_of()], completed_once).completing == []
