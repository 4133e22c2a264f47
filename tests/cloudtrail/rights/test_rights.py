"""What rights a policy gives, wherever and however it is written."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.cloudtrail import vocabulary
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.rights import NAMED, WRITTEN, gives_of
from tests.cloudtrail.rights.samples import ATTACHED, FORMS, POLICIES, allow, policy
from tests.slack.records import call


def gives(operation: str, request: Any, **fields: Any) -> tuple[str, ...]:
    return gives_of(Record(call(operation, request, **fields)))


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_policy_gives_what_it_allows_however_it_is_wrapped(
    name: str, form: Callable[[Any], Any]
) -> None:
    written, expected = POLICIES[name]
    document = form(written) if isinstance(written, dict) else written
    assert gives("iam:PutRolePolicy", {"roleName": "a", "policyDocument": document}) == expected


@pytest.mark.parametrize("operation", WRITTEN)
def test_every_call_that_writes_a_policy_is_read_alike_whatever_came_of_it(operation: str) -> None:
    request = {WRITTEN[operation]: json.dumps(policy(allow("iam:PassRole")))}
    assert gives(operation, request) == ("pass-role",)
    assert gives(operation, request, errorCode="AccessDenied") == ("pass-role",)
    assert gives(operation, None) == ("unknown",)


@pytest.mark.parametrize("arn", ATTACHED)
@pytest.mark.parametrize("operation", NAMED)
def test_an_attached_policy_gives_what_its_name_is_known_for(operation: str, arn: str) -> None:
    key = NAMED[operation]
    expected = ATTACHED[arn] if key else ("unknown",)
    assert gives(operation, {key or "policyArn": arn}) == expected


@pytest.mark.parametrize("operation", ["iam:DetachRolePolicy", "s3:PutBucketPolicy", "iam:GetRole"])
def test_what_neither_writes_nor_attaches_a_policy_of_iam_gives_nothing(operation: str) -> None:
    document = json.dumps(policy(allow("*")))
    assert gives(operation, {"policyDocument": document, "policyArn": next(iter(ATTACHED))}) == ()


def test_every_word_is_documented_and_every_documented_one_is_said() -> None:
    said = {word for _, words in POLICIES.values() for word in words}
    assert said == vocabulary.given().keys()
    assert {word for words in ATTACHED.values() for word in words} < said


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(alphabet="*?iam:s3[]Pu", max_size=12), st.text(alphabet="*?ar:n/iam$1{", max_size=9))
def test_any_action_and_resource_give_documented_words(action: str, resource: str) -> None:
    found = gives("iam:PutRolePolicy", {"policyDocument": policy(allow(action, resource))})
    assert found
    assert set(found) <= vocabulary.given().keys()


def test_a_forged_policy_full_of_wildcards_is_read_in_time() -> None:
    actions = [f"i{'*a' * 20}{number}*" for number in range(1_500)]
    resources = [f"arn:aws:s{number}:::*" for number in range(49)]
    before = time.perf_counter()
    gives("iam:PutRolePolicy", {"policyDocument": policy(allow(actions, resources))})
    assert time.perf_counter() - before < 10
