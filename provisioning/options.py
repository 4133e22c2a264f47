"""The options of setup_resources.py that several commands share."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import click

CONFIG = Path(__file__).parents[1] / ".chalice" / "config.json"


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
        click.option(
            "--trail-days", type=click.IntRange(1), help="Keep the trail's files so long; 365."
        ),
        click.option(
            "--log-days", type=click.IntRange(1), help="Keep the log group's records so long; 30."
        ),
        click.option("--email", help="Where AWS mails the alarms."),
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
            type=click.Choice(["logs", "s3"]),
            help="How records come: by the log group (default), or by the trail's files in S3.",
        ),
        click.option("--bucket", help="Adopt this bucket for the trail."),
        click.option("--log-group", help="Adopt this log group."),
        click.option("--trail", help="Adopt this trail, and the log group it writes to."),
    ):
        command = option(command)
    return command
