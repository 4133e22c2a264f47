"""What was asked for, checked before AWS is asked anything: every mistake at once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from chalicelib.rules.destinations import CHANNEL_ID, CHANNEL_NAME
from chalicelib.rules.filter_pattern import FilterPatternError, compile_pattern

# Source: CloudWatch Logs API reference, PutRetentionPolicy.
RETENTIONS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
# Sources: the services' API references (CreateTrail, CreateLogGroup, "Bucket naming rules", and
# "Tagging AWS resources").
TRAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,126}[A-Za-z0-9]")
TRAIL_ARN = re.compile(
    r"arn:aws[a-z-]*:cloudtrail:[a-z0-9-]+:[0-9]{12}:trail/[A-Za-z0-9._-]{3,128}"
)
LOG_GROUP = re.compile(r"[A-Za-z0-9_/.#-]{1,512}")
BUCKET = re.compile(r"(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
TOPIC_ARN = re.compile(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_.-]+")
KEY_ARN = re.compile(r"arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+")
OWN_OR_KEY = re.compile(f"own|{KEY_ARN.pattern}")
# Source: IAM API reference, CreateRole.
POLICY_ARN = re.compile(r"arn:aws[a-z-]*:iam::(aws|\d{12}):policy/[\w+=,.@/-]+", re.ASCII)
ROLE_PATH = re.compile(r"(?=.{1,512}$)(/[!-.0-~]+)*/")
EMAIL = re.compile(r"(?=.{3,320}$)[^@\s<>,;]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
TAG_KEY, TAG_VALUE = re.compile(r"[\w\s+=.:/@-]{1,128}"), re.compile(r"[\w\s+=.:/@-]{0,256}")
NO_TAGS = ("",)  # --tag "" takes them back
MOST_TAGS = 50 - len(("app", "stage"))
# How the names of a partition's regions begin. Source: AWS General Reference, "AWS partitions".
PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}
FACTS = re.compile(r"\$\.facts\b")  # ours, worked out behind the filter
BOT_TOKEN = re.compile(r"xox[bpe][.-][!-~]+")
WORD = re.compile("[!-~]*")
SHORTEST_API_TOKEN = 16
LONGEST_USERNAME = 80


def wrong(
    given: Mapping[str, Any],
    env: Mapping[str, str],
    region: str | None,
    regions: Collection[str],
) -> list[str]:
    """Each mistake in a sentence that ends in what would do; `regions` are those that exist. An
    option that is "" takes its choice back, and is never wrong.
    """
    chosen = {name: value for name, value in given.items() if value not in (None, "", ())}
    if chosen.get("tags") == NO_TAGS:
        del chosen["tags"]
    found = [sentence for name, check in CHECKS.items() for sentence in check(chosen.get(name))]
    if not found:
        found = [*_elsewhere(chosen, region)]
    return [*found, *_together(chosen), *_region(region, regions), *_values(env)]


def _filter_pattern(text: str | None) -> Iterator[str]:
    if text is None:
        return
    try:
        compile_pattern(text)
    except FilterPatternError as error:
        yield f"--filter-pattern is no filter pattern: {error}; trailbell.py match tries one"
        return
    if FACTS.search(text):
        yield "--filter-pattern asks $.facts, which CloudWatch Logs knows nothing of: name fields"


def _matching(option: str, pattern: re.Pattern[str], takes: str) -> Callable[[Any], Iterator[str]]:
    def check(text: str | None) -> Iterator[str]:
        if text is not None and not pattern.fullmatch(text):
            yield f"{option} is {text!r}: it takes {takes}"

    return check


def _trail(text: str | None) -> Iterator[str]:
    if text is not None and not TRAIL.fullmatch(text) and not TRAIL_ARN.fullmatch(text):
        yield f"--trail is {text!r}: it takes a trail's name or ARN"


def _log_days(text: str | None) -> Iterator[str]:
    if text is not None and not (text.isdecimal() and int(text) in RETENTIONS):
        known = ", ".join(map(str, RETENTIONS))
        yield f"--log-days is {text!r}: CloudWatch Logs keeps records {known} days"


def _trail_days(text: str | None) -> Iterator[str]:
    if text is not None and not (text.isascii() and text.isdecimal() and 0 < int(text) < 2**31):
        yield f"--trail-days is {text!r}: it takes a whole number of days, 1 or more"


def _tags(tags: tuple[str, ...] | None) -> Iterator[str]:
    tags = tags or ()
    if len(tags) > MOST_TAGS:
        yield f"--tag is given {len(tags)} times: AWS takes {MOST_TAGS} besides app and stage"
    for tag in tags:
        key, equals, value = tag.partition("=")
        if not equals:
            yield f"--tag takes KEY=VALUE, not {tag!r}"
        elif not TAG_KEY.fullmatch(key) or key.lower().startswith("aws:"):
            yield f"--tag {tag!r}: a key has 1 to 128 letters, digits, spaces or _.:/=+-@, no aws:"
        elif not TAG_VALUE.fullmatch(value):
            yield f"--tag {tag!r}: a value has up to 256 letters, digits, spaces or _.:/=+-@"


CHECKS: Mapping[str, Callable[[Any], Iterator[str]]] = {
    "trail": _trail,
    "log_group": _matching("--log-group", LOG_GROUP, "a log group's name, not its ARN"),
    "bucket": _matching(
        "--bucket", BUCKET, "a bucket's name: 3 to 63 lower-case letters, digits, dots and hyphens"
    ),
    "source": _matching("--source", re.compile("logs|s3"), "logs or s3"),
    "bucket_owner": _matching("--bucket-owner", re.compile(r"[0-9]{12}"), "an account: 12 digits"),
    "bucket_key": _matching("--bucket-key", KEY_ARN, "a key's ARN, arn:aws:kms:…:key/…"),
    "topic": _matching("--topic", TOPIC_ARN, "a topic's ARN, arn:aws:sns:…"),
    "kms_key": _matching("--kms-key", OWN_OR_KEY, "own, or a key's ARN, arn:aws:kms:…:key/…"),
    "permissions_boundary": _matching(
        "--permissions-boundary", POLICY_ARN, "a managed policy's ARN, arn:aws:iam::…:policy/…"
    ),
    "role_path": _matching("--role-path", ROLE_PATH, "a path such as /security/"),
    "email": _matching("--email", EMAIL, "one address such as ops@example.com"),
    "filter_pattern": _filter_pattern,
    "log_days": _log_days,
    "trail_days": _trail_days,
    "tags": _tags,
}


def _together(chosen: Mapping[str, Any]) -> Iterator[str]:
    """What is right alone and contradicts another."""
    for option in ("bucket", "organization"):
        if "trail" in chosen and chosen.get(option):
            yield f"--trail adopts a trail as it is, so --{option} is for a trail of our own alone"


def _elsewhere(chosen: Mapping[str, Any], region: str | None) -> Iterator[str]:
    """ARNs of another partition than the region's, which no call reaches from here."""
    if region is None:
        return
    ours = next((name for begin, name in PARTITIONS.items() if region.startswith(begin)), "aws")
    for name in ("trail", "topic", "kms_key", "permissions_boundary"):
        option, given = f"--{name.replace('_', '-')}", chosen.get(name, "").split(":")
        if len(given) > 1 and given[1] != ours:
            yield f"{option} is of the partition {given[1]}, and {region} is of {ours}"
        elif name == "kms_key" and len(given) > 1 and given[3] != region:
            yield f"{option} is of {given[3]}: a key serves its own region alone, here {region}"


