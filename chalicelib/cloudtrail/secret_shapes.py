"""What a secret looks like: keys that name one, and the shapes that values of known kinds have.

Shapes are those that the issuers document; an AWS secret key is 40 characters of base64, its
session tokens begin as AWS STS writes them (seen in public samples).
"""

from __future__ import annotations

import re
from urllib.parse import unquote

REDACTED = "[redacted]"
SECRET_KEY_LENGTH = 40

# Compared with a key in lower case without - and _.
SECRET_KEYS = re.compile(
    r"secret|token|passw|passphrase|^pwd$|credential|privatekey|keymaterial|authorization|apikey|"
    r"userdata|^environment$|^envs?$|environmentvariable|envvars|environmentoverride|plaintext|"
    r"base32string|qrcode|presigned|authorizedurl|samlassertion|connectionstring|signature|"
    r"cookie|^commands$|authenticationcode|^otp$|streamurl|customheader|zipfile|^sas|bearer"
)
# They match, but name or describe the secret instead of holding it.
HARMLESS_KEYS = frozenset(
    {
        "sessioncredentialfromconsole",
        "secretid",
        "secretids",
        "secretidlist",
        "secretarn",
        "secretname",
        "secretlist",
        "httptokens",
        "httptokensenforced",
        "authorizationtype",
        "authorizationscopes",
        "credentialtype",
        "servicespecificcredentialid",
        "passwordlastused",
        "passwordmode",
        "passwordpolicy",
        "tokentype",
        "signatureversion",
        "apikeyselectionexpression",
        "apikeysource",
        "getsignintoken",
        "getsessiontoken",
    }
)
# An object such as {"key": "password", "value": …}: what names, and what holds.
PAIR_NAMES = frozenset({"key", "name", "parameterkey", "attributename", "tagkey", "parametername"})
PAIR_VALUES = frozenset(
    {"value", "values", "parametervalue", "attributevalue", "resolvedvalue", "tagvalue"}
)
# What one operation calls its secret, where no other operation's field of that name is one.
SECRETS_OF_OPERATIONS = {
    "PutParameter": frozenset({"value"}),
    "CreateStack": frozenset({"parametervalue"}),
    "CreateContact": frozenset({"deliveryaddress"}),
    "SendMessage": frozenset({"messagebody"}),
}

# The start of a secret inside a text: also after a percent escape or an escaped line end.
_START = r"(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrt]))"
_KEY_WORDS = (
    r"passw(?:or)?d|passphrase|pwd|secret|token|api[_-]?key|private[_-]?key|access[_-]?key|"
    r"credentials?|authorization|connection[_-]?string|account[_-]?key"
)
_ACCESS_KEY = re.compile(
    _START + r"((?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{8,120})([A-Z0-9]{4})(?![a-z0-9])"
)
TOKENS = re.compile(
    _START + r"(?:"
    r"(?:FwoGZXIvYXdz|FQoGZXIvYXdz|IQoJb3JpZ2lu|AQoDYXdz|AgoJb3JpZ2lu|AQoEXAMPLE)[\w/+=%-]{8,}|"
    r"eyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*){0,3}|"
    r"(?:xox[a-z](?:\.xox[a-z])?|xapp)-[\w-]{8,}|"
    r"gh[a-z]_\w{16,}|github_pat_\w{16,}|gl[a-z]{2,6}-[\w-]{16,}|"
    r"(?:sk|rk|pk)_(?:live|test)_\w{8,}|whsec_[\w+/=]{16,}|sk-[\w-]{20,}|"
    r"AIza[\w-]{30,}|ya29\.[\w-]{16,}|GOCSPX-[\w-]{16,}|"
    r"npm_\w{20,}|pypi-[\w-]{16,}|SG\.[\w-]{12,}\.[\w-]{12,}|hv[bsr]\.[\w-]{16,}|"
    r"do[oprt]_v1_\w{20,}|shp(?:at|ca|pa|ss)_\w{16,}|AGE-SECRET-KEY-1\w{16,}|"
    r"dckr_pat_[\w-]{16,}|hf_\w{20,}|ATATT3x[\w=-]{16,}|NRAK-\w{16,}|dapi[0-9a-f]{32}|"
    r"SK[0-9a-f]{32}|key-[0-9a-f]{32}|sq0[a-z]{3}-[\w-]{16,}|PMAK-[\w-]{16,}|lin_api_\w{16,}|"
    r"(?:hooks\.slack\.com/(?:services|workflows|triggers)|discord(?:app)?\.com/api/webhooks)/\S+"
    r")"
)
# How TOKENS begin, told apart by their first letter: where a word begins is cheaper to see than
# what it is. Behind an escape one may begin too (_START): its % or \ counts as a glimpse of one.
_GLANCE_TOKEN = re.compile(
    r"(?<![A-Za-z0-9])(?:A(?:Qo[DE]|goJb|Iza|TATT|GE-)|F[Qw]oGZ|IQoJb|eyJ|"
    r"x(?:ox|app)|g(?:h[a-z]_|ithub_|l[a-z]{2,6}-)|s(?:k[_-]|hp[acps]|q0)|[rp]k_|whsec_|ya29|GOCSPX|"
    r"npm_|pypi-|S(?:G\.|K[0-9a-f])|h(?:v[bsr]\.|f_|ooks\.)|d(?:o[oprt]_v1|ckr_|api|iscord)|NRAK|"
    r"key-|PMAK|lin_api)"
)
_GLANCE_KEY = re.compile(rf"{_KEY_WORDS}|bearer|basic")
_PEM = re.compile(
    r"-----BEGIN[A-Z0-9 %+]*PRIVATE[A-Z0-9 %+]*KEY.*?(?:-----END[A-Z0-9 %+]*KEY[A-Z %+]*-----|\Z)",
    re.DOTALL,
)
_USER_INFO = re.compile(r"(?<=://)([^\s/:@\"'<>]*):[^\s/@\"'<>]+@")
_SIGNED = re.compile(
    r"(?i)((?:X-Amz-(?:Signature|Security-Token|Credential)|Signature|sig|AWSAccessKeyId|code)="
    r")[^&\s\"'<>\\]{8,}"
)
_SCHEMES = re.compile(r"(?i)\b(Bearer|Basic|Token|ApiKey)\s+[\w.~+/=-]{12,}")
_VALUE = r"(\\\"[^\"\\]*\\?\"?|\"(?:[^\"\\]|\\.)*\"?|'[^']*'?|[^\s\"',;&}<>\\]+)"
_ASSIGNED = re.compile(
    rf"(?i)((?:{_KEY_WORDS})[\w-]{{0,24}})(\\?[\"']\s*[:=]\s*|\s*=>?\s*|:\s+){_VALUE}"
)
_FLAG = re.compile(rf"(?i)(?<!\S)(--?[\w-]*(?:{_KEY_WORDS})[\w-]*\s+){_VALUE}")
# A secret key, or a blob with its padding.
_RUN = re.compile(
    r"(?<![A-Za-z0-9/+])(?:[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])|[A-Za-z0-9/+]{100,}={0,2})"
)
_DESCRIBES = ("id", "ids", "arn", "name", "type", "length", "policy")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")


