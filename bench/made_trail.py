"""The trail of a made account: people, pipelines and programs, day by day, by a seed.

Records have the shape that CloudTrail writes; what a request holds comes from botocore's models.
"""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from bench.everyday import BY_HAND, BY_PEOPLE, CHANGES, DEPLOYED, OF_PROGRAMS, TAIL
from bench.made_requests import FILLED, operations, template
from bench.operations import READS
from tests.events import ACCOUNT, BROWSER, CLI, TERRAFORM, assumed_role, aws_service, root, sso_user

Json = dict[str, Any]
START = datetime(2026, 3, 2, tzinfo=UTC)
PEOPLE, PIPELINES, RUNS = 20, 5, 4
CHANGES_BY_PEOPLE, CHANGES_A_RUN = 330, 40
READS_A_PERSON, READS_A_RUN, CALLS_OF_PROGRAMS = 120, 150, 3000
REFUSED, READS_TAIL = 0.03, 0.1
PIPELINE_ROLES = f"arn:aws:iam::{ACCOUNT}:role/pipeline-"
CI_NETWORK = "198.51.100.0/24"
WORDS = ("orders", "billing", "search", "media")
SERVICES = ("autoscaling", "ecs", "lambda", "config", "cloudformation")
OF_SERVICES = ("ec2:CreateNetworkInterface", "ec2:RunInstances", "ec2:DeleteNetworkInterface",
               "logs:CreateLogStream")  # fmt: skip


