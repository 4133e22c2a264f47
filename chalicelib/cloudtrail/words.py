"""English for sentences: past tenses, articles, lists, and operations' names taken apart."""

from __future__ import annotations

import re
from collections.abc import Sequence

IRREGULAR = {
    "be": "was", "begin": "began", "bring": "brought", "build": "built", "buy": "bought",
    "cut": "cut", "feed": "fed", "get": "got", "give": "gave", "let": "let", "leave": "left",
    "make": "made", "put": "put", "read": "read", "reset": "reset", "run": "ran", "send": "sent",
    "set": "set", "sign": "signed", "shut": "shut", "take": "took", "write": "wrote",
    "hand": "handed", "undo": "undid", "forget": "forgot",
    "find": "found", "withdraw": "withdrew", "resend": "resent", "rebuild": "rebuilt",
    "override": "overrode", "redrive": "redrove", "shrink": "shrank", "sell": "sold",
    "split": "split",
}  # fmt: skip
DOUBLING = frozenset({
    "stop", "drop", "plug", "tag", "untag", "submit", "transfer", "refer", "map", "commit", "swap",
    "skip", "infer", "cancel", "label", "unlabel", "signal", "scan", "log",
})  # fmt: skip
# What an operation's name may have before its verb, and a sentence has no need of.
BEFORE_VERBS = ("batch", "bulk", "admin")
# Verbs that operations begin with, and what a sentence says instead where that reads better.
SAID_OTHERWISE = {
    "describe": "look at",
    "get": "read",
    "put": "set",
    "modify": "change",
    "update": "change",
    "lookup": "look up",
    "head": "check",
    "failover": "fail over",
    "login": "log in",
    "logout": "log out",
    "shutdown": "shut down",
    "setup": "set up",
    "checkout": "check out",
    "rollback": "roll back",
    "switchover": "switch over",
    "dissociate": "disassociate",
    "assume": "take",
    "untag": "remove tags from",
}
ORDINARY = """
abort accept acknowledge activate add allocate allow analyze apply approve
archive assign attach authorize backtrack build bundle calculate cancel change check claim
classify clear close commit complete compose confirm connect consume convert copy count create
deactivate decline decode decrease decrypt delete deliver deny deploy deprecate derive detach
detect disable discover download drop edit enable encrypt enter estimate evaluate exchange
execute exit expire export extend filter find finish flush forget forward generate
grant ignore import increase infer ingest initialize initiate install invite issue join label
launch leave link lock merge migrate monitor move mount notify open optimize order
pause peer poll post predict preview process promote provision publish purchase push re-encrypt
read reboot rebuild receive recognize record recover redact redeem refresh reject release
remove rename renew reopen replace replicate report request require resend reserve reset resize
resolve respond restart restore resume retire retrieve retry return reverse review revoke rotate
run sample save schedule select set share sign signal simulate skip split start stop
store stream submit subscribe suspend swap switch sync synchronize synthesize tag terminate test
track transact transfer transform translate trigger unarchive unassign undeploy unlink unlock
unmonitor unpeer unsubscribe upgrade upload validate view wait withdraw write
associate deregister disassociate invoke list query register scan search send verify
acquire advertise amend checkpoint clone compare configure continue deauthorize define deprovision
disallow discard disconnect dismiss dispose distribute drain end evict finalize group index insert
invalidate manage mark meter override populate prepare provide purge rebalance recall redrive
regenerate reload render reorder resync shrink undeprecate ungroup unlabel unregister unshare
unsuspend vote
"""
VERBS = {verb: verb for verb in ORDINARY.split()} | SAID_OTHERWISE
WORDS = re.compile(r"OAuth2?|[A-Z]{2,}s?(?=[A-Z][a-z]|\d|_|$)|[A-Z]?[a-z]+\d*|[A-Z]+\d*|\d+")


_PLURAL = re.compile(
    r"\b(instance|alarm|account|parameter|finding|standard|security group|flow log)s $"
)
ACRONYMS = frozenset({
    "acl", "ami", "api", "arn", "aws", "db", "dns", "ebs", "efs", "iam", "id", "ip", "kms", "mfa",
    "nat", "saml", "sms", "sns", "sqs", "ssh", "ssl", "sso", "tls", "url", "vpc", "vpn", "waf",
})  # fmt: skip


def past(predicate: str) -> str:
    """A predicate whose first word is a base form, in the past: "create it" → "created it"."""
    verb, blank, rest = predicate.partition(" ")
    return past_of(verb) + blank + rest


def past_of(verb: str) -> str:
    """The past tense of one verb."""
    if verb in IRREGULAR:
        return IRREGULAR[verb]
    if verb in DOUBLING:
        return f"{verb}{verb[-1]}ed"
    if verb.endswith("e"):
        return f"{verb}d"
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return f"{verb[:-1]}ied"
    return f"{verb}ed"


def taken_apart(operation: str) -> tuple[str, str]:
    """(verb, noun) of an operation's name, in words: ("create", "virtual gateway").

    ("", all its words) where the name does not begin with a verb.
    """
    words = WORDS.findall(operation)
    if len(words) > 1 and words[0].lower() in BEFORE_VERBS and words[1].lower() in VERBS:
        words = words[1:]
    if not words or words[0].lower() not in VERBS:
        return "", " ".join(map(_cased, words)) or operation
    verb = words[0].lower()
    return VERBS[verb], " ".join(map(_cased, words[1:]))


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
    return _PLURAL.sub(r"\1 ", said)


def an(noun: str) -> str:
    """The noun with its article; a plural has none."""
    first = noun[:1].lower()
    if not noun or is_plural(noun):
        return noun
    sounds_open = first in "aeiou" or (
        noun[:2].isupper() and first in "fhlmnrsx" and not noun.startswith(("SAML", "NAT"))
    )
    return f"an {noun}" if sounds_open and not noun.lower().startswith("us") else f"a {noun}"


def is_plural(noun: str) -> bool:
    """Whether a noun from an operation's name reads as a plural or cannot be counted."""
    head = re.split(r" (?:for|from|of|to|in|with|by) ", noun)[0]
    last = head.rpartition(" ")[2].lower()
    uncounted = (
        "data", "information", "access", "usage", "availability", "logging", "metadata", "status",
    )  # fmt: skip
    return last in uncounted or (
        last.endswith("s") and not last.endswith(("ss", "us", "is", "dns", "alias"))
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
    if word.lower().removesuffix("s") in ACRONYMS:
        return word.upper() if not word.endswith("s") else f"{word[:-1].upper()}s"
    return word if len(word) > 1 and word[:2].isupper() else word.lower()
