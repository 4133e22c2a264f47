"""What goes to the log, and when: lines as they always were."""

from __future__ import annotations

import pytest

from chalicelib.monitoring.log import Log
from chalicelib.monitoring.metrics import Metric
from chalicelib.rules.matching import Unreadable
from tests.delivery.world import START

LOST = Unreadable(position=3, size=9, sha256="f0e4", reason="JSON nested too deeply")


def log(lines: list[str], deployment: str | None = "trailbell-dev", level: str = "INFO") -> Log:
    return Log(deployment=deployment, level=level, now=lambda: START, write=lines.append)


def test_what_was_done_is_a_json_object_a_line() -> None:
    lines: list[str] = []
    log(lines).say("swept", delivered=3, expired=0, deaf=("silence",))
    assert lines == [
        '{"time": "2026-01-02T03:04:05+00:00", "level": "INFO", "message": "swept",'
        ' "delivered": 3, "expired": 0, "deaf": ["silence"]}'
    ]


def test_a_record_that_could_not_be_read_is_named_without_its_text() -> None:
    lines: list[str] = []
    log(lines).unreadable([LOST])
    assert lines == [
        '{"time": "2026-01-02T03:04:05+00:00", "level": "WARNING", "message": "unreadable record",'
        ' "position": 3, "size": 9, "sha256": "f0e4", "reason": "JSON nested too deeply"}'
    ]


@pytest.mark.parametrize(
    ("deployment", "level", "written"),
    [
        ("trailbell-dev", "DEBUG", ["say", "unreadable", "measure"]),
        ("trailbell-dev", "INFO", ["say", "unreadable", "measure"]),
        ("trailbell-dev", "WARNING", ["unreadable", "measure"]),
        ("trailbell-dev", "ERROR", ["measure"]),
        (None, "DEBUG", ["unreadable"]),
        (None, "WARNING", ["unreadable"]),
        (None, "ERROR", []),
    ],
)
def test_level_and_deployment_decide_what_is_written(
    deployment: str | None, level: str, written: list[str]
) -> None:
    lines: list[str] = []
    chosen = log(lines, deployment, level)
    chosen.say("swept")
    chosen.unreadable([LOST])
    chosen.measure([Metric("Records", 1)])
    marks = {"say": '"swept"', "unreadable": '"unreadable record"', "measure": '"_aws"'}
    assert [name for line in lines for name, mark in marks.items() if mark in line] == written


def test_lines_go_to_stdout_and_nothing_stands_before_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Log(deployment="trailbell-dev", level="INFO", now=lambda: START).say("swept")
    assert capsys.readouterr().out.startswith('{"time": ')
