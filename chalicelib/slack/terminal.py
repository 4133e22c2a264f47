"""Draws a Slack message in a terminal, as faithfully as one can: for people without a token.

Needs rich, which does not ship to Lambda: it is imported when something is drawn.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import StringIO
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
    from rich.text import Text

BAR = "▌"
# Two columns of fields need this much.
TWO_COLUMNS = 72
# What mrkdwn means; whatever else is in a text is drawn as it stands.
TOKENS = re.compile(
    r"`(?P<code>[^`\n]+)`|(?<![\w*])\*(?P<bold>[^*\n]+)\*(?![\w*])|(?<!\w)_(?P<italic>[^_\n]+)_(?!\w)"
    r"|<!date\^(?P<epoch>-?\d+)\^(?P<form>[^|>]*)\|(?P<fallback>[^>]*)>|<(?P<mention>[!@][^>]+)>"
)
# What `trailbell.py press` calls each button.
PRESSED = {"was_it_you:yes": "yes", "was_it_you:no": "no", "mute_end": "end"}
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def draw(payload: dict[str, Any], console: Console | None = None) -> None:
    """Draw a chat.postMessage payload on the console (standard output by default)."""
    from rich.console import Console, Group
    from rich.text import Text

    console = console or Console(highlight=False)
    name = payload.get("username") or "Trailbell"
    head = Text.assemble((CONTROL.sub("", str(name)), "bold"), (f"  {payload['channel']}", "dim"))
    drawn = [_Barred(_attachment(item), _colour(item)) for item in payload.get("attachments", [])]
    own = [_block(block) for block in payload.get("blocks", [])]
    console.print(Group(head, mrkdwn(payload["text"]), *own, *drawn, Text("")))


def drawn(payload: dict[str, Any], *, width: int | None = None, colour: bool = False) -> str:
    """The same as text; with `colour` in the terminal's control sequences."""
    from rich.console import Console

    out = StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=colour,
        no_color=not colour,
        color_system="truecolor" if colour else None,
        highlight=False,
        legacy_windows=False,
    )
    draw(payload, console)
    return out.getvalue()


def has_colours(screen: TextIO) -> bool:
    """Whether it is a terminal, and neither NO_COLOR nor TERM=dumb asks for none."""
    if not screen.isatty():
        return False
    from rich.console import Console

    console = Console(file=screen)
    return console.color_system is not None and not console.no_color


def mrkdwn(text: str) -> Text:
    """Slack's mrkdwn as styled text: bold, italic, code, dates in this machine's zone."""
    from rich.text import Text

    styled = Text()
    end = 0
    for token in TOKENS.finditer(text):
        styled.append(_unescaped(text[end : token.start()]))
        styled.append_text(_token(token))
        end = token.end()
    styled.append(_unescaped(text[end:]))
    return styled


class _Barred:
    """Something with a bar in its colour down the left side."""

    def __init__(self, inner: RenderableType, colour: str) -> None:
        self._inner = inner
        self._colour = colour

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        from rich.segment import Segment
        from rich.style import Style

        bar = Segment(f"{BAR} ", Style(color=self._colour))
        width = max(options.max_width - 2, 10)
        for line in console.render_lines(self._inner, options.update(width=width), pad=False):
            yield bar
            yield from line
            yield Segment.line()


def _attachment(attachment: dict[str, Any]) -> RenderableType:
    from rich.console import Group

    return Group(*(_block(block) for block in attachment.get("blocks", [])))


def _block(block: dict[str, Any]) -> RenderableType:
    from rich.console import Group
    from rich.rule import Rule
    from rich.text import Text

    kind = block["type"]
    if kind == "divider":
        return Rule(style="dim")
    if kind == "context":
        text = Text("  ").join(_words(element) for element in block["elements"])
        text.stylize("dim")
        return text
    if kind == "actions":
        links = [element for element in block["elements"] if "url" in element]
        acting = [element for element in block["elements"] if "url" not in element]
        return Group(*_acting(acting), *([_Buttons(links)] if links else []))
    if kind == "header":
        return Text(_unescaped(block["text"]["text"]), "bold")
    pieces: list[RenderableType] = [_words(block["text"])] if "text" in block else []
    if "fields" in block:
        pieces.append(_Fields([_words(field) for field in block["fields"]]))
    if "accessory" in block:
        pieces.append(_Buttons([block["accessory"]]))
    return Group(*pieces)


