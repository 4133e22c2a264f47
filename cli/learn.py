"""`learn`: what is usual, for the rules that tell what was not seen before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import click

from chalicelib.alerts import over_time
from chalicelib.alerts.members import Group, Sighting
from chalicelib.alerts.outbox import StoreError
from chalicelib.alerts.seen_days import DAY
from chalicelib.aws_errors import explained
from chalicelib.bootstrap import Program
from chalicelib.parameters import SecretError
from chalicelib.rules.place import RulesError
from chalicelib.rules.rule import Rule
from chalicelib.settings import SettingsError
from cli import options
from cli.batch import Batch
from cli.files import find
from cli.log_group import logs_client, read_log_group
from cli.reading import How, read_all
from cli.replay import check_sources, program_of, terms_of
from cli.s3.archive import Archive
from cli.sources import InputError
from cli.span import Span, moment
from cli.unit import Worker
from cli.unreadable import Unreadables
from terminal.errors import Said


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH...]")
@options.STORE
@options.RULES
@options.LOG_GROUP
@options.SINCE
@options.JOBS
@options.SCHEDULER
@options.REQUESTER_PAYS
def learn(
    paths: tuple[str, ...],
    store: str | None,
    rules_file: str | None,
    log_group: str | None,
    since_text: str | None,
    jobs: int | None,
    scheduler: str | None,
    requester_pays: bool,
) -> None:
    """Say what is usual, to the rules that tell what is new.

    Reads what replay reads and takes all of it for known: nothing is told. Afterwards the rules of
    type new_terms learn no longer, whatever span was read: what they see from then on for the first
    time they tell. Learning the same again changes nothing.

    \b
    Examples:
      .venv/bin/python trailbell.py learn trail/
      .venv/bin/python trailbell.py learn --store dynamodb:///trailbell-dev trail/
      .venv/bin/python trailbell.py learn \\
        --from-log-group trailbell-dev-cloudtrail --since 14d
    """
    check_sources(paths, log_group, since_text)
    try:
        start = moment("--since", since_text, datetime.now(UTC)) if since_text else None
        learning = Learning(program_of(store, rules_file))
        span = Span(start=start)
        archive = Archive(span=span, requester_pays=requester_pays)
        sources, _ = find(paths, archive)
        worker = Worker(replace(terms_of(learning.program), span=span, only_terms=True))
        learning.read(read_all(sources, worker, How(jobs, scheduler)))
        if log_group:
            learning.read(worker.judged(read_log_group(logs_client(), log_group, span)))
        learning.end()
    except (InputError, SecretError, SettingsError, RulesError, StoreError) as error:
        raise Said(explained(error)) from error
    learning.unreadables.tell_the_rest()
    for line in learning.lines():
        click.echo(line)


@dataclass(slots=True)
class Learning:
    """What was seen: of each group and day the earliest sight."""

    program: Program
    records: int = 0
    unreadables: Unreadables = field(default_factory=Unreadables)
    seen: dict[tuple[Group, int], Sighting] = field(default_factory=dict)

    @property
    def rules(self) -> Sequence[Rule]:
        """The rules that learn."""
        return [rule for rule in self.program.ruleset.rules if over_time.is_of_terms(rule)]

    @property
    def has_read(self) -> bool:
        """Whether a record could be read, or there was none."""
        return self.records > 0 or self.unreadables.count == 0

    def read(self, batches: Iterable[Batch]) -> None:
        """See every record, a batch at a time. Raises InputError where no rule would learn."""
        if not self.rules:
            raise InputError("no rule of type new_terms is in force, so there is nothing to learn")
        for batch in batches:
            self.records += batch.readable
            for where, reason in batch.unreadable:
                self.unreadables.tell(where, reason)
            if batch.readable:
                self.unreadables.speak()
            for sighting in batch.judged.sightings:
                self._see(sighting)

    def end(self) -> None:
        """Remember it. Where nothing could be read nothing is learned. Raises StoreError."""
        if self.has_read:
            memory, now = self.program.store.memory, self.program.now()
            over_time.learn(self.seen.values(), self.rules, memory, now)

    def lines(self) -> Iterator[str]:
        """What was learned, a rule a line."""
        days: dict[str, set[int]] = defaultdict(set)
        groups: dict[str, set[str]] = defaultdict(set)
        for group, day in self.seen:
            days[group.rule.id].add(day)
            groups[group.rule.id].add(group.key)
        yield f"records read {self.records:,}, unreadable {self.unreadables.count:,}"
        for rule in self.rules:
            known, on = len(groups[rule.id]), len(days[rule.id])
            yield f"{rule.id:38} knows {known:,} values, seen on {on:,} days"

    def _see(self, sighting: Sighting) -> None:
        key = sighting.group, sighting.first.at // DAY
        there = self.seen.get(key)
        if there is None or sighting.first.at < there.first.at:
            self.seen[key] = sighting
