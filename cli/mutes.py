"""`mutes`: what is not told for a while, made and ended by the operator."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import click

from chalicelib.alerts.alert import Alert, iso
from chalicelib.alerts.archive import AlertQuery
from chalicelib.alerts.clicks import Action, Click, Handled, Reply
from chalicelib.alerts.deciding import decision
from chalicelib.alerts.handling import COMMAND, Person
from chalicelib.alerts.mutes import LONGEST, MOST_MUTES, SPANS, Mute, lasting
from chalicelib.alerts.outbox import StoreError
from chalicelib.aws_errors import explained
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.rules import spans
from chalicelib.settings import Settings, SettingsError
from chalicelib.stores.store import Store
from cli import options
from cli.pressing import user_name
from terminal.errors import Said

_ALERT = re.compile(r"[0-9a-f]{32}")
# How many pages of alerts are looked through for what is to be muted.
_PAGES, _PAGE = 50, 200


_REFUSALS = {
    Reply.NEVER_MUTED: "What is critical, of several principals, or about Trailbell itself, is "
    "never muted.",
    Reply.TOO_MANY_MUTES: f"{MOST_MUTES} mutes are in force, and there may be no more: end one.",
    Reply.GONE: "There is no such alert (any more).",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be muted: an alert's id, or a rule with what narrows it."""

    what: str
    actor: str | None
    account: str | None
    outcome: Outcome | None

    def is_of(self, alert: Alert) -> bool:
        """Whether the alert is one of it."""
        told = (
            (self.actor, (alert.actor, alert.principal)),
            (self.account, (alert.account_id,)),
            (self.outcome, (alert.outcome,)),
        )
        is_asked = all(wanted is None or wanted in have for wanted, have in told)
        return alert.rule_id == self.what and is_asked


@click.command()
@click.option("--add", metavar="RULE", help="Mute what this rule tells; or an alert's whole id.")
@click.option("--actor", metavar="NAME", help="With --add: by whom, as alerts name them.")
@click.option("--account", metavar="NUMBER", help="With --add: in which account.")
@click.option(
    "--outcome",
    type=click.Choice([outcome.value for outcome in Outcome]),
    help="With --add: what came of the calls.",
)
@click.option("--for", "span", metavar="SPAN", help="With --add: 45m, 8h, 7d at most. Default: 1h.")
@click.option("--why", metavar="TEXT", help="With --add: what others read.")
@click.option("--end", metavar="ID", help="End this mute (the start of its id will do).")
@options.STORE
def mutes(
    add: str | None,
    actor: str | None,
    account: str | None,
    outcome: str | None,
    span: str | None,
    why: str | None,
    end: str | None,
    store: str | None,
) -> None:
    """List what is muted, mute something, or end a mute.

    A mute is of one rule, one principal, one account and one outcome, up to the severity of the
    newest alert that is like that. It hides messages, never alerts.

    \b
    Examples:
      .venv/bin/python trailbell.py mutes
      .venv/bin/python trailbell.py mutes --add trail-stopped --actor alice \\
        --for 8h --why "drill"
      .venv/bin/python trailbell.py mutes --end 5f2a09c1
    """
    narrowed = (actor, account, outcome, span, why)
    if add is None and any(each is not None for each in narrowed):
        raise click.UsageError("--actor, --account, --outcome, --for and --why go with --add RULE.")
    if add is not None and end is not None:
        raise click.UsageError("--add and --end: which of the two?")
    try:
        settings = Settings.from_env(os.environ)
        kept = options.opened(store, settings, to_change=bool(add or end))
        if kept is None:
            click.echo("Nothing is muted.")
            return
        if add is not None:
            chosen = Outcome(outcome) if outcome else None
            wanted = Wanted(what=add, actor=actor, account=account, outcome=chosen)
            _add(kept, wanted, _span(span or "1h"), why or "")
        elif end is not None:
            _end(kept, end)
        else:
            _list(kept)
    except StoreError as error:
        raise Said(explained(error)) from error
    except (SettingsError, ValueError) as error:
        raise click.UsageError(str(error)) from error


