"""The group that both commands are: wrong use in one line with the next step, and every end."""

from __future__ import annotations

import difflib
import importlib
import io
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from terminal.errors import (
    CLOSED_PIPE,
    FAILED,
    INTERRUPTED,
    WRONG_USE,
    is_of_the_machine,
    of_the_system,
    say,
)


class Commands(click.Group):
    """A group whose commands may be modules, imported when they are named: `--help` and one command
    must not pay for the others. Without a command it takes the `default`, where there is one.

    An unknown command and a value that is none of a choice are answered by the nearest.
    """

    def __init__(
        self,
        *args: Any,
        says: str = "",
        modules: Mapping[str, str] | None = None,
        default: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._says = says
        self._modules = modules or {}
        self._default = default

    def main(  # type: ignore[override]  # click's overloads tell how it returns
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        **extra: Any,
    ) -> None:
        """Run, and end in one of the house's ways (docs/terminal.md). `extra` is the context's."""
        _open_streams()
        called = prog_name or Path(sys.argv[0]).name
        self._main_shell_completion(extra, called, complete_var)
        sys.exit(self._ended(called, list(sys.argv[1:] if args is None else args), extra))

    def _ended(self, called: str, args: list[str], extra: dict[str, Any]) -> int:
        """The exit code, once what went wrong is said. click would swallow two of these ends."""
        try:
            with self.make_context(called, args, **extra) as context:
                self.invoke(context)
            sys.stdout.flush()
        except click.exceptions.Exit as end:
            return end.exit_code
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            return WRONG_USE
        except click.UsageError as error:
            return self._said(_of_wrong_use(error), WRONG_USE)
        except click.ClickException as error:
            code = FAILED if is_of_the_machine(error) else error.exit_code
            return self._said(error.format_message(), code)
        except (click.Abort, KeyboardInterrupt):
            return self._said("interrupted.", INTERRUPTED)
        except BrokenPipeError:
            _let_go_of(sys.stdout)
            return CLOSED_PIPE
        except OSError as error:
            _let_go_of(sys.stdout)
            return self._said(of_the_system(error), FAILED)
        return 0

    def _said(self, sentence: str, code: int) -> int:
        with suppress(OSError):  # the terminal may be gone
            say(self._says, sentence)
        return code

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Without a command, the default one."""
        if self._default and (not args or (args[0][:1] == "-" and args[0] not in _OWN)):
            args = [self._default, *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Those of modules in their order, then the others."""
        return [*self._modules, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; None where there is none."""
        if cmd_name not in self._modules:
            return super().get_command(ctx, cmd_name)
        module = importlib.import_module(self._modules[cmd_name])
        command = getattr(module, cmd_name.replace("-", "_"))
        return command if isinstance(command, click.Command) else None

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """The command that the arguments name. Raises click.UsageError with the nearest."""
        if args and self.get_command(ctx, args[0]) is None and args[0][:1] != "-":
            near = nearest(args[0], self.list_commands(ctx))
            raise click.UsageError(f"No such command {args[0]!r}.{near}", ctx)
        return super().resolve_command(ctx, args)


_OWN = ("-h", "--help", "--version")


def nearest(word: str, known: Sequence[str]) -> str:
    """A question after a sentence about an unknown word: ` Did you mean 'run'?`, or ""."""
    found = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    return f" Did you mean {found[0]!r}?" if found else ""


def _of_wrong_use(error: click.UsageError) -> str:
    command = error.ctx.command_path if error.ctx else ""
    said = error.format_message().rstrip(".")
    kind = error.param.type if isinstance(error, click.BadParameter) and error.param else None
    if isinstance(kind, click.Choice):
        value = said.partition(": '")[2].partition("'")[0]
        said += "." + nearest(value, [str(each) for each in kind.choices])
        said = said.rstrip(".")
    if isinstance(error, click.MissingParameter):  # it has a line for each choice
        said = " ".join(said.split())
    ended = said if said.endswith("?") else f"{said}."
    return f"{ended} See: {command} --help" if command else ended


def _open_streams() -> None:
    """Stand in for what the caller closed, which Python has as None, and let no sign that the
    terminal has not end a command: it is written as its number.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - for the whole run
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _let_go_of(stream: Any) -> None:
    """What is left of a stream that takes nothing must not be tried again at exit."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
