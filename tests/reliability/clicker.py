"""A process that makes clicks at once until it is killed. Not a test by itself.

    python -m tests.reliability.clicker '{"store": …, "answers": …, "clicks": [[…], …]}'

A click is answered by a file of its number in `answers`, which says what came of it: one that was
cut off before is made again, as the very same request.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chalicelib.alerts.clicks import Action, Click
from chalicelib.alerts.handling import Person
from chalicelib.bootstrap import open_store
from chalicelib.stores.store import Store
from chalicelib.usecases.handle import handle

THREADS = 20


@dataclass(frozen=True, slots=True)
class Clicked:
    """The parts that a click needs."""

    store: Store


def main() -> None:
    job = json.loads(sys.argv[1])
    parts: Any = Clicked(open_store(job["store"]))
    answers = Path(job["answers"])
    left = [each for each in job["clicks"] if not (answers / str(each["number"])).exists()]

    def click(each: dict[str, Any]) -> None:
        done = handle(
            Click(
                action=Action.ACKNOWLEDGE,
                subject=each["alert"],
                person=Person(id=each["user"], name=each["user"].lower()),
                at=datetime.fromtimestamp(each["at"], UTC),
                key=f"key-{each['number']}",
                channel_id=each["channel_id"],
                ts=each["ts"],
            ),
            parts,
        )
        written = answers.parent / f"answer-{each['number']}"
        written.write_text(done.reply.value)
        written.rename(answers / str(each["number"]))  # whole, or not at all

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(click, left))


if __name__ == "__main__":
    main()
