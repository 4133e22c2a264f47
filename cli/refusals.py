"""What AWS's refusals mean to who typed a command."""

from __future__ import annotations

_SIGN_IN = "sign in (aws sso login, aws configure) or set AWS_PROFILE"
_SIGN_IN_AGAIN = "sign in again, or set another AWS_PROFILE"
_WAY = "check the network, the region's name and AWS_ENDPOINT_URL"
# botocore's class where AWS was not reached, AWS's code where it refused.
NEXT_STEPS = {
    "NoRegionError": "set AWS_DEFAULT_REGION, or AWS_PROFILE to a profile with a region",
    "NoCredentialsError": _SIGN_IN,
    "PartialCredentialsError": _SIGN_IN,
    "ProfileNotFound": "aws configure list-profiles names those that exist",
    "CredentialRetrievalError": _SIGN_IN_AGAIN,
    "SSOTokenLoadError": _SIGN_IN_AGAIN,
    "TokenRetrievalError": _SIGN_IN_AGAIN,
    "UnauthorizedSSOTokenError": _SIGN_IN_AGAIN,
    "ExpiredToken": _SIGN_IN_AGAIN,
    "ExpiredTokenException": _SIGN_IN_AGAIN,
    "InvalidAccessKeyId": _SIGN_IN_AGAIN,
    "UnrecognizedClientException": _SIGN_IN_AGAIN,
    "ResourceNotFoundException": "is the name right, and AWS_PROFILE and AWS_DEFAULT_REGION?",
    "ConnectTimeoutError": _WAY,
    "EndpointConnectionError": _WAY,
}


def explained(error: Exception) -> str:
    """The error in one line, with the next step where AWS or the way there is its cause."""
    cause = error.__cause__ or error
    response = getattr(cause, "response", None) or {}
    name = response.get("Error", {}).get("Code") or type(cause).__name__
    step = NEXT_STEPS.get(name)
    return f"{str(error).rstrip('.')}: {step}" if step else str(error)
