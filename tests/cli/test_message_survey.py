"""What messages weigh."""

from __future__ import annotations

import json

import pytest

from cli.message_survey import main


def test_messages_are_light_and_within_slacks_limits(capsys: pytest.CaptureFixture[str]) -> None:
    main([])
    figures = json.loads(capsys.readouterr().out)
    assert figures["messages"] > 500
    assert figures["violations"] == 0
    assert figures["median_bytes_without_buttons"] <= 1700
    assert figures["median_bytes_with_buttons"] <= 2400
