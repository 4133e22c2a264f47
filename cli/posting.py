"""Posting what a command kept: until nothing is due."""

from __future__ import annotations

import math
import time
from datetime import UTC, datetime

import click

from chalicelib.bootstrap import Program
from chalicelib.usecases.alerting import deliver
from cli.held import LOOK_EVERY, held


def post_all(program: Program) -> int:
    """Deliver until nothing is due, however long Slack's pace makes it; the alerts sent."""
    posted, said = 0, ""
    while True:
        report = deliver(program, lambda: math.inf)
        posted += report.delivered
        if report.next_at is None:
            return posted
        wait = max((report.next_at - datetime.now(UTC)).total_seconds(), 0.1)
        others = held(program)
        words = others or f"waiting {wait:.0f} s for Slack"
        if report.delivered == 0 and words != said:
            click.echo(f"{words}; Ctrl-C leaves the rest due", err=True)
            said = words
        time.sleep(min(wait, LOOK_EVERY) if others else wait)
