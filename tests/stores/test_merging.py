"""Partitions of an index read as one."""

from __future__ import annotations

from typing import Any

from chalicelib.stores.dynamodb.calls import Page
from chalicelib.stores.dynamodb.merging import rounds


def test_what_just_moved_to_another_partition_comes_once() -> None:
    """Both name it until the index has come after its table, as while an old alert is rewritten."""
    partitions = {"2026-11-24": ["1", "2", "4"], "2026-11-24.3": ["2", "3"]}

    def read(partition: str, start: Any) -> Page:
        left = [
            place for place in partitions[partition] if start is None or place > start["at"]["S"]
        ]
        response: dict[str, Any] = {"Items": [{"at": {"S": left[0]}}], "ScannedCount": 1}
        return Page(response | ({"LastEvaluatedKey": {"at": {"S": left[0]}}} if left[1:] else {}))

    found = [item["at"] for each in rounds(read, list(partitions), "at") for item in each.items]

    assert found == ["1", "2", "3", "4"]
