"""What a cold start must not pay for: clients that an alert needs and most invocations do not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.subscriptions import generate_log_subscription_event

ROOT = Path(__file__).parent.parent
TELL = """
import json, sys
print(json.dumps(sorted({name.split(".")[0] for name in sys.modules})))
"""
INVOKE = """
import json, sys
import app
class Context:
    def get_remaining_time_in_millis(self):
        return 60_000
counts = app.ingest_logs(json.loads(sys.argv[1]), Context())
assert counts["records"] == 1, counts
assert counts["alerts"] == int(sys.argv[2]), counts
"""
QUIET = {
    "eventVersion": "1.11",
    "userIdentity": {"type": "AWSService", "invokedBy": "ec2.amazonaws.com"},
    "eventTime": "2026-11-24T12:00:00Z",
    "eventSource": "sts.amazonaws.com",
    "eventName": "AssumeRole",
    "awsRegion": "eu-west-1",
    "sourceIPAddress": "ec2.amazonaws.com",
    "readOnly": True,
    "eventID": "11111111-2222-3333-4444-555555555555",
    "eventType": "AwsApiCall",
    "recipientAccountId": "111122223333",
}
ALERTING = QUIET | {
    "eventSource": "cloudtrail.amazonaws.com",
    "eventName": "StopLogging",
    "readOnly": False,
}
CLIENTS = {"slack_sdk", "boto3", "botocore"}


def loaded(program: str, folder: Path, *arguments: str) -> set[str]:
    """The packages that a fresh process has loaded after the program."""
    chosen = {"ALERT_STORE": f"sqlite:///{folder}/alerts.db", "PYTHONPATH": str(ROOT)}
    kept = {key: value for key, value in os.environ.items() if not key.startswith("SLACK_")}
    done = subprocess.run(
        [sys.executable, "-c", program + TELL, *arguments],
        cwd=folder, env=kept | chosen, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_the_application_loads_no_client(tmp_path: Path) -> None:
    assert not loaded("import app", tmp_path) & CLIENTS


def test_an_invocation_that_alerts_nobody_loads_no_client(tmp_path: Path) -> None:
    event = json.dumps(generate_log_subscription_event([QUIET]))
    assert not loaded(INVOKE, tmp_path, event, "0") & (CLIENTS | {"sqlite3"})


def test_without_a_webhook_an_invocation_that_alerts_loads_nothing_of_it(tmp_path: Path) -> None:
    event = json.dumps(generate_log_subscription_event([ALERTING]))
    none = "assert not [name for name in sys.modules if name.startswith('chalicelib.webhook')]"
    assert loaded(f"{INVOKE}{none}\n", tmp_path, event, "1")


def test_an_invocation_that_alerts_opens_the_store(tmp_path: Path) -> None:
    event = json.dumps(generate_log_subscription_event([ALERTING]))
    assert "sqlite3" in loaded(INVOKE, tmp_path, event, "1")
