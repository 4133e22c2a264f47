"""`completion`: what makes the Tab key complete commands, options and choices."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from click.shell_completion import get_completion_class

SCRIPT = Path(__file__).parent.parent / "trailbell.py"
NAME, VARIABLE = "trailbell", "_TRAILBELL_COMPLETE"
HEAD = """{name}() {{ "{python}" "{script}" "$@"; }}
"""


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh"]))
def completion(shell: str) -> None:
    """Print what makes the Tab key complete `trailbell`.

    It makes that a command of this shell, too.

    \b
    Examples:
      eval "$(.venv/bin/python trailbell.py completion bash)"
      .venv/bin/python trailbell.py completion zsh >> ~/.zshrc
    """
    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"click completes no {shell}.")
    python, script = sys.executable, str(SCRIPT.resolve())
    source = kind(click.Group(), {}, NAME, VARIABLE).source()
    # The shell's word is a function of this script, which `env` could not run.
    for called in ("$1", NAME):
        source = source.replace(
            f"{VARIABLE}={shell}_complete {called}",
            f'{VARIABLE}={shell}_complete "{python}" "{script}"',
        )
    source = source.replace("$+commands[", "$+functions[")
    click.echo(HEAD.format(name=NAME, python=python, script=script) + source)