class _Fields:
    """A section's fields: two columns where there is room, as in Slack."""

    def __init__(self, fields: list[Text]) -> None:
        self._fields = fields

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        from rich.table import Table

        columns = 2 if options.max_width >= TWO_COLUMNS else 1
        grid = Table.grid(padding=(0, 2), expand=columns == 2)
        for _ in range(columns):
            grid.add_column(ratio=1, overflow="fold")
        for start in range(0, len(self._fields), columns):
            grid.add_row(*self._fields[start : start + columns])
        yield grid


class _Buttons:
    """Buttons in a row, clickable; where the output is no terminal, each with its address."""

    def __init__(self, elements: list[dict[str, Any]]) -> None:
        self._links = [
            (f"[ {_unescaped(element['text']['text'])} ]", str(element.get("url", "")))
            for element in elements
        ]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        from rich.style import Style
        from rich.text import Text

        clickable = console.is_terminal
        for label, url in self._links if not clickable else ():
            yield Text.assemble(label, " ", (url, "dim"))
        if clickable:
            row = [Text(label, Style(bold=True, link=url or None)) for label, url in self._links]
            yield Text("  ").join(row)


def _acting(elements: list[dict[str, Any]]) -> list[RenderableType]:
    """The buttons that act, as keys and words, and the command that presses the first: by its key,
    since with the whole word it would be broken in two at 80 columns and could not be copied.
    """
    from rich.text import Text

    drawn = [key_of(element) for element in elements]
    if not drawn:
        return []
    labels = Text("  ").join(Text(f"[{key}] {words}", "bold") for key, words, _ in drawn)
    key, words, subject = drawn[0]
    span = words.partition(" ")[2].partition("|")[0]
    command = f".venv/bin/python trailbell.py press {subject} {key} {span}".rstrip()
    return [labels, Text(command, "dim")]


def key_of(element: dict[str, Any]) -> tuple[str, str, str]:
    """Of a button that acts its key, its words as `press` takes them, and whose it is."""
    action = str(element["action_id"])
    words = PRESSED.get(action, action)
    values = [option["value"] for option in element.get("options", ())] or [element["value"]]
    subject = str(values[0]).partition(" ")[0]
    spans = "|".join(str(value).partition(" ")[2] for value in values)
    return words[0], f"{words} {spans}".rstrip(), subject


def _words(element: dict[str, Any]) -> Text:
    from rich.text import Text

    if element["type"] == "plain_text":
        return Text(_unescaped(element["text"]))
    return mrkdwn(element["text"])


def _token(token: re.Match[str]) -> Text:
    from rich.text import Text

    if token["code"]:
        return Text(_unescaped(token["code"]), "bold cyan")
    if token["bold"]:
        inner = mrkdwn(token["bold"])
        inner.stylize("bold")
        return inner
    if token["italic"]:
        return Text(_unescaped(token["italic"]), "italic")
    if token["epoch"]:
        return Text(_local(int(token["epoch"]), token["form"], token["fallback"]))
    name = (token["mention"] or "").lstrip("!@").removeprefix("subteam^")
    return Text(f"@{name}", "bold yellow")


def in_form(time: datetime, form: str) -> str:
    """A time as one of the forms of ours has it: with the day, with the second, or neither."""
    clock = f"{time:%H:%M:%S}" if "time_secs" in form else f"{time:%H:%M}"
    return f"{time:%b} {time.day}, {time:%Y} {clock}" if "date" in form else clock


def _local(epoch: int, form: str, fallback: str) -> str:
    try:
        time = datetime.fromtimestamp(epoch, UTC).astimezone()
    except (OverflowError, OSError, ValueError):
        return fallback
    return in_form(time, form)


def _unescaped(text: str) -> str:
    text = CONTROL.sub("", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _colour(attachment: dict[str, Any]) -> str:
    colour = str(attachment.get("color", ""))
    return colour if re.fullmatch(r"#[0-9a-fA-F]{6}", colour) else "#8a94a0"
