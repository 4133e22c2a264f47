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
# A note is one item, which DynamoDB takes up to 400 KB of: a name has 50 characters at most, and as
# JSON twice as many.
MOST_NAMES = 3000


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountNames:
    """Names by account number, when they were asked for, and why nobody said any then ("" if not
    so): those that were said before stay.
    """

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


def asked(asking: Asking, now: datetime, before: AccountNames | None) -> AccountNames | None:
    """The organization's word, with the names of before where it refuses, such as for haste; None
    where there was no time to hear all of it.

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
        kept = before.names if before else {}
        return AccountNames(at=now, names=kept, refused=str(error))
    return AccountNames(at=now, names=names)
