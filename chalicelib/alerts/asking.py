"""Whom to ask "was it you?": a person's e-mail address or Slack user, by what a record says of them
(pure).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from chalicelib.alerts.alert import Alert
from chalicelib.cloudtrail.actor import EMAIL, SSO_ROLE
from chalicelib.cloudtrail.identity import Identity, text
from chalicelib.cloudtrail.record import Record

# Roles of Identity Center lie under this path, where nobody else makes one: a role of such a name
# alone may be anybody's. Source: the IAM Identity Center user guide, "Permission sets".
_SSO_PATH = ":role/aws-reserved/sso.amazonaws.com/"
_ANY_PATH = re.compile(r":role/.*/")


def whom(alert: Alert, people: Mapping[str, str]) -> str:
    """Their e-mail address or Slack user's id; "" where nobody knows. The alert has its record.

    A session is named by whoever opens it, and says who they are in Identity Center's own roles
    alone. Of anybody else `[people]` says it, by the user's name or an ARN.
    """
    identity = Identity(Record(alert.record))
    issuer = text(identity.issuer.get("arn"))
    if SSO_ROLE.fullmatch(identity.role):
        if _SSO_PATH not in issuer:
            return ""
        found = people.get(identity.session, "")
        return found or (identity.session if EMAIL.fullmatch(identity.session) else "")
    if identity.kind == "AssumedRole":
        return people.get(issuer) or people.get(_ANY_PATH.sub(":role/", issuer), "")
    named = people.get(identity.name, "") if identity.kind == "IAMUser" else ""
    return people.get(identity.arn) or named
