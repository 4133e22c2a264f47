"""Who may handle alerts: people of our own workspace, and where some are named, these alone.

Source: docs.slack.dev, auth.test, users.info and usergroups.users.list.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from chalicelib.slack.actions import Sender
from chalicelib.slack.asking import Ask

# Who is in a group is known for so long: who left it may act no longer.
GROUPS_FRESH_FOR = timedelta(minutes=15)
# How often it is read anew, so that one reading that fails leaves time for another.
READ_EVERY = timedelta(minutes=5)
MOST_GROUPS, MOST_MEMBERS = 10, 2000
FOREIGN, GUEST, NOT_NAMED = "of another workspace", "a guest", "not named"


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """Our workspace as Slack says it, and who is in the groups that are named, as of `at`.

    A group that could not be read is missing: nobody is known to be in it.
    """

    KEY: ClassVar[str] = "crew"

    at: datetime
    team: str = ""
    enterprise: str = ""
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def own(self) -> set[str]:
        """The ids of our workspace and our organization, as far as they are known."""
        return {self.team, self.enterprise} - {""}

    def as_json(self) -> dict[str, Any]:
        groups = {group: sorted(members) for group, members in self.groups.items()}
        names = {"team": self.team, "enterprise": self.enterprise}
        return {"at": self.at.isoformat(), **names, "groups": groups}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        groups = {str(name): frozenset(found) for name, found in dict(stored["groups"]).items()}
        return cls(
            at=datetime.fromisoformat(stored["at"]),
            team=str(stored["team"]),
            enterprise=str(stored["enterprise"]),
            groups=groups,
        )


@dataclass(frozen=True, slots=True)
class Profile:
    """What Slack says of a person: `team` and `enterprise` are their own, "" where it says none.

    As it stands, of whom Slack says nothing: nobody is held to be a guest or another's then.
    """

    guest: bool = False
    team: str = ""
    enterprise: str = ""


def is_ours(sender: Sender, crew: Crew) -> bool:
    """Whether where it was used and whoever did are both of our workspace, or of our organization.

    Slack names no workspace where the app is installed for a whole organization; a person's own is
    not told of a command. What is not told is not compared: the signature says whose app it is.
    Where our own is not known, the two still have to be one.
    """
    if crew.enterprise and sender.enterprise == crew.enterprise and not sender.home:
        return True
    own = crew.own
    named = {sender.team, sender.home} - {""} or {sender.enterprise} - {""}
    return named <= own if own else len(named) < 2


def is_named(user: str, may: Collection[str], crew: Crew | None, now: datetime) -> bool:
    """Whether the person is among those named, by a user's id or by that of a group."""
    if user in may:
        return True
    if crew is None or not timedelta() <= now - crew.at <= GROUPS_FRESH_FOR:
        return False
    return any(user in crew.groups.get(group, ()) for group in may)


def whom_slack_knows(ask: Ask, user: str) -> Profile | None:
    """What Slack says of a person; None where it does not (no users:read, no answer in time)."""
    found = (ask("users.info", {"user": user}) or {}).get("user")
    if not isinstance(found, dict):
        return None
    marks = ("is_restricted", "is_ultra_restricted", "is_stranger", "deleted")
    grid = found.get("enterprise_user")
    return Profile(
        guest=any(found.get(mark) is True for mark in marks),
        team=_text(found.get("team_id")),
        enterprise=_text(grid.get("enterprise_id")) if isinstance(grid, dict) else "",
    )


def is_at_home(profile: Profile, crew: Crew) -> bool:
    """Whether a person's own workspace is ours, or of our organization, as far as Slack says: in a
    shared channel people of others are no guests, and a command does not say whose they are.
    """
    own, named = crew.own, {profile.team, profile.enterprise} - {""}
    return not own or not named or bool(named & own)


def read_crew(ask: Ask, groups: Iterable[str], now: datetime) -> Crew | None:
    """Who we are and who is in these groups, as Slack says it now; None where it does not say."""
    answer = ask("auth.test", {})
    if answer is None:
        return None
    return Crew(
        at=now,
        team=_text(answer.get("team_id")),
        enterprise=_text(answer.get("enterprise_id")),
        groups={
            group: members
            for group in list(groups)[:MOST_GROUPS]
            if (members := _members(ask, group)) is not None
        },
    )


def groups_of(may: Iterable[str]) -> tuple[str, ...]:
    """Those of the named that are user groups."""
    return tuple(each for each in may if each.startswith("S"))


def _members(ask: Ask, group: str) -> frozenset[str] | None:
    users = (ask("usergroups.users.list", {"usergroup": group}) or {}).get("users")
    if not isinstance(users, list):
        return None
    return frozenset(user for user in users[:MOST_MEMBERS] if isinstance(user, str))


def _text(found: object) -> str:
    return found if isinstance(found, str) else ""
