"""Whatever a record says, it is text on the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest

from chalicelib.alerts.alert import Alert
from tests.browser.conftest import Reader
from tests.browser.serving import Served
from tests.stores.factories import NOW, alert, delivery, stored
from tests.web.conftest import Color, Health, Watched

STRINGS = (
    "<script>document.title='owned'</script>",
    "<img src=x onerror=\"document.title='owned'\">",
    '"><svg onload="document.title=\'owned\'">',
    "javascript:document.title='owned'",
    "{{constructor.constructor('document.title=1')()}}${document.title='owned'}",
    "'; document.title='owned'; //",
    "<a href=\"javascript:document.title='owned'\">x</a><style>*{display:none}</style>",
    "\u202e\u2066gpj.exe\u0000\ufeff<iframe srcdoc='<script>1</script>'>",
)


def hostile(text: str) -> Alert:
    """An alert with the text in every field that holds text."""
    item = alert()
    kept = {"alert_id", "channels", "notice"}  # a notice is not listed
    changes: dict[str, Any] = {
        field.name: text
        for field in fields(Alert)
        if isinstance(getattr(item, field.name), str) and field.name not in kept
    }
    record = {text: text, "list": [text, {text: [text]}], "__proto__": {"toString": text}}
    return replace(
        item,
        **changes,
        rule_ids=(text,),
        resources=(text,),
        runbook=text,
        mention=text,
        record=record,
    )


@pytest.mark.parametrize("text", STRINGS)
def test_a_hostile_string_in_every_field_stays_text(
    served: Served, reading: Callable[..., Reader], text: str
) -> None:
    item = hostile(text)
    held = stored(item)
    odd = delivery(item, text, reason=text)
    served.program.store.outbox.add([replace(held, deliveries=(*held.deliveries, odd))], NOW)
    rule = replace(served.program.ruleset.rules[0], id=text, title=text, references=(text,))
    served.program.ruleset = Watched((rule,))
    channel = {"name": text, "trouble": text, "reason": text}
    served.program.condition = Health(Color.RED, (text,), {"channels": [channel], "pending": text})
    reader = reading(served)
    page = reader.open()
    page.wait_for_selector(".hour")
    page.click(".row")
    page.wait_for_selector(".facts")
    for fold in page.locator(".tree summary").all()[1:]:
        fold.click()
    assert page.title() == "Trailbell"
    assert page.locator("script").count() == 1  # the page's own
    assert page.locator("iframe, style, img, object, embed, a[href^=javascript]").count() == 0
    assert page.evaluate(HANDLERS) == []
    assert reader.violations() == []


HANDLERS = """[...document.querySelectorAll('*')].flatMap(element =>
    [...element.attributes].filter(attribute => attribute.name.startsWith('on'))
    .map(attribute => attribute.name))"""


def test_hostile_filters_in_a_shared_link_stay_text(
    served: Served, reading: Callable[..., Reader]
) -> None:
    reader = reading(served)
    page = reader.open(
        "?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&actor=%3Cscript%3E1%3C/script%3E"
    )
    assert page.locator("#chips button").count() == 2
    assert page.locator("script").count() == 1
    assert page.locator("img").count() == 0
    assert reader.violations() == []


def test_hostile_fragments_open_nothing(served: Served, reading: Callable[..., Reader]) -> None:
    reader = reading(served)
    page = reader.open("#alert=../health?x=<script>")
    page.wait_for_selector("#details[open]")
    assert page.locator("script").count() == 1
    assert reader.violations() == []
