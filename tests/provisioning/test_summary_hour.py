"""The first deployment asks for the hour of the day's summary, and writes it where it ships."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import time
from pathlib import Path

import pytest
from rich.console import Console

from chalicelib.rules.handling import SummaryChoices
from chalicelib.rules.loading import load
from chalicelib.rules.user_rules import read
from provisioning.summary_hour import FILE, ask_for_summary


class Answers:
    """Who answers in turn; what was asked and said."""

    def __init__(self, *answers: str) -> None:
        self._answers: Iterator[str] = iter(answers)
        self.asked = 0
        self.printed = io.StringIO()

    def __call__(self, question: str) -> str:
        self.asked += 1
        return next(self._answers)

    def in_folder(self, folder: Path) -> SummaryChoices | None:
        ask_for_summary(self, Console(file=self.printed, width=400), folder)
        files = [read(path) for path in folder.glob("*.toml")]
        return load((), files).summary


@pytest.mark.parametrize(
    ("answer", "zone"), [("09:30 Europe/Berlin", "Europe/Berlin"), ("09:30", "UTC")]
)
def test_the_answer_is_a_rule_file_of_its_own(tmp_path: Path, answer: str, zone: str) -> None:
    answers = Answers(answer)
    assert answers.in_folder(tmp_path) == SummaryChoices(at=time(9, 30), zone=zone)
    assert FILE in answers.printed.getvalue()


def test_no_answer_is_no_summary(tmp_path: Path) -> None:
    assert Answers("").in_folder(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_what_is_wrong_is_said_and_asked_again(tmp_path: Path) -> None:
    answers = Answers("9 o'clock", "09:00 Berlin", "09:00 Europe/Berlin")
    assert answers.in_folder(tmp_path) is not None
    assert "no hour of the day" in answers.printed.getvalue()
    assert "no time zone is called 'Berlin'" in answers.printed.getvalue()


def test_it_does_not_ask_for_ever(tmp_path: Path) -> None:
    answers = Answers(*"abcdef")
    assert answers.in_folder(tmp_path) is None
    assert answers.asked == 3


def test_where_a_rule_file_says_it_nothing_is_asked(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('[summary]\nat = "10:00"')
    answers = Answers("09:00")
    assert answers.in_folder(tmp_path) == SummaryChoices(at=time(10))
    assert answers.asked == 0


def test_where_a_rule_file_cannot_be_read_nothing_is_asked(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_bytes(b"\xff")
    answers = Answers("09:00")
    ask_for_summary(answers, Console(file=answers.printed), tmp_path)
    assert answers.asked == 0
