"""The one place that talks to AWS: boto3 clients, bounded retries, pages joined."""

from __future__ import annotations

import time
from collections.abc import Callable, Container, Iterable
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.aws import PERSON, code_of
from provisioning.change import Call, Part, Unread
from provisioning.errors import OperatorError, explain, is_denied, message
from provisioning.permissions import of_call

# About a minute in all: IAM is usually consistent within ten seconds, a table active within 20.
DELAYS = (1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0, 8.0, 8.0)
# Not boto3's: deletes every version in a bucket, page by page; makes a key and its alias; writes a
# parameter's value once more, under another key; what a topic says of one endpoint, and ends that.
EMPTY_BUCKET, MADE_KEY, REENCRYPTED = "empty_bucket", "made_key", "reencrypted"
SUBSCRIBED, UNSUBSCRIBED = "subscribed", "unsubscribed"


class Aws:
    """Makes calls with a boto3 session; `sleep` is how it waits between retries, `now` the time."""

    def __init__(
        self,
        session: Any,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.session = session
        self.sleep = sleep
        self.now = now
        self._clients: dict[tuple[str, str], Any] = {}

    @property
    def region(self) -> str:
        """The region that everything is made in."""
        if not self.session.region_name:
            raise OperatorError("no region: give --region, or set AWS_DEFAULT_REGION")
        return str(self.session.region_name)

    def client(self, service: str, region: str | None = None) -> Any:
        """A client with timeouts, made once; for another region where one is given."""
        key = (service, region or self.region)
        if key not in self._clients:
            self._clients[key] = self._made(*key)
        return self._clients[key]

    def _made(self, service: str, region: str) -> Any:
        try:
            return self.session.client(service, region_name=region, config=PERSON.config())
        except BotoCoreError:
            raise
        except ValueError as error:  # botocore's, for a URL that is none
            raise OperatorError(f"{error}: check AWS_ENDPOINT_URL and ~/.aws/config") from error

    def send(self, call: Call) -> dict[str, Any]:
        """One attempt. A call that has pages returns all of them joined."""
        client = self.client(call.service, call.region)
        if call.operation in _OURS:
            return _OURS[call.operation](client, dict(call.parameters))
        if client.can_paginate(call.operation):
            pages = client.get_paginator(call.operation).paginate(**call.parameters)
            return dict(pages.build_full_result())
        return dict(getattr(client, call.operation)(**call.parameters))

    def read(self, call: Call) -> dict[str, Any]:
        """A call outside a part. Raises OperatorError."""
        try:
            return self.send(call)
        except (ClientError, BotoCoreError) as error:
            raise explain(error, f"{call.service}.{call.operation}") from error

    def find(self, call: Call, absent: Container[str], doing: str) -> dict[str, Any] | None:
        """The same where AWS may say by one of the codes in `absent` that there is nothing: None
        then. Raises OperatorError.
        """
        try:
            return self.send(call)
        except ClientError as error:
            if code_of(error) in absent:
                return None
            raise explain(error, doing) from error
        except BotoCoreError as error:
            raise explain(error, doing) from error

    def look_at_all(self, parts: Iterable[Part], *, lenient: bool = False) -> dict[str, Any]:
        """What is seen of each part, by title; parts that share a read share its answer. Where it
        is `lenient`, what may not be read is Unread.
        """
        answers: dict[int, dict[str, Any]] = {}
        look = self.look_or_say if lenient else self.look
        return {part.title: look(part, answers) for part in parts}

    def look_or_say(self, part: Part, answers: dict[int, dict[str, Any]] | None = None) -> Any:
        """What is seen of the part, Unread where these credentials may not read it."""
        try:
            return self.look(part, answers)
        except OperatorError as error:
            if not is_denied(error):
                raise
            return Unread(", ".join(sorted(of_call(part.read))), str(error))

    def look(self, part: Part, answers: dict[int, dict[str, Any]] | None = None) -> Any:
        """What is seen of the part; None where AWS says that it is not there."""
        known = {} if answers is None else answers
        try:
            if id(part.read) not in known:
                known[id(part.read)] = self.send(part.read)
            return part.see(known[id(part.read)])
        except ClientError as error:
            if code_of(error) in part.absent:
                return None
            raise explain(error, f"reading {part.title}") from error
        except BotoCoreError as error:
            raise explain(error, f"reading {part.title}") from error

    def perform(self, call: Call) -> dict[str, Any]:
        """Make the call; wait out what only takes time. Raises the last error."""
        for delay in DELAYS:
            try:
                response = self.send(call)
            except ClientError as error:
                if code_of(error) in call.done:
                    return {}
                if not _is_not_yet(call, error):
                    raise
            else:
                if _is_reached(call, response):
                    return response
            self.sleep(delay)
        return self.send(call)

    def perform_all(self, calls: Iterable[Call], doing: str) -> None:
        """Make the calls in order. Raises OperatorError."""
        for call in calls:
            try:
                self.perform(call)
            except (ClientError, BotoCoreError) as error:
                raise explain(error, doing) from error


def _is_not_yet(call: Call, error: ClientError) -> bool:
    return any(
        code_of(error) == not_yet.code and not_yet.words in message(error)
        for not_yet in call.not_yet
    )


def _is_reached(call: Call, response: dict[str, Any]) -> bool:
    if call.until is None:
        return True
    path, wanted = call.until
    value: Any = response
    for key in path.split("."):
        value = value[key]
    return bool(value == wanted)


def _made_key(client: Any, asked: dict[str, Any]) -> dict[str, Any]:
    alias = asked.pop("AliasName")
    made = client.create_key(**asked)["KeyMetadata"]
    client.create_alias(AliasName=alias, TargetKeyId=made["KeyId"])
    return dict(made)


def _reencrypted(client: Any, asked: dict[str, Any]) -> dict[str, Any]:
    kept = client.get_parameter(Name=asked["Name"], WithDecryption=True)["Parameter"]
    written = {"Value": kept["Value"], "Type": "SecureString", "Overwrite": True}
    return dict(client.put_parameter(**asked, **written))


def _subscription(client: Any, asked: dict[str, Any]) -> str:
    """The ARN, or SNS's word that its owner did not follow the link; "" where there is none."""
    pages = client.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=asked["TopicArn"])
    found = (one for page in pages for one in page["Subscriptions"])
    arns = [one["SubscriptionArn"] for one in found if one["Endpoint"] == asked["Endpoint"]]
    # One that somebody left is listed for three days more. Source: SNS developer guide, "Deleting
    # an Amazon SNS subscription and topic".
    return next((arn for arn in arns if arn != "Deleted"), "")


