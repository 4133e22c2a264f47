"""Each way in which AWS refuses is one line that ends in the next step."""

from __future__ import annotations

import boto3
import pytest
from botocore.exceptions import (
    ClientError,
    ConfigParseError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    InvalidConfigError,
    InvalidRegionError,
    NoCredentialsError,
    ProfileNotFound,
    SSOTokenLoadError,
    TokenRetrievalError,
)

from provisioning.aws import Aws
from provisioning.change import Call
from provisioning.errors import OperatorError, explain
from tests.provisioning.account import Account


def _refusal(code: str, operation: str = "CreateTrail", message: str = "no") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (_refusal("InvalidClientTokenId", "GetCallerIdentity"), "sign in again"),
        (_refusal("ExpiredTokenException"), "sign in again.*the same command continues$"),
        (_refusal("UnrecognizedClientException"), "a region that the account has not enabled"),
        (_refusal("TooManyRequestsException", "UpdateStage"), "throttling; run the same command"),
        (_refusal("SlowDown", "PutBucketPolicy"), "throttling; run the same command"),
        (_refusal("AccessDenied", "CreateRole"), "may not call CreateRole .* deployer's policy"),
        (_refusal("403", "HeadBucket"), "taken by another account, or .* --bucket"),
        (_refusal("BucketAlreadyExists", "CreateBucket"), "name is taken .* --bucket"),
        (_refusal("MaximumNumberOfTrailsExceededException"), "adopt .* --trail"),
        (_refusal("CloudTrailAccessNotEnabledException"), "enable-aws-service-access"),
        (_refusal("SomethingNewException", message="odd"), "odd .* the same command continues"),
        (NoCredentialsError(), "no AWS credentials: sign in"),
        (ProfileNotFound(profile="x"), "list-profiles"),
        (EndpointConnectionError(endpoint_url="http://x"), "AWS_ENDPOINT_URL"),
        (ConnectTimeoutError(endpoint_url="http://x"), "AWS_ENDPOINT_URL"),
        (InvalidRegionError(region_name="Frankfurt!"), "such as eu-central-1"),
        (SSOTokenLoadError(error_msg="no token"), "sign in again"),
        (TokenRetrievalError(provider="sso", error_msg="expired"), "sign in again"),
        (CredentialRetrievalError(provider="process", error_msg="no"), "sign in again"),
        (ConfigParseError(path="/etc/aws"), "Unable to parse .* mend the file"),
        (InvalidConfigError(error_msg="no such source_profile"), "mend the file"),
        (_refusal("TrailAlreadyExistsException"), "another region.*--region.*--trail"),
        (_refusal("InsufficientS3BucketPolicyException"), "CloudTrail's user guide"),
    ],
)
def test_an_error_becomes_one_line_with_the_next_step(
    error: ClientError | NoCredentialsError, words: str
) -> None:
    line = str(explain(error, "doing it"))

    assert line.startswith("doing it: ")
    assert "\n" not in line
    with pytest.raises(OperatorError, match=words):
        raise OperatorError(line)


def test_a_denied_read_does_not_count_as_absence(account: Account) -> None:
    account.recorder.failures["GetTrail"] = [("AccessDeniedException", "no")]

    with pytest.raises(OperatorError, match="may not call GetTrail"):
        account.apply()

    assert account.recorder.changes == []


def test_a_bucket_of_another_account_stops_before_anything_is_changed(account: Account) -> None:
    account.recorder.failures["HeadBucket"] = [("403", "Forbidden")]

    with pytest.raises(OperatorError, match="reading S3 bucket trailbell-dev-trail"):
        account.apply()

    assert account.recorder.changes == []


def test_a_refusal_half_way_says_what_was_refused_and_a_rerun_finishes(account: Account) -> None:
    account.recorder.failures["CreateTrail"] = [("AccessDeniedException", "no")]
    with pytest.raises(OperatorError, match=r"Trail trailbell-dev: .*may not call CreateTrail"):
        account.apply()

    account.apply_in_full()

    assert account.changes_of(account.apply) == []


def test_no_region_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")

    with pytest.raises(OperatorError, match="--region"):
        _ = Aws(boto3.Session()).region


def test_an_endpoint_that_is_no_url_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "localhost")
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    aws = Aws(boto3.Session(**keys, region_name="eu-central-1"))

    with pytest.raises(OperatorError, match=r"Invalid endpoint: localhost.*AWS_ENDPOINT_URL"):
        aws.read(Call(service="sts", operation="get_caller_identity"))


@pytest.mark.parametrize("kept", ["oops", "[]", '{"log_days": "7"}', '{"tags": 1}'])
def test_choices_that_somebody_spoilt_are_said(account: Account, kept: str) -> None:
    account.client("ssm").put_parameter(
        Name="/trailbell-dev/installation", Value=kept, Type="String"
    )

    with pytest.raises(OperatorError, match="delete-parameter --name /trailbell-dev/installation"):
        account.apply()

    assert account.recorder.changes == []


def test_a_way_that_breaks_off_in_the_middle_is_one_line_too(account: Account) -> None:
    def gone(**_: object) -> None:
        raise EndpointConnectionError(endpoint_url="https://lambda.example.com")

    events = account.aws.client("lambda").meta.events
    events.register("before-call.lambda.GetFunctionConfiguration", gone)
    try:
        with pytest.raises(OperatorError, match="check the network"):
            account.apply()
    finally:
        events.unregister("before-call.lambda.GetFunctionConfiguration", gone)
