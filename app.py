"""Entry points of the Chalice application: wiring, nothing else."""

from __future__ import annotations

import os

from chalice.app import Chalice, CloudWatchEvent, Rate

from chalicelib import pipeline
from chalicelib.ingest.log_subscription import LogSubscriptionEvent, on_log_subscription
from chalicelib.rules.eventbridge import event_pattern
from chalicelib.web import api

app = Chalice(app_name="trailbell")
api.register(app, pipeline.current)


@on_log_subscription(app, name="ingest_logs")
def ingest_logs(event: LogSubscriptionEvent) -> dict[str, int]:
    """Tell what a batch of CloudTrail records from CloudWatch Logs holds."""
    return pipeline.current().ingest(event.messages, pipeline.remaining_in(event.context))


@app.schedule(Rate(1, unit=Rate.MINUTES), name="sweep")
def sweep(event: CloudWatchEvent) -> dict[str, int]:
    """Every minute: tell what is still due."""
    return pipeline.current().sweep(pipeline.remaining_in(event.context))


def ingest_events(event: CloudWatchEvent) -> dict[str, int]:
    """Tell what EventBridge carries: the record is the detail."""
    return pipeline.current().ingest([event.detail], pipeline.remaining_in(event.context))


# Off unless the stage switches it on; what it carries comes by the log too, and is told once.
if eventbridge := event_pattern(os.environ, lambda: pipeline.current().ruleset.rules):
    ingest_events = app.on_cw_event(eventbridge, name="ingest_events")(ingest_events)
