"""The page's three files: small, from us alone, and free of markup made from data."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from chalicelib.web import page
from chalicelib.web.page import ASSETS, asset, shell
from tests.web.conftest import Api


class Tags(HTMLParser):
    """What a shell is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_page_weighs_less_than_75_kb() -> None:
    weight = sum(len(text.encode()) for text in (shell("/api/"), *map(asset, ASSETS)))
    assert weight < 75_000


def test_the_shell_asks_for_its_two_assets_and_nothing_else() -> None:
    asked = [
        value
        for tag, attributes in Tags(shell("/")).found
        for name, value in attributes.items()
        if name in ("src", "href") and tag != "a" and not str(value).startswith("data:")
    ]
    assert asked == ["/assets/page.css", "/assets/page.js"]


def test_nothing_in_the_shell_is_inline() -> None:
    for tag, attributes in Tags(shell("/")).found:
        assert tag != "style"
        assert tag != "script" or "src" in attributes
        assert not any(name == "style" or name.startswith("on") for name in attributes)


@pytest.mark.parametrize("path", ["/api", "/api/"])
def test_links_begin_with_the_stage_path_with_and_without_its_slash(path: str) -> None:
    assert 'src="/api/assets/page.js"' in shell(path)


def test_a_path_cannot_leave_its_attribute() -> None:
    found = Tags(shell('/"><script>alert(1)</script>')).found
    assert sum(tag == "script" for tag, _ in found) == 1


def test_the_script_puts_text_on_the_page_never_markup() -> None:
    markup = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|eval\(|Function\("
    assert re.search(markup, asset("page.js")) is None


def test_the_script_asks_nobody_but_the_page_s_own_server() -> None:
    addresses = set(re.findall(r"https?://[^\s\"'`/)]+", asset("page.js") + asset("page.css")))
    assert addresses == {"http://www.w3.org"}  # the name of SVG, which nobody asks for


@pytest.mark.parametrize("name", ["../api.py", "__init__.py", "shell.html", "page.JS", "%2e%2e"])
def test_no_other_file_is_an_asset(api: Api, name: str) -> None:
    assert api.get(f"/assets/{name}", token=None).status_code in (403, 404)


def test_every_file_of_the_page_is_served_or_its_shell() -> None:
    files = {path.name for path in page._FOLDER.iterdir() if path.is_file()}
    assert files == {*ASSETS, "shell.html", "__init__.py"}
