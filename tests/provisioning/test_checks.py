"""What was asked for is checked before AWS is asked anything, and every mistake said at once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from provisioning.checks import CHECKS, RETENTIONS, wrong
from provisioning.choices import Choices
from provisioning.options import requested_of

REGIONS = ("eu-central-1", "us-gov-west-1", "cn-north-1")
TOKEN = "-".join(("xoxb", "1", "2", "example"))


def _wrong(env: dict[str, str] | None = None, region: str | None = None, **given: Any) -> list[str]:
    return wrong(given, env or {}, region, REGIONS)


@pytest.mark.parametrize(
    "right",
    [
        {"trail": "organization-trail"},
        {"trail": "arn:aws-us-gov:cloudtrail:us-gov-west-1:111122223333:trail/audit"},
        {"log_group": "aws-cloudtrail-logs-111122223333/x#y"},
        {"bucket": "my.bucket-1"},
        {
            "source": "s3",
            "bucket_owner": "111122223333",
            "bucket_key": "arn:aws:kms:eu-west-1:111122223333:key/1234-ab",
            "topic": "arn:aws-cn:sns:cn-north-1:111122223333:trail",
        },
        {"email": "ops+trail@example.co.uk"},
        {"permissions_boundary": "arn:aws-cn:iam::111122223333:policy/team/boundary"},
        {"role_path": "/"},
        {"role_path": "/team/security/"},
        {"filter_pattern": '{ $.eventName = "StopLogging" }'},
        {"filter_pattern": ""},
        {"log_days": "30"},
        {"trail_days": "1"},
        {"tags": ("team=security", "cost centre=12/3")},
        {"tags": ("",)},
        {"trail": "", "bucket": "", "email": "", "log_days": ""},
        {"organization": True, "bucket": "my-bucket"},
        {"region": "cn-north-1"},
        {"env": {"SLACK_TOKEN": TOKEN, "SLACK_CHANNEL": "#alerts", "PUBLIC_URL": "https://x.y/"}},
        {"env": {"SLACK_CHANNEL": "C012AB3CD", "API_TOKEN": "x" * 16}},
        {"env": {"SLACK_TOKEN": "ssm:/a/b", "SLACK_CHANNEL": " ", "API_TOKEN": ""}},
    ],
)
def test_what_can_be_used_is_not_complained_of(right: dict[str, Any]) -> None:
    assert _wrong(**right) == []


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        ({"trail": "a"}, "--trail is 'a': it takes a trail's name or ARN"),
        ({"trail": "arn:aws:s3:::bucket"}, "it takes a trail's name or ARN"),
        ({"log_group": "arn:aws:logs:x:1:log-group:y"}, "a log group's name, not its ARN"),
        ({"bucket": "My_Bucket"}, "a bucket's name"),
        ({"bucket": "a..b"}, "a bucket's name"),
        ({"source": "sqs"}, "logs or s3"),
        ({"topic": "mine"}, "a topic's ARN"),
        ({"bucket_owner": "us"}, "an account: 12 digits"),
        ({"bucket_owner": "\u0661" * 12}, "an account: 12 digits"),
        ({"bucket_key": "alias/mine"}, "a key's ARN"),
        ({"permissions_boundary": "ours"}, "a managed policy's ARN"),
        ({"role_path": "team"}, "a path such as /security/"),
        ({"role_path": "/a//b/"}, "a path such as /security/"),
        ({"email": "ops"}, "one address such as ops@example.com"),
        ({"email": "a@b.c, d@e.f"}, "one address"),
        ({"filter_pattern": "{ $.a = "}, "is no filter pattern: expected"),
        ({"filter_pattern": '{ $.facts.outcome = "failed" }'}, "knows nothing of: name fields"),
        ({"filter_pattern": "x" * 1025}, "is no filter pattern"),
        ({"log_days": "31"}, "CloudWatch Logs keeps records 1, 3, 5"),
        ({"log_days": "x"}, "--log-days is 'x'"),
        ({"trail_days": "0"}, "a whole number of days, 1 or more"),
        ({"trail_days": "²"}, "a whole number of days"),
        ({"tags": ("team",)}, "--tag takes KEY=VALUE, not 'team'"),
        ({"tags": ("aws:x=1",)}, "no aws:"),
        ({"tags": ("x=" + "y" * 257,)}, "up to 256"),
        ({"tags": tuple(f"k{number}=v" for number in range(49))}, "49 times: AWS takes 48"),
        ({"trail": "audit", "bucket": "my-bucket"}, "--bucket is for a trail of our own"),
        ({"trail": "audit", "organization": True}, "--organization is for a trail of our own"),
        ({"region": "eu-cental-1"}, "did you mean eu-central-1?"),
        ({"region": "Frankfurt!"}, "it takes one such as eu-central-1"),
        ({"env": {"SLACK_TOKEN": "secret stuff"}}, "SLACK_TOKEN is no bot token"),
        ({"env": {"SLACK_CHANNEL": "#Alerts now"}}, "SLACK_CHANNEL is '#Alerts now'"),
        ({"env": {"API_TOKEN": "short"}}, "API_TOKEN is shorter than 16"),
        ({"env": {"API_TOKEN": "sixteen or\nmore letters"}}, "API_TOKEN has spaces, line breaks"),
        ({"env": {"SLACK_SIGNING_SECRET": "a b"}}, "SLACK_SIGNING_SECRET has spaces"),
        ({"env": {"PUBLIC_URL": "example.com"}}, "it takes an address such as https"),
        ({"env": {"PUBLIC_URL": "https://["}}, "it takes an address such as https"),
        ({"env": {"PUBLIC_URL": "https://x.y/\na"}}, "it takes an address such as https"),
        (
            {"region": "eu-central-1", "topic": "arn:aws-cn:sns:cn-north-1:111122223333:t"},
            "--topic is of the partition aws-cn, and eu-central-1 is of aws",
        ),
        (
            {"region": "us-gov-west-1", "permissions_boundary": "arn:aws:iam::aws:policy/Most"},
            "of the partition aws, and us-gov-west-1 is of aws-us-gov",
        ),
        (
            {
                "region": "eu-central-1",
                "kms_key": "arn:aws:kms:eu-west-1:111122223333:key/1234",
            },
            "--kms-key is of eu-west-1: a key serves its own region alone",
        ),
        ({"env": {"SLACK_USERNAME": "x" * 81}}, "more than 80"),
    ],
)
def test_a_mistake_is_one_sentence_that_says_what_would_do(
    mistake: dict[str, Any], words: str
) -> None:
    (sentence,) = _wrong(**mistake)
    assert words in sentence
    assert "\n" not in sentence


def test_every_mistake_is_said_at_once_and_no_secret_is_shown() -> None:
    env = {"SLACK_TOKEN": "secret stuff", "API_TOKEN": "short"}
    found = _wrong(env, "nowhere", trail="a", email="b", log_days="2", tags=("x", "aws:y=1"))
    assert len(found) == 8
    assert not any("secret stuff" in one or "'short'" in one for one in found)


def test_the_retentions_are_those_that_botocore_documents() -> None:
    assert [*RETENTIONS] == sorted(set(RETENTIONS))
    assert {1, 30, 365, 3653} <= set(RETENTIONS)


@settings(max_examples=100, deadline=None)
@given(some.sampled_from(sorted(set(CHECKS) - {"tags"})), some.text(max_size=200))
def test_no_text_breaks_a_check(name: str, text: str) -> None:
    assert all(isinstance(one, str) for one in wrong({name: text}, {}, None, REGIONS))


def test_an_empty_tag_takes_the_tags_back_as_any_other_option_does() -> None:
    kept = Choices(tags={"team": "security"})

    assert kept.updated(requested_of("dev", {"tags": ()}).given) == kept
    assert kept.updated(requested_of("dev", {"tags": ("",)}).given) == Choices()
