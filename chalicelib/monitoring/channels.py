"""Slack's side: whether the token is taken, what it may do, whether the channels are there."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple, Protocol

from chalicelib.alerts.channel import Channel
from chalicelib.monitoring.answers import Answered, Finding, failing, lacking, ok, unasked, unknown
from chalicelib.rules.destinations import CHANNEL_ID

# What there is to check of Slack.
CHECKS = ("token", "scopes", "channel", "channel-name")
# Slack answers about fifty a minute; most installations have a handful.
MOST_CHANNELS = 20
NEEDED, CUSTOMIZE = "chat:write", "chat:write.customize"
ADD = "Give the app that scope and install it again."
HISTORY = ("channels:history", "groups:history")
WITHOUT_HISTORY = (
    f"The token lacks the scope {' or '.join(HISTORY)}: what may have been posted is posted again, "
    f"marked as a possible repeat. {ADD}"
)
HIDDEN = "Slack does not say of {} without the scope channels:read (groups:read for a private one)."
WITHOUT_NAME = f"The token lacks the scope {CUSTOMIZE}: messages go without SLACK_USERNAME. {ADD}"


class SlackError(Exception):
    """Slack did not answer, or not what was asked: nobody knows."""


class Token(NamedTuple):
    """Slack's word for why it refuses the token ("" where it takes it), what the token may do, and
    what a person does about the refusal.
    """

    refusal: str = ""
    scopes: frozenset[str] | None = None
    step: str = ""


class Place(NamedTuple):
    """A channel as Slack knows it; `refusal` is its word for why it says no more, `step` what a
    person does about what is wrong.
    """

    name: str = ""
    is_member: bool = True
    is_archived: bool = False
    refusal: str = ""
    step: str = ""


class Slack(Protocol):
    """What Slack says. Raises SlackError.

    `skew` is by how many seconds its clock was ahead of ours when it last answered, None where it
    has told no time.
    """

    skew: float | None

    def token(self) -> Token:
        """Whether it takes the token."""

    def place(self, channel_id: str) -> Place | None:
        """The channel; None where the token may not ask for it."""


def check_slack(slack: Slack, channels: Collection[Channel], *, named: bool) -> Iterator[Finding]:
    """What each check finds. `named` is whether messages carry a name of our choice."""
    try:
        token = slack.token()
    except SlackError as error:
        yield unknown("token", f"auth.test: {error}")
        return
    if token.refusal:
        yield failing("token", _with_step(f"Slack refuses the token: {token.refusal}.", token.step))
        return
    yield ok("token", "Slack takes the token.")
    yield _scopes(token.scopes, named)
    yield from _places(slack, channels)


def without_slack() -> Iterator[Finding]:
    """What each check finds where alerts do not go to Slack: what it found before is over."""
    for check in CHECKS:
        yield ok(check, "There is no token: alerts go to the terminal.")


def _scopes(scopes: frozenset[str] | None, named: bool) -> Finding:
    if scopes is None:
        return unasked("scopes", "Slack did not say which scopes the token has.")
    if NEEDED not in scopes:
        return failing(
            "scopes", f"The token lacks the scope {NEEDED}: nothing can be posted. {ADD}"
        )
    words = [] if scopes & set(HISTORY) else [WITHOUT_HISTORY]
    words += [WITHOUT_NAME] if named and CUSTOMIZE not in scopes else []
    if words:
        return lacking("scopes", " ".join(words))
    return ok("scopes", "The token has every scope that is used.")


def _places(slack: Slack, channels: Collection[Channel]) -> Iterator[Finding]:
    known = [channel for channel in channels if channel.channel_id][:MOST_CHANNELS]
    wrong, renamed, hidden = list[str](), list[str](), list[Finding]()
    for channel in known:
        try:
            place = slack.place(channel.channel_id or "")
        except SlackError as error:
            hidden.append(unknown("channel", f"conversations.info of {channel.name}: {error}"))
            continue
        if place is None:
            hidden.append(unasked("channel", HIDDEN.format(channel.name)))
            continue
        wrong += _wrong(channel, place)
        renamed += _renamed(channel, place)
    if wrong:  # whatever the others are like
        yield failing("channel", " ".join(wrong))
    elif hidden:
        yield max(hidden, key=lambda finding: finding.answered is Answered.UNKNOWN)
    else:
        yield ok("channel", f"We are in {_counted(len(known))} that Slack can be asked about.")
    if renamed:
        yield lacking("channel-name", " ".join(renamed))
    elif wrong or hidden:
        yield unasked("channel-name", "Slack does not say the name of each channel.")
    else:
        yield ok("channel-name", "Each channel has the name that it had.")


def _counted(channels: int) -> str:
    return "1 channel" if channels == 1 else f"{channels} channels"


def _wrong(channel: Channel, place: Place) -> Iterator[str]:
    if place.refusal:
        yield _with_step(f"Slack says of {channel.name}: {place.refusal}.", place.step)
    elif place.is_archived:
        yield _with_step(f"{channel.name} is archived.", place.step)
    elif not place.is_member:
        yield _with_step(f"The app is not in {channel.name}.", place.step)


def _with_step(said: str, step: str) -> str:
    return f"{said} {step}".rstrip()


def _renamed(channel: Channel, place: Place) -> Iterator[str]:
    name = channel.name.lstrip("#")
    if place.name and name != place.name and not CHANNEL_ID.fullmatch(channel.name):
        yield f"What was {channel.name} is #{place.name} now: alerts follow it there."
