"""The page in a real browser: what someone sees who missed a message."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any, cast

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.archive import AlertPage, AlertQuery, Archive, Summary
from chalicelib.alerts.delivery import DeliveryState
from chalicelib.alerts.outbox import StoreError
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.rules.rule import Severity
from tests.browser.conftest import Reader
from tests.browser.serving import Served
from tests.browser.story import deliveries, fill, happened, parked
from tests.stores.factories import NOW, alert, stored
from tests.web.conftest import TOKEN, Color, Health

Reading = Callable[..., Reader]


def add(served: Served, *alerts: Alert) -> None:
    served.program.store.outbox.add([stored(item) for item in alerts], NOW)


def accessible(page: Page) -> list[str]:
    """What axe-core finds wrong, as it names it."""
    results = Axe().run(page)
    return [
        f"{violation['id']}: {node['html'][:120]}"
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]


def top(row: Locator) -> float:
    """Where it is on the screen, in pixels."""
    box = row.bounding_box()
    assert box is not None
    return box["y"]


# ── signing in ──


def test_a_link_with_a_token_signs_in_and_the_token_leaves_the_address_bar(
    served: Served, reading: Reading
) -> None:
    add(served, alert())
    page = reading(served).open()
    expect(page).to_have_url(served.url)
    assert page.locator(".row").count() == 1
    assert TOKEN not in " ".join(served.asked)


def test_the_token_is_kept_for_the_tab_only(served: Served, reading: Reading) -> None:
    page = reading(served).open()
    assert page.evaluate("Object.values(sessionStorage)") == [TOKEN]
    assert page.evaluate("localStorage.length + document.cookie.length") == 0


def test_who_has_no_token_is_asked_for_it_and_sees_no_data(
    served: Served, reading: Reading
) -> None:
    add(served, alert())
    reader = reading(served)
    page = reader.open(token=None)
    expect(page.locator("#signed-out")).to_be_visible()
    assert "/alerts" not in " ".join(served.asked)
    assert accessible(page) == []
    page.keyboard.type(TOKEN)  # the field has the focus
    page.keyboard.press("Enter")
    reader.settled()
    assert reader.rows() == ["alice stopped the trail example"]


@pytest.mark.parametrize("token", ["wrong", "tökén", "two words"])
def test_a_wrong_token_is_told_so(served: Served, reading: Reading, token: str) -> None:
    add(served, alert())
    page = reading(served).open(token=token)
    expect(page.locator("#signed-out-why")).to_contain_text(re.compile("token"))
    assert page.evaluate("sessionStorage.length") == 0
    assert page.locator(".row").count() == 0


def test_why_a_token_was_refused_is_read_with_its_field(served: Served, reading: Reading) -> None:
    page = reading(served).open(token="wrong")
    expect(page.locator("#token")).to_have_accessible_description(
        "This token does not open this Trailbell. It may have been changed."
    )


def test_signing_out_leaves_no_data_on_the_page(served: Served, reading: Reading) -> None:
    add(served, alert())
    page = reading(served).open()
    page.click("#sign-out")
    assert "alice" not in page.content()
    assert page.evaluate("sessionStorage.length") == 0


def test_a_token_that_stops_working_signs_out(served: Served, reading: Reading) -> None:
    add(served, alert())
    reader = reading(served)
    page = reader.open()
    served.program.settings = replace(served.program.settings, api_token="rotated")
    reader.later()
    expect(page.locator("#signed-out")).to_be_visible()
    assert "alice" not in page.content()


# ── the list ──


def test_the_first_list_is_painted_with_four_requests(served: Served, reading: Reading) -> None:
    add(served, alert())
    page = reading(served).open()
    page.wait_for_selector(".hour")
    listed = next(at for at, path in enumerate(served.asked) if path.startswith("/alerts"))
    assert listed < 4
    assert sorted(served.asked[:3]) == ["/", "/assets/page.css", "/assets/page.js"]


def test_a_row_says_what_who_where_when_and_whether_it_was_told(
    served: Served, reading: Reading
) -> None:
    add(served, alert(5))
    row = reading(served).open().locator(".row")
    expect(row).to_contain_text("high")
    expect(row).to_contain_text("alice stopped the trail example")
    expect(row).to_contain_text("alice · console · 192.0.2.10 · production · eu-central-1")
    expect(row).to_contain_text("5 min ago")
    expect(row).to_contain_text("waiting")


def test_the_page_of_a_whole_day_is_accessible(served: Served, reading: Reading) -> None:
    fill(served.program.store)
    page = reading(served).open()
    page.wait_for_selector(".hour")
    assert accessible(page) == []
    page.click("#more-filters")
    assert accessible(page) == []


def test_older_alerts_follow_on_demand(served: Served, reading: Reading) -> None:
    add(served, *(happened(number, number, 3) for number in range(1, 181)))
    reader = reading(served)
    page = reader.open()
    assert len(reader.rows()) == 50
    page.click("#older")
    expect(page.locator(".row")).to_have_count(150)
    page.click("#older")
    expect(page.locator(".row")).to_have_count(180)
    assert len(set(reader.rows())) == 180
    expect(page.locator("#older")).to_be_hidden()
    expect(page.locator("#after-text")).to_have_text("That is all there is.")


def test_ten_thousand_alerts_page_as_quickly_as_ten(served: Served, reading: Reading) -> None:
    add(served, *(happened(number, number / 10, number % 5) for number in range(1, 10_001)))
    reader = reading(served)
    page = reader.open()
    assert accessible(page) == []
    for loaded in (150, 250, 350):
        page.click("#older")
        expect(page.locator(".row")).to_have_count(loaded)
    assert reader.rows()[0].endswith("example-1")
    assert reader.rows()[349].endswith("example-350")


def test_a_name_written_from_right_to_left_does_not_turn_the_others_round(
    served: Served, reading: Reading
) -> None:
    add(served, alert(1, actor="مرحبا"))
    where = reading(served).open().locator(".where")
    expect(where).to_have_text("مرحبا · console · 192.0.2.10 · production · eu-central-1")
    boxes = [box for part in where.locator("bdi").all() if (box := part.bounding_box())]
    assert len(boxes) == 5
    assert [box["x"] for box in boxes] == sorted(box["x"] for box in boxes)


def test_an_empty_list_says_that_it_watches(served: Served, reading: Reading) -> None:
    page = reading(served).open()
    expect(page.locator("#after-text")).to_contain_text("Nothing has happened yet")
    assert accessible(page) == []


class Short:
    """An archive whose first page ends early, since one request reads only so much."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def search(self, query: AlertQuery, limit: int, cursor: str | None = None) -> AlertPage:
        page = self._archive.search(query, limit, cursor)
        if cursor is not None:
            return page
        first = self._archive.search(query, 1)
        return replace(first, searched_until=NOW - timedelta(hours=30))

    def summary(self, since: datetime, until: datetime) -> Summary:
        return self._archive.summary(since, until)


