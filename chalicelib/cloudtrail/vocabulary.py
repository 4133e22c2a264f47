"""The words that `$.facts.exposed`, `switches_off` and `gives` are made of, with their meaning.

docs/rules.md lists them, and a rule that asks for another word can never match.
"""

from __future__ import annotations

from functools import cache

_FIELDS = """
outcome: what came of the call: succeeded, refused, failed, dry_run or unknown
reason: why it did not work, in AWS's own word
actor: who did it, as messages call them
actor_kind: userIdentity.type as the record has it
actor_account: the account that the actor belongs to
principal: who it is whatever the session: a person's own id, of a workload its role
session: the name of a role's session
person: true where somebody is behind it, as far as the record says, else false
mfa: true or false where CloudTrail knows it (IAM users, root, sign-ins), else empty
agent: the user agent without what the CLI and the SDKs say of each call in it
targets: the names of what it was done to
second_parties: the names of whom or what it was given to, taken from or moved to
commands: the words that containers are told to run
exposed: what is opened and to whom, a text a grant: "everyone admin-port" (below)
switches_off: protections and recordings that are switched off or narrowed (below)
gives: what rights a policy of IAM or a permission set gives (below)
"""
_WHOM = """
everyone: anybody on the internet, or with an AWS account of their own
aws-accounts: everyone with an AWS account, as S3's group AuthenticatedUsers
wide-network: a range of the internet wider than /8, or /32 of IPv6
account: another account, or somebody in it
own-account: the account itself, or somebody in it
organization: an organization or a unit of it
network: a range of addresses, a VPC or a VPC endpoint
prefix-list: a list of addresses kept elsewhere
group: a security group
foreign-group: a security group of another account
service: a service of AWS
provider: an identity provider that signs people or workloads in
resource: a resource of AWS, such as the bucket or topic that calls
principal: somebody that AWS knows by a name that tells no account
condition: whoever meets a condition that names nobody
"""
_WHAT = """
admin-port: ports with 22 or 3389 among them, or every port
web-port: port 80 or 443 alone
port: other ports
ping: ICMP
egress: traffic that goes out, whatever its port
network-acl: a network ACL lets traffic in
database-group: a security group of RDS, ElastiCache or Redshift of its own kind
cluster-endpoint: the API of an EKS cluster, or the brokers of an MSK cluster
database: a database or warehouse, by its address or its policy
replication-instance: a replication instance of DMS
broker: a message broker of Amazon MQ
bucket-policy: a bucket, access point or the like by its policy
bucket-acl: a bucket by its ACL
object-acl: an object by its ACL
queue: a queue
topic: a topic
key: a KMS key
secret: a secret
repository: a repository of images or packages
function: a function's invocation
function-url: a function's own web address
layer: a layer of functions
vault: a vault of backups or archives
container: a container of MediaStore
file-system: a file system
domain: a search domain or collection
api: a REST API
event-bus: an event bus
log-group: log groups or a destination of logs
catalog: a data catalog
mail-identity: who may send mail in a domain's name
certificate-authority: a private certificate authority
table: a table of DynamoDB
stream: a data stream
schema-registry: a registry of schemas
role-trust: who may take a role
resource-policy: any other resource by its policy
snapshot: a disk snapshot
database-snapshot: a snapshot of a database
image: an image of a machine
document: a document of Systems Manager
build-logs: the builds of a CodeBuild project
endpoint-service: a service behind a VPC endpoint
share: what RAM, Redshift, Service Catalog or a directory shares
application: an application of the Serverless Application Repository
identity-pool: an identity pool that lets in who has not signed in
dashboard: dashboards of QuickSight
"""
_SWITCHED_OFF = """
trail: a trail was stopped or deleted
trail-regions: a trail no longer records every region
trail-global-events: a trail no longer records global services
trail-validation: a trail no longer signs its files
trail-organization: a trail no longer records the organization's other accounts
trail-log-group: a trail no longer writes to CloudWatch Logs
trail-management-events: a trail or event data store no longer records management events
trail-events-narrowed: a trail or event data store records only some management events
trail-insights: a trail no longer looks for unusual activity
event-data-store: an event data store or channel of CloudTrail Lake was stopped or deleted
config-recorder: AWS Config's recorder or its delivery channel was stopped or deleted
config-narrowed: AWS Config records only some resources
config-rule: a rule of AWS Config was deleted
guardduty: a GuardDuty detector was suspended or deleted
guardduty-feature: a feature or data source of GuardDuty was disabled
guardduty-members: accounts were let go, or new ones are no longer watched by GuardDuty
guardduty-findings: GuardDuty's findings are no longer delivered
security-hub: Security Hub was disabled or lost members
security-hub-standard: standards or controls of Security Hub were disabled
macie: Macie was disabled, paused or lost members
inspector: Inspector was disabled or narrowed
detective: Detective was disabled or lost members
access-analyzer: an access analyzer was deleted
versioning: a bucket's versioning was suspended
mfa-delete: a bucket's objects are deleted without MFA
object-lock: what keeps objects from being deleted was lifted
deletion-protection: a resource's protection against deletion was switched off
termination-protection: an instance's or stack's protection against termination was switched off
stop-protection: an instance's protection against being stopped was switched off
encryption: encryption by default, of a resource, or with a key of one's own was removed
public-access-block: a guard against public sharing was removed or loosened
access-log: the access log of a bucket, load balancer, distribution or stage was switched off
flow-logs: flow logs were deleted or switched off
dns-log: logging of DNS queries was removed
firewall-log: the log of a firewall was switched off
firewall: a web or network firewall was taken away
cluster-log: the log of a cluster's control plane was switched off
database-log: the log or audit of a database was switched off
activity-stream: a database's activity stream was stopped or unlocked
model-log: Bedrock's log of invocations was switched off
build-log: the log of builds was switched off
log-group: a log group or stream was deleted
log-delivery: what reads or delivers logs was deleted
data-protection: masking of secrets in logs was removed
backups: backups were switched off or a plan of them was deleted
backup-vault-lock: what keeps backups from being deleted was lifted
snapshot-lock: a snapshot was unlocked
key: a KMS key was disabled or is to be deleted
key-rotation: a KMS key is no longer rotated
secret-rotation: a secret is no longer rotated
alarm: alarms were deleted or their actions disabled
event-rule: an EventBridge rule was disabled, deleted or lost targets
imdsv2: instances answer for their credentials without a session token
guardrail: a Bedrock guardrail was deleted
password-policy: the account's password policy was deleted or asks for less than it could
mfa: an MFA device was taken away, or MFA is no longer asked for
permissions-boundary: a permissions boundary was removed
organization-policy: a policy or control of the organization was detached, deleted or disabled
image-scan: container images are no longer scanned
image-immutability: tags of container images can be overwritten
code-signing: a function takes unsigned code
dnssec: a zone is no longer signed
domain-lock: a domain may be transferred away
shield: Shield's protection was removed
"""
_GIVEN = """
administrator: every right, or all but a few, on everything
identities: changes of who may do what, for anybody
some-identities: the same for the users and roles that it names
pass-role: hands any role to a service
assume-role: takes any role, or one of another account
secrets: reads any secret, parameter, password or what any key encrypts
recording: stops or narrows trails, detectors and other recordings
everywhere: other changes, or reads of contents, of all there is
unknown: what the record does not hold: a policy that was there, or cannot be read
narrow: none of these: what it names, and lists and descriptions
nothing: it only denies
"""


@cache
def fields() -> dict[str, str]:
    """The fields of `$.facts`, with what each says."""
    return _words(_FIELDS)


@cache
def whom() -> dict[str, str]:
    """The first word of `$.facts.exposed[*]`."""
    return _words(_WHOM)


@cache
def what() -> dict[str, str]:
    """The second word of `$.facts.exposed[*]`."""
    return _words(_WHAT)


@cache
def switched_off() -> dict[str, str]:
    """What `$.facts.switches_off[*]` may be."""
    return _words(_SWITCHED_OFF)


@cache
def given() -> dict[str, str]:
    """What `$.facts.gives[*]` may be."""
    return _words(_GIVEN)


def _words(table: str) -> dict[str, str]:
    pairs = (line.partition(": ") for line in table.strip().splitlines())
    return {word: meaning for word, _, meaning in pairs}
