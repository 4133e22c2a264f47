"""Rules over time, where what they count is hostile, without an end or late."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.alerts import counting
from chalicelib.alerts.mutes import may_be_muted
from tests.events import cloudtrail, iam_user
from tests.usecases.test_over_time import START, Clocked, launch, learned, refusal, z

NAMES = """
only = ["names"]
[[rule]]
id = "names"
title = "Many names were asked for"
severity = "high"
pattern = '{ $.eventName = "GetParameters" }'
[rule.correlation]
type = "value_count"
timespan = "5m"
gte = 3
field = "$.requestParameters.names[*]"
"""


@pytest.fixture
def clocked(tmp_path: Path) -> Clocked:
    return Clocked(tmp_path)


def asked(tmp_path: Path, names: Any) -> tuple[int, tuple[str, ...]]:
    """How many different values one call has, and the first of them."""
    clocked = Clocked(tmp_path)
    (tmp_path / "rules.toml").write_text(NAMES)
    clocked.take(cloudtrail("GetParameters", requestParameters={"names": names}))
    (alert,) = clocked.alerts()
    assert alert.together is not None
    return alert.together.distinct, alert.together.values


def test_of_several_secrets_among_other_values_not_even_a_hash_is_kept(tmp_path: Path) -> None:
    secrets = [f"password={word}" + "Tr0ub4dor" for word in ("one", "two", "three")]
    found = asked(tmp_path, ["a", "b", *secrets])
    assert found == (3, ("a", "b", "password=[redacted]"))


def test_values_behind_where_an_array_is_cut_are_told_as_what_they_are(tmp_path: Path) -> None:
    names = [f"name-{number:03}" for number in range(600)]
    assert asked(tmp_path, names) == (600, tuple(names[:10]))


def test_an_episode_without_an_end_stays_one_alert_and_is_not_read_whole(
    clocked: Clocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MOST_FURTHER", 30)
    read: list[int] = []
    memory = clocked.program.store.memory
    real = type(memory).read

    def noted(self: Any, name: str, first: int, last: int) -> Any:
        found = real(self, name, first, last)
        read[-1] += sum(len(each.texts) for each in found.values())
        return found

    monkeypatch.setattr(type(memory), "read", noted)
    for batch in range(100):
        read.append(0)
        clocked.take(*(refusal(5 * batch + number) for number in range(5)))
    (alert,) = clocked.alerts()
    assert alert.together is not None
    assert (alert.together.first, alert.together.more) == (START, True)
    assert alert.together.count >= counting.MOST_FURTHER
    assert read[-1] < 150 < 100 * 5


def test_earlier_sights_that_arrive_later_do_not_count_twice_in_a_digest(clocked: Clocked) -> None:
    regions = [f"region-{number}" for number in range(12)]
    with learned(clocked):
        clocked.at(START + timedelta(days=9))
        clocked.take(*(launch(region, 8) for region in regions))
        clocked.take(*(launch(region, 3) for region in regions))
    told = [alert.together for alert in clocked.alerts() if alert.together]
    assert [each.count for each in told if each.kind == "digest"] == [7]


def test_a_mute_is_of_one_principal_never_of_all_groups_of_a_rule(clocked: Clocked) -> None:
    users = [iam_user("alice"), iam_user("bob"), iam_user("carol")]
    rules = Path(clocked.program.settings.rules_file or "")
    by_address = rules.read_text().replace('["$.facts.principal"]', '["$.sourceIPAddress"]')
    rules.write_text(by_address)
    clocked.take(*(refusal(number, userIdentity=user) for number, user in enumerate(users)))
    at_home = [refusal(n, eventID=f"home-{n}", sourceIPAddress="192.0.2.9") for n in range(3)]
    clocked.take(*at_home)
    may = {bool(alert.principal): may_be_muted(alert) for alert in clocked.alerts()}
    assert may == {True: True, False: False}


def test_a_rule_that_learns_tells_no_overflow(clocked: Clocked) -> None:
    clocked.take(*(launch(f"region-{number}") for number in range(70)))
    assert clocked.alerts() == []
    clocked.at(START + timedelta(days=2))
    clocked.take(launch("another", 2))
    told = {alert.together.kind: alert.together for alert in clocked.alerts() if alert.together}
    assert told["learning"].count == 70
    assert z(told["learning"].last) == z(START)
