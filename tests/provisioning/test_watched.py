"""What the self-watch reads of what `setup_resources.py` keeps."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from chalicelib import bootstrap
from chalicelib.monitoring.answers import Coverage, shown
from chalicelib.monitoring.notes import read
from chalicelib.usecases.watched import INSTALLATION, PINNED
from provisioning.choices import Choices
from provisioning.parameters import memory
from provisioning.survey import survey
from tests.provisioning.account import Account
from tests.provisioning.test_functions import deployed, use_sweep

PIN = '{ $.eventName = "StopLogging" }'


def test_the_pin_is_read_where_apply_keeps_it(account: Account) -> None:
    at = survey(account.aws, account.request).at
    assert PINNED in asdict(Choices())
    assert json.loads(Choices(filter_pattern=PIN).to_json()) == {PINNED: PIN}
    assert memory(at).read.parameters["Name"] == at.parameter(INSTALLATION)


def test_a_filter_that_the_operator_pinned_is_as_it_should_be(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.choose(filter_pattern=PIN)
    account.apply_in_full()
    account.schedule()
    with deployed("sweep", monkeypatch) as there:
        use_sweep(there)
        answers = shown(read(bootstrap.current().store.notes, Coverage))
    assert answers["pattern"]["answered"] == "ok"
