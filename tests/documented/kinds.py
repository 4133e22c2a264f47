"""Each documented command is of one kind, which says how it is tried.

| Kind | How |
|---|---|
| run | done here, in a folder with what it names; it ends with 0 |
| looked up | its command, options and values are read, since it changes AWS, asks it or serves |
| make | `make --dry-run` makes a plan of it; what it then runs is tested by its own tests |
| module | the module, its options, or the tests that it picks are there |
| call | the API answers it with 200 |
| AWS's | the operation and its options stand in botocore's model of the service |
| Python | the line is run |
| others' | programs of others, named here |

What is looked up of our own commands on AWS is run by tests/e2e/test_documented.py.
"""

from __future__ import annotations

from enum import Enum

from tests.documented.words import OURS, Command


class Kind(Enum):
    """How a command is tried."""

    RUN = "run"
    LOOKED_UP = "looked up"
    MAKE = "make"
    MODULE = "module"
    CALL = "call"
    AWS = "AWS's"
    PYTHON = "Python"
    OTHERS = "others'"


# These end by themselves and ask nothing but files.
LOCAL = {
    "trailbell.py": {"replay", "rules", "match", "facts", "learn", "completion", "--version"},
    "setup_resources.py": {"cost", "template", "slack-manifest"},
}
# Beyond this machine, or into the repository itself.
AWAY = ("s3://", "dynamodb://", "tcp://", "--from-log-group", "--verify-live", "--compile")
# What others' programs are named for, by their first words.
OTHERS = {
    "aws cloudformation deploy", "aws cloudformation package", "aws cloudtrail validate-logs",
    "aws sso login",  # AWS CLI's own, in no model
    "chalice deploy", "chalice delete", "chalice local", "chalice url",
    "terraform apply", "terraform validate",
    "dask scheduler", "dask worker",
    "git clone", "git diff", "git pull", "pip install",
    "cd trailbell", "cp docs/examples/five-services.toml",
}  # fmt: skip


def kind(command: Command) -> Kind | None:
    """None where it is of none: name its program here, or write it as the others."""
    words = [command.words[0].removeprefix(".venv/bin/"), *command.words[1:]]
    if words[0] in OURS:
        return _ours(command)
    if any(" ".join(words[:length]) in OTHERS for length in (2, 3)) or words[0] == "export":
        return Kind.OTHERS
    # The latter: what a shell makes of what our own command prints, which is tried by itself.
    if words == ["chalice"] or words[0] == "eval":
        return Kind.OTHERS
    known = {
        "make": Kind.MAKE,
        "-m": Kind.MODULE,
        "-c": Kind.PYTHON,
        "curl": Kind.CALL,
        "aws": Kind.AWS,
    }
    return known.get(words[0])


def _ours(command: Command) -> Kind:
    program, *rest = command.words
    named = rest[0] if rest else ""
    if named not in LOCAL[program] or any(word.startswith(AWAY) for word in rest):
        return Kind.LOOKED_UP
    # In a sentence a command's name alone means the command.
    return Kind.RUN if len(rest) > 1 or named in ("rules", "--version") else Kind.LOOKED_UP
