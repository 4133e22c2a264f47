"""Whether who clicked or asked may: see slack.crew, and docs/slack.md."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from chalicelib.monitoring.notes import read, write
from chalicelib.rules.loading import has_user_files
from chalicelib.settings import Settings
from chalicelib.slack.actions import Sender
from chalicelib.slack.asking import Ask
from chalicelib.slack.crew import (
    FOREIGN,
    GROUPS_FRESH_FOR,
    GUEST,
    NOT_NAMED,
    READ_EVERY,
    Crew,
    Profile,
    groups_of,
    is_at_home,
    is_named,
    is_ours,
    read_crew,
    whom_slack_knows,
)
from chalicelib.usecases.asking import asking_slack

if TYPE_CHECKING:
    from chalicelib.usecases.parts import Parts

# Slack waits three seconds for an answer, and a person's look-up is a part of that.
ASK_SECONDS = 0.8
# For each of at most a dozen questions of the sweep, which has to have the time for all of them.
READ_SECONDS, READ_NEEDS_MILLIS = 2.0, 30_000.0


class Known:
    """What this process learnt of the workspace and of people, for as long as that may be held."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._people: dict[str, tuple[Profile, float]] = {}
        self.crew: Crew | None = None

    def person(self, ask: Ask | None, user: str) -> Profile:
        """What Slack says of them, asked once in a quarter of an hour once it has answered."""
        profile, until = self._people.get(user, (Profile(), 0.0))
        if self._monotonic() >= until and ask and (said := whom_slack_knows(ask, user)):
            profile = said
            self._people[user] = profile, self._monotonic() + GROUPS_FRESH_FOR.total_seconds()
        return profile


@lru_cache(maxsize=4)
def known_by(settings: Settings) -> Known:  # noqa: ARG001 - what it is kept by
    """What this process knows, by the choices that it was learnt with: a token is a workspace's."""
    return Known()


def refusal(sender: Sender, parts: Parts) -> str:
    """Why the sender may not, in words of slack.crew; "" where they may. Raises StoreError,
    RulesError and SecretError.
    """
    may, now = _may(parts), parts.now()
    known, ask = known_by(parts.settings), asking_slack(parts, ASK_SECONDS)
    # Slack is asked while the store is: each takes as long as the other.
    person = _begun(lambda: Profile() if may else known.person(ask, sender.user))
    crew = _crew(parts, ask, groups_of(may), known, now)
    if is_named(sender.user, may, crew, now):
        return ""
    ours = crew or Crew(at=now)  # where Slack does not say, with nothing to compare with
    if not is_ours(sender, ours):
        return FOREIGN
    if may:
        return NOT_NAMED
    profile = person()
    if not is_at_home(profile, ours):
        return FOREIGN
    return GUEST if profile.guest else ""


def read_who_may(parts: Parts, millis_left: Callable[[], float]) -> None:
    """Ask Slack who we are and who is in the groups that are named, where clicks come and that was
    not done just now: what the next is judged by. Raises StoreError, RulesError and SecretError.
    """
    now = parts.now()
    ask = asking_slack(parts, READ_SECONDS) if parts.signing_secret() else None
    if ask is None or millis_left() < READ_NEEDS_MILLIS:
        return
    before = read(parts.store.notes, Crew)
    if before and abs(now - before.at) < READ_EVERY:
        return
    if crew := read_crew(ask, groups_of(_may(parts)), now):
        write(parts.store.notes, crew)


def _crew(
    parts: Parts, ask: Ask | None, groups: tuple[str, ...], known: Known, now: datetime
) -> Crew | None:
    """What is known of the workspace, at most one question to the store and one to Slack."""
    held = known.crew
    if held and abs(now - held.at) < GROUPS_FRESH_FOR and set(groups) <= held.groups.keys():
        return held
    known.crew = read(parts.store.notes, Crew)
    if known.crew is None and ask:
        known.crew = read_crew(ask, (), now)  # the sweep reads the groups
    return known.crew


def _may(parts: Parts) -> tuple[str, ...]:
    """Who is named. Raises RulesError."""
    named = has_user_files(parts.settings.rules_file)
    return parts.ruleset.handling.may if named else ()


def _begun(ask: Callable[[], Profile]) -> Callable[[], Profile]:
    """A question that is being asked; what is returned waits for its answer."""
    answers: list[Profile] = []
    thread = threading.Thread(target=lambda: answers.append(ask()), name="profile", daemon=True)
    thread.start()

    def answer() -> Profile:
        thread.join()
        return answers[0] if answers else Profile()

    return answer
