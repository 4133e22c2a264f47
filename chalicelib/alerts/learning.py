"""Learning: what a new_terms rule knows of what is usual, before it tells what is new."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.alerts.claims import LASTING, texts_at
from chalicelib.alerts.members import memory_of
from chalicelib.alerts.memory import Memory, Place
from chalicelib.rules.rule import Rule

_BEGAN, _LEARNED = "began ", "learned"
TENTH = 10  # of its history has to go by


def is_learning(rule: Rule, memory: Memory, now: datetime) -> bool:
    """Whether the rule does not know yet what is usual. The first who asks begins it."""
    while True:
        said = texts_at(memory, _place(rule))
        if _LEARNED in said:
            return False
        began = [int(text.removeprefix(_BEGAN)) for text in said if text.startswith(_BEGAN)]
        if began:
            return int(now.timestamp()) < min(began) + learning_seconds(rule)
        _swap(rule, memory, said, f"{_BEGAN}{int(now.timestamp())}", now)


def end_learning(rule: Rule, memory: Memory, now: datetime) -> None:
    """From now on the rule tells what is new."""
    while True:
        said = texts_at(memory, _place(rule))
        if _LEARNED in said or _swap(rule, memory, said, _LEARNED, now):
            return


def learning_seconds(rule: Rule) -> int:
    """How long a rule learns that nobody taught."""
    history = timedelta(days=rule.correlation.history if rule.correlation else 0)
    return int(history.total_seconds()) // TENTH


def _swap(rule: Rule, memory: Memory, said: frozenset[str], text: str, now: datetime) -> bool:
    return memory.swap(_place(rule), said, said | {text}, now + LASTING)


def _place(rule: Rule) -> Place:
    return Place(f"{memory_of(rule)}.state", 0)
