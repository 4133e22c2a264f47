"""How sentences tell what grants and switches say."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.cloudtrail.facts import Facts
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.sentence import sentence
from tests.cloudtrail.exposure.shapes import (
    ENTRY,
    INGRESS,
    MODIFY,
    PUBLIC,
    TEXT,
    WORLD,
    WORLD6,
    entry,
    group,
    modified,
    rule,
)
from tests.events import OTHER_ACCOUNT
from tests.slack.records import call

QUEUE = "https://sqs.eu-west-1.amazonaws.com/111122223333/orders"
SSH = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIpv4": WORLD}
WEB = {"eC2SecurityGroupName": "web", "eC2SecurityGroupOwnerId": OTHER_ACCOUNT}
CLUSTER = "eks:UpdateClusterConfig"
REVOKE = "rds:RevokeDBSecurityGroupIngress"


def said(operation: str, request: dict[str, Any] | None, **more: Any) -> str:
    record = Record(call(operation, request, **more))
    return sentence(Facts.of(record)).removeprefix("alice ")


@pytest.mark.parametrize(
    ("operation", "request_", "expected"),
    [
        (INGRESS, group(rule(22, 22, "10.0.0.0/8"), rule(443, 443, WORLD)),
         "opened port 443 to 0.0.0.0/0 and port 22 to 10.0.0.0/8 on sg-1"),
        (MODIFY, modified(SSH), "opened port 22 to 0.0.0.0/0 on sg-1"),
        (MODIFY, modified(SSH, {**SSH, "FromPort": 443, "ToPort": 443, "CidrIpv4": "10.0.0.0/8"}),
         "opened port 22 to 0.0.0.0/0 and port 443 to 10.0.0.0/8 on sg-1"),
        ("ec2:RevokeSecurityGroupIngress", group(rule(22, 22, WORLD)),
         "closed port 22 to 0.0.0.0/0 on sg-1"),
        (INGRESS, group(rule(22, 22, "0.0.0.0/1", "128.0.0.0/1")),
         "opened port 22 to the whole internet (0.0.0.0/1 and 128.0.0.0/1) on sg-1"),
        (ENTRY, entry("allow", WORLD6, egress=True), "let traffic to ::/0 out through acl-1"),
        ("rds:AuthorizeDBSecurityGroupIngress", {"dBSecurityGroupName": "orders-sg", **WEB},
         "let the security group web of account 444455556666 into the database security group "
         "orders-sg"),
        ("elasticache:AuthorizeCacheSecurityGroupIngress", {"cacheSecurityGroupName": "c", **WEB},
         "let the security group web of account 444455556666 into the cache security group c"),
        ("redshift:AuthorizeClusterSecurityGroupIngress",
         {"clusterSecurityGroupName": "w", "cIDRIP": "198.51.100.0/24"},
         "let 198.51.100.0/24 into the cluster security group w"),
        (REVOKE, {"dBSecurityGroupName": "orders-sg", "cIDRIP": WORLD},
         "closed the database security group orders-sg to 0.0.0.0/0"),
        (CLUSTER, {"name": "c", "resourcesVpcConfig": {"endpointPublicAccess": True,
                                                       "publicAccessCidrs": ["198.51.100.0/24"]}},
         "opened the API of the EKS cluster c to 198.51.100.0/24"),
        ("s3:PutBucketPolicy", {"bucketName": "shop", "bucketPolicy": PUBLIC},
         "opened the S3 bucket shop to everyone by its policy"),
        ("sqs:SetQueueAttributes", {"queueUrl": QUEUE, "attributes": {"Policy": TEXT}},
         "opened the queue orders to everyone by its policy"),
        ("sqs:AddPermission", {"queueUrl": QUEUE, "aWSAccountIds": [OTHER_ACCOUNT]},
         "let account 444455556666 use the queue orders"),
        ("rds:ModifyDBInstance", {"dBInstanceIdentifier": "orders", "deletionProtection": False},
         "switched off the deletion protection of the database orders"),
        ("rds:ModifyDBCluster", {"dBClusterIdentifier": "orders", "backupRetentionPeriod": 0,
                                 "deletionProtection": False},
         "switched off the deletion protection and the backups of the database orders"),
        ("rds:ModifyDBInstance", {"dBInstanceIdentifier": "orders", "deletionProtection": False,
                                  "masterUserPassword": "hidden"},
         "switched off the deletion protection of the database orders"),
        ("rds:ModifyDBInstance", {"dBInstanceIdentifier": "orders", "masterUserPassword": "hidden"},
         "changed the master password of the database orders"),
        ("rds:ModifyDBInstance", {"publiclyAccessible": True}, "opened a database to the internet"),
        ("lambda:CreateFunctionUrlConfig", {"functionName": "f", "authType": "AWS_IAM"},
         "gave the function f a web address"),
        ("cloudtrail:PutEventSelectors",
         {"trailName": "main", "eventSelectors": [{"readWriteType": "WriteOnly"}]},
         "narrowed what the trail main records of management events"),
        ("cloudtrail:UpdateTrail", {"name": "main", "enableLogFileValidation": False},
         "switched off the validation of the files of the trail main"),
        ("guardduty:UpdateDetector",
         {"detectorId": "d", "dataSources": {"s3Logs": {"enable": False}}},
         "switched off features of the GuardDuty detector d"),
    ],
)  # fmt: skip
def test_a_sentence_tells_whom_and_what(
    operation: str, request_: dict[str, Any], expected: str
) -> None:
    assert said(operation, request_) == expected


@pytest.mark.parametrize("operation", [ENTRY, "ec2:ReplaceNetworkAclEntry"])
def test_a_denial_keeps_traffic_out_and_lets_nobody_in(operation: str) -> None:
    into = {"errorCode": "InvalidParameterValue"}
    failed = said(operation, entry("deny", WORLD), **into)
    assert failed == "failed to keep traffic from 0.0.0.0/0 out of acl-1: InvalidParameterValue"
    failed = said(operation, entry("deny", "198.51.100.0/24", egress=True), **into)
    assert failed.startswith(
        "failed to keep traffic to 198.51.100.0/24 from leaving through acl-1: "
    )
    allowed = said(operation, entry("allow", WORLD))
    assert allowed == "let traffic from 0.0.0.0/0 in through acl-1"
