"""A folder with what the documents' commands name, and an API for its calls."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chalicelib.rules.loaded import PROJECT
from cli.sample.trail import sample_trail
from tests.web.conftest import api as api

RECIPE = (PROJECT / "docs" / "rules.md").read_text(encoding="utf-8")
SIGMA = """title: A trail was stopped
id: 4db60cc0-36fb-42b7-9b58-a5b53019fb74
status: test
logsource: {product: aws, service: cloudtrail}
detection:
    selection: {eventName: StopLogging}
    condition: selection
level: high
"""


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is named: a trail in each form, a rule file, Sigma's rules, patterns."""
    folder = tmp_path_factory.mktemp("documented")
    records = list(sample_trail(datetime.now(UTC) - timedelta(hours=1)))
    lines = "\n".join(map(json.dumps, records)).encode()
    file = gzip.compress(json.dumps({"Records": records}).encode())
    for name in ("trail", "archive", "path/to/logs", "path/to/CloudTrail/logs"):
        (folder / name).mkdir(parents=True)
        (folder / name / "one.json.gz").write_bytes(file)
    (folder / "trail.json.gz").write_bytes(file)
    (folder / "trail.jsonl.gz").write_bytes(gzip.compress(lines))
    _write_rules(folder)
    return folder


def _write_rules(folder: Path) -> None:
    written = RECIPE.split("\n## Adding a rule\n")[1].split("\n## ")[0]
    rule, record = (
        re.findall(rf"^ *```{language}\n(.*?)^ *```", written, re.MULTILINE | re.DOTALL)[0]
        for language in ("toml", "json")
    )
    rule = re.sub(r"^ {3}", "", rule, flags=re.MULTILINE)
    for name in ("mine.toml", "changed.toml", "my-rules.toml", "chalicelib/rules/local/mine.toml"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(rule)
    (folder / "record.json").write_text(record.strip())
    (folder / "patterns.txt").write_text('{ $.eventName = "StopLogging" }\n')
    (folder / "sigma").mkdir()
    (folder / "sigma" / "one.yml").write_text(SIGMA)
    shutil.copytree(PROJECT / "docs" / "examples", folder / "docs" / "examples")


@pytest.fixture
def here(made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with what the commands name."""
    monkeypatch.chdir(made)
    return made
