"""Alerts → one Slack message: the chat.postMessage payload without the token (pure).

`text` is the visible headline and what a notification shows: what happened, how often, and the
rule's title, which says why it is told. Below it, in the colour of the
severity, an attachment tells the rest. What is shown is a whitelist of an alert's fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.handling import UNHANDLED
from chalicelib.alerts.post import Post, PostKind
from chalicelib.delivery.ports import FORMS
from chalicelib.slack import addresses, card, digests, notices, together
from chalicelib.slack.buttons import handled
from chalicelib.slack.limits import HEADER, TEXT, USERNAME, violations
from chalicelib.slack.mrkdwn import mention, say
from chalicelib.slack.parts import Json, plainest_lines, sentence, word
from chalicelib.slack.repeats import repeated

HEADLINE = 500
# Escaping makes five characters of one: the headline has to fit then too.
PLAINEST, PLAINEST_HEADLINE = 1500, 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What every message looks like; `buttons` are those that act, which need a way back, and
    `sample` marks it as made up.
    """

    username: str | None = None
    public_url: str | None = None
    buttons: bool = False
    sample: bool = False


def single(
    alert: Alert,
    *,
    channel: str,
    post_id: str,
    look: Look,
    repeats: int = 1,
    last_at: datetime | None = None,
    also: Sequence[str] = (),
    possible_repeat: bool = False,
    form: int = 0,
    corrected: bool = False,
) -> Json:
    """The message for one alert: a full card for critical and high, a compact block for others.

    `repeats` above 1 is shown as × N with what differs (see Post.also) and the time of the last;
    `form` 1 leaves one section, 2 plain text of at most 1,500 characters.
    """
    marks = _marks(look, possible_repeat, corrected)
    again = repeated(alert, repeats, also, last_at)
    title = "" if alert.notice else f" · {say(alert.title, HEADER)}"
    headline = _headline(alert, f"{again}{title}", marks, HEADLINE)
    url = look.public_url
    whole = notices.attachment if alert.notice else card.full_or_compact
    forms: tuple[Callable[[], Json], ...] = (
        lambda: {"text": headline, "attachments": [whole(alert, url, look.buttons)]},
        lambda: {"text": headline, "attachments": [card.one_section(alert)]},
        lambda: {"text": _cut_lines([shorter(), *together.line(alert), *_plain(alert)])},
    )

    def shorter() -> str:
        fewer = repeated(alert, repeats, also, last_at, names=0)
        return _headline(alert, fewer, marks, PLAINEST_HEADLINE)

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
    """One message for up to 250 alerts: see digests. What Slack would refuse in one shape takes
    the next; `form` 1 begins with a short one, 2 is plain text.
    """
    groups = digests.grouped(alerts)
    marks = _marks(look, possible_repeat, corrected=False)
    headline = _joined(marks, digests.headline(alerts, groups), _mentions(alerts))
    forms = [_digest_in(shape, alerts, groups, headline, look) for shape in digests.SHAPES]
    forms += [_plain_digest_in(shape, groups, headline) for shape in digests.PLAIN]
    forms.append(
        lambda: {"text": _cut_lines([headline, *digests.lines(groups, digests.SHAPES[-1])], TEXT)}
    )
    first = (0, digests.SHORT, len(digests.SHAPES))[min(form, FORMS - 1)]
    return _first_valid(forms, first, _envelope(channel, post_id, look))


def _plain(alert: Alert) -> list[str]:
    if alert.notice:
        return notices.lines(alert)
    return [say(alert.title, HEADER), *handled(alert.handling), *plainest_lines(alert)]


def composer(look: Look) -> Callable[..., Json]:
    """What dispatch writes messages with: post and alerts in, payload out."""

    def compose(post: Post, alerts: Sequence[Alert], *, form: int, possible_repeat: bool) -> Json:
        payload = written(post, alerts, form=form, possible_repeat=possible_repeat)
        return {**payload, "thread_ts": post.thread_ts} if post.thread_ts else payload

    def written(post: Post, alerts: Sequence[Alert], *, form: int, possible_repeat: bool) -> Json:
        if post.kind is PostKind.DIGEST or post.digest:
            return digest(
                alerts,
                channel=post.channel,
                post_id=post.post_id,
                look=look,
                possible_repeat=possible_repeat,
                form=form,
            )
        first = alerts[0]
        corrects = post.kind is PostKind.UPDATE and post.alert_ids == (first.alert_id,)
        return single(
            first,
            channel=post.channel,
            post_id=post.post_id,
            look=look,
            repeats=post.repeats,
            last_at=None if corrects else max(alert.event_time for alert in alerts),
            also=post.also,
            possible_repeat=possible_repeat,
            form=form,
            corrected=corrects and _is_corrected(first),
        )

    return compose


def _is_corrected(alert: Alert) -> bool:
    """Whether an update of its message tells a correction, not a count or who looks at it."""
    return alert.together is None and (alert.handling == UNHANDLED or bool(alert.changes))


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


def _headline(alert: Alert, after: str, marks: list[str], limit: int) -> str:
    words = f"*{word(alert.severity)}* · {sentence(alert, limit)}{after}"
    return _joined(marks, words, mention(alert.mention))


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


def _digest_in(
    shape: digests.Shape,
    alerts: Sequence[Alert],
    groups: Sequence[digests.Group],
    headline: str,
    look: Look,
) -> Callable[[], Json]:
    def written() -> Json:
        below = digests.attachment(alerts, groups, shape, look.public_url, look.buttons)
        return {"text": headline, "attachments": [below]}

    return written


def _plain_digest_in(
    shape: digests.Shape, groups: Sequence[digests.Group], headline: str
) -> Callable[[], Json]:
    return lambda: {"text": "\n".join([headline, *digests.lines(groups, shape)])}


def _cut_lines(lines: Iterable[str], limit: int = PLAINEST) -> str:
    """As many whole lines as fit: a cut inside one could split an entity."""
    text = ""
    for line in lines:
        if len(text) + len(line) + 1 > limit:
            break
        text = f"{text}\n{line}" if text else line
    return text