def _subscribed(client: Any, asked: dict[str, Any]) -> dict[str, Any]:
    arn = _subscription(client, asked)
    if not arn.startswith("arn:"):
        return {"SubscriptionArn": arn} if arn else {}
    found = client.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    return {**found, "SubscriptionArn": arn}


def _unsubscribed(client: Any, asked: dict[str, Any]) -> dict[str, Any]:
    arn = _subscription(client, asked)
    return dict(client.unsubscribe(SubscriptionArn=arn)) if arn.startswith("arn:") else {}


def _empty(client: Any, asked: dict[str, Any]) -> dict[str, Any]:
    bucket = asked["Bucket"]
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket):
        versions = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
        keys = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in versions]
        if keys:
            _delete(client, bucket, keys)
    return {}


def _delete(client: Any, bucket: str, keys: list[dict[str, str]]) -> None:
    response = client.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})
    for failed in response.get("Errors", ()):  # the call itself succeeds all the same
        raise OperatorError(
            f"{bucket} keeps {failed['Key']} ({failed['Code']}): see who may delete there, then "
            "run the same command again"
        )


_OURS: dict[str, Callable[[Any, dict[str, Any]], dict[str, Any]]] = {
    EMPTY_BUCKET: _empty,
    MADE_KEY: _made_key,
    REENCRYPTED: _reencrypted,
    SUBSCRIBED: _subscribed,
    UNSUBSCRIBED: _unsubscribed,
}
