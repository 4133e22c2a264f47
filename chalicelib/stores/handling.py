"""How the stores write down what people do: handling, mutes and followups as JSON values."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from enum import Enum
from typing import Any

from chalicelib.alerts.followups import Followup, FollowupKind
from chalicelib.alerts.handling import Handling, Muted, Person
from chalicelib.alerts.mutes import Mute
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.rules.rule import Severity
from chalicelib.stores.plain import from_micros, micros, storable

_Values = dict[str, Any]


def handling_values(handling: Handling) -> _Values:
    """Only what is not as at the beginning, since most alerts are in nobody's hands."""
    return _written(handling)


def handling_from(values: _Values) -> Handling:
    muted = values.get("muted")
    times = {
        name: _time(values.get(name)) for name in ("since", "asked_at", "answered_at", "touched_at")
    }
    return Handling(
        owner=_person(values.get("owner")),
        asked=values.get("asked", ""),
        answer=values.get("answer", ""),
        answered_by=_person(values.get("answered_by")),
        before=tuple(values.get("before", ())),
        muted=None if muted is None else Muted(**_with_people(muted, ("until",))),
        **times,
    )


def mute_values(mute: Mute) -> _Values:
    return _written(mute)


def mute_from(values: _Values) -> Mute:
    read = {"principal": "", "actor": "", "account_id": "", **values}
    read["also"] = tuple(values.get("also", ()))
    read["outcome"] = Outcome(values["outcome"])
    read["up_to"] = Severity(values["up_to"])
    return Mute(**_with_people(read, ("since", "until", "ended_at")))


def followup_values(followup: Followup) -> _Values:
    return _written(followup)


def followup_from(values: _Values) -> Followup:
    due_at, kind = from_micros(values["due_at"]), FollowupKind(values["kind"])
    return Followup(**{**values, "due_at": due_at, "kind": kind})


def _written(value: Any) -> _Values:
    """A value's fields as JSON has them, but for those that are None or ""."""
    fields = {name: _plain(each) for name, each in asdict(value).items()}
    return {name: each for name, each in fields.items() if each not in (None, "", ())}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return micros(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return value


def _with_people(values: _Values, times: tuple[str, ...]) -> _Values:
    """The values with times and people as they were."""
    read = dict(values)
    read |= {name: _time(values[name]) for name in times if name in values}
    read |= {name: _person(values[name]) for name in ("by", "ended_by") if name in values}
    return read


def _person(values: _Values | None) -> Person | None:
    return None if values is None else Person(**values)


def _time(value: int | None) -> datetime | None:
    return None if value is None else from_micros(value)