def test_a_list_that_ended_early_says_how_far_back_it_searched(
    served: Served, reading: Reading
) -> None:
    add(served, alert(1), alert(2))
    store = served.program.store
    served.program.store = replace(store, archive=cast("Archive", Short(store.archive)))
    page = reading(served).open()
    expect(page.locator("#after-text")).to_have_text("Searched back to 23 Nov 2026, 07:00:00.")
    assert accessible(page) == []
    page.get_by_role("button", name="Search further back").click()
    expect(page.locator(".row")).to_have_count(2)
    expect(page.locator("#older")).to_be_hidden()


# ── filters ──

WANTED: dict[str, tuple[str, dict[str, Any]]] = {
    "severity": ("critical", {"severity": Severity.CRITICAL}),
    "actor": ("mallory", {"actor": "mallory"}),
    "event_name": ("DeleteTrail", {"event_name": "DeleteTrail"}),
    "account": ("444455556666", {"account_id": "444455556666"}),
    "q": ("zebra", {"resources": ("arn:aws:s3:::zebra",)}),
    "since": ("2026-11-24T12:59:30", {"event_time": NOW}),  # as Berlin's clocks show it
    "until": ("2026-11-24T11:00:00", {"event_time": NOW - timedelta(hours=3)}),
}


@pytest.mark.parametrize("name", WANTED)
def test_each_filter_narrows_the_list_and_is_in_the_address(
    served: Served, reading: Reading, name: str
) -> None:
    value, changes = WANTED[name]
    add(served, alert(1), alert(2), alert(3, text="wanted", **changes))
    reader = reading(served)
    page = reader.open()
    page.click("#more-filters")
    field = page.locator(f"[name={name}]")
    if name == "severity":
        page.get_by_role("checkbox", name=value).check()
    else:
        field.fill(value)
        field.press("Enter")
    expect(page.locator(".row")).to_have_count(1)
    assert reader.rows() == ["wanted"]
    assert f"{name}=" in page.url
    page.reload()
    reader.settled()
    assert reader.rows() == ["wanted"]
    page.go_back()
    expect(page.locator(".row")).to_have_count(3)


