"""Writes the calls by which setup_resources.py of 3ad91a3 made a stage, as calls of AWS.

In a checkout of that commit, with its tests' requirements installed:

    PYTHONPATH=. python …/tests/provisioning/made_by_3ad91a3/make.py

`calls.json` are the changes of one `apply` after `chalice deploy`, in their order, with a word in
place of each secret.
"""

# Its imports are those of 3ad91a3: some are elsewhere today, so mypy does not know them.
# mypy: ignore-errors

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from provisioning.pattern import derived_pattern
from tests.provisioning.account import fresh_account

CALLS = Path(__file__).parent / "calls.json"


def main() -> None:
    with fresh_account() as account:
        account.choose(email="ops@example.com", log_days=60)
        account.request = replace(account.request, pattern=derived_pattern({}))
        account.deploy()
        account.recorder.reset()
        account.apply()
        made = [
            {"service": one.service, "operation": one.operation, "parameters": without_secret(one)}
            for one in account.recorder.changes
        ]
    lines = ",\n".join(json.dumps(one, default=str) for one in made)
    CALLS.write_text(f"[\n{lines}\n]\n")


def without_secret(call):
    if call.parameters.get("Type") == "SecureString":
        return {**call.parameters, "Value": f"a value of {call.parameters['Name']}"}
    return call.parameters


if __name__ == "__main__":
    main()
