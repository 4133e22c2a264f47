"""What the default rules call services and operations is what AWS calls them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chalicelib.rules.default_rules import load_defaults
from chalicelib.rules.filter_pattern import Comparison, Expression, Or, Text, compile_pattern
from tests.cloudtrail.botocore_records import models, source_of

NAME, SOURCE = ("eventName",), ("eventSource",)
ENDING = re.compile(r"\.(amazonaws\.com|\*)$")
# What only the console or AWS itself calls, so that no SDK knows it. Source: each service's own
# guide to its CloudTrail events, and the records that projects publish.
NO_SDK_CALLS = {
    "agreement-marketplace": {"AcceptAgreementRequest"},
    "bedrock": {"PutFoundationModelEntitlement"},
    "cloudshell": {"CreateEnvironment"},
    "codeconnections": {"UpdateConnectionInstallation"},
    "ec2": {"SharedSnapshotCopyInitiated", "SharedSnapshotVolumeCreated"},
    "qldb": {"UpdateLedger"},  # a service that is no more
    "rds": {"DownloadCompleteDBLogFile"},
    "s3": {
        "DeleteAccountPublicAccessBlock", "DeleteBucketPublicAccessBlock", "JobCreated",
        "PutAccelerateConfiguration", "PutAccountPublicAccessBlock",
        "PutBucketObjectLockConfiguration", "PutBucketPublicAccessBlock",
        # As IAM calls the actions: what Sigma's rules look for.
        "PutEncryptionConfiguration", "PutLifecycleConfiguration", "PutReplicationConfiguration",
    },
    "signin": {
        "CheckMfa", "ConsoleLogin", "CredentialVerification", "EmailUpdated", "GetSigninToken",
        "PasswordRecoveryCompleted", "PasswordRecoveryRequested", "PasswordUpdated",
    },
    "ssm": {"RegisterManagedInstance"},
    "sso": {
        "AssociateDirectory", "DisassociateDirectory", "PutMfaDeviceManagementForDirectory",
        "StartSSO", "UpdateMfaDeviceManagementForDirectory", "UpdateSsoConfiguration",
    },
    "sso-directory": {
        "AddMemberToGroup", "CompleteVirtualMfaDeviceRegistration",
        "CreateExternalIdPConfigurationForDirectory", "CreateGroup", "CreateUser",
        "DeleteExternalIdPConfigurationForDirectory", "DeleteMfaDeviceForUser",
        "DisableExternalIdPConfigurationForDirectory", "DisableUser",
        "EnableExternalIdPConfigurationForDirectory", "EnableUser", "RemoveMemberFromGroup",
        "UpdateExternalIdPConfigurationForDirectory", "UpdatePassword", "UpdateUserName",
    },
    "the console of billing": {
        "ModifyBilling", "ModifyPaymentMethods", "SetDefaultPaymentInstrument",
        "UpdateIAMAccessPreference", "UpdatePaymentInstrument", "UpdatePaymentPreferences",
    },
    "mobiletargeting": {"UpdateSmsChannel"},
    "pinpoint": {"UpdateSmsChannel"},
}  # fmt: skip


def known() -> dict[str, set[str]]:
    """The operations of each service, by the name that CloudTrail writes for it."""
    found = {service: set(names) for service, names in NO_SDK_CALLS.items()}
    for model in models():
        found.setdefault(source_of(model["metadata"]), set()).update(model["operations"])
    return found


def compared(expression: Expression, path: tuple[str, ...]) -> Iterator[str]:
    """The texts that a field is asked to be."""
    if not isinstance(expression, Comparison):
        for operand in expression.operands:
            yield from compared(operand, path)
    elif expression.path == path and expression.op == "=" and isinstance(expression.value, Text):
        yield expression.value.text


def parts(expression: Expression) -> Iterator[Expression]:
    """A pattern's alternatives, down to those that name services and operations together."""
    both = any(compared(expression, SOURCE)) and any(compared(expression, NAME))
    if both and isinstance(expression, Or):
        for operand in expression.operands:
            yield from parts(operand)
    else:
        yield expression


def is_one_of(name: str, operations: set[str]) -> bool:
    """Whether AWS has an operation of the name, which may end in * or in Lambda's date."""
    start = name.rstrip("*")
    return start in operations or any(
        start.startswith(f"{one}2") or (start != name and one.startswith(start))
        for one in operations
    )


def test_every_operation_that_a_rule_names_is_one_of_the_services_beside_it() -> None:
    services = known()
    anywhere = set().union(*services.values())
    wrong = []
    for rule in load_defaults()[0]:
        if rule.is_sequence:  # it names rules
            continue
        expression = compile_pattern(rule.pattern).expression
        assert expression is not None
        for part in parts(expression):
            sources = [ENDING.sub("", source) for source in compared(part, SOURCE)]
            wrong += [f"{rule.id}: {source}" for source in sources if source not in services]
            near = set().union(*(services.get(source, set()) for source in sources)) or anywhere
            names = set(compared(part, NAME))
            wrong += [f"{rule.id}: {name}" for name in names if not is_one_of(name, near)]
    assert wrong == []
