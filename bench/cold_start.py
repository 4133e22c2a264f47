"""Cold starts: the deployed zip without .pyc, in fresh processes; the zip's size.

In processor time, so that other programs do not count; the interpreter's own start is left out,
as Lambda's is before it loads the handler. Slack is the tests' stub on this machine and the store
SQLite: what AWS's clients cost comes on top.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench import events
from bench.figure import ROOT, Figure, bounded, compared, print_all
from tests.slack.stub import Slack, serving

ZIP_LIMIT_BYTES = 1_200_000
SLOWEST = 5
START = """
import sys, time
sys.path.insert(0, sys.argv[1])
began = time.process_time()
class Context:
    function_name = "bench"
    aws_request_id = "bench"
    def get_remaining_time_in_millis(self): return 60_000
"""
END = "\nprint(time.process_time() - began)\n"
REQUEST = {
    "resource": "/health",
    "path": "/health",
    "headers": {},
    "multiValueHeaders": {},
    "multiValueQueryStringParameters": None,
    "pathParameters": None,
    "stageVariables": None,
    "body": None,
    "isBase64Encoded": False,
    "requestContext": {"httpMethod": "GET", "resourcePath": "/health", "path": "/api/health"},
}
INVOKE = "import app, json; app.ingest_logs(json.load(open(sys.argv[2])), Context())"
PROGRAMS = {
    "import app": "import app",
    "import app and the first invocation that alerts nobody": INVOKE,
    "import app and the first invocation that alerts": INVOKE,
    "import app and the REST function's first request": (
        f"import app; answer = app.app({REQUEST!r}, Context()); "
        "assert answer['statusCode'] == 200, answer"
    ),
}


def figures(quick: bool) -> Iterator[Figure]:
    """Each beside `import chalice.app` in turn, then the modules that cost most."""
    with tempfile.TemporaryDirectory() as name, serving(Slack()) as slack_url:
        folder = Path(name)
        size = package(folder)
        yield bounded("size of the zip, against its limit", size, "bytes", ZIP_LIMIT_BYTES)
        yield from _starts(folder, 3 if quick else 11, slack_url)
        yield from _modules(folder)


def package(folder: Path) -> int:
    """What `chalice deploy` would ship, unpacked to folder/unpacked; the zip's bytes."""
    environment = {**os.environ, "AWS_DEFAULT_REGION": "eu-west-1"}
    chalice = Path(sys.executable).with_name("chalice")
    # A clean copy: Chalice would ship the __pycache__ of whoever ran the program here.
    clean = folder / "project"
    ignored = shutil.ignore_patterns("__pycache__", "deployments", "deployed")
    for part in (".chalice", "chalicelib"):
        shutil.copytree(ROOT / part, clean / part, ignore=ignored)
    for part in ("app.py", "requirements.txt"):
        shutil.copy(ROOT / part, clean)
    command: list[str | Path] = [chalice, "package", "--stage", "dev", folder / "out"]
    subprocess.run(command, cwd=clean, env=environment, check=True, capture_output=True)
    with zipfile.ZipFile(folder / "out" / "deployment.zip") as packed:
        packed.extractall(folder / "unpacked")
    return (folder / "out" / "deployment.zip").stat().st_size


def batches(folder: Path) -> tuple[Path, Path]:
    """Files of a batch that alerts nobody, and of one with a critical alert in it."""
    quiet = [
        text
        for text in events.texts(200)
        if '"readOnly":true' in text and '"AWSService"' in text and "errorCode" not in text
    ]
    paths = folder / "quiet.json", folder / "alerting.json"
    for path, messages in zip(paths, (quiet, [*quiet, events.stop_logging()]), strict=True):
        path.write_text(json.dumps(events.batch(messages)))
    return paths


def _starts(folder: Path, rounds: int, slack_url: str) -> Iterator[Figure]:
    quiet, alerting = batches(folder)
    taken: dict[str, list[float]] = {name: [] for name in ("import chalice.app", *PROGRAMS)}
    for number in range(rounds):
        store = f"sqlite:///{folder}/{number}.db"
        for name, program in {"import chalice.app": "import chalice.app", **PROGRAMS}.items():
            batch = quiet if name.endswith("nobody") else alerting
            taken[name].append(_fresh(folder, program, batch, slack_url, store) * 1000)
    for name in PROGRAMS:
        yield compared(f"{name}, against import chalice.app", "ms", taken[name],
                       taken["import chalice.app"])  # fmt: skip


def _fresh(folder: Path, program: str, batch: Path, slack_url: str, store: str) -> float:
    """Seconds of a program in a process that has only the zip's contents, and no .pyc of it."""
    done = _python(folder, [], program, batch, slack_url, store)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return float(done.stdout.split()[-1])


def _python(
    folder: Path, options: list[str], program: str, batch: Path, slack_url: str, store: str
) -> subprocess.CompletedProcess[str]:
    environment = {
        "PYTHONDONTWRITEBYTECODE": "1",
        "ALERT_STORE": store,
        "API_TOKEN": "bench",
        "SLACK_TOKEN": "xoxb-" + "bench",
        "SLACK_API_URL": slack_url,
    }
    # -S: no site-packages, so that nothing comes from beside the zip.
    return subprocess.run(
        [sys.executable, "-S", *options, "-c", START + program + END,
         folder / "unpacked", batch],
        env=environment, cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


def _modules(folder: Path) -> Iterator[Figure]:
    """The modules of `import app` that cost most by themselves, from -X importtime."""
    costs: dict[str, list[float]] = {}
    for _ in range(3):
        done = _python(folder, ["-X", "importtime"], "import app", folder / "quiet.json", "", "")
        after = done.stderr.splitlines()
        for line in after:
            own, _, rest = line.removeprefix("import time:").partition("|")
            if own.strip().isdigit():
                costs.setdefault(rest.partition("|")[2].strip(), []).append(int(own) / 1000)
    whole = sum(median(values) for values in costs.values())
    ranked = sorted(costs, key=lambda module: -median(costs[module]))
    for module in ranked[:SLOWEST]:
        cost = median(costs[module])
        yield bounded(f"import of {module} by itself, against all modules", cost, "ms", whole, 3)


if __name__ == "__main__":
    print_all(figures)
