"""The command line of trailbell.py: one group, a module per command."""

from __future__ import annotations

import importlib

import click

from chalicelib import __version__

# Imported when asked for: `--help` and one command must not pay for the others.
COMMANDS = {
    "run": "cli.run",
    "replay": "cli.replay",
    "rules": "cli.rules",
    "parked": "cli.parked",
}


class Commands(click.Group):
    """A group that imports a command's module when the command is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(COMMANDS[cmd_name]), cmd_name)
        return command if isinstance(command, click.Command) else None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="trailbell")
def main() -> None:
    r"""Trailbell tells a Slack channel what people do to an AWS account.

    \b
    Try it here, with a sample trail and no configuration:
      python trailbell.py run
    \b
    What would these records have told the channel?
      python trailbell.py replay trail.json.gz
    """
