"""Secrets inside a text that a word beside them betrays: `password=…`, `"token": "…"`, headers,
pairs of a name and a value, flags of commands.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from chalicelib.cloudtrail.secret_commands import hide_in_commands
from chalicelib.cloudtrail.secret_headers import hide_headers
from chalicelib.cloudtrail.secret_keys import DESCRIBING, PAIR_NAMES, SHORT_WORDS, WORDS, bare_key
from chalicelib.cloudtrail.texts import REDACTED

# Each of the words has one of them: they are quicker to look for.
STEMS = (
    "pass", "secret", "token", "key", "cred", "auth", "pwd", "code", "cookie", "bearer", "basic",
    "conn", "comm", "jwt", "mnemonic", "seed", "totp", "saml", "webhook", "sess", "dsn", "psk",
    "pin", "otp", "cvv", "cvc", "ssws", "wort", "mot", "contras", "wachtw",
)  # fmt: skip
# What stands between a word and the secret that it names. A colon alone does so at the beginning
# only, see _stands_apart: names and ARNs are spared the look.
_BESIDE = re.compile(r"[^A-Za-z0-9_:/.-]")
_QUOTE = r"(?:\\*[\"'`])"
# A comma or an & belongs to a value unless something of another name begins behind it.
_PLAIN = r"[^\s\"'`,;&}<>\\)\]]"
_BARE = rf"(?:{_PLAIN}|[,;&)\]}}](?={_PLAIN})(?![\w.-]{{1,40}}[=:])|\\(?![\"'nrtu\\]))+"
_VALUE = (
    r"(\\+\"(?:[^\"\\]|\\+[^\"\\])*(?:\\+\")?|\"(?:[^\"\\]|\\.)*\"?|\\*'(?:[^'\\]|\\.)*'?|`[^`]*`?|"
    rf"{_BARE})"
)
_SEPARATOR = (
    rf"({_QUOTE}\]?\)?\s*(?:=>|:=|==?|:)\s*|\s*(?:=>|[:?+]=|==?)\s*(?:N(?='))?|:\s*string\s*=\s*|"
    r":\s+(?:[|>][+-]?\s+|-\s+)?|"
    r"[ \w=\"'-]{0,40}(?<!-)>\s*(?:<(?:!\[CDATA\[|\w+>)\s*)?|\\u003[ad]\s*)"
)
_VALUES = r"(?:\w{0,24}value|string|val|v|default|content)"
# Of no use to anybody as a value: switches, and how a sentence goes on.
_VALUELESS = frozenset(
    {
        "true", "false", "null", "none", "nil", "required", "optional", "yes", "no", "undefined",
        "plaintext", "string", "must", "is", "was", "are", "not", "should", "cannot", "can",
        "may", "will", "invalid", "expired", "missing", "malformed", "incorrect", "the", "a",
        "an", "please", "has", "have", "does", "did", "and", "or", "for", "of", "in", "to", "be",
        "been", "with", "from", "unsupported", "denied", "unknown", "empty", "that", "this", "it",
        "default", "enabled", "disabled",
    }
)  # fmt: skip
_REFERENCE = re.compile(
    r"arn:aws[\w-]*:|\{\{resolve:|\$\{|\$[A-Z][A-Z0-9_]{2,}$|\*+$|%\w+%$|ssm:/|"
    r"(?:AKIA|ASIA|ABIA|ACCA)…"
)
# What ends so tells of the secret, in a text; but for these.
_TELLS_OF = (*DESCRIBING, "id", "ids", "url", "uri", "endpoint", "count", "path", "file", "stdin")
_THEMSELVES = ("webhookurl", "jsessionid", "phpsessid", "phpsessionid")
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_HEX = re.compile(r"(?=[a-f]*\d)[0-9a-f]{32,}")
SHORTEST_COLON, BEFORE = 6, 120
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-0123456789"
_IN_NAMES, _QUOTES = f"{_LETTERS}./", " \t\r\n\\\"'`"
_SETTING = frozenset(
    {
        "set", "setx", "setenv", "env", "param", "fastcgi_param", "put",
    }
)  # fmt: skip
# What names a secret behind a colon without a blank, where so much else has colons.
_CLOSE = (
    "password", "passwd", "passphrase", "pass", "pwd", "token", "secret", "api_key", "api-key",
    "apikey",
)  # fmt: skip
# These alone name what stands beside them without a sign between.
_BESIDE_WORDS = ("passw", "passphrase", "pwd", "token", "api", "secret")


class _Shapes(NamedTuple):
    """The expressions of this module, which few texts need; `key` is for small letters."""

    key: re.Pattern[str]
    assigned: re.Pattern[str]
    close: re.Pattern[str]
    pair_value: re.Pattern[str]
    called: re.Pattern[str]
    beside: re.Pattern[str]


@cache
def _shapes() -> _Shapes:
    shapes = (
        _key(),
        rf"([\w.-]{{0,40}}){_SEPARATOR}{_VALUE}",
        rf"(\w{{0,4}})(:)(?=\S){_VALUE}",
        rf"([\w./-]{{0,64}})({_QUOTE}?[\s,;&<>/\w.{{}}-]{{1,40}}?{_QUOTE}?\b{_VALUES}{_QUOTE}?"
        rf"\s*[:=>]\s*){_VALUE}",
        rf"([\w.-]{{0,40}})({_QUOTE}?\s*[,|]\s*|{_QUOTE}?\s+)(?!-){_VALUE}",
        rf"(\w{{0,4}}(?:[-_ ]?key)?)(\s{{0,4}}\(\s{{0,4}}(?=[\"'])|"
        r"\s{1,4}(?:(?:is|was|of|(?:with )?value|for (?:user )?[\w.@-]{1,64}):?\s{1,4})?)"
        rf"{_VALUE}",
    )
    key, *rest = shapes
    return _Shapes(re.compile(key), *(re.compile(shape, re.IGNORECASE) for shape in rest))


def _key() -> str:
    """Alternatives by their first letter, which is what makes the search fast."""
    alone = [rf"{word}(?<![a-z]{word})(?![a-z])" for word in SHORT_WORDS]
    unlike = "".join(rf"(?<!{word})" for word in ("bypass", "compass", "trespass", "surpass"))
    words = [*(word.replace(" ", "[-_. ]?") for word in WORDS), *alone, rf"pass{unlike}(?![a-z])"]
    letters = groupby(sorted(words, key=itemgetter(0)), key=itemgetter(0))
    return "|".join(f"{first}(?:{'|'.join(word[1:] for word in same)})" for first, same in letters)


def hide_named(text: str) -> str:
    """The text without what a word beside it calls a secret."""
    if not (_BESIDE.search(text) or text.partition(":")[0].lower().endswith(_CLOSE)):
        return text
    lower = _in_small_letters(text)
    if _holds_a_stem(lower):
        text = _hide_named(hide_headers(text, lower))
    return hide_in_commands(text, lower) if " " in text else text


def _in_small_letters(text: str) -> str:
    """In the same length, which str.lower() does not keep."""
    if text.isascii():
        return text.lower()
    return "".join(character.lower() if character.isascii() else character for character in text)


def _holds_a_stem(lower: str) -> bool:
    lower = lower.replace("authorized", "")  # as every refusal says
    for stem in STEMS:  # noqa: SIM110 - three times as fast as any()
        if stem in lower:
            return True
    return False


def _hide_named(text: str) -> str:
    lower, key = _in_small_letters(text), _shapes().key
    parts: list[str] = []
    done = at = 0
    while found := key.search(lower, at):
        at = found.end()
        span = _secret_beside(text, found.start(), at)
        if span:
            parts += text[done : span[0]], _masked(text[span[0] : span[1]])
            done = at = span[1]
    return "".join((*parts, text[done:])) if parts else text


def _secret_beside(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the secret stands that a word in a text names; None where it names none."""
    shapes, word = _shapes(), text[start:end]
    before = text[max(start - BEFORE, 0) : start]
    head = before.rstrip(_IN_NAMES)
    found = shapes.assigned.match(text, end)
    if not found and _stands_apart(before):
        found = shapes.close.match(text, end)
    if found and _is_assigned(word, found):
        return found.span(3)
    found = shapes.pair_value.match(text, end) if _begins_a_pair(head) else None
    if found and not _is_no_secret("", found[3]):
        return found.span(3)
    called = _begins_a_call(head, before[len(head) :] + word)
    found = shapes.called.match(text, end) if called else None
    if found and not _is_no_secret(bare_key(word + found[1]), found[3]):
        return found.span(3)
    alone = word.lower().startswith(_BESIDE_WORDS)
    found = shapes.beside.match(text, end) if alone else None
    return found.span(3) if found and _is_secret_by_itself(word, found[3]) else None


