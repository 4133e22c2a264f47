"""The store in DynamoDB, for AWS."""

from __future__ import annotations

from chalicelib.alerts.dynamodb_table import TTL_ATTRIBUTE, table_definition

__all__ = ["TTL_ATTRIBUTE", "table_definition"]
