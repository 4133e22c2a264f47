"""`trailbell.py rules --import-sigma` and `--export-sigma`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from chalicelib.rules.default_rules import load_defaults
from chalicelib.rules.prose import with_prose
from chalicelib.rules.rule import Rule
from chalicelib.rules.ruleset import Ruleset
from chalicelib.rules.user_rules import read as read_rules
from cli.sigma.reading import Imported, LeftOut, SigmaFileError, read
from cli.sigma.rule_text import rule_file
from cli.sigma.writing import write
from terminal.errors import Said

# Texts that are compared by case, as many as a line names.
NAMED = 3
# CloudTrail has one spelling for each value of these.
ONE_SPELLING = frozenset(
    {"awsRegion", "eventName", "eventSource", "eventType", "userIdentity.type"}
)


def import_sigma(paths: Sequence[str]) -> int:
    """Print a rule file that says what the Sigma files say; on stderr what it does not say.

    Returns the exit code: 1 where no rule can be said at all.
    """
    if not paths:
        raise Said("--import-sigma needs a FILE: Sigma rules in YAML.")
    taken = (rule.id for rule in load_defaults()[0])
    try:
        found = read([Path(path) for path in paths], taken)
    except SigmaFileError as error:
        raise Said(str(error)) from error
    click.echo(rule_file(found.imported), nl=False)
    for line in (*map(_left_out, found.left_out), *filter(None, map(_narrowed, found.imported))):
        click.echo(line, err=True)
    click.echo(_summary(found.imported, found.left_out), err=True)
    return 0 if found.imported else 1


def export_sigma(ruleset: Ruleset, names: Sequence[str], rules_file: str | None) -> None:
    """Print the named rules as Sigma rules; without names the user's file's, else all of them."""
    written = write(with_prose(_chosen(ruleset, names, rules_file)))
    click.echo(written.text, nl=False)
    for line in written.left_out:
        click.echo(f"left out: {line}", err=True)
    click.echo(f"{written.said} rules exported, {len(written.left_out)} left out", err=True)


def _chosen(ruleset: Ruleset, names: Sequence[str], rules_file: str | None) -> list[Rule]:
    by_id = {rule.id: rule for rule in ruleset.rules}
    for name in names:
        if name not in by_id:
            raise Said(
                f"--export-sigma: no rule {name!r} is in force; `trailbell.py rules` lists them."
            )
    if not names and rules_file:
        names = [table.id for table in read_rules(Path(rules_file)).rules if table.id in by_id]
    return [by_id[name] for name in names] if names or rules_file else list(ruleset.rules)


def _left_out(rule: LeftOut) -> str:
    return f"left out: {rule.file}: {rule.title}: {rule.why}"


def _narrowed(rule: Imported) -> str:
    """The texts whose case may well differ in a record: CloudTrail writes names in one way."""
    texts = [f"{field} {text!r}" for field, text in rule.narrowed if field not in ONE_SPELLING]
    named = ", ".join(texts[:NAMED])
    more = f" and {len(texts) - NAMED} more" if len(texts) > NAMED else ""
    return f"narrowed: {rule.table['id']}: case counts in {named}{more}" if texts else ""


def _summary(imported: Sequence[Imported], left_out: Sequence[LeftOut]) -> str:
    fields = [field for rule in imported for field, _ in rule.narrowed]
    varying = sum(field not in ONE_SPELLING for field in fields)
    return (
        f"{len(imported)} of {len(imported) + len(left_out)} rules imported whole; they compare"
        f" {len(fields)} texts by case, which Sigma does not: {varying} of them in fields that"
        " are not always spelt in one way"
    )
