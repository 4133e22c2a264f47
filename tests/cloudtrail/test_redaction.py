"""What must never be stored or shown."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.cloudtrail.redacted_texts import redact_text
from chalicelib.cloudtrail.redaction import (
    MAX_BYTES,
    redact,
)
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
