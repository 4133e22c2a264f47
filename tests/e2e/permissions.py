"""Which program used which IAM action: what the end-to-end tests noted, beside what is allowed.

    AWS_CALLS=/tmp/calls.jsonl make e2e
    .venv/bin/python -m tests.e2e.permissions /tmp/calls.jsonl

writes docs/permissions.md anew; without the file, by what the page says already, for a policy that
was changed.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from provisioning.permissions import CHALICE
from tests.provisioning.account import Made
from tests.provisioning.iam import actions
from tests.provisioning.test_functions import BY_APPLY, BY_LAMBDA
from tests.provisioning.test_operating import DOCUMENT, OPERATOR, SOMETIMES, deployers_policy
from tests.provisioning.test_policies import FUNCTIONS, policy

TABLE = Path(__file__).parents[2] / "docs" / "permissions.md"
OPERATORS = "who deploys"
E2E, SOURCE = "`make e2e`", "the source of Chalice 1.34"
ROW = re.compile(r"(?m)^\| `([\w:]+)` \| ([^|]+) \| ([^|]+) \|$")
FUNCTION = re.compile(r"trailbell-[a-z]+(?:-(\w+))?")
# What shows the rest.
BY_TESTS = {
    OPERATORS: "`tests/provisioning/test_operating.py`",
    **dict.fromkeys(FUNCTIONS, "`tests/provisioning/test_functions.py`"),
}
HEAD = """# Permissions

Every IAM action that a policy of Trailbell's allows, and what uses it. The programs that `make e2e`
runs, the functions in the emulator among them, note each call of AWS that they make
(`AWS_CALLS=FILE make e2e`); which action a call needs is said in `provisioning/permissions.py` and
`tests/provisioning/iam.py`, after the Service Authorization Reference. This page is written from
that by `python -m tests.e2e.permissions FILE`. No emulator enforces a policy:
`tests/e2e/test_permissions.py` fails where a call was made that no policy allows, and
`tests/provisioning/test_permissions.py` where an action is allowed that is not listed here.

What the emulator gives no cause for is shown by the tests that are named: they run the same
programs and handlers against moto and hold that a policy allows exactly what was called.
"""

Used = dict[tuple[str, str], set[str]]


def heard(path: Path) -> Iterator[tuple[str, str, str]]:
    """Who is allowed it, the action, the program that used it."""
    for line in path.read_text().splitlines():
        call = json.loads(line)
        found = FUNCTION.fullmatch(call["by"])
        who = (found[1] or "api_handler") if found else OPERATORS
        by = call["by"] if who == OPERATORS else f"the function {who}"
        made = Made(call["service"], call["operation"], call["parameters"])
        for action in actions(made):
            yield who, action, by


def allowed() -> dict[str, set[str]]:
    """The actions that each policy allows, and what apply adds for a chosen bucket."""
    functions = {
        name: {one for each in policy("dev", name)["Statement"] for one in each["Action"]}
        | BY_APPLY.get(name, set())
        for name in FUNCTIONS
    }
    deploying = {one for each in deployers_policy()["Statement"] for one in each["Action"]}
    return {OPERATORS: deploying | by_choice(), **functions}


def by_choice() -> set[str]:
    """What deploying by S3, or with a boundary, a path or a key of one's own, needs besides."""
    parts = re.findall(r"Whoever deploys (?:it|with these) needs, besides([^\n]*)", DOCUMENT)
    return set(
        re.findall(r"`((?:sqs|sns|lambda|iam|kms|dynamodb|logs|ssm):[A-Za-z]+)`", "".join(parts))
    )


def shown_elsewhere(who: str, action: str) -> str:
    """What uses it where the programs of make e2e did not."""
    if action in BY_LAMBDA.get(who, set()):
        return "Lambda itself, in the role's name"
    if who != OPERATORS:
        return BY_TESTS[who]
    if action in CHALICE or action.startswith("lambda:"):
        return SOURCE
    if action in by_choice():
        return "an option's: `tests/provisioning`"
    if action in SOMETIMES:
        return f"an option's: {BY_TESTS[who]}"
    if action in OPERATOR:
        return "`tests/provisioning/test_functions.py`"
    return BY_TESTS[who]


def known() -> Used:
    """What the page says that the programs of make e2e used."""
    return {
        (who, action): set(by.replace("`", "").split(", "))
        for who, rows in rows_of(TABLE.read_text()).items()
        for action, by, shown_by in rows
        if shown_by == E2E
    }


def rows_of(page: str) -> dict[str, list[tuple[str, str, str]]]:
    """The rows of the page, by who is allowed them: action, used by, shown by."""
    parts = re.split(r"(?m)^## (.*)$", page)[1:]
    found = zip(parts[::2], parts[1::2], strict=True)
    return {title.lower().removeprefix("the function "): ROW.findall(text) for title, text in found}


def noted(calls: Path) -> Used:
    """The same of a file of calls."""
    used: Used = defaultdict(set)
    for who, action, by in heard(calls):
        used[who, action].add(by)
    return used


def table(used: Used) -> str:
    """The page."""
    sections = [HEAD]
    for who, actions_of in allowed().items():
        title = who if who == OPERATORS else f"the function {who}"
        rows = [_row(action, used.get((who, action), ()), who) for action in sorted(actions_of)]
        head = "| action | used by | shown by |\n|---|---|---|\n"
        sections.append(f"## {title[0].upper()}{title[1:]}\n\n{head}" + "\n".join(rows) + "\n")
    return "\n".join(sections)


def _row(action: str, by: Iterable[str], who: str) -> str:
    code = "`{}`" if who == OPERATORS else "{}"
    programs = ", ".join(code.format(one) for one in sorted(by))
    if programs:
        return f"| `{action}` | {programs} | {E2E} |"
    named = "in an account of moto's" if who == OPERATORS else f"the function {who}"
    shown = shown_elsewhere(who, action)
    return f"| `{action}` | {'Chalice' if shown == SOURCE else named} | {shown} |"


if __name__ == "__main__":
    TABLE.write_text(table(noted(Path(sys.argv[1])) if sys.argv[1:] else known()))
