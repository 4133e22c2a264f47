"""The picture of the messages: the page that Chromium draws it from."""

from __future__ import annotations

from pathlib import Path

import pytest

from chalicelib.slack.message import single
from cli.preview import draw, examples, page
from tests.events import cloudtrail
from tests.slack.golden import CHANNEL, LOOK, alert


def test_the_preview_shows_each_layout_as_slack_would_draw_it() -> None:
    payloads = examples()
    html = page(payloads)
    assert html.count("class=message") == len(payloads) == 10
    for shown in ("<b>Critical</b>", "@here", "× 12", "34 alerts", "fields"):
        assert shown in html, shown
    assert "<!date" not in html


def test_what_an_attacker_names_stays_text_on_the_page() -> None:
    record = cloudtrail("CreateUser", requestParameters={"userName": "<script>x</script>"})
    html = page([single(alert(record), channel=CHANNEL, post_id="p", look=LOOK)])
    assert "<script>x" not in html
    assert "&lt;script&gt;x" in html


def test_the_dark_theme_draws_the_same_messages() -> None:
    light, dark = page(examples()), page(examples(), dark=True)
    assert light.replace("<body class=light>", "<body class=dark>") == dark


def test_without_a_browser_one_sentence_says_the_next_step(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit) as ended:
        draw(page([]), tmp_path / "picture.png")
    said = str(ended.value)
    assert "no Chromium" in said
    assert "Install one" in said
    assert "\n" not in said
