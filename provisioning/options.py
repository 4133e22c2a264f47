"""The options of setup_resources.py, and the request that they and the environment come to."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

import boto3
import click
from botocore.exceptions import BotoCoreError

from provisioning.aws import Aws
from provisioning.checks import NO_TAGS, wrong
from provisioning.errors import explain
from provisioning.parameters import values_from_env
from provisioning.pattern import derived_pattern, wanted_by
from provisioning.survey import Request

CONFIG = Path(__file__).parents[1] / ".chalice" / "config.json"
DAYS = ("log_days", "trail_days")
# Of each partition, what exists of CloudTrail is what exists of all that is used here.
PARTITIONS = ("aws", "aws-cn", "aws-us-gov")


def of_a_stage(command: Callable[..., None]) -> Callable[..., None]:
    """The stage alone, where AWS is not asked."""
    stages = sorted(json.loads(CONFIG.read_text())["stages"])
    option = click.option("--stage", type=click.Choice(stages), default="dev", show_default=True)
    return option(command)


def for_a_stage(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say which installation."""
    for option in (
        click.option("--profile", help="As in ~/.aws/config."),
        click.option("--region", help="Default: the profile's, or AWS_DEFAULT_REGION."),
        of_a_stage,
    ):
        command = option(command)
    return command


def with_choices(command: Callable[..., None]) -> Callable[..., None]:
    """The options that choose what it is made of."""
    for option in (
        click.option(
            "--tag", "tags", multiple=True, metavar="KEY=VALUE", help="A tag on all that is made."
        ),
        click.option("--trail-days", metavar="DAYS", help="Keep the trail's files so long; 365."),
        click.option(
            "--log-days", metavar="DAYS", help="Keep the log group's records so long; 30."
        ),
        click.option("--email", help="Where AWS mails the alarms."),
        click.option(
            "--kms-key", metavar="own|ARN", help="Encrypt what is kept with this KMS key."
        ),
        click.option("--role-path", metavar="/PATH/", help="The path of every role."),
        click.option("--permissions-boundary", metavar="ARN", help="A boundary on every role."),
        click.option(
            "--filter-pattern", help="Pin the subscription filter instead of deriving it."
        ),
        click.option(
            "--organization/--no-organization", default=None, help="An organization trail."
        ),
        click.option("--bucket-key", metavar="ARN", help="The KMS key of the bucket's files."),
        click.option("--bucket-owner", metavar="ACCOUNT", help="Whose the adopted bucket is."),
        click.option("--topic", metavar="ARN", help="Adopt the topic that tells of the files."),
        click.option(
            "--source",
            metavar="[logs|s3]",
            help="How records come: by the log group (default), or by the trail's files in S3.",
        ),
        click.option("--bucket", help="Adopt this bucket for the trail."),
        click.option("--log-group", help="Adopt this log group."),
        click.option("--trail", help="Adopt this trail, and the log group it writes to."),
    ):
        command = option(command)
    return command


def opened(region: str | None, profile: str | None) -> Aws:
    """AWS with the credentials as boto3 finds them. Raises OperatorError."""
    try:
        return Aws(boto3.Session(region_name=region, profile_name=profile))
    except BotoCoreError as error:
        raise explain(error) from error


def requested(aws: Aws, stage: str, given: dict[str, Any]) -> Request:
    """What was asked for. Raises click.UsageError with every mistake, before AWS is asked."""
    return requested_of(stage, given, aws.session.region_name, _regions(aws))


def requested_of(
    stage: str, given: dict[str, Any], region: str | None = None, regions: Collection[str] = ()
) -> Request:
    """The same where AWS is not asked at all, without a region."""
    config = json.loads(CONFIG.read_text())
    mistakes = wrong(given, os.environ, region, regions)
    if mistakes:
        raise click.UsageError(_listed(mistakes))
    options = config["stages"][stage]
    wanted = wanted_by(options.get("environment_variables", {}))
    return Request(
        app=config["app_name"],
        stage=stage,
        given=_typed(given),
        values=values_from_env(os.environ),
        pattern=derived_pattern(wanted),
        deployed_here=(CONFIG.parent / "deployed" / f"{stage}.json").exists(),
        rules=wanted.rules,
        config=options,
    )


def _typed(given: dict[str, Any]) -> dict[str, Any]:
    tags = given.get("tags", ())
    chosen = "" if tags == NO_TAGS else dict(tag.split("=", 1) for tag in tags) or None
    days = {name: int(given[name]) for name in DAYS if given.get(name)}
    return {**given, **days, "tags": chosen}


def _regions(aws: Aws) -> list[str]:
    find = aws.session.get_available_regions
    return [name for one in PARTITIONS for name in find("cloudtrail", partition_name=one)]


def _listed(mistakes: Iterable[str]) -> str:
    sentences = [*mistakes]
    if len(sentences) == 1:
        return f"{sentences[0]}."
    return "\n".join(
        [
            f"{len(sentences)} things are wrong, and nothing was done:",
            *(f"  - {one}." for one in sentences),
        ]
    )
