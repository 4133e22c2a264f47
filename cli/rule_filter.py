"""`rules --subscription-filter`: the filter that the rules need, and which rule widened it."""

from __future__ import annotations

import click

from chalicelib.rules.filter_pattern import compile_pattern
from chalicelib.rules.ruleset import Ruleset
from chalicelib.rules.subscription import Rung, SubscriptionFilter, derive
from cli.rule_examples import examples


def print_subscription_filter(ruleset: Ruleset) -> None:
    """The pattern on standard output; the rung and what forced it beside it."""
    derived = derive(ruleset.rules, ruleset.settings.subscription_filter)
    click.echo(derived.pattern)
    forced = f"rule {derived.forced_by}: " if derived.forced_by else ""
    click.echo(f"rung: {derived.rung.value}", err=True)
    click.echo(f"why: {forced}{derived.reason}", err=True)
    click.echo(f"characters: {len(derived.pattern)} of 1024", err=True)
    if derived.rung is Rung.PINNED:
        _warn_of_what_a_pinned_filter_stops(ruleset, derived)


def _warn_of_what_a_pinned_filter_stops(ruleset: Ruleset, pinned: SubscriptionFilter) -> None:
    known = {rule.id for rule in ruleset.rules}
    passes = compile_pattern(pinned.pattern).matches
    for example in examples():
        if example.fires and example.rule in known and not passes(example.record):
            click.echo(f"warning: it stops an example that fires {example.rule}", err=True)
