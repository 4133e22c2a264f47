"""The webhook from deployed functions, by TLS, on the emulator: switched on by two parameters.

What it cannot show: that the functions' roles let them read the parameters (the emulator enforces
no permission; tests/provisioning does), and how Lambda's own network reaches a receiver.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.cloud import Cloud, until, whole_cloud
from tests.e2e.records import by
from tests.reliability.hostile import Certificates
from tests.reliability.test_webhook import missing, repeats, uids_of
from tests.webhook.receiver import SECRET, Receiver, receiving
from tests.webhook.schema import wrong_with


@dataclass(frozen=True, slots=True)
class Place:
    """Stage dev, and a receiver whose certificate its functions trust."""

    cloud: Cloud
    receiver: Receiver


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("webhook")
    made, receiver = Certificates(folder), Receiver()
    (folder / "cloud").mkdir()
    with (
        receiving(receiver, made.signed("127.0.0.1")) as url,
        whole_cloud(folder / "cloud") as cloud,
    ):
        _trust(cloud, made.authority)
        cloud.deploy("dev")
        for name, value in (("webhook-url", url), ("webhook-secret", SECRET)):
            cloud.client("ssm").put_parameter(
                Name=f"/trailbell-dev/{name}", Value=value, Type="SecureString"
            )
        yield Place(cloud, receiver)


def _trust(cloud: Cloud, authority: Path) -> None:
    path = cloud.project / ".chalice" / "config.json"
    config = json.loads(path.read_text())
    config["stages"]["dev"]["environment_variables"]["SSL_CERT_FILE"] = str(authority)
    path.write_text(json.dumps(config))


def test_an_alert_is_told_by_slack_and_as_a_valid_finding_by_the_webhook(place: Place) -> None:
    place.cloud.put_records(by("walter"))
    (entry,) = until(lambda: place.receiver.journal[:1], "a finding")
    (finding,) = entry["findings"]
    assert wrong_with(finding) == []
    assert "walter" in finding["message"]
    assert finding["metadata"]["product"]["name"] == "Trailbell"
    assert until(lambda: place.cloud.told("walter"), "a message")


def test_what_a_receiver_that_fails_was_sent_comes_again_and_says_so(place: Place) -> None:
    before = len(place.receiver.journal)
    place.receiver.choose = lambda number: "503" if number < before + 2 else "ok"
    place.cloud.put_records(by("xenia"))
    until(lambda: place.receiver.journal[before:], "a first try")
    for _ in range(5):
        if len(place.receiver.journal) >= before + 3:
            break
        place.cloud.sweep()
    tries = place.receiver.journal[before:]
    assert len({entry["id"] for entry in tries}) == 1
    assert repeats(tries) == (2, 0)
    assert missing(tries, []) == 0
    assert len({uid for entry in tries for uid in uids_of(entry)}) == 1
    assert place.cloud.told("xenia")


def test_its_address_and_secret_are_in_no_log(place: Place) -> None:
    said = json.dumps(place.cloud.get("/health", place.cloud.parameter("api-token")).json)
    assert SECRET not in said
    assert "token=example" not in said
