"""A cold start pays for nothing that it does not need."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.events import cloudtrail
from tests.subscriptions import generate_log_subscription_event

ROOT = Path(__file__).parent.parent
EXPENSIVE = ("slack_sdk", "boto3", "botocore", "rich", "click")
PROGRAM = """
import json, sys
class Context:
    def get_remaining_time_in_millis(self):
        return 60_000
import app
if len(sys.argv) > 1:
    app.ingest_logs(json.loads(sys.argv[1]), Context())
print(json.dumps(sorted(name for name in sys.modules if name.count(".") < 1)))
"""


def loaded(tmp_path: Path, *arguments: str) -> set[str]:
    """The modules that a fresh process has loaded."""
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "ALERT_STORE": f"sqlite:///{tmp_path}/a.db"},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(answer.stdout.splitlines()[-1]))


def test_importing_the_app_loads_neither_slack_nor_aws(tmp_path: Path) -> None:
    assert loaded(tmp_path).isdisjoint(EXPENSIVE)


def test_an_invocation_that_alerts_nobody_loads_neither_slack_nor_aws(tmp_path: Path) -> None:
    quiet = cloudtrail(eventName="DescribeInstances", readOnly=True)
    event = generate_log_subscription_event([quiet, "nonsense"])
    assert loaded(tmp_path, json.dumps(event)).isdisjoint(EXPENSIVE)
    assert not (tmp_path / "a.db").exists()
