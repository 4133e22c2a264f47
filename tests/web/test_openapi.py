"""The OpenAPI document against the routes, the handlers against what schemathesis makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import CHECKS
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode

from chalicelib.alerts.archive import AlertQuery
from chalicelib.settings import Settings
from chalicelib.stores.sqlite.store import sqlite_store
from chalicelib.web.openapi import document
from tests.browser.serving import Served, serving
from tests.stores.factories import NOW, alert, stored
from tests.web.conftest import TOKEN, Api, Program

# Every check that schemathesis 4 names, but for the two that follow resources from POST to
# DELETE, which this API does not have.
NAMED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "positive_data_acceptance",
    "missing_required_header",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
)
schema = schemathesis.openapi.from_dict(document())


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder: Path = tmp_path_factory.mktemp("openapi")
    store = sqlite_store(folder / "alerts.db")
    store.outbox.add([stored(alert(number)) for number in range(1, 30)], NOW)
    program = Program(store, Settings(api_token=TOKEN, slack_signing_secret="s" * 32))
    with serving(program, lambda: NOW) as served:
        yield served


def lacks_token(case: schemathesis.Case[Any]) -> bool:
    """Whether schemathesis left the token out, or broke it, on purpose."""
    headers = case.meta.components.get(ParameterLocation.HEADER) if case.meta else None
    return headers is not None and headers.mode is GenerationMode.NEGATIVE


def test_the_document_describes_every_route_and_no_other(api: Api) -> None:
    served = {path: {method.lower() for method in kinds} for path, kinds in api.app.routes.items()}
    assert {path: set(methods) for path, methods in document()["paths"].items()} == served


def test_the_document_is_served_as_it_is(api: Api) -> None:
    assert api.json("/openapi.json") == document()


@schema.parametrize()
@settings(
    max_examples=10,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_handler_fails_a_named_check(case: schemathesis.Case[Any], gateway: Served) -> None:
    query = case.query or {}
    if "cursor" in query and case.meta and case.meta.generation.mode is GenerationMode.POSITIVE:
        # No schema can say which cursors there are: one that was handed out stands for them.
        page = gateway.program.store.archive.search(AlertQuery(), 1)
        query["cursor"] = page.next_cursor
    case.call_and_validate(
        base_url=gateway.url.rstrip("/"),
        headers={} if lacks_token(case) else {"Authorization": f"Bearer {TOKEN}"},
        checks=CHECKS.get_by_names(NAMED),  # type: ignore[arg-type]
    )
