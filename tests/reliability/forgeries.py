"""Records that somebody made up to change, hide or take back what a genuine record tells."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

from tests.events import OTHER_ACCOUNT, assumed_role, cloudtrail, console_login, iam_user, root

Json = dict[str, Any]
Forgery = Callable[[Json, Random], Json]


def genuine(number: int, random: Random) -> Json:
    """A record that some default rule matches."""
    made = random.choice(_GENUINE)()
    second = number % 60
    return {
        **made,
        "eventID": f"genuine-{number}",
        "eventTime": f"2026-01-02T03:{number // 60 % 60:02d}:{second:02d}Z",
        "sourceIPAddress": f"192.0.2.{number % 256}",
    }


_GENUINE: tuple[Callable[[], Json], ...] = (
    lambda: cloudtrail("StopLogging", userIdentity=random_person("alice")),
    lambda: cloudtrail("DeleteTrail", userIdentity=assumed_role("deploy", "build-1")),
    lambda: cloudtrail("StopLogging", errorCode="AccessDenied", errorMessage="Access denied"),
    lambda: cloudtrail("TerminateInstances", userIdentity=random_person("bob")),
    lambda: cloudtrail("DeleteUser", requestParameters={"userName": "carol"}),
    lambda: console_login(root()),
    lambda: cloudtrail("CreateAccessKey", userIdentity=root()),
)


def random_person(name: str) -> Json:
    return iam_user(name)


def wrong_operation(record: Json, random: Random) -> Json:
    name = random.choice(["DeleteUser", "StopInstances", "CreateUser", "DeleteBucket"])
    return {**record, "eventName": f"{name}" if record["eventName"] != name else "RunInstances"}


def wrong_source(record: Json, random: Random) -> Json:
    return {**record, "eventSource": random.choice(["evil.example.com", "s3.amazonaws.com", None])}


def wrong_account(record: Json, random: Random) -> Json:
    return {**record, "recipientAccountId": random.choice([OTHER_ACCOUNT, "", None])}


def wrong_principal(record: Json, random: Random) -> Json:
    who = random.choice([iam_user("mallory"), assumed_role("evil", "s"), {}, None, "nobody"])
    return {**record, "userIdentity": who}


def wrong_time(record: Json, random: Random) -> Json:
    at = random.choice(["2020-01-02T03:04:05Z", "2026-01-02T09:00:00Z", "yesterday", None, 5])
    return {**record, "eventTime": at}


def says_it_failed(record: Json, random: Random) -> Json:
    code = random.choice(["AccessDenied", "TrailNotFoundException", "Client.DryRunOperation"])
    return {**record, "errorCode": code, "errorMessage": "it did not happen"}


def says_it_worked(record: Json, random: Random) -> Json:
    return {key: value for key, value in record.items() if not key.startswith("error")}


def matches_nothing(record: Json, random: Random) -> Json:
    return {
        **wrong_principal(record, random),
        "eventName": "DescribeInstances",
        "eventSource": "ec2.amazonaws.com",
        "readOnly": True,
    }


def other_target(record: Json, random: Random) -> Json:
    name = f"harmless-{random.randrange(9)}"
    asked = {"name": name, "userName": name, "instancesSet": {"items": [{"instanceId": name}]}}
    return {**record, "requestParameters": asked}


def oversized(record: Json, random: Random) -> Json:
    size = random.choice([1_000, 200_000])
    return {
        **other_target(record, random),
        "userAgent": "x" * size,
        "errorMessage": "y" * size,
        "sourceIPAddress": "z" * size,
        "responseElements": {"much": ["w" * 100] * (size // 100)},
    }


CHANGES: tuple[Forgery, ...] = (
    wrong_operation, wrong_source, wrong_account, wrong_principal, wrong_time, says_it_failed,
    says_it_worked, matches_nothing, other_target, oversized,
)  # fmt: skip
# What makes another event of one with the same id.
OTHERS: tuple[Forgery, ...] = (
    wrong_operation, wrong_source, wrong_principal, wrong_time, matches_nothing,
)  # fmt: skip


def addendum(number: int, record: Json, random: Random) -> Json:
    """An addendum that somebody made up: of the record, of itself, of an addendum."""
    made = random.choice(CHANGES)(deepcopy(record), random)
    original = random.choice([record["eventID"]] * 6 + [f"forged-{number}", f"forged-{number - 1}"])
    update = {"reason": "UPDATED_DATA", "originalEventID": original}
    return {**made, "eventID": f"forged-{number}", "addendum": update}


def collision(number: int, record: Json, random: Random) -> Json:
    """Another event under the record's id, or an addendum under it that names itself."""
    made = random.choice(OTHERS)(deepcopy(record), random)
    if random.random() < 0.2:
        made["addendum"] = {"reason": "UPDATED_DATA", "originalEventID": record["eventID"]}
    return made


def twin(number: int, record: Json, random: Random) -> Json:
    """The same event in every field that tells events apart, which says that it failed."""
    return says_it_failed(deepcopy(record), random)


KINDS = (addendum, addendum, collision, collision, twin)
