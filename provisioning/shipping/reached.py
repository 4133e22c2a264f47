"""Which files of the dependencies the program imports: the others need not be deployed."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path


def reached(folder: Path, importing: Iterable[Path]) -> set[Path]:
    """The modules of a folder like site-packages that these files import, and those in turn.

    Read from the import statements, those within functions included; what a module imports by a
    name made at run time is not seen.
    """
    found: set[Path] = set()
    waiting = list(importing)
    while waiting:
        path = waiting.pop()
        for module in _imported(path, folder):
            for file in _files(folder, module):
                if file not in found:
                    found.add(file)
                    waiting.append(file)
    return found


def _imported(path: Path, folder: Path) -> Iterator[str]:
    """Every name that may be a module of it: `from a import b` is a, and maybe a.b."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not (node.level and _is_aside(path, folder)):
            origin = ".".join(
                [*_package(path, folder, node.level), *(node.module or "").split(".")]
            )
            origin = origin.strip(".")
            yield origin
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def _is_aside(path: Path, folder: Path) -> bool:
    """Whether a relative import there leads to no module of the folder."""
    return not path.is_relative_to(folder)


def _package(path: Path, folder: Path, level: int) -> tuple[str, ...]:
    """What the dots of a relative import stand for; nothing for an absolute one."""
    if not level:
        return ()
    parents = path.relative_to(folder).parent.parts
    return parents[: len(parents) - level + 1]


def _files(folder: Path, module: str) -> Iterator[Path]:
    """The module's file and those of the packages around it, as far as they lie in the folder."""
    parts = module.split(".")
    for length in range(1, len(parts) + 1):
        base = folder.joinpath(*parts[:length])
        for file in (base / "__init__.py", base.with_suffix(".py")):
            if file.is_file():
                yield file
