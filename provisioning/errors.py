"""What went wrong, as one clear line with the next step."""

from __future__ import annotations

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConfigParseError,
    CredentialRetrievalError,
    InvalidConfigError,
    InvalidRegionError,
    LoginError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)
from botocore.exceptions import ConnectionError as NoConnectionError

from chalicelib.aws import code_of
from chalicelib.aws_errors import CREDENTIALS, PROFILES, SIGN_IN, WAY

DENIED = frozenset(
    {"403", "AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation"}
)
# Sources: "Common errors" of the services' API references, Lambda's and S3's own words.
THROTTLED = (
    *("RequestLimitExceeded", "SlowDown", "Throttling", "ThrottlingException"),
    *("ThrottledException", "TooManyRequestsException"),
)
# AWS does not know the key: it is none, or the region is one that the account has not enabled.
UNKNOWN_KEY = frozenset({"AuthFailure", "InvalidClientTokenId", "UnrecognizedClientException"})
SIGNED_OUT = (CredentialRetrievalError, LoginError, SSOError, TokenRetrievalError)
ADVICE = {
    "BucketAlreadyExists": "the bucket's name is taken by another account; name a bucket of "
    "yours with --bucket (the trail's), or deploy under another app_name",
    "MaximumNumberOfTrailsExceededException": "the region has its five trails already; adopt "
    "one of them with --trail NAME",
    "TrailAlreadyExistsException": "a trail of that name has its home in another region: deploy "
    "there (--region), or adopt it (--trail) where it writes to a log group here",
    "InsufficientS3BucketPolicyException": "the bucket's policy does not let CloudTrail write; "
    "whoever owns an adopted bucket adds the two statements of CloudTrail's user guide",
    "CloudTrailAccessNotEnabledException": "the organization does not trust CloudTrail yet: "
    "aws organizations enable-aws-service-access --service-principal cloudtrail.amazonaws.com",
    "NotOrganizationMasterAccountException": "an organization trail is made from the management "
    "account or a delegated administrator",
    "AWSOrganizationsNotInUseException": "this account belongs to no organization: leave out "
    "--organization",
    "LimitExceededException": "an account limit is reached; where the log group's two "
    "subscription filters are meant, see docs/operating.md",
    "OperationAborted": "another change of the same bucket is under way; run it again in a minute",
    **dict.fromkeys(THROTTLED, "AWS is throttling; run the same command again in a minute"),
}


class OperatorError(Exception):
    """What the operator must know, in one line that ends in the next step."""


def message(error: ClientError) -> str:
    """AWS's sentence for the error."""
    return str(error.response.get("Error", {}).get("Message", ""))


def is_denied(error: OperatorError) -> bool:
    """Whether AWS refused a call to these credentials."""
    cause = error.__cause__
    return isinstance(cause, ClientError) and code_of(cause) in DENIED


def denied_call(error: OperatorError) -> str | None:
    """The call that AWS refused to these credentials, by its own name; None where it is no such."""
    cause = error.__cause__
    return cause.operation_name if is_denied(error) and isinstance(cause, ClientError) else None


def explain(error: ClientError | BotoCoreError, doing: str = "") -> OperatorError:
    """The line for an error that nothing else handled. `doing` names what was tried."""
    head = f"{doing}: " if doing else ""
    if isinstance(error, ClientError):
        return OperatorError(head + _from_aws(error))
    return OperatorError(head + _before_aws(error))


def _from_aws(error: ClientError) -> str:
    name = code_of(error)
    if name in CREDENTIALS:
        region = "; a region that the account has not enabled says so too"
        return (
            f"AWS refuses these credentials ({name}): sign in again, or choose another --profile, "
            f"and the same command continues{region if name in UNKNOWN_KEY else ''}"
        )
    if error.operation_name == "HeadBucket" and name == "403":
        return (
            "the bucket's name is taken by another account, or these credentials may not look at "
            "it (403): --bucket adopts one of yours, docs/operating.md has the deployer's policy"
        )
    if name in DENIED:
        return (
            f"these credentials may not call {error.operation_name} ({name}): docs/operating.md "
            "has the deployer's policy; run the same command again once it is attached"
        )
    if name in ADVICE:
        return f"{ADVICE[name]} ({name})"
    said = f"{error.operation_name} failed with {name}: {message(error)}"
    return f"{said} - what was made so far stays, and the same command continues from there"


def _before_aws(error: BotoCoreError) -> str:
    said = str(error).rstrip(".: ")
    if isinstance(error, (NoCredentialsError, PartialCredentialsError)):
        return f"no AWS credentials: {SIGN_IN}"
    if isinstance(error, SIGNED_OUT):
        return f"{said}: sign in again (aws sso login), or choose another --profile"
    if isinstance(error, ProfileNotFound):
        return f"{error}: {PROFILES}"
    if isinstance(error, NoRegionError):
        return "no region: give --region, or set AWS_DEFAULT_REGION"
    if isinstance(error, InvalidRegionError):
        return f"{said}: give one such as eu-central-1, by --region or AWS_DEFAULT_REGION"
    if isinstance(error, (ConfigParseError, InvalidConfigError)):
        return f"{said}: mend the file, or name another one in AWS_CONFIG_FILE"
    if isinstance(error, NoConnectionError):
        return f"{error}: {WAY}"
    return f"{error} - the same command continues from there"
