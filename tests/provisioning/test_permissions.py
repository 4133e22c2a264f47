"""docs/permissions.md: each action that a policy allows, and what uses it."""

from __future__ import annotations

from provisioning.permissions import named
from tests.e2e.permissions import TABLE, allowed, rows_of


def test_every_action_that_is_allowed_is_in_the_table_and_nothing_else() -> None:
    rows = rows_of(TABLE.read_text())
    # Where this fails: .venv/bin/python -m tests.e2e.permissions
    assert {who: sorted(action for action, _, _ in found) for who, found in rows.items()} == {
        who: sorted(actions) for who, actions in allowed().items()
    }


def test_every_action_of_the_table_is_used() -> None:
    for found in rows_of(TABLE.read_text()).values():
        for action, by, shown_by in found:
            assert by.strip(), action
            assert shown_by.strip(), action


def test_an_api_that_is_imported_is_made() -> None:
    assert named("apigateway:ImportRestApi") == {"apigateway:POST"}
    assert named("apigateway:PutRestApi") == {"apigateway:PUT"}
    assert named("apigateway:CreateDeployment") == {"apigateway:POST"}
