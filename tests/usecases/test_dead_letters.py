"""What Lambda gave up on comes home by the sweep, and what is poison keeps nobody waiting."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib import aws
from chalicelib.alerts.outbox import StoreError
from chalicelib.monitoring.dead_letters import REMEMBERED, DeadLetters
from chalicelib.monitoring.notes import Unread, read, write
from chalicelib.parameters import SecretError
from chalicelib.settings import Settings
from chalicelib.stores.failures import PAGE
from chalicelib.usecases.dead_letters import bring_home
from chalicelib.usecases.deployed import deployed
from chalicelib.usecases.homecoming import LARGEST_BYTES, Homecoming
from chalicelib.usecases.ingest import judge, keep
from cli.redrive import Letter, Tally, redrive_all
from tests.alerts.test_judging import Failing
from tests.usecases.failures import POISON, Sweeps, later, payload

HOURS = 60  # minutes


@pytest.fixture
def sweeps(tmp_path: Path) -> Sweeps:
    return Sweeps(tmp_path)


class Down:
    """Notes and an outbox of a store that takes nothing."""

    def noted(self, key: str) -> dict[str, Any] | None:
        return None

    def note(self, key: str, value: dict[str, Any]) -> None:
        raise StoreError("no such table")

    def add(self, *_: Any) -> set[str]:
        raise StoreError("no such table")


def ids(*numbers: int) -> set[str]:
    return {f"event-{number}" for number in numbers}


def test_what_failed_comes_home_ten_at_a_time_the_oldest_first(sweeps: Sweeps) -> None:
    for number in range(25):
        sweeps.failures.put(f"{number % 7}-{number}", payload(number), later(-number))
    assert sweeps.sweep().home == 10
    assert sweeps.events == ids(*range(15, 25))
    assert sweeps.sweep(minutes=2).home == 15
    assert sweeps.failures.kept == {}


def test_a_payload_is_deleted_only_once_it_is_stored(sweeps: Sweeps) -> None:
    sweeps.failures.put("one", payload(1))
    delete = sweeps.failures.delete

    def seen(key: str) -> None:
        assert sweeps.events == ids(1)
        delete(key)

    sweeps.failures.delete = seen  # type: ignore[method-assign]
    assert sweeps.sweep().home == 1


def test_with_nothing_there_the_store_is_not_asked(sweeps: Sweeps) -> None:
    assert sweeps.sweep() == Homecoming()
    assert (sweeps.failures.listed, sweeps.program.has_store) == (1, False)


def test_while_no_rules_load_nothing_is_tried_and_then_all_comes_home_without_new_traffic(
    tmp_path: Path,
) -> None:
    rules = tmp_path / "mine.toml"
    rules.write_text('[[rule]]\nid = "root-use"\nseverity = "urgent"\n')
    sweeps = Sweeps(tmp_path, RULES_FILE=str(rules))
    sweeps.failures.put("one", payload(1))
    assert sweeps.sweep(minutes=HOURS) == Homecoming()
    assert (sweeps.failures.read, sweeps.known) == ([], DeadLetters())
    sweeps.made(tmp_path)
    assert sweeps.sweep().home == 1


def test_an_outage_of_the_store_parks_nothing(sweeps: Sweeps) -> None:
    store = sweeps.program.store
    sweeps.failures.put("one", payload(1))
    down: Any = Down()
    sweeps.program.store = replace(store, notes=down, outbox=down)
    assert sweeps.sweep(minutes=8 * HOURS) == Homecoming()
    sweeps.program.store = store
    assert (sweeps.sweep().home, sweeps.told) == (1, [])


def test_a_store_that_takes_notes_and_no_alerts_parks_what_failed_five_times(
    sweeps: Sweeps,
) -> None:
    store = sweeps.program.store
    sweeps.failures.put("one", payload(1))
    sweeps.program.store = replace(store, outbox=Failing(store.outbox, "add"))
    sweeps.sweep(minutes=16)
    assert (sweeps.known.parked, list(sweeps.failures.kept)) == (1, ["one"])
    sweeps.program.store = store
    sweeps.sweep()
    assert "no such table (records 1, unreadable 0, alerts 1)" in sweeps.told[0]


def test_a_poison_keeps_nobody_waiting_and_is_parked_after_five_failures_told_once(
    sweeps: Sweeps,
) -> None:
    sweeps.failures.put("0-poison", POISON, later(-60))
    for number in range(30):
        sweeps.failures.put(f"1-{number:02}", payload(number), later(number - 40))
    assert sweeps.sweep(minutes=4).home == 30
    assert sweeps.told == []
    sweeps.sweep(minutes=14)  # it is tried behind what never failed
    assert sweeps.failures.read.count("0-poison") == 5
    sweeps.sweep(minutes=24 * HOURS)
    (told,) = sweeps.told
    assert told == (
        "The payload 0-poison, which Lambda gave up on, cannot be taken in here either: "
        "not JSON: Expecting value at 0. It is kept, is tried once more after each deployment, "
        "and `SLACK_CHANNEL='#trailbell' trailbell.py redrive s3://failures/0-poison --store "
        f"{sweeps.program.settings.alert_store}` takes it in by hand."
    )
    assert (sweeps.failures.read.count("0-poison"), list(sweeps.failures.kept)) == (5, ["0-poison"])
    assert sweeps.events == ids(*range(30))


def test_what_is_parked_makes_health_amber_until_a_person_took_it_in(sweeps: Sweeps) -> None:
    sweeps.failures.put("poison", POISON)
    sweeps.sweep(minutes=2 * HOURS)
    found = sweeps.program.health()
    assert any("1 payload that Lambda gave up on" in word for word in found["words"])
    sweeps.failures.kept.clear()
    sweeps.sweep(minutes=11)
    found = sweeps.program.health()
    assert not any("payload" in word for word in found["words"])


def test_a_poison_waits_twice_as_long_after_each_failure(sweeps: Sweeps) -> None:
    sweeps.failures.put("poison", POISON)
    tried = []
    for minute in range(20):
        before = len(sweeps.failures.read)
        sweeps.sweep()
        if len(sweeps.failures.read) > before:
            tried.append(minute)
    assert tried == [0, 1, 3, 7, 15]


def test_what_is_parked_is_tried_once_after_each_deployment(sweeps: Sweeps) -> None:
    sweeps.failures.put("poison", POISON)
    sweeps.sweep(minutes=20)
    for name in ("second", "third"):
        sweeps.deployed, before = name, len(sweeps.failures.read)
        sweeps.sweep(minutes=2 * HOURS)
        assert len(sweeps.failures.read) == before + 1
    sweeps.failures.put("poison", payload(1))  # as if the code could read it now
    sweeps.deployed = "fourth"
    assert (sweeps.sweep().home, len(sweeps.told), sweeps.known.parked) == (1, 1, 0)


def test_the_one_try_after_a_deployment_is_not_used_up_by_the_destinations_own_trouble(
    sweeps: Sweeps,
) -> None:
    sweeps.failures.put("one", POISON)
    sweeps.sweep(minutes=20)
    sweeps.failures.put("one", payload(1))
    sweeps.deployed, sweeps.failures.unreadable = "second", {"one"}
    sweeps.sweep(minutes=3)
    sweeps.failures.unreadable = set()
    assert sweeps.sweep().home == 1


def test_by_hand_what_is_parked_is_taken_in_all_the_same(sweeps: Sweeps) -> None:
    program, store = sweeps.program, sweeps.program.store
    sweeps.failures.put("one", payload(1))
    program.store = replace(store, outbox=Failing(store.outbox, "add"))
    sweeps.sweep(minutes=HOURS)
    program.store = store
    found = [Letter("one", payload(1), lambda: sweeps.failures.delete("one"))]
    tally = Tally()
    redrive_all(found, partial(judge, parts=program), partial(keep, parts=program), tally)
    assert (sweeps.known.parked, tally.new, sweeps.failures.kept) == (1, 1, {})
    sweeps.failures.put("two", payload(2))
    sweeps.sweep()
    assert sweeps.known.parked == 0


def test_the_destinations_own_trouble_counts_only_where_another_payload_came_home(
    sweeps: Sweeps,
) -> None:
    sweeps.failures.put("0-slow", payload(0))
    sweeps.failures.unreadable = {"0-slow"}
    sweeps.sweep(minutes=24 * HOURS)
    (one,) = sweeps.known.failed.values()
    assert (one.failures, one.parked) == (0, "")
    assert 10 <= one.tries <= 14  # 1, 2, 4 … minutes, at most 6 hours
    for _ in range(5):
        sweeps.clock.advance(6 * 3600)
        sweeps.failures.put("another", payload(1))
        sweeps.sweep()
    (one,) = sweeps.known.failed.values()
    assert (one.failures, sweeps.known.parked) == (5, 1)


def test_a_sweep_killed_between_storing_and_deleting_tells_once(sweeps: Sweeps) -> None:
    sweeps.failures.put("one", payload(1))

    def killed(key: str) -> None:
        raise KeyboardInterrupt

    delete, sweeps.failures.delete = sweeps.failures.delete, killed  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        sweeps.sweep()
    assert (sweeps.events, list(sweeps.failures.kept)) == (ids(1), ["one"])
    sweeps.failures.delete = delete  # type: ignore[method-assign]
    assert sweeps.sweep(minutes=10).home == 1
    assert len(sweeps.alerts) == 1


def test_a_payload_that_ends_each_sweep_is_parked_and_the_others_come_home(
    sweeps: Sweeps,
) -> None:
    sweeps.failures.put("0-killer", payload(0), later(-60))
    text = sweeps.failures.text

    def deadly(key: str) -> str:
        if key == "0-killer":
            sweeps.failures.read.append(key)
            raise KeyboardInterrupt
        return text(key)

    sweeps.failures.text = deadly  # type: ignore[method-assign]
    for number in range(1, 13):
        sweeps.failures.put(f"{number}", payload(number))
    for _ in range(2 * HOURS):
        with suppress(KeyboardInterrupt):
            sweeps.sweep()
    assert sweeps.failures.read.count("0-killer") == 5
    assert sweeps.events == ids(*range(1, 13))
    (told,) = sweeps.told
    assert "the sweep ended before it was taken in" in told


def test_while_another_sweep_is_at_it_none_begins(sweeps: Sweeps) -> None:
    sweeps.failures.put("one", payload(1))
    write(sweeps.program.store.notes, DeadLetters().begun("other", sweeps.clock.now()))
    assert sweeps.sweep(minutes=3) == Homecoming()
    assert sweeps.sweep().home == 1


def test_what_is_too_large_is_parked_and_told_and_not_read(sweeps: Sweeps) -> None:
    sweeps.failures.put("large", payload(1))
    sweeps.failures.sizes["large"] = LARGEST_BYTES + 1
    sweeps.sweep(minutes=HOURS)
    assert (sweeps.failures.read, sweeps.known.parked) == ([], 1)
    assert "larger than 4,194,304 bytes" in sweeps.told[0]


def test_of_a_payload_that_can_be_read_in_part_the_good_is_told_and_the_rest_stays(
    sweeps: Sweeps, capsys: pytest.CaptureFixture[str]
) -> None:
    sweeps.failures.put("half", payload(1, 2, broken=1))
    sweeps.sweep()
    assert sweeps.events == ids(1, 2)
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["message"] == "unreadable record"
    first = read(sweeps.program.store.notes, Unread)
    assert first
    assert first.records == 1
    sweeps.sweep(minutes=24 * HOURS)
    assert read(sweeps.program.store.notes, Unread) == first
    assert (list(sweeps.failures.kept), len(sweeps.told)) == (["half"], 1)


def test_no_payload_is_begun_where_the_time_left_is_the_ends(sweeps: Sweeps) -> None:
    sweeps.failures.put("one", payload(1))
    assert sweeps.sweep(seconds_left=24.0) == Homecoming()
    assert sweeps.failures.read == []


def test_while_a_secret_cannot_be_read_no_failure_counts(sweeps: Sweeps) -> None:
    def refused() -> str:
        raise SecretError("SSM parameter /trailbell-dev/slack-channel cannot be read")

    known, sweeps.program.default_channel = sweeps.program.default_channel, refused  # type: ignore[method-assign]
    for number in range(3):
        sweeps.failures.put(f"{number}", payload(number))
    sweeps.sweep(minutes=HOURS)
    assert sweeps.known.failed == {}
    sweeps.program.default_channel = known  # type: ignore[method-assign]
    assert sweeps.sweep().home == 3


def test_of_many_that_are_parked_one_message_an_hour_says_how_many(sweeps: Sweeps) -> None:
    for number in range(25):
        sweeps.failures.put(f"{number:02}", POISON)
    sweeps.sweep(minutes=24 * HOURS)
    assert sweeps.known.parked == 25
    assert len(sweeps.told) == 2
    assert " and 9 others, which" in sweeps.told[0]
    assert " and 14 others, which" in sweeps.told[1]
    assert "redrive s3://failures --store" in sweeps.told[1]


def test_a_sweep_cut_off_before_it_told_is_made_up_for_and_tells_once(sweeps: Sweeps) -> None:
    sweeps.failures.put("poison", POISON)
    store = sweeps.program.store
    sweeps.sweep(minutes=15)
    sweeps.program.store = replace(store, outbox=Failing(store.outbox, "add"))
    sweeps.sweep()
    assert (sweeps.known.parked, sweeps.told) == (1, [])
    sweeps.program.store = store
    sweeps.sweep(minutes=HOURS)
    assert len(sweeps.told) == 1


def test_behind_more_that_fail_than_are_remembered_the_rest_comes_home_and_the_note_stays_small(
    sweeps: Sweeps,
) -> None:
    for number in range(2 * PAGE + 10):
        sweeps.failures.put(f"0-{number:04}", POISON)
    for number in range(5):
        sweeps.failures.put(f"1-{number}", payload(number))
    sweeps.sweep(minutes=HOURS)
    assert sweeps.events == ids(*range(5))
    assert len(sweeps.known.failed) == REMEMBERED == PAGE
    assert len(json.dumps(sweeps.known.as_json())) < 60_000


def test_a_clock_that_was_put_back_keeps_a_payload_waiting_no_longer_than_its_backoff(
    sweeps: Sweeps,
) -> None:
    sweeps.failures.put("one", POISON)
    sweeps.sweep()
    sweeps.clock.jump(-6 * 3600)
    sweeps.failures.put("one", payload(1))
    assert sweeps.sweep(minutes=2).home == 1


def test_a_destination_that_cannot_be_asked_is_no_error_of_the_sweeps(sweeps: Sweeps) -> None:
    sweeps.failures.away = True
    assert sweeps.sweep() == Homecoming()


def test_a_payload_that_is_gone_meanwhile_is_no_failure(sweeps: Sweeps) -> None:
    sweeps.failures.put("one", payload(1))
    page = sweeps.failures.page()
    sweeps.failures.kept.clear()
    sweeps.failures.page = lambda after="": page  # type: ignore[method-assign]
    assert sweeps.sweep() == Homecoming()
    assert sweeps.known.failed == {}


@pytest.mark.parametrize(
    "stored", [{}, {"failed": []}, {"failed": {"a": {"at": 3}}}, {"failed": {"a": 1}}]
)
def test_a_note_that_cannot_be_read_is_begun_anew(stored: dict[str, Any], sweeps: Sweeps) -> None:
    sweeps.program.store.notes.note(DeadLetters.KEY, stored)
    sweeps.failures.put("one", payload(1))
    assert sweeps.sweep().home == 1


ARN = "arn:aws:lambda:eu-central-1:111122223333:function:trailbell-dev-sweep"
BUCKET = "trailbell-dev-failures-111122223333-eu-central-1"


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    aws.client.cache_clear()
    with mock_aws():
        made = boto3.client("s3")
        location = {"LocationConstraint": "eu-central-1"}
        made.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=location)
        yield made
    aws.client.cache_clear()


def test_in_lambda_the_bucket_is_known_by_the_functions_own_arn(sweeps: Sweeps, s3: Any) -> None:
    sweeps.program.settings = replace(sweeps.program.settings, deployment="trailbell-dev")
    sweeps.program.default_channel = lambda: "#trailbell"  # type: ignore[method-assign]
    for number in range(3):
        s3.put_object(Bucket=BUCKET, Key=f"aws/lambda/async/{number}", Body=payload(number))
    assert bring_home(sweeps.program, ARN, lambda: 60_000.0).home == 3
    assert s3.list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0


def test_on_one_machine_nothing_is_asked(sweeps: Sweeps) -> None:
    assert bring_home(sweeps.program, "", lambda: 60_000.0) == Homecoming()


def test_what_is_deployed_is_known_by_code_rules_and_settings() -> None:
    one, other = Settings(), Settings(rules_file="chalicelib/rules/local/other.toml")
    assert deployed(one) == deployed(Settings()) != deployed(other)
