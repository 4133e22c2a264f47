"""One alerting record's way in a warm process: calls, modules and packages, and store calls.

From `app.ingest_logs` to its end, and to Slack's first byte. Numbers, not times: a profiler is
told of every function of ours that is entered. It knows the house by its folders alone, so it
runs on any commit: copy it there. `--names` prints what the figures are made of.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from inspect import CO_GENERATOR
from pathlib import Path
from types import FrameType
from typing import Any
from unittest.mock import patch

import app
from bench import events
from bench.figure import Figure, bounded, print_all
from bench.latency import Context
from tests.slack.stub import Slack, serving

ROOT = Path(__file__).parent.parent
# Comprehensions are frames of their own in some versions of Python only.
INLINED = ("<listcomp>", "<dictcomp>", "<setcomp>", "<genexpr>")
# Where the stores are: since they have a room of their own, and before.
STORES = ("chalicelib.stores.", "chalicelib.alerts.sqlite", "chalicelib.alerts.stores")
MOST_PACKAGE_CHANGES, MOST_STORE_CALLS = 60, 12


@dataclass(slots=True)
class Way:
    """The functions of ours that were entered, and the steps from one to another."""

    calls: int = 0
    modules: set[str] = field(default_factory=set)
    module_changes: int = 0
    package_changes: Counter[str] = field(default_factory=Counter)
    store_calls: Counter[str] = field(default_factory=Counter)
    ended: bool = False
    _generators: set[FrameType] = field(default_factory=set)

    def note(self, frame: FrameType, event: str, argument: Any) -> None:  # noqa: ARG002
        """What sys.setprofile calls."""
        if self.ended or event != "call":
            return
        module = _module(frame)
        if not module or self._is_resumed(frame):
            return
        self.calls += 1
        self.modules.add(module)
        caller = _caller(frame)
        if caller == module:
            return
        self.module_changes += 1
        if _package(caller) != _package(module):
            self.package_changes[f"{caller} > {module}"] += 1
        if module.startswith(STORES) and not caller.startswith(STORES):
            self.store_calls[frame.f_code.co_name] += 1

    def _is_resumed(self, frame: FrameType) -> bool:
        """A generator is entered anew for each value; that is no call."""
        if not frame.f_code.co_flags & CO_GENERATOR:
            return False
        resumed = frame in self._generators
        self._generators.add(frame)
        return resumed

    def figures(self, where: str) -> Iterator[Figure]:
        """What was counted."""
        counts = {
            "functions of ours entered": self.calls,
            "modules entered": len(self.modules),
            "changes of module": self.module_changes,
        }
        for what, count in counts.items():
            yield Figure(name=f"one alerting record, {where}: {what}", value=count, unit="")
        changes, asked = self.package_changes.total(), self.store_calls.total()
        name = f"one alerting record, {where}: changes of package"
        yield bounded(name, changes, "", MOST_PACKAGE_CHANGES)
        yield bounded(f"one alerting record, {where}: store calls", asked, "", MOST_STORE_CALLS)


def figures(quick: bool) -> Iterator[Figure]:  # noqa: ARG001 - there is one size
    """The way of one high alert, sent alone, after two others made the process warm."""
    way, to_slack = Way(), Way()
    slack = Slack()
    with tempfile.TemporaryDirectory() as folder, serving(slack) as url:
        chosen = {
            "ALERT_STORE": f"sqlite:///{folder}/alerts.db",
            "SLACK_TOKEN": "xoxb-" + "bench",
            "SLACK_API_URL": url,
        }
        with patch.dict(os.environ, chosen):
            for number in (1, 2):
                _ingest(number)
            _walk(way, 3)
            slack.choose = lambda *_: _ended(to_slack)
            _walk(to_slack, 4)
    if "--names" in sys.argv[1:]:
        for names in (way.store_calls, way.package_changes):
            print(*(f"{count:4} {name}" for name, count in names.most_common()), sep="\n")
    yield from way.figures("all its way")
    yield from to_slack.figures("to Slack's first byte")


def _ended(way: Way) -> str:
    way.ended = True
    return "ok"


def _walk(way: Way, number: int) -> None:
    threading.setprofile(way.note)
    sys.setprofile(way.note)
    try:
        _ingest(number)
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


def _ingest(number: int) -> None:
    counts = app.ingest_logs(events.batch([_open_port(number)]), Context())
    if counts["new"] != 1:
        raise AssertionError(f"not one new alert: {counts}")


def _open_port(number: int) -> str:
    """A record that is high to the default rules: each number somebody else opens SSH to all."""
    record = next(events.records(1, seed=number))
    user = f"user-{number}"
    record |= {
        "eventSource": "ec2.amazonaws.com",
        "eventName": "AuthorizeSecurityGroupIngress",
        "requestParameters": {
            "groupId": f"sg-{number:017x}",
            "ipPermissions": {
                "items": [
                    {
                        "ipProtocol": "tcp",
                        "fromPort": 22,
                        "toPort": 22,
                        "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]},
                    }
                ]
            },
        },
        "responseElements": {"requestId": f"request-{number}", "_return": True},
        "readOnly": False,
        "userIdentity": {
            "type": "IAMUser",
            "principalId": "AIDA" + "EXAMPLE",
            "arn": f"arn:aws:iam::{events.ACCOUNTS[0]}:user/{user}",
            "accountId": events.ACCOUNTS[0],
            "userName": user,
        },
    }
    record.pop("errorCode", None)
    record.pop("errorMessage", None)
    return json.dumps(record, separators=(",", ":"))


def _module(frame: FrameType) -> str:
    """The module of ours that a frame is in; "" for others' and for comprehensions."""
    if frame.f_code.co_name in INLINED or not frame.f_code.co_filename.startswith(f"{ROOT}/"):
        return ""
    path = Path(frame.f_code.co_filename).relative_to(ROOT).with_suffix("")
    parts = path.parts[:-1] if path.name == "__init__" else path.parts
    return ".".join(parts) if parts and parts[0] in ("app", "chalicelib") else ""


def _caller(frame: FrameType) -> str:
    """The module of ours that led here; what a thread begins with was led to by nobody."""
    back = frame.f_back
    while back is not None:
        if module := _module(back):
            return module
        back = back.f_back
    return _module(frame)


def _package(module: str) -> str:
    """chalicelib.rules of all below it; a module beside the packages stands for itself."""
    return ".".join(module.split(".")[:2])


if __name__ == "__main__":
    print_all(figures)