def test_the_list_is_narrowed_by_delivery_state(served: Served, reading: Reading) -> None:
    add(served, alert(1))
    served.program.store.outbox.add([parked(alert(2, text="wanted"))], NOW)
    reader = reading(served)
    page = reader.open()
    page.click("#more-filters")
    page.select_option("[name=state]", "parked")
    expect(page.locator(".row")).to_have_count(1)
    assert reader.rows() == ["wanted"]


def test_a_filter_is_taken_off_with_its_chip(served: Served, reading: Reading) -> None:
    add(served, alert(1), alert(2, actor="bob"))
    page = reading(served).open("?actor=bob")
    assert page.locator(".row").count() == 1
    page.click("#chips button")
    expect(page.locator(".row")).to_have_count(2)
    expect(page).to_have_url(served.url)


def test_filters_that_match_nothing_can_be_cleared(served: Served, reading: Reading) -> None:
    add(served, alert())
    page = reading(served).open("?actor=nobody&severity=low")
    expect(page.locator("#after-text")).to_contain_text("Nothing matches these filters.")
    assert accessible(page) == []
    page.click("#clear")
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator("#list")).to_be_focused()


@pytest.mark.parametrize("phone", [False, True])
def test_the_filters_stand_side_by_side(served: Served, reading: Reading, phone: bool) -> None:
    page = reading(served, phone=phone).open()
    page.click("#more-filters")
    fields = page.locator("#fields > * > select, #fields > * > input, #fields > button").all()
    boxes = [box for field in fields if (box := field.bounding_box())]
    assert len(boxes) == 12
    for box, other in combinations(boxes, 2):
        apart = box["x"] + box["width"] <= other["x"] or other["x"] + other["width"] <= box["x"]
        assert apart or box["y"] + box["height"] <= other["y"]


def test_a_wrong_filter_in_a_shared_link_is_explained(served: Served, reading: Reading) -> None:
    page = reading(served).open("?q=ab")
    expect(page.locator("#trouble-text")).to_contain_text("q is 'ab'; it takes 3 to 256 characters")
    page.get_by_role("button", name="Remove it").click()  # asked again it would be as wrong again
    expect(page.locator("#trouble")).to_be_hidden()
    expect(page).to_have_url(served.url)


def test_an_hour_of_the_chart_shows_only_its_alerts(served: Served, reading: Reading) -> None:
    add(served, alert(5), alert(65, text="wanted"), alert(125))
    reader = reading(served)
    page = reader.open()
    page.locator(".hour").nth(22).click()
    expect(page.locator(".row")).to_have_count(1)
    assert "since=2026-11-24T1" in page.url
    page.locator(".hour[aria-pressed=true]").click()
    expect(page.locator(".row")).to_have_count(3)


def test_the_chart_works_by_keyboard(served: Served, reading: Reading) -> None:
    add(served, alert(5), alert(65), alert(125))
    page = reading(served).open()
    page.locator(".hour[tabindex='0']").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator(".hour[aria-pressed=true]")).to_be_focused()


def test_the_legend_counts_and_filters_by_severity(served: Served, reading: Reading) -> None:
    add(served, alert(1), alert(2, severity=Severity.LOW))
    page = reading(served).open()
    page.get_by_role("button", name="low 1").click()
    expect(page.locator(".row")).to_have_count(1)
    expect(page.get_by_role("button", name="low 1")).to_have_attribute("aria-pressed", "true")


# ── live ──


