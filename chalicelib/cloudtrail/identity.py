"""userIdentity, read: every field a text, whatever the record holds.

Source of the fields: the CloudTrail user guide, "CloudTrail userIdentity element".
"""

from __future__ import annotations

import re
from typing import Any

from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.texts import one_line

HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
# What hand-cut and anonymised records have where a name stood.
PLACEHOLDERS = frozenset({"", "-", "--", ".", "..", "...", "null", "none", "unknown"})
# As S3, Lambda and others write a caller without credentials. Source: the CloudTrail user guide,
# "CloudTrail userIdentity element" (type AWSAccount, accountId ANONYMOUS_PRINCIPAL).
_ANONYMOUS = re.compile(r"anonymous([_ -]?(principal|user|caller))?", re.IGNORECASE)


class Identity:
    """userIdentity with every field a text, "" where it is absent, odd or a placeholder."""

    __slots__ = ("account", "anonymous", "arn", "fields", "invoked_by", "issuer", "kind", "name",
                 "principal", "role", "session", "session_context", "switched_from")  # fmt: skip

    def __init__(self, record: Record) -> None:
        self.fields = record.user_identity
        self.session_context = object_in(self.fields.get("sessionContext"))
        self.issuer = object_in(self.session_context.get("sessionIssuer"))
        kind = self.fields.get("type")
        self.kind = kind if isinstance(kind, str) else ""  # "Unknown" is CloudTrail's own word
        self.arn = text(self.fields.get("arn"))
        self.principal = text(self.fields.get("principalId"))
        account = text(self.fields.get("accountId"))
        self.name = text(self.fields.get("userName"))
        self.invoked_by = text(self.fields.get("invokedBy"))
        self.anonymous = self._is_anonymous(account)
        self.account = "" if _ANONYMOUS.fullmatch(account) else account
        self.role, self.session = self._role()
        self.switched_from = _switched_from(record)

    def _is_anonymous(self, account: str) -> bool:
        """Whether the caller showed no credentials; a user may be called so all the same."""
        named = self.kind in ("IAMUser", "AssumedRole", "FederatedUser", "Root") or self.arn
        said = (account, self.kind, self.principal, self.name)
        return not named and any(map(_ANONYMOUS.fullmatch, said))

    def _role(self) -> tuple[str, str]:
        """(role, session) from the assumed-role ARN, else from the issuer and the principal."""
        match = re.search(r":assumed-role/(?:.*/)?([^/]+)/([^/]+)$", self.arn)
        if match:
            return match[1], match[2]
        session = self.principal.partition(":")[2] if self.kind == "AssumedRole" else ""
        if self.kind == "AssumedRole" or text(self.issuer.get("type")) == "Role":
            name = text(self.issuer.get("userName")) or tail_of(text(self.issuer.get("arn")))
            return name, session
        return "", ""


def _switched_from(record: Record) -> str:
    """Who switched to the role whose session tells of it, as the console's sign-in says."""
    arn = record.additional.get("SwitchFrom") if record.event_name == "SwitchRole" else None
    return tail_of(text(arn)) if arn else ""


def text(value: Any) -> str:
    """A text that says something, else ""; characters that nobody sees say nothing."""
    if not isinstance(value, str):
        return ""
    seen = value.strip() if value.isascii() else one_line(value, len(value))
    return "" if seen.lower() in PLACEHOLDERS else seen


def object_in(value: Any) -> dict[str, Any]:
    """The object, {} in the place of anything else."""
    return value if isinstance(value, dict) else {}


def tail_of(arn: str) -> str:
    """What an ARN ends with: the name after its last slash, else after its last colon."""
    return arn.rpartition("/")[2] if "/" in arn else arn.rpartition(":")[2]
