"""What must never be stored or shown."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.cloudtrail.redaction import (
    LONGEST_PLAIN,
    MAX_BYTES,
    PLAIN_CHARACTERS,
    redact,
    redact_text,
)
from chalicelib.cloudtrail.secret_shapes import TOKENS, hide_secrets
from tests.canaries import planted
from tests.events import cloudtrail

CANARIES = list(planted(cloudtrail()))
KEY_ID = "AKIA" + "IOSFODNN7" + "EXAMPLE"


@pytest.mark.parametrize("canary", CANARIES, ids=lambda canary: canary.place)
def test_no_secret_stays_in_a_record(canary: Any) -> None:
    assert canary.needle in json.dumps(canary.record)
    assert canary.needle not in json.dumps(redact(canary.record))


def test_access_key_ids_keep_their_last_four() -> None:
    assert redact_text(f"by {KEY_ID}.") == "by AKIA…MPLE."
    assert redact({"credentials": {"accessKeyId": KEY_ID}}) == {
        "credentials": {"accessKeyId": "AKIA…MPLE"}
    }


@pytest.mark.parametrize(
    "text",
    [
        "User: arn:aws:iam::111122223333:user/a is not authorized to perform: "
        "secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:eu-west-1:"
        "111122223333:secret:prod/db-AbCdEf because no identity-based policy allows it",
        '{"Action": "sts:GetSessionToken", "Resource": "*"}',
        "token.actions.githubusercontent.com:sub",
        "aws-cli/2.31.3 md/command#secretsmanager.get-secret-value",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX",
        "11111111-2222-4333-8444-555555555555",
        "/aws/lambda/ProdOrdersApi2Handler1234567",
        "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "my-long-bucket-name-made-by-Terraform-for-Production-2024-eu-west-1-access-logs-archive-01-a",
        "http://192.0.2.1:8080/path/a@b",
        "https://sqs.eu-west-1.amazonaws.com/111122223333/orders",
        '{"Condition":{"StringEquals":{"token.actions.githubusercontent.com:sub":"repo:o/r"}}}',
    ],
)
def test_what_only_sounds_like_a_secret_stays(text: str) -> None:
    assert redact_text(text) == text


def test_what_names_a_secret_stays() -> None:
    request = {"secretId": "prod/db", "httpTokens": "optional", "minimumPasswordLength": 8}
    assert redact({"requestParameters": request}) == {"requestParameters": request}
    assert redact({"sessionCredentialFromConsole": "true"}) == {
        "sessionCredentialFromConsole": "true"
    }


def test_what_describes_a_secret_stays() -> None:
    request = {
        "secretVersionId": "v1",
        "tokenIssuer": "example.com",
        "maxPasswordAge": 90,
        "passRoleArn": "x",
        "bypass": "y",
        "token.actions.githubusercontent.com:sub": "repo:o/r",
    }
    assert redact({"requestParameters": request}) == {"requestParameters": request}


@pytest.mark.parametrize(
    "part", ["://a:", "curl -u", "password", '"name":"password",', "\\", "eyJ"]
)
def test_no_text_takes_long_to_look_through(part: str) -> None:
    text = part * (16_384 // len(part))
    began = time.process_time()
    redact_text(text)
    assert time.process_time() - began < 1


def test_of_an_environment_variable_the_name_may_be_read() -> None:
    record = {"environment": [{"name": "STAGE", "value": "prod-value"}]}
    assert redact(record) == {"environment": [{"name": "STAGE", "value": "[redacted]"}]}


def test_a_value_of_put_parameter_is_a_secret() -> None:
    record = cloudtrail("PutParameter", requestParameters={"name": "x", "value": "swordfish"})
    assert redact(record)["requestParameters"] == {"name": "x", "value": "[redacted]"}


def test_long_texts_are_cut_and_say_so() -> None:
    cut = redact({"policy": "x" * 67_000})["policy"]
    assert len(cut) < 9000
    assert cut.endswith("… (67,000 characters, cut)")


@pytest.mark.parametrize(
    "huge",
    [
        {f"key{n}": "ü" * 900 for n in range(500)},
        {"list": [{"a": ["😀" * 500] * 20}] * 30},
        {"a": ["x" * 9000] * 100},
    ],
)
def test_a_record_of_any_size_stays_within_its_bounds(huge: dict[str, Any]) -> None:
    assert len(json.dumps(redact(huge))) <= MAX_BYTES


def test_no_half_of_a_secret_is_left_where_a_text_is_cut() -> None:
    secret = "wJ4" + "rXu1tnFEMI/K7MDENG" + "+bPxRfiCY" + "7KEY12cAnA"
    for start in (8150, 8185, 16360, 16370, 16380):
        text = redact({"a": "." * start + secret + "." * 9000})["a"]
        assert not any(secret[n : n + 16] in text for n in range(24))


def test_no_half_of_a_secret_is_left_where_what_is_hidden_shortens_a_text() -> None:
    secret = "AK" + "IA" + "B" * 16
    shortened = f"password={'s' * 3000} " * 5
    text = redact({"a": f"{shortened:.<16374}{secret}{'.' * 9000}"})["a"]
    assert len(text) < 8000
    assert secret[:8] not in text


def test_nesting_without_end_is_cut() -> None:
    deep: Any = "end"
    for _ in range(900):
        deep = [{"a": deep}]
    assert "nested deeper, cut" in json.dumps(redact({"deep": deep}))


def test_texts_that_stores_refuse_are_mended() -> None:
    assert redact({"a": "x\ud800y\x00z\tw"}) == {"a": "x\ufffdyz\tw"}
    assert redact({"a": 2**70, "b": float("nan"), "c": 10**5000, "d": 1.5}) == {
        "a": str(2**70),
        "b": "nan",
        "c": "… (a number, cut)",
        "d": 1.5,
    }


BEFORE_A_TOKEN = ("", " ", "_", "/", "=", "x-", "é", "%2F", "\\n", "AKIA ", "arn:aws:")


@settings(max_examples=400, derandomize=True, deadline=None)
@given(st.sampled_from(BEFORE_A_TOKEN), st.from_regex(TOKENS, fullmatch=True))
def test_a_token_of_any_kind_is_hidden_wherever_it_begins(before: str, token: str) -> None:
    assert token not in hide_secrets(f"{before}{token}")


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.text(PLAIN_CHARACTERS, max_size=LONGEST_PLAIN))
def test_what_is_passed_without_a_look_has_nothing_to_hide(text: str) -> None:
    assert hide_secrets(text) == text == redact_text(text)


@pytest.mark.parametrize(
    ("begin", "again", "end"),
    [
        ("", "a", "\n"),
        (" --", "token", ""),
        ("", "a_", " .atlasv1."),
        ("token", " ", ""),
        ("", "://a:", "@"),
        ("", '"name": "token', "value"),
        ("", "%25", ""),
        ("", "curl ", ""),
        ("", "token\\", ""),
    ],
)
def test_a_long_text_costs_in_proportion_to_its_length(begin: str, again: str, end: str) -> None:
    short, long = (f"{begin}{again * (size // len(again))}{end}" for size in (4_000, 16_000))
    assert _seconds(long) < 9 * _seconds(short) + 0.01  # four times the text; squared, sixteen


def _seconds(text: str) -> float:
    """The least processor time of three."""
    taken = []
    for _ in range(3):
        began = time.process_time()
        hide_secrets(text)
        taken.append(time.process_time() - began)
    return min(taken)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner),
    max_leaves=15,
)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.dictionaries(st.text(max_size=20), JSON, max_size=5))
def test_whatever_a_record_holds_comes_out_as_json_in_utf_8(raw: dict[str, Any]) -> None:
    text = json.dumps(redact(raw), ensure_ascii=False, allow_nan=False)
    assert text.encode()
    assert redact(json.loads(text)) == json.loads(text)
