"""Messages as they were last read and found good. To change them: tests/slack/golden.py."""

from __future__ import annotations

import json

import pytest

from chalicelib.slack.limits import TOTAL, size, violations
from tests.slack.golden import FOLDER, GOLDEN, messages
from tests.slack.records import THEMES


@pytest.mark.parametrize("theme", GOLDEN)
def test_messages_are_what_they_were_found_good(theme: str) -> None:
    kept = json.loads((FOLDER / f"{theme}.json").read_text(encoding="utf-8"))
    made = messages(theme)
    assert list(made) == list(kept)
    for name, message in made.items():
        assert message == kept[name], name


@pytest.mark.parametrize("theme", GOLDEN)
def test_messages_keep_slacks_limits(theme: str) -> None:
    for name, message in messages(theme).items():
        assert violations(message) == [], name
        assert size(message) <= TOTAL


def test_there_are_golden_messages_for_sixty_records_and_more() -> None:
    assert sum(map(len, THEMES.values())) >= 60
