"""The keys that records lie behind, whatever wraps them.

Where an object has several, the first that holds a record counts.
"""

from __future__ import annotations

# An array that may well be empty: no records then, and nothing unreadable.
ARRAYS = (
    "Records",  # CloudTrail log file; SQS, SNS and Kinesis events; get-records
    "records",  # Firehose transformation
    "logEvents",  # a decoded awslogs batch
    "events",  # filter-log-events, get-log-events
    "Events",  # lookup-events
    "Messages",  # sqs receive-message
    "QueryResultRows",  # CloudTrail Lake
    "results",  # get-query-results
    "hits",  # Elastic
    "docs",
    "responses",
    "messages",  # Sumo
    "logs",  # Datadog
)
WRAPPINGS = (
    *ARRAYS,
    "CloudTrailEvent",  # one event of lookup-events
    "requestPayload",  # a failure destination's envelope
    "awslogs",
    "detail",  # EventBridge
    "kinesis",  # one item of a Kinesis event
    "data",  # Kinesis, Firehose; Datadog
    "Data",  # get-records
    "body",  # one SQS record
    "Body",  # one message of receive-message
    "Sns",  # one SNS record
    "Message",  # the notification inside it
    "@message",  # a row of Insights
    "_source",  # Elastic's document
    "fields",  # its fields, each a list
    "event.original",
    "event",  # Elastic's original, Splunk's event
    "original",
    "raw_data",  # OCSF
    "unmapped",
    "result",  # Splunk
    "_raw",
    "map",  # Sumo
    "content",  # Datadog
    "attributes",
    "eventJson",  # CloudTrail Lake
    "log",  # Fluentd of a container
    "message",  # one log event; filebeat
)
