"""The pictures in docs/: python -m tests.browser.screenshots. Real rules on the sample trail."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.clicks import Action, Click
from chalicelib.alerts.deciding import decision
from chalicelib.alerts.handling import Person
from chalicelib.alerts.judging import judge, keep
from chalicelib.alerts.mutes import may_be_muted
from chalicelib.rules.matching import match_all
from chalicelib.rules.rule import Severity
from chalicelib.rules.ruleset import Ruleset
from chalicelib.stores.sqlite.store import sqlite_store
from chalicelib.stores.store import Store
from cli.sample.trail import sample_trail
from tests.browser.conftest import DETAILS, launched
from tests.browser.serving import serving
from tests.stores.factories import NOW, SECURITY, tell
from tests.web.conftest import TOKEN, Health, Program

DOCS = Path(__file__).parent.parent.parent / "docs"
DESKTOP, PHONE = ViewportSize(width=1200, height=860), ViewportSize(width=390, height=844)
# Hours ago, and every how manyeth record of the sample happened then.
HOURS = ((0, 1), (1, 4), (3, 3), (4, 5), (6, 2), (11, 7), (15, 3), (16, 2), (17, 4), (21, 3))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        store = sqlite_store(Path(folder) / "alerts.db")
        ruleset = Ruleset.load()
        _fill(store, ruleset)
        program = Program(store, ruleset=ruleset, condition=Health(details=DETAILS))
        with serving(program, lambda: NOW) as served:
            browser = launched(playwright)
            _take(browser, served.url, "page-light")
            _take(browser, served.url, "page-dark", dark=True)
            _take(browser, served.url, "page-details", details=True)
            _take(browser, served.url, "page-phone", phone=True)
            browser.close()


def _fill(store: Store, ruleset: Ruleset) -> None:
    matched = match_all(_records(), ruleset)
    judged = judge(matched, accounts=ruleset.accounts, default_channel=SECURITY, now=NOW)
    keep(judged, store.outbox, NOW, timedelta(days=90))
    newest_first = sorted(judged.alerts, key=lambda item: item.event_time, reverse=True)
    _handle(store, newest_first[1:])
    tell(store, newest_first[1:], ts="1732449541.000100", channel_id="C024BE91L")


def _handle(store: Store, newest_first: list[Alert]) -> None:
    """Anna looks at the newest of what is high and critical, and Bob muted one of the others."""
    anna, bob = Person(id="U1", name="anna"), Person(id="U2", name="bob")
    high, critical = (
        next(each for each in newest_first if each.severity is severity)
        for severity in (Severity.HIGH, Severity.CRITICAL)
    )
    muted = next(each for each in newest_first if may_be_muted(each))
    for alert, person, action in (
        (high, anna, Action.ACKNOWLEDGE),
        (critical, anna, Action.ACKNOWLEDGE),
        (muted, bob, Action.MUTE),
    ):
        click = Click(
            action=action,
            subject=alert.alert_id,
            person=person,
            at=NOW - timedelta(minutes=1),
            span=timedelta(hours=8),
            why="we know, it is being mended",
        )
        store.handlings.handle(alert.alert_id, decision(click), click.at)


def _records() -> Iterator[dict[str, Any]]:
    for hours, every in HOURS:
        for record in sample_trail(NOW - timedelta(hours=hours, minutes=3))[::every]:
            yield record | {"eventID": f"{record['eventID']}-{hours}"}


def _take(
    browser: Browser,
    url: str,
    name: str,
    *,
    dark: bool = False,
    phone: bool = False,
    details: bool = False,
) -> None:
    context = browser.new_context(
        viewport=PHONE if phone else DESKTOP,
        device_scale_factor=2 if phone else 1,
        color_scheme="dark" if dark else "light",
        timezone_id="Europe/Berlin",
    )
    page = context.new_page()
    page.clock.install(time=NOW)
    page.goto(f"{url}#token={TOKEN}")
    page.wait_for_selector(".hour")
    if details:
        page.locator(".row").filter(has=page.locator(".severity.critical")).first.click()
        page.wait_for_selector(".facts")
    page.screenshot(path=DOCS / f"{name}.png", animations="disabled")
    context.close()


if __name__ == "__main__":
    main()
