"""What the documents tell to type against AWS, run on the emulator as an operator would.

tests/documented reads these commands only. Those that stand for a stage of their own, adopt what
somebody else has, or take it all away are run by the tests of just that.
"""

from __future__ import annotations

import pytest

from tests.documented.kinds import LOCAL, Kind, kind
from tests.documented.words import Command, commands
from tests.e2e.cloud import Cloud

# Run by test_first_deployment.py, test_packaged.py, test_by_files.py and test_self_watch.py.
ELSEWHERE = ("destroy", "test-alert", "--source", "--url", "prod")
# They ask AWS or its emulator, and end by themselves.
ASKING = {"setup_resources.py": {"plan", "apply", "status"}, "trailbell.py": {"parked", "mutes"}}
STORE = ("--store", "dynamodb:///trailbell-dev")


def asking() -> list[Command]:
    found = {
        Command("", command.words)
        for command in commands()
        if kind(command) is Kind.LOOKED_UP
        and command.words[1:]
        and command.words[1] in ASKING[command.words[0]]
        and not any(word in ELSEWHERE for word in command.words)
    }
    return sorted(found, key=lambda one: one.words)


def test_what_is_run_here_is_not_run_elsewhere_too() -> None:
    assert asking()
    for program, names in ASKING.items():
        assert not names & LOCAL[program]


@pytest.mark.parametrize("command", asking(), ids=str)
def test_it_ends_well_on_a_deployed_stage(command: Command, cloud: Cloud) -> None:
    program, name, *rest = command.words
    if program == "trailbell.py":
        cloud.run_trailbell(name, *rest, *(() if "--store" in rest else STORE))
        return
    # At a terminal `apply` asks first.
    done = cloud.setup(name, *rest, *(["--yes"] if name == "apply" else []), check=False)
    # The emulator lacks parts of what `status` reads, which it says with the next step.
    assert done.returncode in ((0, 1) if name == "status" else (0,)), done.stdout + done.stderr
    assert "Traceback" not in done.stderr
