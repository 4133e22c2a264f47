"""The alarms of the way in by S3."""

from __future__ import annotations

from provisioning.alarms import SILENT_MINUTES, Alarm, alarms
from provisioning.installation import Installation

LATE = 15 * 60


def every_alarm(at: Installation) -> list[Alarm]:
    """Those of the installation, whatever way records come."""
    return [*alarms(at), *(_of_files(at) if at.reads_files else [])]


def _of_files(at: Installation) -> list[Alarm]:
    queue, failed = {"QueueName": at.files_queue}, {"QueueName": at.files_failed}
    status = f"setup_resources.py status --stage {at.stage} says"
    log = f"/aws/lambda/{at.function('ingest_files')}"
    return [
        Alarm(
            name="deaf-files",
            meaning="nobody told of a file of the trail for half an hour",
            first=f"{status} whether the topic still hands over to the queue",
            namespace="AWS/SQS",
            metric="NumberOfMessagesSent",
            dimensions=queue,
            minutes=1,
            # The sweep's reads are recorded, and their files told of, as the log group's are.
            periods=SILENT_MINUTES,
            datapoints=SILENT_MINUTES,
            comparison="LessThanThreshold",
            missing="breaching",
        ),
        Alarm(
            name="files-late",
            meaning="a file of the trail has been waiting for over a quarter of an hour",
            first=f"the log {log} says why; AccessDenied is the bucket's policy or its key's",
            namespace="AWS/SQS",
            metric="ApproximateAgeOfOldestMessage",
            dimensions=queue,
            statistic="Maximum",
            threshold=LATE,
        ),
        Alarm(
            name="files-gave-up",
            meaning="a file of the trail could not be taken in, five times",
            first=f"the log {log} says why; aws sqs start-message-move-task then tries it again",
            namespace="AWS/SQS",
            metric="ApproximateNumberOfMessagesVisible",
            dimensions=failed,
            statistic="Maximum",
        ),
    ]
