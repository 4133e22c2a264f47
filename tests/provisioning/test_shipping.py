"""What is deployed: all that a function needs, as bytecode besides, and nothing else."""

from __future__ import annotations

import json
import marshal
import re
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from provisioning.shipping import bytecode, copy, terraform, zipped
from provisioning.shipping.reached import reached

ROOT = Path(__file__).parents[2]
TAG = sys.implementation.cache_tag
REQUIREMENT = re.compile(r"^([\w-]+)==([\w.]+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)")


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def names(folder: Path, paths: Iterable[Path]) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in paths}


def test_what_somebody_vendored_is_taken_as_it_is(tmp_path: Path) -> None:
    clone = write(
        tmp_path / "a clone",
        {
            "app.py": "import mine",
            "chalicelib/__init__.py": "",
            "vendor/mine/__init__.py": "from . import own\nfrom .own import word",
            "vendor/mine/own.py": "import talk\nword = 1",
            "vendor/talk.py": "patched = True",
        },
    )
    (clone / "chalicelib" / ".#words.py").symlink_to("somebody@elsewhere.1234")
    packages = write(tmp_path / "packages", {"talk.py": "", "mine/own.py": ""})

    project = copy.assembled(clone, tmp_path / "project", packages)

    assert (project / "vendor" / "talk.py").read_text() == "patched = True"
    assert (project / "vendor" / "mine" / "own.py").read_text() == "import talk\nword = 1"
    assert not (project / "chalicelib" / ".#words.py").is_symlink()


# What is imported of a dependency
def test_what_is_imported_brings_what_that_imports_and_the_packages_around(tmp_path: Path) -> None:
    packages = write(
        tmp_path / "packages",
        {
            "talk/__init__.py": "",
            "talk/web/__init__.py": "from .client import Client",
            "talk/web/client.py": "import json\nfrom ..errors import Refused as Other",
            "talk/web/later.py": "",
            "talk/errors.py": "",
            "talk/socket/__init__.py": "from ..web import client",
            "other.py": "",
        },
    )
    app = write(
        tmp_path, {"app.py": "def first():\n    import talk.web\n    from talk.web import later"}
    )

    assert names(packages, reached(packages, [app / "app.py"])) == {
        "talk/__init__.py", "talk/web/__init__.py", "talk/web/client.py", "talk/web/later.py",
        "talk/errors.py",
    }  # fmt: skip


def test_modules_that_import_each_other_are_an_end(tmp_path: Path) -> None:
    packages = write(tmp_path / "p", {"a.py": "import b", "b.py": "from a import c"})

    assert names(packages, reached(packages, [packages / "a.py"])) == {"a.py", "b.py"}


# The copy
LONG = "\n" + "# a source that is worth compiling\n" * copy.WORTH_COMPILING


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shipped")
    clone = write(
        folder / "clone",
        {
            "app.py": f"from chalicelib import words{LONG}",
            "requirements.txt": "talk==1",
            "chalicelib/__init__.py": "",
            "chalicelib/words.py": f"import talk{LONG}",
            "chalicelib/of_a_command.py": "import talk",
            "chalicelib/__pycache__/words.cpython-27.pyc": "whoever ran it",
            "chalicelib/rules/local/a.toml": "",
            "chalicelib/rules/default/a.toml": "",
            "chalicelib/rules/default/compiled.json": "[]",
            "chalicelib/rules/a.examples.json": "[]",
            "tests/test_words.py": "",
        },
    )
    packages = write(
        folder / "packages",
        {
            "talk/__init__.py": LONG,
            "talk/fast.so": "",
            "talk/py.typed": "",
            "talk/unused.py": "",
            "talk-1.dist-info/METADATA": "",
            "talk-1.dist-info/licenses/LICENSE": "yours",
        },
    )
    (clone / "app.py").chmod(0o600)
    return copy.assembled(clone, folder / "project", packages)


