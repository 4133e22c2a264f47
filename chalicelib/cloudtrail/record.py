"""Record: a typed, read-only view of one CloudTrail record, which keeps its text."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from chalicelib.ingest.json_text import JSONTextError, loads
from chalicelib.ingest.recognition import is_record, kind_of, kind_of_text


class RecordError(ValueError):
    """A text that is not one CloudTrail record; says what it is instead, never its content."""


class Record:
    """One CloudTrail record. Every property tolerates what real trails hold: absent, null, odd.

    `raw` is the JSON object as parsed; `text` its source text where there is one (the filter
    pattern language compares numbers by it). Strings that are absent are "". `facts` is
    where `Facts.of` keeps what was worked out of it.
    Source of the field names: the CloudTrail user guide, "CloudTrail record contents".
    """

    __slots__ = ("facts", "raw", "text")

    def __init__(self, raw: dict[str, Any], text: str | None = None) -> None:
        self.raw = raw
        self.text = text
        self.facts: object = None

    @classmethod
    def parse(cls, text: str) -> Record:
        """Read a JSON object from its text, or raise RecordError. `of` asks what it is."""
        try:
            raw = loads(text)
        except JSONTextError as error:
            raise RecordError(kind_of_text(text) or str(error)) from error
        if not isinstance(raw, dict):
            raise RecordError(f"expected a JSON object, found {_kind(raw)}")
        return cls(raw, text)

    @classmethod
    def of(cls, body: str | dict[str, Any]) -> Record:
        """The CloudTrail record of a JSON text, or of the object where no text was kept.

        Raises RecordError, also for JSON that is none: it says what it is instead.
        """
        record = cls.parse(body) if isinstance(body, str) else cls(body)
        if not is_record(record.raw):
            raise RecordError(kind_of(record.raw))
        return record

    @property
    def event_id(self) -> str:
        return _text(self.raw.get("eventID"))

    @property
    def event_name(self) -> str:
        return _text(self.raw.get("eventName"))

    @property
    def event_source(self) -> str:
        return _text(self.raw.get("eventSource"))

    @property
    def event_type(self) -> str:
        return _text(self.raw.get("eventType"))

    @property
    def aws_region(self) -> str:
        return _text(self.raw.get("awsRegion"))

    @property
    def source_ip(self) -> str:
        return _text(self.raw.get("sourceIPAddress"))

    @property
    def user_agent(self) -> str:
        """A list in some records: its entries, joined by a blank."""
        agent = self.raw.get("userAgent")
        return " ".join(map(_text, agent)) if isinstance(agent, list) else _text(agent)

    @property
    def error_code(self) -> str:
        return _text(self.raw.get("errorCode"))

    @property
    def error_message(self) -> str:
        return _text(self.raw.get("errorMessage"))

    @property
    def recipient_account_id(self) -> str:
        return _text(self.raw.get("recipientAccountId"))

    @property
    def account_id(self) -> str:
        """The account that the record is about: recipientAccountId, else the caller's."""
        own = _text(self.user_identity.get("accountId"))
        return self.recipient_account_id or ("" if own[:9].lower() == "anonymous" else own)

    @property
    def user_identity(self) -> dict[str, Any]:
        return self.section("userIdentity")

    @property
    def request(self) -> dict[str, Any]:
        return self.section("requestParameters")

    @property
    def response(self) -> dict[str, Any]:
        return self.section("responseElements")

    @property
    def additional(self) -> dict[str, Any]:
        return self.section("additionalEventData")

    def section(self, name: str) -> dict[str, Any]:
        """A top-level object; {} where it is absent, null or anything but an object."""
        value = self.raw.get(name)
        return value if isinstance(value, dict) else {}

    @property
    def read_only(self) -> bool | None:
        """CloudTrail writes a boolean, older and relayed records a string."""
        value = self.raw.get("readOnly")
        if isinstance(value, str):
            return {"true": True, "false": False}.get(value.lower())
        return value if isinstance(value, bool) else None

    @property
    def event_time(self) -> datetime | None:
        """Aware UTC; None where absent or unreadable."""
        return parse_time(_text(self.raw.get("eventTime")))

    @property
    def updates_event_id(self) -> str:
        """The id of the event that this record is an UPDATED_DATA addendum to, or ""."""
        addendum = self.section("addendum")
        if addendum.get("reason") != "UPDATED_DATA":
            return ""
        original = _text(addendum.get("originalEventID"))
        return "" if original == self.event_id else original  # what names itself is the event

    @property
    def adds_to(self) -> str:
        """The same, or "" where the record does not say whose: nobody knows which event it is."""
        return self.updates_event_id if self.recipient_account_id else ""

    @property
    def alert_id(self) -> str:
        """32 hex digits: of (recipientAccountId, eventID), else of the canonical record."""
        account_id, event_id = self.recipient_account_id, self.event_id
        return alert_id_of(account_id, event_id) if account_id and event_id else _digest(self.raw)

    def own_id(self, principal: str) -> str:
        """32 hex digits: of exactly which event it is, whoever used its id before: of account, id,
        operation, source, time and the principal, else of the canonical record. A time that can
        be read is the same however it is written.
        """
        account_id, event_id = self.recipient_account_id, self.event_id
        if not (account_id and event_id):
            return _digest(self.raw)
        raw, time = self.raw, self.event_time
        at = raw.get("eventTime") if time is None else time.isoformat()
        call = [raw.get("eventName"), raw.get("eventSource"), at, principal]
        return _hash(repr([account_id, event_id, *call]))


def alert_id_of(account_id: str, event_id: str) -> str:
    """The id of the alert for one event of one account."""
    return _hash(f"[{_quoted(account_id)},{_quoted(event_id)}]")  # as _canonical writes it


@lru_cache(maxsize=64)  # that of one record is asked for again and again
def parse_time(text: str) -> datetime | None:
    """An ISO 8601 time with or without a T, a fraction or a zone (then UTC), else None."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    try:
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except OverflowError:
        return None


def _kind(value: Any) -> str:
    kinds = {list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return kinds.get(type(value), "a number")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
_quoted = json.encoder.encode_basestring_ascii


def _digest(value: Any) -> str:
    return _hash(_canonical(value))


def _hash(text: str) -> str:
    import hashlib  # OpenSSL costs a cold start; only a record that alerts needs it

    return hashlib.sha256(text.encode()).hexdigest()[:32]
