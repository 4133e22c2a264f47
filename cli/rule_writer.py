"""`trailbell.py rules --compile`: write what is made of the default rules."""

from __future__ import annotations

from pathlib import Path

from chalicelib.rules.default_rules import COMPILED, load_defaults
from chalicelib.rules.prose import PROSE
from cli import catalogue_coverage as catalogues
from cli.rule_compiler import (
    DOCUMENT,
    compile_defaults,
    compile_prose,
    document_defaults,
    written_defaults,
)


def write_defaults() -> list[Path]:
    """The files that were written. Raises RulesError, CoverageError."""
    written = written_defaults()
    COMPILED.write_text(compile_defaults(written), encoding="utf-8")
    PROSE.write_text(compile_prose(written), encoding="utf-8")
    _, keys = load_defaults()
    document = document_defaults(DOCUMENT.read_text(encoding="utf-8"), written)
    DOCUMENT.write_text(document, encoding="utf-8")
    rows = catalogues.read_rows()
    if found := catalogues.mistakes(rows, written, keys):
        raise catalogues.CoverageError("\n".join([f"{catalogues.TABLE}:", *found]))
    text = catalogues.document(catalogues.DOCUMENT.read_text(encoding="utf-8"), rows, written)
    catalogues.DOCUMENT.write_text(text, encoding="utf-8")
    return [COMPILED, PROSE, DOCUMENT, catalogues.DOCUMENT]
