"""AWS as a person's commands ask it: patient, but not for ever."""

from __future__ import annotations

from typing import Any

CONNECT_SECONDS = 5
READ_SECONDS = 20


def client(service: str) -> Any:
    """boto3's client; region, profile and endpoint as boto3 finds them. Raises BotoCoreError."""
    import boto3
    from botocore.config import Config

    config = Config(connect_timeout=CONNECT_SECONDS, read_timeout=READ_SECONDS)
    return boto3.client(service, config=config)
