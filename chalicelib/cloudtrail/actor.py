"""Who did it: an Actor for every userIdentity type, and by what means (console, CLI, SDK …).

Source of the fields: the CloudTrail user guide, "CloudTrail userIdentity element".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from chalicelib.cloudtrail.identity import HIDDEN, Identity, object_in, tail_of, text
from chalicelib.cloudtrail.record import Record

NAME_HIDDEN = "somebody (AWS hides the name)"
NOT_NAMED = "somebody not named"
ANONYMOUS = "somebody anonymous"
# An id that IAM gave out, in the place of a name. Source: the IAM user guide, "Unique identifiers".
_UNIQUE_ID = re.compile(r"(AIDA|AROA|AGPA|ANPA|AKIA|ASIA|AIPA)[A-Z0-9]{12,}")
# A session that software named by itself says nothing about who is behind it.
MACHINE_SESSION = re.compile(
    r"(aws-go-sdk|botocore-session|aws-sdk-\w+|AWSCLI-Session|terraform|session|tmp)?[-_]?\d{9,}|"
    r"[0-9a-f]{16,}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]+",
    re.IGNORECASE,
)
# Kinds of identity that are a person's; an IAM user may be a program's, which nobody can tell.
PEOPLE = ("IAMUser", "Root", "IdentityCenterUser", "SAMLUser", "FederatedUser")
SERVICE = re.compile(r"(?!console\.|signin\.)[a-z0-9-]+\.amazonaws\.com")
EMAIL = re.compile(r"[^@\s/]+@[^@\s/]+\.[^@\s/]+")
SSO_ROLE = re.compile(r"AWSReservedSSO_(.+)_[0-9A-Za-z*]+")
REFUSED_ARN = re.compile(r"\b(arn:aws[\w-]*:(?:iam|sts)::[^\s,]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who did it, as a reader would say it.

    `name` is what they are called everywhere: the person where one is known, never empty. `kind`
    is userIdentity.type as written, `detail` what stands behind the name ("IAM user", "SSO role
    Developer"), `id` the ARN or principal id. `principal` is who it is whatever the session: of a
    person their own id, of a workload its role. `mfa` is None where CloudTrail does not tell:
    sessions of single sign-on and of roles say "false" whatever the person did.
    """

    name: str
    kind: str
    detail: str
    id: str
    account_id: str
    principal: str = ""
    role: str = ""
    session: str = ""
    person: str = ""
    invoked_by: str = ""
    web_identity: bool = False
    mfa: bool | None = None

    @classmethod
    def of(cls, record: Record) -> Actor:
        """The actor of a record, whatever its userIdentity looks like."""
        identity = Identity(record)
        name, detail = _name(identity, record)
        return cls(
            name=name,
            kind=identity.kind,
            detail=detail,
            id=identity.arn or identity.principal,
            account_id=identity.account,
            principal=_own_id(identity, name),
            role=identity.role,
            session=identity.session,
            person=_person(identity),
            invoked_by=identity.invoked_by,
            web_identity=bool(_web_identity(identity)),
            mfa=_mfa(identity, record),
        )

    @property
    def is_person(self) -> bool:
        """Whether somebody is behind it, as far as the record says: not a workload or service.

        A web identity is mostly a program's: a repository's pipeline, a pod, an app's visitor.
        """
        return (bool(self.person) and not self.web_identity) or self.kind in PEOPLE


def _name(identity: Identity, record: Record) -> tuple[str, str]:
    """(name, detail), by the identity's type first, then by whatever names somebody."""
    if HIDDEN in (identity.name, identity.principal):
        return NAME_HIDDEN, _kind_in_words(identity.kind)
    if identity.anonymous:
        return ANONYMOUS, ""
    if identity.role and identity.kind != "FederatedUser":
        return _role_name(identity)
    if identity.kind == "Root" or identity.arn.endswith(":root"):
        return "root", f"root of account {identity.account}" if identity.account else "root"
    if identity.kind == "FederatedUser" or ":federated-user/" in identity.arn:
        return _federated_name(identity)
    if identity.kind == "AWSService" and identity.invoked_by:
        return identity.invoked_by, "AWS service"
    name = identity.name or _named_elsewhere(identity, record)
    return name, _kind_in_words(identity.kind)


