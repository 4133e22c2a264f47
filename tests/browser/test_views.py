"""The page's other views: people and their sessions, rules, charts; and addresses that are sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from chalicelib.alerts.alert import Alert
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.rules.rule import Severity
from tests.browser.conftest import Reader
from tests.browser.serving import Served
from tests.browser.test_page import accessible, add
from tests.stores.factories import NOW, alert
from tests.web.conftest import TOKEN

Reading = Callable[..., Reader]
HTML = (200, "text/html", "<html><title>Sign in to the proxy</title></html>")
OTHER = (200, "application/json", '{"hello": "world"}')
NOTHING = (200, "application/json", "null")


def sitting() -> list[Alert]:
    """Alice signs in, does two things, one of them refused, and goes on from elsewhere."""
    return [
        alert(30, event_name="ConsoleLogin", text="alice signed in", principal="alice"),
        alert(20, text="alice stopped the trail", principal="alice"),
        alert(10, text="alice was refused DeleteTrail", outcome=Outcome.REFUSED, principal="alice"),
        alert(5, actor="bob", principal="bob", text="bob tagged it", severity=Severity.LOW),
    ]


# ── people ──


def test_people_are_listed_with_their_sessions(served: Served, reading: Reading) -> None:
    add(served, *sitting())
    page = reading(served).open()
    page.get_by_role("link", name="People").click()
    people = page.locator(".person")
    expect(people).to_have_count(2)
    expect(people.nth(0)).to_contain_text("bob")
    expect(people.nth(1)).to_contain_text("3 alerts, 1 refused")
    assert page.url.endswith("#view=people")
    assert accessible(page) == []


def test_a_session_is_one_story_in_its_order(served: Served, reading: Reading) -> None:
    add(served, *sitting())
    page = reading(served).open("#view=people")
    page.locator(".person").nth(1).locator("li a").click()
    steps = page.locator(".story li")
    expect(steps).to_have_count(3)
    assert [text.split("\n")[1] for text in steps.all_inner_texts()] == [
        "alice signed in",
        "alice stopped the trail",
        "alice was refused DeleteTrail",
    ]
    expect(steps.nth(0)).to_contain_text("from 192.0.2.10")
    expect(steps.nth(1)).not_to_contain_text("192.0.2.10")  # said once, until it changes
    expect(steps.nth(2).locator(".mark")).to_have_text("refused")
    assert accessible(page) == []


def test_from_a_session_to_an_alert_and_back_by_the_browser(
    served: Served, reading: Reading
) -> None:
    add(served, *sitting())
    page = reading(served).open("#view=people")
    page.locator(".person").nth(1).locator("li a").click()
    page.locator(".story a").nth(1).click()
    expect(page.locator("#details-title")).to_have_text("alice stopped the trail")
    page.get_by_role("link", name="The whole session").click()
    expect(page.locator(".story li")).to_have_count(3)
    page.go_back()
    expect(page.locator("#details-title")).to_have_text("alice stopped the trail")
    page.click("#close")
    expect(page.locator("#details")).to_be_hidden()
    expect(page).to_have_url(f"{served.url}#view=people")


def test_a_session_that_is_gone_is_said_to_be(served: Served, reading: Reading) -> None:
    page = reading(served).open(f"#session={'0' * 32}")
    expect(page.locator("#details-title")).to_contain_text("Nothing is kept of this session")
    assert accessible(page) == []


# ── rules ──


def test_a_rule_says_what_it_means_when_it_last_told_and_what_quiets_it(
    served: Served, reading: Reading
) -> None:
    add(served, alert(5))
    page = reading(served).open("#view=rules")
    expect(page.locator("#rules-list > details")).to_have_count(2)
    rule = page.locator("[data-rule=trail-stopped]")
    expect(rule.locator("summary")).to_contain_text("last told 5 min ago")
    rule.locator("summary").click()
    expect(rule).to_contain_text('[[allow]]\nrule = "trail-stopped"')
    expect(rule).to_contain_text("mutes --add trail-stopped")
    expect(rule).to_contain_text('off = ["trail-stopped"]')
    assert accessible(page) == []
    rule.get_by_role("link", name="Its alerts").click()
    expect(page.locator(".row")).to_have_count(1)
    assert page.url.endswith("#rule=trail-stopped")


def test_rules_are_found_by_their_words(served: Served, reading: Reading) -> None:
    page = reading(served).open("#view=rules")
    page.fill("#find-rule", "STOPPED")
    expect(page.locator("#rules-list > details:visible")).to_have_count(1)
    page.fill("#find-rule", "zebra")
    expect(page.locator("#rules-count")).to_contain_text("No rule has these words")


def test_a_link_to_a_rule_opens_it(served: Served, reading: Reading) -> None:
    page = reading(served).open("#view=rules&rule=trail-changed")
    expect(page.locator("[data-rule=trail-changed]")).to_have_attribute("open", "")


def test_a_runbook_is_shown_with_links_that_work_and_commands_as_code(
    served: Served, reading: Reading
) -> None:
    text = (
        "Ask, then aws cloudtrail start-logging --name Example, and see "
        "[the page](https://example.com/x) or https://example.com/y.\n"
        "    aws iam list-users\nRun `make it` too."
    )
    add(served, alert(runbook=text))
    page = reading(served).open(f"#alert={alert().alert_id}")
    body = page.locator("#details-body")
    expect(body.locator("code")).to_have_text(
        ["aws cloudtrail start-logging --name Example", "make it"]
    )
    expect(body.locator("pre")).to_have_text("aws iam list-users")
    expect(page.get_by_role("link", name="the page")).to_have_attribute(
        "href", "https://example.com/x"
    )
    expect(body.locator("a[href='https://example.com/y']")).to_have_count(1)
    assert accessible(page) == []


def test_that_nobody_looks_at_an_alert_is_said(served: Served, reading: Reading) -> None:
    add(served, alert())
    page = reading(served).open(f"#alert={alert().alert_id}")
    expect(page.locator("#details-body")).to_contain_text("nobody looks at it")


# ── charts ──


@pytest.mark.parametrize(("words", "bars"), [("7 days", 28), ("30 days", 30)])
def test_a_chart_of_a_longer_time_is_clicked_to_filter(
    served: Served, reading: Reading, words: str, bars: int
) -> None:
    add(served, alert(5, text="new"), alert(6, event_time=NOW - timedelta(days=5), text="old"))
    reader = reading(served)
    page = reader.open()
    page.get_by_role("button", name=words).click()
    expect(page.locator(".hour")).to_have_count(bars)
    expect(page.locator("#chart-title")).to_contain_text(words)
    page.locator(".hour:has(.bar)").first.click()
    expect(page.locator(".row")).to_have_count(1)
    assert reader.rows() == ["old"]
    assert accessible(page) == []


# ── filters and addresses ──

NARROWED: dict[str, tuple[str, dict[str, Any]]] = {
    "rule": ("trail-changed", {"rule_ids": ("trail-changed",)}),
    "region": ("us-east-1", {"aws_region": "us-east-1"}),
    "service": ("s3", {"event_source": "s3.amazonaws.com"}),
    "source_ip": ("198.51.100.7", {"source_ip": "198.51.100.7"}),
}


@pytest.mark.parametrize("name", NARROWED)
def test_each_of_the_other_filters_narrows_the_list(
    served: Served, reading: Reading, name: str
) -> None:
    value, changes = NARROWED[name]
    add(served, alert(1, rule_ids=("trail-stopped",)), alert(3, text="wanted", **changes))
    reader = reading(served)
    page = reader.open()
    page.click("#more-filters")
    page.locator(f"[name={name}]").fill(value)
    page.keyboard.press("Enter")
    expect(page.locator(".row")).to_have_count(1)
    assert reader.rows() == ["wanted"]
    assert page.url.endswith(f"#{name}={value}")


def test_several_severities_and_outcomes_at_once_stand_in_the_address(
    served: Served, reading: Reading
) -> None:
    add(served, *(alert(n, severity=level) for n, level in enumerate(Severity, 1)))
    page = reading(served).open()
    page.click("#more-filters")
    page.get_by_role("checkbox", name="critical").check()
    expect(page.locator(".row")).to_have_count(1)
    page.get_by_role("checkbox", name="low").check()
    expect(page.locator(".row")).to_have_count(2)
    page.get_by_role("checkbox", name="succeeded").check()
    expect(page).to_have_url(re.compile("#severity=critical&severity=low&outcome=succeeded$"))
    page.go_back()
    page.go_back()
    expect(page.locator(".row")).to_have_count(1)


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("2026-11-24", "since=2026-11-23T23%3A00%3A00Z"),  # as Berlin's clocks show it
        ("2026-11-24 13:00", "since=2026-11-24T12%3A00%3A00Z"),
        ("2026-11-24T13:00:05Z", "since=2026-11-24T13%3A00%3A05Z"),
    ],
)
def test_a_moment_is_a_date_with_or_without_a_time(
    served: Served, reading: Reading, typed: str, taken: str
) -> None:
    page = reading(served).open()
    page.click("#more-filters")
    page.locator("[name=since]").fill(typed)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{served.url}#{taken}")


@pytest.mark.parametrize("typed", ["yesterday", "2026-02-31", "24.11.2026", "2026-11-24 25:00"])
def test_a_mistyped_moment_is_said_and_changes_nothing(
    served: Served, reading: Reading, typed: str
) -> None:
    add(served, alert())
    page = reading(served).open()
    page.click("#more-filters")
    field = page.locator("[name=until]")
    field.fill(typed)
    page.keyboard.press("Enter")
    expect(page.locator("#fields-why")).to_contain_text(f"Until: “{typed}” is no time")
    expect(field).to_have_value(typed)
    expect(field).to_be_focused()
    expect(page).to_have_url(served.url)
    assert accessible(page) == []


def test_a_date_alone_in_an_address_is_taken(served: Served, reading: Reading) -> None:
    add(served, alert(1), alert(2, event_time=NOW - timedelta(days=2)))
    page = reading(served).open("#since=2026-11-24")
    expect(page.locator(".row")).to_have_count(1)


def test_a_filter_that_there_is_none_of_is_said_and_can_be_removed(
    served: Served, reading: Reading
) -> None:
    add(served, alert())
    page = reading(served).open("#servce=s3&actor=alice")
    expect(page.locator("#note")).to_contain_text("servce")
    expect(page.locator(".row")).to_have_count(1)
    assert accessible(page) == []
    page.get_by_role("button", name="Remove it").click()
    expect(page).to_have_url(f"{served.url}#actor=alice")
    expect(page.locator("#note")).to_be_hidden()


def test_an_address_as_it_was_before_still_opens(served: Served, reading: Reading) -> None:
    add(served, alert(1), alert(2, actor="bob", text="wanted"))
    reader = reading(served)
    page = reader.open("?actor=bob")
    assert reader.rows() == ["wanted"]
    expect(page).to_have_url(f"{served.url}#actor=bob")


def test_a_link_that_was_sent_opens_after_the_sign_in(served: Served, reading: Reading) -> None:
    add(served, alert(1), alert(2, actor="bob", text="wanted"))
    reader = reading(served)
    page = reader.open("#actor=bob", token=None)
    page.fill("#token", TOKEN)
    page.keyboard.press("Enter")
    reader.settled()
    assert reader.rows() == ["wanted"]
    served.program.settings = replace(served.program.settings, api_token="rotated")
    page.goto(f"{served.url}#actor=bob&alert={alert(2).alert_id}")
    expect(page.locator("#signed-out")).to_be_visible()
    assert page.url.endswith(f"#actor=bob&alert={alert(2).alert_id}")


def test_back_closes_the_details_and_stays_on_the_page(served: Served, reading: Reading) -> None:
    add(served, alert(1), alert(2))
    page = reading(served).open()
    page.locator(".row").first.click()
    page.wait_for_selector(".facts")
    page.go_back()
    expect(page.locator("#details")).to_be_hidden()
    expect(page).to_have_url(served.url)
    expect(page.locator(".row").first).to_be_focused()


def test_a_wrong_token_in_a_link_does_not_replace_a_good_one(
    served: Served, reading: Reading
) -> None:
    add(served, alert())
    page = reading(served).open()
    page.evaluate("location.hash = '#token=wrong'")
    expect(page.locator("#note")).to_contain_text("you stay signed in")
    expect(page.locator(".row")).to_have_count(1)
    assert page.evaluate("Object.values(sessionStorage)") == [TOKEN]
    assert "wrong" not in page.url
    assert accessible(page) == []


# ── what is not ours, and who leaves ──


@pytest.mark.parametrize("answer", [HTML, OTHER, NOTHING])
@pytest.mark.parametrize("path", ["/alerts", "/health", "/charts", "/mutes"])
def test_an_answer_that_is_not_ours_is_said_and_hangs_nothing(
    served: Served, reading: Reading, path: str, answer: tuple[int, str, str]
) -> None:
    add(served, alert())
    served.instead[path] = answer
    page = reading(served).open()
    expect(page.locator("#trouble-text")).to_contain_text("Something else than Trailbell")
    expect(page.locator("#list")).to_have_attribute("aria-busy", "false")
    served.instead.clear()
    page.click("#retry")
    expect(page.locator("#trouble")).to_be_hidden()
    expect(page.locator(".row")).to_have_count(1)


def test_who_signs_out_while_something_is_asked_sees_nothing_of_it(
    served: Served, reading: Reading
) -> None:
    add(served, alert())
    page = reading(served).open()
    held: list[Any] = []
    page.route("**/alerts/*", lambda route: held.append(route))
    page.locator(".row").first.click()
    expect(page.locator("#details")).to_be_visible()
    page.evaluate("document.getElementById('sign-out').click()")
    for route in held:
        route.continue_()
    expect(page.locator("#signed-out")).to_be_visible()
    expect(page.locator("#details")).to_be_hidden()
    assert "alice" not in page.content()


# ── keys, widths and paper ──


def test_single_keys_can_be_switched_off(served: Served, reading: Reading) -> None:
    add(served, alert(1), alert(2))
    page = reading(served).open()
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.locator("#keys").uncheck()
    page.locator(".row").first.focus()
    page.keyboard.press("j")
    page.keyboard.press("/")
    expect(page.locator(".row").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".row").nth(1)).to_be_focused()
    page.reload()
    expect(page.locator("#keys")).not_to_be_checked()


@pytest.mark.parametrize("width", [1280, 820, 360])
@pytest.mark.parametrize("address", ["", "#view=people", "#view=rules&rule=trail-stopped"])
def test_long_names_push_no_view_sideways(
    served: Served, reading: Reading, width: int, address: str
) -> None:
    long = "a" * 200
    item = alert(actor=long, principal=long, text=long, source_ip=long, resources=(long,))
    add(served, item)
    reader = reading(served)
    reader.page.set_viewport_size({"width": width, "height": 740})
    page = reader.open(address + ("&" if address else "#") + f"actor={long}" * (not address))
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.goto(f"{served.url}#alert={item.alert_id}")
    page.wait_for_selector(".facts")
    assert page.evaluate("document.getElementById('details-body').scrollWidth") <= width


def test_the_list_begins_above_the_fold_of_a_laptop(served: Served, reading: Reading) -> None:
    add(served, *(alert(n) for n in range(1, 20)))
    reader = reading(served)
    reader.page.set_viewport_size({"width": 1280, "height": 720})
    box = reader.open().locator(".row").nth(4).bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 720


def test_a_phone_does_not_zoom_into_a_field(served: Served, reading: Reading) -> None:
    page = reading(served, phone=True).open()
    size = page.locator("#q").evaluate("field => parseFloat(getComputedStyle(field).fontSize)")
    assert size >= 16


def test_paper_shows_the_list_or_the_details_and_no_tools(served: Served, reading: Reading) -> None:
    add(served, alert(1), alert(2))
    page = reading(served).open()
    page.emulate_media(media="print")
    expect(page.locator(".row")).to_have_count(2)
    expect(page.locator("#filters")).to_be_hidden()
    expect(page.locator(".side")).to_be_hidden()
    page.goto(f"{served.url}#alert={alert(1).alert_id}")
    expect(page.locator(".facts")).to_be_visible()
    expect(page.locator("main")).to_be_hidden()


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("address", ["#view=people", "#view=rules&rule=trail-stopped", "#session="])
def test_every_view_is_accessible_in_the_dark_too(
    served: Served, reading: Reading, address: str, phone: bool
) -> None:
    add(served, *sitting())
    found = address + (alert(30).alert_id if address.endswith("=") else "")
    page = reading(served, dark=True, phone=phone).open(found)
    page.wait_for_selector(".person, .story li, [data-rule][open]")
    assert accessible(page) == []


def test_while_the_list_is_asked_for_the_page_says_so_and_is_accessible(
    served: Served, reading: Reading
) -> None:
    reader = reading(served)
    reader.page.route("**/alerts?*", lambda route: None)
    reader.page.goto(f"{served.url}#token={TOKEN}")
    expect(reader.page.locator("#after-text")).to_have_text("Asking …")
    assert accessible(reader.page) == []
    reader.page.unroute_all(behavior="ignoreErrors")


def test_what_was_refused_is_a_click_in_the_legend_away(served: Served, reading: Reading) -> None:
    add(served, *sitting())
    reader = reading(served)
    page = reader.open()
    page.locator("#legend").get_by_role("button", name="refused").click()
    expect(page.locator(".row")).to_have_count(1)
    assert reader.rows() == ["alice was refused DeleteTrail"]
    assert page.url.endswith("#outcome=refused")
