"""What AWS's own models call sensitive: each member is in the table, or left out knowingly."""

from __future__ import annotations

import json

import botocore
import pytest

from chalicelib.cloudtrail.redaction import redact
from chalicelib.cloudtrail.secret_keys import bare_key, names_a_secret, names_a_text
from chalicelib.cloudtrail.secret_members import always_secret, secret_members
from tests.cloudtrail.sensitive_members import (
    TABLE,
    judged,
    judgements,
    sensitive_members,
    written,
)
from tests.events import cloudtrail

HELD = "swordfish-" + "and-more"
# Newer models than the list was read from may bring members that nobody has judged yet.
MOST_UNJUDGED = 150


def test_every_sensitive_member_of_the_installed_models_is_judged() -> None:
    unjudged = {member for member in sensitive_members() if not judged(member)}
    same = judgements().read_from == botocore.__version__
    assert len(sensitive_members()) > 6000
    assert len(unjudged) <= (0 if same else MOST_UNJUDGED), sorted(unjudged)[:20]


def test_the_table_that_ships_is_what_the_list_and_the_models_make() -> None:
    if judgements().read_from == botocore.__version__:
        assert TABLE.read_text() == written()
    assert len(always_secret()) > 50


def test_what_was_left_out_is_no_credential_by_its_name() -> None:
    wrong = [name for name in judgements().left_out if names_a_secret(name)]
    assert wrong == []
    assert {"name", "description", "tags", "username", "email"} <= judgements().left_out.keys()


@pytest.mark.parametrize(
    "key", ["activationCode", "HostKeyBody", "primaryAccountNumber", "mac_key"]
)
def test_a_credential_wherever_it_stands_is_hidden(key: str) -> None:
    record = cloudtrail(requestParameters={"deep": [{key: HELD}]})
    assert HELD not in json.dumps(redact(record))


@pytest.mark.parametrize(
    ("source", "operation", "key"),
    [
        ("firehose", "CreateDeliveryStream", "accessKey"),
        ("cognito-idp", "RespondToAuthChallenge", "session"),
        ("cognito-idp", "VerifySoftwareToken", "userCode"),
        ("grafana", "CreateWorkspaceApiKey", "key"),
        ("cloudfront", "CreateDistribution2020_05_31", "headerValue"),
        ("events", "CreateConnection", "value"),
        ("ivs", "CreateStreamKey", "value"),
        ("ssm", "PutParameter", "value"),
        ("cloudformation", "UpdateStack", "parameterValue"),
        ("wickr", "CreateBot", "challenge"),
        ("geo", "CreateKey", "Key"),
    ],
)
def test_a_common_name_is_hidden_in_the_operations_where_it_is_one(
    source: str, operation: str, key: str
) -> None:
    record = cloudtrail(operation, source=source, requestParameters={"deep": [{key: HELD}]})
    elsewhere = cloudtrail("DescribeThings", source=source, requestParameters={key: HELD})
    assert HELD not in json.dumps(redact(record))
    assert bare_key(key) in secret_members(f"{source}.amazonaws.com", operation)
    assert redact(elsewhere)["requestParameters"] == {key: HELD} or names_a_text(bare_key(key))


def test_what_people_need_stays_though_a_model_calls_it_sensitive() -> None:
    needed = {
        "name": "orders", "description": "Orders of the day", "userName": "alice",
        "displayName": "Alice", "email": "alice@example.com", "clientId": "3n4b5urk1ft4",
        "tags": [{"key": "team", "value": "shop"}], "tagKeys": ["team"],
        "endpointUrl": "https://example.com/in", "content": "a text", "title": "A title",
    }  # fmt: skip
    assert redact(cloudtrail(requestParameters=needed))["requestParameters"] == needed
