"""Which actions of a policy are dangerous, and which harm nobody though they name no resource.

Sources: Rhino Security Labs, "AWS IAM Privilege Escalation"; what may name no resource, from the
Service Authorization Reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import translate
from functools import cache, lru_cache

# What changes who may do what, in this account or in others.
_IDENTITIES = """
iam: AddUserToGroup AttachGroupPolicy AttachRolePolicy AttachUserPolicy CreateAccessKey
iam: CreateLoginProfile CreateOpenIDConnectProvider CreatePolicyVersion CreateSAMLProvider
iam: CreateServiceSpecificCredential DeactivateMFADevice DeleteRolePermissionsBoundary
iam: DeleteUserPermissionsBoundary PutGroupPolicy PutRolePermissionsBoundary PutRolePolicy
iam: PutUserPermissionsBoundary PutUserPolicy ResetServiceSpecificCredential UpdateSAMLProvider
iam: SetDefaultPolicyVersion UpdateAccessKey UpdateAssumeRolePolicy UpdateLoginProfile
iam: UploadSSHPublicKey
sso: AttachCustomerManagedPolicyReferenceToPermissionSet AttachManagedPolicyToPermissionSet
sso: CreateAccountAssignment PutInlinePolicyToPermissionSet
identitystore: CreateGroupMembership CreateUser
organizations: AttachPolicy DeletePolicy DetachPolicy LeaveOrganization UpdatePolicy
rolesanywhere: CreateProfile CreateTrustAnchor UpdateProfile UpdateTrustAnchor
"""
_SECRETS = """
secretsmanager: BatchGetSecretValue GetSecretValue
ssm: GetParameter GetParameterHistory GetParameters GetParametersByPath
kms: Decrypt
ec2: GetPasswordData
"""
_RECORDING = """
cloudtrail: DeleteEventDataStore DeleteTrail PutEventSelectors StopEventDataStoreIngestion
cloudtrail: StopLogging UpdateTrail
config: DeleteConfigurationRecorder DeleteDeliveryChannel StopConfigurationRecorder
guardduty: DeleteDetector DeleteMembers DisassociateMembers StopMonitoringMembers UpdateDetector
securityhub: DisableSecurityHub
macie2: DisableMacie
access-analyzer: DeleteAnalyzer
ec2: DeleteFlowLogs
"""
# What programs need that cannot name its resource, and what AWS's own agents and network need.
_HARMLESS = """
cloudwatch: GetMetricData GetMetricStatistics PutMetricData
ec2: AssignPrivateIpAddresses AttachNetworkInterface CreateNetworkInterface DeleteNetworkInterface
ec2: DetachNetworkInterface UnassignPrivateIpAddresses
ecr: GetAuthorizationToken
ecr-public: GetAuthorizationToken
logs: CreateLogGroup CreateLogStream PutLogEvents
s3: GetBucketLocation
ssm: UpdateInstanceInformation
sts: GetCallerIdentity GetServiceBearerToken
tag: GetResources
xray: GetSamplingRules GetSamplingStatisticSummaries GetSamplingTargets PutTelemetryRecords
xray: PutTraceSegments
"""
# They only say what is there; and the channels of Systems Manager's agent.
_LOOKING = re.compile(r"[\w-]+:(list|describe)[\w*?]*|(ssm|ec2)messages:[\w*?]+")
_WILD = re.compile(r"[*?]")


def _names(table: str) -> frozenset[str]:
    lines = (line.partition(": ") for line in table.strip().splitlines())
    return frozenset(
        f"{service}:{name}".lower() for service, _, names in lines for name in names.split()
    )


@cache
def _dangerous() -> dict[str, frozenset[str]]:
    """The actions of each word of the vocabulary that stands for some, in small letters."""
    return {
        "identities": _names(_IDENTITIES),
        "pass-role": _names("iam: PassRole"),
        "assume-role": _names("sts: AssumeRole"),
        "secrets": _names(_SECRETS),
        "recording": _names(_RECORDING),
    }


@cache
def _harmless() -> frozenset[str]:
    return _names(_HARMLESS)


def is_harmless(action: str) -> bool:
    """Whether an action, as a policy writes it, may be allowed on whatever there is."""
    lowered = action.lower()
    return lowered in _harmless() or _LOOKING.fullmatch(lowered) is not None


def dangers_of(action: str) -> dict[str, set[str]]:
    """The kinds of dangerous actions that one of a policy stands for, with * and ? in it, and the
    services that those are of.
    """
    lowered = action.lower()
    found = {
        kind: {name.partition(":")[0] for name in _covered(lowered, names)}
        for kind, names in _dangerous().items()
    }
    return {kind: services for kind, services in found.items() if services}


def _covered(lowered: str, names: frozenset[str]) -> Iterator[str]:
    if not _WILD.search(lowered):
        yield from names & {lowered}
        return
    beginning = _WILD.split(lowered, maxsplit=1)[0]
    likely = [name for name in names if name.startswith(beginning)]
    if likely:
        yield from filter(_glob(lowered).match, likely)


@lru_cache(maxsize=256)
def _glob(pattern: str) -> re.Pattern[str]:
    # translate() makes groups that never backtrack; to a policy a bracket is no wildcard.
    return re.compile(translate(pattern.replace("[", "[[]")))
