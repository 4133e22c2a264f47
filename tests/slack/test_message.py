"""Slack messages: layouts, marks, safety."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.post import Post, PostKind
from chalicelib.cloudtrail.texts import one_line
from chalicelib.rules.destinations import LONGEST_TITLE
from chalicelib.rules.rule import URGENT, Severity
from chalicelib.slack.limits import violations
from chalicelib.slack.message import PLAINEST, Look, composer, digest, single
from chalicelib.slack.mrkdwn import say
from tests.canaries import planted
from tests.events import assumed_role, cloudtrail, iam_user, refused
from tests.slack.golden import CHANNEL, LOOK, NOW, alert
from tests.slack.stub import texts
from tests.soak import examples

# The only tokens of ours that begin with <.
OURS = re.compile(
    r"<!date\^-?\d+\^\{date_short_pretty\} \{time_secs\}\|[\d: -]+ UTC>"
    r"|<!(?:here|channel|everyone)>|<@[UW][A-Z0-9]+>|<!subteam\^S[A-Z0-9]+>"
)


def message(made: Alert, **options: Any) -> dict[str, Any]:
    return single(made, channel=CHANNEL, post_id="p1", look=LOOK, **options)


def shown(payload: dict[str, Any]) -> str:
    return "\n".join(texts(payload))


def urls(payload: dict[str, Any]) -> list[str]:
    return re.findall(r'"url": "([^"]+)"', json.dumps(payload))


@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize("form", [0, 1, 2])
def test_every_form_carries_what_a_reader_needs(severity: Severity, form: int) -> None:
    made = alert(cloudtrail("StopLogging"), severity)
    text = shown(message(made, form=form))
    for needed in (
        "alice",
        "StopLogging",
        "cloudtrail.amazonaws.com",
        "eu-west-1",
        "trail/main",
        "<!date^1767323045^",
        "2026-01-02 03:04:05 UTC",
        made.event_id,
        "succeeded",
        "prod (111122223333)",
        "192.0.2.10",
        severity.value.capitalize(),
    ):
        assert needed in text, needed


def test_severity_is_a_word_and_a_colour() -> None:
    payloads = [message(alert(cloudtrail(), severity)) for severity in Severity]
    assert len({payload["attachments"][0]["color"] for payload in payloads}) == len(Severity)
    assert [payload["text"].split("*")[1].lower() for payload in payloads] == [
        severity.value for severity in Severity
    ]


def test_critical_and_high_are_full_cards_and_the_others_one_block() -> None:
    for severity in Severity:
        made = alert(cloudtrail(), severity)
        blocks = single(made, channel="C1", post_id="p", look=Look())["attachments"][0]["blocks"]
        assert ("fields" in json.dumps(blocks)) is (severity in URGENT)
        assert severity in URGENT or len(blocks) == 1


def test_the_attachment_does_not_repeat_the_headline() -> None:
    for severity in Severity:
        payload = message(alert(cloudtrail(), severity))
        assert "stopped the trail" in payload["text"]
        assert "stopped the trail" not in json.dumps(payload["attachments"])


def test_the_envelope_carries_the_posts_id_only_and_switches_off_what_slack_would_add() -> None:
    payload = message(alert(cloudtrail()))
    assert payload["metadata"] == {
        "event_type": "trailbell_post",
        "event_payload": {"post_id": "p1"},
    }
    assert [payload[key] for key in ("unfurl_links", "unfurl_media", "link_names", "parse")] == [
        False, False, False, "none",
    ]  # fmt: skip
    assert "username" not in payload
    named = single(alert(cloudtrail()), channel="C1", post_id="p", look=Look(username="Bell"))
    assert (named["username"], named["channel"]) == ("Bell", "C1")


@pytest.mark.parametrize(
    ("region", "console"),
    [
        (
            "eu-west-1",
            "https://eu-west-1.console.aws.amazon.com/cloudtrailv2/home?region=eu-west-1",
        ),
        (
            "cn-north-1",
            "https://cn-north-1.console.amazonaws.cn/cloudtrailv2/home?region=cn-north-1",
        ),
        (
            "us-gov-west-1",
            "https://us-gov-west-1.console.amazonaws-us-gov.com/cloudtrailv2/home?region=us-gov-west-1",
        ),
    ],
)
def test_buttons_lead_to_the_event_and_to_our_own_page(region: str, console: str) -> None:
    for severity in (Severity.LOW, Severity.CRITICAL):
        made = alert(cloudtrail(awsRegion=region), severity)
        assert urls(message(made)) == [
            f"{console}#/events/{made.event_id}",
            f"https://trailbell.example.com/#alert={made.alert_id}",
        ]


@pytest.mark.parametrize("severity", [Severity.LOW, Severity.CRITICAL])
def test_a_message_with_nowhere_to_lead_has_no_row_for_buttons(severity: Severity) -> None:
    made = alert(cloudtrail(awsRegion="us-iso-east-1"), severity)
    payload = single(made, channel="C1", post_id="p", look=Look())
    assert urls(payload) == []
    blocks, linked = (each["attachments"][0]["blocks"] for each in (payload, message(made)))
    assert "actions" not in [block["type"] for block in blocks]
    assert blocks[0]["text"] == linked[0]["text"]  # in its own form, not in a plainer one


def test_repeats_corrections_samples_and_possible_repeats_say_so() -> None:
    made = alert(cloudtrail())
    later = NOW + timedelta(minutes=3)
    assert "*× 7*, last <!date^1767323280^" in message(made, repeats=7, last_at=later)["text"]
    assert message(made, possible_repeat=True)["text"].startswith("[possible repeat] ")
    assert message(made, corrected=True)["text"].startswith("[corrected] ")
    sample = single(made, channel="C1", post_id="p", look=Look(sample=True))
    assert sample["text"].startswith("[SAMPLE] ")
    assert "×" not in message(made)["text"]


def test_a_mention_is_what_the_rule_says_and_nothing_else() -> None:
    for said, written in (("@here", "<!here>"), ("<@U012AB3CD>", "<@U012AB3CD>")):
        assert message(alert(cloudtrail(), mention=said))["text"].endswith(written)
    assert "<" not in message(alert(cloudtrail(), mention="<!evil|x>"))["text"]


def high(record: dict[str, Any], **rule: Any) -> Alert:
    """An alert with a full card, whatever came of the call."""
    return replace(alert(record, **rule), severity=Severity.HIGH)


def test_a_failure_says_why() -> None:
    denied = refused(cloudtrail("DeleteUser"), "iam:DeleteUser", "user dave")
    text = shown(message(high(denied)))
    assert "*refused*: `AccessDenied`" in text
    assert "is not authorized to perform" in text
    forbidden = message(high(cloudtrail(errorCode="NotAuthorizedException")))
    assert "was refused" in forbidden["text"]
    assert "*refused*: `NotAuthorizedException`" in shown(forbidden)
    failed = cloudtrail(errorCode="TrailNotFoundException")
    assert "*failed*: `TrailNotFoundException`" in shown(message(alert(failed)))


def test_what_was_refused_is_not_told_as_if_it_had_happened() -> None:
    denied = cloudtrail("StopLogging", errorCode="AccessDenied")
    made = high(denied, title="A trail was stopped", runbook="Start it again.")
    card = shown(message(made))
    assert " · Refused: A trail was stopped\n" in card
    assert "It did not happen: the call was refused. Had it worked: Start it again." in card
    assert "Refused: A trail was stopped" in shown(message(replace(made, severity=Severity.LOW)))
    refusals = replace(made, title="A person was refused a change")
    assert " · A person was refused a change\nStart it again." in shown(message(refusals))
    done = high(cloudtrail("StopLogging"), title="A trail was stopped", runbook="Start it again.")
    assert " · A trail was stopped\nStart" in shown(message(done))


def test_what_to_do_first_is_two_lines_however_many_the_rule_has() -> None:
    stopped = cloudtrail("StopLogging")
    two = high(stopped, title="A trail was stopped", runbook="Start it again.\nFind out who.")
    assert " · A trail was stopped\nStart it again.\nFind out who." in shown(message(two))
    more = replace(two, runbook="Start it again.\nFind out who.\n\nTell *all*.")
    assert "Start it again.\nFind out who. Tell ＊all＊." in shown(message(more))


def test_a_reason_that_only_repeats_the_code_is_left_out() -> None:
    denied = cloudtrail(errorCode="Client.AccessDenied", errorMessage="AccessDenied")
    assert shown(message(high(denied))).count("AccessDenied") == 1


def test_the_plainest_form_is_short_text_without_blocks() -> None:
    long = cloudtrail("CreateUser", requestParameters={"userName": "&" * 5000})
    payload = message(alert(long), form=2)
    assert "attachments" not in payload
    assert len(payload["text"]) <= PLAINEST


def test_the_plainest_form_tells_also_of_an_alert_whose_every_character_is_escaped() -> None:
    made = replace(alert(cloudtrail(), Severity.CRITICAL), text="&" * 400, error_message="<" * 900)
    text = message(made, form=2, possible_repeat=True, repeats=999)["text"]
    assert "*Critical* · &amp;&amp;" in text
    assert "StopLogging" in text
    assert len(text) <= PLAINEST


def test_a_moment_before_the_year_1000_has_four_digits_of_it() -> None:
    text = shown(message(alert(cloudtrail(eventTime="0001-01-01T00:00:00Z"))))
    assert "|0001-01-01 00:00:00 UTC>" in text


def test_what_an_attacker_writes_cannot_format_mention_or_link() -> None:
    name = "<!channel> <https://evil.example.com|ok> *bold* `code` :tada: &amp; _x_"
    payload = message(alert(cloudtrail("CreateUser", requestParameters={"userName": name})))
    headline = payload["text"]
    assert "&lt;!channel&gt;" in headline
    assert "&amp;amp;" in headline
    assert headline.count("*") == 2
    assert ":tada:" not in headline
    assert not re.search(r"<(?!!date\^)", json.dumps(payload))


@pytest.mark.parametrize(
    "text",
    [
        "User: arn:aws:iam::111122223333:user/alice may not",
        "arn:aws-cn:kms:cn-north-1:111122223333:key/1234",
        "2001:db8:1:2::ff",
        "at 12:34:56 UTC",
        "iam:DeleteUser",
    ],
)
def test_what_is_copied_from_a_message_keeps_its_colons(text: str) -> None:
    assert say(text, 100) == text
    assert say(f"{text} :tada:", 100) == f"{text} ：tada:"


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("_approved_ by _root_", "＿approved＿ by ＿root＿"),
        ("*bold* ~gone~ `code`", "＊bold＊ ～gone～ ˋcodeˋ"),
        ("run_instances and AWSServiceRoleFor_X", "run_instances and AWSServiceRoleFor_X"),
    ],
)
def test_what_a_record_says_is_never_formatted(text: str, drawn: str) -> None:
    assert say(text, 100) == drawn


def test_an_address_that_an_attacker_writes_does_not_become_a_link() -> None:
    for severity in Severity:
        payload = message(alert(cloudtrail(userAgent="https://evil.example.com"), severity))
        drawn = json.dumps(payload)
        assert drawn.count('"mrkdwn"') == drawn.count('"verbatim": true') > 0
        assert payload["parse"] == "none"  # the same for the headline


def many(count: int, **changes: Any) -> list[Alert]:
    people = [iam_user("bob"), iam_user("carol"), assumed_role()]
    records = [
        cloudtrail("DeleteUser", eventID=f"e-{n:08d}", userIdentity=people[n % 7 % 3])
        for n in range(count)
    ]
    return [alert(record, Severity.LOW, **changes) for record in records]


def test_a_digest_counts_by_rule_principal_and_account_the_rare_first() -> None:
    alerts = many(24)
    payload = digest(alerts, channel=CHANNEL, post_id="p", look=LOOK)
    lines = payload["attachments"][0]["blocks"][0]["text"]["text"].split("\n")
    counts = [int(line.split(" ")[0].strip("*")) for line in lines]
    assert sum(counts) == len(alerts)
    assert counts == sorted(counts)
    assert payload["text"].startswith("*Low* · 24 alerts: 7 × Something worth knowing happened · ")
    assert urls(payload) == ["https://trailbell.example.com/"]
    assert violations(payload) == []


def test_what_happens_in_two_accounts_is_two_lines_of_a_digest() -> None:
    there, here = alert(cloudtrail(eventID="e-1"), Severity.LOW), alert(cloudtrail(), Severity.LOW)
    there = replace(there, account_id="444455556666", account_name="")
    text = shown(digest([here, there], channel=CHANNEL, post_id="p", look=LOOK))
    assert text.count("*1 ×*") == 2
    assert "prod (111122223333)" in text
    assert "444455556666" in text


def test_what_a_digest_leaves_out_is_counted_too() -> None:
    once = [replace(one, principal=f"user-{number}") for number, one in enumerate(many(30))]
    twice = [*once, *once]
    payload = digest(twice, channel=CHANNEL, post_id="p", look=LOOK)
    lines = shown(payload).split("\n")
    told = [line for line in lines if line.startswith("*2 ×*")]
    left = len(twice) - 2 * len(told)
    assert 0 < left < 50
    assert f"and {left} more alerts of {left // 2} more kinds" in lines


def test_a_digest_of_several_severities_says_which_are_which() -> None:
    bad = replace(many(1)[0], rule_id="bad", title="A user was deleted", severity=Severity.MEDIUM)
    payload = digest([*many(24), bad], channel=CHANNEL, post_id="p", look=LOOK)
    assert payload["text"] == "*Medium* · 25 alerts: bob deleted an IAM user, and 3 more kinds"
    lines = payload["attachments"][0]["blocks"][0]["text"]["text"].split("\n")
    assert lines[0] == "*Medium*"
    assert lines[2] == "*Low*"
    assert lines[1].startswith("*1 ×* A user was deleted · bob deleted")


def test_a_digest_of_250_kinds_stays_within_the_limits_and_counts_what_it_leaves_out() -> None:
    odd: dict[str, Any] = {"actor": "<&>" * 90, "title": "&" * 200}
    alerts = [replace(a, principal=f"p-{n}", **odd) for n, a in enumerate(many(250))]
    for form in (0, 1, 2):
        payload = digest(alerts, channel=CHANNEL, post_id="p", look=LOOK, form=form)
        assert violations(payload) == []
    whole = shown(digest(alerts, channel=CHANNEL, post_id="p", look=LOOK))
    shown_lines = whole.count("*1 ×*")
    assert f"and {250 - shown_lines} more alerts" in whole


def post(kind: PostKind, *alerts: Alert, repeats: int = 1) -> Post:
    return Post(
        post_id="p",
        channel=CHANNEL,
        kind=kind,
        alert_ids=tuple(a.alert_id for a in alerts),
        attempted_at=NOW,
        repeats=repeats,
    )


def test_what_dispatch_posts_becomes_the_right_form() -> None:
    compose = composer(LOOK)
    told, again = many(2)
    one = compose(post(PostKind.SINGLE, told), [told], form=0, possible_repeat=True)
    assert one["text"].startswith("[possible repeat] *Low*")
    raised = compose(
        post(PostKind.UPDATE, again, repeats=5), [told, again], form=0, possible_repeat=False
    )
    assert "*× 5*" in raised["text"]
    mended = compose(post(PostKind.UPDATE, told), [told], form=0, possible_repeat=False)
    assert mended["text"].startswith("[corrected] ")
    both = compose(post(PostKind.DIGEST, told, again), [told, again], form=0, possible_repeat=False)
    assert "2 alerts" in both["text"]


@pytest.mark.parametrize("severity", [Severity.LOW, Severity.CRITICAL])
def test_no_planted_secret_reaches_slack_or_the_stored_alert(severity: Severity) -> None:
    canaries = list(planted(cloudtrail()))
    assert len(canaries) >= 40
    for canary in canaries:
        made = alert(canary.record, severity)
        assert canary.needle not in repr(made), canary.place
        for form in (0, 1, 2):
            assert canary.needle not in json.dumps(message(made, form=form)), canary.place


HOSTILE = st.one_of(
    st.text(max_size=80),
    st.sampled_from(["<!channel>", "<@U1>", "&" * 900, "`*_~", "\ud800", "\u202e", "😀" * 700]),
    st.text("<>&|`*_~!@#:^ \n\u200b\ud800", max_size=400),
)
VALUE = st.recursive(
    HOSTILE | st.none() | st.booleans() | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(HOSTILE, inner, max_size=3),
    max_leaves=6,
)
KEYS = [
    "bucketName", "userName", "groupId", "ipPermissions", "cidrIp", "name", "policyDocument",
    "instancesSet", "roleName", "assumeRolePolicyDocument", "ipProtocol", "fromPort", "toPort",
]  # fmt: skip
IDENTITY = st.dictionaries(
    st.sampled_from(
        ["type", "arn", "principalId", "userName", "accountId", "invokedBy", "sessionContext"]
    ),
    VALUE | st.sampled_from(["IAMUser", "AssumedRole", "Root", "FederatedUser"]),
)
OPERATIONS = st.sampled_from(
    ["CreateBucket", "RunInstances", "AuthorizeSecurityGroupIngress", "CreateRole", "ConsoleLogin"]
)
OPTIONAL = (
    "eventID", "awsRegion", "sourceIPAddress", "userAgent", "errorCode", "errorMessage",
    "eventTime", "recipientAccountId", "resources", "additionalEventData", "eventType",
    "insightDetails", "sessionCredentialFromConsole", "readOnly",
)  # fmt: skip
HOSTILE_RECORD = st.fixed_dictionaries(
    {
        "userIdentity": IDENTITY | VALUE,
        "eventName": OPERATIONS | HOSTILE,
        "eventSource": st.sampled_from(["ec2.amazonaws.com", "iam.amazonaws.com"]) | HOSTILE,
        "requestParameters": st.dictionaries(st.sampled_from(KEYS), VALUE, max_size=5) | VALUE,
        "responseElements": VALUE,
    },
    optional=dict.fromkeys(OPTIONAL, VALUE),
)


@settings(max_examples=examples(100, 10_000), derandomize=True, deadline=None)
@given(HOSTILE_RECORD, st.sampled_from(Severity), HOSTILE, st.booleans())
def test_whatever_a_record_holds_its_message_keeps_the_limits_and_injects_nothing(
    record: dict[str, Any], severity: Severity, title: str, repeat: bool
) -> None:
    # A rule's title was made one line of no more than its limit when its file was read.
    made = alert(record, severity, title=one_line(title, LONGEST_TITLE) or "x", runbook=title)
    messages = [message(made, form=form, possible_repeat=repeat) for form in (0, 1, 2)]
    messages.append(digest([made, made], channel=CHANNEL, post_id="p", look=LOOK))
    for payload in messages:
        assert violations(payload) == []
        assert "<" not in OURS.sub("", shown(payload))
        assert len(json.dumps(made.record)) <= 200_000
