"""The shapes of tokens, as their issuers document them or their public scanners know them.

A line of TOKENS is how a token is glimpsed and its regular expression; it begins where no letter or
digit stands before it. What is glimpsed are words, letters and digits between anything else; with *
it is a beginning, which stands in _BEGINS; - where one of its words is LONG. Sources:
docs.github.com "Token types", docs.gitlab.com "Token overview", api.slack.com "Token types",
docs.stripe.com "API keys", developer.hashicorp.com, learn.microsoft.com "Sensitive information
types", docs.aws.amazon.com "Amazon Bedrock API keys", and the rules of the open scanners gitleaks
and trufflehog; session tokens of AWS STS as seen in public samples.
"""

from __future__ import annotations

import re
from functools import cache

LONG = 22
# The start of a secret inside a text: also after a percent escape or an escaped line end.
START = r"(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrt]))"
# The beginnings in TOKENS, but for two which `in` finds faster.
_BEGINS = re.compile(
    r"A(?:AA|Iz|KC|Q[Vo]|T[ABCT]|go)|EAA|F(?:Qo|wo)|GR1|H4s|I(?:GQ|Qo)|LTA|MC4|00D|cmVm|dG9r|b3Bl"
)
# As bytes, since texts are translated by way of a slower table.
_WORDS = bytes(code if chr(code).isalnum() and code < 128 else 32 for code in range(256))


def may_hold_a_token(text: str) -> bool:
    """Whether a look with `token_shapes` is worth its time: words are cheaper to see."""
    if not text.isascii() or "%" in text or "\\" in text:
        return True
    if _BEGINS.search(text) or "eyJ" in text or "aoa" in text:
        return True
    if text.isalnum():
        return len(text) >= LONG
    words = text.encode().translate(_WORDS).split()
    return max(map(len, words), default=0) >= LONG or not _glimpses().isdisjoint(words)


@cache
def token_shapes() -> re.Pattern[str]:
    """A whole token of any kind."""
    return re.compile(f"{START}(?:{'|'.join(shape for _, shape in _lines(TOKENS))})")


def inner_tokens(text: str) -> list[re.Pattern[str]]:
    """The tokens without words of their own that may be in a text."""
    found: list[re.Pattern[str]] = []
    for sign, kinds in _inner():
        if sign in text:
            found += [_compiled(whole) for part, whole in kinds if part in text]
    return found


@cache
def _inner() -> list[tuple[str, list[tuple[str, str]]]]:
    kinds: dict[str, list[tuple[str, str]]] = {}
    for sign, part, whole in _lines(INNER):
        kinds.setdefault(sign, []).append((part, whole))
    return list(kinds.items())


@cache
def _compiled(whole: str) -> re.Pattern[str]:
    return re.compile(START + whole)


@cache
def _glimpses() -> frozenset[bytes]:
    """Words that are seen where tokens are."""
    seen = {word for glimpse, _ in _lines(TOKENS) for word in glimpse.split(",")}
    return frozenset(word.encode() for word in seen if word.isalnum())


def _lines(table: str) -> list[list[str]]:
    return [line.split() for line in table.splitlines() if line and line[0] != "#"]


