"""What AWS's refusals, and the way there, mean to a person: the next step."""

from __future__ import annotations

from chalicelib.aws import code_of

_SIGN_IN_AGAIN = "sign in again, or set another AWS_PROFILE"
SIGN_IN = "sign in (aws sso login, aws configure) or set AWS_PROFILE"
PROFILES = "aws configure list-profiles names those that exist"
WAY = "check the network, the region's name and AWS_ENDPOINT_URL"
# AWS's codes for credentials that it does not take (any more).
CREDENTIALS = frozenset(
    {
        "AuthFailure",
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "SignatureDoesNotMatch",
        "TokenRefreshRequired",
        "UnrecognizedClientException",
    }
)
# botocore's class where AWS was not reached, AWS's code where it refused.
NEXT_STEPS = {
    "NoRegionError": "set AWS_DEFAULT_REGION, or AWS_PROFILE to a profile with a region",
    "NoCredentialsError": SIGN_IN,
    "PartialCredentialsError": SIGN_IN,
    "ProfileNotFound": PROFILES,
    "CredentialRetrievalError": _SIGN_IN_AGAIN,
    "SSOTokenLoadError": _SIGN_IN_AGAIN,
    "TokenRetrievalError": _SIGN_IN_AGAIN,
    "UnauthorizedSSOTokenError": _SIGN_IN_AGAIN,
    **dict.fromkeys(CREDENTIALS, _SIGN_IN_AGAIN),
    "ResourceNotFoundException": "is the name right, and AWS_PROFILE and AWS_DEFAULT_REGION?",
    "ConnectTimeoutError": WAY,
    "EndpointConnectionError": WAY,
}


def explained(error: Exception) -> str:
    """The error in one line, with the next step where AWS or the way there is its cause."""
    cause = error.__cause__ or error
    code = code_of(cause) if getattr(cause, "response", None) else ""
    step = NEXT_STEPS.get(code or type(cause).__name__)
    return f"{str(error).rstrip('.')}: {step}" if step else str(error)
