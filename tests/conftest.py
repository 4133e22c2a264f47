"""For every test: where its folder is; a skip says what it lacks and fails in CI; models of AWS are
read once.
"""

from __future__ import annotations

import functools
import gc
import os
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import boto3
import botocore.session
import pytest

from chalicelib import aws
from tests import soak

soak.configure()
pytest_plugins = ["tests.stores.tables"]  # DynamoDB, for tests of every room

# botocore reads its models, megabytes of JSON, anew for each session: half of what a client takes.
botocore.session.create_loader = functools.cache(botocore.session.create_loader)

# Where a flush costs nothing, as SQLite makes many; some of what is written there is run.
IN_MEMORY, ENOUGH = Path("/dev/shm"), 2 << 30  # bytes


def pytest_configure() -> None:
    """Folders of tests lie in memory, where there is room, unless they are wanted elsewhere."""
    if IN_MEMORY.is_dir() and os.access(IN_MEMORY, os.W_OK):
        found = os.statvfs(IN_MEMORY)
        if found.f_bavail * found.f_frsize > ENOUGH and not found.f_flag & os.ST_NOEXEC:
            # Source: pytest's documentation, Environment Variables.
            os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))


@pytest.fixture
def fresh_clients(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No client or session that an earlier test has made, and none is left to a later one."""
    aws.client.cache_clear()
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # it keeps the credentials it once found
    yield
    aws.client.cache_clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI nothing may be left out: what is missing there must be installed by .ci/run."""
    report = yield
    if os.environ.get("CI") == "true" and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {_reason(report.longrepr)}"
    return report


def pytest_collection_finish() -> None:
    """What collecting has made stays until the end: to look it through for garbage again and again
    takes a twentieth of the time, and so does looking for garbage every 700 objects.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each thing that is not installed, with the command that brings it."""
    skipped = terminalreporter.stats.get("skipped", [])
    for reason, count in Counter(_reason(report.longrepr) for report in skipped).items():
        terminalreporter.write_line(f"{count} skipped: {reason}")


def _reason(longrepr: Any) -> str:
    words = str(longrepr[2]) if isinstance(longrepr, tuple) else str(longrepr)
    return words.removeprefix("Skipped: ")
