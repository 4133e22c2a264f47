"""Post: one call to a channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

# The outcome of a post that the channel took and said so.
SENT_OUTCOME = "sent"
MOST_ALSO = 30


class PostKind(Enum):
    """What one call does."""

    SINGLE = "single"
    DIGEST = "digest"
    UPDATE = "update"
    THREAD = "thread"  # into the thread of a message
    DIRECT = "direct"  # to one person


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One call to a channel, written before it is made so that a crash leaves a trace.

    `post_id` is derived from the channel, the kind, the deliveries and their attempts; it is the
    only id in the message's metadata. `outcome` is None while the call is under way. `settled`
    says that the deliveries carry the outcome too. `ts` and `channel_id` are the channel's own.
    `repeats` is the × N that the message shows, `also` what of it differed from the first so far,
    the first MOST_ALSO: "on …" a target, "by …" a session of the same workload, "with …" a read.
    `digest` are the alerts of a digest that an UPDATE writes anew, of which it carries the first.
    `thread_ts` is the message in whose thread a THREAD goes; where that is not known it is posted
    by itself.
    """

    post_id: str
    channel: str
    kind: PostKind
    alert_ids: tuple[str, ...]
    attempted_at: datetime
    outcome: str | None = None
    settled: bool = False
    ts: str | None = None
    channel_id: str | None = None
    repeat_key: str | None = None
    repeats: int = 1
    also: tuple[str, ...] = ()
    digest: tuple[str, ...] = ()
    thread_ts: str | None = None

    @property
    def corrects(self) -> bool:
        """Whether it is the update that a correction makes; × N has a repeat key."""
        return self.kind is PostKind.UPDATE and self.repeat_key is None