def test_new_alerts_appear_by_themselves(served: Served, reading: Reading) -> None:
    add(served, alert(2))
    reader = reading(served)
    reader.open()
    add(served, alert(1, text="bob arrived"))
    reader.later()
    expect(reader.page.locator(".row")).to_have_count(2)
    assert reader.rows()[0] == "bob arrived"
    expect(reader.page.locator("#said")).to_have_text("New alert: bob arrived")


@pytest.mark.parametrize("how", ["scrolled", "focused", "hovered"])
def test_new_alerts_do_not_move_what_is_being_read(
    served: Served, reading: Reading, how: str
) -> None:
    add(served, *(happened(number, number, 3) for number in range(10, 60)))
    reader = reading(served)
    page = reader.open()
    row = page.locator(".row").nth(20 if how == "scrolled" else 1)
    row.scroll_into_view_if_needed()
    if how == "focused":
        row.focus()
    if how == "hovered":
        row.hover()
    before = top(row)
    text = row.inner_text()
    add(served, happened(1, 1, 0), happened(2, 2, 1))
    reader.later()
    expect(page.locator(".row")).to_have_count(52)
    moved = page.locator(".row").nth(22 if how == "scrolled" else 3)
    assert moved.inner_text() == text
    assert abs(top(moved) - before) < 1  # scrolling is by whole pixels
    expect(page.locator("#arrived")).to_be_visible(visible=how == "scrolled")


def test_new_alerts_above_what_is_being_read_are_a_key_away(
    served: Served, reading: Reading
) -> None:
    add(served, *(happened(number, number, 3) for number in range(10, 60)))
    reader = reading(served)
    page = reader.open()
    page.locator(".row").nth(20).scroll_into_view_if_needed()
    add(served, happened(1, 1, 0), happened(2, 2, 1))
    reader.later()
    expect(page.locator("#arrived")).to_have_text("↑ 2 new alerts")
    page.locator("#arrived").press("Enter")
    expect(page.locator(".row").first).to_be_focused()
    expect(page.locator(".row").first).to_be_in_viewport()
    expect(page.locator("#arrived")).to_be_hidden()


def test_a_late_alert_takes_its_place_by_time(served: Served, reading: Reading) -> None:
    add(served, alert(1, text="newest"), alert(5, text="oldest"))
    reader = reading(served)
    reader.open()
    add(served, alert(3, text="late"))
    reader.later()
    expect(reader.page.locator(".row")).to_have_count(3)
    assert reader.rows() == ["newest", "late", "oldest"]


def test_a_flood_beyond_a_page_is_listed_anew(served: Served, reading: Reading) -> None:
    add(served, alert(200))
    reader = reading(served)
    reader.open()
    add(served, *(happened(number, number, 3) for number in range(1, 120)))
    reader.later()
    expect(reader.page.locator(".row")).to_have_count(50)
    assert reader.rows()[0].endswith("example-1")


def test_a_delivery_state_follows_by_itself(served: Served, reading: Reading) -> None:
    add(served, alert())
    reader = reading(served)
    reader.open()
    [delivery] = served.program.store.queue.deliveries([alert().alert_id], "#security")
    served.program.store.queue.replace(delivery, replace(delivery, state=DeliveryState.PARKED))
    reader.later()
    expect(reader.page.locator(".told")).to_have_text("parked")


def test_an_answer_that_is_unchanged_is_not_sent_again(served: Served, reading: Reading) -> None:
    fill(served.program.store)
    reader = reading(served)
    reader.open().wait_for_selector(".hour")
    before = served.sent
    reader.later()
    assert served.sent - before < 1000


# ── details ──


def test_the_details_say_everything(served: Served, reading: Reading) -> None:
    item = alert(event_id="4f8c-0001", error_code="AccessDenied", error_message="not authorized")
    add(served, item)
    page = reading(served).open()
    page.click(".row")
    body = page.locator("#details-body")
    for text in (
        "alice stopped the trail example",
        "24 Nov 2026, 12:59:00 (2026-11-24 11:59:00 UTC)",
        "OperationStopLogging",
        "Servicecloudtrail.amazonaws.com",
        "AccessDenied: not authorized",
        "arn:aws:cloudtrail:eu-central-1:111122223333:trail/example",
        "#security waiting to be sent",
        "A trail was stopped",
        "A trail was changed",
        '"event-1"',
    ):
        expect(body).to_contain_text(text)
    expect(page.get_by_role("link", name="Open in CloudTrail")).to_have_attribute(
        "href", re.compile("^https://eu-central-1.console.aws.amazon.com/cloudtrailv2/")
    )
    assert accessible(page) == []


