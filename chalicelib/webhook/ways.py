"""The way to the webhook, from what the settings say; a wrong one refuses with its name."""

from __future__ import annotations

from datetime import datetime

from chalicelib.delivery.outcome import destination_refused, not_posted
from chalicelib.delivery.ports import Transport, Way
from chalicelib.parameters import SecretError, secrets
from chalicelib.settings import Settings, may_have_a_secret
from chalicelib.webhook.body import composer
from chalicelib.webhook.client import Unready, WebhookTransport
from chalicelib.webhook.next_steps import BAD_URL, NO_SECRET, NO_URL


def way_by(settings: Settings, now: datetime) -> Way:
    """How the webhook is told; without an address, or a secret to sign by, nothing leaves. Never
    raises: while a parameter cannot be read, what is due is tried again.
    """
    chosen = (settings.webhook_url, settings.webhook_secret, settings.public_url)
    try:
        url, secret, public_url = secrets(chosen, now)
    except SecretError as error:
        return Way(Unready(not_posted(str(error))), composer(), folds=False)
    transport = _transport(url, secret, is_deployed=settings.deployment is not None)
    return Way(transport, composer(public_url, sample=settings.sample), folds=False)


def _transport(url: str | None, secret: str | None, *, is_deployed: bool) -> Transport:
    if not url:
        return Unready(destination_refused(f"{NO_URL}: no WEBHOOK_URL"))
    if not may_have_a_secret(url, plain=not is_deployed, query=True):
        return Unready(destination_refused(f"{BAD_URL}: WEBHOOK_URL takes https://host/path"))
    if not secret:
        return Unready(destination_refused(f"{NO_SECRET}: no WEBHOOK_SECRET"))
    return WebhookTransport(url, secret)
