"""Texts that hold no secret, of the kinds that people need to read in an alert."""

from __future__ import annotations

import hashlib
import json
import random
import uuid
from collections.abc import Callable
from typing import Any

ACCOUNTS = ("111122223333", "444455556666", "777788889999")
REGIONS = ("eu-west-1", "us-east-1", "ap-southeast-2", "eu-central-1")
WORDS = (
    "orders", "payments", "ledger", "search", "billing", "gateway", "worker", "reports", "media",
    "invoices", "prod", "staging", "dev", "blue", "green", "api", "web", "batch", "data", "lake",
    "archive", "logs", "audit", "backup", "shared", "platform", "core", "edge", "login", "secret",
    "token", "key", "password", "credentials", "auth", "tokens", "session", "vault",
)  # fmt: skip
SENTENCES = (
    "The {0} of the {1} team rotates its {2} every night",
    "User: arn:aws:iam::{a}:user/{0} is not authorized to perform: secretsmanager:GetSecretValue "
    "on resource: arn:aws:secretsmanager:{r}:{a}:secret:prod/{1}-AbCdEf because no identity-based "
    "policy allows the secretsmanager:GetSecretValue action",
    "User: arn:aws:sts::{a}:assumed-role/{0}/i-{h17} is not authorized to perform: "
    "sts:GetSessionToken on resource: *",
    "The security token included in the request is invalid.",
    "The security token included in the request is expired",
    "Access token validity of the app client {0} was set to 60 minutes",
    "Password policy of the account {a}: minimum length 14, symbols required",
    "An error occurred (InvalidClientTokenId) when calling the {0} operation",
    "Signature expired: 20261124T120000Z is now earlier than 20261124T121000Z",
    "Managed by Terraform, see https://git.example.com/{0}/{1}/-/blob/main/{2}.tf",
    "The key arn:aws:kms:{r}:{a}:key/{u} does not exist",
    "Rotation of the secret prod/{0}/{1} failed: Lambda arn:aws:lambda:{r}:{a}:function:{2}",
    "No password is set for the user {0}",
    "The bucket {0}-{1}-{a}-{r} lets nobody in, key: reports/2026/11/{2}.csv",
    "Ticket OPS-{d} of {0}@example.com, code review by {1}@example.com",
    "Nightly export of {0} at 02:30 UTC; owner: {1}; pager: {2}-on-call",
    "{0} -> {1}: moved after the incident of 2026-11-03",
    "token bucket of {0} requests a second, burst {d}",
)
KINDS = ("i", "vol", "eni", "sg", "subnet", "vpc", "rtb", "igw", "nat", "snap", "ami", "lt", "tgw")
Make = Callable[[random.Random], str]


def harmless_texts(count: int) -> list[str]:
    """That many, of every kind in turn."""
    rng = random.Random(15)
    return [MAKERS[number % len(MAKERS)](rng) for number in range(count)]


def _word(rng: random.Random) -> str:
    return rng.choice(WORDS)


def _name(rng: random.Random) -> str:
    joint = rng.choice("-_")
    return joint.join([_word(rng), _word(rng), rng.choice(("", "01", "eu", "v2", "main"))]).strip(
        joint
    )


def _camel(rng: random.Random) -> str:
    return "".join(_word(rng).capitalize() for _ in range(3)) + str(rng.randrange(100))


def _hex(rng: random.Random, length: int) -> str:
    return f"{rng.getrandbits(4 * length):0{length}x}"


