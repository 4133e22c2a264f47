"""Secrets that live in SSM Parameter Store: `ssm:/path` instead of a value, read when needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from time import monotonic
from typing import Any

from chalicelib import aws

# A rotated secret works within five minutes of its rotation.
FRESH_FOR = timedelta(minutes=4)
# While SSM cannot be reached, the last value serves this long and is asked for this often.
STALE_FOR = timedelta(hours=1)
RETRY_AFTER = timedelta(seconds=20)
# What was refused is read anew at once, but no oftener than that: who refuses may go on doing so.
ANEW_EVERY_SECONDS = 60.0
PREFIX = "ssm:"
# Source: the API reference of SSM, GetParameters.
MOST_AT_ONCE = 10


class SecretError(Exception):
    """A parameter that cannot be read; names the parameter and the reason, never a value."""


class SecretUnreachableError(SecretError):
    """SSM did not answer this time; a later try may succeed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    value: str | None
    read_at: datetime
    ask_at: datetime

    def is_fresh(self, now: datetime) -> bool:
        return self.read_at <= now < self.ask_at  # a clock may have been put back


class Parameters:
    """SSM parameters, each read at most once in FRESH_FOR.

    `read` takes a parameter's name and returns its value, or None where it does not exist; it
    raises SecretError. `read_all` does so for several in one call.
    """

    def __init__(
        self,
        read: Callable[[str], str | None],
        monotonic: Callable[[], float] = monotonic,
        read_all: Callable[[list[str]], Mapping[str, str]] | None = None,
    ) -> None:
        self._read = read
        self._read_all = read_all
        self._monotonic = monotonic
        self._known: dict[str, _Known] = {}
        self._read_anew: dict[str, float] = {}

    def value(self, name: str, now: datetime) -> str | None:
        """The parameter's value, at most FRESH_FOR old, or STALE_FOR while SSM is away."""
        known = self._known.get(name)
        if known and known.is_fresh(now):
            return known.value
        try:
            value = self._read(name)
        except SecretUnreachableError:
            if not known or now >= known.read_at + STALE_FOR:
                raise
            self._known[name] = replace(known, ask_at=now + RETRY_AFTER)
            return known.value
        return self._keep(name, value, now)

    def ahead(self, names: Iterable[str], now: datetime) -> None:
        """Read those of the parameters that are due in one call. Where that fails, each is read
        when its value is asked for.
        """
        fresh = {name for name, known in self._known.items() if known.is_fresh(now)}
        due = [name for name in dict.fromkeys(names) if name not in fresh][:MOST_AT_ONCE]
        if self._read_all is None or len(due) < 2:
            return
        try:
            found = self._read_all(due)
        except SecretError:
            return
        for name in due:
            self._keep(name, found.get(name), now)

    def anew(self, name: str, now: datetime) -> str | None:
        """The parameter's value, read again if that was not done within ANEW_EVERY_SECONDS.

        Raises SecretError; what is known stays then.
        """
        last = self._read_anew.get(name)
        if last is not None and self._monotonic() < last + ANEW_EVERY_SECONDS:
            return self.value(name, now)
        self._read_anew[name] = self._monotonic()
        return self._keep(name, self._read(name), now)

    def _keep(self, name: str, value: str | None, now: datetime) -> str | None:
        self._known[name] = _Known(value=value, read_at=now, ask_at=now + FRESH_FOR)
        return value


def secret(value: str | None, now: datetime, *besides: str | None) -> str | None:
    """A setting's value, or what the parameter holds that `ssm:/path` names.

    None where the setting is unset or the parameter does not exist. Raises SecretError. `besides`
    are what is asked for next: SSM is asked once, and where it refuses those, this is read alone.
    """
    if besides:
        _read_ahead((value, *besides), now)
    if value is None or not value.startswith(PREFIX):
        return value
    return _parameters().value(value.removeprefix(PREFIX), now)


def secrets(values: Iterable[str | None], now: datetime) -> list[str | None]:
    """The same of each, SSM being asked once for all of them. Raises SecretError."""
    values = list(values)
    _read_ahead(values, now)
    return [secret(value, now) for value in values]


def _read_ahead(values: Iterable[str | None], now: datetime) -> None:
    names = [value.removeprefix(PREFIX) for value in values if value and value.startswith(PREFIX)]
    _parameters().ahead(names, now)


def secret_anew(value: str | None, now: datetime) -> str | None:
    """The same, for a secret that was refused: read again, see Parameters.anew."""
    if value is None or not value.startswith(PREFIX):
        return value
    return _parameters().anew(value.removeprefix(PREFIX), now)


def read_parameter(client: Any, name: str) -> str | None:
    """One SecureString or String, without blanks around it; None where there is none."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        answer = client.get_parameter(Name=name, WithDecryption=True)
    except ClientError as error:
        code = aws.code_of(error)
        if code == "ParameterNotFound":
            return None
        if code in aws.PASSING:
            raise SecretUnreachableError(f"SSM parameter {name}: {code}") from error
        raise SecretError(f"SSM parameter {name} cannot be read: {code}") from error
    except BotoCoreError as error:
        reason = type(error).__name__
        raise SecretUnreachableError(f"SSM parameter {name}: {reason}") from error
    return str(answer["Parameter"]["Value"]).strip() or None


def read_parameters(client: Any, names: list[str]) -> dict[str, str]:
    """Those of at most MOST_AT_ONCE parameters that exist and are not blank. Raises SecretError."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        answer = client.get_parameters(Names=names, WithDecryption=True)
    except (BotoCoreError, ClientError) as error:
        raise SecretError(f"{len(names)} SSM parameters cannot be read") from error
    found = {each["Name"]: str(each["Value"]).strip() for each in answer["Parameters"]}
    return {name: value for name, value in found.items() if value}


@cache
def _parameters() -> Parameters:
    return Parameters(
        lambda name: read_parameter(_client(name), name),
        read_all=lambda names: read_parameters(_client(names[0]), names),
    )


def _client(name: str) -> Any:
    from botocore.exceptions import BotoCoreError

    try:
        return aws.client("ssm")
    except BotoCoreError as error:  # no region, or a profile that does not exist
        raise SecretError(f"SSM parameter {name} cannot be read: {error}") from error
