"""SNS: the calls about a topic, what it lets in, and a subscription to one as a part."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from provisioning.aws import SUBSCRIBED
from provisioning.change import Call, Part

NO_TOPIC = ("NotFound", "NotFoundException")
# What a topic must be for alarms to be published there. Source: CloudWatch user guide, "Notifying
# users on alarm changes": with SNS's own key CloudWatch cannot.
OPEN = {"alarms may publish": True, "key": "one that lets CloudWatch in, or none"}
SNS_KEY = "alias/aws/sns"


def admits(attributes: Mapping[str, str], account: str) -> dict[str, Any]:
    """Whether the account's alarms may publish to the topic: OPEN, or how not."""
    key = attributes.get("KmsMasterKeyId", "")
    statements = [*_about_publishing(json.loads(attributes.get("Policy") or "{}"))]
    allowed = any(one.get("Effect") == "Allow" and _is_for(one, account) for one in statements)
    denied = any(one.get("Effect") == "Deny" for one in statements)
    found = key if key.endswith(SNS_KEY) else OPEN["key"]
    return {"alarms may publish": allowed and not denied, "key": found}


def _about_publishing(policy: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for statement in policy.get("Statement", ()):
        actions = statement.get("Action", ())
        named = [actions] if isinstance(actions, str) else actions
        if {"sns:publish", "sns:*", "*"} & {str(one).lower() for one in named}:
            yield statement


def _is_for(statement: Mapping[str, Any], account: str) -> bool:
    """Whether it is about everybody or CloudWatch, as far as they are of the account."""
    principal = statement.get("Principal")
    who = principal if isinstance(principal, dict) else {"AWS": principal}
    everybody = who.get("AWS") == "*" or who.get("Service") == "cloudwatch.amazonaws.com"
    accounts = {
        str(value)
        for tested in statement.get("Condition", {}).values()
        for key, value in tested.items()
        if key.lower() in ("aws:sourceowner", "aws:sourceaccount")
    }
    return everybody and accounts <= {account}


def subscription(
    topic: str, protocol: str, endpoint: str, *, title: str, why: str, absent: tuple[str, ...]
) -> Part:
    """Whether the topic hands all of it over to the endpoint; `absent` as in Part. What is seen is
    the endpoint, or the filter that lets it have less.
    """

    def see(response: dict[str, Any]) -> str | None:
        if not response:
            return None
        if (response.get("FilterPolicy") or "{}") != "{}":
            return f"only what fits {response['FilterPolicy']}"
        return endpoint

    return Part(
        title=title,
        why=why,
        read=sns(topic, SUBSCRIBED, TopicArn=topic, Endpoint=endpoint),
        see=see,
        wanted=endpoint,
        absent=absent,
        create=(sns(topic, "subscribe", TopicArn=topic, Protocol=protocol, Endpoint=endpoint),),
        fixed="aws sns set-subscription-attributes --attribute-name FilterPolicy "
        "--attribute-value '{}' takes the filter away",
    )


def sns(topic: str, operation: str, **parameters: Any) -> Call:
    """A call where the topic of this ARN is, which may be another region."""
    region = topic.split(":")[3]
    return Call(service="sns", operation=operation, parameters=parameters, region=region)
