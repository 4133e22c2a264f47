"""The picture of the messages: the page that Chromium draws it from."""

from __future__ import annotations

from chalicelib.slack.message import single
from cli.preview import examples, page
from tests.events import cloudtrail
from tests.slack.golden import CHANNEL, LOOK, alert


def test_the_preview_shows_each_layout_as_slack_would_draw_it() -> None:
    payloads = examples()
    html = page(payloads)
    assert html.count("class=message") == len(payloads) == 6
    for shown in ("<b>Critical</b>", "@here", "[possible repeat]", "× 12", "34 alerts", "fields"):
        assert shown in html, shown
    assert "<!date" not in html


def test_what_an_attacker_names_stays_text_on_the_page() -> None:
    record = cloudtrail("CreateUser", requestParameters={"userName": "<script>x</script>"})
    html = page([single(alert(record), channel=CHANNEL, post_id="p", look=LOOK)])
    assert "<script>x" not in html
    assert "&lt;script&gt;x" in html
