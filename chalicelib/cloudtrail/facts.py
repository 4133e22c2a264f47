"""Facts: what a record means, each part worked out once and only when somebody asks.

Rules, sentence, severity, repeat key, digest, search and page all read these; none of them judges
a record by code of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from chalicelib.cloudtrail.actor import Actor
from chalicelib.cloudtrail.exposure import Grant, exposed_of, opens_of
from chalicelib.cloudtrail.fields import values_at
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.rights import gives_of
from chalicelib.cloudtrail.switches import switches_off_of
from chalicelib.cloudtrail.targets import second_parties, targets
from chalicelib.cloudtrail.verdict import outcome_of
from chalicelib.cloudtrail.via import agent_of

T = TypeVar("T")


class _Once(Generic[T]):
    """A property that is worked out when it is first asked for. functools has one that takes a lock
    before Python 3.12, which costs as much as a fact.
    """

    def __init__(self, work: Callable[[Any], T]) -> None:
        self._work = work

    def __get__(self, facts: Any, owner: object = None) -> T:
        value = facts.__dict__[self._work.__name__] = self._work(facts)
        return value


class Facts:
    """What one record means (pure; any JSON value at any place of it gives facts).

    `record` is the record as it may be shown, `whole` the same before it was redacted, where it
    was: what came of a call may be told under a key that sounds like a secret's.
    """

    def __init__(self, record: Record, whole: Facts | None = None) -> None:
        self.record = record
        self._whole = whole

    @classmethod
    def of(cls, record: Record, whole: Record | None = None) -> Facts:
        """The facts of a record, which keeps them for all who ask."""
        if not isinstance(record.facts, cls):
            record.facts = cls(record, cls.of(whole) if whole else None)
        return record.facts

    @_Once
    def outcome(self) -> Outcome:
        """What came of it."""
        return self._whole.outcome if self._whole else outcome_of(self.record).outcome

    @_Once
    def reason(self) -> str:
        """Why it did not work, in AWS's own word; "" where it did or nothing is said."""
        succeeded = self.outcome is Outcome.SUCCEEDED
        return "" if succeeded else outcome_of(self.record).reason

    @_Once
    def actor(self) -> Actor:
        """Who did it."""
        return Actor.of(self.record)

    @_Once
    def targets(self) -> tuple[str, ...]:
        """The names of what it was done to, the likeliest first; () where nothing is named."""
        return targets(self.record)

    @_Once
    def second_parties(self) -> tuple[str, ...]:
        """Whom or what it was given to, taken from or moved to."""
        return second_parties(self.record)

    @property
    def commands(self) -> list[str]:
        """What containers are told to run, each word a text."""
        return [text for path in COMMANDS for text in values_at(self.record, path)]

    @property
    def opens(self) -> tuple[Grant, ...]:
        """What it opens, to whom; of a call that did not work, what it would have opened."""
        return opens_of(self.record)

    @property
    def exposed(self) -> tuple[str, ...]:
        """The same, one flat text a grant: "everyone admin-port"."""
        return exposed_of(self.opens)

    @_Once
    def switches_off(self) -> tuple[str, ...]:
        """Protections and recordings that it turns off or narrows."""
        return switches_off_of(self.record)

    @property
    def gives(self) -> tuple[str, ...]:
        """What rights a policy of IAM or of a permission set gives."""
        return gives_of(self.record)


# Where container services are told what to run. Source: API references of ECS and Batch.
COMMANDS = (
    "containerDefinitions.command",
    "containerDefinitions.entryPoint",
    "overrides.containerOverrides.command",
    "containerProperties.command",
    "containerOverrides.command",
    "ecsPropertiesOverride.taskProperties.containers.command",
)


def _yes(value: bool | None) -> str:
    return "" if value is None else str(value).lower()


# Those that are arrays: a condition on any of their texts ends with [*].
LISTS = ("targets", "second_parties", "commands", "exposed", "switches_off", "gives")
# The fields of `$.facts`: texts, "true" and "false" where they answer yes or no.
FIELDS: dict[str, Callable[[Facts], str | list[str]]] = {
    "outcome": lambda facts: facts.outcome.value,
    "reason": lambda facts: facts.reason,
    "actor": lambda facts: facts.actor.name,
    "actor_kind": lambda facts: facts.actor.kind,
    "actor_account": lambda facts: facts.actor.account_id,
    "principal": lambda facts: facts.actor.principal,
    "session": lambda facts: facts.actor.session,
    "person": lambda facts: _yes(facts.actor.is_person),
    "mfa": lambda facts: _yes(facts.actor.mfa),
    "agent": lambda facts: agent_of(facts.record),
    "targets": lambda facts: list(facts.targets),
    "second_parties": lambda facts: list(facts.second_parties),
    "commands": lambda facts: list(facts.commands),
    "exposed": lambda facts: list(facts.exposed),
    "switches_off": lambda facts: list(facts.switches_off),
    "gives": lambda facts: list(facts.gives),
}
