"""A record in words: all that an alert says of it, without secrets and fit to be read.

Loaded when a record alerts, not before.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from chalicelib.cloudtrail.accounts import called, with_names
from chalicelib.cloudtrail.facts import Facts
from chalicelib.cloudtrail.identity import object_in, text
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.redaction import redact
from chalicelib.cloudtrail.sentence import sentence
from chalicelib.cloudtrail.texts import one_line
from chalicelib.cloudtrail.via import via

# How long the texts may be: the sentence, what AWS or the caller wrote, and anything else.
SENTENCE, MESSAGE, NAME = 400, 1000, 256


class Description(NamedTuple):
    """What a record says, in the words and fields of an alert.

    `outcome` is what came of it. `actor` is what the actor is called, `actor_detail` what stands
    behind the name, `targets` what the record was about, the likeliest first. `record` is the
    redacted CloudTrail record, `facts` are its facts; the rest was taken from these, but for
    `alert_id`, `own_id` and `event_time` (aware UTC, None where unreadable). `accounts` names
    accounts by number. Every text is one line without control characters, the last character being
    … where it was cut.
    """

    alert_id: str
    own_id: str
    outcome: Outcome
    event_id: str
    event_name: str
    event_source: str
    event_time: datetime | None
    account_id: str
    account_name: str
    aws_region: str
    actor: str
    actor_type: str
    actor_id: str
    actor_detail: str
    principal: str
    mfa: bool | None
    via: str
    source_ip: str
    user_agent: str
    error_code: str
    read_only: bool | None
    targets: tuple[str, ...]
    access_key: str
    session_began: str
    record: dict[str, Any]
    facts: Facts
    accounts: Mapping[str, str]

    def in_words(self) -> tuple[str, str]:
        """Who did what to what; and why it did not work, in AWS's or the caller's words, "" where
        it did or none are told. Both are long to make, and only an alert says them.
        """
        facts = self.facts
        said = one_line(with_names(sentence(facts), self.accounts), SENTENCE)
        return said, one_line(facts.record.error_message or facts.reason, MESSAGE)


def describe(record: Record, accounts: Mapping[str, str]) -> Description:
    """The record in words; `accounts` names accounts by number."""
    safe = Record(redact(record.raw))
    facts = Facts.of(safe, record)
    actor, account_id = facts.actor, safe.account_id
    return Description(
        alert_id=record.alert_id,
        own_id=record.own_id(actor.principal),
        outcome=facts.outcome,
        event_id=one_line(safe.event_id, NAME),
        event_name=one_line(safe.event_name, NAME),
        event_source=one_line(safe.event_source, NAME),
        event_time=record.event_time,
        account_id=one_line(account_id, NAME),
        account_name=one_line(accounts.get(account_id, ""), NAME),
        aws_region=one_line(safe.aws_region, NAME),
        actor=one_line(called(actor.name, accounts), NAME),
        actor_type=one_line(actor.kind, NAME),
        actor_id=one_line(actor.id, NAME),
        actor_detail=one_line(actor.detail, NAME),
        principal=one_line(actor.principal, NAME),
        mfa=actor.mfa,
        via=one_line(via(safe), NAME),
        source_ip=one_line(safe.source_ip, NAME),
        user_agent=one_line(safe.user_agent, MESSAGE),
        error_code=one_line(safe.error_code, NAME),
        read_only=safe.read_only,
        targets=tuple(one_line(name, NAME) for name in (*facts.targets, *facts.second_parties)),
        access_key=_access_key(safe),
        session_began=_session_began(safe),
        record=safe.raw,
        facts=facts,
        accounts=accounts,
    )


def _access_key(safe: Record) -> str:
    """The id of the key that signed the call, as it may be shown."""
    return one_line(text(safe.user_identity.get("accessKeyId")), NAME)


def _session_began(safe: Record) -> str:
    """When the session of temporary credentials began, as CloudTrail writes it."""
    context = object_in(safe.user_identity.get("sessionContext"))
    return one_line(text(object_in(context.get("attributes")).get("creationDate")), NAME)