def _region(region: str | None, regions: Collection[str]) -> Iterator[str]:
    if region is None or region in regions:
        return
    near = difflib.get_close_matches(region, regions, n=1)
    meant = f": did you mean {near[0]}?" if near else "; it takes one such as eu-central-1"
    yield f"there is no region {region!r}{meant} (a newer boto3 may know newer ones)"


def _values(env: Mapping[str, str]) -> Iterator[str]:
    """The environment's values; a secret's is not shown."""
    values = {name: text.strip() for name, text in env.items() if not text.startswith("ssm:")}
    token, channel = values.get("SLACK_TOKEN"), values.get("SLACK_CHANNEL")
    if token and not BOT_TOKEN.fullmatch(token):
        yield "SLACK_TOKEN is no bot token: it begins with xoxb-, and has no spaces"
    if channel and not (CHANNEL_ID.fullmatch(channel) or CHANNEL_NAME.fullmatch(channel)):
        yield f"SLACK_CHANNEL is {channel!r}: it takes a name such as #alerts, or a channel's id"
    if len(values.get("SLACK_USERNAME", "")) > LONGEST_USERNAME:
        yield f"SLACK_USERNAME has more than {LONGEST_USERNAME} characters"
    if 0 < len(values.get("API_TOKEN", "")) < SHORTEST_API_TOKEN:
        yield (
            f"API_TOKEN is shorter than {SHORTEST_API_TOKEN} characters: leave it out, and apply "
            "makes one"
        )
    for name in ("SLACK_SIGNING_SECRET", "API_TOKEN"):
        if not WORD.fullmatch(values.get(name, "")):
            yield f"{name} has spaces, line breaks or letters beyond ASCII: it takes none"
    url = values.get("PUBLIC_URL", "")
    if url and not is_address(url):
        yield f"PUBLIC_URL is {url!r}: it takes an address such as https://example.com/api/"


def is_address(url: str) -> bool:
    """Whether it is a web address, by its form."""
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets that hold no address
        return False
    whole = WORD.fullmatch(url) is not None
    return whole and parts.scheme in ("http", "https") and bool(parts.netloc)
