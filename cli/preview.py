"""`make preview`: ten Slack messages as pictures in docs/, light, dark and as wide as a phone, by
headless Chromium.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

from chalicelib.alerts.handling import Handling
from chalicelib.slack.message import Look, single
from chalicelib.slack.terminal import TOKENS, in_form
from cli.message_kinds import ANNA, CHANNEL, END, kinds, sample
from cli.palette import with_palette
from terminal.errors import of_the_system

DOCS = Path(__file__).parent.parent / "docs"
AN_ALERT = "AuthorizeSecurityGroupIngress"
# The kinds that are drawn, of all that there are.
TEN = 10
WIDE, WIDTH, PHONE = 1240, 760, 390
LOOK = Look(public_url="https://trailbell.example.com/")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NO_BROWSER = (
    "The messages cannot be drawn: no Chromium is on the PATH. Install one "
    "(Debian: `apt-get install -y chromium`; macOS: `brew install --cask chromium`), then "
    "`make preview` again."
)
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
:root { --back: #fff; --text: #1d1c1d; --grey: #616061; --line: #bbb; --chip: #ececec;
        --code: #c01343; --code-back: #f6f6f6; --code-line: #ddd; --link: #1264a3;
        --called: #fdf1cf }
.dark { --back: #1a1d21; --text: #d1d2d3; --grey: #ababad; --line: #565856; --chip: #35373b;
        --code: #e8912d; --code-back: #232529; --code-line: #3b3d41; --link: #1d9bd1;
        --called: #4a3c16 }
* { box-sizing: border-box; margin: 0 }
body { padding: 10px 18px; background: var(--back); color: var(--text);
       font: 15px/1.46668 Lato, "Noto Sans", "DejaVu Sans", sans-serif; }
.message { display: flex; gap: 10px; padding: 8px 0; }
.bell { flex: 0 0 36px; height: 36px; border-radius: 6px; background: #2c3e50; color: #fff;
        font: 700 20px/36px sans-serif; text-align: center; }
.body { flex: 1; min-width: 0; overflow-wrap: anywhere; }
.name { font-weight: 900 } .app { font-size: 10px; font-weight: 700; background: var(--chip);
        color: var(--grey); border-radius: 2px; padding: 1px 3px; margin: 0 5px; }
.time { font-size: 12px; color: var(--grey) }
.attachment { border-left: 4px solid; border-radius: 3px; padding: 2px 0 2px 12px; margin-top: 4px }
.block { margin: 4px 0; } .row { display: flex; gap: 16px; align-items: flex-start }
.row > .text { flex: 1; min-width: 0 }
.fields { display: grid; grid-template-columns: 1fr 1fr; gap: 8px 16px; margin: 8px 0 }
.context { font-size: 13px; color: var(--grey) }
.button { display: inline-block; border: 1px solid var(--line); border-radius: 4px;
          padding: 3px 12px; font-size: 13px; font-weight: 700; margin: 3px 8px 3px 0;
          white-space: nowrap }
.primary { background: #007a5a; border-color: #007a5a; color: #fff }
.danger { background: #e01e5a; border-color: #e01e5a; color: #fff }
code { font: 12px/1.5 Menlo, "DejaVu Sans Mono", monospace; background: var(--code-back);
       color: var(--code); border: 1px solid var(--code-line); border-radius: 3px;
       padding: 2px 3px 1px; }
.mention { background: var(--called); color: var(--link); border-radius: 3px; padding: 0 2px }
b { font-weight: 900 }
@media (min-width: 1000px) {
  body { columns: 2; column-gap: 28px } .message { break-inside: avoid }
}
@media (max-width: 500px) {
  body { padding: 6px 10px } .fields { grid-template-columns: 1fr; gap: 4px }
}
"""


def page(payloads: list[dict[str, Any]], dark: bool = False) -> str:
    """An HTML page that shows the messages as Slack would, in its light or its dark theme."""
    messages = "".join(map(_message, payloads))
    script = "document.title = document.documentElement.scrollHeight"
    return (
        f"<!doctype html><meta charset=utf-8><title></title><style>{STYLE}</style>"
        f"<body class={'dark' if dark else 'light'}>{messages}<script>{script}</script>"
    )


def examples() -> list[dict[str, Any]]:
    """Ten messages: each layout, told of the sample trail by the default rules."""
    return list(kinds(LOOK).values())[:TEN]


def handled() -> list[dict[str, Any]]:
    """A message before a click, and after it."""
    before = next(alert for alert in sample() if alert.event_name == AN_ALERT)
    owner = Handling(owner=ANNA, since=END)
    look = replace(LOOK, buttons=True)
    return [
        single(alert, channel=CHANNEL, post_id="p", look=look)
        for alert in (before, replace(before, handling=owner))
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


def draw(html: str, picture: Path, width: int = WIDTH) -> None:
    """Let Chromium measure the page, then photograph all of it."""
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        sys.exit(NO_BROWSER)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "messages.html"
        # Chromium measures no window narrower than 500 pixels: the page itself has to be.
        narrow = f"<style>body {{ box-sizing: border-box; max-width: {width}px }}</style><body"
        file.write_text(html.replace("<body", narrow, 1), encoding="utf-8")
        common = (browser, *FLAGS, f"--user-data-dir={folder}/profile")
        dom = _run(*common, f"--window-size={width},400", "--dump-dom", file.as_uri())
        found = re.search(r"<title>(\d+)</title>", dom)
        height = int(found[1]) if found else 2000
        _run(
            *common,
            "--force-device-scale-factor=1",
            f"--window-size={width},{height}",
            f"--screenshot={folder}/{picture.name}",
            file.as_uri(),
        )
        try:
            picture.write_bytes(with_palette((Path(folder) / picture.name).read_bytes()))
        except OSError as error:
            sys.exit(f"preview: {of_the_system(error)}")


def _run(*command: str) -> str:
    done = subprocess.run(  # noqa: S603 - the browser that was found, our own page
        command, capture_output=True, text=True, timeout=120, check=True
    )
    return done.stdout


def main() -> None:
    """Draw docs/messages.png, its dark and its narrow like, and docs/slack-buttons.png."""
    shown = (
        ("messages.png", page(examples()), WIDE),
        ("messages-dark.png", page(examples(), dark=True), WIDE),
        ("messages-phone.png", page(examples()[:5]), PHONE),
        ("slack-buttons.png", page(handled()), WIDTH),
    )
    for name, html, width in shown:
        draw(html, DOCS / name, width)
        print(DOCS / name)


if __name__ == "__main__":
    main()
