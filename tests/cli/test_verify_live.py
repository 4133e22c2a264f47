"""Live proof: what is asked of TestMetricFilter, and what is told where it differs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, NoRegionError
from click.testing import CliRunner

from chalicelib.rules.filter_pattern import FilterPatternError, compile_pattern
from cli.conformance import Case, load_conformance
from cli.rules import rules
from cli.verify_live import run, verify_live


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "so it is"}}, "TestMetricFilter")


class FakeLogs:
    """TestMetricFilter with our own language in the service's place, and its limits."""

    def __init__(self, planted: dict[tuple[str, str], bool] | None = None) -> None:
        self.planted = planted or {}
        self.calls = 0

    def test_metric_filter(
        self,
        *,
        filterPattern: str,  # noqa: N803 - AWS's names
        logEventMessages: list[str],  # noqa: N803
    ) -> dict[str, Any]:
        assert 1 <= len(logEventMessages) <= 50
        assert all(logEventMessages)
        self.calls += 1
        try:
            pattern = compile_pattern(filterPattern)
        except FilterPatternError as error:
            raise refusal("InvalidParameterException") from error
        return {
            "matches": [
                {"eventNumber": number, "eventMessage": message, "extractedValues": {}}
                for number, message in enumerate(logEventMessages, 1)
                if self.planted.get((filterPattern, message), pattern.matches(message))
            ]
        }


class RefusingLogs:
    def test_metric_filter(self, **_: object) -> dict[str, Any]:
        raise refusal("AccessDeniedException")


def case(pattern: str, event: str, expected: bool | None) -> Case:
    return Case(rule="6", pattern=pattern, event=event, expected=expected)


def test_a_service_that_agrees_gives_no_difference(capsys: pytest.CaptureFixture[str]) -> None:
    cases = load_conformance()
    assert verify_live(FakeLogs(), cases) == []
    asked = sum(1 for one in cases if one.expected is None or one.event)
    assert capsys.readouterr().out == f"{asked} cases asked, 0 differ\n"


def test_one_planted_difference_is_the_one_that_is_printed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    planted = {("{ $.a = 1 }", '{"a":null}'): True}
    (difference,) = verify_live(FakeLogs(planted), load_conformance())
    assert (difference.case.event, difference.live) == ('{"a":null}', True)
    assert "rule 6: '{ $.a = 1 }' on {\"a\":null}: here no match, live a match" in (
        capsys.readouterr().out
    )


def test_events_go_in_batches_of_50_and_count_from_1() -> None:
    cases = [case("{ $.a = 7 }", f'{{"a":{n}}}', n == 7) for n in range(120)]
    logs = FakeLogs({("{ $.a = 7 }", '{"a":119}'): True})
    (difference,) = verify_live(logs, cases)
    assert difference.case is cases[119]
    assert logs.calls == 3


def test_a_pattern_that_the_service_takes_and_we_refuse_is_a_difference() -> None:
    (difference,) = verify_live(FakeLogs(), [case("{ $.a = 1 }", "", None)])
    assert difference.live is False


def test_a_pattern_that_the_service_refuses_and_we_take_is_a_difference() -> None:
    (difference,) = verify_live(FakeLogs(), [case("{ $.a == 1 }", '{"a":1}', True)])
    assert difference.live is None
    assert "live refused" in str(difference)


def test_differences_exit_1_and_agreement_0() -> None:
    cases = [case("{ $.a = 1 }", '{"a":1}', True)]
    assert run(FakeLogs, cases) == 0
    assert run(lambda: FakeLogs({("{ $.a = 1 }", '{"a":1}'): False}), cases) == 1


def test_a_service_that_cannot_be_asked_exits_2_with_one_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def nowhere() -> None:
        raise NoRegionError

    cases = [case("{ $.a = 1 }", '{"a":1}', True)]
    assert run(nowhere, cases) == 2
    assert run(RefusingLogs, cases) == 2
    nothing, denied = capsys.readouterr().err.splitlines()
    assert "set AWS_DEFAULT_REGION" in nothing  # boto3 does not read AWS_REGION
    assert "AccessDeniedException" in denied


@pytest.mark.usefixtures("fresh_clients")
def test_rules_verify_live_without_credentials_is_one_clear_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    result = CliRunner().invoke(rules, ["--verify-live"])
    assert result.exit_code == 2
    assert result.output.startswith("trailbell: the service cannot be asked: Unable to locate cred")
