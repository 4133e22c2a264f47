"""CloudTrail-shaped records, made up by us: seeded, with the mix of a busy account.

Shares: 85 % reads, 3 % failures; 58 % roles, 22 % AWS services, 14 % IAM users, the rest other
accounts, single sign-on and root. Sizes: 0.8 to 4 KB, a tail to 60 KB (policies, templates).
"""

from __future__ import annotations

import base64
import gzip
import json
import random
import uuid
from collections.abc import Iterator
from typing import Any

from bench.operations import READS, WRITES

ACCOUNTS = ("111122223333", "444455556666", "777788889999")
REGIONS = ("eu-west-1", "eu-central-1", "us-east-1")
SEED = 20_261_124

WITHOUT_ANSWER = ("Describe", "Get", "List", "Lookup", "BatchGet")
AGENTS = (
    "Boto3/1.40.40 md/Botocore#1.40.40 ua/2.1 os/linux#6.8 md/arch#x86_64 lang/python#3.12.3",
    "aws-cli/2.31.3 md/awscrt#0.27.6 ua/2.1 os/linux#6.8 md/arch#x86_64 lang/python#3.13.7",
    "APN/1.0 HashiCorp/1.0 Terraform/1.13.3 terraform-provider-aws/6.14.0 aws-sdk-go-v2/1.39.0",
    "aws-sdk-java/2.34.0 md/io#sync md/http#Apache ua/2.1 os/Linux#6.8 lang/java#21.0.8",
)
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
WORDS = ("orders", "billing", "search", "ledger", "media", "gateway", "worker", "reports")


def operations() -> list[str]:
    """Every eventName that the trail can hold."""
    return [operation.split(":")[1] for operation in (*READS, *WRITES)]


def records(count: int, seed: int = SEED) -> Iterator[dict[str, Any]]:
    """That many records, the same ones for the same seed."""
    maker = _Maker(random.Random(seed))
    return (maker.record(at) for at in range(count))


def texts(count: int, seed: int = SEED) -> list[str]:
    """The same as CloudWatch Logs holds them: compact JSON, one record a line."""
    return [json.dumps(record, separators=(",", ":")) for record in records(count, seed)]


def stop_logging(number: int = 0) -> str:
    """A record that is critical to the default rules: somebody switches the trail off."""
    record = next(records(1, seed=number))
    record |= {
        "eventSource": "cloudtrail.amazonaws.com",
        "eventName": "StopLogging",
        "requestParameters": {"name": f"trail-{number}"},
        "responseElements": None,
        "readOnly": False,
        "userIdentity": {
            "type": "IAMUser",
            "arn": f"arn:aws:iam::{ACCOUNTS[0]}:user/mallory",
            "accountId": ACCOUNTS[0],
            "userName": "mallory",
        },
    }
    return json.dumps(record, separators=(",", ":"))


def batch(messages: list[str]) -> dict[str, Any]:
    """What a subscription filter hands to a Lambda."""
    payload = {
        "messageType": "DATA_MESSAGE",
        "owner": ACCOUNTS[0],
        "logGroup": "trailbell-dev-cloudtrail",
        "logStream": f"{ACCOUNTS[0]}_CloudTrail_{REGIONS[0]}_3",
        "subscriptionFilters": ["trailbell-dev"],
        "logEvents": [
            {"id": f"{38_000_000_000 + at:056d}", "timestamp": 1_790_000_000_000, "message": text}
            for at, text in enumerate(messages)
        ],
    }
    packed = gzip.compress(json.dumps(payload, separators=(",", ":")).encode(), 6)
    return {"awslogs": {"data": base64.b64encode(packed).decode()}}


