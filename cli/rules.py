"""`trailbell.py rules`: list, check and test the rules; derive the subscription filter."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType

import click

from chalicelib.rules.default_rules import load_defaults
from chalicelib.rules.place import RulesError
from chalicelib.rules.prose import with_prose
from chalicelib.rules.ruleset import Ruleset
from chalicelib.settings import DEFAULT_CHANNEL, Settings, SettingsError
from chalicelib.web.views import rules_view
from cli import catalogue_coverage as catalogues
from cli import options
from cli.files import find
from cli.files import read as read_records
from cli.rule_completeness import own_amiss
from cli.rule_coverage import Coverage, read_techniques
from cli.rule_effects import Effects, Messages, compare
from cli.rule_examples import ExamplesError, failures, to_test
from cli.rule_filter import print_subscription_filter
from cli.rule_listing import described, listed, summary
from cli.rule_warnings import warnings
from cli.rule_writer import write_defaults
from cli.rules_help import HELP
from cli.sources import InputError
from cli.texts import Read
from cli.verify_live import verify_live_command
from terminal.commands import nearest
from terminal.errors import Said
from terminal.tables import hung, width


@click.command(help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("paths", nargs=-1, metavar="[RULE...|PATH...]")
@options.RULES
@click.option("--subscription-filter", is_flag=True, help="Print the filter the rules need.")
@click.option("--diff", "other", metavar="FILE", help="Compare with these rules, over PATH.")
@click.option("--coverage", metavar="PATH", multiple=True, help="What records would alert.")
@click.option("--techniques", metavar="TSV", help="With --coverage: each line's technique.")
@click.option(
    "--catalogues",
    "catalogues_",
    metavar="WORD",
    help="Search docs/coverage.tsv, by technique too.",
)
@click.option(
    "--compile", "compile_", is_flag=True, help="Write what is made of the default rules."
)
@click.option("--import-sigma", is_flag=True, help="Print a rule file of Sigma's, each PATH.")
@click.option(
    "--export-sigma", is_flag=True, help="Print rules as Sigma's: RULEs, your file's, all."
)
@click.option("--json", "as_json", is_flag=True, help="What GET /rules answers, for scripts.")
@click.option("--verify-live", is_flag=True, help="Ask CloudWatch whether it agrees.")
def rules(
    *,
    paths: tuple[str, ...],
    rules_file: str | None,
    other: str | None,
    subscription_filter: bool,
    coverage: tuple[str, ...],
    techniques: str | None,
    catalogues_: str | None,
    compile_: bool,
    import_sigma: bool,
    export_sigma: bool,
    as_json: bool,
    verify_live: bool,
) -> None:
    if techniques and not coverage:
        raise click.UsageError("--techniques needs --coverage.")
    if other and not paths:
        raise click.UsageError("--diff needs a PATH: the records to compare by.")
    if compile_:
        _compile()
        return
    if catalogues_ is not None:
        _search(catalogues_)
        return
    if import_sigma:
        raise SystemExit(_sigma().import_sigma(paths))
    if verify_live:
        verify_live_command()
    rules_file = rules_file or _settings().rules_file
    ruleset = _load(rules_file)
    if as_json:
        click.echo(json.dumps(rules_view(ruleset), indent=2, default=str))
    elif export_sigma:
        _sigma().export_sigma(ruleset, paths, rules_file)
    elif subscription_filter:
        print_subscription_filter(ruleset)
    elif coverage:
        _print_coverage(ruleset, coverage, techniques)
    elif other:
        _print_differences(ruleset, _load(other), paths)
    elif told := described(ruleset, paths):
        click.echo(told)
    elif paths:
        _print_effects(ruleset, paths)
    else:
        _list_and_test(ruleset, rules_file)


def _settings() -> Settings:
    try:
        return Settings.from_env(os.environ)
    except SettingsError as error:
        raise Said(str(error)) from error


def _load(rules_file: str | None) -> Ruleset:
    try:
        return Ruleset.load(rules_file)
    except RulesError as error:
        raise Said(str(error)) from error


def _list_and_test(ruleset: Ruleset, rules_file: str | None) -> None:
    try:
        found = to_test(ruleset, rules_file)
    except ExamplesError as error:
        raise Said(f"the examples cannot be read: {error}") from error
    click.echo("\n".join(listed(ruleset, width())))
    failed = failures(ruleset, found)
    own = own_amiss(ruleset, found)
    complaints = [f"warning: {one}" for one in (*warnings(ruleset, datetime.now(UTC)), *own)]
    complaints += [f"failed: {sentence}" for sentence in failed]
    for line in [*complaints, summary(ruleset, len(found), len(failed))]:
        click.echo("\n".join(hung(line, width(sys.stderr), 2)), err=True)
    if failed:
        raise SystemExit(1)


def _print_effects(ruleset: Ruleset, paths: tuple[str, ...]) -> None:
    effects = Effects(ruleset)
    effects.read(_records(ruleset, paths))
    effects.unreadables.tell_the_rest()
    click.echo("\n".join(effects.report()))


def _print_differences(ruleset: Ruleset, other: Ruleset, paths: tuple[str, ...]) -> None:
    channel = _settings().slack_channel
    if channel.startswith("ssm:"):
        channel = DEFAULT_CHANNEL
    now = datetime.now(UTC)
    before, after = Messages(ruleset, channel, now), Messages(other, channel, now)
    compared = list(compare(before, after, _records(ruleset, paths)))
    before.unreadables.tell_the_rest()
    click.echo("\n".join(compared))


def _records(ruleset: Ruleset, paths: tuple[str, ...]) -> Iterator[Read]:
    try:
        sources, _ = find(paths)
    except InputError as error:
        known = [rule.id for rule in ruleset.rules]
        near = next(filter(None, (nearest(path, known) for path in paths)), "")
        raise Said(f"{error}, and no rule's id.{near}") from error
    for source in sources:
        yield from read_records(source)


def _print_coverage(ruleset: Ruleset, paths: tuple[str, ...], techniques: str | None) -> None:
    try:
        sources, _ = find(paths)
        by_line = read_techniques(Path(techniques)) if techniques else {}
    except (InputError, OSError, KeyError, ValueError) as error:
        raise Said(str(error)) from error
    total = Coverage()
    for source in sources:
        for entry in read_records(source):
            total.read(ruleset, entry, by_line)
    total.unreadables.tell_the_rest()
    click.echo("\n".join(total.report()))


def _compile() -> None:
    try:
        written = write_defaults()
    except (RulesError, catalogues.CoverageError, OSError) as error:
        raise Said(str(error)) from error
    click.echo("\n".join(f"wrote {path}" for path in written), err=True)


def _sigma() -> ModuleType:
    # pySigma takes a fifth of a second to import, and a .venv of before may lack it.
    try:
        return import_module("cli.sigma.command")
    except ModuleNotFoundError as error:
        raise Said(f"{error}; Sigma rules are read with pySigma. Run make setup.") from error


def _search(word: str) -> None:
    found = catalogues.search(_rows(), with_prose(load_defaults()[0]), word)
    click.echo("\n".join(found) or f"no row has to do with {word}")


def _rows() -> list[catalogues.Row]:
    try:
        return catalogues.read_rows()
    except (catalogues.CoverageError, OSError) as error:
        raise Said(str(error)) from error
