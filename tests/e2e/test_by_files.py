"""Records by the trail's files: an organization's bucket and topic, adopted, on the emulator.

What it cannot show: that a bucket's owner, its policy and the policy of its key let nobody else in
(the emulator enforces none of them), and how long CloudTrail takes to write a file.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.ingest.trail_files import MOST_BYTES
from tests.e2e.cloud import ACCOUNT, REGION, Cloud, until, whole_cloud
from tests.e2e.records import by, uninteresting

BUCKET, TOPIC = "organization-trail", f"arn:aws:sns:{REGION}:{ACCOUNT}:organization-trail"
FOLDER = f"AWSLogs/o-example1234/{ACCOUNT}/CloudTrail/{REGION}/2026/01/02/"
PATH = "/security/"  # of every role, as a company may want it
FILES, RECORDS, TWICE = 100, 1_000, 3


@pytest.fixture(scope="module")
def organization(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """Stage dev by S3, beside a bucket whose notifications go to a topic."""
    with whole_cloud(tmp_path_factory.mktemp("files")) as cloud:
        _bucket_that_tells(cloud)
        _switch_on(cloud)
        choices = ("--source", "s3", "--bucket", BUCKET, "--bucket-owner", ACCOUNT)
        own = ("--permissions-boundary", _boundary(cloud), "--role-path", PATH, "--kms-key", "own")
        cloud.setup("apply", "--yes", *choices, "--topic", TOPIC, *own)
        cloud.ship("deploy", "--stage", "dev")
        cloud.setup("apply", "--yes")
        yield cloud


def _boundary(cloud: Cloud) -> str:
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    made = cloud.client("iam").create_policy(PolicyName="boundary", PolicyDocument=document)
    return str(made["Policy"]["Arn"])


def _bucket_that_tells(cloud: Cloud) -> None:
    s3, sns = cloud.client("s3"), cloud.client("sns")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    sns.create_topic(Name=TOPIC.rpartition(":")[2])
    told = {"TopicArn": TOPIC, "Events": ["s3:ObjectCreated:*"]}
    s3.put_bucket_notification_configuration(
        Bucket=BUCKET, NotificationConfiguration={"TopicConfigurations": [told]}
    )


def _switch_on(cloud: Cloud) -> None:
    path = cloud.project / ".chalice" / "config.json"
    config = json.loads(path.read_text())
    config["stages"]["dev"]["environment_variables"]["TRAILBELL_FILES"] = "trailbell-dev-files"
    config["stages"]["dev"]["xray"] = True
    path.write_text(json.dumps(config))


def _put(cloud: Cloud, name: str, data: bytes, folder: str = FOLDER) -> None:
    cloud.client("s3").put_object(Bucket=BUCKET, Key=f"{folder}{name}.json.gz", Body=data)


def _file(number: int) -> bytes:
    """A thousand records, one of which alerts."""
    quiet = uninteresting(f"reader-{number}")
    records = [{**quiet, "eventID": f"{number}-{each}"} for each in range(RECORDS - 1)]
    return gzip.compress(json.dumps({"Records": [by(f"mallory-{number}"), *records]}).encode(), 1)


def _alerts(cloud: Cloud, rule: str) -> list[dict[str, Any]]:
    return [each for each in cloud.items() if each.get("rule", {}).get("S") == rule]


def _waiting(cloud: Cloud, queue: str) -> int:
    url = cloud.client("sqs").get_queue_url(QueueName=queue)["QueueUrl"]
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = cloud.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)
    return sum(map(int, found["Attributes"].values()))


def test_a_hundred_files_some_twice_one_broken_one_huge_one_a_digest_alert_once_each(
    organization: Cloud,
) -> None:
    cloud, files = organization, {f"file-{number}": _file(number) for number in range(FILES)}
    for name, data in files.items():
        _put(cloud, name, data)
    for name in list(files)[:TWICE]:
        _put(cloud, name, files[name])
    _put(cloud, "broken", _file(900)[:-200])
    _put(cloud, "huge", gzip.compress(b" " * (MOST_BYTES + 1), 1))
    _put(cloud, "digest", _file(901), FOLDER.replace("/CloudTrail/", "/CloudTrail-Digest/"))

    until(lambda: _waiting(cloud, "trailbell-dev-files") == 0, "every message is done", 120)

    assert _waiting(cloud, "trailbell-dev-files-failed") == 0
    assert len(_alerts(cloud, "trailbell-trail-file")) == 2
    # The broken file's first record stands before the damage.
    assert len(_alerts(cloud, "trail-stopped")) == FILES + 1


def test_what_came_by_a_file_is_told_in_slack(organization: Cloud) -> None:
    record = by("anna-by-file")
    _put(organization, "told", gzip.compress(json.dumps({"Records": [record]}).encode()))
    until(lambda: organization.sweep() and organization.told("anna-by-file"), "Slack has it", 60)


def test_all_is_well_by_the_operators_word(organization: Cloud) -> None:
    plan = organization.setup("plan").stdout
    assert "nothing to change" in plan


def test_chalice_took_the_roles_that_were_made_under_a_boundary_and_a_path(
    organization: Cloud,
) -> None:
    iam, functions = organization.client("iam"), organization.client("lambda")
    used = {one["Role"] for one in functions.list_functions()["Functions"]}
    roles = [one for one in iam.list_roles()["Roles"] if "trailbell-dev" in one["RoleName"]]

    assert used == {one["Arn"] for one in roles}
    for one in roles:
        found = iam.get_role(RoleName=one["RoleName"])["Role"]
        assert found["Path"] == PATH
        assert found["PermissionsBoundary"]["PermissionsBoundaryArn"].endswith("policy/boundary")
        named = set(iam.list_role_policies(RoleName=one["RoleName"])["PolicyNames"])
        assert {one["RoleName"], "use-key", "trace"} <= named
