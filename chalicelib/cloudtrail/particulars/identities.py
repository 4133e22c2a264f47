"""Who may sign in, and as whom: sign-ins, keys, roles, assignments."""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.cloudtrail.fields import first_at
from chalicelib.cloudtrail.identity import text
from chalicelib.cloudtrail.policies import principals_of
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.words import enumeration


def _sign_in(record: Record) -> str:
    failed = text(record.response.get("ConsoleLogin")) == "Failure"
    used = str(record.additional.get("MFAUsed", "")).lower()
    # Of who signs in through a provider, MFA (if any) happened elsewhere.
    knows = record.user_identity.get("type") in ("IAMUser", "Root")
    if failed or not knows or used not in ("yes", "no"):
        return "sign in to the console"
    return "sign in with MFA" if used == "yes" else "sign in without MFA"


def _trust(verb: str) -> Callable[[Record], str]:
    def predicate(record: Record) -> str:
        role = first_at(record, "roleName")
        admitted = principals_of(record.request.get("assumeRolePolicyDocument"))
        admitted = admitted or principals_of(record.request.get("policyDocument"))
        if not role or not admitted:
            return ""
        if verb == "create":
            return f"create the role {role}, which {enumeration(admitted)} may take"
        return f"let {enumeration(admitted)} take the role {role}"

    return predicate


def _access_key_status(record: Record) -> str:
    status = first_at(record, "status")
    verb = {"Active": "activate", "Inactive": "deactivate"}.get(status, "change")
    user = first_at(record, "userName")
    key = first_at(record, "accessKeyId")
    whose = f"of the IAM user {user}" if user else "of their own"
    return f"{verb} {f'the access key {key}' if key else 'an access key'} {whose}"


def _password_of(record: Record) -> str:
    user = first_at(record, "userName")
    own = text(record.user_identity.get("userName"))
    return "change their own console password" if user and user == own else ""


def _assignment(record: Record) -> str:
    who, account = first_at(record, "principalId"), first_at(record, "targetId")
    kind = first_at(record, "principalType").lower()
    if not who or not account:
        return ""
    return f"give the {kind or 'principal'} {who} access to the account {account}"


PARTICULARS: dict[str, Callable[[Record], str]] = {
    "signin:ConsoleLogin": _sign_in,
    "iam:CreateRole": _trust("create"),
    "iam:UpdateAssumeRolePolicy": _trust("let"),
    "iam:UpdateAccessKey": _access_key_status,
    "iam:UpdateLoginProfile": _password_of,
    "sso:CreateAccountAssignment": _assignment,
}
