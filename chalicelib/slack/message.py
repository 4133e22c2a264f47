"""Alerts → one Slack message: the chat.postMessage payload without the token (pure).

`text` is the visible headline and what a notification shows; below it, in the colour of the
severity, an attachment tells the rest. What is shown is a whitelist of an alert's fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.post import Post, PostKind
from chalicelib.delivery.ports import FORMS
from chalicelib.slack import addresses, card, digests
from chalicelib.slack.limits import USERNAME, violations
from chalicelib.slack.mrkdwn import date, mention
from chalicelib.slack.parts import Json, plainest_lines, sentence, word

HEADLINE = 500
# Escaping makes five characters of one: the headline has to fit then too.
PLAINEST, PLAINEST_HEADLINE = 1500, 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What every message looks like; `sample` marks it as made up."""

    username: str | None = None
    public_url: str | None = None
    sample: bool = False


def single(
    alert: Alert,
    *,
    channel: str,
    post_id: str,
    look: Look,
    repeats: int = 1,
    last_at: datetime | None = None,
    possible_repeat: bool = False,
    form: int = 0,
    corrected: bool = False,
) -> Json:
    """The message for one alert: a full card for critical and high, a compact block for others.

    `repeats` above 1 is shown as × N with the time of the last; `form` 1 leaves one section, 2
    plain text of at most 1,500 characters.
    """
    marks = _marks(look, possible_repeat, corrected)
    headline = _headline(alert, repeats, last_at, marks, HEADLINE)
    shorter = _headline(alert, repeats, last_at, marks, PLAINEST_HEADLINE)
    url = look.public_url
    forms: tuple[Callable[[], Json], ...] = (
        lambda: {"text": headline, "attachments": [card.full_or_compact(alert, url)]},
        lambda: {"text": headline, "attachments": [card.one_section(alert)]},
        lambda: {"text": _cut_lines([shorter, *plainest_lines(alert)])},
    )
    return _first_valid(forms, form, _envelope(channel, post_id, look))


def digest(
    alerts: Sequence[Alert],
    *,
    channel: str,
    post_id: str,
    look: Look,
    possible_repeat: bool = False,
    form: int = 0,
) -> Json:
    """One message for up to 250 alerts: counts by rule, actor and account, the largest first."""
    groups = digests.grouped(alerts)
    marks = _marks(look, possible_repeat, corrected=False)
    headline = _joined(marks, digests.headline(alerts, groups), _mentions(alerts))
    forms: list[Callable[[], Json]] = [
        lambda most=most: {  # type: ignore[misc]
            "text": headline,
            "attachments": [digests.attachment(alerts, groups, most, look.public_url)],
        }
        for most in ((digests.MOST_LINES, 12, 4) if form == 0 else (4,))
    ]
    forms.append(lambda: {"text": _cut_lines([headline, *digests.lines(groups, 10)])})
    first = 0 if form < FORMS - 1 else len(forms) - 1
    return _first_valid(tuple(forms), first, _envelope(channel, post_id, look))


def composer(look: Look) -> Callable[..., Json]:
    """What dispatch writes messages with: post and alerts in, payload out."""

    def compose(post: Post, alerts: Sequence[Alert], *, form: int, possible_repeat: bool) -> Json:
        if post.kind is PostKind.DIGEST:
            return digest(
                alerts,
                channel=post.channel,
                post_id=post.post_id,
                look=look,
                possible_repeat=possible_repeat,
                form=form,
            )
        first = alerts[0]
        return single(
            first,
            channel=post.channel,
            post_id=post.post_id,
            look=look,
            repeats=post.repeats,
            last_at=max(alert.event_time for alert in alerts),
            possible_repeat=possible_repeat,
            form=form,
            corrected=post.kind is PostKind.UPDATE and post.alert_ids == (first.alert_id,),
        )

    return compose


def url_of(post: Post, api_url: str | None) -> str | None:
    """Where people read the post's message; None where it did not go to Slack."""
    return addresses.slack_url(post, api_url)


def _envelope(channel: str, post_id: str, look: Look) -> Json:
    envelope: Json = {
        "channel": channel,
        "metadata": {"event_type": "trailbell_post", "event_payload": {"post_id": post_id}},
        "unfurl_links": False,
        "unfurl_media": False,
        "link_names": False,
        "parse": "none",
    }
    if look.username:
        envelope["username"] = look.username[:USERNAME]
    return envelope


def _first_valid(forms: Sequence[Callable[[], Json]], first: int, envelope: Json) -> Json:
    """The first form, from `first` on, that keeps Slack's limits; the last is always short."""
    payload: Json = {}
    for form in forms[min(first, len(forms) - 1) :]:
        payload = {**envelope, **form()}
        if not violations(payload):
            break
    return payload


def _headline(
    alert: Alert, repeats: int, last_at: datetime | None, marks: list[str], limit: int
) -> str:
    words = f"*{word(alert.severity)}* · {sentence(alert, limit)}"
    again = f" *× {repeats}*" if repeats > 1 else ""
    if again and last_at:
        again += f", last {date(last_at)}"
    return _joined(marks, words + again, mention(alert.mention))


def _marks(look: Look, possible_repeat: bool, corrected: bool) -> list[str]:
    marks = (
        (look.sample, "[SAMPLE]"),
        (possible_repeat, "[possible repeat]"),
        (corrected, "[corrected]"),
    )
    return [text for wanted, text in marks if wanted]


def _mentions(alerts: Iterable[Alert]) -> str:
    return " ".join(dict.fromkeys(found for alert in alerts if (found := mention(alert.mention))))


def _joined(marks: list[str], words: str, called: str) -> str:
    return " ".join([*marks, words, *([called] if called else [])])


def _cut_lines(lines: Iterable[str]) -> str:
    """As many whole lines as fit: a cut inside one could split an entity."""
    text = ""
    for line in lines:
        if len(text) + len(line) + 1 > PLAINEST:
            break
        text = f"{text}\n{line}" if text else line
    return text
