"""`replay` runs rules over time on the records' own clock, with the verdicts that a store gives."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cli.main import main
from cli.over_time import MOST_STEPS
from tests.events import cloudtrail

START = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
RULES = """
only = ["refusals", "region", "made", "keyed", "then"]
[[rule]]
id = "refusals"
title = "Many calls were refused"
severity = "high"
pattern = '{ $.errorCode = "AccessDenied" }'
[rule.correlation]
type = "event_count"
group_by = ["$.userIdentity.arn"]
timespan = "5m"
gte = 3
[[rule]]
id = "region"
title = "A region was first used"
severity = "medium"
pattern = '{ $.eventName = "RunInstances" }'
[rule.correlation]
type = "new_terms"
group_by = ["$.facts.principal"]
fields = ["$.awsRegion"]
history = "10d"
[[rule]]
id = "made"
title = "A user was made"
severity = "low"
pattern = '{ $.eventName = "CreateUser" }'
[[rule]]
id = "keyed"
title = "A key was made"
severity = "low"
pattern = '{ $.eventName = "CreateAccessKey" }'
[[rule]]
id = "then"
title = "A user was made, then a key"
severity = "high"
[rule.correlation]
type = "temporal_ordered"
rules = ["made", "keyed"]
timespan = "1h"
"""


def at(**after: float) -> str:
    return (START + timedelta(**after)).strftime("%Y-%m-%dT%H:%M:%SZ")


def trail() -> list[dict[str, Any]]:
    """Twenty days: a burst of seven, one of two, a new region on the 15th, a user with a key."""
    records = [cloudtrail("RunInstances", eventTime=at(days=day)) for day in range(20)]
    records.append(cloudtrail("RunInstances", eventTime=at(days=14.5), awsRegion="ap-south-1"))
    minutes = (0, 1, 3, 4, 5, 9, 13, 40, 44)
    records += [
        cloudtrail("ListUsers", eventTime=at(days=5, minutes=minute), errorCode="AccessDenied")
        for minute in minutes
    ]
    records.append(cloudtrail("CreateUser", source="iam", eventTime=at(days=6)))
    records.append(cloudtrail("CreateAccessKey", source="iam", eventTime=at(days=6, minutes=59)))
    return random.Random(5).sample(records, len(records))


@pytest.fixture
def replay(tmp_path: Path) -> Any:
    records, rules = tmp_path / "trail.jsonl", tmp_path / "rules.toml"
    records.write_text("\n".join(map(json.dumps, trail())))
    rules.write_text(RULES)

    def run(*options: str) -> Result:
        return CliRunner().invoke(main, ["replay", str(records), "--rules", str(rules), *options])

    return run


def together(result: Result) -> dict[str, dict[str, Any]]:
    """What came together, by its rule."""
    assert result.exit_code == 0, result.output
    alerts = [json.loads(line) for line in result.stdout.splitlines()]
    return {alert["rule_id"]: alert for alert in alerts if "together" in alert}


def calls(result: Result) -> list[tuple[str, str, str]]:
    """The calls to the channel: when, which and with what text."""
    assert result.exit_code == 0, result.output
    messages = [json.loads(line) for line in result.stdout.splitlines()]
    return [(each["at"], each["method"], each["payload"]["text"]) for each in messages]


def test_each_episode_is_one_alert_with_all_its_members(replay: Any) -> None:
    found = together(replay("--format", "json"))
    assert set(found) == {"refusals", "region", "then"}
    refusals = found["refusals"]
    assert (refusals["event_id"], refusals["event_time"]) == ("", at(days=5, minutes=13))
    assert refusals["together"]["count"] == len(refusals["together"]["members"]) == 7
    assert found["region"]["event_time"] == at(days=14.5)
    assert found["then"]["text"] == "alice: CreateUser then CreateAccessKey within 59 min"


def test_the_first_tenth_of_the_span_is_learned_and_said_at_the_end(replay: Any) -> None:
    result = replay("--format", "json")
    assert "first sights learned        1" in result.stderr


def test_a_time_that_cannot_be_makes_the_span_no_longer(replay: Any, tmp_path: Path) -> None:
    with (tmp_path / "trail.jsonl").open("a") as trail_file:
        trail_file.write(
            "\n" + json.dumps(cloudtrail("ListUsers", eventTime="9999-01-01T00:00:00Z"))
        )
    assert together(replay("--format", "json"))["region"]["event_time"] == at(days=14.5)


def test_a_store_comes_to_the_same_episodes(replay: Any, tmp_path: Path) -> None:
    kept = together(replay("--format", "json", "--store", f"sqlite:///{tmp_path}/alerts.db"))
    plain = together(replay("--format", "json"))
    assert set(kept) == {"refusals", "then"}  # a rule that never learned tells nothing for a day
    for rule in kept:
        assert kept[rule]["together"] == plain[rule]["together"]


def test_a_channel_gets_one_message_as_soon_as_it_is_enough_and_its_count_as_it_grows(
    replay: Any,
) -> None:
    told = [call for call in calls(replay("--format", "messages")) if "ListUsers" in call[2]]
    assert [(when, method) for when, method, _ in told] == [
        (at(days=5, minutes=3), "chat.postMessage"),
        *((at(days=5, minutes=minute), "chat.update") for minute in (4, 5, 9, 13)),
    ]
    for number, (_, _, text) in enumerate(told, 3):
        assert f"{number} × ListUsers" in text
        assert "[corrected]" not in text


def test_a_first_sight_is_told_when_it_was_seen_wherever_it_stands(replay: Any) -> None:
    (told,) = [call for call in calls(replay("--format", "messages")) if "RunInstances" in call[2]]
    assert told[:2] == (at(days=14.5), "chat.postMessage")


def test_of_very_many_seconds_the_first_are_shown_and_the_end(replay: Any, tmp_path: Path) -> None:
    refusals = [
        cloudtrail("ListUsers", eventTime=at(seconds=20 * number), errorCode="AccessDenied")
        for number in range(MOST_STEPS + 50)
    ]
    (tmp_path / "trail.jsonl").write_text("\n".join(map(json.dumps, refusals)))
    told = calls(replay("--format", "messages"))
    counts = [int(text.partition(" × ListUsers")[0].rpartition(" ")[2]) for *_, text in told]
    assert counts == [*range(3, MOST_STEPS + 3), MOST_STEPS + 50]
    assert told[-1][0] == at(seconds=20 * (MOST_STEPS + 49))
