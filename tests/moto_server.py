"""moto's server, an emulator of AWS, from the emulators' own virtual environment."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3

from tests.ports import answers, free_port

EMULATOR = Path(__file__).parents[1] / ".venv-emulator" / "bin" / "python"
READY_SECONDS = 60


@contextmanager
def moto_server(folder: Path) -> Iterator[dict[str, str]]:
    """The server, and the environment that leads to it."""
    port = free_port()
    command = [str(EMULATOR), "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with (folder / "moto.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    endpoint = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{endpoint}/moto-api/data.json")
        yield {
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }
    finally:
        process.terminate()
        process.wait(10)


def client(service: str, env: Mapping[str, str]) -> Any:
    """boto3's client for it."""
    return boto3.client(
        service,
        region_name=env["AWS_DEFAULT_REGION"],
        endpoint_url=env["AWS_ENDPOINT_URL"],
        aws_access_key_id=env["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=env["AWS_SECRET_ACCESS_KEY"],
    )


def _wait(url: str) -> None:
    ends = time.monotonic() + READY_SECONDS
    while time.monotonic() < ends:
        if answers(url):
            return
        time.sleep(0.1)
    raise RuntimeError("moto's server does not answer")
