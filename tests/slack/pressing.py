"""Presses buttons as Slack does: those that a message has, signed, answered in three seconds."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from chalice.test import Client, HTTPResponse

from chalicelib.alerts.clicks import Action
from cli.pressing import Message, action, command, headers
from tests.slack.stub import TEAM, Slack, buttons_of

SECRET = "8f742231" + "b10e8888abcd99yyyzzz85a5"
ANSWERED_WITHIN = 3.0


@dataclass
class Presser:
    """Somebody in the workspace, at the buttons of the stub's messages."""

    slack: Slack
    client: Client
    name: str = "anna"
    team: str = TEAM
    answers: list[HTTPResponse] = field(default_factory=list)

    def press(self, action_id: str, option: str = "", *, message: int = -1) -> HTTPResponse:
        """Press that button of a message, of a menu the option whose value ends so."""
        shown = self.messages()[message]
        button = next(each for each in buttons_of(shown[1]) if each["action_id"] == action_id)
        values = [each["value"] for each in button.get("options", ())] or [button["value"]]
        value = next(value for value in values if value.endswith(option))
        return self.send(Action(action_id), value, Message(shown[0], shown[1]["ts"]))

    def send(self, button: Action, value: str, message: Message) -> HTTPResponse:
        """Send what a button with this value sends, whether there is one or not."""
        return self.post(
            "/slack/actions", action(button, value, message, self.name, team=self.team)
        )

    def ask(self, text: str, channel: str) -> str:
        """The words of the answer to `/trailbell`."""
        body = command(text, channel, self.name, team=self.team)
        return str(self.post("/slack/commands", body).json_body["text"])

    def post(
        self, path: str, body: bytes, *, secret: str = SECRET, at: datetime | None = None
    ) -> HTTPResponse:
        """Sign and send it; Slack waits three seconds for the answer."""
        began = time.monotonic()
        signed = headers(secret, body, at or datetime.now(UTC))
        answer = self.client.http.post(path, headers=signed, body=body)
        assert time.monotonic() - began < ANSWERED_WITHIN
        self.answers.append(answer)
        return answer

    def messages(self) -> list[tuple[str, dict[str, Any]]]:
        """What the workspace shows, with the channel of each, the oldest first."""
        shown: Iterable[tuple[str, dict[str, Any]]] = (
            (channel, message)
            for channel, messages in self.slack.channels.items()
            for message in messages
        )
        return sorted(shown, key=lambda each: str(each[1]["ts"]))
