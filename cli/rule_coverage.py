"""What the rules would make of real trails: the noise of reads, the techniques they see."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from chalicelib.cloudtrail.record import Record, RecordError
from chalicelib.ingest.envelopes import Broken
from chalicelib.rules.rule import Severity
from chalicelib.rules.ruleset import Ruleset
from cli.texts import Read
from cli.unreadable import Unreadables

# Reads that a rule names because what they return opens doors; each is meant to alert.
CREDENTIAL_READS = {
    "secret-read-by-person": ("GetSecretValue", "BatchGetSecretValue"),
    "secure-parameter-read-by-person": (
        "GetParameter",
        "GetParameters",
        "GetParametersByPath",
        "GetParameterHistory",
    ),
    "windows-password-read": ("GetPasswordData",),
    "user-data-read": ("DescribeInstanceAttribute",),
    "certificate-exported": ("ExportCertificate",),
}


@dataclass(slots=True)
class Coverage:
    """Counts over the records of some files."""

    records: int = 0
    unreadables: Unreadables = field(default_factory=Unreadables)
    matched: int = 0
    reads: int = 0  # successful and read-only, credential reads left out
    noisy_reads: Counter[str] = field(default_factory=Counter)
    credential_reads: Counter[str] = field(default_factory=Counter)
    techniques: dict[str, Severity | None] = field(default_factory=dict)

    def read(self, ruleset: Ruleset, entry: Read, techniques: Mapping[int, str]) -> None:
        """Count one entry of a file; `techniques` by line."""
        try:
            if isinstance(entry, Broken):
                raise RecordError(entry.reason)
            record = Record.of(entry.body)
        except RecordError as error:
            self.unreadables.tell(entry.where, str(error))
            return
        self.unreadables.speak()
        line = re.search(r":(\d+)(?:\[|$)", entry.where)
        self.add(ruleset, record, techniques.get(int(line.group(1))) if line else None)

    def add(self, ruleset: Ruleset, record: Record, technique: str | None) -> None:
        rules = ruleset.match(record)
        self.records += 1
        self.matched += bool(rules)
        severity = rules[0].severity if rules else None
        if technique is not None:
            self._see(technique, severity)
        if not record.read_only or record.error_code:
            return
        above = [rule.id for rule in rules if rule.severity.rank > Severity.INFO.rank]
        named = [rule for rule in above if record.event_name in CREDENTIAL_READS.get(rule, ())]
        if named:
            self.credential_reads[f"{record.event_name} ({named[0]})"] += 1
            return
        self.reads += 1
        if above:
            self.noisy_reads[f"{record.event_name} ({above[0]})"] += 1

    def _see(self, technique: str, severity: Severity | None) -> None:
        best = self.techniques.setdefault(technique, severity)
        if severity is not None and (best is None or severity.rank > best.rank):
            self.techniques[technique] = severity

    def report(self) -> list[str]:
        """Lines for a person to read."""
        noisy = sum(self.noisy_reads.values())
        named = sum(self.credential_reads.values())
        share = 100 * noisy / self.reads if self.reads else 0.0
        lines = [
            f"{self.records} records, {self.unreadables.count} unreadable, "
            f"{self.matched} raise an alert",
            f"{self.reads} successful reads, {noisy} of them alert above info: {share:.2f} %",
            *_counted(self.noisy_reads),
            f"{named} reads of credentials that rules name, left out:",
            *_counted(self.credential_reads),
        ]
        return lines + self._of_techniques()

    def _of_techniques(self) -> list[str]:
        if not self.techniques:
            return []
        seen = [
            severity and severity.rank >= Severity.MEDIUM.rank
            for severity in self.techniques.values()
        ]
        lines = [
            f"  {severity.value if severity else 'none':8} {technique}"
            for technique, severity in sorted(self.techniques.items())
        ]
        count = f"{sum(map(bool, seen))} of {len(seen)} techniques alert at medium or above"
        return [count, *lines]


def _counted(counts: Counter[str]) -> list[str]:
    return [f"  {count} × {name}" for name, count in counts.most_common()]


def read_techniques(path: Path) -> dict[int, str]:
    """Line number → technique, from a table with a header and tabs between its columns."""
    with path.open(encoding="utf-8", newline="") as file:
        return {int(row["line"]): row["technique"] for row in csv.DictReader(file, delimiter="\t")}
