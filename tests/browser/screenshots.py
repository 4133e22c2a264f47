"""Pictures of the page, by the real rules on the sample trail.

`python -m tests.browser.screenshots` draws those in docs/, `… FOLDER` every state in every width
and scheme, `… FOLDER STATE…` those states alone.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

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
from tests.browser.serving import Served, serving
from tests.stores.factories import NOW, SECURITY, tell
from tests.web.conftest import TOKEN, Health, Program

DOCS = Path(__file__).parent.parent.parent / "docs"
WIDTHS = {"laptop": (1280, 720), "tablet": (820, 1180), "phone": (360, 740)}
# Hours ago, and every how manyeth record of the sample happened then.
HOURS = ((0, 1), (1, 4), (3, 3), (4, 5), (6, 2), (11, 7), (15, 3), (16, 2), (17, 4), (21, 3))
CRITICAL = ".row:has(.severity.critical)"
# Of each state: the address's filters, then what is clicked, one after the other.
STATES: dict[str, tuple[str, tuple[str, ...]]] = {
    "list": ("", ()),
    "filters": ("#severity=critical&severity=high&outcome=refused", ("#more-filters",)),
    "week": ("#hours=168", ()),
    "details": ("", (CRITICAL,)),
    "session": ("", (CRITICAL, "#details-body .links a")),
    "people": ("#view=people", ()),
    "rules": ("#view=rules&rule=trail-stopped", ()),
    "nothing-found": ("#actor=nobody", ()),
    "wrong-filter": ("#servce=s3&q=ab", ()),
    "empty": ("", ()),
    "loading": ("", ()),
    "failed": ("", ()),
    "logged-out": ("", ("#sign-out",)),
}
# In docs/: few and small.
SHOWN = {
    "page-light": ("list", "laptop", False),
    "page-dark": ("list", "laptop", True),
    "page-details": ("details", "laptop", False),
    "page-session": ("session", "laptop", False),
    "page-phone": ("list", "phone", False),
}


def main(arguments: list[str]) -> None:
    """Every state in three widths, light and dark, into the folder that is named; without one the
    few of docs/.
    """
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        ruleset = Ruleset.load()
        full, empty = (sqlite_store(Path(folder) / name) for name in ("full.db", "empty.db"))
        _fill(full, ruleset)
        programs = [
            Program(store, ruleset=ruleset, condition=Health(details=DETAILS))
            for store in (full, empty)
        ]
        browser = launched(playwright)
        with serving(programs[0], lambda: NOW) as filled, serving(programs[1], lambda: NOW) as bare:
            for path, state, width, dark in _wanted(arguments):
                served = bare if state == "empty" else filled
                _take(browser, served, path, state, WIDTHS[width], dark=dark)
        browser.close()


def _wanted(arguments: list[str]) -> Iterator[tuple[Path, str, str, bool]]:
    """Which pictures: where each goes, of which state, how wide, and whether dark."""
    if not arguments:
        for name, (state, width, dark) in SHOWN.items():
            yield DOCS / f"{name}.png", state, width, dark
        return
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    for state in arguments[1:] or STATES:
        for width in WIDTHS:
            for dark in (False, True):
                yield folder / f"{state}-{width}-{_scheme(dark)}.png", state, width, dark


def _scheme(dark: bool) -> Literal["dark", "light"]:
    return "dark" if dark else "light"


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
    served: Served,
    path: Path,
    state: str,
    size: tuple[int, int],
    *,
    dark: bool,
) -> None:
    context = browser.new_context(
        viewport=ViewportSize(width=size[0], height=size[1]),
        color_scheme=_scheme(dark),
        timezone_id="Europe/Berlin",
    )
    page = context.new_page()
    page.clock.install(time=NOW)
    _hindered(page, served, state)
    address, clicks = STATES[state]
    page.goto(f"{served.url}{address}{'&' if address else '#'}token={TOKEN}")
    _until(page, state)
    for selector in clicks:
        page.locator(selector).first.click()
        page.wait_for_selector("#details-body:not([aria-busy=true])", state="attached")
    page.screenshot(path=path, animations="disabled")
    page.unroute_all(behavior="ignoreErrors")
    context.close()


def _hindered(page: Page, served: Served, state: str) -> None:
    """A list that does not come, or comes after a while."""
    served.failing = 503 if state == "failed" else 0
    if state == "loading":
        page.route("**/alerts?*", lambda route: None)


def _until(page: Page, state: str) -> None:
    if state in ("failed", "wrong-filter"):
        page.wait_for_selector("#trouble:not([hidden])")
    elif state == "loading":
        page.wait_for_selector(".bone")
    else:
        page.wait_for_selector("[data-state=ready]")
        page.wait_for_selector(".hour", state="attached")


if __name__ == "__main__":
    main(sys.argv[1:])
