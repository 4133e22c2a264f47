"""Keys: what a record must be called for a rule to match it.

Every key is an over-estimate: a record outside it cannot match, one inside it may.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# How many different (eventName, eventSource, userIdentity.type, state) are remembered with the
# rules they need. An account has a few thousand; names an attacker makes up must not fill memory.
REMEMBERED = 8192


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts that a field may hold: these, or any that begins with one of the prefixes."""

    exact: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()

    def __contains__(self, text: str) -> bool:
        return text in self.exact or text.startswith(self.prefixes)

    def union(self, other: Texts) -> Texts:
        prefixes = tuple(dict.fromkeys(self.prefixes + other.prefixes))
        return Texts(self.exact | other.exact, prefixes)

    def with_prefix(self, prefix: str) -> Texts:
        """These, and all that begins with the prefix."""
        return self.union(Texts(prefixes=(prefix,)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What a record's eventName, eventSource and userIdentity.type must be (None: anything),
    whether it must carry an errorCode, and whether its readOnly must be anything but true.
    """

    names: Texts | None = None
    sources: Texts | None = None
    types: Texts | None = None
    error: bool = False
    change: bool = False

    def to_dict(self) -> dict[str, Any]:
        texts = {"names": self.names, "sources": self.sources, "types": self.types}
        found = {
            key: {"exact": sorted(value.exact), "prefixes": list(value.prefixes)}
            for key, value in texts.items()
            if value is not None
        }
        flags = {"error": self.error, "change": self.change}
        return found | {flag: True for flag, value in flags.items() if value}

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> Keys:
        def texts(key: str) -> Texts | None:
            value = found.get(key)
            return value and Texts(frozenset(value["exact"]), tuple(value["prefixes"]))

        return cls(
            names=texts("names"),
            sources=texts("sources"),
            types=texts("types"),
            error=found.get("error", False),
            change=found.get("change", False),
        )
