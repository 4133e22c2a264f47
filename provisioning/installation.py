"""Installation: every name that one stage has in one account, from what the operator chose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from chalicelib.monitoring.selectors import READS, SOME
from chalicelib.settings import failure_bucket
from provisioning.choices import Choices

OWN = "own"  # a key of our own
OWN_SOURCE = "cloudtrail.amazonaws.com"  # whom the sweep asks


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """One stage in one account and region.

    `adopted_log_group` and `adopted_trail_arn` come from the adopted trail, where there is one.
    `organization_id` and `management_account`, which owns it, are set for an organization trail.
    `values` are the fingerprints of what is in the functions' parameters, by their names.
    `api` is the id of the API that may invoke the REST function, `deploys` are the functions that
    .chalice/config.json has, by Chalice's names. `own_key` is the ARN of the key that we made,
    `traced` whether it switches X-Ray on.
    `trail_is_there` is whether CloudTrail has the trail already, `left_out` what an adopted one
    does not record: see selectors.left_out.
    """

    app: str
    stage: str
    partition: str
    account: str
    region: str
    choices: Choices
    adopted_log_group: str | None = None
    adopted_trail_arn: str | None = None
    organization_id: str | None = None
    management_account: str | None = None
    trail_is_there: bool = False
    left_out: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    api: str | None = None
    deploys: tuple[str, ...] = ()
    own_key: str | None = None
    traced: bool = False

    @property
    def deployment(self) -> str:
        """The prefix of every name, as in chalicelib/settings.py: `trailbell-dev`."""
        return f"{self.app}-{self.stage}"

    @property
    def tags(self) -> dict[str, str]:
        return {"app": self.app, "stage": self.stage, **self.choices.tags}

    @property
    def tag_pairs(self) -> list[dict[str, str]]:
        """The tags as most services take them."""
        return [{"Key": key, "Value": value} for key, value in self.tags.items()]

    def arn(self, service: str, resource: str, *, region: str | None = None) -> str:
        """An ARN in this account; region "" for services that have none."""
        where = self.region if region is None else region
        return f"arn:{self.partition}:{service}:{where}:{self.account}:{resource}"

    @property
    def url_suffix(self) -> str:
        """What AWS's addresses end in here."""
        return "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"

    @property
    def on_its_own(self) -> Installation:
        """The same without anything adopted."""
        choices = replace(self.choices, trail=None, log_group=None, bucket=None)
        return replace(self, choices=choices, adopted_log_group=None, adopted_trail_arn=None)

    # The trail and what it writes to
    @property
    def reads_files(self) -> bool:
        """Whether records come by the trail's files, not by the log group."""
        return self.choices.source == "s3"

    @property
    def owns_trail(self) -> bool:
        """Whose files are read from an adopted bucket is another's trail."""
        return self.choices.trail is None and not (self.reads_files and self.choices.bucket)

    @property
    def trail(self) -> str:
        return self.choices.trail or self.deployment

    @property
    def hears_our_reads(self) -> bool:
        """Whether the sweep's own questions to CloudTrail come to the log group."""
        if self.reads_files:
            return False
        by_others = any(each.startswith(SOME) for each in self.left_out)
        return self.owns_trail or not (by_others or set(self.left_out) & {READS, OWN_SOURCE})

    @property
    def trail_owner(self) -> str:
        """The account that our own trail belongs to, also where a delegate makes it."""
        return self.management_account or self.account

    @property
    def trail_arn(self) -> str:
        where = f"{self.region}:{self.trail_owner}"
        own = f"arn:{self.partition}:cloudtrail:{where}:trail/{self.trail}"
        return self.adopted_trail_arn or own

    @property
    def trail_is_anothers(self) -> bool:
        """Whether the adopted trail is another account's: an organization's, seen from a member."""
        return not self.owns_trail and self.trail_arn.split(":")[4] != self.account

    @property
    def trail_id(self) -> str:
        """What CloudTrail finds the trail by: its name, in the account that owns it."""
        return self.trail if self.trail_owner == self.account else self.trail_arn

    @property
    def owns_bucket(self) -> bool:
        return self.owns_trail and self.choices.bucket is None

    @property
    def bucket(self) -> str:
        return self.choices.bucket or f"{self.deployment}-trail-{self.account}-{self.region}"

    @property
    def bucket_owner(self) -> str:
        """The account that the bucket is of."""
        return self.choices.bucket_owner or self.account

    @property
    def owns_topic(self) -> bool:
        return self.choices.topic is None

    @property
    def files_topic(self) -> str:
        """The ARN of the topic that says that a file was written."""
        return self.choices.topic or self.arn("sns", f"{self.deployment}-files")

    @property
    def files_queue(self) -> str:
        """The queue's name, which TRAILBELL_FILES says too."""
        return f"{self.deployment}-files"

    @property
    def files_failed(self) -> str:
        return f"{self.files_queue}-failed"

    def queue_arn(self, name: str) -> str:
        return self.arn("sqs", name)

    def queue_url(self, name: str) -> str:
        # Source: AWS General Reference, "Amazon SQS endpoints".
        return f"https://sqs.{self.region}.{self.url_suffix}/{self.account}/{name}"

    @property
    def owns_log_group(self) -> bool:
        return self.owns_trail and self.choices.log_group is None and not self.reads_files

    @property
    def log_group(self) -> str:
        adopted = self.choices.log_group or self.adopted_log_group
        return adopted or f"{self.deployment}-cloudtrail"

    @property
    def log_group_arn(self) -> str:
        return self.arn("logs", f"log-group:{self.log_group}")

    @property
    def role(self) -> str:
        return f"{self.deployment}-cloudtrail"

    @property
    def role_arn(self) -> str:
        return self.arn_of_role(self.role)

    def arn_of_role(self, name: str) -> str:
        """That of a role as it is made, under the path that was chosen."""
        return self.arn("iam", f"role{self.choices.role_path or '/'}{name}", region="")

    # What encrypts what is kept
    @property
    def owns_key(self) -> bool:
        return self.choices.kms_key == OWN

    @property
    def key_alias(self) -> str:
        return f"alias/{self.deployment}"

    @property
    def alias_arn(self) -> str:
        return self.arn("kms", self.key_alias)

    @property
    def key(self) -> str | None:
        """The key's ARN, that of its alias until it is made; None where AWS's own keys serve."""
        return (self.own_key or self.alias_arn) if self.owns_key else self.choices.kms_key

    # What is Trailbell's own
    @property
    def failures(self) -> str:
        return failure_bucket(self.deployment, self.account, self.region)

    @property
    def failures_arn(self) -> str:
        return f"arn:{self.partition}:s3:::{self.failures}"

    @property
    def topic_arn(self) -> str:
        return self.arn("sns", f"{self.deployment}-alarms")

    def parameter(self, name: str) -> str:
        """The SSM parameter's full name."""
        return f"/{self.deployment}/{name}"

    def function(self, name: str | None = None) -> str:
        """A Lambda's name; without one the REST function's."""
        return f"{self.deployment}-{name}" if name else self.deployment

    def function_arn(self, name: str | None = None) -> str:
        return self.arn("lambda", f"function:{self.function(name)}")
