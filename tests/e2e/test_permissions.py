"""No program calls what no policy allows: after all other tests, by the calls that they made."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.cloud import EMULATOR, Cloud
from tests.e2e.permissions import allowed, heard
from tests.provisioning.test_operating import deployers_policy
from tests.provisioning.test_policies import FUNCTIONS, policy

# parliament's findings that are meant. The sweep asks about whatever trail, log group and alarm it
# is; who deploys looks at what may have any name, and may write the policy of our own buckets.
MEANT = {
    "sweep": {"RESOURCE_EFFECTIVELY_STAR"},
    "who deploys": {"RESOURCE_STAR", "RESOURCE_POLICY_PRIVILEGE_ESCALATION"},
}
LINT = """
import sys
from parliament import analyze_policy_string
for finding in analyze_policy_string(sys.stdin.read()).findings:
    print(finding.issue)
"""


def test_every_call_is_one_that_a_policy_allows(cloud: Cloud, calls: Path) -> None:
    policies = allowed()
    used = {(who, action, by) for who, action, by in heard(calls)}
    assert {by for _, _, by in used} >= {"setup_resources.py apply", "chalice deploy"}
    assert {one for one in used if one[1] not in policies[one[0]]} == set()


@pytest.mark.parametrize("who", [*FUNCTIONS, "who deploys"])
def test_parliament_finds_nothing_in_a_policy_but_what_is_meant(who: str) -> None:
    assert found_in(deployers_policy() if who == "who deploys" else policy("prod", who)) == (
        MEANT.get(who, set())
    )


def test_parliament_looks() -> None:
    unknown = {"Effect": "Allow", "Action": ["s3:GetObjekt"], "Resource": ["*"]}
    assert "UNKNOWN_ACTION" in found_in({"Version": "2012-10-17", "Statement": [unknown]})


def found_in(document: dict[str, Any]) -> set[str]:
    command = [str(EMULATOR), "-W", "ignore", "-c", LINT]
    done = subprocess.run(
        command, input=json.dumps(document), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())
