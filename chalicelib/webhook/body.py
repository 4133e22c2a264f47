"""Alerts → one request's body and its id (pure): what delivery's Compose is for the webhook."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.post import Post, PostKind
from chalicelib.delivery.ports import Compose
from chalicelib.webhook.finding import CREATE, UPDATE, finding

Json = dict[str, Any]


def composer(public_url: str | None = None, *, sample: bool = False) -> Compose:
    """What writes requests: `channel`, `id` (the header webhook-id) and `body`, a finding or, where
    several go together, a list of them.

    Each alert is a finding of its own. A repeat has the id of what it may repeat: it derives from
    what is said, never from how often that was tried. What is told anew says something else.
    """

    def compose(post: Post, alerts: Sequence[Alert], *, form: int, possible_repeat: bool) -> Json:
        activity = UPDATE if post.kind is PostKind.UPDATE else CREATE
        # An update's first alert is the one whose message it changes, where messages fold.
        told = [alert for alert in alerts if alert.alert_id in post.alert_ids]
        findings = [
            finding(
                alert,
                activity=activity,
                form=form,
                possible_repeat=possible_repeat,
                url=_url(alert, public_url),
                sample=sample,
            )
            for alert in told
        ]
        return {
            "channel": post.channel,
            "id": _id_of(told, activity),
            "body": findings[0] if len(findings) == 1 else findings,
        }

    return compose


def _id_of(alerts: Sequence[Alert], activity: int) -> str:
    says = [finding(alert, activity=activity) for alert in alerts]
    for each in says:
        del each["metadata"]  # a deployment in between makes no other message of it
    text = json.dumps(says, sort_keys=True)
    return f"msg_{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def _url(alert: Alert, public_url: str | None) -> str | None:
    return f"{public_url.rstrip('/')}/#alert={quote(alert.alert_id)}" if public_url else None
