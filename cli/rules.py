"""`trailbell.py rules`: list, check and test the rules; derive the subscription filter."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import click

from chalicelib.rules.default_rules import COMPILED, load_defaults
from chalicelib.rules.filter_pattern import compile_pattern, conditions
from chalicelib.rules.lint import lint
from chalicelib.rules.place import RulesError
from chalicelib.rules.rule import Rule, Severity
from chalicelib.rules.ruleset import Ruleset
from chalicelib.rules.subscription import Rung, SubscriptionFilter, derive
from chalicelib.settings import Settings, SettingsError
from cli.files import InputError, find
from cli.files import read as read_records
from cli.rule_compiler import DOCUMENT, compile_defaults, document_defaults
from cli.rule_coverage import Coverage, read_techniques
from cli.rule_examples import ExamplesError, examples, failures, to_test
from cli.verify_live import verify_live_command

HELP = """\
List, check and test the rules.

Exit 1 where an example or the language does not do what it should, 2 where the rules cannot
be loaded.

\b
Every rule with its severity and conditions, the linter's warnings, the examples' result:
  .venv/bin/python trailbell.py rules
\b
The same with your own file laid over the default rules:
  .venv/bin/python trailbell.py rules --rules my-rules.toml
\b
The subscription filter for CloudWatch Logs, and which rule widened it:
  .venv/bin/python trailbell.py rules --subscription-filter
\b
How much of a trail would alert; with a table of line and technique, what is seen of attacks:
  .venv/bin/python trailbell.py rules --coverage trail.jsonl
  .venv/bin/python trailbell.py rules --coverage attacks.jsonl --techniques attacks.tsv
\b
After a change to chalicelib/rules/default/*.toml:
  .venv/bin/python trailbell.py rules --compile
\b
Whether CloudWatch gives the verdicts that we do (needs logs:TestMetricFilter):
  .venv/bin/python trailbell.py rules --verify-live
"""


@click.command(help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--rules",
    "rules_file",
    metavar="FILE",
    help="Your rules, instead of RULES_FILE or local/*.toml.",
)
@click.option("--subscription-filter", is_flag=True, help="Print the filter the rules need.")
@click.option("--coverage", metavar="PATH", multiple=True, help="What records would alert.")
@click.option("--techniques", metavar="TSV", help="With --coverage: each line's technique.")
@click.option(
    "--compile", "compile_", is_flag=True, help="Write what is made of the default rules."
)
@click.option("--verify-live", is_flag=True, help="Ask CloudWatch whether it agrees.")
def rules(
    *,
    rules_file: str | None,
    subscription_filter: bool,
    coverage: tuple[str, ...],
    techniques: str | None,
    compile_: bool,
    verify_live: bool,
) -> None:
    if techniques and not coverage:
        raise click.UsageError("--techniques needs --coverage.")
    if compile_:
        _compile()
        return
    if verify_live:
        verify_live_command()
    rules_file = rules_file or _from_environment()
    ruleset = _load(rules_file)
    if subscription_filter:
        _print_subscription_filter(ruleset)
    elif coverage:
        _print_coverage(ruleset, coverage, techniques)
    else:
        _list_and_test(ruleset, rules_file)


def _from_environment() -> str | None:
    try:
        return Settings.from_env(os.environ).rules_file
    except SettingsError as error:
        raise _UsageError(str(error)) from error


def _load(rules_file: str | None) -> Ruleset:
    try:
        return Ruleset.load(rules_file)
    except RulesError as error:
        raise _UsageError(str(error)) from error


def _list_and_test(ruleset: Ruleset, rules_file: str | None) -> None:
    for rule in ruleset.rules:
        click.echo(f"{rule.id:38} {rule.severity.value:9} {rule.title} ({_conditions(rule)})")
    for rule in ruleset.muted:
        click.echo(f"{rule.id:38} muted     {rule.title}")
    try:
        found = to_test(ruleset, rules_file)
    except ExamplesError as error:
        raise _UsageError(f"the examples cannot be read: {error}") from error
    _warn(ruleset)
    failed = failures(ruleset, found)
    for sentence in failed:
        click.echo(f"failed: {sentence}", err=True)
    click.echo(_summary(ruleset, len(found), len(failed)), err=True)
    if failed:
        raise SystemExit(1)


def _warn(ruleset: Ruleset) -> None:
    patterns = ((rule, text) for rule in ruleset.rules for text in (rule.pattern, *rule.exceptions))
    for rule, text in patterns:
        for warning in lint(compile_pattern(text)):
            click.echo(f"warning: {rule.id}: {warning.text}: {warning.message}", err=True)


def _conditions(rule: Rule) -> str:
    expressions = (compile_pattern(text).expression for text in (rule.pattern, *rule.exceptions))
    count = sum(len(list(conditions(expression))) for expression in expressions if expression)
    return f"{count} condition{'s' if count != 1 else ''}"


def _summary(ruleset: Ruleset, tested: int, failed: int) -> str:
    counts = Counter(rule.severity for rule in ruleset.rules)
    by_severity = ", ".join(f"{counts[level]} {level.value}" for level in reversed(Severity))
    return (
        f"{len(ruleset.rules)} rules ({by_severity}), {len(ruleset.muted)} muted, "
        f"{tested} examples tested, {failed} failed"
    )


def _print_subscription_filter(ruleset: Ruleset) -> None:
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


def _print_coverage(ruleset: Ruleset, paths: tuple[str, ...], techniques: str | None) -> None:
    try:
        sources, _ = find(paths)
        by_line = read_techniques(Path(techniques)) if techniques else {}
    except (InputError, OSError, KeyError, ValueError) as error:
        raise _UsageError(str(error)) from error
    total = Coverage()
    for source in sources:
        for entry in read_records(source):
            total.read(ruleset, entry, by_line)
    click.echo("\n".join(total.report()))


def _compile() -> None:
    try:
        COMPILED.write_text(compile_defaults(), encoding="utf-8")
    except RulesError as error:
        raise _UsageError(str(error)) from error
    document = document_defaults(DOCUMENT.read_text(encoding="utf-8"), load_defaults()[0])
    DOCUMENT.write_text(document, encoding="utf-8")
    click.echo(f"wrote {COMPILED}\nwrote {DOCUMENT}", err=True)


class _UsageError(click.ClickException):
    """One clear line on stderr."""

    exit_code = 2
