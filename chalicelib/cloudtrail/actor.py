"""Who did it: an Actor for every userIdentity type, and by what means (console, CLI, SDK …).

Source of the fields: the CloudTrail user guide, "CloudTrail userIdentity element".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.texts import one_line

HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
NAME_HIDDEN = "somebody (AWS hides the name)"
NOT_NAMED = "somebody not named"
# What hand-cut and anonymised records have where a name stood.
PLACEHOLDERS = frozenset({"", "-", "--", ".", "..", "...", "null", "none", "unknown"})
# A session that software named by itself says nothing about who is behind it.
MACHINE_SESSION = re.compile(
    r"(aws-go-sdk|botocore-session|aws-sdk-\w+|AWSCLI-Session|terraform|session|tmp)?[-_]?\d{9,}|"
    r"[0-9a-f]{16,}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]+",
    re.IGNORECASE,
)
SERVICE = re.compile(r"(?!console\.|signin\.)[a-z0-9-]+\.amazonaws\.com")
EMAIL = re.compile(r"[^@\s/]+@[^@\s/]+\.[^@\s/]+")
SSO_ROLE = re.compile(r"AWSReservedSSO_(.+)_[0-9A-Za-z*]+")
REFUSED_ARN = re.compile(r"\b(arn:aws[\w-]*:(?:iam|sts)::[^\s,]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who did it, as a reader would say it.

    `name` is what they are called everywhere: the person where one is known, never empty. `kind`
    is userIdentity.type as written, `detail` what stands behind the name ("IAM user", "SSO role
    Developer"), `id` the ARN or principal id. `mfa` is None where CloudTrail does not tell:
    sessions of single sign-on and of roles say "false" whatever the person did.
    """

    name: str
    kind: str
    detail: str
    id: str
    account_id: str
    role: str = ""
    session: str = ""
    person: str = ""
    invoked_by: str = ""
    mfa: bool | None = None

    @classmethod
    def of(cls, record: Record) -> Actor:
        """The actor of a record, whatever its userIdentity looks like."""
        identity = _Identity(record)
        name, detail = _name(identity, record)
        return cls(
            name=name,
            kind=identity.kind,
            detail=detail,
            id=identity.arn or identity.principal,
            account_id=identity.account,
            role=identity.role,
            session=identity.session,
            person=_person(identity),
            invoked_by=identity.invoked_by,
            mfa=_mfa(identity, record),
        )


class _Identity:
    """userIdentity with every field a text, "" where it is absent, odd or a placeholder."""

    __slots__ = ("account", "arn", "fields", "invoked_by", "issuer", "kind", "name", "principal",
                 "role", "session", "session_context")  # fmt: skip

    def __init__(self, record: Record) -> None:
        self.fields = record.user_identity
        self.session_context = _object(self.fields.get("sessionContext"))
        self.issuer = _object(self.session_context.get("sessionIssuer"))
        kind = self.fields.get("type")
        self.kind = kind if isinstance(kind, str) else ""  # "Unknown" is CloudTrail's own word
        self.arn = text(self.fields.get("arn"))
        self.principal = text(self.fields.get("principalId"))
        self.account = text(self.fields.get("accountId"))
        self.name = text(self.fields.get("userName"))
        self.invoked_by = text(self.fields.get("invokedBy"))
        self.role, self.session = self._role()

    def _role(self) -> tuple[str, str]:
        """(role, session) from the assumed-role ARN, else from the issuer and the principal."""
        match = re.search(r":assumed-role/(?:.*/)?([^/]+)/([^/]+)$", self.arn)
        if match:
            return match[1], match[2]
        session = self.principal.partition(":")[2] if self.kind == "AssumedRole" else ""
        if self.kind == "AssumedRole" or text(self.issuer.get("type")) == "Role":
            name = text(self.issuer.get("userName")) or _tail(text(self.issuer.get("arn")))
            return name, session
        return "", ""


def text(value: Any) -> str:
    """A text that says something, else ""; characters that nobody sees say nothing."""
    if not isinstance(value, str):
        return ""
    seen = value.strip() if value.isascii() else one_line(value, len(value))
    return "" if seen.lower() in PLACEHOLDERS else seen


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _tail(arn: str) -> str:
    return arn.rpartition("/")[2] if "/" in arn else arn.rpartition(":")[2]


