"""Entry points of the Chalice application: wiring, nothing else."""

from __future__ import annotations

import os

from chalice.app import Chalice, CloudWatchEvent, Rate, SQSEvent

from chalicelib import bootstrap
from chalicelib.ingest.files_queue import files_queue
from chalicelib.ingest.log_subscription import LogSubscriptionEvent, on_log_subscription
from chalicelib.rules.eventbridge import event_pattern
from chalicelib.web import api

app = Chalice(app_name="trailbell")
api.register(app, bootstrap.current, bootstrap.now)


@on_log_subscription(app, name="ingest_logs")
def ingest_logs(event: LogSubscriptionEvent) -> dict[str, int]:
    """Alert of what a batch of CloudTrail records from CloudWatch Logs holds."""
    return bootstrap.current().ingest(event.messages, bootstrap.millis_left(event.context))


@app.schedule(Rate(1, unit=Rate.MINUTES), name="sweep")
def sweep(event: CloudWatchEvent) -> dict[str, int]:
    """Every minute, and after a click: send what is still due."""
    return bootstrap.current().sweep(
        bootstrap.millis_left(event.context), bootstrap.function_arn(event.context), event.detail
    )


def ingest_events(event: CloudWatchEvent) -> dict[str, int]:
    """Alert of what EventBridge carries: the record is the detail."""
    return bootstrap.current().ingest([event.detail], bootstrap.millis_left(event.context))


# Off unless the stage switches it on; what it carries comes by the log too, and is sent once.
if eventbridge := event_pattern(os.environ, lambda: bootstrap.current().ruleset):
    ingest_events = app.on_cw_event(eventbridge, name="ingest_events")(ingest_events)


def ingest_files(event: SQSEvent) -> dict[str, int]:
    """Alert of what the files of a trail hold, of which a queue tells."""
    return files.ingest_files(
        (record.body for record in event),
        bootstrap.current(),
        bootstrap.millis_left(event.context),
    )


# Off unless the stage names the queue.
if queue := files_queue(os.environ):
    from chalicelib.usecases import files

    ingest_files = app.on_sqs_message(queue, batch_size=1, name="ingest_files")(ingest_files)
