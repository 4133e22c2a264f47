"""English for sentences: past tenses, articles, lists, and operations' names taken apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from chalicelib.cloudtrail.verbs import (
    BEFORE_VERBS,
    DOUBLING,
    IRREGULAR,
    NOT_STRESSED,
    PHRASAL,
    SHORT,
    VERBS,
)

WORDS = re.compile(
    r"OAuth2?|InApp|[A-Z]{2,}s?(?=[A-Z][a-z]|\d|_|$)|[A-Z]?[a-z]+\d*|[A-Z]+(?![a-z])\d*|[A-Z]|\d+"
)
# "ListObjectsV2" is about objects.
_EDITION = re.compile(r"[vV]\d+")


_PLURAL = re.compile(r"\b(the (?:[\w'-]+ )*?)((?!as )[a-z]+s) $")
_COUNTED = re.compile(r"\b1 ([a-z]+s)\b")
# Nouns of operations that cannot be counted, and those that end in s and are one thing.
UNCOUNTED = frozenset({
    "access", "audio", "availability", "billing", "capacity", "compliance", "compute",
    "connectivity", "consent", "content", "data", "equipment", "feedback", "hardware", "health",
    "history", "information", "inventory", "logging", "material", "metadata", "readiness",
    "software", "status", "storage", "tagging", "traffic", "usage", "versioning", "visibility",
})  # fmt: skip
# Plurals of which one thing may have many.
_SETS = frozenset(
    {"settings", "details", "options", "credentials", "statistics", "analytics", "permissions"}
)
_ONE_IN_S = (
    "ss",
    "us",
    "is",
    "dns",
    "alias",
    "news",
    "series",
    "https",
    "tls",
    "kms",
    "aws",
    "ips",
)
_ODD = {"ipv4": "IPv4", "ipv6": "IPv6", "iot": "IoT"}
ACRONYMS = frozenset({
    "acl", "acme", "adm", "ai", "alb", "ami", "api", "apns", "arc", "arn", "asn", "aws",
    "byoip", "cdn", "cidr", "cis", "cmk", "cors", "cpu", "crl", "csr", "csv", "db", "db2",
    "dhcp", "dkim", "dlp", "dms", "dns", "dnssec", "dpu", "drm", "ebs", "ec2", "ecr", "ecs",
    "efs", "eks", "emr", "fpga", "gcm", "gi", "gpu", "hsm", "html", "http", "https", "iam",
    "id", "ide", "iot", "ip", "ipam", "ipv4", "ipv6", "json", "jwt", "kms", "lf", "llm", "lti",
    "mac", "mcp", "mfa", "ml", "mms", "mpa", "nat", "nfs", "nlb", "odb", "oidc", "opc", "os",
    "ota", "otp", "pca", "pdf", "pii", "qos", "rag", "rds", "rpo", "rum", "s3", "saml", "sap",
    "sbom", "scep", "scim", "sdk", "sip", "sla", "slo", "smb", "sms", "sns", "sql", "sqs",
    "sse", "ssh", "ssl", "sso", "tcp", "tls", "ui", "ups", "uri", "url", "vdm", "vm", "vod",
    "voip", "vpc", "vpn", "waf", "xml",
})  # fmt: skip


def past(predicate: str) -> str:
    """A predicate whose first word is a base form, in the past: "create it" → "created it"."""
    verb, blank, rest = predicate.partition(" ")
    return past_of(verb) + blank + rest


@lru_cache(maxsize=256)
def past_of(verb: str) -> str:
    """The past tense of one verb."""
    if verb in IRREGULAR:
        return IRREGULAR[verb]
    if verb in DOUBLING or (verb not in NOT_STRESSED and re.fullmatch(SHORT, verb)):
        return f"{verb}{verb[-1]}ed"
    if verb.endswith("e"):
        return f"{verb}d"
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return f"{verb[:-1]}ied"
    return f"{verb}ked" if verb.endswith("ic") else f"{verb}ed"


@lru_cache(maxsize=512)
def taken_apart(operation: str) -> tuple[str, str]:
    """(verb, noun) of an operation's name, in words: ("create", "virtual gateway").

    ("", all its words) where the name does not begin with a verb.
    """
    words = WORDS.findall(operation)
    if len(words) > 1 and words[0].lower() == "re":  # ReEncryptData
        words = [f"re-{words[1].lower()}", *words[2:]]
    if len(words) > 1 and words[0].lower() in BEFORE_VERBS and _begins_with_verb(words[1:]):
        words = words[1:]
    if not _begins_with_verb(words):
        return "", " ".join(map(_cased, words)) or operation
    if len(words) > 2 and _EDITION.fullmatch(words[-1]):
        words = words[:-1]
    words = [word for word, before in zip(words, ["", *words], strict=False) if word != before]
    verb = words[0].lower()
    if " ".join(words[:2]).lower() in PHRASAL:
        return f"{verb} {words[1].lower()}", " ".join(map(_cased, words[2:]))
    return VERBS.get(verb, verb), " ".join(map(_cased, words[1:]))


def _begins_with_verb(words: Sequence[str]) -> bool:
    first = words[0].lower() if words else ""
    return first in VERBS or first.startswith("re-") or " ".join(words[:2]).lower() in PHRASAL


def in_words(name: str) -> str:
    """A parameter's name as words: "instanceType" becomes "instance type"."""
    return " ".join(map(_cased, WORDS.findall(name))) or name


