"""The command line of trailbell.py: one group, a module per command."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from chalicelib import __version__

# Imported when asked for: `--help` and one command must not pay for the others.
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
}


class WrongUseError(click.ClickException):
    """Wrong use, in one line."""

    exit_code = 2


@contextmanager
def _one_line() -> Iterator[None]:
    """Wrong use in one line with the next step; click would print four."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "trailbell.py"
        said = error.format_message().rstrip(".")
        ended = said if said.endswith(("?", ")")) else f"{said}."
        raise WrongUseError(f"{ended} See: {command} --help") from error


class Commands(click.Group):
    """A group that imports a command's module when the command is named."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Parse the group's own options."""
        with _one_line():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Parse the command's options and run it."""
        with _one_line():
            return super().invoke(ctx)

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
    """Trailbell tells a Slack channel what people do to an AWS account.

    \b
    Try it here, with a sample trail and no configuration:
      .venv/bin/python trailbell.py run
    \b
    What would these records have told the channel?
      .venv/bin/python trailbell.py replay trail.json.gz
    """
