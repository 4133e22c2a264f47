"""What each check of the self-watch answered last, and when: "green" means checked, and so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, ClassVar, NamedTuple, Self

from chalicelib.monitoring.stored import moment, typed
from chalicelib.monitoring.times import passed


class Answered(Enum):
    """It is so; it is not, and something is missed; it works but lacks something; whether it is so
    could not be asked; it is not asked here.
    """

    OK = "ok"
    FAILING = "failing"
    LACKING = "lacking"
    UNKNOWN = "unknown"
    UNASKED = "unasked"


# Until then health says that it is old; after that there is no such check any more.
KEPT_FOR = timedelta(days=7)
# What begins a reason; OK ends it, and the others do neither.
WRONG = frozenset({Answered.FAILING, Answered.LACKING})


class Finding(NamedTuple):
    """What one check comes to now: the check's name, its answer, a sentence."""

    check: str
    answered: Answered
    text: str


def ok(check: str, text: str) -> Finding:
    """It is as it should be."""
    return Finding(check, Answered.OK, text)


def failing(check: str, text: str) -> Finding:
    """Records or alerts may be missing."""
    return Finding(check, Answered.FAILING, text)


def lacking(check: str, text: str) -> Finding:
    """Nothing is missing, and something would be better otherwise."""
    return Finding(check, Answered.LACKING, text)


def unknown(check: str, why: object) -> Finding:
    """Nobody knows; `why` names what was refused."""
    return Finding(check, Answered.UNKNOWN, str(why))


def unasked(check: str, why: str) -> Finding:
    """There is nothing to ask here, and why."""
    return Finding(check, Answered.UNASKED, why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A finding, and when it was made."""

    check: str
    answered: Answered
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Each check with its last answer; `at` is when it was last asked at all.

    A check that the last round did not come to keeps the answer of an earlier one, for a week.
    """

    KEY: ClassVar[str] = "coverage"

    at: datetime
    answers: tuple[Answer, ...] = ()

    def with_findings(self, findings: Iterable[Finding], now: datetime) -> Coverage:
        """The same with what was found now in the place of the last answer of each check."""
        lately = (each for each in self.answers if not passed(each.at, now, KEPT_FOR))
        kept = {answer.check: answer for answer in lately}
        for check, answered, text in findings:
            kept[check] = Answer(check=check, answered=answered, at=now, text=text)
        return replace(self, at=now, answers=tuple(kept.values()))

    def as_json(self) -> dict[str, Any]:
        return {"at": self.at.isoformat(), "answers": shown(self)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        answers = typed(stored["answers"], dict)
        return cls(
            at=moment(stored["at"]),
            answers=tuple(_answer(check, answer) for check, answer in answers.items()),
        )


def shown(coverage: Coverage | None) -> dict[str, dict[str, str]]:
    """Each check's last answer, as the note keeps it and as the API shows it."""
    return {
        answer.check: {
            "answered": answer.answered.value,
            "at": answer.at.isoformat(),
            "text": answer.text,
        }
        for answer in (coverage.answers if coverage else ())
    }


def _answer(check: str, stored: object) -> Answer:
    answer = typed(stored, dict)
    return Answer(
        check=check,
        answered=Answered(answer["answered"]),
        at=moment(answer["at"]),
        text=typed(answer["text"], str),
    )
