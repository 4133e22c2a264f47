"""What a sentence may not be: rules of grammar for whatever a record makes it say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from chalicelib.cloudtrail.operations import operations
from chalicelib.cloudtrail.services import SERVICES
from chalicelib.cloudtrail.verbs import PHRASAL, VERBS
from chalicelib.cloudtrail.words import is_plural, past_of

ACTOR = "alice"
# Verbs that particulars begin with, beside those of the table and of operations' names.
MORE = ("let", "shut", "open", "close", "switch", "share", "make", "route", "reroute", "loosen")
PHRASES = [operation.phrase.split()[0].split("[")[0] for operation in operations().values()]
BASES = {verb.split()[0] for verb in [*VERBS.values(), *PHRASES, *MORE, *PHRASAL]}
PASTS = {past_of(base) for base in BASES}
# What needs no object.
COMPLETE = ("authenticated", "signed", "logged", "encrypted", "decrypted")
NAMES = {
    "IPv4", "IPv6", "OAuth2", "GovCloud", "OpenID", "SecurityHub",
    *(word for name in SERVICES.values() for word in name.split()),
}  # fmt: skip
A_SOUND = re.compile(r"\ba (?!(?:us|un[ik]|one|eu|uti|ubi|url)[a-z]*|U[A-Z]+)[aeiouAEIOU]\w*", re.I)
AN_SOUND = re.compile(
    r"\ban (?:us|UI|UR[IL]|uniq|unif)|\ban (?![aeiouAEIOU]|[FHLMNRSX][A-Z0-9]|hour|MAIL)\S+"
)
END = re.compile(r" (?:the|an?|to|of|from|on|with|into|for|and|in|by|as)$")


def faults(text: str, record: dict[str, Any]) -> Iterator[str]:
    """What is wrong with a sentence, a word for each."""
    said = _without_names(text, record)
    words = said.split()
    if words[0] != ACTOR:
        yield "no actor"
    if words[1] not in PASTS and words[1] not in ("was", "called", "reported:"):
        yield f"no past tense: {words[1]}"
    if len(words) < 3 and words[1] not in COMPLETE:
        yield "no object"
    yield from (name for name, wrong in CHECKS.items() if wrong.search(said))
    yield from _odd(said)
    if any(text.count(opening) != text.count(closing) for opening, closing in ("()", "[]", "{}")):
        yield "brackets"


CHECKS = {
    "doubled word": re.compile(r"(?<![\w-])(\w+) \1\b", re.I),
    "two articles": re.compile(r"\b(?:the|an?|some) (?:the|an?|some)\b"),
    "article of a vowel": A_SOUND,
    "article of a consonant": AN_SOUND,
    "something in": re.compile(r"\bsomething in\b"),
    "verb and preposition alone": re.compile(r"\b(?:let|put|give|took) (?:in|into|to|from)\b"),
    "no end": END,
    "blanks or marks": re.compile(r"  |[{}\[\]]| [,.:)]|\( "),
    "one of many": re.compile(r"\b1 [a-z]+s\b(?<!ss)(?<!us)"),
}


def _odd(said: str) -> Iterator[str]:
    for word in re.findall(r"[\w-]+", said):
        if re.search(r"[a-z][A-Z]", word) and not {word, word.removesuffix("s")} & NAMES:
            yield f"raw name: {word}"
    for noun in re.findall(r"\ban? ([a-z]+)(?= in | for | of |$)", said):
        if is_plural(noun):
            yield f"article of a plural: {noun}"


def _without_names(text: str, record: dict[str, Any]) -> str:
    """The sentence with the names that the record gave as N, and services as S."""
    who, verb, text = (text + "  ").split(" ", 2)
    for value in sorted(_texts(record.get("requestParameters")), key=len, reverse=True):
        for name in (value, value.rsplit("/", 1)[-1], value.rsplit(":", 1)[-1]):
            if "-" in name or name == value:
                text = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", "N", text)
    source = record["eventSource"].split(".")[0]
    for service in {SERVICES.get(source, source), source}:
        text = re.sub(rf" in {re.escape(service)}(?= \(|$)", " in S", text)
    return f"{who} {verb} {text}".rstrip()


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value