def test_what_was_refused_says_so_in_the_list_and_in_the_details(
    served: Served, reading: Reading
) -> None:
    refused: dict[str, Any] = {"outcome": Outcome.REFUSED, "title": "Refused: A trail was stopped"}
    add(served, alert(**refused, error_code="AccessDenied", error_message="not authorized"))
    page = reading(served).open()
    expect(page.locator(".row")).to_contain_text("refusedalice · console")
    page.click(".row")
    body = page.locator("#details-body")
    for text in (
        "Refused: A trail was stopped",
        "Resultrefused: AccessDenied: not authorized",
        "this call: refused",
    ):
        expect(body).to_contain_text(text)
    assert accessible(page) == []


def test_a_link_from_slack_opens_the_details(served: Served, reading: Reading) -> None:
    add(served, alert())
    page = reading(served).open(f"#alert={alert().alert_id}")
    expect(page.locator("#details-title")).to_have_text("alice stopped the trail example")
    expect(page).to_have_url(f"{served.url}#alert={alert().alert_id}")
    page.keyboard.press("Escape")
    expect(page.locator("#details")).to_be_hidden()
    expect(page).to_have_url(served.url)


def test_a_link_to_an_alert_that_is_gone_says_so(served: Served, reading: Reading) -> None:
    page = reading(served).open(f"#alert={'0' * 32}")
    expect(page.locator("#details-title")).to_have_text("This alert is not kept (any more).")
    assert accessible(page) == []


def test_a_sent_alert_links_to_slack(served: Served, reading: Reading) -> None:
    sent = fill(served.program.store)[2]
    page = reading(served).open(f"#alert={sent.alert_id}")
    expect(page.get_by_role("link", name="Open the Slack message")).to_have_attribute(
        "href", "https://slack.com/app_redirect?channel=C024BE91L&message_ts=1732449540.000100"
    )


def test_the_keyboard_alone_reads_one_alert_after_the_other(
    served: Served, reading: Reading
) -> None:
    add(served, alert(1, text="first"), alert(2, text="second"), alert(3, text="third"))
    page = reading(served).open()
    page.locator(".row").first.focus()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    title = page.locator("#details-title")
    expect(title).to_have_text("second")
    page.wait_for_selector(".facts")
    page.keyboard.press("j")
    expect(title).to_have_text("third")
    page.wait_for_selector(".facts")
    page.keyboard.press("k")
    expect(title).to_have_text("second")
    page.keyboard.press("Escape")
    expect(page.locator(".row").nth(1)).to_be_focused()


def test_the_record_unfolds(served: Served, reading: Reading) -> None:
    add(served, alert(record={"requestParameters": {"name": "example", "tags": [1, None]}}))
    page = reading(served).open(f"#alert={alert().alert_id}")
    page.get_by_text("requestParameters:").click()
    expect(page.locator(".tree")).to_contain_text('name: "example"')
    page.get_by_text("tags:").click()
    expect(page.locator(".tree")).to_contain_text("1: null")


def test_what_nobody_would_see_in_the_record_is_shown(served: Served, reading: Reading) -> None:
    add(served, alert(record={"user\u200bName": "\u202ealice\ufeff"}))
    page = reading(served).open(f"#alert={alert().alert_id}")
    expect(page.locator(".tree")).to_contain_text('user\\u200bName: "\\u202ealice\\ufeff"')


def test_the_button_that_copies_the_link_says_what_became_of_it(
    served: Served, reading: Reading
) -> None:
    add(served, alert())
    page = reading(served).open(f"#alert={alert().alert_id}")
    page.get_by_role("button", name="Copy the link").click()
    button = page.locator(".links button")
    expect(button).to_have_text(re.compile("Copied|It is in the address bar"))
    page.clock.run_for(4000)
    expect(button).to_have_text("Copy the link")


