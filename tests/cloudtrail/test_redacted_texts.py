"""Secrets inside a text: each kind is hidden, what only sounds like one stays, none costs long."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.cloudtrail.redacted_texts import HARMLESS_CHARACTERS, LONGEST_HARMLESS, redact_text
from chalicelib.cloudtrail.secret_shapes import hide_secrets
from chalicelib.cloudtrail.secret_tokens import INNER, token_shapes

BEFORE_A_TOKEN = ("", " ", "_", "/", "=", "x-", "é", "%2F", "\\n", "AKIA ", "arn:aws:")


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


@pytest.mark.parametrize(
    "part", ["://a:", "curl -u", "password", '"name":"password",', "\\", "eyJ"]
)
def test_no_text_takes_long_to_look_through(part: str) -> None:
    text = part * (16_384 // len(part))
    began = time.process_time()
    redact_text(text)
    assert time.process_time() - began < 1


@settings(max_examples=400, derandomize=True, deadline=None)
@given(
    st.sampled_from(BEFORE_A_TOKEN),
    st.one_of(
        st.from_regex(token_shapes(), fullmatch=True),
        *(st.from_regex(line.split()[-1], fullmatch=True) for line in INNER.split("\n") if line),
    ),
)
def test_a_token_of_any_kind_is_hidden_wherever_it_begins(before: str, token: str) -> None:
    assert token not in hide_secrets(f"{before}{token}")


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.text(HARMLESS_CHARACTERS, max_size=LONGEST_HARMLESS))
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
        ("", "token:", ""),
        ("", "password,", ""),
        ("password=", "value=", ""),
        ("", "jdbc:oracle:thin:a/", ""),
        ("token ", "password ", ""),
        ("", "-----BEGIN PRIVATE KEY", ""),
        ("", "value 'a' at ", ""),
        ("", "&quot;", ""),
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