def test_it_holds_what_a_function_needs_and_nothing_else(project: Path) -> None:
    files = names(project, (path for path in project.rglob("*") if path.is_file()))
    assert {name for name in files if not name.endswith(".pyc")} == {
        "app.py", "requirements.txt",
        "chalicelib/__init__.py", "chalicelib/words.py", "chalicelib/rules/local/a.toml",
        "chalicelib/rules/default/compiled.json",
        "vendor/talk/__init__.py", "vendor/talk/fast.so",
        "vendor/talk-1.dist-info/licenses/LICENSE",
    }  # fmt: skip
    assert {name for name in files if name.endswith(".pyc")} == {
        f"{folder}__pycache__/{name}.{TAG}.pyc"
        for folder, name in (
            ("chalicelib/", "words"), ("vendor/", "app"),
            ("vendor/talk/", "__init__"), ("vendor/chalice/", "__init__"),
            ("vendor/chalice/", "app"),
        )
    }  # fmt: skip


def test_its_bytecode_is_taken_whatever_the_times_of_the_files_are(project: Path) -> None:
    for path in project.rglob("*.pyc"):
        # PEP 552: a hash (1), which is not checked (2 would be).
        assert int.from_bytes(path.read_bytes()[4:8], "little") == 1
        assert b"shipped" not in path.read_bytes()  # a folder of this machine


def test_its_bytecode_is_the_source_without_docstrings_and_with_assertions(tmp_path: Path) -> None:
    source = """
'''The module's.'''
from __future__ import annotations
class Words:
    "The class's."
    async def later(self):
        "The method's alone."
def checked(word):
    "The function's."
    "No docstring, a value that goes nowhere."
    assert word, "empty"
    return f"{word} 's."
"""
    folder = write(tmp_path, {"words.py": source})

    bytecode.compile_all(folder)

    [path] = folder.rglob("*.pyc")
    assert b"'s." in path.read_bytes()
    assert b"The " not in path.read_bytes()
    words: dict[str, Any] = {}
    exec(marshal.loads(path.read_bytes()[16:]), words)
    assert words["checked"]("hers") == "hers 's."
    with pytest.raises(AssertionError, match="empty"):
        words["checked"]("")


def test_the_same_sources_are_the_same_bytecode(tmp_path: Path) -> None:
    made = []
    for name, order in (("one", ("a", "b", "c")), ("two", ("c", "b", "a"))):
        folder = write(tmp_path / name, {f"{word}.py": f"shared = {word!r}" for word in order})
        bytecode.compile_all(folder)
        made.append({path.name: path.read_bytes() for path in folder.rglob("*.pyc")})
    assert made[0] == made[1]


def test_what_is_no_python_stops_it_by_name(tmp_path: Path) -> None:
    write(tmp_path / "words", {"words.py": "import"})

    with pytest.raises(SystemExit, match="words does not compile; see above"):
        copy._compile(tmp_path / "words")


def test_everybody_may_read_it(project: Path) -> None:
    assert {path.stat().st_mode & 0o777 for path in project.rglob("*") if path.is_file()} == {0o644}


def test_chalice_has_nothing_left_to_install(project: Path) -> None:
    assert (project / "requirements.txt").read_text() == ""


@pytest.mark.parametrize(
    ("config", "machine"),
    [
        ({}, "x86_64"),
        ({"lambda_architecture": "arm64"}, "aarch64"),
        ({"lambda_architecture": "arm64", "stages": {"dev": {"lambda_architecture": "x86_64"}}},
         "x86_64"),
    ],
)  # fmt: skip
def test_the_wheels_are_for_the_stages_processor(
    tmp_path: Path, config: dict[str, Any], machine: str
) -> None:
    write(tmp_path, {".chalice/config.json": json.dumps(config)})

    assert copy._machine(tmp_path, "dev") == machine


# The requirements
def test_every_requirement_that_ships_is_pinned_by_the_hashes_of_its_files() -> None:
    text = re.sub(r"(?m)^#.*\n|^\n", "", (ROOT / "requirements.txt").read_text())
    while text:
        found = REQUIREMENT.match(text)
        assert found, f"not pinned by hashes: {text[:60]}"
        text = text[found.end() :]


