"""The way of one alerting record stays as short as bench/way.py says it may be."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.test_layout import ROOT


def test_a_records_way_changes_packages_and_asks_the_store_no_more_than_it_may() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.way"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    figures = [json.loads(line) for line in done.stdout.splitlines()]
    bounded = {each["name"]: each for each in figures if each["reference"]}
    assert {name.rpartition(": ")[2] for name in bounded} == {"changes of package", "store calls"}
    assert [each for each in bounded.values() if each["value"] > each["reference"]] == []
