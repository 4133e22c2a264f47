"""An archive in S3, on moto's server: read by several processes, broken off and gone on with."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.s3.bucket import key_of
from tests.e2e.cloud import ROOT
from tests.events import cloudtrail
from tests.moto_server import client, moto_server

FILES, RECORDS = 60, 50


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    folder = tmp_path_factory.mktemp("moto")
    with moto_server(folder) as leads_to_it:
        s3 = client("s3", leads_to_it)
        s3.create_bucket(Bucket="trail")
        for number in range(FILES):
            data, key = packed(number), key_of(f"2026/01/{1 + number // 4:02d}", number)
            s3.put_object(Bucket="trail", Key=key, Body=data)
            path = folder / "disk" / key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        yield leads_to_it | {"DISK": str(folder / "disk")}


def packed(number: int) -> bytes:
    records = [
        cloudtrail(
            "StopLogging", eventID=f"{number}-{each}", requestParameters={"name": f"t{each}"}
        )
        for each in range(RECORDS)
    ]
    return gzip.compress(json.dumps({"Records": records}).encode(), mtime=0)


def started(env: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "trailbell.py", "replay", "--format", "json", *arguments]
    whole = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ} | env
    return subprocess.Popen(
        command, cwd=ROOT, env=whole, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def ended(process: subprocess.Popen[str]) -> tuple[str, str]:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out, err


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_archive_is_told_as_the_same_files_on_disk(env: dict[str, str], jobs: str) -> None:
    there, said = ended(started(env, "--jobs", jobs, "s3://trail"))
    here, _ = ended(started(env, "--jobs", "1", env["DISK"]))
    assert f"s3://trail: {FILES} files" in said
    assert there == here
    assert len(there.splitlines()) == FILES * RECORDS


def test_what_was_broken_off_goes_on_from_where_it_stopped(
    env: dict[str, str], tmp_path: Path
) -> None:
    arguments = ("--store", f"sqlite:///{tmp_path}/alerts.db", "s3://trail")
    with started(env, *arguments) as first:
        assert first.stdout
        told = [first.stdout.readline() for _ in range(FILES * RECORDS // 2)]
        first.send_signal(signal.SIGINT)
        rest = first.stdout.read()  # communicate() would leave out what readline() has read ahead
    assert first.returncode != 0

    second, said = ended(started(env, *arguments))
    again, all_said = ended(started(env, *arguments, "--again"))

    assert "left out: " in said
    lines = [*told, *rest.splitlines(), *second.splitlines()]
    ids = [json.loads(line)["alert_id"] for line in lines]
    assert len(ids) == len(set(ids))
    assert again == ""
    assert f"already known     {FILES * RECORDS:>9,}" in all_said