def _name(identity: _Identity, record: Record) -> tuple[str, str]:
    """(name, detail), by the identity's type first, then by whatever names somebody."""
    if HIDDEN in (identity.name, identity.principal):
        return NAME_HIDDEN, _kind_in_words(identity.kind)
    if identity.role and identity.kind != "FederatedUser":
        return _role_name(identity)
    if identity.kind == "Root" or identity.arn.endswith(":root"):
        return "root", f"root of account {identity.account}" if identity.account else "root"
    if identity.kind == "FederatedUser" or ":federated-user/" in identity.arn:
        issuer = text(identity.issuer.get("userName"))
        name = _tail(identity.arn) or identity.principal.rpartition(":")[2]
        return name or NOT_NAMED, f"federated by {issuer}" if issuer else "federated user"
    if identity.kind == "AWSService" and identity.invoked_by:
        return identity.invoked_by, "AWS service"
    name = identity.name or _named_elsewhere(identity, record)
    return name, _kind_in_words(identity.kind)


def _role_name(identity: _Identity) -> tuple[str, str]:
    person = _person(identity)
    sso = SSO_ROLE.fullmatch(identity.role)
    if sso:
        return person or identity.session or identity.role, f"SSO role {sso[1]}"
    if person and not _web_identity(identity):
        return person, f"role {identity.role}"
    detail = f"role, for {person}" if person else "role"
    machine = MACHINE_SESSION.fullmatch(identity.session) or identity.session == identity.role
    if not identity.session or machine or identity.role.startswith("AWSServiceRoleFor"):
        return identity.role, detail
    return f"{identity.role}/{identity.session}", detail


def _person(identity: _Identity) -> str:
    """The person behind a session, as far as the session says.

    A sourceIdentity cannot be changed along a chain of roles, an Identity Center session is
    named after its user, and a session name that is an e-mail address is the caller's word.
    """
    source = text(identity.session_context.get("sourceIdentity"))
    if source:
        return source
    if SSO_ROLE.fullmatch(identity.role) or EMAIL.fullmatch(identity.session):
        return identity.session
    return _web_identity(identity)


def _web_identity(identity: _Identity) -> str:
    federation = _object(identity.session_context.get("webIdFederationData"))
    attributes = _object(federation.get("attributes"))
    for key in ("sub", "email"):
        for name, value in attributes.items():
            if name.rpartition(":")[2] == key and text(value):
                return text(value)
    return ""


def _named_elsewhere(identity: _Identity, record: Record) -> str:
    """Whatever else names who it was, the most telling first; never empty."""
    behalf = _object(identity.fields.get("onBehalfOf"))
    refused = REFUSED_ARN.search(record.error_message)
    candidates = (
        _tail(identity.arn),
        text(record.additional.get("UserName")) or text(record.additional.get("userName")),
        text(identity.fields.get("identityProvider")),
        f"Identity Center user {behalf['userId']}" if text(behalf.get("userId")) else "",
        identity.invoked_by,
        text(identity.issuer.get("userName")),
        _tail(refused[1]) if refused else "",
        _principal(identity),
        _service(record),
        f"account {identity.account}" if identity.account else "",
        f"account {record.account_id}" if text(record.account_id) else "",
        text(identity.fields.get("accessKeyId")),
    )
    return next((name for name in map(text, candidates) if name), NOT_NAMED)


def _principal(identity: _Identity) -> str:
    """A principal id's readable part; of another account's caller only the account tells."""
    if identity.kind == "AWSAccount" or identity.principal == identity.account:
        return f"account {identity.account}" if identity.account else ""
    return identity.principal.rpartition(":")[2]


def _service(record: Record) -> str:
    """The service that acted by itself, where a record names nobody."""
    if record.event_type == "AwsCloudTrailInsight" or "insightDetails" in record.raw:
        return "CloudTrail Insights"
    for where in (record.source_ip, record.user_agent):
        if SERVICE.fullmatch(where):
            return where
    return record.event_source if record.event_type == "AwsServiceEvent" else ""


def _kind_in_words(kind: str) -> str:
    words = {
        "IAMUser": "IAM user",
        "AWSService": "AWS service",
        "AWSAccount": "another AWS account",
        "IdentityCenterUser": "IAM Identity Center user",
        "WebIdentityUser": "web identity",
        "SAMLUser": "SAML user",
        "AssumedRole": "role",
        "Unknown": "",
    }
    return words.get(kind, text(kind))


def _mfa(identity: _Identity, record: Record) -> bool | None:
    """Whether MFA was used; "no" only where CloudTrail knows it: IAM users and root."""
    attributes = _object(identity.session_context.get("attributes"))
    stated = record.additional.get("MFAUsed", attributes.get("mfaAuthenticated"))
    used = str(stated).lower() in ("yes", "true")
    if used:
        return True
    denied = str(stated).lower() in ("no", "false")
    return False if denied and identity.kind in ("IAMUser", "Root") else None
