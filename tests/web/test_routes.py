"""The table of routes against what is made from it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from chalicelib.web.lookup import ANSWERS
from chalicelib.web.parameters import GROUPS
from chalicelib.web.routes import ROUTES, Access
from tests.web import route_list
from tests.web.conftest import Api

ROOT = Path(__file__).parent.parent.parent
LOADED = """
import sys
import app
print(*(name for name in sys.modules if name.startswith("chalicelib.web.")))
"""


def test_each_path_and_each_name_stands_once() -> None:
    assert len({route.path for route in ROUTES}) == len(ROUTES)
    assert len({route.name for route in ROUTES}) == len(ROUTES)


def test_each_route_that_looks_back_has_an_answer_and_each_answer_a_route() -> None:
    assert set(ANSWERS) == {route.name for route in ROUTES if route.access is not Access.SIGNED}


def test_each_group_of_parameters_is_some_route_s() -> None:
    assert set(GROUPS) == {route.parameters for route in ROUTES if route.parameters is not None}


def test_each_route_is_served_by_its_methods(api: Api) -> None:
    served = {path: set(methods) for path, methods in api.app.routes.items()}
    assert served == {route.path: set(route.methods) for route in ROUTES}


def test_only_a_public_route_can_tell_more_with_the_token() -> None:
    assert all(route.access is Access.PUBLIC for route in ROUTES if route.more_with_token)


def test_the_documentation_lists_the_routes() -> None:
    assert route_list.written() == route_list.table()


def test_a_cold_start_pays_for_the_routes_and_for_no_answer() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = {name.removeprefix("chalicelib.web.") for name in done.stdout.split()}
    assert loaded == {"answer", "api", "auth", "routes", "signature"}
