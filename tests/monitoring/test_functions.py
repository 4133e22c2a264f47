"""How AWS's answers about our functions and what stands round them are judged."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from chalicelib.monitoring.answers import Answered, Finding
from chalicelib.monitoring.expected import Expectations, Expected
from chalicelib.monitoring.functions import (
    Around,
    EventRule,
    Function,
    check_functions,
    fingerprint,
)
from chalicelib.monitoring.steps import STEPS
from chalicelib.monitoring.upstream import UpstreamError

BUCKET = "arn:aws:s3:::trailbell-dev-failures"
TOKEN, NAME = "/trailbell-dev/slack-token", "/trailbell-dev/slack-username"
EVERY = ("ingest_logs", "ingest_events", "ingest_files", "sweep")
WELL = {f"function {name}": "there" for name in EVERY} | {
    "destination ingest_logs": BUCKET,
    "destination ingest_events": BUCKET,
    f"parameter {TOKEN}": "there",
    f"parameter {NAME}": "there",
    "alarm ingest-errors": "tells",
    "rule every-minute": fingerprint("rate(1 minute)"),
    "rule calls": fingerprint("{}"),
}


@dataclass
class Answers:
    """AWS's; all is well to begin with."""

    there: dict[str, Function | None] = field(
        default_factory=lambda: {name: Function(f"arn:{name}") for name in EVERY}
    )
    limits: dict[str, int] = field(default_factory=dict)
    invoking: dict[str, list[EventRule]] = field(
        default_factory=lambda: {
            "arn:sweep": [EventRule("every-minute", True, "rate(1 minute)")],
            "arn:ingest_events": [EventRule("calls", True, "{}")],
        }
    )
    admits: bool = True
    mapping: str | None = "Enabled"
    kept_in: dict[str, str] = field(
        default_factory=lambda: {"ingest_logs": BUCKET, "ingest_events": BUCKET}
    )
    kept: int | None = 0
    known: tuple[str, ...] = (TOKEN, NAME)
    telling: dict[str, bool] = field(default_factory=lambda: {"ingest-errors": True})
    refused: tuple[str, ...] = ()

    def function(self, name: str) -> Function | None:
        return self.there[name]

    def reserved(self, name: str) -> int | None:
        if "reserved" in self.refused:
            raise UpstreamError("lambda:GetFunctionConcurrency: AccessDeniedException")
        return self.limits.get(name)

    def rules(self, arn: str) -> list[EventRule]:
        return self.invoking[arn]

    def admits_events(self, name: str) -> bool:
        return self.admits

    def queue(self, name: str) -> str | None:
        return self.mapping

    def destination(self, name: str) -> str:
        return self.kept_in.get(name, "")

    def waiting(self, destination: str) -> int | None:
        return self.kept

    def parameters(self, names: Collection[str]) -> Collection[str]:
        return [name for name in self.known if name in names]

    def alarms(self) -> Mapping[str, bool]:
        return self.telling


def findings(answers: Answers, seen: dict[str, str] = WELL, **changes: Any) -> dict[str, Finding]:
    around = Around(
        functions=answers,
        deployment="trailbell-dev",
        expectations=Expectations(Expected(deployed="monday", seen=seen), "monday"),
        parameters=(TOKEN, NAME),
        token=TOKEN,
    )
    return {finding.check: finding for finding in check_functions(replace(around, **changes))}


def wrong(answers: Answers, seen: dict[str, str] = WELL) -> dict[str, str]:
    every = findings(answers, seen).values()
    return {each.check: each.text for each in every if each.answered is not Answered.OK}


def test_where_all_is_as_it_was_every_check_is_ok() -> None:
    assert wrong(Answers()) == {}
    assert list(findings(Answers())) == [
        "function-ingest_logs", "function-ingest_events", "function-ingest_files",
        "function-sweep", "events", "schedule", "queue",
        "destination-ingest_logs", "destination-ingest_events", "failures", "parameters", "alarms",
    ]  # fmt: skip
    assert set(findings(Answers())) <= set(STEPS)


def without(name: str) -> dict[str, Function | None]:
    return {**Answers().there, name: None}


def stopped(name: str) -> dict[str, Function | None]:
    return {**Answers().there, name: Function(f"arn:{name}", "Failed", "no such role")}


