"""What make package FORMAT=terraform writes, by Terraform's own check.

Where TF_PLUGIN_DIR has the AWS provider nothing is fetched.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.cloud import Cloud

PLUGINS = Path(os.environ.get("TF_PLUGIN_DIR", "/opt/tf-plugins"))


@pytest.fixture(scope="module")
def written(empty_cloud: Cloud) -> Path:
    empty_cloud.ship("package", "--stage", "prod", "--pkg-format", "terraform", "tf/")
    return empty_cloud.project / "tf"


@pytest.fixture
def terraform(written: Path) -> Path:
    """The folder, where Terraform has been made ready."""
    if not shutil.which("terraform"):
        pytest.skip("Terraform: https://developer.hashicorp.com/terraform/install")
    run(written, "init", *([f"-plugin-dir={PLUGINS}"] if PLUGINS.is_dir() else []))
    return written


def run(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["terraform", *arguments, "-no-color"],
        cwd=folder, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_terraform_takes_what_is_written(terraform: Path) -> None:
    said = json.loads(run(terraform, "validate", "-json"))
    assert said["valid"], said
    assert said["diagnostics"] == []


def test_a_function_finds_its_log_group_made_and_kept_as_long_as_by_chalice_deploy(
    written: Path,
) -> None:
    found: dict[str, Any] = json.loads((written / "chalice.tf.json").read_text())["resource"]
    groups = found["aws_cloudwatch_log_group"]
    assert {one["name"]: one["retention_in_days"] for one in groups.values()} == {
        "/aws/lambda/trailbell-prod-ingest_logs": 90,
        "/aws/lambda/trailbell-prod-sweep": 90,
    }
    for name in groups:
        function = found["aws_lambda_function"][name]
        assert function["depends_on"] == [f"aws_cloudwatch_log_group.{name}"]
    assert (written / "deployment.zip").is_file()