def _is_assigned(word: str, found: re.Match[str]) -> bool:
    tail, separator, value = found.groups()
    if separator == ":":
        telling = any(map(str.isdigit, value)) or word.lower().startswith("pass")
        close = (word + tail).lower().endswith(_CLOSE)
        if not (telling and close and len(value) >= SHORTEST_COLON):
            return False
    return not _is_no_secret(bare_key(word + tail), value)


def _stands_apart(before: str) -> bool:
    """`password:x` names a secret; token.actions.example.com:sub and arn:…:secret:name do not."""
    return before.rstrip(_LETTERS)[-1:] not in (":", "/", ".")


def _begins_a_pair(head: str) -> bool:
    """Whether the name of a pair is to follow: `"name": "`, `Key=`, `<key>`, `variable "`."""
    signed = head.rstrip(_QUOTES)
    if signed[-1:] not in ("=", ":", ">"):
        return signed.endswith("variable")  # Terraform's
    kind = signed[:-1].rstrip(_QUOTES)
    kind = kind[len(kind.rstrip(_LETTERS)) :].lower()
    return kind.endswith(("key", "name")) or kind in PAIR_NAMES


def _begins_a_call(head: str, name: str) -> bool:
    """Whether `name` is a flag, a function's argument, or what `set` sets: no sentence."""
    if name[0] == "-":
        return True
    spoken = head.rstrip(_QUOTES)
    if spoken[-1:] in ("(", "|"):  # an argument, or a cell of a table
        return spoken != head
    verb = spoken[len(spoken.rstrip(_LETTERS)) :].lower()
    return verb in _SETTING and ("_" in name or name.isupper())


def _is_secret_by_itself(word: str, value: str) -> bool:
    bare = _bare(value)
    quoted = value != bare and " " not in bare and word.lower().startswith("pass")
    return (quoted or _looks_random(bare)) and not _is_no_secret("", value)


def _is_no_secret(key: str, value: str) -> bool:
    bare = _bare(value)
    if REDACTED in value or bare.lower().rstrip(".:") in _VALUELESS or not bare:
        return True
    if key.endswith("secretid") and _UUID.fullmatch(bare):
        return False  # Vault's, where Secrets Manager's is a name
    tells_of = key.rstrip(".").endswith(_TELLS_OF) and not key.endswith(_THEMSELVES)
    return tells_of or bool(_REFERENCE.match(bare))


def _looks_random(word: str) -> bool:
    kinds = (str.islower, str.isupper, str.isdigit)
    classes = sum(any(map(kind, word)) for kind in kinds) + (not word.isalnum())
    return (len(word) >= 8 and classes >= 3 and "/" not in word) or bool(_HEX.fullmatch(word))


def _bare(value: str) -> str:
    return value.strip("\\\"'`")


def _masked(value: str) -> str:
    return value.replace(_bare(value), REDACTED, 1)
