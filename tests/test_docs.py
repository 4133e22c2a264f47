"""What the documents name is there."""

from __future__ import annotations

import pkgutil
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LIBRARY = ROOT / "chalicelib"
DOCUMENTS = sorted(
    str(path.relative_to(ROOT)) for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
)
# Where a name may begin: a room or a loose module of ours, or a folder beside them.
BESIDE = {"app", "cli", "provisioning", "tests", "bench"}
ROOMS = {path.stem for path in LIBRARY.iterdir() if path.suffix in ("", ".py")} - {"__init__"}
MODULES = {path.name for path in ROOT.glob("*.py")} | {
    path.name for folder in ("chalicelib", *BESIDE) for path in (ROOT / folder).rglob("*.py")
}
NAME = re.compile(r"`(chalicelib\.)?([a-z_]+(?:\.\w+)+)(?:\([^`]*\))?`")
FILE = re.compile(r"`([\w/.-]*[\w-]+\.py)`")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_name_in_a_document_is_one_of_ours(document: str) -> None:
    assert [name for name in names(document) if not exists(name)] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_module_in_a_document_is_there(document: str) -> None:
    files = {file.removeprefix("chalicelib/") for file in FILE.findall(written(document))}
    assert [file for file in files if not is_there(file)] == []


def test_the_tour_names_functions_of_every_room() -> None:
    named = {name.split(".")[0] for name in names("docs/architecture.md")}
    assert {path.name for path in LIBRARY.iterdir() if (path / "__init__.py").exists()} <= named


def is_there(file: str) -> bool:
    """A path from the project's folder or from chalicelib, or a name alone that some module has."""
    if "/" in file:
        return any((at / file).exists() for at in (ROOT, LIBRARY))
    return file in MODULES


def written(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def names(document: str) -> list[str]:
    """What is written as `room.module.function`, and is no file."""
    found = NAME.findall(written(document))
    ours = [name for prefix, name in found if prefix or name.split(".")[0] in ROOMS | BESIDE]
    return [name for name in ours if not is_file(name)]


def is_file(name: str) -> bool:
    return name.endswith((".py", ".md", ".toml", ".json", ".csv"))


def exists(name: str) -> bool:
    beside = name.split(".")[0] in BESIDE
    try:
        pkgutil.resolve_name(name if beside else f"chalicelib.{name}")
    except (ImportError, AttributeError):
        return False
    return True
