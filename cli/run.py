"""`run`: the whole program on this machine, fed with the sample trail."""

from __future__ import annotations

import errno
import os
import secrets
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import click

from chalicelib import bootstrap
from chalicelib.alerts.outbox import StoreError
from chalicelib.aws_errors import explained
from chalicelib.cloudtrail.record import Record
from chalicelib.ingest.log_subscription import LogSubscriptionEvent
from chalicelib.parameters import SecretError
from chalicelib.rules.place import RulesError
from chalicelib.settings import SettingsError
from chalicelib.usecases.self_watch import watch_at_start
from cli import endings
from cli.held import held
from cli.lambda_events import Context, deliveries, subscription_event
from cli.port_holder import holder
from cli.pressing import pressable
from cli.sample.trail import sample_trail
from cli.tied import ROOT, started
from terminal.errors import Failed, Said

HOST = "127.0.0.1"
SERVER_LOG = ROOT / ".trailbell" / "server.log"
READY_WITHIN = 60.0  # seconds; a slow machine's first import takes a few
# How long one sweep may take, as a Lambda's does: in between it is told what is wrong.
SWEEP_SECONDS = 65.0


@click.command()
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    help="Where the API and page listen.",
)
@click.option("--once", is_flag=True, help="Stop when nothing is due any more.")
@click.option(
    "--with-parent", is_flag=True, help="Stop when the process that started this one ends."
)
def run(port: int, once: bool, with_parent: bool) -> None:
    """Run everything on this machine, with a sample trail.

    It goes through the rules, is posted, and the API and the page show it. Without SLACK_TOKEN
    the terminal stands in for Slack, and `trailbell.py press` for its buttons. With SLACK_TOKEN
    and SLACK_CHANNEL the messages are posted for real, each marked SAMPLE. Alerts are kept in
    .trailbell/alerts.db, so a second run tells nothing twice.

    \b
    Examples:
      .venv/bin/python trailbell.py run
      .venv/bin/python trailbell.py run --port 8001 --once
      SLACK_TOKEN=... SLACK_CHANNEL='#alerts' .venv/bin/python trailbell.py run
    """
    _check_slack()
    _check_port(port)
    endings.heed(with_parent=with_parent)
    os.chdir(ROOT)
    token = os.environ.setdefault("API_TOKEN", secrets.token_urlsafe(24))
    os.environ["TRAILBELL_SWEPT"] = "1"  # by this process, which has the terminal
    if os.environ.get("SLACK_TOKEN"):
        os.environ["TRAILBELL_SAMPLE"] = "1"
    else:
        os.environ.setdefault("SLACK_SIGNING_SECRET", secrets.token_urlsafe(24))
    try:
        _ = bootstrap.current().ruleset  # what cannot be used is said before anything starts
        with _server(port) as server, pressable(f"http://{HOST}:{port}/", os.environ):
            _say_where(f"http://{HOST}:{port}/", token)
            _play(server, once, f"http://{HOST}:{port}/#token={token}")
    except KeyboardInterrupt:
        with suppress(OSError):  # the terminal may be gone
            click.echo("\nStopped. What was not told yet stays due; `make run` goes on with it.")
    except (SettingsError, RulesError, StoreError, SecretError) as error:
        raise Said(explained(error)) from error


def _say_where(url: str, token: str) -> None:
    click.echo(f"Trailbell is up:   {url}#token={token}")
    click.echo(f"Alerts as JSON:    curl -H 'Authorization: Bearer {token}' {url}alerts")
    click.echo("Ctrl-C ends it.\n")


def _play(server: subprocess.Popen[bytes], once: bool, link: str) -> None:
    program = bootstrap.current()
    watch_at_start(program, _millis_left(SWEEP_SECONDS))
    left = bootstrap.millis_left(Context())
    counts: Counter[str] = Counter()
    for batch in deliveries(sample_trail(_end_of_sample(program))):
        event = LogSubscriptionEvent(subscription_event(batch), None)
        counts.update(program.ingest(event.messages, left))
    click.echo(
        f"The sample trail: {counts['records']} records, {counts['alerts']} alerts, "
        f"{counts['new']} of them new."
    )
    if others := held(program):
        click.echo(f"! {others}", err=True)
    shown: list[str] = []
    while server.poll() is None:
        report = program.sweep(_millis_left(SWEEP_SECONDS))
        shown = _tell_health(shown)
        if once and not report["due"]:
            return
        if link and not report["due"]:  # the messages scrolled it away
            click.echo(f"\nAll is told. The page, until Ctrl-C:\n\n{link}")
            link = ""
        time.sleep(1)
    raise Failed(f"the server ended by itself:\n{_last_lines()}")


def _millis_left(seconds: float) -> Callable[[], float]:
    end = time.monotonic() + seconds
    return lambda: (end - time.monotonic()) * 1000


def _end_of_sample(program: bootstrap.Program) -> datetime:
    """Now, or when it ended as it was first told here: at another time it would be other events."""
    now = datetime.now(UTC)
    records = {record.alert_id: record for record in map(Record, sample_trail(now))}
    for alert_id in program.store.outbox.known(records):
        kept, again = program.store.archive.get(alert_id), records[alert_id].event_time
        if kept and again:
            return now - (again - kept.alert.event_time)
    return now


def _tell_health(shown: list[str]) -> list[str]:
    """Say in words what is wrong, once for each time that it changes."""
    words = list(bootstrap.current().health()["words"])
    for word in words if words != shown else ():
        click.echo(f"! {word}", err=True)
    return words


def _check_slack() -> None:
    if os.environ.get("SLACK_TOKEN") and not os.environ.get("SLACK_CHANNEL"):
        raise click.UsageError(
            "SLACK_TOKEN is set and SLACK_CHANNEL is not. Say where to post, for example "
            "SLACK_CHANNEL=#alerts, or unset SLACK_TOKEN to draw the messages here."
        )


def _check_port(port: int) -> None:
    refusal = _refusal(port)
    if refusal is None:
        return
    if refusal.errno != errno.EADDRINUSE:
        raise click.UsageError(f"port {port} cannot be opened: {refusal.strerror}.") from refusal
    other = next((each for each in range(port + 1, 65536) if not _refusal(each)), 8000)
    takes = holder(port)
    by = f" by process {takes.pid} ({takes.command})" if takes else ""
    end = f"`kill {takes.pid}` ends it" if takes else "End what listens there"
    raise click.UsageError(
        f"port {port} is taken{by}. {end}, or take another by "
        f".venv/bin/python trailbell.py run --port {other} instead."
    ) from refusal


def _refusal(port: int) -> OSError | None:
    """Why the port cannot be listened on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            return error
    return None


@contextmanager
def _server(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """`chalice local` in a process of its own, ended with this one."""
    chalice = Path(sys.executable).with_name("chalice")
    arguments = ["local", "--no-autoreload", "--host", HOST, "--port", str(port)]
    SERVER_LOG.parent.mkdir(exist_ok=True)
    with SERVER_LOG.open("wb") as log:
        server = started(chalice, arguments, log)
    try:
        _wait_for(server, port)
        yield server
    finally:
        endings.ignore()
        if server.stdin:
            server.stdin.close()  # which ends it
        try:
            server.wait(5)
        except subprocess.TimeoutExpired:
            server.kill()


def _wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.1)
    raise Failed(f"chalice local did not start:\n{_last_lines()}")


def _last_lines() -> str:
    lines = SERVER_LOG.read_text(errors="replace").splitlines()
    return "\n".join([*lines[-20:], f"(all of it is in {SERVER_LOG})"])
