"""What well-known commands and statements take for a password, where no word names it."""

from __future__ import annotations

import re
from functools import cache

from chalicelib.cloudtrail.texts import REDACTED

# A word of the command, in lower case, and what stands before the secret and at its place.
_ONE = r"[^\n|;]{0,200}?\s"
_WORD = r"[^\s\"'|;&]+"
COMMANDS = (
    ("curl", rf"(\bcurl\b{_ONE}(?:-u|--user|-U|--proxy-user)[ =]?[\"']?[^\s:\"']+:){_WORD}"),
    ("curl", rf"(\bcurl\b{_ONE}(?:-b|--cookie)[ =]?[\"']?){_WORD}"),
    ("sqlplus", rf"(\bsqlplus\b{_ONE}[\w.-]{{1,64}}/)[^\s@]+(?=@)"),
    ("chpasswd:", r"(\n\s+[\w.-]{1,32}:)(?=\S)\S+"),
    ("secret set", rf"(\bsecret\s+set\b{_ONE}(?:-b|--body)[ =]?[\"']?){_WORD}"),
    ("put-parameter", rf"(\bput-parameter\b{_ONE}--value[ =]?[\"']?){_WORD}"),
    ("networkcredential", r"(NetworkCredential\(\s*\"[^\"]*\"\s*,\s*)\"[^\"]*\"?"),
    ("pass ", rf"((?:\A|\n)(?-i:PASS)\s+){_WORD}"),
    ("lftp", rf"(\blftp\b{_ONE}-u\s*[^\s,]{{1,64}},){_WORD}"),
    (" login ", rf"(\b\w{{1,8}} (?-i:LOGIN) \S{{1,64}} (?!WITH|FROM)){_WORD}"),
    ("/rp", r"(\s/rp[: ]\s*)\S+"),
    ("psexec", rf"(\bpsexec\w*\b{_ONE}-p\s*){_WORD}"),
    ("ssh-keygen", rf"(\bssh-keygen\b{_ONE}(?-i:-[NP])\s*[\"']?){_WORD}"),
    ("openssl", rf"(\bopenssl\b{_ONE}-k\s+[\"']?){_WORD}"),
    ("mysql", rf"(\bmysql[\w-]{{0,20}}\b{_ONE}-p)(?=\S){_WORD}"),
    ("mariadb", rf"(\bmariadb[\w-]{{0,20}}\b{_ONE}-p)(?=\S){_WORD}"),
    ("sshpass", rf"(\bsshpass\s+-p\s*[\"']?){_WORD}"),
    ("login", rf"(\blogin\b{_ONE}(?:(?-i:-p) ?|--password[ =]|-Password )[\"']?){_WORD}"),
    ("login", rf"(\blogin\s+\S+\s+(?:password|passwd)\s+){_WORD}"),
    ("vault", r"(\bvault\s+login\s+)[\w.-]{16,}"),
    ("redis", rf"(\bredis-cli\b{_ONE}-a\s*[\"']?){_WORD}"),
    ("mongo", rf"(\bmongo\w*\b{_ONE}(?-i:-p)\s*[\"']?){_WORD}"),
    ("sqlcmd", rf"(\bsqlcmd\b{_ONE}(?-i:-P)\s*[\"']?){_WORD}"),
    ("bcp ", rf"(\bbcp\b{_ONE}(?-i:-P)\s*[\"']?){_WORD}"),
    ("ldap", rf"(\bldap\w+\b{_ONE}(?-i:-w)\s*[\"']?){_WORD}"),
    ("zip ", rf"(\bzip\b{_ONE}(?-i:-P)\s*[\"']?){_WORD}"),
    ("7z", rf"(\b7z\w?\b{_ONE}-p){_WORD}"),
    ("pass:", rf"(\bpass:){_WORD}"),
    ("chpasswd", rf"([\w.-]{{1,64}}:){_WORD}(?=[\"']?\s*\|\s*(?:sudo\s+)?chpasswd)"),
    ("stdin", rf"(\b(?:echo|printf)\s+(?:-n\s+)?[\"']?){_WORD}(?=[\"']?\s*\|[^\n|]{{0,200}}stdin)"),
    ("snmp", rf"(\bsnmp\w+\b{_ONE}-c\s*[\"']?){_WORD}"),
    ("net ", r"(\bnet1?(?:\.exe)?\s+use[r]?\s+(?:\w:\s+)?\S+\s+)(?![/\s])\S+"),
    ("htpasswd", rf"(\bhtpasswd\s+-\w*b\w*\s+\S+\s+\S+\s+){_WORD}"),
    ("smb", rf"(\s-U\s*[\"']?[^\s%]{{1,64}}%){_WORD}"),
    ("rpcclient", rf"(\s-U\s*[\"']?[^\s%]{{1,64}}%){_WORD}"),
    ("rabbitmqctl", rf"(\brabbitmqctl\s+\w+\s+\S+\s+){_WORD}"),
    ("identified ", r"(\bidentified\s+(?:with\s+\S+\s+)?(?:by|as)\s+)(?:'[^']*'?|\"[^\"]*\"?|\S+)"),
    ("password '", r"(\bpassword\s+)'[^']*'?"),
    ("requirepass", rf"(\brequirepass\s+[\"']?){_WORD}"),
    ("masterauth", rf"(\bmasterauth\s+[\"']?){_WORD}"),
    ("from-literal", rf"(--from-literal[ =][\"']?[\w.-]+=){_WORD}"),
    ("wget", rf"(\bwget\b{_ONE}--(?:http-|ftp-|proxy-)?password[ =]){_WORD}"),
    ("useradd", rf"(\b(?:useradd|usermod)\b{_ONE}-p\s*[\"']?){_WORD}"),
    ("-cred", rf"(-Cred(?:ential)?\s+[^\s:]{{1,64}}:){_WORD}"),
    (
        "convertto-securestring",
        r"(ConvertTo-SecureString\s+(?:-String\s+)?)(?:'[^']*'?|\"[^\"]*\"?|\S+)",
    ),
    ("cmdkey", r"(\bcmdkey\b[^\n]{0,200}?/p(?:ass)?:)\S+"),
    ("/p", r"(\s/(?:p|rp|pw|pwd|pass|password)[: ]\s*)(?![\w.]+=)[^\s/\"']\S+"),
)  # fmt: skip


def hide_in_commands(text: str, lower: str) -> str:
    """The text without them; `lower` is the text in lower case."""
    for word, shape in COMMANDS:
        if word in lower:
            text = _compiled(shape).sub(rf"\1{REDACTED}", text)
    return text


@cache
def _compiled(shape: str) -> re.Pattern[str]:
    return re.compile(shape, re.IGNORECASE)
