"""A copy of the clone for Chalice to pack: what a function needs, and its bytecode."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import cache_from_source
from pathlib import Path

import chalice.app

from provisioning.shipping import bytecode
from provisioning.shipping.reached import reached

HERE = Path(__file__).parents[2]  # where the module that compiles is found

# Of chalicelib: what no function reads. Examples are the rules' tests.
NEVER_READ = shutil.ignore_patterns("__pycache__", "*.examples.json")
# What the default rules are compiled from.
WRITTEN = "chalicelib/rules/default/*.toml"
# Of a shorter source the bytecode weighs more than it saves: most are a package without code.
WORTH_COMPILING = 200  # bytes
# Of a dependency, besides the modules that are imported.
LICENCES = ("*.dist-info/licenses/**/*", "*.dist-info/LICENSE*")
# Lambda's processors by pip's names of them.
MACHINES = {"x86_64": "x86_64", "arm64": "aarch64"}
PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile",
       "--require-hashes", "--only-binary=:all:", "--implementation=cp")  # fmt: skip


def made(clone: Path, folder: Path, stage: str) -> Path:
    """The copy, in the folder: all but .chalice. Exits where pip cannot install."""
    packages = folder / "packages"
    _install(clone / "requirements.txt", packages, _machine(clone, stage))
    return assembled(clone, folder / "project", packages)


def assembled(clone: Path, project: Path, packages: Path) -> Path:
    """The same of dependencies that are installed already, in a folder like site-packages."""
    _copy(clone / "chalicelib", project / "chalicelib")
    shutil.copy(clone / "app.py", project)
    _leave_out(project)
    vendor = project / "vendor"
    if (clone / "vendor").is_dir():
        _copy(clone / "vendor", vendor)
    _add(packages, vendor, importing=[*project.rglob("*.py"), *_runtime()])
    # Chalice would install them whole.
    (project / "requirements.txt").touch()
    _compile(project / "chalicelib")
    _compile(vendor)
    _compile_beside(project, vendor)
    for path in project.rglob("*"):
        # Readable for Lambda's user, whatever the umask is here.
        path.chmod(0o755 if path.is_dir() else 0o644)
    return project


def _copy(origin: Path, target: Path) -> None:
    # An editor's lock is a link to nowhere.
    shutil.copytree(origin, target, ignore=NEVER_READ, ignore_dangling_symlinks=True)


def settings(origin: Path, target: Path) -> None:
    """What .chalice says of the stages, without what was deployed or packed from this clone."""
    ignored = shutil.ignore_patterns("deployed", "deployments")
    shutil.copytree(origin, target, ignore=ignored)


def _machine(clone: Path, stage: str) -> str:
    config = json.loads((clone / ".chalice" / "config.json").read_text())
    levels = (config, config.get("stages", {}).get(stage, {}))
    named = [one["lambda_architecture"] for one in levels if "lambda_architecture" in one]
    return MACHINES[named[-1] if named else "x86_64"]


def _install(requirements: Path, folder: Path, machine: str) -> None:
    """What the runtime of this Python runs; each file is the one whose hash is written down."""
    # As Chalice asks for it, and by its other name. Source: PEP 599, PEP 600.
    platforms = (f"manylinux2014_{machine}", f"manylinux_2_17_{machine}")
    version = f"{sys.version_info.major}{sys.version_info.minor}"
    command = [
        *(sys.executable, *PIP, f"--python-version={version}", f"--abi=cp{version}"),
        *(f"--platform={platform}" for platform in platforms),
        *("--target", str(folder), "-r", str(requirements)),
    ]
    if subprocess.run(command, check=False).returncode:
        sys.exit(f"pip could not install {requirements.name} as Lambda needs it; see above")


def _leave_out(project: Path) -> None:
    """The modules that the application does not import: only the commands do."""
    imported = reached(project, [project / "app.py"])
    modules = set(project.glob("chalicelib/**/*.py"))
    for path in (modules - imported).union(project.glob(WRITTEN)):
        path.unlink()


def _add(packages: Path, vendor: Path, importing: list[Path]) -> None:
    """What is imported of the packages, what is built beside it, and everybody's licence; what
    somebody put into vendor stays as it is.
    """
    modules = reached(packages, importing)
    built = {path for module in modules for path in module.parent.glob("*.so")}
    licences = {path for pattern in LICENCES for path in packages.glob(pattern) if path.is_file()}
    for path in modules | built | licences:
        target = vendor / path.relative_to(packages)
        if target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)


def _runtime() -> Iterator[Path]:
    """The part of Chalice that ships with every zip, which Chalice adds by itself."""
    folder = Path(chalice.app.__file__).parent
    yield from (folder / "__init__.py", folder / "app.py")


def _compile_beside(project: Path, vendor: Path) -> None:
    """Chalice takes app.py and its own two modules alone: their bytecode lies in vendor, which it
    unfolds to the same place.
    """
    beside = project.with_name("beside")
    (beside / "chalice").mkdir(parents=True)
    shutil.copy(project / "app.py", beside)
    for path in _runtime():
        shutil.copy(path, beside / "chalice")
    _compile(beside)
    for cache in beside.rglob("__pycache__"):
        shutil.copytree(cache, vendor / cache.relative_to(beside), dirs_exist_ok=True)


def _compile(folder: Path) -> None:
    """Bytecode that is used whatever the files' times are, as a zip keeps none to go by.

    In a process of its own, so that nothing compiled before changes a byte; without the columns of
    an error's place, a fifth of it all.
    """
    command = [sys.executable, "-X", "no_debug_ranges", "-m", bytecode.__name__, str(folder)]
    if subprocess.run(command, cwd=HERE, check=False).returncode:
        sys.exit(f"{folder.name} does not compile; see above")
    for source in folder.rglob("*.py"):
        if source.stat().st_size < WORTH_COMPILING:
            Path(cache_from_source(source)).unlink()
