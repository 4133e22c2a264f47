"""SNS: the calls about a topic, and a subscription to one as a part."""

from __future__ import annotations

from typing import Any

from provisioning.change import Call, Part

NO_TOPIC = ("NotFound", "NotFoundException")


def subscription(
    topic: str, protocol: str, endpoint: str, *, title: str, why: str, absent: tuple[str, ...]
) -> Part:
    """Whether the topic hands over to the endpoint; `absent` as in Part."""

    def see(response: dict[str, Any]) -> str | None:
        endpoints = [one["Endpoint"] for one in response.get("Subscriptions", [])]
        return endpoint if endpoint in endpoints else None

    return Part(
        title=title,
        why=why,
        read=sns(topic, "list_subscriptions_by_topic", TopicArn=topic),
        see=see,
        wanted=endpoint,
        absent=absent,
        create=(sns(topic, "subscribe", TopicArn=topic, Protocol=protocol, Endpoint=endpoint),),
    )


def sns(topic: str, operation: str, **parameters: Any) -> Call:
    """A call where the topic of this ARN is, which may be another region."""
    region = topic.split(":")[3]
    return Call(service="sns", operation=operation, parameters=parameters, region=region)
