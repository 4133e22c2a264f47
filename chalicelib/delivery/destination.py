"""Destination: what a channel that refused us waits for besides time (pure)."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import replace

from chalicelib.alerts.channel import DESTINATION, Channel
from chalicelib.delivery.outcome import Outcome, OutcomeKind, message_gone, not_posted

# A keyed hash of a token, by its salt: see Transport.credential.
Credential = Callable[[str], str]
# What a channel says that is not there. Source: docs.slack.dev, chat.postMessage.
NOT_FOUND = "channel_not_found"
_BETWEEN = "$"


def refused(channel: Channel, salt: str, credential: Credential) -> Channel:
    """The channel with what tells later whether the token is still the one that was refused."""
    if channel.trouble != DESTINATION:
        return channel
    return replace(channel, credential=f"{salt}{_BETWEEN}{credential(salt)}")


def tried_at_once(channel: Channel, credential: Credential) -> Channel:
    """The channel free for a try where another token is there than the one that it refused; else
    the same object.
    """
    if channel.trouble != DESTINATION or not channel.credential:
        return channel
    salt, _, then = channel.credential.partition(_BETWEEN)
    now = credential(salt)
    if not now or hmac.compare_digest(then, now):
        return channel
    return replace(channel, next_send_at=None, credential=None)


def is_moved(channel: Channel, outcome: Outcome, address: str | None) -> bool:
    """Whether the channel is not there any more under the id that its replies told; `address` is
    the id that it is named by, where it is.
    """
    refused_it = outcome.kind is OutcomeKind.DESTINATION_REFUSED and outcome.reason == NOT_FOUND
    return refused_it and channel.channel_id not in (None, address)


def moved(*, updates: bool) -> Outcome:
    """What that is to a request: it was surely not made, and goes again by the channel's name; a
    message that was to be updated is gone.
    """
    return message_gone(NOT_FOUND) if updates else not_posted(NOT_FOUND, 0.0)
