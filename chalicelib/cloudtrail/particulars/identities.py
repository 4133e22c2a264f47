"""Who may sign in, and as whom: sign-ins, keys, roles, assignments."""

from __future__ import annotations

import re
from collections.abc import Callable

from chalicelib.cloudtrail.callers import about_the_caller, role_switched_to
from chalicelib.cloudtrail.fields import first_at
from chalicelib.cloudtrail.identity import text
from chalicelib.cloudtrail.naming import short
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.cloudtrail.policies import principals_of
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.verdict import outcome_of
from chalicelib.cloudtrail.words import enumeration

_ACCOUNT = r"arn:aws[\w-]*:\w+::(\d{12}):"
# Phrases that are better said otherwise of oneself; the others are turned by their words.
_OWN = {
    "iam:GetUser": "read {own} user",
    "iam:ListAccessKeys": "list {own} access keys",
    "iam:ListMFADevices": "list {own} MFA devices",
    "iam:GetLoginProfile": "look at {own} console password",
    "iam:EnableMFADevice": "give {self} an MFA device[ ({serialNumber})]",
    "iam:DeactivateMFADevice": "remove {own} MFA device[ ({serialNumber})]",
    "iam:ResyncMFADevice": "synchronize {own} MFA device[ ({serialNumber})]",
    "iam:CreateServiceSpecificCredential": "create a credential for {serviceName} for {self}",
}
_OF_A_USER = r"\b(?:the|an?) ([^\[\]]*?) of the IAM user \{\d\}"
_A_USER = r"the IAM user(?: \{\d\}|\[ \{\d\}\])"


def of_themselves(record: Record, phrase: str) -> str:
    """A phrase about an IAM user, turned to the caller whom it is about: "delete the access key
    {accessKeyId} of the IAM user {0}" becomes "delete its own access key {accessKeyId}"; "" where
    it is about somebody else.
    """
    if not about_the_caller(record):
        return ""
    root = record.user_identity.get("type") == "Root"
    own, self = ("its own", "itself") if root else ("their own", "themselves")
    stated = _OWN.get(f"iam:{record.event_name}")
    if stated:
        return stated.replace("{own}", own).replace("{self}", self)
    turned = re.sub(_OF_A_USER, rf"{own} \1", phrase)
    turned = re.sub(_A_USER, self, turned)
    return turned if turned != phrase else ""


def _switched_role(record: Record) -> str:
    role = short(role_switched_to(record))
    if not role:
        return "switch role"
    from_ = re.match(_ACCOUNT, text(record.additional.get("SwitchFrom")))
    other = from_ and from_[1] != record.account_id
    return f"switch to the role {role}{f' (from account {from_[1]})' if from_ and other else ''}"


def _sign_in(record: Record) -> str:
    failed = outcome_of(record).outcome is Outcome.FAILED
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
    phrase = f"{verb} {f'the access key {key}' if key else 'an access key'} of the IAM user {{0}}"
    own = of_themselves(record, phrase)
    return own or phrase.replace(
        "the IAM user {0}", f"the IAM user {user}" if user else "an IAM user"
    )


def _own_password(record: Record) -> str:
    root = record.user_identity.get("type") == "Root"
    return f"change {'its' if root else 'their'} own console password"


def _assignment(record: Record, verb: str = "give") -> str:
    who, account = first_at(record, "principalId"), first_at(record, "targetId")
    kind = first_at(record, "principalType").lower()
    if not who:
        return ""
    where = f"the account {account}" if account else "an account"
    if verb == "take":
        return f"take the access to {where} away from the {kind or 'principal'} {who}"
    return f"give the {kind or 'principal'} {who} access to {where}"


def _no_assignment(record: Record) -> str:
    return _assignment(record, "take")


PARTICULARS: dict[str, Callable[[Record], str]] = {
    "signin:ConsoleLogin": _sign_in,
    "iam:CreateRole": _trust("create"),
    "iam:UpdateAssumeRolePolicy": _trust("let"),
    "iam:UpdateAccessKey": _access_key_status,
    "iam:ChangePassword": _own_password,
    "signin:SwitchRole": _switched_role,
    "sso:CreateAccountAssignment": _assignment,
    "sso:DeleteAccountAssignment": _no_assignment,
}
