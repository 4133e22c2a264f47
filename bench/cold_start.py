"""Cold starts: the deployed zip in fresh processes, with its bytecode and without; the zip's size.

In processor time, so that other programs do not count; the interpreter's own start is left out,
as Lambda's is before it loads the handler. Slack is the tests' stub on this machine and the store
SQLite; DynamoDB's client, which Lambda's runtime brings as plain source and bytecode, is beside it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench import events
from bench.figure import ROOT, Figure, bounded, compared, print_all
from tests.slack.stub import Slack, serving

LIMIT_BYTES = 2_200_000
LIMIT_BYTES_WITHOUT = 1_200_000  # without bytecode
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
CHALICE = "import chalice.app"
ALERT = "import app and the first invocation that alerts"
PROGRAMS = {
    "import app": "import app",
    "import app and the first invocation that alerts nobody": INVOKE,
    ALERT: INVOKE,
    "import app and the REST function's first request": (
        f"import app; answer = app.app({REQUEST!r}, Context()); "
        "assert answer['statusCode'] == 200, answer"
    ),
}
# Lambda's runtime brings boto3, with bytecode: here that is the development environment's.
DYNAMODB = (
    f"sys.path.append({sysconfig.get_path('purelib')!r}); import boto3; "
    "boto3.client('dynamodb', region_name='eu-west-1')"
)


def figures(quick: bool) -> Iterator[Figure]:
    """Each beside `import chalice.app` in turn, then the modules that cost most."""
    with tempfile.TemporaryDirectory() as name, serving(Slack()) as slack_url:
        folder, bare = Path(name) / "shipped", Path(name) / "bare"
        size = package(folder)
        yield bounded("size of the zip, against its limit", size, "bytes", LIMIT_BYTES)
        size = _without_bytecode(folder, bare)
        yield bounded("size of the zip without bytecode, against its limit", size, "bytes",
                      LIMIT_BYTES_WITHOUT)  # fmt: skip
        yield from _starts(folder, bare, 3 if quick else 11, slack_url)
        yield from _modules(folder)


def package(folder: Path) -> int:
    """What `make deploy` ships, unpacked to folder/unpacked; the zip's bytes."""
    environment = {**os.environ, "AWS_DEFAULT_REGION": "eu-west-1"}
    command = [sys.executable, "-m", "provisioning.shipping", "package", str(folder / "out")]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    with zipfile.ZipFile(folder / "out" / "deployment.zip") as packed:
        packed.extractall(folder / "unpacked")
    return (folder / "out" / "deployment.zip").stat().st_size


def _without_bytecode(folder: Path, bare: Path) -> int:
    """The same as sources alone, in another folder; the bytes of a zip of them."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(folder / "unpacked", bare / "unpacked", ignore=ignored)
    packed = Path(shutil.make_archive(str(bare / "sources"), "zip", bare / "unpacked"))
    return packed.stat().st_size


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


def _starts(folder: Path, bare: Path, rounds: int, slack_url: str) -> Iterator[Figure]:
    quiet, alerting = batches(folder)
    sources = f"{CHALICE} from sources", f"{ALERT}, from sources"
    programs = {
        sources[0]: (bare, CHALICE),
        CHALICE: (folder, CHALICE),
        **{name: (folder, program) for name, program in PROGRAMS.items()},
        sources[1]: (bare, INVOKE),
        "DynamoDB's client of boto3, which Lambda brings": (folder, DYNAMODB),
    }
    taken: dict[str, list[float]] = {name: [] for name in programs}
    for number in range(rounds):
        for name, (where, program) in programs.items():
            store = f"sqlite:///{where}/{number}.db"
            batch = quiet if name.endswith("nobody") else alerting
            taken[name].append(_fresh(where, program, batch, slack_url, store) * 1000)
    for name in programs:
        if name not in (CHALICE, sources[0]):
            yield compared(f"{name}, against {sources[0]}", "ms", taken[name], taken[sources[0]])
    yield compared(f"{ALERT}, against {CHALICE}", "ms", taken[ALERT], taken[CHALICE])


def _fresh(folder: Path, program: str, batch: Path, slack_url: str, store: str) -> float:
    """Seconds of a program in a process that has only the zip's contents."""
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
