"""Whom to ask: an e-mail address is believed where the caller could not choose it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.alerts.asking import whom
from tests.events import (
    ACCOUNT,
    assumed_role,
    aws_service,
    cloudtrail,
    federated_user,
    iam_user,
    identity_center_user,
    role_with_source_identity,
    root,
    web_identity_role,
)
from tests.stores.factories import alert

PEOPLE = {
    "alice": "alice@example.com",
    "anna": "U0ANNA",
    f"arn:aws:iam::{ACCOUNT}:user/bob": "U0BOB",
    f"arn:aws:iam::{ACCOUNT}:root": "root@example.com",
    f"arn:aws:iam::{ACCOUNT}:role/carols": "carol@example.com",
}


def sso(session: str, region: str = "eu-west-1/", partition: str = "aws") -> dict[str, Any]:
    role = "AWSReservedSSO_Admin_0123456789abcdef"
    identity = assumed_role(role, session)
    identity["sessionContext"]["sessionIssuer"]["arn"] = (
        f"arn:{partition}:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/{region}{role}"
    )
    return identity


def asked(identity: Any, people: dict[str, str] | None = None) -> str:
    record = cloudtrail("StopLogging", userIdentity=identity)
    return whom(alert(record=record), PEOPLE if people is None else people)


@pytest.mark.parametrize("region", ["", "eu-west-1/"])
@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_a_session_of_identity_center_is_named_after_its_user(region: str, partition: str) -> None:
    assert asked(sso("dave@example.com", region, partition), {}) == "dave@example.com"


def test_a_user_of_identity_center_may_have_a_name_that_is_mapped() -> None:
    assert asked(sso("anna")) == "U0ANNA"
    assert asked(sso("nobody")) == ""


def test_a_role_that_only_looks_like_one_of_identity_center_asks_nobody() -> None:
    assert asked(assumed_role("AWSReservedSSO_Admin_0123456789abcdef", "dave@example.com")) == ""


@pytest.mark.parametrize("session", ["dave@example.com", "anna", "alice", "bob"])
def test_any_other_session_is_named_by_whoever_opens_it(session: str) -> None:
    assert asked(assumed_role("ops", session)) == ""


@pytest.mark.parametrize(
    ("identity", "who"),
    [
        (iam_user("alice"), "alice@example.com"),
        (iam_user("bob"), "U0BOB"),
        (iam_user("zoe"), ""),
        (root(), "root@example.com"),
        (assumed_role("carols", "anything"), "carol@example.com"),
        (role_with_source_identity("alice", "ops"), ""),
        (web_identity_role("example.com", "alice"), ""),
        (federated_user("alice"), ""),
        (identity_center_user(), ""),
        (aws_service(), ""),
    ],
)
def test_whom_the_map_names_by_a_name_or_an_arn_is_asked(identity: Any, who: str) -> None:
    assert asked(identity) == who


def test_a_role_under_a_path_is_named_with_it_or_without() -> None:
    identity = assumed_role("carols", "s")
    identity["sessionContext"]["sessionIssuer"]["arn"] = (
        f"arn:aws:iam::{ACCOUNT}:role/people/eu/carols"
    )
    assert asked(identity) == "carol@example.com"
    with_path = {f"arn:aws:iam::{ACCOUNT}:role/people/eu/carols": "U0CAROL"}
    assert asked(identity, with_path) == "U0CAROL"


@given(
    st.recursive(
        st.none() | st.text(max_size=30) | st.integers(),
        lambda each: st.dictionaries(
            st.sampled_from(
                ["type", "arn", "sessionContext", "sessionIssuer", "userName", "principalId"]
            ),
            each,
        ),
    )
)
def test_whatever_the_identity_is_nobody_is_asked_who_is_not_named(identity: Any) -> None:
    assert asked(identity, {}) == ""
