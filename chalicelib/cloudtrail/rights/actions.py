"""Which actions of a policy are dangerous, and which harm nobody though they name no resource.

Sources: Rhino Security Labs, "AWS IAM Privilege Escalation"; what may name no resource, from the
Service Authorization Reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import translate
from functools import cache, lru_cache

# What changes who may do what, in this account or in others.
_IDENTITIES = """
iam: AddClientIDToOpenIDConnectProvider AddUserToGroup AttachGroupPolicy AttachRolePolicy
iam: AttachUserPolicy CreateOpenIDConnectProvider CreatePolicyVersion CreateSAMLProvider
iam: DeleteRolePermissionsBoundary DeleteUserPermissionsBoundary PutGroupPolicy
iam: PutRolePermissionsBoundary PutRolePolicy PutUserPermissionsBoundary PutUserPolicy
iam: SetDefaultPolicyVersion UpdateAssumeRolePolicy UpdateOpenIDConnectProviderThumbprint
iam: UpdateSAMLProvider
sso: AttachCustomerManagedPolicyReferenceToPermissionSet AttachManagedPolicyToPermissionSet
sso: CreateAccountAssignment DeletePermissionsBoundaryFromPermissionSet
sso: PutInlinePolicyToPermissionSet PutPermissionsBoundaryToPermissionSet
sso-directory: AddMemberToGroup CreateUser UpdatePassword
identitystore: CreateGroupMembership CreateUser
organizations: AttachPolicy DeletePolicy DetachPolicy DisablePolicyType LeaveOrganization
organizations: UpdatePolicy
rolesanywhere: CreateProfile CreateTrustAnchor EnableTrustAnchor UpdateProfile UpdateTrustAnchor
"""
# What lets somebody sign in as a user: one's own is everybody's to change.
_CREDENTIALS = """
iam: CreateAccessKey CreateLoginProfile CreateServiceSpecificCredential DeactivateMFADevice
iam: ResetServiceSpecificCredential UpdateAccessKey UpdateLoginProfile
iam: UpdateServiceSpecificCredential UpdateSSHPublicKey UpdateSigningCertificate
iam: UploadSSHPublicKey UploadSigningCertificate
"""
_SECRETS = """
secretsmanager: BatchGetSecretValue GetSecretValue
ssm: GetParameter GetParameterHistory GetParameters GetParametersByPath
kms: Decrypt
ec2: GetPasswordData
"""
# What the rules about logging tell at high, and the recorder, which may be told to see less.
_RECORDING = """
cloudtrail: DeleteChannel DeleteEventDataStore DeleteTrail PutEventSelectors
cloudtrail: StopEventDataStoreIngestion StopLogging UpdateEventDataStore UpdateTrail
config: DeleteConfigurationRecorder DeleteDeliveryChannel DeleteServiceLinkedConfigurationRecorder
config: PutConfigurationRecorder StopConfigurationRecorder
guardduty: ArchiveFindings CreateFilter CreateIPSet CreateTrustedEntitySet DeleteDetector
guardduty: DeleteMembers DeletePublishingDestination DisassociateFromAdministratorAccount
guardduty: DisassociateFromMasterAccount DisassociateMembers StopMonitoringMembers UpdateDetector
guardduty: UpdateFilter UpdateIPSet UpdateMemberDetectors UpdateTrustedEntitySet
securityhub: BatchDisableStandards DeleteMembers DisableSecurityHub DisableSecurityHubV2
securityhub: DisassociateFromAdministratorAccount DisassociateFromMasterAccount DisassociateMembers
macie2: DisableMacie UpdateMacieSession
inspector2: Disable
detective: DeleteGraph
access-analyzer: DeleteAnalyzer
ec2: DeleteFlowLogs
route53resolver: DeleteResolverQueryLogConfig DisassociateResolverQueryLogConfig
"""
# What programs need that cannot name its resource, and what AWS's own agents and network need.
_HARMLESS = """
cloudwatch: GetMetricData GetMetricStatistics PutMetricData
ec2: AssignPrivateIpAddresses AttachNetworkInterface CreateNetworkInterface DeleteNetworkInterface
ec2: DetachNetworkInterface UnassignPrivateIpAddresses
ecr: GetAuthorizationToken
ecr-public: GetAuthorizationToken
iam: CreateVirtualMFADevice GetAccountPasswordPolicy GetAccountSummary
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
    """The actions of each kind, in small letters: words of the vocabulary, and credentials."""
    return {
        "identities": _names(_IDENTITIES),
        "credentials": _names(_CREDENTIALS),
        "pass-role": _names("iam: PassRole"),
        "assume-role": _names("sts: AssumeRole AssumeRoot"),
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
    return _services(
        {kind: _covered(action.lower(), names) for kind, names in _dangerous().items()}
    )


def dangers_but(left_out: Iterable[str]) -> dict[str, set[str]]:
    """The same of every action but those that are left out."""
    lowered = [action.lower() for action in left_out]
    return _services({
        kind: names.difference(*(_covered(action, names) for action in lowered))
        for kind, names in _dangerous().items()
    })  # fmt: skip


def _services(found: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    services = {kind: {name.partition(":")[0] for name in names} for kind, names in found.items()}
    return {kind: some for kind, some in services.items() if some}


def _covered(lowered: str, names: frozenset[str]) -> Iterator[str]:
    if not _WILD.search(lowered):
        yield from names & {lowered}
        return
    beginning = _WILD.split(lowered, maxsplit=1)[0]
    likely = [name for name in names if name.startswith(beginning)]
    if likely:
        yield from filter(glob_of(lowered).match, likely)


@lru_cache(maxsize=256)
def glob_of(pattern: str) -> re.Pattern[str]:
    """What * and ? of a policy stand for."""
    # translate() makes groups that never backtrack; to a policy a bracket is no wildcard.
    return re.compile(translate(pattern.replace("[", "[[]")))
