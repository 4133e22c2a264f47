"""`chalice` over a copy that holds only what a function needs.

    python -m provisioning.shipping deploy --stage dev
    python -m provisioning.shipping package --stage dev [--pkg-format terraform] out

Chalice ships whatever lies in chalicelib/ and every file of every dependency. What is deployed
already it knows by .chalice of the clone, as ever.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import click

from provisioning.shipping import copy, terraform, zipped
from terminal.commands import Commands

SETTINGS = ".chalice"
STAGE = click.option("--stage", default="dev", show_default=True)


@click.group(cls=Commands, says="provisioning.shipping")
def main() -> None:
    """Chalice over a copy that holds only what a function needs."""


@main.command()
@STAGE
def deploy(stage: str) -> None:
    """Chalice deploy."""
    # A folder that is read-only is said now, in one sentence: Chalice would fail half-way.
    (Path.cwd() / SETTINGS / "deployments").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="trailbell-") as name:
        project = copy.made(Path.cwd(), Path(name), stage)
        # Chalice reads and writes there what it has deployed.
        (project / SETTINGS).symlink_to(Path.cwd() / SETTINGS, target_is_directory=True)
        _chalice(project, "deploy", "--stage", stage)


@main.command()
@STAGE
@click.option("--pkg-format", type=click.Choice(["cloudformation", "terraform"]),
              default="cloudformation", show_default=True)  # fmt: skip
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
def package(stage: str, pkg_format: str, out: Path) -> None:
    """Chalice package: the zip and a template into OUT."""
    out, merge = out.absolute(), Path.cwd() / SETTINGS / f"merge-{stage}.json"
    out.mkdir(parents=True, exist_ok=True)  # likewise
    with tempfile.TemporaryDirectory(prefix="trailbell-") as name:
        project = copy.made(Path.cwd(), Path(name), stage)
        copy.settings(Path.cwd() / SETTINGS, project / SETTINGS)
        if pkg_format == "terraform":
            days = terraform.without_retention(project / SETTINGS / "config.json", stage)
            _chalice(project, "package", "--stage", stage, "--pkg-format", pkg_format, str(out))
            terraform.mend(out / "chalice.tf.json", days)
        else:
            _chalice(project, "package", "--stage", stage, "--merge-template", str(merge), str(out))
    zipped.settle(out / "deployment.zip")


def _chalice(project: Path, *arguments: str) -> None:
    command = [str(Path(sys.executable).with_name("chalice")), "--project-dir", str(project)]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([*command, *arguments], env=environment, check=False)
    if done.returncode:
        sys.exit(done.returncode)


if __name__ == "__main__":
    main()
