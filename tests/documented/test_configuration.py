"""docs/configuration.md has every variable that is read, and no other."""

from __future__ import annotations

import re

from chalicelib.rules.loaded import PROJECT

# Set by Lambda, by what `apply` wrote down, and by `make run` and the sweep for themselves.
SET_BY_OTHERS = {
    "AWS_LAMBDA_FUNCTION_NAME",
    "TRAIL_BUCKET",
    "TRAILBELL_SAMPLE",
    "TRAILBELL_SWEPT",
}


def test_every_variable_that_is_read_is_explained() -> None:
    text = (PROJECT / "docs" / "configuration.md").read_text(encoding="utf-8")
    rows = "\n".join(re.findall(r"^\| (`[A-Z].*?) \|", text, re.MULTILINE))
    explained = set(re.findall(r"`([A-Z_]+)`", rows))
    source = (PROJECT / "chalicelib" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'"([A-Z]+_[A-Z_]+)"', source)) - SET_BY_OTHERS
    assert explained == read
