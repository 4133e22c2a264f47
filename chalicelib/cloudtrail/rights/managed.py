"""What AWS's own managed policies give, as far as it is told apart.

Source: the AWS Managed Policy Reference guide.
"""

from __future__ import annotations

import re

ADMINISTRATORS = frozenset(
    {
        "AdministratorAccess",
        "AdministratorAccess-Amplify",
        "AdministratorAccess-AWSElasticBeanstalk",
    }
)
OVER_IDENTITIES = frozenset(
    {
        "IAMFullAccess", "AWSSSOMasterAccountAdministrator", "AWSSSOMemberAccountAdministrator",
        "AWSSSODirectoryAdministrator", "AWSOrganizationsFullAccess",
    }
)  # fmt: skip
# What the same written by oneself would give, of those most attached: "NotAction": "iam:*",
# secretsmanager:*, cloudtrail:*, iam:PassRole of * …
FAR_REACHING = {
    "PowerUserAccess": ("some-identities", "assume-role", "secrets", "recording", "everywhere"),
    "AmazonEC2FullAccess": ("secrets", "recording", "everywhere"),
    "AmazonECS_FullAccess": ("pass-role", "everywhere"),
    "AmazonGuardDutyFullAccess": ("recording", "everywhere"),
    "AmazonGuardDutyFullAccess_v2": ("recording", "everywhere"),
    "AmazonSSMFullAccess": ("secrets", "everywhere"),
    "AWSCloudTrail_FullAccess": ("recording", "everywhere"),
    "AWSLambda_FullAccess": ("pass-role", "everywhere"),
    "AWSSecurityHubFullAccess": ("recording", "everywhere"),
    "SecretsManagerReadWrite": ("secrets", "everywhere"),
}
# What lets a program do its job, and nothing of whose is not its own.
NARROW = frozenset(
    {
        "AmazonAPIGatewayPushToCloudWatchLogs", "AmazonECSTaskExecutionRolePolicy",
        "AmazonEC2ContainerRegistryPullOnly", "AmazonEC2ContainerRegistryReadOnly",
        "AmazonEKSClusterPolicy", "AmazonEKSFargatePodExecutionRolePolicy",
        "AmazonEKSVPCResourceController", "AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy",
        "AmazonRDSEnhancedMonitoringRole", "AmazonSSMManagedInstanceCore",
        "AWSAppSyncPushToCloudWatchLogs", "AWSLambdaBasicExecutionRole",
        "AWSLambdaDynamoDBExecutionRole", "AWSLambdaENIManagementAccess",
        "AWSLambdaKinesisExecutionRole", "AWSLambdaMSKExecutionRole",
        "AWSLambdaSQSQueueExecutionRole", "AWSLambdaVPCAccessExecutionRole",
        "AWSXRayDaemonWriteAccess", "AWSXrayWriteOnlyAccess", "CloudWatchAgentServerPolicy",
    }
)  # fmt: skip
_OF_AWS = re.compile(r"arn:[^:]*:iam::aws:policy/(?:[\w-]+/)*([^/]+)")
_DENYING = re.compile(r"AWSDenyAll|AWSCompromisedKeyQuarantine(V\d+)?")


def given_by(arn: str) -> tuple[str, ...]:
    """What an attached policy gives, in words of the vocabulary.

    Whoever's it is, its name says so of administrators; of others only AWS's are known.
    """
    name = arn.rpartition("/")[2]
    if name in ADMINISTRATORS:
        return ("administrator",)
    if name in OVER_IDENTITIES:
        return ("identities",)
    of_aws = _OF_AWS.fullmatch(arn)
    if not of_aws:
        return ("unknown",)
    if _DENYING.fullmatch(name):
        return ("nothing",)
    return FAR_REACHING.get(name) or (("narrow",) if name in NARROW else ("everywhere",))
