"""X-Ray, where the stage's part of .chalice/config.json has "xray": true, which Chalice sets."""

from __future__ import annotations

from provisioning.change import Part
from provisioning.function_roles import REST, role_of
from provisioning.installation import Installation
from provisioning.policies import document, role_policy

# Source: Service Authorization Reference, AWS X-Ray: neither knows a resource.
SENT = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]


def rights_of_tracing(at: Installation) -> list[Part]:
    """Each function may send its traces: Chalice gives that right in its own policies alone."""
    if not at.traced:
        return []
    send = {"Sid": "SendItsTraces", "Effect": "Allow", "Action": SENT, "Resource": ["*"]}
    return [
        role_policy(
            role_of(at, name),
            "trace",
            document(send),
            title=f"IAM role {role_of(at, name)}: traces",
            why="sends its traces to X-Ray, 5 USD per million after 100,000 a month",
            function=at.function(None if name == REST else name),
        )
        for name in at.deploys
    ]
