"""What Chalice would deploy, made by hand: as far as setup_resources.py looks at it."""

from __future__ import annotations

import io
import json
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

REGION = "eu-central-1"
ACCOUNT = "123456789012"  # moto's own
FUNCTIONS = ("trailbell-dev", "trailbell-dev-ingest_logs", "trailbell-dev-sweep")
CHALICE = Path(__file__).parents[2] / ".chalice"
CONFIG = json.loads((CHALICE / "config.json").read_text())


class ByHand(Protocol):
    """An account of moto's; `client` makes boto3's."""

    def client(self, service: str) -> Any:
        """A client that nothing records."""

    def api(self) -> str:
        """The id of an API; it is made where there is none."""

    def deploy(self, *functions: str) -> None:
        """What chalice deploy leaves, as far as setup_resources.py looks at it."""
        role = self._function_role()
        made = {one["FunctionName"] for one in self._functions()}
        for name in functions or FUNCTIONS:
            if name not in made:
                self.client("lambda").create_function(
                    FunctionName=name,
                    Runtime="python3.11",
                    Role=role,
                    Handler="app.app",
                    Code={"ZipFile": _zip()},
                )
        self._gateway()
        if FUNCTIONS[-1] in (functions or FUNCTIONS):
            self.schedule()

    def _gateway(self) -> None:
        """Chalice lets API Gateway invoke the REST function."""
        client = self.client("lambda")
        statement = {"FunctionName": FUNCTIONS[0], "StatementId": "gateway"}
        if FUNCTIONS[0] in {one["FunctionName"] for one in self._functions()}:
            with suppress(client.exceptions.ResourceNotFoundException):
                if "gateway" in client.get_policy(FunctionName=FUNCTIONS[0])["Policy"]:
                    return
            client.add_permission(
                **statement,
                Action="lambda:InvokeFunction",
                Principal="apigateway.amazonaws.com",
                SourceArn=f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{self.api()}/*",
            )

    def schedule(self, function: str = FUNCTIONS[-1]) -> str:
        """What chalice deploy makes besides: the rule that invokes the sweep; its name."""
        events, client = self.client("events"), self.client("lambda")
        rule, arn = f"{function}-event", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}"
        events.put_rule(Name=rule, ScheduleExpression="rate(1 minute)", State="ENABLED")
        events.put_targets(Rule=rule, Targets=[{"Id": "1", "Arn": arn}])
        with suppress(client.exceptions.ResourceConflictException):
            client.add_permission(
                FunctionName=function,
                StatementId="schedule",
                Action="lambda:InvokeFunction",
                Principal="events.amazonaws.com",
                SourceArn=f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{rule}",
            )
        return rule

    def undeploy(self) -> None:
        for one in self._functions():
            self.client("lambda").delete_function(FunctionName=one["FunctionName"])

    def _functions(self) -> list[dict[str, Any]]:
        return list(self.client("lambda").list_functions()["Functions"])

    def _function_role(self) -> str:
        iam = self.client("iam")
        try:
            made = iam.create_role(RoleName="trailbell-dev-fn", AssumeRolePolicyDocument="{}")
        except iam.exceptions.EntityAlreadyExistsException:
            made = iam.get_role(RoleName="trailbell-dev-fn")
        return str(made["Role"]["Arn"])

    def configure(self, variables: dict[str, str] | None = None) -> None:
        """The functions' settings as chalice deploy makes them from .chalice/config.json."""
        stage = CONFIG["stages"]["dev"]
        for full in FUNCTIONS:
            name = full.removeprefix("trailbell-dev").lstrip("-")
            options = stage["lambda_functions"][name or "api_handler"]
            self.client("iam").put_role_policy(
                RoleName="trailbell-dev-fn",
                PolicyName=name or "api_handler",
                PolicyDocument=(CHALICE / options["iam_policy_file"]).read_text(),
            )
            self.client("lambda").update_function_configuration(
                FunctionName=full,
                MemorySize=options["lambda_memory_size"],
                Timeout=options["lambda_timeout"],
                Handler=f"app.{name or 'app'}",
                Environment={"Variables": {**stage["environment_variables"], **(variables or {})}},
            )


def _zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("app.py", "")
    return packed.getvalue()
