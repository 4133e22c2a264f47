"""Secrets: read lazily, kept for minutes, and kept longer while SSM is away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from moto import mock_aws

from chalicelib.parameters import (
    Parameters,
    SecretError,
    SecretUnreachableError,
    read_parameter,
    read_parameters,
    secret,
    secret_anew,
)

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
PATH = "/trailbell-dev/api-token"


class Ssm:
    """Reads one parameter; says how often it was asked."""

    def __init__(self, value: str | None = "first") -> None:
        self.value = value
        self.error: SecretError | None = None
        self.asked = 0

    def read(self, name: str) -> str | None:
        assert name == PATH
        self.asked += 1
        if self.error:
            raise self.error
        return self.value


class Refusing:
    """An SSM client whose every call fails alike."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def get_parameter(self, **_: Any) -> None:
        raise self.error


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "GetParameter")


def test_a_plain_value_is_its_own_secret() -> None:
    assert secret("xyz", NOON) == "xyz"


def test_an_unset_setting_has_no_secret() -> None:
    assert secret(None, NOON) is None


def test_a_parameter_is_read_once_in_four_minutes() -> None:
    ssm = Ssm()
    parameters = Parameters(ssm.read)
    values = [parameters.value(PATH, NOON + timedelta(seconds=s)) for s in (0, 1, 239)]
    assert values == ["first"] * 3
    assert ssm.asked == 1


def test_a_rotated_secret_works_within_five_minutes() -> None:
    ssm = Ssm()
    parameters = Parameters(ssm.read)
    parameters.value(PATH, NOON)
    ssm.value = "second"
    assert parameters.value(PATH, NOON + timedelta(minutes=5)) == "second"


def test_a_removed_parameter_is_no_secret_any_more() -> None:
    ssm = Ssm()
    parameters = Parameters(ssm.read)
    parameters.value(PATH, NOON)
    ssm.value = None
    assert parameters.value(PATH, NOON + timedelta(minutes=5)) is None


def test_the_last_value_serves_while_ssm_is_away_and_is_asked_for_every_20_seconds() -> None:
    ssm = Ssm()
    parameters = Parameters(ssm.read)
    parameters.value(PATH, NOON)
    ssm.error = SecretUnreachableError("away")
    for second in range(300, 340):
        assert parameters.value(PATH, NOON + timedelta(seconds=second)) == "first"
    assert ssm.asked == 3


def test_the_last_value_serves_no_longer_than_an_hour() -> None:
    ssm = Ssm()
    parameters = Parameters(ssm.read)
    parameters.value(PATH, NOON)
    ssm.error = SecretUnreachableError("away")
    with pytest.raises(SecretUnreachableError):
        parameters.value(PATH, NOON + timedelta(minutes=61))


def test_a_refusal_is_not_covered_by_the_last_value() -> None:
    ssm = Ssm()
    parameters = Parameters(ssm.read)
    parameters.value(PATH, NOON)
    ssm.error = SecretError("denied")
    with pytest.raises(SecretError, match="denied"):
        parameters.value(PATH, NOON + timedelta(minutes=5))


