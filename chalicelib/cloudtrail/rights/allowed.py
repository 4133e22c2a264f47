"""What a statement that allows gives beyond what it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from chalicelib.cloudtrail.exposure.conditions import held_by
from chalicelib.cloudtrail.reading import get, has, texts, word
from chalicelib.cloudtrail.rights.actions import dangers_but, dangers_of, glob_of, is_harmless

# More than a policy can hold (32,768 characters of a permission set's); of a forged one that has
# more nothing is told apart.
MOST_ACTIONS, MOST_REACHES = 1_500, 50
# What a resource is of, where its ARN is another service's.
_OF = {"sts": "iam"}
# What comes before a name: role/, log-group:, and the r of r*, which is every role too.
_KIND = re.compile(r"\w[\w*?-]*[:/]|\w[\w-]*(?=[*?])")
# Names that have nothing in common: what fits both of a kind fits all of it, as *le/* does.
_UNLIKE = {
    "iam": tuple((f"{kind}/q7", f"{kind}/zk/JW") for kind in ("role", "user", "group", "policy")),
    "secretsmanager": (("secret:q7-x0Yz1W", "secret:zk/JW-p9Qr8T"),),
    "ssm": (("parameter/q7", "parameter/zk/JW"),),
    "kms": (("key/0a1b-2c", "key/9f8e-7d"),),
    "ec2": (("instance/i-07", "instance/i-fe9"),),
}
# A partition and a service as they are; else a wildcard may stand for several parts of an ARN.
_BEGINNING = re.compile(
    r"arn:(\*|aws[a-z-]*):(?![a-z]+(-[a-z]+)+-[0-9]+:)[\w*?-]*[a-z*?][\w*?-]*:.*", re.DOTALL
)
# Where a name begins with no kind: bucket/*, api-id/*.
_WITHOUT_KINDS = frozenset({"s3", "execute-api", "sns", "sqs", "codecommit", "codepipeline"})
_ANYTHING = re.compile(r"[*?]+(:[*?]+)?")
_WILD = re.compile(r"[*?]")
# A letter by itself, as in role/*e*, is nobody's name.
_NAMING = re.compile(r"[^\W_]{2}")
_FLOW_LOG = re.compile(r"vpc-flow-log/|[\w-]*[*?]")
_ACCOUNT = re.compile(r"[0-9]{12}")
_OWN_USER = re.compile(r"(user|mfa|sms-mfa)/(.*/)?\$\{aws:username\}", re.IGNORECASE)
# A condition that holds the right to resources with a tag, or to keys with an alias, names them.
_HOLDING = re.compile(r"(foranyvalue:)?string(equals|equalsignorecase|like)")
_TAG = re.compile(r"[\w-]+:resourcetag/.+")
_ALIAS = re.compile(r"kms:(resourcealiases|requestalias)")
_ITS_OWN_TAG = re.compile(r"\$\{[\w-]+:resourcetag/", re.IGNORECASE)


class Reach(NamedTuple):
    """How far a resource of a statement reaches.

    `service` as in its ARN, "" where it may be any; `wide` where it names nothing; `elsewhere`
    where it may be another account's; `own` where it is whoever calls; `records` where it may be
    what records or detects.
    """

    service: str
    wide: bool
    elsewhere: bool
    own: bool
    records: bool

    def is_of(self, service: str) -> bool:
        """Whether it may be one of a service's, "" of any's."""
        return not service or self.service in ("", _OF.get(service, service))


def allowed_by(statement: dict[str, Any], own: str) -> Iterator[str]:
    """Words of the vocabulary, repeated ones too; none of a narrow statement."""
    reaches = _reaches(statement, own)
    but = has(statement, "NotAction")
    actions = texts(get(statement, "NotAction" if but else "Action"))
    if len(actions) > MOST_ACTIONS or len(reaches) > MOST_REACHES or not (actions or but):
        yield "unknown"
    elif but:
        yield from _all_but(actions, reaches)
    else:
        for action in actions:
            yield from _given(action, reaches)


def _all_but(left_out: list[str], reaches: list[Reach]) -> Iterator[str]:
    dangers = dangers_but(left_out)
    over_iam = "iam" in dangers.get("identities", ())
    for reach in reaches:
        if reach.wide and over_iam and reach.is_of("iam"):
            yield "administrator"
            continue
        # Who leaves out IAM leaves out an account's identities, if not the organization's.
        found = _dangerous(dangers, reach)
        yield from ("some-identities" if word == "identities" else word for word in found)
        if reach.wide:
            yield "everywhere"


def _given(action: str, reaches: list[Reach]) -> Iterator[str]:
    """What one action gives, on everything that the statement reaches."""
    dangers, service = dangers_of(action), action.partition(":")[0].lower()
    service = "" if _WILD.search(service) else service
    for reach in reaches:
        if reach.wide and _ANYTHING.fullmatch(action) and reach.is_of("iam"):
            yield "administrator"
            continue
        found = _dangerous(dangers, reach)
        yield from found
        if reach.wide and not found and reach.is_of(service) and not is_harmless(action):
            yield "everywhere"


def _dangerous(dangers: dict[str, set[str]], reach: Reach) -> list[str]:
    """The words for the kinds of dangerous actions so far."""
    return [
        said
        for kind, services in dangers.items()
        if any(map(reach.is_of, services)) and (said := _said(kind, reach))
    ]


def _said(kind: str, reach: Reach) -> str:
    """The word for a kind of dangerous actions so far; "" where it is narrow.

    One's own credentials are narrow; one's own policies are all the rights there are.
    """
    if kind in ("identities", "credentials"):
        named = "" if reach.own and kind == "credentials" else "some-identities"
        return "identities" if reach.wide else named
    if kind == "assume-role":
        return kind if reach.wide or reach.elsewhere else ""
    return kind if reach.wide or (kind == "recording" and reach.records) else ""


def _reaches(statement: dict[str, Any], own: str) -> list[Reach]:
    """Each reach once; as wide as can be where it says what it is not about, or nothing."""
    named = texts(get(statement, "Resource")) or ["*"]
    bound = _held_to_a_tag(get(statement, "Condition"))
    found = dict.fromkeys(_reach(resource, own, bound=bound) for resource in named)
    return list(islice(found, MOST_REACHES + 1))


def _reach(resource: str, own: str, *, bound: bool) -> Reach:
    parts = resource.split(":", 5)
    if len(parts) < 6 or not _BEGINNING.fullmatch(resource):
        wide = "*" in resource and not bound
        return Reach("", wide, elsewhere=True, own=False, records=True)
    service, account, name = parts[2], parts[4], parts[5]
    return Reach(
        service="" if _WILD.search(service) else service.lower(),
        wide=_names_nothing(name, service.lower()) and not bound,
        elsewhere=account != own if _ACCOUNT.fullmatch(account) else "$" not in account,
        own=_OWN_USER.fullmatch(name) is not None,
        records=service.lower() != "ec2" or _FLOW_LOG.match(name) is not None,
    )


def _names_nothing(name: str, service: str) -> bool:
    """Whether the last part of an ARN is every name: *, role/*, secret:*-??????"""
    kind = None if service in _WITHOUT_KINDS else _KIND.match(name)
    if not _WILD.search(name):
        return False
    return _is_anything(name[kind.end() :] if kind else name) or _fits_all(name, service)


def _fits_all(name: str, service: str) -> bool:
    """Whether it fits every name of a kind, of those that the dangerous actions are of."""
    services = _UNLIKE if _WILD.search(service) else {service} & _UNLIKE.keys()
    kinds = [names for one in services for names in _UNLIKE[one]]
    return any(all(map(glob_of(name).match, names)) for names in kinds)


def _is_anything(text: str) -> bool:
    return _WILD.search(text) is not None and _NAMING.search(text) is None


def _held_to_a_tag(condition: Any) -> bool:
    return any(_holds(key, list(map(word, items))) for key, items in held_by(condition, _HOLDING))


def _holds(key: str, values: list[str]) -> bool:
    """Whether not everything has such a tag or alias: *, ?*, alias/* or, of a resource's own tag,
    ${aws:ResourceTag/…}.
    """
    if _ALIAS.fullmatch(key):
        values = [value.partition("alias/")[2] for value in values]
    elif not _TAG.fullmatch(key):
        return False
    told = [
        value
        for value in values
        if value and not _is_anything(value) and not _ITS_OWN_TAG.search(value)
    ]
    return bool(values) and told == values
