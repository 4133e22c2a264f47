"""Providers that sign in whoever likes: a role that trusts one is everybody's, unless its
condition says who of them.

Sources: IAM user guide, "Create a role for OpenID Connect federation"; GitHub's documentation,
"Configuring OpenID Connect in Amazon Web Services".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# Their tokens are for an application, which is somebody's.
_FOR_APPLICATIONS = (
    r"accounts\.google\.com|www\.amazon\.com|graph\.facebook\.com|cognito-identity\.amazonaws\.com"
)
# All their customers' tokens are for AWS: the audience tells nobody from another.
_FOR_AWS = r"token\.actions\.githubusercontent\.com|gitlab\.com|app\.terraform\.io"
_SHARED = re.compile(
    rf"(?:arn:[^:]*:iam::[^:]*:oidc-provider/)?"
    rf"(?P<issuer>{_FOR_APPLICATIONS}|(?P<for_aws>{_FOR_AWS}))",
    re.IGNORECASE,
)
# repo:*, organization:*; of eu-west-1:* it tells no more.
_ANYBODY = re.compile(r"([\w-]+:)*[*?].*", re.DOTALL)


def admits_anybody(provider: str, held: Iterable[tuple[str, list[str]]]) -> bool:
    """Whether anybody may come by a provider, as a policy writes it; `held` are the keys that
    the condition holds to values.
    """
    shared = _SHARED.fullmatch(provider)
    if not shared:
        return False
    telling = [
        values
        for key, values in held
        if key.startswith(f"{shared['issuer'].lower()}:")
        and not key.endswith((":aud", ":amr") if shared["for_aws"] else ":amr")
    ]
    return not any(_tell(values) for values in telling)


def _tell(values: list[str]) -> bool:
    return all(value and not _ANYBODY.fullmatch(value) for value in values)
