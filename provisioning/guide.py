"""A deployment, step by step: what each does, where, and how to undo it."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.ingest.files_queue import VARIABLE
from provisioning.aws import Aws
from provisioning.change import Call
from provisioning.operator import Operator, Walk
from provisioning.parameters import lacks, new_api_token, title
from provisioning.slack_trial import with_slack
from provisioning.summary_hour import ask_for_summary
from provisioning.survey import Request, Survey

# Makefile says the second.
STEPS = {
    Walk.FIRST: "Step 1 of 3: setup_resources.py apply makes what the functions need",
    Walk.LAST: "Step 3 of 3: setup_resources.py apply makes what needs the functions",
}


def is_the_right_place(aws: Aws, seen: Survey, operator: Operator) -> bool:
    """Say which account and region it is, and in a deployment's first step ask."""
    if operator.walk is None:
        return True
    at = seen.at
    operator.say(f"{STEPS[operator.walk]}. Undo: make destroy STAGE={at.stage}", style="bold")
    if operator.walk is not Walk.FIRST:
        return True
    who = aws.read(Call(service="sts", operation="get_caller_identity"))["Arn"]
    operator.say(f"It goes to account {at.account}, region {at.region}, as {who}.")
    if operator.yes or not operator.terminal:
        why = "--yes is given" if operator.yes else "there is no terminal to ask at"
        operator.say(f"Nobody is asked, since {why}.")
        return True
    return operator.confirm("Deploy there?")


def with_secrets(request: Request, seen: Survey, operator: Operator) -> tuple[Request, str | None]:
    """Ask for what Slack needs and try it; generate the API's token where it is missing."""
    values, new_token = with_slack(request.values, seen, operator), None
    if values.api_token is None and lacks(seen.at, seen.found, "api-token"):
        new_token = new_api_token()
        values = replace(values, api_token=new_token)
    return replace(request, values=values), new_token


def say_what_is_new(seen: Survey, operator: Operator, token: str | None) -> None:
    """Where the API's token is, and on a terminal what it is: a log would keep it."""
    if token is None:
        return
    name = seen.at.parameter("api-token")
    if operator.terminal and operator.walk is None:
        operator.say(f"The API's token, shown this once (also in SSM, {name}):\n{token}")
    else:
        operator.say(f"The API's token was made and is in the parameter {name}.")
    ask_for_summary(operator.ask, operator.console)


def say_what_is_next(seen: Survey, operator: Operator) -> None:
    """After each run of apply."""
    stage = seen.at.stage
    if seen.at.reads_files and seen.at.function("ingest_files") not in seen.functions:
        operator.say(
            f'Next: set "{VARIABLE}": "{seen.at.files_queue}" under environment_variables of the '
            f"stage {stage} in .chalice/config.json: ingest_files is deployed only then."
        )
    if operator.walk is Walk.LAST:
        _say_where_it_is(seen, operator)
    if seen.functions:
        return
    if operator.walk is None:
        operator.say(f"Next: chalice deploy --stage {stage}, then apply again (make deploy).")
    # Rules over time tell what is new: whoever has a trail already can teach them what is not.
    learn = f"trailbell.py learn --from-log-group {seen.at.log_group} --since 14d"
    operator.console.print(
        f"Where a trail is there already, let it learn what is usual afterwards:\n"
        f"  {learn} --store dynamodb:///{seen.at.deployment}",
        highlight=False, markup=False, soft_wrap=True,
    )  # fmt: skip


def _say_where_it_is(seen: Survey, operator: Operator) -> None:
    at = seen.at
    name, url = at.parameter("api-token"), seen.public_url or _found(seen, "public-url")
    token = _found(seen, "api-token")
    if url and token and operator.terminal:
        operator.say("\nThe page, by a link that lets in whoever has it:", style="bold")
        operator.say(f"  {url}#token={token}")
    elif url:
        operator.say(f"The page: {url} (its token is in the parameter {name}).")
    if url:
        operator.say(
            "Slack's buttons need its address, once: paste at App Manifest what\n"
            f"  setup_resources.py slack-manifest --url {url} prints."
        )
    operator.say(
        "See it work from CloudTrail to Slack, which takes about five minutes:\n"
        f"  setup_resources.py test-alert --stage {at.stage}\n"
        f"Undo it all: make destroy STAGE={at.stage} (what holds data stays)."
    )


def _found(seen: Survey, name: str) -> str:
    """What a parameter holds, where it could be read."""
    found = seen.found.get(title(seen.at, name))
    return found if isinstance(found, str) else ""