def test_the_emulator_runs_the_same_version_of_what_ships() -> None:
    shipped = dict(re.findall(r"(?m)^([\w-]+)==([\w.]+)", (ROOT / "requirements.txt").read_text()))
    others = (ROOT / "tests" / "e2e" / "requirements.txt", ROOT / "requirements-dev.txt")
    for other in others:
        for name, version in re.findall(r"(?m)^([\w-]+)==([\w.]+)", other.read_text()):
            assert shipped.get(name, version) == version


# The zip
def test_the_same_files_are_the_same_zip_in_whatever_order_they_were_packed(tmp_path: Path) -> None:
    made = []
    for number, order in enumerate(("ab", "ba")):
        path = tmp_path / f"{number}.zip"
        with zipfile.ZipFile(path, "w") as packed:
            for name in order:
                year = 2000 + number
                packed.writestr(zipfile.ZipInfo(name, (year, 1, 1, 0, 0, 0)), f"text of {name}")
        zipped.settle(path)
        made.append(path.read_bytes())
    assert made[0] == made[1]
    with zipfile.ZipFile(tmp_path / "0.zip") as packed:
        assert packed.read("b") == b"text of b"
        assert {entry.external_attr >> 16 for entry in packed.infolist()} == {0o100644}


# Terraform
def test_what_would_be_terraforms_in_a_policy_stays_iams(tmp_path: Path) -> None:
    found = mended(tmp_path)
    policy = found["resource"]["aws_iam_role_policy"]["sweep_role"]["policy"]
    assert json.loads(policy) == {"s3:ResourceAccount": "$${aws:PrincipalAccount}"}
    assert found["resource"]["aws_iam_role_policy"]["sweep_role"]["role"] == "${role.id}"


def test_the_schedule_is_named_after_its_function(tmp_path: Path) -> None:
    rules = mended(tmp_path)["resource"]["aws_cloudwatch_event_rule"]
    assert rules["sweep-event"]["name"] == "trailbell-dev-sweep-event"


def test_the_days_of_a_log_are_taken_out_for_chalice_and_put_in_again(tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    functions = {"sweep": {"log_retention_in_days": 14, "lambda_timeout": 9}, "api_handler": {}}
    config.write_text(json.dumps({"stages": {"dev": {"lambda_functions": functions}}}))

    assert terraform.without_retention(config, "dev") == {"sweep": 14}
    assert "log_retention" not in config.read_text()
    assert mended(tmp_path)["resource"]["aws_cloudwatch_log_group"] == {
        "sweep": {"name": "/aws/lambda/trailbell-dev-sweep", "retention_in_days": 14}
    }


def mended(folder: Path) -> dict[str, Any]:
    """A template as Chalice 1.34 writes it, as far as it is touched."""
    function = {"function_name": "trailbell-dev-sweep"}
    policy = json.dumps({"s3:ResourceAccount": "${aws:PrincipalAccount}"})
    deployment = {"stage_name": "api", "stage_description": "${md5}", "rest_api_id": "${api.id}"}
    resources = {
        "aws_iam_role_policy": {"sweep_role": {"policy": policy, "role": "${role.id}"}},
        "aws_lambda_function": {
            "sweep": function,
            "api_handler": {"function_name": "trailbell-dev"},
        },
        "aws_cloudwatch_event_rule": {"sweep-event": {"name": "sweep-event"}},
        "aws_api_gateway_deployment": {"rest_api": deployment},
    }
    path = folder / "chalice.tf.json"
    output = {"EndpointURL": {"value": "${deployment.invoke_url}"}}
    data: dict[str, Any] = {"null_data_source": {}}
    path.write_text(json.dumps({"resource": resources, "data": data, "output": output}))
    terraform.mend(path, {"sweep": 14})
    found: dict[str, Any] = json.loads(path.read_text())
    return found