def test_only_one_actor_is_listed_from_the_details(served: Served, reading: Reading) -> None:
    add(served, alert(1), alert(2, actor="bob"))
    page = reading(served).open(f"#alert={alert(2).alert_id}")
    page.get_by_role("button", name="List only Actor: bob").click()
    expect(page.locator(".row")).to_have_count(1)
    assert "actor=bob" in page.url
    expect(page.locator("#list")).to_be_focused()
    page.go_back()
    expect(page.locator("#details-title")).to_have_text(alert().text)
    page.keyboard.press("Escape")
    expect(page.locator(".row")).to_have_count(2)


def test_every_delivery_state_has_its_words(served: Served, reading: Reading) -> None:
    item = alert()
    states = tuple(DeliveryState)
    served.program.store.outbox.add(
        [replace(stored(item), deliveries=deliveries(item, *states))], NOW
    )
    page = reading(served).open(f"#alert={item.alert_id}")
    for text in ("needs a person", "nobody knows yet", "waiting", "being sent", "#sent sent"):
        expect(page.locator("#details-body")).to_contain_text(text)
    assert accessible(page) == []


# ── health and trouble ──


@pytest.mark.parametrize(
    ("color", "words"),
    [
        (Color.GREEN, "All is well"),
        (Color.AMBER, "Something to know"),
        (Color.RED, "Something to do"),
    ],
)
def test_the_health_strip_is_a_colour_with_words(
    served: Served, reading: Reading, color: Color, words: str
) -> None:
    reasons = () if color is Color.GREEN else ("Slack refuses #security: invalid_auth.",)
    served.program.condition = Health(color, reasons, {"pending": 7, "parked": 1})
    page = reading(served).open()
    strip = page.locator("#health")
    expect(strip).to_contain_text(words)
    expect(strip).to_have_attribute("data-status", color.value)
    expect(strip).to_contain_text("Waiting7")
    expect(strip.locator("li")).to_have_text(list(reasons))
    assert accessible(page) == []


def test_what_is_counted_in_the_strip_is_a_click_away(served: Served, reading: Reading) -> None:
    add(served, alert(1))
    served.program.store.outbox.add([parked(alert(2, text="wanted"))], NOW)
    served.program.condition = Health(
        Color.AMBER, ("1 alert parked.",), {"pending": 1, "parked": 1}
    )
    reader = reading(served)
    page = reader.open()
    page.get_by_role("button", name="Parked 1: list only these").click()
    expect(page.locator(".row")).to_have_count(1)
    assert reader.rows() == ["wanted"]
    assert page.url.endswith("#state=parked")


def test_a_command_among_the_reasons_looks_like_one(served: Served, reading: Reading) -> None:
    served.program.condition = Health(Color.AMBER, ("See `trailbell.py parked`.",), {})
    page = reading(served).open()
    expect(page.locator("#health li code")).to_have_text("trailbell.py parked")


def test_each_check_is_listed_with_its_last_answer(served: Served, reading: Reading) -> None:
    answers = {
        "trail": {"answered": "ok", "at": NOW.isoformat(), "text": "example writes."},
        "filter": {"answered": "failing", "at": NOW.isoformat(), "text": "<b>It is gone."},
    }
    served.program.condition = Health(Color.RED, ("It is gone.",), {"coverage": answers})
    page = reading(served).open()
    checks = page.locator("#checks")
    checks.locator("summary").click()
    expect(checks.locator("summary")).to_have_text("2 checks, 1 not well")
    expect(checks.locator(".check-failing")).to_contain_text("filter: failing")
    expect(checks.locator(".check-failing")).to_contain_text("<b>It is gone.")
    expect(checks.locator(".check-ok")).to_contain_text("example writes.")
    assert accessible(page) == []


def test_where_nothing_was_checked_no_check_is_listed(served: Served, reading: Reading) -> None:
    expect(reading(served).open().locator("#checks")).to_be_hidden()


def test_a_health_that_changes_is_said(served: Served, reading: Reading) -> None:
    reader = reading(served)
    page = reader.open()
    expect(page.locator("#health")).to_have_attribute("data-status", "green")
    served.program.condition = Health(Color.RED, ("Slack refuses #security.",), {})
    reader.later()
    expect(page.locator("#said")).to_have_text("Something to do. Slack refuses #security.")


