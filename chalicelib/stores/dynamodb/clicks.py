"""Which clicks were taken, in the DynamoDB table."""

from __future__ import annotations

from datetime import datetime

from chalicelib.alerts.clicks import REMEMBERED
from chalicelib.stores.dynamodb.expressions import Action, put_action
from chalicelib.stores.dynamodb.table import TTL_ATTRIBUTE
from chalicelib.stores.encoding import seconds


def click_actions(key: str, at: datetime) -> list[Action]:
    """What notes a click's key in a transaction: it fails where it was noted before. "" is of
    none.
    """
    if not key:
        return []
    item = {"pk": f"CLICK#{key}", "sk": "CLICK", TTL_ATTRIBUTE: seconds(at + REMEMBERED)}
    return [put_action(item, "attribute_not_exists(#pk)")]