class Trail:
    """Records of the account; the same for the same seed, asked for in the same order."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self._wide = operations()

    def day(self, number: int) -> Iterator[Json]:
        """What happens on a day, in no order."""
        begin = START + timedelta(days=number)
        yield from self._people(begin)
        for pipeline in range(PIPELINES):
            for run in range(RUNS):
                yield from self._run(pipeline, begin + timedelta(hours=8 + 2.5 * run))
        yield from self._programs(begin)
        if number % 30 == 11:
            yield from self._root_looks_around(begin + timedelta(hours=10))

    def record(
        self, operation: str, who: Json, at: datetime, kind: str, *, agent: str = CLI,
        address: str = "192.0.2.10", request: Json | None = None, **fields: Any,
    ) -> Json:  # fmt: skip
        """One record of an operation, as in `ec2:CreateTags`; `kind` is whose it is."""
        model = template(operation)
        text = json.dumps(model["requestParameters"])
        wanted = json.loads(text.replace("my-", f"{self._word()}-")) or {}
        if filled := FILLED.get(operation):
            wanted |= json.loads(json.dumps(filled).replace("my-", f"{self._word()}-"))
        return model | {
            "eventID": str(uuid.UUID(int=self.chance.getrandbits(128))),
            "eventTime": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "userIdentity": who,
            "sourceIPAddress": address,
            "userAgent": agent,
            "requestParameters": (wanted | (request or {})) or None,
            "managementEvent": True,
            "eventCategory": "Management",
            "_kind": kind,
            **fields,
        }

    def somebody(self) -> tuple[Json, Json]:
        """A person's identity, and how they work: every second one in the console."""
        number = self.chance.randrange(PEOPLE)
        role = "Admin" if number < 4 else "Developer"
        who = sso_user(f"person{number}@example.com", role)
        if number % 2:
            return who, {"agent": BROWSER, "sessionCredentialFromConsole": "true"}
        return who, {"agent": TERRAFORM if number % 4 == 0 else CLI}

    def _people(self, begin: datetime) -> Iterator[Json]:
        for number in range(PEOPLE):
            at = begin + timedelta(hours=8, minutes=self.chance.randrange(90))
            who = sso_user(f"person{number}@example.com", "Admin" if number < 4 else "Developer")
            yield self.record("sso:GetRoleCredentials", who, at, "sign-ins", readOnly=True)
        made = 0
        while made < CHANGES_BY_PEOPLE:
            who, how = self.somebody()
            operation = self._change(by_hand=True)
            at = self._at_work(begin)
            for _ in range(min(1 + int(self.chance.expovariate(0.9)), 5)):
                yield self._maybe_refused(self.record(operation, who, at, "people", **how))
                at += timedelta(seconds=self.chance.randrange(5, 90))
                made += 1
        for _ in range(PEOPLE * READS_A_PERSON // 12):  # a page asks for a dozen things at once
            who, how = self.somebody()
            at = self._at_work(begin)
            for _ in range(12):
                yield self._maybe_refused(self.record(self._read(), who, at, "people", **how))

    def _run(self, pipeline: int, begin: datetime) -> Iterator[Json]:
        at = begin + timedelta(minutes=self.chance.randrange(120))
        session = f"run-{self.chance.getrandbits(32):x}"
        who = assumed_role(f"pipeline-{pipeline}", session)
        how: Json = {"agent": TERRAFORM, "address": f"198.51.100.{self.chance.randrange(1, 255)}"}
        steps = ["read"] * READS_A_RUN + ["change"] * CHANGES_A_RUN
        for number, step in enumerate(steps):
            name = self._read() if step == "read" else self._change(by_hand=False)
            moment = at + timedelta(seconds=2 * number)
            yield self._maybe_refused(self.record(name, who, moment, "pipelines", **how))

    def _programs(self, begin: datetime) -> Iterator[Json]:
        names, weights = list(READS), list(READS.values())
        for _ in range(CALLS_OF_PROGRAMS):
            at = begin + timedelta(seconds=self.chance.randrange(86_400))
            who = assumed_role(
                f"app-{self.chance.randrange(12)}", f"i-{self.chance.getrandbits(64):x}"
            )
            name = self.chance.choices(names, weights)[0]
            yield self.record(name, who, at, "programs", address="203.0.113.9", readOnly=True)
            if self.chance.random() < 0.2:
                host = f"{self.chance.choice(SERVICES)}.amazonaws.com"
                name = self.chance.choice(OF_SERVICES)
                of_aws = aws_service(host.partition(".")[0])
                yield self.record(name, of_aws, at, "programs", agent=host, address=host)

    def _root_looks_around(self, at: datetime) -> Iterator[Json]:
        for number in range(26):
            moment = at + timedelta(seconds=70 * number)
            yield self.record(
                self._read(), root(mfa=True), moment, "root", agent=BROWSER, readOnly=True
            )

    def _change(self, *, by_hand: bool) -> str:
        if by_hand and self.chance.random() < TAIL:
            return self.chance.choice(self._wide[False])
        return self.chance.choices(*_usual(by_hand))[0]

    def _read(self) -> str:
        if self.chance.random() < READS_TAIL:
            return self.chance.choice(self._wide[True])
        return self.chance.choices(*_usual_reads())[0]

    def _maybe_refused(self, record: Json) -> Json:
        if self.chance.random() >= REFUSED:
            return record
        arn = record["userIdentity"]["arn"]
        service = record["eventSource"].partition(".")[0]
        said = f"User: {arn} is not authorized to perform: {service}:{record['eventName']}"
        return record | {
            "errorCode": "AccessDenied",
            "errorMessage": said,
            "responseElements": None,
        }

    def _at_work(self, begin: datetime) -> datetime:
        return begin + timedelta(seconds=8 * 3600 + self.chance.randrange(10 * 3600))

    def _word(self) -> str:
        return f"{self.chance.choice(WORDS)}{self.chance.randrange(40)}"


def moment_of(record: Json) -> datetime:
    """When it happened."""
    return datetime.fromisoformat(record["eventTime"])


def day_of(record: Json) -> int:
    """On which day from the start."""
    return (moment_of(record) - START).days


@cache
def _usual(by_hand: bool) -> tuple[list[str], list[float]]:
    found = {
        f"{service}:{name}": weight
        for service, operations in CHANGES.items()
        for name, weight in operations.items()
    }
    if by_hand:
        found |= {name: BY_PEOPLE * found[name] for name in DEPLOYED}
    else:
        found |= dict.fromkeys(BY_HAND, 0.0)
    return list(found), list(found.values())


@cache
def _usual_reads() -> tuple[list[str], list[float]]:
    found = {name: weight for name, weight in READS.items() if name not in OF_PROGRAMS}
    return list(found), list(found.values())
