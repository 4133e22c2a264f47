"""apply, status and destroy against moto's server: a second emulator, which errs differently.

What Chalice deploys is made by hand: chalice deploy runs against the other emulator.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from tests.e2e.cloud import EMULATOR, ROOT, recorded, until
from tests.ports import answers, free_port
from tests.provisioning.by_hand import REGION, ByHand
from tests.slack.stub import Slack, serving

KEYS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
SLACK_TOKEN = "-".join(("xoxb", "1", "2", "example"))
GROUP = "trailbell-dev-cloudtrail"


@dataclass
class Served(ByHand):
    """An account of moto's server, and setup_resources.py as an operator runs it."""

    endpoint: str
    slack: str

    def client(self, service: str) -> Any:
        return boto3.client(service, endpoint_url=self.endpoint, region_name=REGION, **KEYS)

    def api(self) -> str:
        client = self.client("apigateway")
        api = str(client.create_rest_api(
            name="trailbell", endpointConfiguration={"types": ["REGIONAL"]}
        )["id"])  # fmt: skip
        root = client.get_resources(restApiId=api)["items"][0]["id"]
        method = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
        client.put_method(**method, authorizationType="NONE")
        client.put_integration(**method, type="MOCK")
        client.create_deployment(restApiId=api, stageName="api")
        return api

    def setup(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **{key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ},
            **recorded(),
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
            "SLACK_TOKEN": SLACK_TOKEN,
            "SLACK_CHANNEL": "C0ALERTS001",
            "SLACK_API_URL": self.slack,
        }
        return subprocess.run(
            [sys.executable, "setup_resources.py", *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def troubles(self) -> dict[str, str]:
        done = self.setup("status", "--json")
        assert done.returncode in (0, 1), done.stderr
        found = json.loads(done.stdout)
        assert (done.returncode == 0) is (found["verdict"] == "healthy")
        return {row["part"]: row["state"] for row in found["parts"] if row["state"] != "ok"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    port, folder = free_port(), tmp_path_factory.mktemp("moto")
    command = [str(EMULATOR), "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with (folder / "moto.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
    slack = Slack(scopes={"chat:write", "channels:history", "channels:read"})
    try:
        with serving(slack) as url:
            endpoint = f"http://127.0.0.1:{port}"
            until(lambda: answers(f"{endpoint}/moto-api/data.json"), "moto's server answers", 60)
            yield Served(endpoint, url)
    finally:
        process.terminate()
        process.wait(10)


def test_it_is_made_told_of_mended_and_removed(served: Served) -> None:
    assert served.setup("status").returncode == 1
    first = served.setup("apply", "--yes", "--email", "ops@example.com")
    assert first.returncode == 0, first.stdout + first.stderr
    served.deploy()
    served.configure()
    second = served.setup("apply", "--yes")
    assert second.returncode == 0, second.stdout + second.stderr
    assert "nothing to change" in served.setup("apply", "--yes").stdout
    assert served.troubles() == {}

    served.client("logs").delete_subscription_filter(logGroupName=GROUP, filterName="trailbell-dev")
    served.client("cloudtrail").stop_logging(Name="trailbell-dev")
    found = served.troubles()
    assert found[f"Subscription filter trailbell-dev on {GROUP}"] == "missing"
    assert found["Trail trailbell-dev: logging"] == "missing"
    assert served.setup("apply", "--yes").returncode == 0
    assert served.troubles() == {}

    served.setup("destroy", "--yes", "--delete-data")
    served.undeploy()
    done = served.setup("destroy", "--yes", "--delete-data")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "trailbell-dev is untouched" in served.setup("status").stdout


def test_a_wrong_choice_is_said_before_the_server_is_asked(served: Served) -> None:
    done = served.setup("plan", "--email", "x", "--log-days", "2")

    assert done.returncode == 2
    assert "2 things are wrong" in done.stderr
    assert "Traceback" not in done.stderr
