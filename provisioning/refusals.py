"""What AWS will refuse, found before anything is made: limits, names, permissions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from provisioning.aws import Aws
from provisioning.change import Call, Unread
from provisioning.deployed import reserved
from provisioning.errors import ADVICE, DENIED, OperatorError, is_denied
from provisioning.installation import Installation
from provisioning.key import MEND_KEY, USABLE, state_of_adopted
from provisioning.permissions import by_chalice, of_call, resource
from provisioning.survey import Survey
from provisioning.trail import role

# Sources: "Quotas in AWS CloudTrail", "IAM and AWS STS quotas", "Amazon S3 bucket naming rules".
TRAILS_IN_A_REGION = 5
LONGEST_BUCKET = 63
# At the least, whatever an account has. Source: Lambda's own refusal.
LEFT_UNRESERVED = 10
POLICY = "docs/operating.md has the deployer's policy"
UNTRIED = (
    "Permissions were not tried: iam:SimulatePrincipalPolicy did not answer, which plan asks where "
    "these credentials may."
)


@dataclass(frozen=True, slots=True)
class Permissions:
    """What IAM says of the calls to come: `denied` sentences, or why nobody could ask."""

    denied: tuple[str, ...] = ()
    untried: str = ""


def refusals(aws: Aws, seen: Survey, config: Mapping[str, Any]) -> list[str]:
    """What is certain to fail, each in a sentence with the next step; `config` is the stage's part
    of .chalice/config.json.
    """
    return [*dict.fromkeys((*_certain(aws, seen), *_concurrency(aws, seen, config)))]


def _certain(aws: Aws, seen: Survey) -> Iterator[str]:
    yield from seen.lacking
    yield from seen.refused
    for part in seen.parts:
        found = seen.found[part.title]
        if isinstance(found, Unread):
            yield found.said
    yield from _trails(seen)
    yield from _bucket_names(seen.at)
    yield from _roles(aws, seen)
    yield from _boundary(aws, seen.at)
    yield from _key(aws, seen.at)


def _trails(seen: Survey) -> Iterator[str]:
    at = seen.at
    if not at.owns_trail or at.trail_is_there:
        return
    if any(one.name == at.trail for one in seen.trails):
        yield f"Trail {at.trail}: {ADVICE['TrailAlreadyExistsException']}"
    here = [one.name for one in seen.trails if one.home == at.region and at.account in one.arn]
    if len(here) >= TRAILS_IN_A_REGION:
        full = ADVICE["MaximumNumberOfTrailsExceededException"]
        yield f"Trail {at.trail}: {full} ({', '.join(here)})"


def _bucket_names(at: Installation) -> Iterator[str]:
    for name in {at.failures, *([at.bucket] if at.owns_bucket else [])}:
        if len(name) > LONGEST_BUCKET:
            yield (
                f"S3 bucket {name}: its name has {len(name)} characters and S3 takes "
                f"{LONGEST_BUCKET}; deploy under a shorter app_name or stage (.chalice/config.json)"
            )


def _roles(aws: Aws, seen: Survey) -> Iterator[str]:
    """IAM says how many roles there are, where it may be asked; Chalice makes one a function."""
    asked = Call(service="iam", operation="get_account_summary")
    found = aws.find(asked, DENIED, "reading IAM's limits")
    summary = found["SummaryMap"] if found else {}
    there, most = summary.get("Roles", 0), summary.get("RolesQuota", 0)
    needed = len(seen.at.deploys) + len(role(seen.at)[:1])
    if not seen.functions and most and there + needed > most:
        yield (
            f"IAM: {there} of {most} roles are there and {needed} more are "
            "needed; ask for more (Service Quotas, IAM roles per account), or remove some"
        )


def _boundary(aws: Aws, at: Installation) -> Iterator[str]:
    """A boundary that is not there; who may not ask about it learns nothing here."""
    boundary = at.choices.permissions_boundary
    if boundary is None:
        return
    asked = Call(service="iam", operation="get_policy", parameters={"PolicyArn": boundary})
    if _is_gone(aws, asked, "NoSuchEntity"):
        yield f"--permissions-boundary {boundary}: there is no such policy; check its account"


def _key(aws: Aws, at: Installation) -> Iterator[str]:
    """An adopted key that is not there, or cannot be used; its owner may let nobody ask."""
    if at.key is None or at.owns_key:
        return
    try:
        state = state_of_adopted(aws, at)
    except OperatorError as error:
        if not is_denied(error):
            raise
        return
    if state is None:
        yield f"--kms-key {at.key}: there is no such key; check its account and region"
    elif state != USABLE:
        yield f"--kms-key {at.key}: it is {state}, and cannot be used; {MEND_KEY}"


def _is_gone(aws: Aws, asked: Call, code: str) -> bool:
    """Whether AWS says that there is none; who may not ask learns nothing."""
    try:
        return aws.find(asked, (code,), asked.operation) is None
    except OperatorError as error:
        if not is_denied(error):
            raise
        return False


def _concurrency(aws: Aws, seen: Survey, config: Mapping[str, Any]) -> Iterator[str]:
    """Whether what the functions are to reserve can be taken; asked where they reserve any."""
    chosen = config.get("lambda_functions", {}).values()
    wanted = sum(map(reserved, chosen))
    if not wanted or seen.functions:
        return
    asked = Call(service="lambda", operation="get_account_settings")
    found = aws.find(asked, DENIED, "reading Lambda's limits")
    if found is None:
        return
    free = found["AccountLimit"]["UnreservedConcurrentExecutions"]
    if free - wanted < LEFT_UNRESERVED:
        yield (
            f"Lambda: reserved_concurrency is {wanted} in all, of {free} that are free and of "
            f"which {LEFT_UNRESERVED} must stay so; ask for more (Service Quotas, concurrent "
            "executions) or leave it out of .chalice/config.json"
        )


def permissions(aws: Aws, seen: Survey) -> Permissions:
    """Ask IAM whether the calls to come are allowed. A call under a condition that IAM was not told
    of may be allowed all the same, so nothing stops for this alone.
    """
    principal = _principal(aws)
    if principal is None:
        return Permissions()
    denied = list[str]()
    for where, actions in _by_resource(seen).items():
        try:
            found = aws.read(_simulation(principal, where, actions))["EvaluationResults"]
        except OperatorError:  # refused, throttled, or unknown to an emulator
            return Permissions(untried=UNTRIED)
        denied += [_sentence(one, where) for one in found if one["EvalDecision"] != "allowed"]
    return Permissions(tuple(denied))


def _principal(aws: Aws) -> str | None:
    """The ARN whose policies count; None for the root user, who may do everything.

    A role's session does not say the path of its role.
    """
    arn = str(aws.read(Call(service="sts", operation="get_caller_identity"))["Arn"])
    if arn.endswith(":root"):
        return None
    if ":assumed-role/" not in arn:
        return arn
    name = arn.split("/")[1]
    call = Call(service="iam", operation="get_role", parameters={"RoleName": name})
    try:
        return str(aws.send(call)["Role"]["Arn"])
    except ClientError:
        _, partition, _, _, account, _ = arn.split(":", 5)
        return f"arn:{partition}:iam::{account}:role/{name}"


def _by_resource(seen: Survey) -> Mapping[str, list[str]]:
    """The actions of every call to come, and of Chalice's, by the ARN that they are checked on."""
    found = dict[str, set[str]]()
    for part in seen.parts:
        there = seen.found[part.title]
        if there is not None and there == part.wanted:
            continue
        calls = part.create if there is None or part.change is None else part.change
        for call in calls:
            found.setdefault(resource(seen.at, call), set()).update(of_call(call))
    for where, actions in by_chalice(seen.at).items():
        found.setdefault(where, set()).update(actions)
    return {where: sorted(actions) for where, actions in sorted(found.items())}


