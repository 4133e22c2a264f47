"""What a secret looks like: the shapes that values of known kinds have, plain or encoded.

Shapes are those that the issuers document; an AWS secret key is 40 characters of base64, its
session tokens begin as AWS STS writes them (seen in public samples).
"""

from __future__ import annotations

import re
from binascii import a2b_base64
from urllib.parse import unquote

REDACTED = "[redacted]"
SECRET_KEY_LENGTH, SHORTEST_BLOB = 40, 24
MOST_ENCODINGS = 3

# The start of a secret inside a text: also after a percent escape or an escaped line end.
_START = r"(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrt]))"
_KEY_WORDS = (
    r"passw(?:or)?d|passphrase|pwd|secret|token|api[_-]?key|private[_-]?key|access[_-]?key|"
    r"credentials?|authorization|connection[_-]?string|account[_-]?key|shared[_-]?key"
)
_ACCESS_KEY = re.compile(
    _START + r"((?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{8,120})([A-Z0-9]{4})(?![a-z0-9])"
)
TOKENS = re.compile(
    _START + r"(?:"
    r"(?:FwoGZXIvYXdz|FQoGZXIvYXdz|IQoJb3JpZ2lu|AQoDYXdz|AgoJb3JpZ2lu|AQoEXAMPLE)[\w/+=%-]{8,}|"
    r"eyJ[\w-]{8,}\.[\w-]*\.?[\w-]{4,}(?:\.[\w-]*){0,3}|eyJ[\w/+-]{40,}={0,2}|"
    r"(?:xox[a-z](?:\.xox[a-z])?|xapp)-[\w-]{8,}|"
    r"gh[a-z]_\w{16,}|github_pat_\w{16,}|gl[a-z]{2,6}-[\w-]{16,}|gl(?:sa|c)_[\w+/=]{20,}|"
    r"GR1348941[\w-]{16,}|1//0[\w-]{30,}|sntry[su]_[\w=+/-]{20,}|AKCp\w{60,}|EAA[A-Za-z0-9]{60,}|"
    r"da2-[a-z0-9]{26}|sbp_\w{20,}|(?:xkeysib|xsmtpsib)-[\w-]{40,}|r8_\w{30,}|ops_eyJ\w{40,}|\w{10,40}\.atlasv1\.\S{16,}|"
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
    r"(?<![A-Za-z0-9])(?:A(?:Qo[DE]|goJb|Iza|TATT|GE-|KCp)|F[Qw]oGZ|IQoJb|eyJ|EAA|GR13489|1//0|"
    r"x(?:ox|app|keysib|smtpsib)|g(?:h[a-z]_|ithub_|l[a-z]{2,6}-|l(?:sa|c)_)|"
    r"s(?:k[_-]|hp[acps]|q0|ntry|bp_)|[rp]k_|r8_|ops_eyJ|whsec_|ya29|GOCSPX|"
    r"npm_|pypi-|S(?:G\.|K[0-9a-f])|h(?:v[bsr]\.|f_|ooks\.)|d(?:o[oprt]_v1|ckr_|api|iscord|a2-)|"
    r"NRAK|key-|PMAK|lin_api)"
)
_GLANCE_KEY = re.compile(rf"{_KEY_WORDS}|bearer|basic")
_PEM = re.compile(
    r"-----BEGIN[A-Z0-9 %+]*PRIVATE[A-Z0-9 %+]*KEY.*?(?:-----END[A-Z0-9 %+]*KEY[A-Z %+]*-----|\Z)",
    re.DOTALL,
)
# A password may hold / and @ itself; a port before a path that holds an @ is none.
_USER_INFO = re.compile(r"(?<=://)([^\s/:@\"'<>]{0,100}):(?!\d{1,5}/)[^\s\"'<>]{1,300}@")
_TOKEN_AS_USER = re.compile(r"(?<=://)[^\s/:@\"'<>]{20,300}(?=@)")
_SIGNED = re.compile(
    r"(?i)((?:X-Amz-(?:Signature|Security-Token|Credential)|Signature|sig|AWSAccessKeyId|code)="
    r")[^&\s\"'<>\\]{8,}"
)
_SCHEMES = re.compile(r"(?i)\b(Bearer|Basic|Token|ApiKey)\s+[\w.~+/=-]{12,}")
_VALUE = r"(\\+\"[^\"\\]*(?:\\+\")?|\"(?:[^\"\\]|\\.)*\"?|'[^']*'?|[^\s\"',;&}<>\\]+)"
_ASSIGNED = re.compile(
    rf"(?i)((?:{_KEY_WORDS})[\w-]{{0,24}})(\\*[\"']\s*[:=]\s*|\s*=>?\s*|:\s+){_VALUE}"
)
_FLAG = re.compile(rf"(?i)(?<!\S)(--?[\w-]{{0,40}}(?:{_KEY_WORDS})[\w-]{{0,40}}\s+){_VALUE}")
# As in [{"name": "DB_PASSWORD", "value": …}] inside a text.
_PAIR = re.compile(
    rf"(?i)(\"(?:\w*key|\w*name)\\*\"\s*:\s*\\*\"[^\"\\]{{0,64}}?(?:{_KEY_WORDS})[^\"\\]{{0,64}}\\*\"\s*,"
    rf"\s*\\*\"\w*value\\*\"\s*:\s*){_VALUE}"
)
# What well-known commands take for a password.
_COMMANDS = (
    re.compile(r"(?i)(\bcurl\b[^\n|;]{0,200}?\s(?:-u|--user)[ =]?[^\s:]+:)[^\s\"']+"),
    re.compile(r"(?i)(\bmysql[\w-]{0,20}\b[^\n|;]{0,200}?\s-p)(?=\S)[^\s\"']+"),
    re.compile(r"(?i)(\bsshpass\s+-p\s*)\S+"),
)
# A secret key, or a blob with its padding, in one line or in several.
_RUN = re.compile(
    r"(?<![A-Za-z0-9/+])(?:[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])|[A-Za-z0-9/+]{100,}={0,2}|"
    r"[A-Za-z0-9_-]{100,}={0,2})"
)
_WRAPPED = re.compile(r"(?:[A-Za-z0-9/+_-]{60,}={0,2}(?:\\[nr]|\s)+)+[A-Za-z0-9/+_-]*={0,2}")
# Words joined by dashes have one every few letters; a blob in base64url every 32.
_LETTERS_A_DASH = 14
# What may be a text in base64, and a text of a user and a password, as Docker keeps them.
_BLOB = re.compile(r"(?<![A-Za-z0-9/+_-])[A-Za-z0-9/+_-]{24,}={0,2}")
_LOGIN = re.compile(r"[^\s:/]{1,64}:[^\s:]{6,}")
_URL_SAFE = str.maketrans("-_", "+/")
_LINE_ENDS = str.maketrans("\n\r\t", "   ")
_DESCRIBES = ("id", "ids", "arn", "name", "type", "length", "policy")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")