@pytest.fixture
def parameter(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(variable, "testing")

    def put(value: str) -> Any:
        client = boto3.client("ssm", region_name="eu-west-1")
        client.put_parameter(Name=PATH, Value=value, Type="SecureString")
        return client

    return put


@mock_aws
def test_a_secure_string_is_decrypted_and_its_newline_dropped(
    parameter: Callable[[str], Any],
) -> None:
    assert read_parameter(parameter("s3cret\n"), PATH) == "s3cret"


@mock_aws
def test_a_parameter_that_does_not_exist_is_none(parameter: Callable[[str], Any]) -> None:
    assert read_parameter(parameter("s3cret"), "/elsewhere") is None


def test_a_denied_read_names_the_parameter_and_the_code() -> None:
    client = Refusing(refusal("AccessDeniedException"))
    with pytest.raises(SecretError, match="api-token cannot be read: AccessDenied") as caught:
        read_parameter(client, PATH)
    assert not isinstance(caught.value, SecretUnreachableError)


@pytest.mark.parametrize(
    "error",
    [refusal("ThrottlingException"), EndpointConnectionError(endpoint_url="https://ssm")],
)
def test_a_passing_failure_is_told_apart(error: Exception) -> None:
    with pytest.raises(SecretUnreachableError):
        read_parameter(Refusing(error), PATH)


def test_what_was_refused_is_read_again_at_once_and_serves_from_then_on() -> None:
    ssm = Ssm()
    parameters = Parameters(ssm.read)
    parameters.value(PATH, NOON)
    ssm.value = "second"
    assert parameters.value(PATH, NOON) == "first"
    assert parameters.anew(PATH, NOON) == "second"
    assert (parameters.value(PATH, NOON), ssm.asked) == ("second", 2)


def test_it_is_read_again_once_a_minute_at_most_whatever_the_clock_says() -> None:
    ssm, seconds = Ssm(), [0.0]
    parameters = Parameters(ssm.read, monotonic=lambda: seconds[0])
    for second in range(0, 180, 10):
        seconds[0] = float(second)
        assert parameters.anew(PATH, NOON + timedelta(seconds=second)) == "first"
    assert ssm.asked == 3


def test_a_reading_that_fails_counts_and_leaves_what_is_known() -> None:
    ssm = Ssm()
    parameters = Parameters(ssm.read)
    parameters.value(PATH, NOON)
    ssm.error = SecretError("denied")
    with pytest.raises(SecretError, match="denied"):
        parameters.anew(PATH, NOON)
    assert (parameters.anew(PATH, NOON), ssm.asked) == ("first", 2)


def test_a_clock_that_is_put_back_keeps_no_secret_for_longer() -> None:
    ssm = Ssm()
    parameters = Parameters(ssm.read)
    parameters.value(PATH, NOON)
    ssm.value = "second"
    assert parameters.value(PATH, NOON - timedelta(hours=6)) == "second"


def test_a_plain_value_that_was_refused_is_the_same_again() -> None:
    assert (secret_anew("xyz", NOON), secret_anew(None, NOON)) == ("xyz", None)


class Both(Ssm):
    """Reads several in one call, too."""

    def __init__(self) -> None:
        super().__init__()
        self.asked_for: list[list[str]] = []

    def read(self, name: str) -> str | None:
        self.asked += 1
        return f"one {name}"

    def read_all(self, names: list[str]) -> dict[str, str]:
        self.asked_for.append(names)
        if self.error:
            raise self.error
        return {name: f"all {name}" for name in names if name != "/gone"}


def test_several_are_read_in_one_call_and_what_does_not_exist_is_known_not_to() -> None:
    ssm = Both()
    parameters = Parameters(ssm.read, read_all=ssm.read_all)
    parameters.ahead(["/a", "/b", "/gone", "/a"], NOON)
    found = [parameters.value(name, NOON) for name in ("/a", "/b", "/gone")]
    assert found == ["all /a", "all /b", None]
    assert (ssm.asked_for, ssm.asked) == ([["/a", "/b", "/gone"]], 0)


def test_what_is_fresh_is_not_read_ahead_and_of_one_nothing_is_gained() -> None:
    ssm = Both()
    parameters = Parameters(ssm.read, read_all=ssm.read_all)
    parameters.ahead(["/a", "/b"], NOON)
    parameters.ahead(["/a", "/b", "/c"], NOON)
    parameters.ahead(["/a", "/b"], NOON + timedelta(minutes=5))
    assert ssm.asked_for == [["/a", "/b"]] * 2


def test_where_several_cannot_be_read_each_is_read_by_itself() -> None:
    ssm = Both()
    ssm.error = SecretError("denied")
    parameters = Parameters(ssm.read, read_all=ssm.read_all)
    parameters.ahead(["/a", "/b"], NOON)
    assert parameters.value("/a", NOON) == "one /a"


@mock_aws
def test_several_secure_strings_are_decrypted(parameter: Callable[[str], Any]) -> None:
    client = parameter("s3cret\n")
    assert read_parameters(client, [PATH, "/elsewhere"]) == {PATH: "s3cret"}


def test_several_that_are_denied_name_no_value() -> None:
    class Denying:
        def get_parameters(self, **_: Any) -> None:
            raise refusal("AccessDeniedException")

    with pytest.raises(SecretError, match="2 SSM parameters cannot be read"):
        read_parameters(Denying(), [PATH, "/elsewhere"])
