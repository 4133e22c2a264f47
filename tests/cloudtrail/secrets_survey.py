"""Both counts of redaction: secrets that survive it, and harmless texts that it touches.

`python -m tests.cloudtrail.secrets_survey` prints them, with what survived and what was touched.
"""

from __future__ import annotations

import json

from chalicelib.cloudtrail.redaction import redact
from tests.cloudtrail.sensitive_members import judged, sensitive_members
from tests.events import cloudtrail
from tests.harmless_texts import harmless_texts
from tests.secret_places import PLACES, kinds, planted

HARMLESS = 5_000


def survivors() -> list[str]:
    """The kinds and places of the secrets that are found again in a redacted record."""
    return [
        f"{plant.kind.label} in {plant.place}"
        for plant in planted(cloudtrail())
        if plant.survives(json.dumps(redact(plant.record), ensure_ascii=False))
    ]


def touched() -> list[tuple[str, str]]:
    """Harmless texts that do not come out as they went in, with what comes out."""
    pairs = ((text, redact({"text": text})["text"]) for text in harmless_texts(HARMLESS))
    return [(text, after) for text, after in pairs if text != after]


def main() -> None:
    """Print what there is to see."""
    plantings = sum(1 for _ in planted(cloudtrail()))
    left, changed = survivors(), touched()
    print(f"{len(kinds())} kinds of secrets in {len(PLACES)} places: {plantings} plantings, "  # noqa: T201
          f"{len(left)} survive")  # fmt: skip
    print(*left, sep="\n")  # noqa: T201
    print(f"{HARMLESS} harmless texts: {len(changed)} touched")  # noqa: T201
    for text, after in changed:
        print(f"  {text}\n    {after}")  # noqa: T201
    known = [judged(member) for member in sensitive_members()]
    out = sum(reason.startswith("left out") for reason in known)
    print(f"{len(known)} sensitive members of AWS's models: {len(known) - out} hidden, "  # noqa: T201
          f"{out} left out, {known.count('')} not judged")  # fmt: skip


if __name__ == "__main__":
    main()