TOKENS = r"""
# AWS: session tokens of STS, Bedrock, MWS, Login with Amazon, EKS, AppSync, SSO
Fwo*,FQo* (?:FwoG|FQoG)ZXIvYXdz[\w/+=%-]{8,}
IQo*,Ago* (?:IQoJ|AgoJ)b3JpZ2lu[\w/+=%-]{8,}
AQo* AQo(?:DYXdz|EXAMPLE)[\w/+=%-]{8,}
bedrock bedrock-api-key-[\w+/=-]{16,}
- ABSK[A-Za-z0-9+/]{40,}={0,2}
amzn amzn\.mws\.[\w-]{20,}
amzn1 amzn1\.oa2-cs\.v1\.\w{16,}
Atza,Atzc,Atzr Atz[arc]\|[\w/+=-]{16,}
k8s k8s-aws-v1\.[\w=-]{16,}
da2 da2-[a-z0-9]{26}
aoa* aoa[A-Z]{4}[\w/+:=-]{30,}
# Web tokens, whole, halved and in the alphabet of plain base64; zipped texts
eyJ* eyJ[\w-]{8,}\.[\w-]*\.?[\w-]{4,}(?:\.[\w-]*){0,3}|eyJ[\w/+-]{40,}={0,2}
v1,v2,v3,v4 v[1-4]\.(?:local|public)\.[\w-]{32,}(?:\.[\w-]+)?
H4s* H4sI[\w/+=-]{24,}
# Slack
xoxa,xoxb,xoxc,xoxd,xoxe xox[a-e](?:\.xox[a-z])?-[\w-]{11,}
xoxo,xoxp,xoxr,xoxs,xapp,xwfp x(?:ox[oprs]|app|wfp)-[\w-]{11,}
# GitHub, GitLab, Bitbucket and Atlassian, Gitea
ghp,gho,ghu,ghs,ghr gh[opsur]_\w{16,}
github github_pat_\w{16,}
glpat,gldt,glrt,glrtr,glcbt,glptt gl(?:pat|dt|rt|rtr|cbt|ptt)-[\w.-]{16,}
glft,glimt,glagent,gloas,glsoat,glffct,glwt gl(?:ft|imt|agent|oas|soat|ffct|wt)-[\w.-]{16,}
glc,glsa gl(?:sa|c)_[\w+/=]{20,}
GR1* GR1348941[\w-]{16,}
ATA*,ATB*,ATC* AT(?:ATT3|CTT3|BB|CA)[\w=%-]{16,}
ATT* ATTA[0-9a-f]{60,}
# Stripe and other payments
pk,rk,sk [srp]k_(?:live|test|prod|org|sbox|proj|paystack)_[\w-]{8,}
whsec whsec_[\w+/=]{16,}
sq0atp,sq0csp,sq0idp,sq0acp sq0(?:atp|csp|idp|acp)-[\w-]{16,}
EAA* EAA[A-Za-z0-9_-]{40,}
access access-(?:sandbox|development|production)-[0-9a-f-]{36}
rzp rzp_(?:live|test)_\w{14,}
FLWSECK FLWSECK(?:_TEST)?-[\w-]{12,}
- EZ[AT]K[A-Za-z0-9]{54}
duffel,shippo (?:shippo|duffel)_(?:live|test)_[\w-]{20,}
- (?:live|test)_(?=\w*\d)(?=\w*[A-Za-z])[A-Za-z0-9]{30,}
# Google
AIz* AIza[\w-]{30,}
ya29 ya29\.[\w-]{16,}
GOCSPX GOCSPX-[\w-]{16,}
AQ AQ\.Ab[\w-]{30,}
# Packages and images
npm npm_\w{20,}
pypi pypi-[\w-]{16,}
rubygems rubygems_[0-9a-f]{40,}
- oy2[a-z0-9]{43}
- cio(?=\w*\d)[A-Za-z0-9]{32}(?!\w)
CLOJARS CLOJARS_[0-9a-z]{40,}
AKC* AKCp\w{60,}
cmV* cmVmdGtu[\w=]{30,}
dckr dckr_(?:pat|oat)_[\w-]{16,}
# Clouds and hosts
doo,dop,dor,dot do[oprt]_v1_\w{20,}
HRKU HRKU-[\w-]{20,}
fo1 fo1_[\w-]{30,}
fm1,fm1a,fm1r,fm2,fm2a fm(?:1|1a|1r|2|2a)_[\w+/=-]{30,}
rnd rnd_(?=\w*\d)\w{20,}
vcp,vci,vca,vcr,vck vc[piark]_(?=\w*\d)\w{20,}
nfp nfp_\w{30,}
v1 v1\.0-[0-9a-f]{24}-[0-9a-f]{60,}
sbp sbp_\w{20,}
sb sb_secret_[\w-]{20,}
pscale pscale_(?:tkn|pw|oauth)_[\w.-]{16,}
napi napi_(?=\w*\d)\w{30,}
mdb mdb_sa_sk_[\w-]{20,}
CCDB1 CCDB1_\w{16,}_\w{16,}
LTA* LTAI[A-Za-z0-9]{12,20}(?![A-Za-z0-9])
AQV* AQVN[\w-]{35,}
- AKID(?=\w*[a-z])[A-Za-z0-9]{32}(?!\w)|fw_(?=\w*\d)[A-Za-z0-9]{24}(?!\w)
y0,y1,y2,y3 y[0-3]_[\w-]{50,}
t1 t1\.(?:9eu[\w.=-]{30,}|[\w-]{20,}={0,2}\.[\w-]{80,})
# HashiCorp, Doppler, 1Password, Pulumi, age
hvb,hvr,hvs hv[bsr]\.[\w-]{16,}
- s\.(?=[A-Za-z0-9]*\d)[A-Za-z0-9]{24}(?![A-Za-z0-9])
st st\.[0-9a-f-]{24,36}\.[0-9a-f]{32}\.[0-9a-f]{32}
dp dp\.(?:pt|st|ct|sa|scim|audit)\.[\w.-]{30,}
ops ops_eyJ\w{40,}
A3 A3-[A-Z0-9]{6}-(?:[A-Z0-9]{5,11}-){2,4}[A-Z0-9]{5}
pul pul-[0-9a-f]{40}
AGE AGE-SECRET-KEY-1\w{16,}
# Watching and building
NRAK,NRBR,NRII,NRIQ,NRJS,NRRA,NRSP NR(?:AK|II|IQ|RA|BR|JS|SP)-[\w-]{16,}
sntrys,sntryu sntry[su]_[\w=+/-]{20,}
hcaik,hcbik,hciik hc[abi]ik_\w{20,}
dt0c01,dt0s01,dt0s02,dt0s06,dt0s08,dt0s16 dt0(?:c01|s01|s02|s06|s08|s16)\.\w{24}\.\w{40,}
sgp sgp_\w{20,}
phc,phr,phs,phx ph[cxrs]_(?=\w*\d)\w{30,}
sqa,sqp,squ sq[pua]_[0-9a-f]{40}
CCIPAT,CCIPRJ CCI(?:PAT|PRJ)_\w{20,}
bkaa,bkua,pnu bk[au]a_\w{20,}|pnu_\w{36}
snyk snyk_[a-z]{3}\.[\w.-]{20,}
api,mob,sdk (?:sdk|api|mob)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}
- [0-9a-f]{32,36}(?:FFFF)?NRAL(?![A-Za-z0-9])
# Databases and data
- dapi[0-9a-f]{32}(?:-\d+)?|cflt[\w/+]{50,}|4b1d(?=[a-z]*[A-Z])[A-Za-z0-9]{38}(?!\w)
dbtc,dbtu,AVNS dbt[uc]_[\w=]{20,}|AVNS_[\w-]{18,}
- pat[A-Za-z0-9]{14}\.[0-9a-f]{40,}
# Mail, telephone, chat
SG SG\.[\w-]{12,}\.[\w-]{12,}
- SK[0-9a-f]{32}(?![A-Za-z0-9])
- key-[0-9a-f]{32}(?![A-Za-z0-9])|tskey-[a-z]+-[\w-]{20,}|tk-us-[\w-]{40,}
- [0-9a-f]{32}-(?:[0-9a-f]{8}-[0-9a-f]{8}|us\d{1,2})(?![\w-])
xkeysib,xsmtpsib (?:xkeysib|xsmtpsib)-[\w-]{40,}
mlsn mlsn\.[\w-]{30,}
md md-(?=[\w-]*\d)[\w-]{22}(?![\w-])
re re_(?=\w*\d)(?=\w*[A-Z])\w{20,}
- [MNO][\w-]{22,27}\.[\w-]{6}\.[\w-]{25,}
mfa mfa\.[\w-]{60,}
# Shops, documents, work
shpat,shpca,shppa,shpss,shpua,shptka,shppat shp(?:at|ca|pa|ss|ua|tka|pat)_\w{16,}
PMAK PMAK-[\w-]{16,}
lin lin_(?:api|oauth)_\w{16,}
ntn ntn_\w{30,}
- secret_(?=\w*\d)[A-Za-z0-9]{40,}
figd,figo,figu,fio fig[dou]_[\w-]{30,}|fio-u-[\w=-]{40,}
sl sl\.(?:u\.)?[\w-]{40,}
pat pat-(?:na|eu|ap)\d-[0-9a-f-]{36}|pat\.[\w-]{22}\.[0-9a-f]{24}\.\w{20}
00D* 00D[A-Za-z0-9]{12,15}![\w.]{40,}
tfp,rdme,lip tfp_[\w-]{30,}|rdme_[a-z0-9]{60,}|lip_(?=\w*\d)\w{20}(?!\w)
CFPAT CFPAT-[\w-]{30,}
dG9* dG9r[\w=]{40,}
IGQ* IGQV[\w-]{40,}
WPL WPL_AP1\.[\w.=-]{12,}
AAA* AAAAAAAAAAAAAAAAAA[\w%]{30,}
# Models
sk sk-[\w-]{20,}
sess sess-(?=[\w-]*\d)[A-Za-z0-9]{30,}
hf hf_\w{20,}
api api_org_\w{20,}
r8 r8_\w{30,}
gsk gsk_\w{30,}
xai xai-[\w-]{40,}
pplx pplx-\w{30,}
pcsk pcsk_\w{30,}
lsv2 lsv2_[a-z]{2}_\w{20,}
nvapi nvapi-[\w-]{40,}
tvly tvly-[\w-]{20,}
fc fc-[0-9a-f]{32}(?![\w-])
csk csk-\w{30,}
sk sk_(?=\w*\d)[0-9a-f]{40,}
- aad3b435b51404ee[0-9a-f]{16}:[0-9a-f]{32}
# Private keys without their frame
MC4* MC4CAQAw[\w+/=]{50,}
b3B* b3BlbnNzaC1rZXk[\w+/=]{20,}
"""
# Tokens that are known by what stands within them, and first by a sign that few texts have.
INNER = r"""
.com/ hooks.slack hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/\S+
.com/ /api/webhooks/ discord(?:app)?\.com/api/webhooks/\S+
.com/ /webhook outlook\.office(?:365)?\.com/webhook\w*/\S+
.com/ .webhook.office [\w-]{1,63}\.webhook\.office\.com/\S+
.com/ chat.googleapis chat\.googleapis\.com/v1/spaces/\S+
//0 1//0 1//0[\w-]{30,}
/0A 4/0A 4/[01]A[\w-]{20,}
/1A 4/1A 4/[01]A[\w-]{20,}
.A 0.A [01]\.A[A-Za-z][\w-]{20,}\.[\w.-]{20,}
.A 1.A [01]\.A[A-Za-z][\w-]{20,}\.[\w.-]{20,}
.atlasv1. .atlasv1. [A-Za-z0-9]{10,40}\.atlasv1\.\S{16,}
$ access_token$ access_token\$(?:production|sandbox)\$\w{8,}\$\w{16,}
$ $ \$(?:2[abxy]?|apr1|[156y]|gy|sha1|argon2(?:id?|d)|scrypt|pbkdf2[\w-]*)\$[\w./+=,$-]{16,}
} SHA \{S?SHA\d*\}[\w+/=.$]{16,}
} MD5} \{S?MD5\}[\w+/=.$]{16,}
} {CRYPT} \{CRYPT\}[\w+/=.$]{16,}
thin: jdbc: jdbc:oracle:thin:[\w.-]{1,64}/[^\s@]{1,128}+@
~ Q~ [\w~.-]{3}[78]Q~[\w~.-]{31,34}
:5432: :5432: [\w.*-]{1,100}:5432:[\w*-]{1,63}:[\w*-]{1,63}:\S{6,}
:AA :AA \d{8,10}:AA[\w-]{32,35}
"""
