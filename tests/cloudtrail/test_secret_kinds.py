"""Hundreds of kinds of secrets in five places each: none is left; and harmless texts stay."""

from __future__ import annotations

import json
from collections import defaultdict

import pytest

from chalicelib.cloudtrail.redacted_texts import redact_text
from chalicelib.cloudtrail.redaction import redact
from chalicelib.cloudtrail.secret_keys import SHORT_WORDS, WORDS, bare_key, names_a_text
from chalicelib.cloudtrail.secret_words import STEMS
from tests.cloudtrail.secrets_survey import HARMLESS, survivors, touched
from tests.events import cloudtrail
from tests.secret_places import PLACES, kinds, planted

SECRET = "Xq7" + "vLm2" + "Rt9" + "Kd4"


def test_there_are_two_hundred_kinds_and_each_stands_in_five_places() -> None:
    places = defaultdict(set)
    for plant in planted(cloudtrail()):
        places[plant.kind.label].add(plant.place)
    assert len(kinds()) == len(places) >= 200
    assert all(found == set(PLACES) for found in places.values())


def test_no_kind_survives_in_any_place() -> None:
    assert survivors() == []


def test_one_harmless_text_of_a_hundred_is_touched_at_most() -> None:
    assert len(touched()) <= HARMLESS / 100


def test_every_telling_word_is_known_as_a_key_and_has_a_stem() -> None:
    words = [*WORDS, *SHORT_WORDS]
    assert [word for word in words if not names_a_text(bare_key(word))] == []
    assert [word for word in words if not any(stem in word for stem in STEMS)] == []


@pytest.mark.parametrize(
    "text",
    [
        f'variable "db_password" {{\n  default = "{SECRET}"\n}}',
        f"1 validation error detected: Value '{SECRET}' at 'masterUserPassword' failed to satisfy",
        f"Parameter MasterUserPassword with value {SECRET} is not valid",
        f"jdbc:oracle:thin:scott/{SECRET}@//db.example.com:1521/x",
        f"db.example.com:5432:shop:app:{SECRET}",
        f"curl -b session={SECRET} https://example.com",
        f"<AdministratorPassword><Value>{SECRET}</Value></AdministratorPassword>",
        f"SET PASSWORD FOR a = PASSWORD('{SECRET}')",
        f"ALTER LOGIN sa WITH PASSWORD = N'{SECRET}'",
        f"#cloud-config\nchpasswd:\n  list: |\n    root:{SECRET}\n",
        f"password for bob: {SECRET}",
        f"mot_de_passe={SECRET}",
        f"&quot;password&quot;:&quot;{SECRET}&quot;",
        f"\\u0022password\\u0022:\\u0022{SECRET}\\u0022",
        f'{{"value": "{SECRET}", "name": "DB_PASSWORD"}} and more',
        f"password={SECRET[:6]},{SECRET[6:]}",
    ],
)
def test_what_a_red_team_got_through_once_is_hidden(text: str) -> None:
    assert SECRET[6:] not in redact_text(text)


@pytest.mark.parametrize(
    "request_parameters",
    [
        {"command": ["app", "--password", SECRET]},
        {"command": ["mysql", "-uroot", f"-p{SECRET}"]},
        {"command": ["curl", "-u", f"admin:{SECRET}"]},
        {"entry": [{"key": {"stringValue": "password"}, "value": {"stringValue": SECRET}}]},
        {"patchOperations": [{"op": "replace", "path": "/clientSecret", "value": SECRET}]},
        {"attribute": "userData", "value": SECRET},
        {"Master Password": SECRET},
        {"spring.datasource.password": [SECRET]},
        {"errorText": f'Failed: {{"a": {{"clientSecret": "{SECRET}"}}}} at line 3'},
    ],
)
def test_a_secret_in_a_structure_is_hidden(request_parameters: dict[str, object]) -> None:
    record = cloudtrail(requestParameters=request_parameters)
    assert SECRET not in json.dumps(redact(record))


def test_of_a_secret_the_arn_stays() -> None:
    request = {
        "secret": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-a1B2c3",
        "encryptionKey": {"id": "arn:aws:kms:eu-west-1:111122223333:key/1", "type": "KMS"},
        "command": ["app", "--region", "eu-west-1", "--verbose"],
        "accessKey": {"userName": "alice", "status": "Active"},
    }
    assert redact({"requestParameters": request}) == {"requestParameters": request}


@pytest.mark.parametrize(
    "text",
    [
        "set token lifetimes for the app client",
        "login_logs -> tokens in the password store",
        "The access key of alice was rotated by rotate-access-key",
        "password policy: minimum length 14",
        "token bucket of orders, burst 100",
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/token-a1B2c3",
        "secret prod/db-AbC1",
        "code review by bob@example.com, key: value pairs",
        "GetSecretValue of prod/db was refused: no identity-based policy allows it",
    ],
)
def test_what_only_speaks_of_secrets_stays(text: str) -> None:
    assert redact_text(text) == text