class Away:
    """An archive that does not answer."""

    def search(self, query: AlertQuery, limit: int, cursor: str | None = None) -> AlertPage:
        raise StoreError("database is locked")

    def summary(self, since: datetime, until: datetime) -> Summary:
        raise StoreError("database is locked")


def test_while_the_list_fails_health_says_why(served: Served, reading: Reading) -> None:
    add(served, alert())
    reader = reading(served)
    page = reader.open()
    expect(page.locator("#health")).to_have_attribute("data-status", "green")
    store = served.program.store
    served.program.store = replace(store, archive=cast("Archive", Away()))
    served.program.condition = Health(Color.RED, ("The store does not answer.",), {})
    reader.later()
    expect(page.locator("#trouble-text")).to_contain_text("Trailbell answers 503")
    expect(page.locator("#health li")).to_have_text("The store does not answer.")


def test_during_an_outage_nothing_is_said_to_be_well(served: Served, reading: Reading) -> None:
    add(served, alert())
    reader = reading(served)
    page = reader.open()
    expect(page.locator("#health-words")).to_have_text("All is well")
    served.failing = 503
    reader.later()
    expect(page.locator("#health-words")).to_have_text("How Trailbell is cannot be asked now")
    expect(page.locator("#freshness")).to_contain_text("Not live since 13:00")
    served.failing = 0
    reader.later(11)
    expect(page.locator("#health-words")).to_have_text("All is well")


def test_an_outage_is_said_keeps_what_is_shown_and_ends_by_itself(
    served: Served, reading: Reading
) -> None:
    add(served, alert())
    reader = reading(served)
    page = reader.open()
    served.failing = 503
    reader.later()
    expect(page.locator("#trouble-text")).to_contain_text("Trailbell answers 503: Later.")
    expect(page.locator("#trouble-text")).to_contain_text("Nothing new is shown since 13:00")
    assert page.locator(".row").count() == 1
    assert accessible(page) == []
    served.failing = 0
    reader.later(11)
    expect(page.locator("#trouble")).to_be_hidden()


def test_an_outage_at_the_start_is_said_and_can_be_retried(
    served: Served, reading: Reading
) -> None:
    add(served, alert())
    served.failing = 503
    page = reading(served).open()
    expect(page.locator("#trouble-text")).to_have_text("Trailbell answers 503: Later.")
    expect(page.locator("#after-text")).to_contain_text("The alerts cannot be shown now.")
    assert accessible(page) == []
    served.failing = 0
    page.click("#retry")
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator("#trouble")).to_be_hidden()


# ── elsewhere ──


@pytest.mark.parametrize("slash", ["", "/"])
def test_the_page_works_under_a_stage_path_with_and_without_its_slash(
    serve: Callable[..., Served], reading: Reading, slash: str
) -> None:
    served = serve(stage="/api")
    add(served, alert())
    served.url = served.url.rstrip("/") + slash
    reader = reading(served)
    page = reader.open()
    assert reader.rows() == ["alice stopped the trail example"]
    page.click(".row")
    expect(page.locator(".facts")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
def test_a_phone_shows_all_of_it_without_scrolling_sideways(
    served: Served, reading: Reading, dark: bool
) -> None:
    fill(served.program.store)
    reader = reading(served, phone=True, dark=dark)
    page = reader.open()
    page.locator("#chart-card summary").tap()  # folded, so that the list is on the screen
    page.wait_for_selector(".hour")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert accessible(page) == []
    page.locator(".row").nth(2).tap()
    page.wait_for_selector(".facts")
    assert accessible(page) == []


def test_dark_mode_is_accessible(served: Served, reading: Reading) -> None:
    fill(served.program.store)
    reader = reading(served, dark=True)
    page = reader.open()
    page.wait_for_selector(".hour")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 20, 23)"
    assert accessible(page) == []
    page.locator(".row").nth(2).click()
    page.wait_for_selector(".facts")
    assert accessible(page) == []


def test_a_csv_is_downloaded_with_the_filters(served: Served, reading: Reading) -> None:
    add(served, alert(1), alert(2, actor="bob", title="=cmd"))
    page = reading(served).open("?actor=bob")
    with page.expect_download() as download:
        page.click("#csv")
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert download.value.suggested_filename == "trailbell-alerts.csv"
    assert text.count("\n") == 2
    assert '"\'=cmd"' in text
