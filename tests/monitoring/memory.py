"""Notes and alerts in memory, as JSON text, so that a test sees what a store would write."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.outbox import StoredAlert


class Memory:
    """What was written, in its order: `written` the notes, `alerts` the alerts."""

    def __init__(self, **stored: Any) -> None:
        self.texts = {key: json.dumps(value) for key, value in stored.items()}
        self.written: list[tuple[str, str]] = []
        self.alerts: list[Alert] = []

    def note(self, key: str, value: dict[str, Any]) -> None:
        self.texts[key] = json.dumps(value)
        self.written.append((key, self.texts[key]))

    def noted(self, key: str) -> dict[str, Any] | None:
        note: dict[str, Any] | None = json.loads(self.texts[key]) if key in self.texts else None
        return note

    def add(self, stored: Sequence[StoredAlert], now: datetime) -> set[str]:
        self.alerts += [each.alert for each in stored]
        return {each.alert.alert_id for each in stored}