def _simulation(principal: str, where: str, actions: Sequence[str]) -> Call:
    passed = {
        "ContextKeyName": "iam:PassedToService",
        "ContextKeyType": "string",
        "ContextKeyValues": ["cloudtrail.amazonaws.com"],
    }
    asked = {"PolicySourceArn": principal, "ActionNames": [*actions], "ResourceArns": [where]}
    parameters = {**asked, "ContextEntries": [passed]}
    return Call(service="iam", operation="simulate_principal_policy", parameters=parameters)


def _sentence(result: Mapping[str, Any], where: str) -> str:
    """Why, as IAM's answer says it. Source: IAM API reference, EvaluationResult."""
    by = "these credentials' policies do not allow it"
    step = POLICY
    if result.get("OrganizationsDecisionDetail", {}).get("AllowedByOrganizations") is False:
        by = "a policy of the organization forbids it"
        step = "ask who manages the organization's service control policies"
    elif (
        result.get("PermissionsBoundaryDecisionDetail", {}).get("AllowedByPermissionsBoundary")
        is False
    ):
        by = "the permissions boundary of these credentials forbids it"
        step = "ask who set the boundary"
    elif result["EvalDecision"] == "explicitDeny":
        by = "a policy of these credentials forbids it"
    return f"{result['EvalActionName']} on {where}: {by}; {step}"
