"""`make preview`: the Slack messages as pictures in docs/, by headless Chromium."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.handling import Handling, Person
from chalicelib.alerts.judging import alert_from
from chalicelib.cloudtrail.record import Record
from chalicelib.rules.rule import URGENT
from chalicelib.rules.ruleset import Ruleset
from chalicelib.slack.message import Look, digest, single
from chalicelib.slack.terminal import TOKENS, in_form
from cli.sample.trail import sample_trail

PICTURE = Path(__file__).parent.parent / "docs" / "messages.png"
OF_BUTTONS = PICTURE.with_name("slack-buttons.png")
AN_ALERT = "AuthorizeSecurityGroupIngress"
WIDTH = 820
END = datetime(2026, 1, 15, 10, 42, tzinfo=UTC)
CHANNEL = "#trailbell"
LOOK = Look(public_url="https://trailbell.example.com/")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Without these Chromium looks for its maker's hosts; as root it has no sandbox.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

STYLE = """
* { box-sizing: border-box; margin: 0 }
body { width: 820px; padding: 18px 22px; background: #fff; color: #1d1c1d;
       font: 15px/1.46668 Lato, "Noto Sans", "DejaVu Sans", sans-serif; }
.message { display: flex; gap: 10px; padding: 9px 0; }
.bell { flex: 0 0 36px; height: 36px; border-radius: 6px; background: #2c3e50; color: #fff;
        font: 700 20px/36px sans-serif; text-align: center; }
