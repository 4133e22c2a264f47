"""To whom the condition of a statement narrows everyone, if to anybody.

Source: S3 user guide, "The meaning of 'public'": a statement for everyone is public unless a
condition holds the caller to fixed values, without a wildcard, of keys that tell who it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from chalicelib.cloudtrail.exposure.addresses import is_wide, network_of
from chalicelib.cloudtrail.exposure.federation import admits_anybody
from chalicelib.cloudtrail.exposure.grant import EVERYONE, SOME, Grant
from chalicelib.cloudtrail.naming import short
from chalicelib.cloudtrail.reading import each, word

# Operators that hold a key to values. What ends in IfExists lets in whoever does not send the key,
# and so does ForAllValues; Null, Not…, dates and numbers say nothing of who it is.
HOLDING = re.compile(
    r"(foranyvalue:)?(stringequals|stringequalsignorecase|stringlike|arnequals|arnlike|ipaddress|"
    r"bool)"
)
ACCOUNTS = frozenset(
    f"{prefix}account"
    for prefix in (
        *("aws:source", "aws:principal", "aws:vpce", "aws:sourcevpc"),
        *("kms:caller", "s3:dataaccesspoint", "lambda:source"),
    )
) | {"aws:sourceowner"}
ORGANIZATIONS = frozenset(
    f"aws:{whose}{what}"
    for whose in ("principal", "source", "vpce")
    for what in ("orgid", "orgpaths")
)
ARNS = frozenset(
    {
        *("aws:sourcearn", "aws:principalarn", "aws:sourceinstancearn"),
        *("s3:dataaccesspointarn", "lambda:sourcefunctionarn"),
    }
)
ADDRESSES = frozenset({"aws:sourceip", "aws:vpcsourceip"})
NETWORKS = {"aws:sourcevpc": "VPC", "aws:sourcevpce": "VPC endpoint"}
# They tell how or for what a call is made, never by whom: whoever likes can meet them.
NEVER = (
    r"aws:(securetransport|currenttime|epochtime|referer|useragent|requestedregion|tokenissuetime|"
    r"multifactorauth\w*|principaltype|resource(account|orgid|orgpaths|tag/.*)|requesttag/.*|tagkeys)|"
    r"s3:(?!dataaccesspoint|x-amz-server-side-encryption-aws-kms-key-id).*|"
    r"lambda:functionurlauthtype|kms:(?!caller).*|sns:(protocol|endpoint)|"
    r"secretsmanager:.*|dynamodb:.*|elasticfilesystem:.*|es:.*"
)
_ACCOUNT = re.compile(r"[0-9]{12}")
_WILD = re.compile(r"[*?]|\$\{")


def narrowed(grant: Grant, condition: Any, own: str) -> Iterator[Grant]:
    """The grant as its condition leaves it: of everyone perhaps nobody but an account."""
    held = list(_held(condition))
    if grant.whom == "provider" and admits_anybody(grant.written, held):
        yield replace(grant, whom=EVERYONE, to=EVERYONE, condition="")
        return
    if grant.whom != EVERYONE:
        yield replace(grant, condition=said(held))
        return
    if not _readable(condition):
        yield replace(grant, whom="condition", to=SOME)
        return
    found = [who for key, values in held if (who := _who(key, values, own))]
    best = min(found, key=lambda who: who[0][0] == "condition", default=None)
    if best is None:
        yield grant
    for whom, to in best or ():
        yield replace(grant, whom=whom, to=to, condition=said(held))


def _readable(condition: Any) -> bool:
    """Whether it is a condition, or none; what else stands there may hold anybody off."""
    if not isinstance(condition, dict):
        return condition is None
    blocks = [block for block in condition.values() if block is not None]
    return all(isinstance(block, dict) for block in blocks) and all(
        isinstance(item, str | int | float)
        for block in blocks
        for value in block.values()
        for item in each(value)
    )


def said(held: list[tuple[str, list[str]]]) -> str:
    """What is held, as in "aws:sourceorgid o-1"; "" of nothing."""
    return "; ".join(f"{key} {' '.join(values[:3])}" for key, values in held[:3])


def _held(condition: Any) -> Iterator[tuple[str, list[str]]]:
    """(key, its values) for all that the condition holds to fixed values."""
    for key, items in held_by(condition, HOLDING):
        values = [str(one).lower() if isinstance(one, bool) else word(one) for one in items]
        if values:
            yield key, values


def held_by(condition: Any, operators: re.Pattern[str]) -> Iterator[tuple[str, list[Any]]]:
    """(key, what stands at it) by these operators; keys and operators are in small letters."""
    for operator, block in condition.items() if isinstance(condition, dict) else ():
        if operators.fullmatch(operator.lower()) and isinstance(block, dict):
            yield from ((key.lower(), list(each(value))) for key, value in block.items())


def _who(key: str, values: list[str], own: str) -> list[tuple[str, str]]:
    """(whom, to) for each value; [] where one of them, or the key, holds nobody off."""
    if _never().fullmatch(key):
        return []
    found = [_one(key, value.strip(), own) for value in values]
    return list(dict.fromkeys(found)) if all(whom for whom, _ in found) else []


@cache
def _never() -> re.Pattern[str]:
    return re.compile(NEVER)


def _one(key: str, value: str, own: str) -> tuple[str, str]:
    if key in ADDRESSES:
        network = network_of(value)
        wide = network is None or is_wide(network)
        return ("", "") if wide else ("network", value)
    if key in ORGANIZATIONS:
        organization = value.partition("/")[0]
        wild = not organization or _WILD.search(organization)
        return ("", "") if wild else ("organization", f"organization {organization}")
    if key in ARNS:
        return _of_arn(value, own)
    if _WILD.search(value) or not value:
        return "", ""
    if key in ACCOUNTS:
        return _of_account(value, own)
    if key in NETWORKS:
        return "network", f"{NETWORKS[key]} {value}"
    return "condition", SOME


def _of_arn(value: str, own: str) -> tuple[str, str]:
    parts = value.split(":", 5)
    if len(parts) < 6:
        return "", ""
    if _ACCOUNT.fullmatch(parts[4]):
        return _of_account(parts[4], own)
    # A bucket's ARN holds no account, and its name alone must be told.
    fixed = not _WILD.search(parts[2] + parts[5].partition("/")[0]) and parts[5]
    return ("resource", short(value)) if fixed and not parts[4] else ("", "")


def _of_account(value: str, own: str) -> tuple[str, str]:
    if not _ACCOUNT.fullmatch(value):
        return "condition", SOME
    return ("own-account" if value == own else "account"), f"account {value}"