def ruled(*rules: EventRule) -> dict[str, list[EventRule]]:
    return {**Answers().invoking, "arn:sweep": list(rules)}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"there": without("ingest_logs")},
            {"function-ingest_logs": "The function trailbell-dev-ingest_logs is gone."},
        ),
        (
            {"there": stopped("ingest_logs")},
            {
                "function-ingest_logs": "The function trailbell-dev-ingest_logs is Failed:"
                " no such role."
            },
        ),
        (
            {"limits": {"ingest_logs": 0}},
            {
                "function-ingest_logs": "Nobody may invoke trailbell-dev-ingest_logs: its"
                " reserved concurrency is 0."
            },
        ),
        (
            {"invoking": ruled()},
            {"schedule": "No rule of EventBridge invokes trailbell-dev-sweep any more."},
        ),
        (
            {"invoking": ruled(EventRule("every-minute", False))},
            {"schedule": "EventBridge's rule every-minute for trailbell-dev-sweep is disabled."},
        ),
        (
            {"admits": False},
            {
                "events": "EventBridge may not invoke trailbell-dev-ingest_events any more.",
                "schedule": "EventBridge may not invoke trailbell-dev-sweep any more.",
            },
        ),
        (
            {"kept_in": {"ingest_events": BUCKET}},
            {
                "destination-ingest_logs": "What trailbell-dev-ingest_logs could not take is"
                f" dropped now, no longer kept in {BUCKET}."
            },
        ),
        (
            {"kept_in": {"ingest_events": BUCKET, "ingest_logs": "arn:other"}},
            {
                "destination-ingest_logs": "What trailbell-dev-ingest_logs could not take goes"
                f" to arn:other now, no longer kept in {BUCKET}."
            },
        ),
        ({"kept": 3}, {"failures": f"What could not be taken in waits in {BUCKET}."}),
        (
            {"kept": None},
            {"failures": f"{BUCKET} is gone: what cannot be taken in is dropped."},
        ),
        (
            {"invoking": ruled(EventRule("every-minute", True, "rate(1 day)"))},
            {
                "schedule": "EventBridge's rule every-minute for trailbell-dev-sweep was changed:"
                " it is rate(1 day) now."
            },
        ),
        ({"known": (NAME,)}, {"parameters": f"SSM parameters are gone: {TOKEN}."}),
        ({"known": (TOKEN,)}, {"parameters": f"SSM parameters are gone: {NAME}."}),
        ({"telling": {}}, {"alarms": "Alarms are gone or tell nobody: ingest-errors."}),
        (
            {"telling": {"ingest-errors": False}},
            {"alarms": "Alarms are gone or tell nobody: ingest-errors."},
        ),
    ],
)
def test_what_is_wrong_is_said_by_the_check_that_finds_it(
    changes: dict[str, Any], said: dict[str, str]
) -> None:
    assert wrong(Answers(**changes)) == said


def test_a_function_that_is_not_deployed_where_eventbridge_is_off_is_not_missing() -> None:
    off = Answers(there=without("ingest_events"), kept_in={"ingest_logs": BUCKET})
    found = findings(off, {})
    assert {found[check].text for check in ("events", "function-ingest_events")} == {
        "EventBridge is off."
    }
    assert wrong(off, {}) == {}


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (None, "No queue hands over to trailbell-dev-ingest_files any more."),
        ("Disabled", "The queue does not hand over to trailbell-dev-ingest_files: it is Disabled."),
    ],
)
def test_a_queue_that_hands_nothing_over_is_said(state: str | None, said: str) -> None:
    assert wrong(Answers(mapping=state)) == {"queue": said}


def test_where_records_do_not_come_by_s3_no_queue_is_missing() -> None:
    off = Answers(there=without("ingest_files"), mapping=None)
    found = findings(off, {})
    assert found["queue"].text == "Records do not come by S3."
    assert "queue" not in wrong(off, {})


def test_one_that_was_deployed_and_is_gone_is() -> None:
    gone = Answers(there=without("ingest_events"))
    text = "The function trailbell-dev-ingest_events is gone."
    assert wrong(gone) == {"function-ingest_events": text, "events": text}


def test_before_apply_made_them_no_place_and_no_alarm_are_missing() -> None:
    found = findings(Answers(kept_in={}, telling={}), {})
    unasked = {name for name, each in found.items() if each.answered is Answered.UNASKED}
    assert unasked == {
        "destination-ingest_logs",
        "destination-ingest_events",
        "failures",
        "alarms",
    }


def test_the_token_is_missing_even_where_it_was_never_there() -> None:
    assert wrong(Answers(known=()), {})["parameters"] == f"SSM parameters are gone: {TOKEN}."


def test_a_parameter_that_was_never_there_is_not_missing() -> None:
    assert "parameters" not in wrong(Answers(known=(TOKEN,)), {})


def test_where_the_settings_name_no_parameter_none_is_asked_for() -> None:
    class Refusing(Answers):
        def parameters(self, names: Collection[str]) -> Collection[str]:
            raise UpstreamError("ssm:DescribeParameters: ParamValidationError")

    found = findings(Refusing(), parameters=(), token=None)
    assert found["parameters"].answered is Answered.OK


def test_what_is_parked_alone_is_something_to_know_and_hides_nothing_that_comes_after() -> None:
    alone = findings(Answers(kept=2), parked=2)["failures"]
    text = f"What failed here as well waits in {BUCKET}, and nothing else."
    assert alone == Finding("failures", Answered.LACKING, text)
    assert findings(Answers(kept=3), parked=2)["failures"].answered is Answered.FAILING


def test_what_is_refused_is_unknown_and_the_rest_is_asked() -> None:
    found = findings(Answers(refused=("reserved",)))
    unknown = {check for check, each in found.items() if each.answered is Answered.UNKNOWN}
    assert unknown == {f"function-{name}" for name in EVERY}
    assert found["schedule"].answered is Answered.OK
