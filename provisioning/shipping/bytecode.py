"""Compile a folder without docstrings, which nothing that ships reads: a fourteenth of the zip.

    python -X no_debug_ranges -m provisioning.shipping.bytecode FOLDER

Assertions stay, which `compileall -o 2` would leave out too. -X: without the columns of an error's
place, a fifth of it all.
"""

from __future__ import annotations

import ast
import marshal
import sys
from importlib.util import MAGIC_NUMBER, cache_from_source, source_hash
from pathlib import Path

# PEP 552: a hash of the source, which is not checked; a zip keeps no times to go by.
UNCHECKED_HASH = (1).to_bytes(4, "little")
# Not none at all: Python would write one for a dataclass at each start, its signature.
SHORTEST = " "
DESCRIBED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def compile_all(folder: Path) -> None:
    """Bytecode beside every source of the folder. Raises SyntaxError of a source that is none."""
    for path in sorted(folder.rglob("*.py")):  # the order shows in the bytes
        source = path.read_bytes()
        tree = _undescribed(ast.parse(source, path))
        name = str(path.relative_to(folder))  # nothing of this machine's folders
        code = compile(tree, name, "exec", dont_inherit=True)
        cache = Path(cache_from_source(path))
        cache.parent.mkdir(exist_ok=True)
        header = MAGIC_NUMBER + UNCHECKED_HASH + source_hash(source)
        cache.write_bytes(header + marshal.dumps(code))


def _undescribed(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, DESCRIBED) and node.body:
            match node.body[0]:
                case ast.Expr(ast.Constant(str()) as docstring):
                    docstring.value = SHORTEST
    return tree


if __name__ == "__main__":
    compile_all(Path(sys.argv[1]))
