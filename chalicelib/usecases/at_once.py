"""What a click has done at once, after its answer: the message updated, a person told something.

In Lambda that is an asynchronous invocation of the sweep, which tries again by itself; on one
machine a thread. Where neither comes, the sweep of the next minute does it.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from chalicelib import aws
from chalicelib.alerts.outbox import StoreError
from chalicelib.parameters import SecretError
from chalicelib.rules.place import RulesError
from chalicelib.slack.whisper import Whisper
from chalicelib.usecases.asking import asking_slack

if TYPE_CHECKING:
    from chalicelib.usecases.parts import Answering, Parts

SWEEP_SECONDS = 65.0
WHISPER_SECONDS = 5.0


class Turn:
    """One sweep after the other in this process, and one more for all that comes meanwhile."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running = False
        self._again = False

    def take(self, sweep: Callable[[], Any]) -> None:
        """Sweep, unless that is being done: then once more after it."""
        with self._lock:
            self._again = True
            if self._running:
                return
            self._running = True
        try:
            while self._goes_on():
                sweep()
        except BaseException:
            with self._lock:
                self._running = False
            raise

    def _goes_on(self) -> bool:
        with self._lock:
            self._running, self._again = self._again, False
            return self._running


TURN = Turn()


def at_once(parts: Answering, said: Whisper | None, *, sweeps: bool = True) -> None:
    """Have it done; returns before it is."""
    deployment = parts.settings.deployment
    if deployment is None:
        arguments = (parts, said, sweeps and not parts.settings.swept)
        threading.Thread(target=_here, args=arguments, name="at once", daemon=True).start()
        return
    _invoke(parts, f"{deployment}-sweep", said)


def whisper(parts: Parts, said: Whisper) -> None:
    """Tell it the one person, tried once: what is lost is only an answer. Raises SecretError."""
    ask = asking_slack(parts, WHISPER_SECONDS)
    if ask and ask("chat.postEphemeral", said.arguments()) is None:
        parts.log.say("not whispered")


def whispered_by(detail: Any) -> Whisper | None:
    """What the event that _invoke sent says is to be told."""
    return Whisper.from_json(detail.get("whisper")) if isinstance(detail, dict) else None


def _here(parts: Answering, said: Whisper | None, sweeps: bool) -> None:
    end = time.monotonic() + SWEEP_SECONDS
    try:
        if said:
            whisper(parts, said)
        if sweeps:
            TURN.take(lambda: parts.sweep(lambda: (end - time.monotonic()) * 1000))
    except (StoreError, RulesError, SecretError) as error:
        parts.log.say("not swept at once", reason=type(error).__name__)


def _invoke(parts: Answering, function: str, said: Whisper | None) -> None:
    """As EventBridge would, which the handler knows. What fails is only logged."""
    from botocore.exceptions import BotoCoreError, ClientError

    event = {
        "version": "0",
        "id": "",
        "detail-type": "Click",
        "source": "trailbell",
        "account": "",
        "time": parts.now().isoformat(),
        "region": "",
        "resources": [],
        "detail": {"whisper": said.as_json()} if said else {},
    }
    try:
        aws.client("lambda", ONCE).invoke(
            FunctionName=function, InvocationType="Event", Payload=json.dumps(event).encode()
        )
    except ClientError as error:
        parts.log.say("not swept at once", reason=aws.code_of(error))
    except BotoCoreError as error:
        parts.log.say("not swept at once", reason=type(error).__name__)


# The answer waits for it: one short try.
ONCE = aws.Patience(connect=1, read=1, attempts=1)
