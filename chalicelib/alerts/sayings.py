"""What Trailbell says of the handling of alerts: its notices in words (pure)."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.alerts import notices
from chalicelib.alerts.alert import Alert
from chalicelib.alerts.mutes import Mute
from chalicelib.rules.rule import Severity
from chalicelib.rules.spans import in_words

# How long who was asked has to answer.
ANSWER_WITHIN = timedelta(minutes=30)
# A mute that hides more than so many in a day is told.
MANY = 100


def reminder(alert: Alert, message: str, wait: timedelta, channel: str, now: datetime) -> Alert:
    """That nobody has acknowledged it; one for each `message`, however many alerts it tells."""
    return notices.notice(
        notices.REMINDER,
        channel,
        message,
        alert.handling.answer,
        severity=alert.severity,
        title="Nobody is looking at it yet",
        text=f"For {in_words(wait)} nobody has acknowledged this: {alert.text}",
        channel=channel,
        now=now,
        about=alert.alert_id,
        mention=alert.mention,
    )


def question(alert: Alert, user: str, channel: str, now: datetime) -> Alert:
    """Was it you? To the person, where `channel` is theirs, else to all with their mention."""
    where = f" in {alert.account_name or alert.account_id}" if alert.account_id else ""
    return notices.notice(
        notices.QUESTION,
        alert.alert_id,
        severity=alert.severity,
        title="Was it you?",
        text=f"Was it you? {alert.text}{where}",
        channel=channel,
        now=now,
        about=alert.alert_id,
        mention=None if channel == f"@{user}" else f"<@{user}>",
    )


def no_answer(alert: Alert, channel: str, now: datetime) -> Alert:
    """That who was asked has not answered."""
    return notices.notice(
        notices.NO_ANSWER,
        alert.alert_id,
        channel,
        severity=alert.severity,
        title="No answer to “Was it you?”",
        text=f"{alert.actor} was asked whether it was them, and has not answered for "
        f"{in_words(ANSWER_WITHIN)}: {alert.text}",
        channel=channel,
        now=now,
        about=alert.alert_id,
        mention=alert.mention,
    )


def mute_ended(mute: Mute, hidden: int, now: datetime) -> Alert:
    """How many it hid, and of what."""
    what = f"{mute.by.name}'s mute of {of_what(mute)}"
    how = f"{mute.ended_by.name} ended {what}" if mute.ended_by else f"{what} has ended"
    return notices.notice(
        notices.MUTE_ENDED,
        mute.mute_id,
        severity=Severity.LOW if hidden else Severity.INFO,
        title="A mute has ended",
        text=f"{how}. It hid {_many(hidden)}.",
        channel=mute.channel,
        now=now,
    )


def mute_hides_many(mute: Mute, hidden: int, day: int, now: datetime) -> Alert:
    """That it hides more than it should; one for each day of it."""
    return notices.notice(
        notices.MUTE_HIDES_MANY,
        mute.mute_id,
        day,
        severity=Severity.MEDIUM,
        title="A mute hides many alerts",
        text=f"{mute.by.name}'s mute of {of_what(mute)} hid {_many(hidden)} within a day.",
        channel=mute.channel,
        now=now,
    )


def muted_own_doing(mute: Mute, now: datetime) -> Alert:
    """That whoever made it hides what they did themselves."""
    return notices.notice(
        notices.MUTED_OWN_DOING,
        mute.mute_id,
        severity=Severity.MEDIUM,
        title="Somebody muted what they did themselves",
        text=f"{mute.by.name} muted what they did themselves: {of_what(mute)}.",
        channel=mute.channel,
        now=now,
        about=mute.of_alert,
    )


def of_what(mute: Mute) -> str:
    """What it hides: trail-stopped by alice in 111122223333 (refused, up to high)."""
    who = mute.actor or mute.principal or "somebody not named"
    where = f" in {mute.account_id}" if mute.account_id else ""
    outcome = mute.outcome.value.replace("_", " ")
    return f"{mute.rule_id} by {who}{where} ({outcome}, up to {mute.up_to.value})"


def _many(hidden: int) -> str:
    return "nothing" if not hidden else "1 alert" if hidden == 1 else f"{hidden:,} alerts"
