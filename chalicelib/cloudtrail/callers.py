"""What a record is about because of who called: IAM calls about oneself, the role switched to."""

from __future__ import annotations

import re

from chalicelib.cloudtrail.fields import first_at, left_out
from chalicelib.cloudtrail.identity import text
from chalicelib.cloudtrail.record import Record

CALLERS = ("Root", "IAMUser")
# What may be asked without a user's name; the others need one, and nobody may be put in its place.
OF_ONESELF = (
    r"GetUser|List(?:MFADevices|SSHPublicKeys)|"
    r"[A-Z][a-z]+(?:AccessKeys?|LoginProfile|MFADevice|SigningCertificates?|"
    r"ServiceSpecificCredentials?)"
)


def about_the_caller(record: Record) -> bool:
    """Whether an IAM call is about its own caller: what names no user is about root or the IAM
    user whose key signed (IAM API reference, "UserName" of CreateAccessKey and its like).
    """
    identity = record.user_identity
    if not record.event_source.startswith("iam.") or identity.get("type") not in CALLERS:
        return False
    user = first_at(record, "userName|>accessKey.userName|>loginProfile.userName")
    if user:
        return identity.get("type") == "IAMUser" and user == caller(record)
    # Of a refused call CloudTrail often does not tell what was asked.
    told = not left_out(record) and "not authorized" not in record.error_message
    return told and re.fullmatch(OF_ONESELF, record.event_name) is not None


def caller(record: Record) -> str:
    """Root or the IAM user that called, by its own name."""
    identity = record.user_identity
    if identity.get("type") == "Root":
        return "root"
    return text(identity.get("userName")) or text(identity.get("arn")).rpartition("/")[2]


def role_switched_to(record: Record) -> str:
    """The role that a console session switched to; "" where it is not told.

    A role that was taken tells of itself: the record is then the role session's.
    """
    asked = first_at(record, "+SwitchTo")
    issuer = record.user_identity.get("sessionContext")
    role = issuer.get("sessionIssuer") if isinstance(issuer, dict) else None
    arn = re.search(r":assumed-role/([^/]+)/", text(record.user_identity.get("arn")))
    named = text(role.get("userName")) if isinstance(role, dict) else ""
    return asked or (arn[1] if arn else named)