def hide_secrets(text: str) -> str:
    """The text with what looks like a secret replaced; access key ids keep their last four."""
    if len(text) < 8:
        return text
    hidden = _hide(text)
    if "%" in text and _ESCAPE.search(text):
        # A policy or an address may stand percent-encoded: what shows only decoded, counts too.
        decoded = unquote(hidden)
        hidden_decoded = _hide(decoded)
        return hidden_decoded if hidden_decoded != decoded else hidden
    return hidden


def hide_access_key(text: str) -> str:
    """Access key ids in a text, down to their last four."""
    return _ACCESS_KEY.sub(lambda match: f"{match[1][:4]}…{match[2]}", text)


def _hide(text: str) -> str:
    """Each shape is looked for only where a cheap glance says that it may be there."""
    assigns = not text.isascii() or _GLANCE_KEY.search(text.lower())
    if "PRIVATE" in text:
        text = _PEM.sub(REDACTED, text)
    if "IA" in text or "ACCA" in text:
        text = hide_access_key(text)
    if "%" in text or "\\" in text or _GLANCE_TOKEN.search(text):
        text = TOKENS.sub(REDACTED, text)
    if "://" in text:
        text = _USER_INFO.sub(rf"\1:{REDACTED}@", text)
    if "=" in text:
        text = _SIGNED.sub(rf"\1{REDACTED}", text)
    if assigns:
        text = _SCHEMES.sub(rf"\1 {REDACTED}", text)
        text = _ASSIGNED.sub(_assigned, text)
        text = _FLAG.sub(rf"\1{REDACTED}", text)
    if len(text) >= SECRET_KEY_LENGTH:
        text = _RUN.sub(_if_random, text)
    return text


def _assigned(match: re.Match[str]) -> str:
    key, separator, value = match[1], match[2], match[3]
    if key.lower().endswith(_DESCRIBES) or REDACTED in value:
        return match[0]
    bare = value.strip("\\\"'")
    if bare.lower() in ("", "true", "false", "null", "none", "required", "optional"):
        return match[0]
    return f"{key}{separator}{value.replace(bare, REDACTED)}"


def _if_random(match: re.Match[str]) -> str:
    found = match[0]
    kinds = (str.isupper, str.islower, str.isdigit)
    return REDACTED if all(any(map(kind, found)) for kind in kinds) else found
