"""`press`: press a button of a message, as Slack would send it, on the server that runs here."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

import click

from chalicelib.alerts.clicks import Action
from chalicelib.alerts.mutes import SPANS
from chalicelib.alerts.outbox import StoredAlert, StoreError
from chalicelib.alerts.post import PostKind
from chalicelib.aws_errors import explained
from chalicelib.bootstrap import open_store
from chalicelib.settings import SettingsError
from chalicelib.slack.terminal import PRESSED, mrkdwn
from cli.pressing import Message, PressError, action, running, send, user_name
from terminal.errors import Said

WORDS = {PRESSED.get(each.value, each.value): each for each in Action}


class _Button(click.Choice[str]):
    """A button by its word, or by its key as the terminal draws it: `a` of `[a] acknowledge`."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        word = next((word for word in WORDS if word[0] == value), value)
        return super().convert(word, param, ctx)


@click.command()
@click.argument("alert_id", metavar="ALERT")
@click.argument("button", type=_Button(list(WORDS)))
@click.argument("span", required=False, type=click.Choice(list(SPANS)))
@click.option("--as", "name", metavar="NAME", help="Who presses it; you, unless it is said.")
@click.option("--url", metavar="URL", help="The server; the one that `run` started, by default.")
def press(alert_id: str, button: str, span: str | None, name: str | None, url: str | None) -> None:
    """Press a button of an alert's message, as Slack would.

    It is signed and goes to the server that `run` started here, or with SLACK_SIGNING_SECRET and
    --url to another. `yes` and `no` answer "was it you?", `end` ends the alert's mute. A button's
    key will do: `a` is acknowledge.

    \b
    Examples:
      .venv/bin/python trailbell.py press \\
        5f2a09c1d3e84b7a96c0f1e2d3a4b5c6 acknowledge
      .venv/bin/python trailbell.py press \\
        5f2a09c1d3e84b7a96c0f1e2d3a4b5c6 mute 1h --as anna
    """
    if (button == "mute") is not bool(span):
        needs = f"one of {', '.join(SPANS)}" if button == "mute" else "nothing"
        raise click.UsageError(f"{button} takes {needs} behind it.")
    try:
        server = running(os.environ, url)
        if not server.secret:
            raise click.UsageError(
                "nothing says what the request is to be signed with. Start `make run` in another "
                "terminal, or set SLACK_SIGNING_SECRET."
            )
        stored = open_store(server.store).archive.get(alert_id)
        if stored is None:
            raise click.UsageError(f"there is no alert {alert_id!r} in {server.store}.")
        body = action(WORDS[button], _value(stored, button, span), _message(stored),
                      name or user_name())  # fmt: skip
        status, words = send(server, "/slack/actions", body, datetime.now(UTC))
    except (SettingsError, StoreError) as error:
        raise Said(explained(error)) from error
    except PressError as error:
        raise Said(f"{error}. Start it with `make run`.") from error
    click.echo(f"{status}: {mrkdwn(words).plain}" if status != 200 else mrkdwn(words).plain)
    sys.exit(0 if status == 200 else 1)


def _message(stored: StoredAlert) -> Message:
    """The message that carries it: the newest that went out."""
    posts = [post for post in stored.posts if post.channel_id and post.ts]
    if not posts:
        raise click.UsageError("no message of that alert went out yet. Try again in a moment.")
    return Message(posts[-1].channel_id or "", posts[-1].ts or "")


def _value(stored: StoredAlert, button: str, span: str | None) -> str:
    """The value that the button has there."""
    alert = stored.alert
    if button == "end":
        if not alert.handling.muted:
            raise click.UsageError("no mute was made from that alert, or it has ended.")
        return alert.handling.muted.mute_id
    digests = [post.alert_ids[0] for post in stored.posts if post.kind is PostKind.DIGEST]
    subject = digests[0] if digests and button in ("acknowledge", "release") else alert.alert_id
    return f"{subject} {span}" if span else subject
