"""What came of a call, wherever the service says it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.cloudtrail.facts import FIELDS, Facts
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.verdict import outcome_of, outcome_of_code
from tests.events import cloudtrail
from tests.soak import examples


def outcome(**changes: Any) -> str:
    return outcome_of(Record(cloudtrail(**changes))).outcome.value


def reason(**changes: Any) -> str:
    return outcome_of(Record(cloudtrail(**changes))).reason


def test_no_error_code_and_nothing_that_says_otherwise_is_succeeded() -> None:
    assert outcome() == "succeeded"
    assert outcome(errorCode=None, errorMessage=None, responseElements=None) == "succeeded"
    assert outcome(errorCode="", errorMessage="-") == "succeeded"


@pytest.mark.parametrize(
    "code",
    ["AccessDenied", "AccessDeniedException", "Client.UnauthorizedOperation", "Access Denied",
     "UnauthorizedException", "NotAuthorizedException", "AuthorizationErrorException",
     "VpceAccessDenied", "KMSAccessDeniedException", "KMS.AccessDeniedException", "Forbidden",
     "ForbiddenException", "403", "403 Forbidden", "401", "ExplicitDeny", "PermissionDenied",
     "Client.AuthFailure", "AllAccessDisabled", "InsufficientPermissionsException",
     "access-denied", "ACCESS_DENIED", "UnauthorizedAccess", "NotAuthorized",
     "AuthorizationFailed", "AuthorizationFailureException"],
)  # fmt: skip
def test_every_spelling_of_a_wanting_permission_is_refused(code: str) -> None:
    assert outcome(errorCode=code) == "refused"


def test_a_general_code_is_refused_where_the_message_says_so() -> None:
    told = "User: arn:aws:iam::111122223333:user/anna is not authorized to perform: iam:PassRole"
    assert outcome(errorCode="InvalidParameterValueException", errorMessage=told) == "refused"
    assert outcome(errorCode="ValidationException", errorMessage="Name is too long") == "failed"
    assert outcome(errorMessage="x with an explicit deny in a service control policy") == "refused"


@pytest.mark.parametrize("code", ["200", "204", "302", "200 OK", "HTTP 201", "Success", "OK"])
def test_a_code_that_tells_of_success_is_no_error(code: str) -> None:
    assert outcome(errorCode=code) == "succeeded"


@pytest.mark.parametrize(
    "code",
    ["NoSuchBucket", "Client.InvalidParameterValue", "404", "500", "OperationNotPermitted",
     "ThrottlingException", "UnknownError"],
)  # fmt: skip
def test_every_other_code_is_failed(code: str) -> None:
    assert outcome(errorCode=code) == "failed"
    assert reason(errorCode=code) == code.removeprefix("Client.")


def test_a_dry_run_did_nothing() -> None:
    assert outcome(errorCode="Client.DryRunOperation", errorMessage="would have") == "dry_run"
    assert outcome(errorCode="DryRunOperationException") == "dry_run"
    assert outcome(requestParameters={"invocationType": "DryRun"}) == "dry_run"
    assert outcome(requestParameters={"dryRun": "true"}) == "dry_run"
    assert outcome(requestParameters={"dryRun": False}) == "succeeded"
    assert outcome(requestParameters={"dryRun": True}, errorCode="AccessDenied") == "refused"


@pytest.mark.parametrize("name", ["ConsoleLogin", "SwitchRole", "CheckMfa"])
def test_a_sign_in_says_it_in_its_response(name: str) -> None:
    signing_in = {"eventName": name, "eventType": "AwsConsoleSignIn"}
    assert outcome(**signing_in, responseElements={name: "Success"}) == "succeeded"
    assert outcome(**signing_in, responseElements={name: "Failure"}) == "failed"
    failed = {**signing_in, "responseElements": {name: "Failure"}, "errorMessage": "No username"}
    assert reason(**failed) == "No username"
    unreadable: Any
    for unreadable in ({name: {}}, {name: 7}, {name: "Maybe"}, [], 3, "?", {"omitted": True}):
        assert outcome(**signing_in, responseElements=unreadable) == "unknown", unreadable


def test_ec2_says_it_in_return() -> None:
    assert outcome(responseElements={"_return": True}) == "succeeded"
    assert outcome(responseElements={"_return": False}) == "failed"
    assert outcome(responseElements={"_return": "false"}) == "failed"
    assert outcome(responseElements={"StopResponse": {"return": False}}) == "failed"
    assert outcome(responseElements={"_return": {}}) == "unknown"


def test_what_ec2_could_not_do_for_all_that_was_named_is_not_known() -> None:
    left = {"item": {"resourceId": "fl-1", "error": {"code": "InvalidFlowLogId.NotFound"}}}
    for answer, expected in (
        ({"DeleteFlowLogsResponse": {"unsuccessful": left}}, "unknown"),
        ({"unsuccessful": [left]}, "unknown"),
        ({"DeleteFlowLogsResponse": {"unsuccessful": ""}}, "succeeded"),
        ({"unsuccessful": {"items": []}}, "succeeded"),
    ):
        assert outcome(eventName="DeleteFlowLogs", responseElements=answer) == expected


def test_an_answer_says_in_a_status_of_its_own_that_it_failed() -> None:
    failed = {"createAccountStatus": {"state": "FAILED", "failureReason": "EMAIL_ALREADY_EXISTS"}}
    assert outcome(eventName="CreateAccount", responseElements=failed) == "failed"
    assert reason(eventName="CreateAccount", responseElements=failed) == "EMAIL_ALREADY_EXISTS"
    assigned = {"accountAssignmentCreationStatus": {"status": "FAILED"}}
    assert outcome(eventName="CreateAccountAssignment", responseElements=assigned) == "failed"
    asked = {"createAccountStatus": {"state": "IN_PROGRESS"}}
    assert outcome(eventName="CreateAccount", responseElements=asked) == "succeeded"
    looked = {"eventName": "DescribeCreateAccountStatus", "readOnly": True}
    assert outcome(**looked, responseElements=failed) == "succeeded"


def test_a_service_says_it_in_the_details_of_its_event() -> None:
    def result(name: str, details: Any) -> str:
        return outcome(eventName=name, eventType="AwsServiceEvent", serviceEventDetails=details)

    account = {"createAccountStatus": {"state": "FAILED", "failureReason": "EMAIL_ALREADY_EXISTS"}}
    assert result("CreateAccountResult", account) == "failed"
    assert (
        reason(eventName="CreateAccountResult", serviceEventDetails=account)
        == "EMAIL_ALREADY_EXISTS"
    )
    done = {"createAccountStatus": {"state": "SUCCEEDED"}}
    assert result("CreateAccountResult", done) == "succeeded"
    assert result("CreateAccountResult", {"createAccountStatus": {"state": 5}}) == "unknown"
    assert (
        result("CloseAccountResult", {"closeAccountStatus": {"state": "IN_PROGRESS"}}) == "unknown"
    )
    assert result("CreateAccountResult", {"createAccountStatus": {"id": "car-1"}}) == "unknown"
    assert result("CreateAccountResult", {}) == "unknown"
    for name in ("CredentialVerification", "UserAuthentication", "CredentialChallenge"):
        assert result(name, {name: "Failure"}) == "failed"
        assert result(name, {name: "Success"}) == "succeeded"
        assert result(name, {name: [1]}) == "unknown"
        assert result(name, {name: {"odd": 1}}) == "unknown"
        assert result(name, {name: {"status": "Failed"}}) == "failed"
    assert result("RotateKey", {"keyId": "k", "state": "Enabled"}) == "succeeded"
    assert result("AutomationDone", {"status": "Failed"}) == "failed"


def test_grafana_says_it_in_the_additional_data() -> None:
    def result(kind: Any, code: Any) -> str:
        told = {"result": {"statusType": kind, "statusCode": code}}
        return outcome(errorCode=code, additionalEventData=told)

    assert result("success", "200") == "succeeded"
    assert result("failure", "403") == "refused"
    assert result("failure", "500") == "failed"
    assert outcome(additionalEventData={"result": {"statusType": []}}) == "unknown"
    assert outcome(additionalEventData={"result": {"statusType": "failure"}}) == "failed"
    told = {"result": {"statusType": "failure", "statusCode": "403"}}
    assert outcome(errorCode="200", additionalEventData=told) == "refused"


@pytest.mark.parametrize("code", [{}, [], True, False, 7, 1.5, "..."])
def test_an_error_code_that_cannot_be_read_leaves_the_outcome_unknown(code: Any) -> None:
    assert outcome(errorCode=code) == "unknown"


@pytest.mark.parametrize("message", [{}, [], True, False, 7, 1.5, ["Access Denied"]])
def test_a_message_that_cannot_be_read_leaves_the_outcome_unknown(message: Any) -> None:
    assert outcome(errorMessage=message) == "unknown"
    assert outcome(errorCode="AccessDenied", errorMessage=message) == "refused"


def test_what_is_kept_without_an_outcome_is_read_by_its_error_code() -> None:
    assert outcome_of_code("", "") is Outcome.SUCCEEDED
    assert outcome_of_code("AccessDenied", "") is Outcome.REFUSED
    assert outcome_of_code("", "Failed authentication") is Outcome.FAILED
    assert outcome_of_code("200", "") is Outcome.SUCCEEDED


VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12)
    | st.sampled_from(["Failure", "Success", "*", "AccessDenied", "0.0.0.0/0", "arn:aws:iam::1:x"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.text(max_size=8)
        | st.sampled_from(
            ["items", "Statement", "Principal", "ConsoleLogin", "state", "result", "userName",
             "ipPermissions", "cidrIp", "fromPort", "policy", "attributes", "bucketPolicy",
             "type", "arn", "accountId", "sessionContext", "sessionIssuer", "_return"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip
NAMES = st.sampled_from(
    ["ConsoleLogin", "PutBucketPolicy", "AuthorizeSecurityGroupIngress", "SetQueueAttributes",
     "CreateAccountResult", "UpdateDetector", "PutEventSelectors", "ModifyDBInstance", "CopyObject",
     "CreateRole", "PutBucketVersioning", "UpdateClusterConfig", "CreateNetworkAclEntry"]
)  # fmt: skip
SOURCES = st.sampled_from(
    [f"{name}.amazonaws.com" for name in ("ec2", "s3", "iam", "rds", "sqs", "cloudtrail", "eks",
                                          "guardduty", "signin", "lambda", "kms")]
)  # fmt: skip
PARTS = ("errorCode", "errorMessage", "requestParameters", "responseElements", "userIdentity",
         "serviceEventDetails", "additionalEventData", "resources", "eventType")  # fmt: skip


@given(
    st.fixed_dictionaries(
        {"eventName": NAMES | VALUE, "eventSource": SOURCES | VALUE},
        optional=dict.fromkeys(PARTS, VALUE),
    )
)
@settings(max_examples=examples(150, 10_000), derandomize=True, deadline=None)
def test_any_json_value_at_any_place_gives_facts(raw: dict[str, Any]) -> None:
    facts = Facts.of(Record(raw))
    for name, field in FIELDS.items():
        found = field(facts)
        assert isinstance(found, str) or all(isinstance(one, str) for one in found), name
    assert facts.actor.name
    assert facts.actor.principal
    code = raw.get("errorCode")
    if code is not None and not isinstance(code, str):
        assert facts.outcome is not Outcome.SUCCEEDED or isinstance(code, int)
