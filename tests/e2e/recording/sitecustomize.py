"""Notes every call of AWS that a Python program makes, where AWS_CALLS names a file.

Python imports a module of this name from PYTHONPATH before anything else: the operator's programs,
Chalice and the functions in the emulator are heard alike. What is noted are names, no values.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

# Of these calls the actions depend on what is in them.
TELLING = ("TransactItems", "RequestItems")


def _caller() -> str:
    """The function, or the command as it was typed."""
    if function := os.environ.get("AWS_LAMBDA_FUNCTION_NAME"):
        return function
    words = [word for word in sys.argv[1:] if not word.startswith(("-", "/"))]
    return " ".join([Path(sys.argv[0]).name, *words[:1]])


def _emptied(value: Any, depth: int = 3) -> Any:
    """The same without what stands in it."""
    if isinstance(value, dict) and depth:
        return {key: _emptied(each, depth - 1) for key, each in value.items()}
    if isinstance(value, list) and depth:
        return [_emptied(each, depth) for each in value]
    return None


def _hear(path: str) -> None:
    from botocore.client import BaseClient

    make = BaseClient._make_api_call

    def heard(self: Any, operation: str, given: dict[str, Any]) -> Any:
        called = {
            "by": _caller(),
            "service": self.meta.service_model.service_name,
            "operation": operation,
            "parameters": {
                key: _emptied(value) if key in TELLING else None for key, value in given.items()
            },
        }
        with open(path, "a") as calls:
            calls.write(json.dumps(called) + "\n")
        return make(self, operation, given)

    BaseClient._make_api_call = heard


if "AWS_CALLS" in os.environ:
    _hear(os.environ["AWS_CALLS"])
