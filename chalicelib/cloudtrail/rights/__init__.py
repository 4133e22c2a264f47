"""What rights a call gives by an IAM policy: the one judgement of it.

A policy is narrow where each right is for something that it names. A Deny in it takes nothing
back: what it leaves cannot be told from one policy.
"""

from __future__ import annotations

from functools import lru_cache

from chalicelib.cloudtrail.exposure.statements import statements_of
from chalicelib.cloudtrail.naming import name_of
from chalicelib.cloudtrail.reading import get, request_of, word
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.rights.allowed import allowed_by
from chalicelib.cloudtrail.rights.managed import given_by

# Where a call writes a policy's text. Sources: API references of IAM and of IAM Identity Center.
WRITTEN = {
    "iam:PutUserPolicy": "policyDocument",
    "iam:PutRolePolicy": "policyDocument",
    "iam:PutGroupPolicy": "policyDocument",
    "iam:CreatePolicy": "policyDocument",
    "iam:CreatePolicyVersion": "policyDocument",
    "sso:PutInlinePolicyToPermissionSet": "inlinePolicy",
}
# Where it names one that is there; of "" only the customer's, which nobody knows.
NAMED = {
    "iam:AttachUserPolicy": "policyArn",
    "iam:AttachRolePolicy": "policyArn",
    "iam:AttachGroupPolicy": "policyArn",
    "iam:SetDefaultPolicyVersion": "",
    "sso:AttachManagedPolicyToPermissionSet": "managedPolicyArn",
    "sso:AttachCustomerManagedPolicyReferenceToPermissionSet": "",
}


@lru_cache(maxsize=1)  # several rules ask of one record
def gives_of(record: Record) -> tuple[str, ...]:
    """Words of the vocabulary; () of calls that give nobody rights by a policy of IAM."""
    name, request = name_of(record), request_of(record)
    if name in NAMED:
        return given_by(word(get(request, NAMED[name])) if NAMED[name] else "")
    statements = list(statements_of(get(request, WRITTEN[name]))) if name in WRITTEN else []
    if not statements:
        return ("unknown",) if name in WRITTEN else ()
    allowing = [statement for effect, statement in statements if effect == "allow"]
    found = dict.fromkeys(
        given for statement in allowing for given in allowed_by(statement, record.account_id)
    )
    return tuple(found) or (("narrow",) if allowing else ("nothing",))
