"""Whom the policy of a resource admits and keeps out, by AWS's own meaning of public."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from chalicelib.cloudtrail.exposure.conditions import narrowed
from chalicelib.cloudtrail.exposure.grant import EVERYONE, Grant, canonical_user
from chalicelib.cloudtrail.naming import short
from chalicelib.cloudtrail.reading import dicts, document, each, get, has, word

_SERVICE = re.compile(r"[\w.-]+\.amazonaws\.com(\.cn)?", re.IGNORECASE)
# arn:aws:iam::444455556666:role/x, arn:aws:sts::444455556666:assumed-role/x/y
_ARN = re.compile(r"arn:[^:]*:(iam|sts)::([^:]*):(.*)", re.DOTALL)
# As RAM and EC2 name organizations and their units.
_ORGANIZATION = re.compile(r"arn:[^:]*:organizations::[^:]*:(?:organization|ou)/(o-[^/]+(?:/.+)?)")
_ACCOUNT = re.compile(r"[0-9]{12}")
# What may stand for anybody.
WILD = re.compile(r"[*?]")


def admissions(policy: Any, own: str, what: str, resource: str = "") -> Iterator[Grant]:
    """A grant for everybody whom a statement names; Deny makes grants with the effect deny.

    `policy` is the document, or a text that holds it; `own` the account that it stands in.
    Nothing is claimed of what cannot be read.
    """
    for effect, statement in statements_of(policy):
        for grant in _of_statement(statement, own):
            yield replace(grant, what=what, resource=resource, effect=effect)


def statements_of(policy: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The effect, allow or deny, and the statement, for each that can be read."""
    found = document(policy)
    statements = get(found, "Statement") if isinstance(found, dict) else found
    read = [document(item) for item in each(document(statements) or ())]
    for statement in dicts(read):
        effect = word(get(statement, "Effect")).strip().lower()
        if effect in ("allow", "deny"):
            yield effect, statement


def _of_statement(statement: dict[str, Any], own: str) -> Iterator[Grant]:
    condition = get(statement, "Condition")
    if has(statement, "NotPrincipal"):
        excepted = [grant.to for grant in _named(get(statement, "NotPrincipal"), own)]
        if EVERYONE in excepted:
            return  # everyone but everyone is nobody
        but = f"but {' and '.join(dict.fromkeys(excepted))}" if excepted else ""
        everyone = Grant(to=EVERYONE, whom=EVERYONE, what="", condition=but)
        yield from narrowed(everyone, condition, own) if excepted else ()
        return
    for grant in _named(get(statement, "Principal"), own):
        yield from narrowed(grant, condition, own)


def _named(principal: Any, own: str) -> Iterator[Grant]:
    if not isinstance(principal, dict):
        yield from (one for item in each(principal) for one in admitted(item, own))
        return
    for kind, group in principal.items():
        for item in each(group):
            yield from admitted(item, own, kind.lower())


def admitted(principal: Any, own: str, kind: str = "aws") -> Iterator[Grant]:
    """One principal as a policy or a request writes it, under the key `kind`."""
    name = word(principal).strip()
    if not name or not (isinstance(principal, str) or _ACCOUNT.fullmatch(name)):
        return
    organization = _ORGANIZATION.match(name)
    if organization:
        to = f"organization {organization[1]}"
        yield Grant(to=to, whom="organization", what="", written=name)
    elif kind == "federated" and name != "*":
        # Before services: cognito-identity.amazonaws.com signs people in.
        yield Grant(to=short(name), whom="provider", what="", written=name)
    elif kind == "service" or _SERVICE.fullmatch(name):
        to = "every AWS service" if name == "*" else name
        yield Grant(to=to, whom="service", what="", written=name)
    elif kind == "canonicaluser" and name != "*":
        yield canonical_user(name)
    else:
        yield _of_aws(name, own)


def _of_aws(name: str, own: str) -> Grant:
    arn = _ARN.fullmatch(name)
    account = arn[2] if arn else name
    if name == "*" or (arn and WILD.search(account)):
        return Grant(to=EVERYONE, whom=EVERYONE, what="", written=name)
    if not _ACCOUNT.fullmatch(account):
        # An unknown name: AWS writes the id of a principal that was deleted.
        return Grant(to=short(name), whom="principal", what="", written=name)
    whom = "own-account" if account == own else "account"
    part = arn[3] if arn else "root"
    if part in ("root", "*"):
        return Grant(to=f"account {account}", whom=whom, what="", written=name)
    of = "" if whom == "own-account" else f" of account {account}"
    return Grant(to=f"{part}{of}", whom=whom, what="", written=name)
