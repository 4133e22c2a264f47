"""How a command ends: one form of errors, one code a kind, and nothing left to guess."""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import setup_resources
from cli.main import COMMANDS, main
from terminal.tables import table

ROOT = Path(__file__).parent.parent.parent
PROGRAMS = {"trailbell.py": main, "setup_resources.py": setup_resources.main}
EVERY = [
    *(("trailbell.py", name) for name in COMMANDS),
    *(("setup_resources.py", name) for name in setup_resources.main.commands),
]
SAYS = {"trailbell.py": "trailbell", "setup_resources.py": "setup_resources.py"}


def _run(program: str, *arguments: str) -> tuple[int, list[str]]:
    done = CliRunner().invoke(PROGRAMS[program], arguments, prog_name=program)
    return done.exit_code, done.stderr.splitlines()


def _command(program: str, name: str) -> click.Command:
    group = PROGRAMS[program]
    assert isinstance(group, click.Group)
    found = group.get_command(click.Context(group), name)
    assert found is not None
    return found


@pytest.mark.parametrize(("program", "name"), EVERY)
def test_help_fits_80_columns_and_has_two_examples(program: str, name: str) -> None:
    text = CliRunner().invoke(PROGRAMS[program], [name, "--help"], terminal_width=80).output
    too_long = [line for line in text.splitlines() if len(line) > 80]
    assert too_long == []
    assert len(re.findall(rf"python {program} {name}\b", text)) >= 2


def _wrong_uses() -> Iterator[tuple[str, list[str], str]]:
    for program, name in EVERY:
        yield program, [name, "--no-such-option"], "--help"
        yield program, [name[:-1] + "x" + name[-1]], f"Did you mean '{name}'?"
        for parameter in _command(program, name).params:
            if isinstance(parameter.type, click.Choice) and isinstance(parameter, click.Option):
                option, choice = parameter.opts[0], str(parameter.type.choices[-1])
                if not parameter.hidden:
                    yield program, [name, option, choice + "x"], f"Did you mean '{choice}'?"


@pytest.mark.parametrize(
    ("program", "arguments", "says"),
    [pytest.param(*each, id=" ".join([each[0], *each[1]])) for each in _wrong_uses()],
)
def test_wrong_use_is_one_sentence_with_the_nearest_and_exits_2(
    program: str, arguments: list[str], says: str
) -> None:
    code, lines = _run(program, *arguments)
    assert code == 2
    (sentence,) = lines
    assert sentence.startswith(f"{SAYS[program]}: ")
    assert says in sentence


def test_a_rule_s_id_that_is_nearly_right_is_answered_by_the_nearest() -> None:
    code, (sentence,) = _run("trailbell.py", "rules", "trail-stoped")
    assert code == 2
    assert sentence.endswith("Did you mean 'trail-stopped'?")


@pytest.mark.parametrize("command", ["parked", "mutes"])
def test_who_only_looks_makes_no_store(command: str, tmp_path: Path) -> None:
    code, lines = _run("trailbell.py", command, "--store", f"sqlite:///{tmp_path}/a.db")
    assert (code, lines) == (0, [])
    code, (sentence,) = _run("trailbell.py", command, "--store", f"sqlite:///{tmp_path}/no/a.db")
    assert code == 2
    assert "there is no folder" in sentence
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("change", [["mutes", "--end", "5f"], ["parked", "--all"]])
def test_a_store_that_is_not_there_is_not_changed(change: list[str], tmp_path: Path) -> None:
    code, (sentence,) = _run("trailbell.py", *change, "--store", f"sqlite:///{tmp_path}/a.db")
    assert code == 2
    assert "nothing was kept there yet" in sentence


def _real(*arguments: str, **more: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, text=True, check=False, stderr=subprocess.PIPE, **more)  # type: ignore[call-overload,no-any-return]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has it")
def test_a_full_disk_is_one_sentence_with_the_next_step() -> None:
    with Path("/dev/full").open("w") as full:
        done = _real("trailbell.py", "rules", stdout=full)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "trailbell: standard output: No space left on device: free some space, or write elsewhere"
    )
    assert "Traceback" not in done.stderr


def test_a_closed_pipe_ends_it_silently() -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as closed:
        done = _real("trailbell.py", "rules", "--json", stdout=closed)
    assert done.returncode == 141
    assert done.stderr == ""


@pytest.mark.parametrize("closed", ["<&-", ">&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("command", ["rules --json", "match '{ $.a = 1 }' -"])
def test_what_the_caller_closed_ends_no_command(command: str, closed: str) -> None:
    run = f'"{sys.executable}" trailbell.py {command} {closed}'
    done = subprocess.run(["sh", "-c", run], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)


def test_a_sign_that_the_terminal_has_not_is_written_as_its_number() -> None:
    done = _real(
        "trailbell.py", "match", '{ $.eventName = "A" }', "-", stdout=subprocess.PIPE,
        input='{"eventVersion": "1.08", "eventName": "A", "name": "\N{SNOWMAN}"}\n',
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
    )  # fmt: skip
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    assert "\\u2603" in done.stdout


def test_a_missing_choice_is_one_sentence_that_names_them() -> None:
    code, (sentence,) = _run("trailbell.py", "completion")
    assert code == 2
    assert "Choose from: bash, zsh. See: trailbell.py completion --help" in sentence


def test_wrong_settings_are_one_sentence_where_rules_are_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SLACK_API_URL", "bad")
    compared = ("--rules", os.devnull, "--diff", os.devnull, os.devnull)
    code, (sentence,) = _run("trailbell.py", "rules", *compared)
    assert (code, sentence[:24]) == (2, "trailbell: SLACK_API_URL")


def test_an_interrupt_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cli.rules._list_and_test", interrupted)
    assert _run("trailbell.py", "rules") == (130, ["trailbell: interrupted."])


def test_on_a_terminal_of_80_columns_the_rules_are_a_table_that_fits() -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "trailbell.py", "rules"],
        cwd=ROOT, stdout=theirs, stderr=subprocess.DEVNULL,
        env={**os.environ, "COLUMNS": "80"},
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    try:
        while some := os.read(ours, 65536):
            shown += some
    except OSError:  # Linux: the other end is closed
        pass
    process.wait()
    os.close(ours)
    lines = shown.decode().splitlines()
    assert lines[0].split() == ["RULE", "SEVERITY", "TITLE"]
    assert max(map(len, lines)) <= 80
    assert "\x1b" not in shown.decode()


def test_a_table_is_cut_to_its_columns_and_whole_without_any() -> None:
    rows = [("a", "b" * 50)]
    assert list(table(("X", "Y"), rows, None)) == ["a  " + "b" * 50]
    assert list(table(("X", "Y"), rows, 20)) == ["X  Y", "a  " + "b" * 16 + "…"]


@pytest.mark.skipif(not shutil.which("bash"), reason="bash completes itself")
def test_tab_completes_commands_options_and_choices_in_bash(tmp_path: Path) -> None:
    script = tmp_path / "completion.bash"
    script.write_text(CliRunner().invoke(main, ["completion", "bash"]).stdout)
    asks = [(1, "trailbell rep"), (2, "trailbell replay --form")]
    asks.append((3, "trailbell replay --format me"))
    found = [
        subprocess.run(
            ["bash", "-c", f'. {script}; COMP_WORDS=({words}); COMP_CWORD={at}; '
             '_trailbell_completion; echo "${COMPREPLY[@]}"'],
            capture_output=True, text=True, check=True,
        ).stdout.strip()
        for at, words in asks
    ]  # fmt: skip
    assert found == ["replay", "--format", "messages"]
