"""Chromium, driven by Playwright; without it these tests are skipped (in CI: failed)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from chalicelib.stores.sqlite.store import sqlite_store
from tests.browser.chromium import MISSING, chromium
from tests.browser.serving import Served, serving
from tests.stores.factories import NOW
from tests.web.conftest import TOKEN, Health, Program

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
PATIENCE = 20_000  # milliseconds; a busy machine's browser takes its time
expect.set_options(timeout=PATIENCE)
DETAILS = {
    "pending": 2,
    "parked": 0,
    "uncertain": 0,
    "last_records_at": (NOW - timedelta(minutes=2)).isoformat(),
    "delay_seconds": 214,
    "channels": [{"name": "#security", "trouble": None, "reason": None, "since": None}],
}


def launched(playwright: Playwright) -> Browser:
    """A browser that talks to nobody but the page."""
    return playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if chromium() is None:
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        browser = launched(playwright)
        yield browser
        browser.close()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Serves a program of one's own, or one with an empty store."""
    with ExitStack() as stack:

        def start(program: Program | None = None, stage: str = "") -> Served:
            made = program or Program(sqlite_store(tmp_path / "alerts.db"))
            made.condition = (
                Health(details=DETAILS) if made.condition == Health() else made.condition
            )
            return stack.enter_context(serving(made, lambda: NOW, stage))

        yield start


@pytest.fixture
def served(serve: Callable[..., Served]) -> Served:
    return serve()


class Reader:
    """Someone with the page open; notes what the browser complains of."""

    def __init__(self, context: BrowserContext, served: Served) -> None:
        self.served = served
        self.complaints: list[str] = []
        context.set_default_timeout(PATIENCE)
        self.page: Page = context.new_page()
        self.page.clock.install(time=NOW)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._console)
        self.page.add_init_script(
            "window.violations = [];"
            "addEventListener('securitypolicyviolation', e => violations.push(e.violatedDirective))"
        )

    def _console(self, message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def open(self, path: str = "", token: str | None = TOKEN) -> Page:
        mark = "&" if "#" in path else "#"
        self.page.goto(self.served.url + path + (f"{mark}token={token}" if token else ""))
        if token == TOKEN:
            self.settled()
        return self.page

    def settled(self) -> None:
        """Wait until the list and the chart have come, or why not is said."""
        self.page.wait_for_selector("#list[aria-busy=false]", state="attached")
        self.page.wait_for_selector(".hour, #trouble:not([hidden])", state="attached")

    def rows(self) -> list[str]:
        return self.page.locator(".row strong").all_inner_texts()

    def later(self, seconds: int = 6) -> None:
        """Let time pass, so that the page looks for what is new."""
        with self.page.expect_response(lambda response: "/alerts?" in response.url):
            self.page.clock.run_for(seconds * 1000)

    def violations(self) -> list[str]:
        found: list[str] = self.page.evaluate("window.violations")
        return found


@pytest.fixture
def reading(browser: Browser) -> Iterator[Callable[..., Reader]]:
    """Opens a browser of one's own: `reading(served, dark=True, phone=True)`."""
    readers: list[Reader] = []
    contexts: list[BrowserContext] = []

    def start(served: Served, *, dark: bool = False, phone: bool = False) -> Reader:
        context = browser.new_context(
            viewport={"width": 390, "height": 844} if phone else {"width": 1200, "height": 800},
            color_scheme="dark" if dark else "light",
            timezone_id="Europe/Berlin",
            has_touch=phone,
            is_mobile=phone,
            reduced_motion="reduce",
        )
        contexts.append(context)
        readers.append(Reader(context, served))
        return readers[-1]

    yield start
    complaints = [complaint for reader in readers for complaint in reader.complaints]
    for context in contexts:
        context.close()
    assert complaints == []