def split_at(noun: str, stem: str) -> tuple[str, str]:
    """A noun that begins with a key's stem, in two: ("bucket", "ACL"), else ("", noun)."""
    words = noun.split(" ")
    for count in range(1, len(words)):
        if "".join(words[:count]).lower() == stem:
            return " ".join(words[:count]), " ".join(words[count:])
    return "", noun


def singular(said: str) -> str:
    """As in "stop the instances " before a single name: "stop the instance "."""
    return _PLURAL.sub(lambda match: f"{match[1]}{_one(match[2])} ", said)


def counted(said: str) -> str:
    """What says "1 days" with its noun in the singular."""
    return _COUNTED.sub(lambda match: f"1 {_one(match[1])}", said)


def agreeing(noun: str, count: int) -> str:
    """The noun as it stands before so many names: "tables a and b", "table a"."""
    before, blank, last = noun.rpartition(" ")
    if last.lower() in UNCOUNTED or not last:
        return noun
    if count == 1:
        return f"{before}{blank}{_one(last)}"
    return noun if is_plural(last) else f"{before}{blank}{_many(last)}"


def _one(noun: str) -> str:
    """The singular of a plural; anything else as it is."""
    if not is_plural(noun) or noun.lower() in UNCOUNTED or noun.lower() in _SETS:
        return noun
    if noun.endswith("ies"):
        return f"{noun[:-3]}y"
    if noun == "indices":
        return "index"
    es = noun.endswith(("sses", "ches", "shes", "xes", "iases", "tuses")) and noun != "caches"
    return noun[:-2] if es else noun[:-1]


def _many(noun: str) -> str:
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def an(noun: str) -> str:
    """The noun with its article; a plural has none."""
    first = noun[:1].lower()
    if not noun or is_plural(noun):
        return noun
    sounds_open = first in "aeiou" or (
        noun[:2].isupper() and first in "fhlmnrsx" and not noun.startswith(("SAML", "NAT"))
    )
    as_you = noun.lower().startswith(
        ("us", "ui ", "uri", "url", "unif", "uniq", "unit", "univ", "util", "uu", "eu", "one")
    )
    return f"an {noun}" if sounds_open and not as_you else f"a {noun}"


def is_plural(noun: str) -> bool:
    """Whether a noun from an operation's name reads as a plural or cannot be counted."""
    head = re.split(
        r" (?:for|from|of|to|in|with|by|on|at|into|as|associated|shared|attached) ", noun
    )[0]
    last = head.rpartition(" ")[2].lower()
    return (
        last in UNCOUNTED
        or last in ("indices", "children", "criteria", "media")
        or (last.endswith("s") and not last.endswith(_ONE_IN_S))
    )


def enumeration(names: Sequence[str], most: int = 3) -> str:
    """One name, "a and b", or "a, b and 9 more"; "" of none."""
    if not names:
        return ""
    shown = list(names[:most])
    if len(names) > most:
        shown = [*names[: most - 1], f"{len(names) - most + 1} more"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _cased(word: str) -> str:
    if word == "InApp":
        return "in-app"
    low = word.lower()
    if low in ACRONYMS:
        return _ODD.get(low, low.upper())
    if low.removesuffix("s") in ACRONYMS:
        return f"{low[:-1].upper()}s"
    return word if len(word) > 1 and word[:2].isupper() else low
