"""The house: data flows one way, so a module imports only what stands before it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
# Data flows from the first to the last: each may import itself and what stands before it.
ORDER = ("ingest", "cloudtrail", "rules", "alerts", "delivery")
# These stand beside each other behind them all.
BESIDE = ("slack", "stores", "monitoring", "web")
BEFORE = {package: set(ORDER[:place]) for place, package in enumerate(ORDER)}
BEFORE |= {package: set(ORDER) for package in BESIDE}
# What joins the parts stands above them; what they may all read stands below.
ABOVE = {"pipeline", "batch", "usecases"}
BELOW = {"settings", "parameters", "aws", "__init__", "__version__"}


def imports(path: Path) -> Iterator[str]:
    """Every module that is imported; of `from a import b` both a and a.b, which may be one."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def parts(prefix: str, names: Iterator[str]) -> set[str]:
    return {name.split(".")[1] for name in names if name.startswith(prefix + ".")}


def test_a_package_imports_only_what_stands_before_it() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {part}"
        for package, allowed in BEFORE.items()
        for path in (ROOT / "chalicelib" / package).rglob("*.py")
        for part in parts("chalicelib", imports(path)) - allowed - BELOW - {package}
    ]
    assert wrong == []


def test_what_ships_imports_nothing_that_does_not() -> None:
    unshipped = {"cli", "provisioning", "tests", "bench", "click", "pytest", "moto"}
    banned = {"chalice.test", "chalice.config", "chalice.local"}
    shipped = [ROOT / "app.py", *(ROOT / "chalicelib").rglob("*.py")]
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in shipped
        for name in imports(path)
        if name.split(".")[0] in unshipped or name in banned
    ]
    assert wrong == []


def test_every_module_of_chalicelib_has_its_place() -> None:
    top = {path.stem for path in (ROOT / "chalicelib").glob("*.py")}
    assert top <= ABOVE | BELOW
