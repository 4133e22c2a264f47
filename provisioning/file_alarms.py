"""The alarms of the way in by S3."""

from __future__ import annotations

from provisioning.alarms import SILENT_MINUTES, Alarm, alarms, silence
from provisioning.installation import Installation

LATE = 15 * 60


def every_alarm(at: Installation) -> list[Alarm]:
    """Those of the installation, whatever way records come."""
    return [*alarms(at), *(_of_files(at) if at.reads_files else [])]


def _of_files(at: Installation) -> list[Alarm]:
    queue = {"QueueName": at.files_queue}
    log = f"the log /aws/lambda/{at.function('ingest_files')} says why"
    return [
        # The sweep's reads are recorded, and their files told of, as the log group's are.
        silence(
            "deaf-files",
            "AWS/SQS",
            "NumberOfMessagesSent",
            queue,
            minutes=SILENT_MINUTES,
            of=SILENT_MINUTES,
            meaning="nobody told of a file of the trail for half an hour",
            first=f"setup_resources.py status --stage {at.stage} says whether the topic still "
            "hands over to the queue",
        ),
        Alarm(
            name="files-late",
            meaning="a file of the trail has been waiting for over a quarter of an hour",
            first=f"{log}; AccessDenied is the bucket's policy or its key's",
            namespace="AWS/SQS",
            metric="ApproximateAgeOfOldestMessage",
            dimensions=queue,
            statistic="Maximum",
            threshold=LATE,
        ),
        Alarm(
            name="files-gave-up",
            meaning="a file of the trail could not be taken in, five times",
            first=f"{log}; aws sqs start-message-move-task then tries it again",
            namespace="AWS/SQS",
            metric="ApproximateNumberOfMessagesVisible",
            dimensions={"QueueName": at.files_failed},
            statistic="Maximum",
        ),
    ]
