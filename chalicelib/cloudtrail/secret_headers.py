"""Secrets in the headers of a request: cookies, authorization of every scheme; and values that
stand before the name that tells of them.
"""

from __future__ import annotations

import re
from functools import cache

from chalicelib.cloudtrail.texts import REDACTED

_QUOTE = r"(?:\\*[\"'`])"
# What is looked for first, and what then.
HEADERS = (
    (("cookie",), rf"((?:set-)?cookie{_QUOTE}?\s*:\s*{_QUOTE}?)[^\r\n\"'\\]+"),
    (("authorization",), rf"(authorization{_QUOTE}?\s*:\s*{_QUOTE}?)(?!\[)[^\r\n\"'\\]+"),
    (
        ("bearer ", "basic ", "token ", "apikey ", "splunk ", "ssws ", "geniekey ", "negotiate ",
         "ntlm ", "-key "),
        r"\b(Bearer\s+|(?:Basic|Token|ApiKey|Splunk|SSWS|GenieKey|Negotiate|NTLM|[\w-]{1,40}-Key)\s+"
        r"(?=[\w.~+/=-]*(?:\d|(?-i:[a-z][A-Z]))))(?:token=)?\"?[\w.~+/=-]{12,}",
    ),
    (("auth ",), r"(\b(?-i:AUTH)\s+(?:\w{1,32}\s+)?)(?=\S*(?:\d|=|(?-i:[a-z][A-Z])))\S{8,}"),
    # AWS's own: 1 validation error detected: Value '…' at 'masterUserPassword' failed to satisfy
    (
        ("value '", "value \""),
        r"(\bvalue\s+)(?:'[^']*'|\"[^\"]*\")(?=\s+(?:at|for|of|in)\s+(?:the\s+)?(?:parameter\s+)?"
        rf"{_QUOTE}?[\w./-]{{0,64}}?(?:passw|pwd|secret|token|credential|api[-_]?key|private[-_]?key))",
    ),
    # {"value": …, "name": "DB_PASSWORD"}
    (
        ("value\"", "value=", "value'", "value:"),
        rf"(value{_QUOTE}?\s*[:=]\s*{_QUOTE}?)[^\s\"',;&\\}}]{{1,256}}+(?={_QUOTE}?\s*[,;&]\s*{_QUOTE}?"
        rf"\w{{0,24}}(?:key|name){_QUOTE}?\s*[:=]\s*{_QUOTE}?[\w./-]{{0,64}}?"
        r"(?:passw|pwd|secret|token|credential|api[-_]?key|private[-_]?key))",
    ),
)  # fmt: skip


def hide_headers(text: str, lower: str) -> str:
    """The text without them; `lower` is the text in small letters."""
    for words, shape in HEADERS:
        if any(word in lower for word in words):
            text = _compiled(shape).sub(rf"\1{REDACTED}", text)
    return text


@cache
def _compiled(shape: str) -> re.Pattern[str]:
    return re.compile(shape, re.IGNORECASE)