def _uuid(rng: random.Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def _id(rng: random.Random) -> str:
    kind = rng.choice(KINDS)
    return f"{kind}-{_hex(rng, 17)}"


def _principal(rng: random.Random) -> str:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    return rng.choice(("AROA", "AIDA", "ANPA")) + "".join(rng.choices(letters, k=17))


def _arn(rng: random.Random) -> str:
    account, region = rng.choice(ACCOUNTS), rng.choice(REGIONS)
    name = _name(rng)
    return rng.choice(
        (
            f"arn:aws:iam::{account}:role/{name}",
            f"arn:aws:sts::{account}:assumed-role/{name}/{rng.choice(('alice', _id(rng)))}",
            f"arn:aws:sts::{account}:assumed-role/AWSReservedSSO_A_{_hex(rng, 16)}/a@example.com",
            f"arn:aws:secretsmanager:{region}:{account}:secret:{name}/{_word(rng)}-a1B2c3",
            f"arn:aws:kms:{region}:{account}:key/{_uuid(rng)}",
            f"arn:aws:lambda:{region}:{account}:function:{_camel(rng)}:{rng.randrange(40)}",
            f"arn:aws:s3:::{name}-{account}/{_word(rng)}/2026/11/24/{_camel(rng)}.json.gz",
            f"arn:aws:ssm:{region}:{account}:parameter/{_word(rng)}/db/password",
            f"arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/app/{name}/50dc6c495c0c",
            f"arn:aws:logs:{region}:{account}:log-group:/aws/lambda/{_camel(rng)}:*",
        )
    )


def _policy(rng: random.Random) -> str:
    statement: dict[str, Any] = {
        "Sid": _camel(rng),
        "Effect": rng.choice(("Allow", "Deny")),
        "Principal": {"AWS": f"arn:aws:iam::{rng.choice(ACCOUNTS)}:root"},
        "Action": rng.sample(
            ["secretsmanager:GetSecretValue", "sts:GetSessionToken", "kms:Decrypt", "s3:GetObject"],
            2,
        ),
        "Resource": _arn(rng),
        "Condition": {"StringEquals": {"aws:PrincipalTag/team": _word(rng)}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _trust(rng: random.Random) -> str:
    claim = "token.actions.githubusercontent.com:sub"
    condition = {"StringLike": {claim: f"repo:example/{_name(rng)}:*"}}
    action = "sts:AssumeRoleWithWebIdentity"
    return json.dumps({"Statement": [{"Action": action, "Condition": condition}]})


def _sentence(rng: random.Random) -> str:
    text = rng.choice(SENTENCES)
    made = {"a": rng.choice(ACCOUNTS), "r": rng.choice(REGIONS), "u": _uuid(rng)}
    return text.format(
        _name(rng), _word(rng), _camel(rng), d=rng.randrange(9999), h17=_hex(rng, 17), **made
    )


def _agent(rng: random.Random) -> str:
    return (
        f"aws-cli/2.{rng.randrange(40)}.{rng.randrange(9)} md/awscrt#0.27.6 ua/2.1 os/linux#6.8 "
        f"lang/python#3.13.7 md/prompt#off md/command#{_word(rng)}.get-{_word(rng)}-value"
    )


def _image(rng: random.Random) -> str:
    digest = hashlib.sha256(_name(rng).encode()).hexdigest()
    host = f"{rng.choice(ACCOUNTS)}.dkr.ecr.{rng.choice(REGIONS)}.amazonaws.com"
    return rng.choice(
        (f"{host}/{_name(rng)}@sha256:{digest}", f"{host}/{_name(rng)}:{_hex(rng, 8)}")
    )


def _address(rng: random.Random) -> str:
    return rng.choice(
        (
            f"https://sqs.{rng.choice(REGIONS)}.amazonaws.com/{rng.choice(ACCOUNTS)}/{_name(rng)}",
            f"https://{_hex(rng, 10)}.execute-api.{rng.choice(REGIONS)}.amazonaws.com/v1",
            f"https://oidc.eks.{rng.choice(REGIONS)}.amazonaws.com/id/{_hex(rng, 32).upper()}",
            f"http://192.0.2.{rng.randrange(256)}:8080/{_name(rng)}/{_word(rng)}@2",
            f"https://example.com/{_word(rng)}?page={rng.randrange(9)}&region={rng.choice(REGIONS)}",
            f"s3://{_name(rng)}-{rng.choice(ACCOUNTS)}/{_word(rng)}/{_camel(rng)}.parquet",
            f"{_name(rng)}.{_hex(rng, 12)}.{rng.choice(REGIONS)}.rds.amazonaws.com:5432",
            f"mailto:{_word(rng)}@example.com",
        )
    )


def _tag(rng: random.Random) -> str:
    return rng.choice(
        (f"team={_word(rng)}", f"Name: {_name(rng)}", f"CostCenter={rng.randrange(9999)}",
         f"owner:{_word(rng)}@example.com", f"env={rng.choice(('prod', 'dev'))}")
    )  # fmt: skip


def _digest(rng: random.Random) -> str:
    data = _uuid(rng).encode()
    kind = rng.choice((hashlib.sha1, hashlib.sha256, hashlib.md5))
    return rng.choice(("", "sha256:")) + kind(data).hexdigest()


def _request_id(rng: random.Random) -> str:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
    return rng.choice((_uuid(rng), "".join(rng.choices(letters, k=16))))


def _short(rng: random.Random) -> str:
    return rng.choice(
        ("t3.micro", "m7g.2xlarge", "192.0.2.44/32", "2001:db8::/32", "2026-11-24T12:00:00Z",
         "python3.13", "AES256", "aws:kms", "arn:aws:iam::aws:policy/AdministratorAccess",
         "0 3 * * ? *", "cron(0 3 * * ? *)", "application/json", "Success", "sts.amazonaws.com",
         "alias/aws/secretsmanager", "prod/db/password", "/service/api-key", "GetSecretValue",
         "secret-rotation", "token-service", "password-reset", "access-key-rotated",
         "eks.amazonaws.com/role-arn", "CreateAccessKey", "AWSSecretsManagerRotationLambda")
    )  # fmt: skip


MAKERS: tuple[Make, ...] = (
    _name, _camel, _id, _principal, _arn, _policy, _trust, _sentence, _agent, _image, _address,
    _tag, _digest, _request_id, _short, _sentence, _arn, _uuid, _name, _sentence,
)  # fmt: skip
