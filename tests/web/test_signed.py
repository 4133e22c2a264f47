"""The routes that Slack signs for: who is let in, with what, and what is kept of who is not."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from chalice.test import HTTPResponse

from chalicelib.parameters import SecretError
from chalicelib.web.auth import SECURITY_HEADERS, SIGNED
from chalicelib.web.routes import FORM
from chalicelib.web.signature import LONGEST_BODY, key_of, signed
from cli.pressing import headers
from tests.slack.pressing import SECRET
from tests.stores.factories import NOW, alert
from tests.web.conftest import TOKEN, Api

BODY = b"payload=%7B%7D"
AT = NOW + timedelta(minutes=1)  # the clock of the fixture


@pytest.fixture
def slack(api: Api) -> Api:
    api.program.settings = replace(api.program.settings, slack_signing_secret=SECRET)
    return api


def sent(
    api: Api,
    body: bytes = BODY,
    path: str = "/slack/actions",
    changed: dict[str, str] | None = None,
) -> HTTPResponse:
    sending = headers(SECRET, body, AT) | (changed or {})
    return api.client.http.post(path, headers=sending, body=body)


@pytest.mark.parametrize(("path", "name"), [("/slack/actions", "actions"),
                                            ("/slack/commands", "commands")])  # fmt: skip
def test_what_slack_signed_comes_through_as_the_bytes_that_it_sent(
    slack: Api, path: str, name: str
) -> None:
    response = sent(slack, path=path)
    assert (response.status_code, response.body) == (200, b"")
    key = key_of(signed(SECRET, str(int(AT.timestamp())), BODY)) if name == "actions" else ""
    assert slack.program.came == [(name, BODY, key)]
    assert response.headers.items() >= SECURITY_HEADERS.items()


def test_words_for_who_asked_are_json(slack: Api) -> None:
    slack.program.answer = 200, {"text": "anna’s"}
    assert sent(slack).json_body == {"text": "anna’s"}


@pytest.mark.parametrize(
    ("changed", "status", "why"),
    [
        ({"X-Slack-Signature": "v0=" + "0" * 64}, 401, "forged"),
        ({"X-Slack-Signature": ""}, 401, "unsigned"),
        ({"X-Slack-Request-Timestamp": "1"}, 401, "late"),
        ({"X-Slack-Request-Timestamp": ""}, 401, "unsigned"),
        ({"X-Slack-Request-Timestamp": "٣"}, 401, "no time"),
    ],
)
def test_what_slack_did_not_sign_changes_nothing_and_leaves_a_reason_alone(
    slack: Api, changed: dict[str, str], status: int, why: str
) -> None:
    response = sent(slack, changed=changed)
    assert response.status_code == status
    assert set(response.json_body) == {"code", "message"}
    assert "Bearer" not in str(response.headers)
    assert (slack.program.came, slack.program.refusals) == ([], [why])


def test_the_token_of_the_api_opens_no_signed_route_and_a_signature_none_of_the_api(
    slack: Api,
) -> None:
    for path in SIGNED:
        response = slack.client.http.post(
            path, headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": FORM}, body=BODY
        )
        assert response.status_code == 401
    assert slack.client.http.get("/alerts", headers=headers(SECRET, b"", AT)).status_code == 401


def test_64_kib_are_taken_and_a_byte_more_is_not(slack: Api) -> None:
    assert sent(slack, b"x" * LONGEST_BODY).status_code == 200
    assert sent(slack, b"x" * (LONGEST_BODY + 1)).status_code == 413
    assert len(slack.program.came) == 1


def test_another_type_of_body_is_not_read(slack: Api) -> None:
    assert sent(slack, changed={"Content-Type": "application/json"}).status_code == 415
    assert slack.program.came == []


@pytest.mark.parametrize("secret", [None, ""])
def test_without_a_signing_secret_the_routes_are_not_there(api: Api, secret: str | None) -> None:
    api.program.settings = replace(api.program.settings, slack_signing_secret=secret)
    for path in SIGNED:
        assert sent(api, path=path).status_code == 404
    assert api.program.came == []


def test_a_secret_that_cannot_be_read_lets_nobody_in(slack: Api) -> None:
    def unreadable() -> str:
        raise SecretError("SSM parameter /trailbell-dev/slack-signing-secret: AccessDenied")

    slack.program.signing_secret = unreadable  # type: ignore[method-assign]
    response = sent(slack)
    assert response.status_code == 503
    assert b"ssm" not in response.body.lower()


@pytest.mark.parametrize("status", [400, 403, 503])
def test_an_error_has_the_shape_of_every_error(slack: Api, status: int) -> None:
    slack.program.answer = status, None
    response = sent(slack)
    assert response.status_code == status
    assert set(response.json_body) == {"code", "message"}


def test_a_signed_route_takes_post_alone(slack: Api) -> None:
    response = slack.client.http.get("/slack/actions", headers=headers(SECRET, b"", AT))
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")


def gateway(body: str, *, is_base64: bool) -> dict[str, Any]:
    """A request as API Gateway hands it to Lambda."""
    return {
        "resource": "/slack/actions",
        "path": "/slack/actions",
        "headers": headers(SECRET, BODY, AT),
        "multiValueHeaders": {},
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "body": body,
        "isBase64Encoded": is_base64,
        "requestContext": {
            "httpMethod": "POST",
            "resourcePath": "/slack/actions",
            "path": "/api/slack/actions",
        },
    }


@pytest.mark.parametrize(
    ("body", "is_base64", "status"),
    [
        (BODY.decode(), False, 200),
        (base64.b64encode(BODY).decode(), True, 200),
        ("abcde", True, 400),
        ("é", True, 400),
        (base64.b64encode(BODY).decode(), False, 401),
    ],
)
def test_api_gateway_s_base64_is_taken_off_before_anything_is_compared(
    slack: Api, body: str, is_base64: bool, status: int
) -> None:
    answer = slack.app(gateway(body, is_base64=is_base64), None)
    assert answer["statusCode"] == status
    assert [came[1] for came in slack.program.came] == [BODY] * (status == 200)


def test_the_api_still_asks_for_its_token_where_there_is_a_signing_secret(slack: Api) -> None:
    slack.add(alert())
    assert slack.get("/alerts", token=None).status_code == 401
