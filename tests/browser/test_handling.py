"""The page in a real browser: whose an alert is, and what is muted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import expect

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.clicks import Action, Click
from chalicelib.alerts.deciding import decision
from chalicelib.alerts.handling import Person
from chalicelib.rules.rule import Severity
from tests.browser.conftest import Reader
from tests.browser.serving import Served
from tests.browser.test_page import accessible, add
from tests.stores.factories import NOW, alert

Reading = Callable[..., Reader]
HOSTILE = "<b>anna</b>"


def do(served: Served, of: Alert, action: Action, name: str) -> None:
    click = Click(
        action=action,
        subject=of.alert_id,
        person=Person(id=name, name=name),
        at=NOW,
        span=timedelta(hours=8),
        why="a drill",
    )
    served.program.store.handlings.handle(of.alert_id, decision(click), NOW)


def test_a_row_and_its_details_say_whose_it_is_whatever_they_are_called(
    served: Served, reading: Reading
) -> None:
    add(served, alert(1))
    do(served, alert(1), Action.ACKNOWLEDGE, HOSTILE)
    page = reading(served).open()

    expect(page.locator(".row .told")).to_contain_text(f"{HOSTILE} has it · ")
    page.locator(".row").click()
    expect(page.locator(".facts")).to_contain_text(f"Looked at by{HOSTILE}")


def test_what_is_muted_stands_above_the_list(served: Served, reading: Reading) -> None:
    one = alert(1, severity=Severity.MEDIUM)
    add(served, one)
    page = reading(served).open()
    expect(page.locator("#mutes")).to_be_hidden()
    do(served, one, Action.MUTE, "bob")

    page = reading(served).open()

    expect(page.locator("#mutes li")).to_have_count(1)
    expect(page.locator("#mutes")).to_contain_text("trail-stopped by alice in 111122223333")
    expect(page.locator("#mutes")).to_contain_text("muted by bob: a drill")
    expect(page.locator("#mutes")).to_contain_text("0 hidden")
    assert accessible(page) == []


def test_the_list_is_filtered_by_whether_somebody_has_it(served: Served, reading: Reading) -> None:
    add(served, alert(1, text="free"), alert(2, text="taken"))
    do(served, alert(2), Action.ACKNOWLEDGE, "anna")
    page = reading(served).open("?acknowledged=false")

    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator(".row")).to_contain_text("free")
