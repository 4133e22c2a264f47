"""The other way in: a CloudFormation template with the names that everything else derives from."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.e2e.cloud import EMULATOR, Cloud


def test_the_merged_template_gives_the_functions_their_names(empty_cloud: Cloud) -> None:
    empty_cloud.ship("package", "--stage", "prod", "out/")

    template = json.loads((empty_cloud.project / "out" / "sam.json").read_text())
    functions = {
        one["Properties"]["FunctionName"]
        for one in template["Resources"].values()
        if one["Type"] == "AWS::Serverless::Function"
    }
    assert functions == {"trailbell-prod", "trailbell-prod-ingest_logs", "trailbell-prod-sweep"}


@pytest.mark.parametrize("choices", [(), ("--source", "s3"), ("--email", "ops@example.com")])
def test_the_template_of_all_else_passes_cfn_lint(
    empty_cloud: Cloud, tmp_path: Path, choices: tuple[str, ...]
) -> None:
    path = tmp_path / "template.json"
    path.write_text(empty_cloud.setup("template", *choices).stdout)
    assert _complaints(path) == ""
    path.write_text(path.read_text().replace('"BucketName"', '"BucketNam"'))
    assert "BucketNam" in _complaints(path)


def test_the_packaged_template_passes_cfn_lint(empty_cloud: Cloud) -> None:
    empty_cloud.ship("package", "--stage", "dev", "lint/")
    assert _complaints(empty_cloud.project / "lint" / "sam.json") == ""


def _complaints(template: Path) -> str:
    lint = "import sys; from cfnlint.runner import main; sys.exit(main())"
    command = [str(EMULATOR), "-c", lint, "-t", str(template)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr
