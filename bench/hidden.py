"""Bursts and first sights hidden in a made account's month: what rules over time are to find."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bench.made_trail import START, Trail
from tests.events import ACCOUNT, BROWSER, CLI, assumed_role, iam_user, root, sso_user

Json = dict[str, Any]
ELSEWHERE, DAYS, LEARNED_DAYS = "203.0.113.66", 30, 3
STOLEN = sso_user("person9@example.com", "Developer")
KEY = iam_user("backup") | {"accessKeyId": "AKIA" + "BACKUP0000000001"}
SIGN_IN = {key: value for key, value in KEY.items() if key != "accessKeyId"}
WORKLOAD = assumed_role("app-3", "i-0123456789abcdef0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """Records that come together, and the rule that is to tell of them."""

    rule_id: str
    records: tuple[Json, ...]

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(record["eventID"] for record in self.records)


def bursts(trail: Trail) -> Iterator[Hidden]:
    """Ten, each on a day of its own, within minutes."""
    refused: Json = {"errorCode": "AccessDenied", "responseElements": None, "readOnly": True}
    names = [f"rds:{verb}{word}" for verb in ("Describe", "List") for word in _WORDS]
    made = _Made(trail)
    yield made.burst(
        "many-calls-refused-to-person", ((name, STOLEN, {}, refused) for name in names[:10])
    )
    yield made.burst("many-calls-refused-to-workload", ((n, WORKLOAD, {}, refused) for n in names))
    read: Json = {"readOnly": True}
    secret, parameter = "secretsmanager:GetSecretValue", "ssm:GetParameter"
    some: list[Json] = [{"secretId": f"prod/{number}"} for number in range(55)]
    yield made.burst("many-secrets-read", ((secret, STOLEN, one, read) for one in some[:12]))
    yield made.burst(
        "many-secrets-read-by-workload", ((secret, WORKLOAD, one, read) for one in some), 4
    )
    some = [{"name": f"/prod/{number}", "withDecryption": True} for number in range(22)]
    yield made.burst("many-parameters-read", ((parameter, STOLEN, one, read) for one in some))
    some = [{"snapshotId": f"snap-{number:08x}"} for number in range(11)]
    for rule_id, name in (
        ("many-backups-deleted", "ec2:DeleteSnapshot"),
        ("many-backups-copied", "ec2:ModifySnapshotAttribute"),
    ):
        yield made.burst(rule_id, [(name, STOLEN, one, {}) for one in some])
    some = [{"bucketName": f"customer-{number}"} for number in range(12)]
    yield made.burst("many-buckets-refused", (("s3:GetBucketAcl", KEY, o, refused) for o in some))
    attempts = [_login(worked=number == 5) for number in range(6)]
    yield made.burst(
        "sign-in-after-failures", (("signin:ConsoleLogin", SIGN_IN, {}, one) for one in attempts)
    )
    some = [{"userName": f"user-{number}"} for number in range(6)]
    yield made.burst(
        "many-identities-created", (("iam:CreateAccessKey", STOLEN, one, {}) for one in some)
    )


def firsts(trail: Trail) -> Iterator[Hidden]:
    """Twenty, each at a time of its own."""
    made, of_key = _Made(trail, begin=14.0), {"address": ELSEWHERE}
    for region in ("ap-southeast-3", "me-south-1", "af-south-1"):
        yield made.first("region-first-used", "ec2:RunInstances", STOLEN, awsRegion=region)
    for number in (1, 2):
        who = assumed_role(f"pipeline-{number}", "run-1")
        yield made.first("region-first-used", "rds:CreateDBInstance", who, awsRegion="sa-east-1")
    yield made.first("root-address-first-used", "s3:PutBucketPolicy", root(mfa=True), **of_key)
    for person in (0, 1):
        who = sso_user(f"person{person}@example.com", "Admin")
        yield made.first("admin-address-first-used", "signin:ConsoleLogin", who,
                         address=f"203.0.113.{person}", **_login(worked=True))  # fmt: skip
    for agent in ("curl/8.5.0", "python-requests/2.32", "aws-cli/1.18 kali"):
        yield made.first("key-agent-first-used", "sts:GetCallerIdentity", KEY, agent=agent,
                         readOnly=True)  # fmt: skip
    for name in ("CreateUser", "CreateAccessKey", "UpdateAssumeRolePolicy", "AttachRolePolicy"):
        yield made.first("api-first-called-by-workload", f"iam:{name}", WORKLOAD)
    for account in ("777788889999", "888899990000"):
        who = {"type": "AWSAccount", "principalId": "AROAOTHER:x", "accountId": account}
        yield made.first("account-first-took-role", "sts:AssumeRole", who, readOnly=True)
    for kind in ("p5.48xlarge", "p4d.24xlarge", "u-6tb1.metal"):
        yield made.first("great-instance-first-asked-for", "ec2:RunInstances", STOLEN,
                         request={"instanceType": kind})  # fmt: skip


class _Made:
    """Makes records at times of their own, after the days that are learned."""

    def __init__(self, trail: Trail, begin: float = 2.0) -> None:
        self._trail = trail
        self._next = LEARNED_DAYS * 24 + begin

    def burst(self, rule_id: str, calls: Any, seconds: int = 20) -> Hidden:
        """Calls one after the other, each as operation, who, request and other fields."""
        at = self._time(61)
        records = tuple(
            self._record(operation, who, at + timedelta(seconds=seconds * number), request=request,
                         **fields)
            for number, (operation, who, request, fields) in enumerate(calls)
        )  # fmt: skip
        return Hidden(rule_id=rule_id, records=records)

    def first(self, rule_id: str, operation: str, who: Json, **fields: Any) -> Hidden:
        """One call."""
        return Hidden(
            rule_id=rule_id, records=(self._record(operation, who, self._time(31), **fields),)
        )

    def _record(self, operation: str, who: Json, at: datetime, **given: Any) -> Json:
        usual: Json = {"agent": CLI, "address": "192.0.2.77", "awsRegion": "eu-central-1"}
        usual |= {"readOnly": False, "recipientAccountId": ACCOUNT, **given}
        return self._trail.record(operation, who, at, "hidden", **usual)

    def _time(self, hours: int) -> datetime:
        at = START + timedelta(hours=self._next)
        self._next += hours
        return at


def _login(*, worked: bool) -> Json:
    return {
        "agent": BROWSER,
        "responseElements": {"ConsoleLogin": "Success" if worked else "Failure"},
        "additionalEventData": {"MFAUsed": "Yes"},
    }


_WORDS = ("Orders", "Keys", "Stores", "Paths", "Nodes", "Hosts", "Zones", "Plans")
