"""What intruders do is told at medium or above by whomever; as far as it went."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.rules.rule import Severity
from tests.events import TERRAFORM
from tests.rules.everyday.clean import CI_ADDRESS, LOCAL, WHO
from tests.rules.everyday.judged import severity
from tests.rules.everyday.misdeeds import AWS, MISDEEDS

READS = ("ec2:GetPasswordData", "sts:GetFederationToken")
# What pipelines do every day in the same words.
ORDINARY = ("ssm:SendCommand",)
NAMES = [f"{number}-{operation}" for number, (operation, _) in enumerate(MISDEEDS)]


def rank(operation: str, request: Any, **fields: Any) -> int:
    found = severity(operation, request, LOCAL, readOnly=operation in READS, **fields)
    return found.rank if found else -1


@pytest.mark.parametrize("who", ["anna", "sso", "console", "app"])
@pytest.mark.parametrize(("operation", "request_"), MISDEEDS, ids=NAMES)
def test_a_misdeed_is_told_at_medium_or_above(operation: str, request_: Any, who: str) -> None:
    assert rank(operation, request_, **WHO[who]) >= Severity.MEDIUM.rank


@pytest.mark.parametrize(("operation", "request_"), MISDEEDS, ids=NAMES)
def test_refused_it_is_told_at_medium_at_most_and_failed_at_low(
    operation: str, request_: Any
) -> None:
    for who in ("anna", "sso", "app"):
        refused = rank(operation, request_, errorCode="AccessDenied", **WHO[who])
        assert Severity.LOW.rank <= refused <= Severity.MEDIUM.rank
        failed = rank(operation, request_, errorCode="ThrottlingException", **WHO[who])
        assert failed <= Severity.LOW.rank


@pytest.mark.parametrize(("operation", "request_"), MISDEEDS, ids=NAMES)
def test_a_pipeline_s_agent_or_role_lowers_none_of_them(operation: str, request_: Any) -> None:
    before = rank(operation, request_, **WHO["app"])
    assert rank(operation, request_, **WHO["app"], userAgent=TERRAFORM) == before
    elsewhere = {**WHO["ci"], "sourceIPAddress": "203.0.113.66"}
    assert rank(operation, request_, **elsewhere) == before
    if operation not in ORDINARY:
        assert WHO["ci"]["sourceIPAddress"] == CI_ADDRESS
        assert rank(operation, request_, **WHO["ci"]) == before


@pytest.mark.parametrize("policy", ["PowerUserAccess", "SecretsManagerReadWrite"])
def test_a_policy_that_leads_to_others_is_told_though_a_service_attaches_it(policy: str) -> None:
    request = {"roleName": "a", "policyArn": f"{AWS}/{policy}"}
    told = rank("iam:AttachRolePolicy", request, **WHO["cloudformation"])
    assert told == Severity.MEDIUM.rank
