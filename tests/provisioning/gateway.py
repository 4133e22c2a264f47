"""What moto does not answer, by hand: API Gateway, which needs a package that nothing else does,
and IAM's simulation of policies.
"""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

API = "abc123"


class Gateway:
    """One API with a stage, in the place of the service."""

    def __init__(self) -> None:
        self.api: dict[str, Any] = {"id": API, "name": "trailbell"}
        self.stage: dict[str, Any] = {"stageName": "api"}
        self.refuses = False

    def __call__(self, model: Any, params: dict[str, Any], **_: Any) -> tuple[Any, Any]:
        """What botocore takes for the service's answer."""
        if self.refuses:
            return _refusal(403, "AccessDeniedException")
        if model.name == "UpdateStage":
            self._patch(json.loads(params["body"])["patchOperations"])
        found = self.api if model.name == "GetRestApi" else self.api and self.stage
        return (SimpleNamespace(status_code=200), found) if found else _missing()

    def _patch(self, operations: list[dict[str, str]]) -> None:
        settings = self.stage.setdefault("methodSettings", {})
        for one in operations:
            method, _, name = one["path"][1:].rsplit("/", 2)
            key = f"throttling{name[0].upper()}{name[1:]}"
            settings.setdefault(method, {})[key] = float(one["value"])


class Simulation:
    """IAM's word for each action: one of `denied` is not allowed, with details as given there."""

    def __init__(self) -> None:
        self.denied: dict[str, dict[str, Any]] | None = None  # None: these may not ask
        self.asked: list[tuple[str, str]] = []

    def __call__(self, parameters: dict[str, Any]) -> tuple[Any, Any]:
        if self.denied is None:
            return _refusal(403, "AccessDenied")
        (where,) = parameters["ResourceArns"]
        self.asked += [(action, where) for action in parameters["ActionNames"]]
        found = [self._decided(action) for action in parameters["ActionNames"]]
        return SimpleNamespace(status_code=200), {"EvaluationResults": found}

    def _decided(self, action: str) -> dict[str, Any]:
        denied = self.denied or {}
        decision = "implicitDeny" if action in denied else "allowed"
        known = denied.get(action, {})
        return {"EvalActionName": action, "EvalDecision": decision, **known}


def _missing() -> tuple[Any, Any]:
    return _refusal(404, "NotFoundException")


def _refusal(status: int, code: str) -> tuple[Any, Any]:
    error = {"Code": code, "Message": "no"}
    return SimpleNamespace(status_code=status), {"Error": error}
