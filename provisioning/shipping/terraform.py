"""What Chalice writes for Terraform, as a Terraform and provider of today take it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

RETENTION = "log_retention_in_days"
VERSIONS = {"required_version": ">= 1.4", "required_providers": {
    "aws": {"source": "hashicorp/aws", "version": ">= 5, < 6"},
}}  # fmt: skip


def without_retention(config: Path, stage: str) -> dict[str, int]:
    """Takes the days out of the settings, at which Chalice 1.34 stops, and returns them."""
    found = json.loads(config.read_text())
    functions = found["stages"][stage]["lambda_functions"]
    days = {name: one.pop(RETENTION) for name, one in functions.items() if RETENTION in one}
    config.write_text(json.dumps(found))
    return days


def mend(template: Path, days: dict[str, int]) -> None:
    """Rewrites the template; `days` are those of without_retention."""
    found = json.loads(template.read_text())
    found["terraform"] = VERSIONS
    # It names the app for nobody, by a provider of its own that is no longer kept up.
    found["data"].pop("null_data_source", None)
    resources = found["resource"]
    _keep_policies_variables(resources)
    _give_the_stage_a_resource(resources, found["output"])
    _name_the_rules(resources)
    _keep_logs(resources, days)
    template.write_text(json.dumps(found, indent=2) + "\n")


def _keep_policies_variables(resources: dict[str, Any]) -> None:
    """`${aws:…}` is IAM's, and would be Terraform's."""
    for one in resources["aws_iam_role_policy"].values():
        one["policy"] = one["policy"].replace("${aws:", "$${aws:")


def _give_the_stage_a_resource(resources: dict[str, Any], output: dict[str, Any]) -> None:
    """Provider 5 calls a stage within the deployment deprecated, 6 refuses it."""
    deployment = resources["aws_api_gateway_deployment"]["rest_api"]
    deployment["triggers"] = {"redeployment": deployment.pop("stage_description")}
    resources["aws_api_gateway_stage"] = {
        "rest_api": {
            "rest_api_id": deployment["rest_api_id"],
            "deployment_id": "${aws_api_gateway_deployment.rest_api.id}",
            "stage_name": deployment.pop("stage_name"),
        }
    }
    output["EndpointURL"]["value"] = "${aws_api_gateway_stage.rest_api.invoke_url}/"


def _name_the_rules(resources: dict[str, Any]) -> None:
    """As chalice deploy does: two stages are two rules, and the policies let them be read."""
    for name, rule in resources["aws_cloudwatch_event_rule"].items():
        function = resources["aws_lambda_function"][name.removesuffix("-event")]
        rule["name"] = f"{function['function_name']}-event"


def _keep_logs(resources: dict[str, Any], days: dict[str, int]) -> None:
    """A log group for each function, before it: its role may make none."""
    groups = resources["aws_cloudwatch_log_group"] = {}
    for name, function in resources["aws_lambda_function"].items():
        if name in days:
            group = f"/aws/lambda/{function['function_name']}"
            groups[name] = {"name": group, "retention_in_days": days[name]}
            function["depends_on"] = [f"aws_cloudwatch_log_group.{name}"]