.body { flex: 1; min-width: 0; overflow-wrap: anywhere; }
.name { font-weight: 900 } .app { font-size: 10px; font-weight: 700; background: #ececec;
        color: #616061; border-radius: 2px; padding: 1px 3px; margin: 0 5px; }
.time { font-size: 12px; color: #616061 }
.attachment { border-left: 4px solid; border-radius: 3px; padding: 2px 0 2px 12px; margin-top: 4px }
.block { margin: 4px 0; } .row { display: flex; gap: 16px; align-items: flex-start }
.row > .text { flex: 1; min-width: 0 }
.fields { display: grid; grid-template-columns: 1fr 1fr; gap: 8px 16px; margin: 8px 0 }
.context { font-size: 13px; color: #616061 }
.button { display: inline-block; border: 1px solid #bbb; border-radius: 4px; padding: 3px 12px;
          font-size: 13px; font-weight: 700; margin: 3px 8px 3px 0; white-space: nowrap }
.primary { background: #007a5a; border-color: #007a5a; color: #fff }
.danger { background: #e01e5a; border-color: #e01e5a; color: #fff }
code { font: 12px/1.5 Menlo, "DejaVu Sans Mono", monospace; background: #f6f6f6; color: #c01343;
       border: 1px solid #ddd; border-radius: 3px; padding: 2px 3px 1px; }
.mention { background: #fdf1cf; color: #1264a3; border-radius: 3px; padding: 0 2px }
b { font-weight: 900 }
"""


def page(payloads: list[dict[str, Any]]) -> str:
    """An HTML page that shows the messages as Slack would."""
    messages = "".join(map(_message, payloads))
    script = "document.title = document.documentElement.scrollHeight"
    return (
        f"<!doctype html><meta charset=utf-8><title></title><style>{STYLE}</style>"
        f"{messages}<script>{script}</script>"
    )


def examples() -> list[dict[str, Any]]:
    """Each layout once, told of the sample trail by the default rules."""
    alerts = _alerts()

    def one(operation: str, nth: int = 0, **options: Any) -> dict[str, Any]:
        made = [alert for alert in alerts if alert.event_name == operation][nth]
        made = replace(made, mention=options.pop("mention", None))
        return single(made, channel=CHANNEL, post_id="p", look=LOOK, **options)

    deleted = [alert for alert in alerts if alert.event_name == "DeleteSnapshot"]
    others = [alert for alert in alerts if alert.severity not in URGENT]
    return [
        one("StopLogging", mention="@here"),
        one("AuthorizeSecurityGroupIngress"),
        one("CreateUser"),
        one("DeleteUser", possible_repeat=True),
        one("DeleteSnapshot", repeats=len(deleted), last_at=deleted[-1].event_time),
        digest(others, channel=CHANNEL, post_id="p", look=LOOK),
    ]


def handled() -> list[dict[str, Any]]:
    """A message before a click, and after it."""
    before = next(alert for alert in _alerts() if alert.event_name == AN_ALERT)
    owner = Handling(owner=Person(id="U0123ABCD", name="anna"), since=END)
    look = replace(LOOK, buttons=True)
    return [
        single(alert, channel=CHANNEL, post_id="p", look=look)
        for alert in (before, replace(before, handling=owner))
    ]


def _alerts() -> list[Alert]:
    ruleset = Ruleset.load()
    names = {"111122223333": "production"}
    records = [Record(raw) for raw in sample_trail(END - timedelta(minutes=1))]
    return [
        alert_from(record, rules, accounts=names, default_channel=CHANNEL, now=END)
        for record in records
        if (rules := ruleset.match(record))
    ]


def _message(payload: dict[str, Any]) -> str:
    attachments = "".join(map(_attachment, payload.get("attachments", [])))
    return (
        "<div class=message><div class=bell>T</div><div class=body><span class=name>Trailbell"
        f"</span><span class=app>APP</span><span class=time>{END:%H:%M}</span>"
        f"<div>{_mrkdwn(payload['text'])}</div>{attachments}</div></div>"
    )


def _attachment(attachment: dict[str, Any]) -> str:
    blocks = "".join(map(_block, attachment["blocks"]))
    return f'<div class=attachment style="border-color:{attachment["color"]}">{blocks}</div>'


def _block(block: dict[str, Any]) -> str:
    if block["type"] == "context":
        text = "".join(_mrkdwn(element["text"]) for element in block["elements"])
        return f'<div class="block context">{text}</div>'
    if block["type"] == "actions":
        return f"<div class=block>{''.join(map(_button, block['elements']))}</div>"
    if "fields" in block:
        fields = "".join(f"<div>{_mrkdwn(field['text'])}</div>" for field in block["fields"])
        return f"<div class=fields>{fields}</div>"
    accessory = _button(block["accessory"]) if "accessory" in block else ""
    text = f"<div class=text>{_mrkdwn(block['text']['text'])}</div>"
    return f'<div class="block row">{text}{accessory}</div>'


def _button(element: dict[str, Any]) -> str:
    if element["type"] == "static_select":
        return f"<span class=button>{escape(element['placeholder']['text'])} ▾</span>"
    style = element.get("style", "plain")
    return f'<span class="button {style}">{escape(element["text"]["text"])}</span>'


def _mrkdwn(text: str) -> str:
    """Slack's mrkdwn as HTML. Its own escapes are those of HTML, so they stay as they are."""
    return "".join(_pieces(text)).replace("\n", "<br>")


def _pieces(text: str) -> Iterator[str]:
    end = 0
    for token in TOKENS.finditer(text):
        yield text[end : token.start()]
        yield _token(token)
        end = token.end()
    yield text[end:]


def _token(token: re.Match[str]) -> str:
    if token["code"]:
        return f"<code>{token['code']}</code>"
    if token["bold"]:
        return f"<b>{token['bold']}</b>"
    if token["italic"]:
        return f"<i>{token['italic']}</i>"
    if token["epoch"]:
        return in_form(datetime.fromtimestamp(int(token["epoch"]), UTC), token["form"])
    return f"<span class=mention>@{escape((token['mention'] or '').lstrip('!@'))}</span>"


def draw(html: str, picture: Path) -> None:
    """Let Chromium measure the page, then photograph all of it."""
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        sys.exit("No Chromium here: apt-get install -y chromium")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "messages.html"
        file.write_text(html, encoding="utf-8")
        common = (browser, *FLAGS, f"--user-data-dir={folder}/profile")
        dom = _run(*common, f"--window-size={WIDTH},400", "--dump-dom", file.as_uri())
        found = re.search(r"<title>(\d+)</title>", dom)
        height = int(found[1]) if found else 2000
        _run(
            *common,
            "--force-device-scale-factor=1.5",
            f"--window-size={WIDTH},{height}",
            f"--screenshot={picture}",
            file.as_uri(),
        )


def _run(*command: str) -> str:
    done = subprocess.run(  # noqa: S603 - the browser that was found, our own page
        command, capture_output=True, text=True, timeout=120, check=True
    )
    return done.stdout


def main() -> None:
    """Draw docs/messages.png and docs/slack-buttons.png."""
    for payloads, picture in ((examples(), PICTURE), (handled(), OF_BUTTONS)):
        draw(page(payloads), picture)
        print(picture)


if __name__ == "__main__":
    main()