def _span(text: str) -> timedelta:
    with suppress(ValueError):
        found = spans.span(text)
        if found <= LONGEST:
            return found
    some = ", ".join(SPANS)
    raise click.UsageError(f"--for is {text!r}; it takes a time up to 7 days, such as {some}.")


def _add(store: Store, wanted: Wanted, span: timedelta, why: str) -> None:
    alert = _alert(store, wanted)
    click_ = Click(
        action=Action.MUTE,
        subject=alert.alert_id,
        person=_operator(),
        at=datetime.now(UTC),
        span=span,
        why=why,
    )
    done: Handled = store.handlings.handle(alert.alert_id, decision(click_), click_.at)
    if done.mute is None:
        raise click.UsageError(_REFUSALS[done.reply])
    again = "In force already" if done.reply is Reply.MUTED_ALREADY else "Muted"
    click.echo(f"{again}: {_words(done.mute)}")


def _alert(store: Store, wanted: Wanted) -> Alert:
    """The newest alert that is one of what is to be muted."""
    if _ALERT.fullmatch(wanted.what):
        found = store.archive.get(wanted.what)
        if found is None or found.alert.notice:
            raise click.UsageError(f"There is no alert {wanted.what}.")
        return found.alert
    cursor = None
    for _ in range(_PAGES):
        query = AlertQuery(account=(wanted.account,) if wanted.account else ())
        page = store.archive.search(query, _PAGE, cursor)
        like = [each.alert for each in page.alerts if wanted.is_of(each.alert)]
        if like:
            return _only(like)
        cursor = page.next_cursor
        if cursor is None:
            break
    raise click.UsageError(
        f"No alert that is kept is of the rule {wanted.what!r} and like that: a mute is made from "
        "one. `rules` lists the rules' ids, GET /alerts the alerts."
    )


def _only(like: list[Alert]) -> Alert:
    """The newest of them; where they are by several, it must be said whose are to be muted."""
    _one("actor", like, lambda alert: alert.actor)
    _one("account", like, lambda alert: alert.account_id)
    _one("outcome", like, lambda alert: alert.outcome.value)
    return like[0]


def _one(what: str, like: list[Alert], of: Callable[[Alert], str]) -> None:
    values = list(dict.fromkeys(of(alert) for alert in like))
    if len(values) > 1:
        named = ", ".join(values[:5]) + (" …" if len(values) > 5 else "")
        raise click.UsageError(f"Its alerts are of several: say which by --{what}: {named}.")


def _end(store: Store, start: str) -> None:
    chosen = [mute for mute in store.mutes.in_force() if mute.mute_id.startswith(start)]
    if len(chosen) != 1:
        number = "none" if not chosen else str(len(chosen))
        raise click.UsageError(
            f"{start!r} should begin the id of one mute in force; {number} does."
        )
    store.mutes.end(chosen[0].mute_id, datetime.now(UTC), _operator())
    click.echo(f"Ended: {_words(chosen[0])}. {_hidden(store, chosen[0])}; the next sweep says so.")


def _list(store: Store) -> None:
    found = lasting(store.mutes.in_force(), datetime.now(UTC))
    for mute in found:
        click.echo(f"{_words(mute)}. {_hidden(store, mute)}.")
    if not found:
        click.echo("Nothing is muted.")


def _words(mute: Mute) -> str:
    why = f" ({mute.why})" if mute.why else ""
    return (
        f"{mute.mute_id[:12]}  {mute.rule_id} by {mute.actor} in {mute.account_id}, "
        f"{mute.outcome.value}, up to {mute.up_to.value}, until {iso(mute.until)}, "
        f"by {mute.by.name}{why}"
    )


def _hidden(store: Store, mute: Mute) -> str:
    return f"{store.mutes.hidden(mute.mute_id)} hidden"


def _operator() -> Person:
    name = user_name()
    return Person(id=name, name=name, via=COMMAND)