class _Maker:
    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._reads = (list(READS), list(READS.values()))
        self._writes = (list(WRITES), list(WRITES.values()))

    def record(self, at: int) -> dict[str, Any]:
        chance = self._chance
        reads = chance.random() < 0.85
        names, weights = self._reads if reads else self._writes
        service, name = chance.choices(names, weights)[0].split(":")
        account = chance.choices(ACCOUNTS, (70, 20, 10))[0]
        region = chance.choices(REGIONS, (70, 10, 20))[0]
        minute, second = divmod(at // 40, 60)
        identity, address, agent = self._caller(name, account)
        answers = not name.startswith(WITHOUT_ANSWER)
        failed = chance.random() < 0.03
        record: dict[str, Any] = {
            "eventVersion": "1.11",
            "userIdentity": identity,
            "eventTime": f"2026-11-24T{minute // 60 % 24:02d}:{minute % 60:02d}:{second:02d}Z",
            "eventSource": f"{service}.amazonaws.com",
            "eventName": name,
            "awsRegion": region,
            "sourceIPAddress": address,
            "userAgent": agent,
            **(self._failure(identity) if failed else {}),
            "requestParameters": self._request(service, name, account, region),
            "responseElements": self._answer(name, account) if answers and not failed else None,
            "requestID": self._id(),
            "eventID": self._id(),
            "readOnly": reads,
            "eventType": "AwsConsoleSignIn" if name == "ConsoleLogin" else "AwsApiCall",
            "managementEvent": True,
            "recipientAccountId": account,
            "eventCategory": "Management",
        }
        if name == "ConsoleLogin":
            record["additionalEventData"] = {"LoginTo": "https://example.com/", "MFAUsed": "Yes"}
        if agent in AGENTS:
            host = f"{service}.{region}.amazonaws.com"
            suite = "TLS_AES_128_GCM_SHA256"
            record["tlsDetails"] = {
                "tlsVersion": "TLSv1.3", "cipherSuite": suite, "clientProvidedHostHeader": host
            }  # fmt: skip
        return record

    def _caller(self, name: str, account: str) -> tuple[dict[str, Any], str, str]:
        address = f"192.0.2.{self._chance.randrange(256)}"
        agent = self._chance.choices(AGENTS, (40, 20, 15, 25))[0]
        if name == "ConsoleLogin":
            return self._user(account), address, BROWSER
        kind = self._chance.choices(
            ("role", "service", "user", "account", "sso", "root"), (58, 22, 14, 3, 2.9, 0.1)
        )[0]
        if kind == "service":
            host = f"{self._chance.choice(('ec2', 'lambda', 'config', 'ecs-tasks'))}.amazonaws.com"
            return {"type": "AWSService", "invokedBy": host}, host, host
        if kind == "account":
            other = {"principalId": self._key("AIDA"), "accountId": ACCOUNTS[2]}
            return {"type": "AWSAccount", **other}, address, agent
        if kind == "root":
            arn = f"arn:aws:iam::{account}:root"
            root = {"principalId": account, "arn": arn, "accountId": account}
            return {"type": "Root", **root}, address, BROWSER
        if kind == "user":
            return self._user(account), address, agent
        return self._role(account, sso=kind == "sso"), address, agent

    def _user(self, account: str) -> dict[str, Any]:
        name = self._chance.choice(("alice", "bob", "carol", "dave", "erin"))
        return {
            "type": "IAMUser",
            "principalId": self._key("AIDA"),
            "arn": f"arn:aws:iam::{account}:user/{name}",
            "accountId": account,
            "accessKeyId": self._key("AKIA"),
            "userName": name,
        }

    def _role(self, account: str, *, sso: bool) -> dict[str, Any]:
        word = self._chance.choice(WORDS)
        role = "AWSReservedSSO_Developer_0123456789abcdef" if sso else f"{word}-task-role"
        session = f"{word}@example.com" if sso else f"i-{self._chance.getrandbits(64):017x}"
        principal = self._key("AROA")
        return {
            "type": "AssumedRole",
            "principalId": f"{principal}:{session}",
            "arn": f"arn:aws:sts::{account}:assumed-role/{role}/{session}",
            "accountId": account,
            "accessKeyId": self._key("ASIA"),
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role",
                    "principalId": principal,
                    "arn": f"arn:aws:iam::{account}:role/{role}",
                    "accountId": account,
                    "userName": role,
                },
                "webIdFederationData": {},
                "attributes": {
                    "creationDate": "2026-11-24T00:00:00Z",
                    "mfaAuthenticated": "false",
                },
            },
        }

    def _request(self, service: str, name: str, account: str, region: str) -> dict[str, Any]:
        word = self._chance.choice(WORDS)
        request: dict[str, Any] = {
            f"{service}Name": f"{word}-{self._chance.randrange(40)}",
            "resourceArn": f"arn:aws:{service}:{region}:{account}:{word}/{self._id()}",
        }
        if name.startswith(("Describe", "List")):
            kept = self._chance.randrange(1, 12)
            request["filterSet"] = {"items": [self._filter() for _ in range(kept)]}
        if self._chance.random() < 0.01:
            size = int(min(48_000, 4_000 * self._chance.paretovariate(1)))
            request["policyDocument"] = self._document(size)
        return request

    def _answer(self, name: str, account: str) -> dict[str, Any]:
        word = self._chance.choice(WORDS)
        answer: dict[str, Any] = {"requestId": self._id(), "_return": True}
        if name == "AssumeRole":
            answer["credentials"] = {
                "accessKeyId": self._key("ASIA"),
                "sessionToken": f"{self._chance.getrandbits(2400):x}",
                "expiration": "Nov 24, 2026, 12:00:00 PM",
            }
            answer["assumedRoleUser"] = {"arn": f"arn:aws:sts::{account}:assumed-role/{word}/s"}
        elif self._chance.random() < 0.3:
            kept = self._chance.randrange(1, 20)
            answer["itemsSet"] = {"items": [self._filter() for _ in range(kept)]}
        return answer

    def _filter(self) -> dict[str, Any]:
        word = self._chance.choice(WORDS)
        value = f"{word}-{self._chance.getrandbits(32):08x}"
        return {"name": f"tag:{word}", "valueSet": {"items": [{"value": value}]}}

    def _document(self, size: int) -> str:
        entry = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::x/*"}
        return json.dumps({"Version": "2012-10-17", "Statement": [entry] * (size // 80)})

    def _failure(self, identity: dict[str, Any]) -> dict[str, str]:
        code = self._chance.choice(("AccessDenied", "Client.UnauthorizedOperation", "NoSuchEntity"))
        actor = identity.get("arn", "a service")
        return {"errorCode": code, "errorMessage": f"User: {actor} may not do this"}

    def _id(self) -> str:
        return str(uuid.UUID(int=self._chance.getrandbits(128)))

    def _key(self, prefix: str) -> str:
        letters = self._chance.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=16)
        return prefix + "".join(letters)
