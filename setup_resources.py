"""Provisions what Trailbell needs in AWS: plan · apply · status · test-alert · destroy."""

from __future__ import annotations

import os
import sys
from typing import Any

try:
    import click
    from botocore.exceptions import BotoCoreError
    from rich.console import Console

    from provisioning.options import (
        for_a_stage,
        of_a_stage,
        opened,
        requested,
        requested_of,
        with_choices,
    )
except ModuleNotFoundError as error:
    sys.exit(f"{error}. Run `make setup`, then .venv/bin/python setup_resources.py")

from provisioning import canary, commands, cost, slack_app, template
from provisioning.choices import Choices
from provisioning.errors import OperatorError, explain
from provisioning.operator import Walk, operator, outside
from provisioning.parameters import values_from_env
from terminal.commands import Commands
from terminal.errors import Failed


class Provisioning(Commands):
    """The commands; what AWS or the way to it refused is one line with the next step."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except OperatorError as error:
            raise Failed(str(error)) from error
        except BotoCoreError as error:
            raise Failed(str(explain(error))) from error


@click.group(
    cls=Provisioning,
    says="setup_resources.py",
    default="plan",
    context_settings={"help_option_names": ["-h", "--help"]},
)
def main() -> None:
    """Provision what Trailbell needs in AWS; without a command, plan.

    Credentials, region and AWS_ENDPOINT_URL are taken as boto3 takes them. Values for Slack come
    from SLACK_TOKEN, SLACK_CHANNEL and SLACK_USERNAME, or are asked for. Choices are remembered
    in AWS: later runs need no options. An option given as "" takes its choice back.

    \b
    Examples:
      .venv/bin/python setup_resources.py plan
      .venv/bin/python setup_resources.py apply --stage prod --email ops@example.com
      .venv/bin/python setup_resources.py status --stage prod
    """


@main.command()
@for_a_stage
@with_choices
def plan(stage: str, region: str | None, profile: str | None, **given: Any) -> None:
    """Show what apply would change, and why.

    It only reads. Where the account has a trail already, it names the one to adopt.

    \b
    Examples:
      .venv/bin/python setup_resources.py plan
      .venv/bin/python setup_resources.py plan --trail organization-trail
    """
    aws = opened(region, profile)
    request = requested(aws, stage, given)
    fine = commands.show_what_would_change(aws, request, operator(yes=False))
    sys.exit(0 if fine else 1)


@main.command()
@for_a_stage
@with_choices
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--walk", type=click.Choice([each.value for each in Walk]), hidden=True)
def apply(
    stage: str, region: str | None, profile: str | None, yes: bool, walk: str | None, **given: Any
) -> None:
    """Make what is missing and change what differs.

    It asks first; a second run changes nothing, and a run that was cut off is finished by the
    next. `make deploy` runs it before and after the functions are deployed.

    \b
    Examples:
      .venv/bin/python setup_resources.py apply
      .venv/bin/python setup_resources.py apply --email ops@example.com \\
        --tag team=security
      SLACK_TOKEN=... .venv/bin/python setup_resources.py apply --yes
    """
    aws = opened(region, profile)
    request = requested(aws, stage, given)
    done = commands.apply(aws, request, operator(request.config, yes=yes, walk=walk))
    sys.exit(0 if done else 1)


@main.command()
@for_a_stage
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
def status(stage: str, region: str | None, profile: str | None, as_json: bool) -> None:
    """Say of each part how it stands, and what to do.

    ok, missing, differs (how) or cannot be read (which permission); untouched, half-made, healthy
    or broken in all, and what Slack was told last. Exits 0 only where every part is ok.

    \b
    Examples:
      .venv/bin/python setup_resources.py status --stage prod
      .venv/bin/python setup_resources.py status --json
    """
    aws = opened(region, profile)
    request = requested(aws, stage, {})
    whom = outside(aws, request.config)
    healthy = commands.show_status(aws, request, whom, operator(yes=False), as_json=as_json)
    sys.exit(0 if healthy else 1)


@main.command("test-alert")
@for_a_stage
@click.option("--timeout", default=900, show_default=True, help="Seconds to wait for the alert.")
def test_alert(stage: str, region: str | None, profile: str | None, timeout: int) -> None:
    """Do something harmless and wait until Slack was told.

    It writes and removes the parameter /canary/APP-STAGE, which CloudTrail records; about five
    minutes pass. Exits 0 only where Slack was told.

    \b
    Examples:
      .venv/bin/python setup_resources.py test-alert --stage prod
      .venv/bin/python setup_resources.py test-alert --timeout 1800
    """
    aws = opened(region, profile)
    request = requested(aws, stage, {})
    store = outside(aws, request.config).store
    sent = canary.test_alert(aws, request, store, Console(soft_wrap=True), timeout)
    sys.exit(0 if sent else 1)


@main.command("cost")
@click.option("--accounts", type=click.IntRange(1), default=1, show_default=True)
@click.option("--records-per-day", type=click.IntRange(1), required=True, help="Of all together.")
@click.option("--source", type=click.Choice(["logs", "s3"]), default="logs", show_default=True)
def cost_(accounts: int, records_per_day: int, source: str) -> None:
    """Print what it costs a month, with the arithmetic. AWS is not asked.

    \b
    Examples:
      .venv/bin/python setup_resources.py cost --records-per-day 30000
      .venv/bin/python setup_resources.py cost --accounts 50 \\
        --records-per-day 2000000 --source s3
    """
    click.echo(cost.bill(accounts, records_per_day, source))


@main.command("template")
@of_a_stage
@with_choices
def template_(stage: str, **given: Any) -> None:
    """Print what apply makes as a CloudFormation template. AWS is not asked.

    For a pipeline that deploys: create the stack, deploy the functions (make package), then update
    the stack with FunctionsDeployed=yes. docs/operating.md says it step by step.

    \b
    Examples:
      .venv/bin/python setup_resources.py template --stage prod > trailbell.json
      .venv/bin/python setup_resources.py template --email ops@example.com
    """
    asked = requested_of(stage, given)
    choices = Choices().updated(asked.given)
    click.echo(template.template(asked.app, stage, choices, asked.values, asked.pattern))


@main.command("slack-manifest")
@click.option("--url", help="Where the API answers. Default: PUBLIC_URL, else a placeholder.")
def slack_manifest(url: str | None) -> None:
    """Print the manifest of the Slack app.

    It is pasted at api.slack.com/apps, From a manifest. AWS is not asked.

    \b
    Examples:
      .venv/bin/python setup_resources.py slack-manifest
      .venv/bin/python setup_resources.py slack-manifest \\
        --url "$(chalice url --stage dev)"
    """
    where = slack_app.address(url or values_from_env(os.environ).public_url)
    click.echo(slack_app.manifest(where))
    click.echo(slack_app.words(where), err=True)


@main.command()
@for_a_stage
@click.option("--delete-data", is_flag=True, help="Remove alerts, trail files and log groups too.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def destroy(
    stage: str, region: str | None, profile: str | None, delete_data: bool, yes: bool
) -> None:
    """Remove what apply made; data stays unless told otherwise.

    It asks first. What was adopted is never removed. `make destroy` removes the functions too.

    \b
    Examples:
      .venv/bin/python setup_resources.py destroy
      .venv/bin/python setup_resources.py destroy --delete-data
    """
    aws = opened(region, profile)
    request = requested(aws, stage, {})
    done = commands.destroy(aws, request, operator(yes=yes), data=delete_data)
    sys.exit(0 if done else 1)


if __name__ == "__main__":
    main()
