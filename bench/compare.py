"""Beside other tools: how many records a second a person's other means read, of the same files.

    .venv/bin/pip install -r bench/requirements.txt
    python -m bench.compare [--quick]

CloudTrail's gzip files on disk. Trailbell judges every record by its default rules and prints its
alerts; zgrep, jq and DuckDB look for three names of operations; the Sigma engine goes by those of
the default rules that Sigma can say. Seconds are the processor's, of all processes of a command.
What is not installed is named and left out.
"""

from __future__ import annotations

import gzip
import importlib.util
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from bench import events
from bench.figure import ROOT, Figure, print_all

NAMES = ("StopLogging", "DeleteTrail", "ConsoleLogin")
TRAILBELL = f"{sys.executable} trailbell.py replay --jobs 1 --format json {{folder}}"
ZCAT = "find {folder} -name '*.gz' | sort | xargs zcat"
ZGREP = f"""find {{folder}} -name '*.gz' | LC_ALL=C xargs zgrep -ohE \\
 '"eventName":"({"|".join(NAMES)})"'"""
JQ = f"""{ZCAT} | jq -c '.Records[] | select(.eventName | IN({", ".join(f'"{n}"' for n in NAMES)}))
 | [.eventTime, .eventName, .userIdentity.arn]'"""
DUCKDB = f"""
import sys
import duckdb
print(duckdb.sql('''
    SELECT r.eventTime, r.eventName, r.userIdentity.arn FROM (
        SELECT unnest(Records) AS r FROM read_json(
            '%s/*.json.gz', maximum_object_size = 268435456, columns = {{Records:
            'STRUCT(eventTime VARCHAR, eventName VARCHAR, userIdentity STRUCT(arn VARCHAR))[]'}}
        )
    ) WHERE r.eventName IN {NAMES}
''' % sys.argv[1]).fetchall())
"""
SIGMA = """
import gzip
import sys
from pathlib import Path
import orjson
import yaml
from azuma import Rule
documents = yaml.safe_load_all(Path(sys.argv[2]).read_text())
rules = [Rule.model_validate(each) for each in documents if each and "logsource" in each]
for path in Path(sys.argv[1]).glob("*.json.gz"):
    for record in orjson.loads(gzip.decompress(path.read_bytes()))["Records"]:
        for rule in rules:
            if rule.match(record):
                print(rule.title, record["eventID"])
"""


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool by its name and version, the shell's command, and how many records it is given."""

    name: str
    command: str
    records: int


def figures(quick: bool) -> Iterator[Figure]:
    """Records a second of each tool, beside Trailbell's in the same run."""
    files, records, few = (2, 2_000, 200) if quick else (8, 5_000, 500)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        texts = events.texts(files * records)
        many = written(folder / "many", texts, records)
        some = written(folder / "some", texts[:few], few)
        reference = _rate(Tool("Trailbell", TRAILBELL.format(folder=many), len(texts)))
        for tool in _tools(folder, many, some, len(texts), few):
            rate = _rate(tool)
            yield Figure(
                name=f"archive by {tool.name}, to Trailbell", value=rate, unit="records/s",
                reference=reference, ratio=rate / reference,
            )  # fmt: skip


def written(folder: Path, texts: list[str], records: int) -> Path:
    """The folder, with files as CloudTrail's, each of so many records."""
    folder.mkdir()
    for number, at in enumerate(range(0, len(texts), records)):
        document = f'{{"Records":[{",".join(texts[at : at + records])}]}}'
        (folder / f"{number:03d}.json.gz").write_bytes(gzip.compress(document.encode(), 6))
    return folder


def _tools(folder: Path, many: Path, some: Path, count: int, few: int) -> Iterator[Tool]:
    if _has("zgrep", shutil.which("zgrep") is not None):
        yield Tool("zgrep", ZGREP.format(folder=many), count)
    if _has("jq", shutil.which("jq") is not None):
        yield Tool(f"zcat | {_said('jq', '--version')}", JQ.format(folder=many), count)
    if _has("duckdb", importlib.util.find_spec("duckdb") is not None):
        yield Tool(f"DuckDB {version('duckdb')}", _python(folder, "duck", DUCKDB, many), count)
    if _has("azuma", importlib.util.find_spec("azuma") is not None):
        rules = folder / "sigma.yml"
        exported = [sys.executable, "trailbell.py", "rules", "--export-sigma"]
        done = subprocess.run(exported, cwd=ROOT, capture_output=True, text=True, check=True)
        rules.write_text(_alone(done.stdout))
        name = f"azuma {version('azuma')} (Sigma)"
        yield Tool(name, f"{_python(folder, 'sigma', SIGMA, some)} {rules}", few)


def _alone(sigma: str) -> str:
    """Without the correlations, which azuma does not know."""
    return "---\n".join(each for each in sigma.split("---\n") if "\ncorrelation:" not in each)


def _has(tool: str, there: bool) -> bool:
    if not there:
        print(f"bench: {tool} is not installed: left out", file=sys.stderr)
    return there


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _python(folder: Path, name: str, program: str, records: Path) -> str:
    path = folder / f"{name}.py"
    path.write_text(program)
    return f"{sys.executable} {path} {records}"


def _rate(tool: Tool) -> float:
    """Records a second of processor time. Raises CalledProcessError."""
    before = _seconds()
    subprocess.run(tool.command, shell=True, cwd=ROOT, capture_output=True, check=True)
    return tool.records / (_seconds() - before)


def _seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    print_all(figures)
