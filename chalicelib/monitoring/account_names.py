"""What the organization calls its accounts, as the sweep asked it last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from chalicelib.monitoring.asking import Asking
from chalicelib.monitoring.stored import moment, typed
from chalicelib.monitoring.upstream import UnaskedError, UpstreamError

ASKED_EVERY = timedelta(days=1)
# A note is one item, which DynamoDB takes up to 400 KB of: a name has 50 characters at most.
MOST_NAMES = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountNames:
    """Names by account number, when they were asked for, and why there are none ("" if not so)."""

    KEY: ClassVar[str] = "accounts"

    at: datetime
    names: Mapping[str, str] = field(default_factory=dict)
    refused: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"at": self.at.isoformat(), "names": dict(self.names), "refused": self.refused}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        names = typed(stored["names"], dict)
        known = {number: typed(name, str) for number, name in names.items()}
        return cls(at=moment(stored["at"]), names=known, refused=typed(stored["refused"], str))

    def is_due(self, now: datetime) -> bool:
        """Whether a day went by; a clock may have been put back."""
        return abs(now - self.at) >= ASKED_EVERY


def asked(asking: Asking, now: datetime) -> AccountNames | None:
    """The organization's word; None where there was no time to hear all of it.

    Source: AWS Organizations API reference, ListAccounts: only the management account and a
    delegated administrator may ask, and NextToken alone says that there are more.
    """
    names, more = dict[str, str](), dict[str, str]()
    try:
        while len(names) < MOST_NAMES:
            page = asking.ask("organizations", "list_accounts", **more)
            names |= {one["Id"]: one["Name"] for one in page["Accounts"] if one.get("Name")}
            if not page.get("NextToken"):
                break
            more = {"NextToken": page["NextToken"]}
    except UnaskedError:
        return None
    except UpstreamError as error:
        return AccountNames(at=now, refused=str(error))
    return AccountNames(at=now, names=names)
