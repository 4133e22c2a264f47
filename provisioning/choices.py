"""What the operator chose, as it is kept for later runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the operator chose, kept in the parameter `installation` for later runs.

    `trail`, `log_group`, `bucket` and `topic` are adopted: used, never changed or deleted. `source`
    is how records come: "logs" by the log group, "s3" by the trail's files. `bucket_owner` is the
    account that an adopted bucket is of, `bucket_key` the ARN of the KMS key of its files.
    `kms_key`, of all that is kept, is "own" or the ARN of an adopted one. `permissions_boundary` is
    a policy's ARN, `role_path` such as /team/: of every role.
    """

    trail: str | None = None
    log_group: str | None = None
    bucket: str | None = None
    source: str = "logs"
    bucket_owner: str | None = None
    bucket_key: str | None = None
    topic: str | None = None
    organization: bool = False
    filter_pattern: str | None = None
    email: str | None = None
    permissions_boundary: str | None = None
    role_path: str | None = None
    kms_key: str | None = None
    log_days: int = 30
    trail_days: int = 365
    tags: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """What differs from the defaults, in a stable order."""
        chosen = {key: value for key, value in asdict(self).items() if value != _DEFAULTS[key]}
        return json.dumps(chosen, sort_keys=True)

    def updated(self, given: Mapping[str, Any]) -> Choices:
        """These choices with those given now; None leaves one as it was, "" takes it back."""
        new = {key: value for key, value in given.items() if value is not None}
        return replace(
            self, **{key: _DEFAULTS[key] if value == "" else value for key, value in new.items()}
        )


_DEFAULTS: dict[str, Any] = asdict(Choices())


def choices_from_json(text: str) -> Choices:
    """What an earlier run kept; keys of other versions are left out. Raises ValueError."""
    kept = json.loads(text)
    if not isinstance(kept, dict):
        raise ValueError("not an object")
    known = {key: value for key, value in kept.items() if key in _DEFAULTS}
    for key, value in known.items():
        kind = str if _DEFAULTS[key] is None else type(_DEFAULTS[key])
        if not isinstance(value, kind):
            raise ValueError(f"{key} is {value!r}")
    return Choices(**known)
