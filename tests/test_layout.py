"""The house: each job has one room, and data flows one way through them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LIBRARY = ROOT / "chalicelib"
# Data flows from the first to the last: each may import itself and what stands before it.
ORDER = ("ingest", "cloudtrail", "rules", "alerts", "delivery")
# These stand beside each other behind them all, and are joined by the use cases.
BESIDE = ("slack", "stores", "monitoring", "web", "webhook")
BEFORE = {package: set(ORDER[:place]) for place, package in enumerate(ORDER)}
BEFORE |= {package: set(ORDER) for package in BESIDE}
BEFORE["usecases"] = {*ORDER, *BESIDE}
# What they may all read stands below; what wires them above.
BELOW = {"settings", "parameters", "aws", "aws_errors"}
ABOVE = {"bootstrap"}
# A table of data is no code to follow.
TABLES = {"chalicelib/cloudtrail/operations.py"}
LONGEST_MODULE, MOST_METHODS, MOST_LAZY_IMPORTS, MOST_LOOSE_MODULES = 250, 10, 16, 5
# Where imports of our own stand inside functions: the two lazy places, and what a cold start of
# most invocations does not need (bench/cold_start.py times four kinds of it).
OURS = {"app", "chalicelib", "cli", "provisioning", "terminal"}
LAZY = {
    "chalicelib/bootstrap.py",
    "chalicelib/usecases/ingest.py",
    "chalicelib/rules/loading.py",  # the user's own rule files
    "chalicelib/rules/index.py",  # the pattern language
    "chalicelib/rules/compiling.py",  # what a record means, where a rule asks for that
    "chalicelib/web/api.py",  # the answers
}


def modules(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in sorted(folder.rglob("*.py"))]


def imports(path: Path) -> Iterator[str]:
    """Every module that is imported; of `from a import b` both a and a.b, which may be one."""
    yield from imported(ast.parse(path.read_text()))


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def parts(prefix: str, names: Iterator[str]) -> set[str]:
    return {name.split(".")[1] for name in names if name.startswith(prefix + ".")} - {"__version__"}


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_a_room_imports_only_what_stands_before_it() -> None:
    wrong = [
        f"{shown(path)} imports {part}"
        for package, allowed in BEFORE.items()
        for path in modules(LIBRARY / package)
        for part in parts("chalicelib", imports(path)) - allowed - BELOW - {package}
    ]
    assert wrong == []


def test_what_stands_below_imports_none_of_the_rooms() -> None:
    wrong = {
        name: sorted(parts("chalicelib", imports(LIBRARY / f"{name}.py")) - BELOW) for name in BELOW
    }
    assert wrong == {name: [] for name in BELOW}


def test_every_module_has_its_room_and_few_stand_loose() -> None:
    rooms = {path.name for path in LIBRARY.iterdir() if path.is_dir()} - {"__pycache__"}
    loose = {path.stem for path in LIBRARY.glob("*.py")} - {"__init__"}
    assert rooms == set(BEFORE)
    assert loose == BELOW | ABOVE
    assert len(loose) <= MOST_LOOSE_MODULES


def test_no_two_modules_import_each_other() -> None:
    names = {name_of(path): path for path in modules(LIBRARY)}
    graph = {name: set(imports_at_all(path)) & set(names) for name, path in names.items()}
    free = set[str]()
    while ready := {name for name in graph.keys() - free if graph[name] - {name} <= free}:
        free |= ready
    assert graph.keys() - free == set()


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports_at_all(path: Path) -> Iterator[str]:
    """What is imported when the module is or when it is called, so not for its types alone."""
    tree = ast.parse(path.read_text())
    tree.body = [node for node in tree.body if not isinstance(node, ast.If)]
    yield from imported(tree)


def test_what_ships_imports_nothing_that_does_not() -> None:
    unshipped = {
        "cli",
        "provisioning",
        "terminal",
        "prices",
        "tests",
        "bench",
        "click",
        "pytest",
        "moto",
    }
    banned = {"chalice.test", "chalice.config", "chalice.local"}
    wrong = [
        f"{shown(path)} imports {name}"
        for path in [ROOT / "app.py", *modules(LIBRARY)]
        for name in imports(path)
        if name.split(".")[0] in unshipped or name in banned
    ]
    assert wrong == []


def test_nothing_of_ours_is_imported_by_a_text_or_from_where_it_stands() -> None:
    wrong = [
        f"{shown(path)}:{node.lineno}"
        for path in [ROOT / "app.py", *modules(LIBRARY, ROOT / "provisioning")]
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.ImportFrom) and node.level)
        or (isinstance(node, ast.Name | ast.Attribute) and "import_module" in ast.unparse(node))
        or (isinstance(node, ast.Name) and node.id == "__import__")
    ]
    assert wrong == []


@pytest.mark.parametrize(("one", "other"), [("cli", "provisioning"), ("provisioning", "cli")])
def test_the_two_operator_commands_know_nothing_of_each_other(one: str, other: str) -> None:
    wrong = [shown(path) for path in modules(ROOT / one) if other in firsts(imports(path))]
    assert wrong == []


def firsts(names: Iterator[str]) -> set[str]:
    return {name.split(".")[0] for name in names}


def test_the_application_holds_entry_points_alone() -> None:
    tree = ast.parse((ROOT / "app.py").read_text())
    handlers = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    loops = [node for node in ast.walk(tree) if isinstance(node, ast.For | ast.While | ast.Try)]
    assert loops == []
    assert {len(handler.body) for handler in handlers} == {2}  # a docstring, and one call


def test_no_module_is_longer_than_a_reader_can_hold_in_mind() -> None:
    shipped = [ROOT / "app.py", ROOT / "setup_resources.py", ROOT / "trailbell.py"]
    every = [*shipped, *modules(LIBRARY, ROOT / "cli", ROOT / "provisioning", ROOT / "bench")]
    lines = {shown(path): len(path.read_text().splitlines()) for path in every}
    long = {name: count for name, count in lines.items() if count > LONGEST_MODULE}
    assert long.keys() - TABLES == set()


def test_no_port_asks_for_more_than_a_caller_needs() -> None:
    wide = {
        f"{shown(path)}: {node.name}": len(methods(node))
        for path in modules(LIBRARY, ROOT / "cli", ROOT / "provisioning")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef) and "Protocol" in map(ast.unparse, node.bases)
        if len(methods(node)) > MOST_METHODS
    }
    assert wide == {}


def methods(node: ast.ClassDef) -> list[ast.stmt]:
    return [each for each in node.body if isinstance(each, ast.FunctionDef | ast.AnnAssign)]


def test_imports_inside_functions_are_few_and_where_a_cold_start_gains_by_them() -> None:
    found = {
        (shown(path), node.lineno)
        for path in [ROOT / "app.py", *modules(LIBRARY, ROOT / "cli", ROOT / "provisioning")]
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom) and firsts(imported(node)) & OURS
    }
    assert {path for path, _ in found} <= LAZY
    assert len(found) <= MOST_LAZY_IMPORTS
