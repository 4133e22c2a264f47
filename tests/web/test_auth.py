"""The guard: every route, every way of not having the token."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import boto3
import pytest
from chalice.app import Chalice, Request, Response
from chalice.test import Client
from moto import mock_aws

from chalicelib.parameters import SecretError
from chalicelib.settings import Settings, SettingsError
from chalicelib.stores.sqlite.store import sqlite_store
from chalicelib.web.api import register
from chalicelib.web.auth import PUBLIC, SECURITY_HEADERS, SIGNED, Guard
from tests.stores.factories import NOW, alert
from tests.web.conftest import TOKEN, Api, Program

DENIED = {
    "none": None,
    "empty": "",
    "blank": "Bearer ",
    "wrong": "Bearer wrong",
    "a prefix of it": f"Bearer {TOKEN[:-1]}",
    "longer than it": f"Bearer {TOKEN}x",
    "in other case": f"Bearer {TOKEN.upper()}",
    "another scheme": f"Basic {TOKEN}",
    "no scheme": TOKEN,
    "two blanks": f"Bearer  {TOKEN}",
    "not ASCII": "Bearer tökén",
}
PATHS = {
    "/assets/{name}": "/assets/page.js",
    "/alerts/{alert_id}": f"/alerts/{alert().alert_id}",
    "/sessions/{alert_id}": f"/sessions/{alert().alert_id}",
}


def guarded(api: Api) -> list[str]:
    return [PATHS.get(route, route) for route in api.app.routes if route not in PUBLIC | SIGNED]


@pytest.mark.parametrize("how", DENIED)
def test_a_guarded_route_gives_0_bytes_of_data_without_the_token(api: Api, how: str) -> None:
    api.add(alert())
    header = DENIED[how]
    headers = {} if header is None else {"Authorization": header}
    for path in guarded(api):
        response = api.client.http.get(path, headers=headers)
        assert response.status_code == 401, path
        assert response.json_body == {
            "code": "unauthorized",
            "message": "This needs the header 'Authorization: Bearer TOKEN'.",
        }


def test_the_token_opens_every_route(api: Api) -> None:
    api.add(alert())
    answers = {path: api.get(path).status_code for path in guarded(api)}
    assert set(answers.values()) == {200}
    assert len(answers) == 10


def test_public_are_the_page_its_assets_and_health_only(api: Api) -> None:
    assert {"/", "/assets/{name}", "/health"} == PUBLIC
    for route in PUBLIC:
        assert api.get(PATHS.get(route, route), token=None).status_code == 200


def test_a_route_that_is_added_later_is_denied_by_default(api: Api) -> None:
    @api.app.route("/new")
    def new() -> Response:
        return Response(body="data")

    assert api.get("/new", token=None).status_code == 401
    assert api.get("/new").body == b"data"


@pytest.mark.parametrize("token", [None, ""])
def test_with_no_token_configured_nothing_but_the_public_routes_opens(
    api: Api, token: str | None
) -> None:
    api.program.settings = Settings(api_token=token)
    for presented in ("", "None", TOKEN):
        assert {api.get(path, token=presented).status_code for path in guarded(api)} == {401}
    assert api.get("/", token=None).status_code == 200


def test_the_scheme_is_read_in_any_case(api: Api) -> None:
    response = api.client.http.get("/alerts", headers={"authorization": f"bearer {TOKEN}"})
    assert response.status_code == 200


def test_health_with_a_wrong_token_tells_what_it_tells_anyone(api: Api) -> None:
    assert api.get("/health", token="wrong").json_body == api.get("/health", token=None).json_body


def test_a_token_that_cannot_be_read_lets_nobody_in_and_says_nothing(api: Api) -> None:
    def unreadable() -> str:
        raise SecretError("SSM parameter /trailbell-dev/api-token: AccessDenied")

    response = Guard(unreadable)(_request(api), lambda _: Response(body="data"))
    assert response.status_code == 503
    assert "ssm" not in str(response.body).lower()
    assert "data" not in str(response.body)


@pytest.mark.parametrize("path", ["/alerts", "/rules", "/openapi.json"])
def test_settings_that_cannot_be_used_let_nobody_in_and_say_nothing(path: str) -> None:
    def unusable() -> Program:
        raise SettingsError("ALERT_STORE is 'mysql://x'")

    app = Chalice(app_name="trailbell")
    register(app, unusable, clock=lambda: NOW)
    with Client(app) as client:
        response = client.http.get(path, headers={"Authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 503
    assert response.json_body["code"] == "unavailable"
    assert b"mysql" not in response.body
    assert response.headers.items() >= SECURITY_HEADERS.items()


def test_an_event_that_is_no_request_is_denied(api: Api) -> None:
    response = Guard(lambda: TOKEN)(None, lambda _: Response(body="data"))
    assert response.status_code == 401


@mock_aws
def test_a_token_that_was_rotated_in_ssm_works_within_five_minutes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(variable, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    name, now = "/trailbell-rotated/api-token", [NOW]
    ssm = boto3.client("ssm")
    ssm.put_parameter(Name=name, Value="first", Type="SecureString")
    store = sqlite_store(tmp_path / "alerts.db")
    program = Program(store, settings=Settings(api_token=f"ssm:{name}"))
    app = Chalice(app_name="trailbell")
    register(app, lambda: program, clock=lambda: now[0])
    with Client(app) as client:

        def status(token: str) -> int:
            headers = {"Authorization": f"Bearer {token}"}
            return client.http.get("/alerts", headers=headers).status_code

        assert (status("first"), status("second")) == (200, 401)
        ssm.put_parameter(Name=name, Value="second", Type="SecureString", Overwrite=True)
        now[0] += timedelta(minutes=5)
        assert (status("first"), status("second")) == (401, 200)


def _request(api: Api) -> Request:
    api.get("/alerts")
    assert api.app.current_request is not None
    return api.app.current_request


def fails(api: Api) -> None:
    @api.app.route("/fails")
    def fail() -> None:
        raise RuntimeError("a secret detail")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/assets/page.css", 200),
        ("GET", "/health", 200),
        ("GET", "/alerts", 200),
        ("GET", "/alerts?limit=0", 400),
        ("GET", "/alerts/unknown", 404),
        ("GET", "/assets/unknown", 404),
        ("POST", "/alerts", 405),
        ("DELETE", "/", 405),
        ("GET", "/fails", 500),
    ],
)
def test_every_answer_of_ours_has_the_security_headers(
    api: Api, method: str, path: str, status: int
) -> None:
    fails(api)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    response = api.client.http.request(method, path, headers=headers)
    assert response.status_code == status
    assert response.headers.items() >= SECURITY_HEADERS.items()
    if status >= 400:
        assert set(response.json_body) == {"code", "message"}


@pytest.mark.parametrize("debug", [False, True])
def test_an_internal_error_says_nothing(api: Api, debug: bool) -> None:
    fails(api)
    api.app.debug = debug
    response = api.get("/fails")
    assert response.status_code == 500
    assert response.json_body["code"] == "internal_error"
    assert b"secret detail" not in response.body
    assert b"Traceback" not in response.body


def test_a_wrong_method_says_what_is_allowed(api: Api) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    response = api.client.http.request("POST", "/alerts", headers=headers)
    assert response.headers["Allow"] == "GET"
    assert response.json_body["code"] == "method_not_allowed"


def test_a_wrong_method_without_the_token_is_denied_first(api: Api) -> None:
    assert api.client.http.request("POST", "/alerts").status_code == 401
