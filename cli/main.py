"""The command line of trailbell.py: one group, a module per command."""

from __future__ import annotations

import click

from chalicelib import __version__
from terminal.commands import Commands

COMMANDS = {
    "run": "cli.run",
    "replay": "cli.replay",
    "match": "cli.match",
    "facts": "cli.facts",
    "rules": "cli.rules",
    "learn": "cli.learn",
    "redrive": "cli.redrive",
    "parked": "cli.parked",
    "mutes": "cli.mutes",
    "press": "cli.press",
    "completion": "cli.completion",
}


@click.group(
    cls=Commands,
    says="trailbell",
    modules=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="trailbell")
def main() -> None:
    """Trailbell tells a Slack channel what people do to an AWS account.

    \b
    Try it here, with a sample trail and no configuration:
      .venv/bin/python trailbell.py run
    \b
    What would these records have told the channel?
      .venv/bin/python trailbell.py replay trail.json.gz
    """