def hide_secrets(text: str) -> str:
    """The text with what looks like a secret replaced; access key ids keep their last four."""
    if len(text) < 8:
        return text
    hidden = _hide(text)
    return _hide_decoded(hidden) if "%" in text else hidden


def hide_access_key(text: str) -> str:
    """Access key ids in a text, down to their last four."""
    return _ACCESS_KEY.sub(lambda match: f"{match[1][:4]}…{match[2]}", text)


def _hide_decoded(text: str) -> str:
    """A policy or an address may stand percent-encoded, twice too: what shows only then, counts."""
    shown = text
    for _ in range(MOST_ENCODINGS):
        if not _ESCAPE.search(text):
            break
        decoded = unquote(text)
        text = _hide(decoded)
        if text != decoded:
            shown = text
    return shown


def _hide(text: str) -> str:
    """Each shape is looked for only where a cheap glance says that it may be there."""
    lower = text.lower()
    named = not text.isascii() or _GLANCE_KEY.search(lower)
    if "PRIVATE" in text:
        text = _PEM.sub(REDACTED, text)
    if "IA" in text or "ACCA" in text:
        text = hide_access_key(text)
    if "%" in text or "\\" in text or ".atlasv1." in text or _GLANCE_TOKEN.search(text):
        text = TOKENS.sub(REDACTED, text)
    if "://" in text:
        text = _USER_INFO.sub(rf"\1:{REDACTED}@", text)
        text = _TOKEN_AS_USER.sub(_if_random, text)
    if "=" in text:
        text = _SIGNED.sub(rf"\1{REDACTED}", text)
    if named:
        text = _hide_named(text)
    if "curl " in lower or "mysql" in lower or "sshpass" in lower:
        text = _hide_in_commands(text)
    return _hide_blobs(text) if len(text) >= SHORTEST_BLOB else text


def _hide_named(text: str) -> str:
    """What a word before it calls a secret."""
    text = _SCHEMES.sub(rf"\1 {REDACTED}", text)
    if "alue" in text:
        text = _PAIR.sub(rf"\1{REDACTED}", text)
    text = _ASSIGNED.sub(_assigned, text)
    return _FLAG.sub(rf"\1{REDACTED}", text)


def _hide_in_commands(text: str) -> str:
    for command in _COMMANDS:
        text = command.sub(rf"\1{REDACTED}", text)
    return text


def _hide_blobs(text: str) -> str:
    """Keys and files in base64, and texts in base64 that hold a secret."""
    if "\n" in text or "\\n" in text or "\r" in text:
        text = _WRAPPED.sub(_if_random, text)
    if len(text) >= SECRET_KEY_LENGTH:
        text = _RUN.sub(_if_random, text)
    return _BLOB.sub(_if_decoded_is_secret, text)


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
    # A path such as /aws/lambda/Orders1 is of the same letters, and no key has that in it.
    words = "aws/" in found or sum(map(found.count, "-_")) * _LETTERS_A_DASH > len(found)
    return found if words or not all(any(map(kind, found)) for kind in kinds) else REDACTED


def _if_decoded_is_secret(match: re.Match[str]) -> str:
    found = match[0]
    if found.islower() or found.isupper():
        return found
    unpadded = found.rstrip("=").translate(_URL_SAFE)
    if not a2b_base64(unpadded[:SHORTEST_BLOB]).isascii() or len(unpadded) % 4 == 1:
        return found
    data = a2b_base64(unpadded + "=" * (-len(unpadded) % 4))
    if not data.isascii():
        return found
    decoded = data.decode("ascii")
    if not decoded.translate(_LINE_ENDS).isprintable():
        return found
    return REDACTED if _LOGIN.fullmatch(decoded) or _hide(decoded) != decoded else found
