"""Which protections and recordings a call turned off or narrowed: the one judgement of it."""

from __future__ import annotations

from chalicelib.cloudtrail.record import Record


def switches_off_of(record: Record) -> tuple[str, ...]:
    """Flat texts from the vocabulary; () of calls that turn nothing off."""
    return ("trail",) if record.event_name in ("StopLogging", "DeleteTrail") else ()