def _federated_name(identity: Identity) -> tuple[str, str]:
    """A name that is the issuer's own id says less than the issuer's or the user's name."""
    issuer = text(identity.issuer.get("userName"))
    name = tail_of(identity.arn) or identity.principal.rpartition(":")[2]
    if _UNIQUE_ID.fullmatch(name) or name == text(identity.issuer.get("principalId")):
        name = identity.name or issuer or name
    if name == issuer:
        return name or NOT_NAMED, "federated user"
    return name or NOT_NAMED, f"federated by {issuer}" if issuer else "federated user"


def _own_id(identity: Identity, name: str) -> str:
    """Who it is whatever the session, as a text that stays: never empty."""
    if identity.anonymous:
        return ANONYMOUS
    if identity.role and identity.kind != "FederatedUser":
        person = "" if _web_identity(identity) else _person(identity)
        role = _role_arn(identity)
        return f"{role}/{person}" if person else role
    user = text(object_in(identity.fields.get("onBehalfOf")).get("userId"))
    own = "" if identity.principal == identity.account and identity.name else identity.principal
    return user or identity.arn or own or identity.invoked_by or name


def _role_arn(identity: Identity) -> str:
    """The role's ARN without its path, however the record tells it; else its name."""
    return _without_path(text(identity.issuer.get("arn")) or identity.arn, identity.role)


@lru_cache(maxsize=1024)  # an account has some hundred roles
def _without_path(arn: str, role: str) -> str:
    found = re.match(r"arn:([\w-]+):(?:iam|sts)::(\d+):", arn)
    return f"arn:{found[1]}:iam::{found[2]}:role/{role}" if found else role


def _role_name(identity: Identity) -> tuple[str, str]:
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


def _person(identity: Identity) -> str:
    """The person behind a session, as far as the session says.

    A sourceIdentity cannot be changed along a chain of roles, an Identity Center session is
    named after its user, the console says who switched roles, and a session name that is an e-mail
    address is the caller's word.
    """
    source = text(identity.session_context.get("sourceIdentity"))
    if source:
        return source
    if identity.switched_from:
        return identity.switched_from
    if SSO_ROLE.fullmatch(identity.role) or EMAIL.fullmatch(identity.session):
        return identity.session
    return _web_identity(identity)


def _web_identity(identity: Identity) -> str:
    federation = object_in(identity.session_context.get("webIdFederationData"))
    attributes = object_in(federation.get("attributes"))
    for key in ("sub", "email"):
        for name, value in attributes.items():
            if name.rpartition(":")[2] == key and text(value):
                return text(value)
    return ""


def _named_elsewhere(identity: Identity, record: Record) -> str:
    """Whatever else names who it was, the most telling first; never empty."""
    behalf = object_in(identity.fields.get("onBehalfOf"))
    refused = REFUSED_ARN.search(record.error_message)
    candidates = (
        tail_of(identity.arn),
        text(record.additional.get("UserName")) or text(record.additional.get("userName")),
        text(identity.fields.get("identityProvider")),
        f"Identity Center user {behalf['userId']}" if text(behalf.get("userId")) else "",
        identity.invoked_by,
        text(identity.issuer.get("userName")),
        tail_of(refused[1]) if refused else "",
        _principal(identity),
        _service(record),
        f"account {identity.account}" if identity.account else "",
        f"account {record.account_id}" if text(record.account_id) else "",
        text(identity.fields.get("accessKeyId")),
    )
    return next((name for name in map(text, candidates) if name), NOT_NAMED)


def _principal(identity: Identity) -> str:
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


def _mfa(identity: Identity, record: Record) -> bool | None:
    """Whether MFA was used; "no" only where CloudTrail knows it: IAM users and root."""
    attributes = object_in(identity.session_context.get("attributes"))
    stated = record.additional.get("MFAUsed", attributes.get("mfaAuthenticated"))
    used = str(stated).lower() in ("yes", "true")
    if used:
        return True
    denied = str(stated).lower() in ("no", "false")
    return False if denied and identity.kind in ("IAMUser", "Root") else None
