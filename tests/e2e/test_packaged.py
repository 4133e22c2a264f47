"""The other way in: a CloudFormation template with the names that everything else derives from."""

from __future__ import annotations

import json

from tests.e2e.cloud import Cloud


def test_the_merged_template_gives_the_functions_their_names(empty_cloud: Cloud) -> None:
    merge = ".chalice/merge-prod.json"
    empty_cloud.chalice("package", "--stage", "prod", "--merge-template", merge, "out/")

    template = json.loads((empty_cloud.project / "out" / "sam.json").read_text())
    functions = {
        one["Properties"]["FunctionName"]
        for one in template["Resources"].values()
        if one["Type"] == "AWS::Serverless::Function"
    }
    assert functions == {"trailbell-prod", "trailbell-prod-ingest_logs", "trailbell-prod-sweep"}
