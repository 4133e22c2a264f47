"""Targets by kind: the thing's own names, and apart from them the verb's second party."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.targets import second_parties, targets
from tests.events import ACCOUNT, OTHER_ACCOUNT, assumed_role, iam_user, refused, root
from tests.slack.records import call

LINK = "rtbassoc-0aaa1111bbbb2222c"


def named(
    operation: str, request: Any, answer: Any = None, **fields: Any
) -> tuple[list[str], list[str]]:
    record = Record(call(operation, request, responseElements=answer, **fields))
    return list(targets(record)), list(second_parties(record))


@pytest.mark.parametrize(
    ("operation", "request_", "answer"),
    [
        ("ec2:DisassociateRouteTable", {"associationId": LINK}, None),
        ("ec2:DetachNetworkInterface", {"attachmentId": "eni-attach-0aaa1111bbbb2222c"}, None),
        ("ec2:DisassociateAddress", {"associationId": "eipassoc-0aaa1111bbbb2222c"}, None),
        ("ec2:DisassociateVpcCidrBlock", {"associationId": "vpc-cidr-assoc-0aaa1111"}, None),
        ("ec2:DisassociateSubnetCidrBlock", {"associationId": "subnet-cidr-assoc-0aaa1111"}, None),
        ("ec2:DisassociateIamInstanceProfile", {"AssociationId": "iip-assoc-0aaa1111b"}, None),
        (
            "ec2:RejectTransitGatewayVpcAttachment",
            {"TransitGatewayAttachmentId": "tgw-attach-0aaa1111b"},
            None,
        ),
        (
            "ec2:ReplaceRouteTableAssociation",
            {"associationId": LINK},
            {"newAssociationId": "rtbassoc-0bbb1111bbbb2222c"},
        ),
    ],
)
def test_a_link_is_no_target(operation: str, request_: Any, answer: Any) -> None:
    assert named(operation, request_, answer) == ([], [])


def test_what_a_link_joins_is_named_where_it_is_told() -> None:
    attachment = {"vpcId": "vpc-1", "transitGatewayId": "tgw-1"}
    answer = {
        "DeleteTransitGatewayVpcAttachmentResponse": {"transitGatewayVpcAttachment": attachment}
    }
    request = {"DeleteTransitGatewayVpcAttachmentRequest": {"TransitGatewayAttachmentId": "a"}}
    assert named("ec2:DeleteTransitGatewayVpcAttachment", request, answer) == (["tgw-1"], ["vpc-1"])
    replaced = {"associationId": "aclassoc-0aaa1111bbbb2222c", "networkAclId": "acl-1"}
    assert named("ec2:ReplaceNetworkAclAssociation", replaced) == (["acl-1"], [])
    associated = {"routeTableId": "rtb-1", "subnetId": "subnet-1"}
    assert named("ec2:AssociateRouteTable", associated, {"associationId": LINK}) == (
        ["rtb-1"],
        ["subnet-1"],
    )


@pytest.mark.parametrize(
    ("operation", "request_", "expected"),
    [
        ("iam:AttachUserPolicy", {"userName": "bob", "policyArn": "P"}, (["P"], ["bob"])),
        ("iam:DetachRolePolicy", {"roleName": "ops", "policyArn": "P"}, (["P"], ["ops"])),
        ("iam:AddUserToGroup", {"userName": "bob", "groupName": "g"}, (["bob"], ["g"])),
        ("ec2:AttachVolume", {"volumeId": "vol-1", "instanceId": "i-1"}, (["vol-1"], ["i-1"])),
        (
            "ec2:AttachInternetGateway",
            {"internetGatewayId": "igw-1", "vpcId": "vpc-1"},
            (["igw-1"], ["vpc-1"]),
        ),
        ("cloudtrail:CreateTrail", {"name": "t", "s3BucketName": "b"}, (["t"], ["b"])),
        (
            "kms:CreateGrant",
            {"keyId": "k", "granteePrincipal": "arn:aws:iam::111122223333:role/r"},
            (["k"], ["arn:aws:iam::111122223333:role/r"]),
        ),
        (
            "rds:AuthorizeDBSecurityGroupIngress",
            {"dBSecurityGroupName": "orders-sg", "eC2SecurityGroupName": "web"},
            (["orders-sg"], ["web"]),
        ),
        (
            "organizations:AttachPolicy",
            {"policyId": "p-1", "targetId": "ou-1"},
            (["p-1"], ["ou-1"]),
        ),
    ],
)
def test_who_gets_or_loses_the_thing_is_the_second_party(
    operation: str, request_: Any, expected: tuple[list[str], list[str]]
) -> None:
    assert named(operation, request_) == expected


@pytest.mark.parametrize(
    ("operation", "request_", "answer", "expected"),
    [
        (
            "s3:CopyObject",
            {"bucketName": "to", "key": "x.txt", "x-amz-copy-source": "/from/a%2Fb%20c.txt"},
            None,
            (["from/a/b c.txt"], ["to/x.txt"]),
        ),
        (
            "s3:UploadPartCopy",
            {"bucketName": "to", "key": "x", "x-amz-copy-source": "from/y?versionId=3"},
            None,
            (["from/y"], ["to/x"]),
        ),
        (
            "ec2:CopySnapshot",
            {"sourceSnapshotId": "snap-1", "sourceRegion": "us-east-1"},
            {"snapshotId": "snap-2"},
            (["snap-1"], ["snap-2"]),
        ),
        (
            "rds:CopyDBClusterSnapshot",
            {
                "sourceDBClusterSnapshotIdentifier": "s",
                "targetDBClusterSnapshotIdentifier": "t",
            },
            {"dBClusterSnapshotIdentifier": "t"},
            (["s"], ["t"]),
        ),
        (  # of an operation that no table knows
            "newdb:CopyTable",
            {"targetTableName": "copy", "sourceTableName": "orders"},
            {"tableName": "copy"},
            (["orders"], ["copy"]),
        ),
    ],
)
def test_the_original_is_the_target_of_a_copy(
    operation: str, request_: Any, answer: Any, expected: tuple[list[str], list[str]]
) -> None:
    assert named(operation, request_, answer) == expected


@pytest.mark.parametrize("verb", ["Get", "Put", "Delete", "Head", "Restore"])
def test_a_bucket_and_a_key_are_one_name(verb: str) -> None:
    request = {"bucketName": "shop", "key": "a/b.txt", "Host": "shop.s3.amazonaws.com"}
    assert named(f"s3:{verb}Object", request) == (["shop/a/b.txt"], [])
    assert named(f"s3:{verb}Object", {"bucketName": "shop"}) == (["shop"], [])


def test_what_a_service_calls_a_request_or_a_state_is_no_target() -> None:
    sent = named("sns:PublishBatch", {"topicArn": "t"}, {"messageId": "m"})
    assert sent == (["t"], [])
    asked = {"domainName": "example.com"}
    assert named("route53domains:RegisterDomain", asked, {"operationId": "op"})[0] == [
        "example.com"
    ]
    status = {"accountAssignmentCreationStatus": {"requestId": "r", "status": "IN_PROGRESS"}}
    assigned = {"principalId": "p", "targetId": OTHER_ACCOUNT, "principalType": "USER"}
    assert named("sso:CreateAccountAssignment", assigned, status) == (["p"], [OTHER_ACCOUNT])


def test_the_role_that_was_switched_to_is_the_target_and_never_how_it_went() -> None:
    switched = {"SwitchRole": "Success"}
    from_ = {"SwitchFrom": f"arn:aws:iam::{OTHER_ACCOUNT}:user/anna"}
    taken = named(
        "signin:SwitchRole",
        None,
        switched,
        additionalEventData=from_,
        userIdentity=assumed_role("Auditor", "anna"),
    )
    assert taken == (["Auditor"], [])
    failed = named("signin:SwitchRole", None, {"SwitchRole": "Failure"}, userIdentity=iam_user())
    assert failed == ([], [])
    asked = {"SwitchTo": f"arn:aws:iam::{OTHER_ACCOUNT}:role/Auditor"}
    told = named("signin:SwitchRole", None, {"SwitchRole": "Failure"}, additionalEventData=asked)
    assert told[0] == [f"arn:aws:iam::{OTHER_ACCOUNT}:role/Auditor"]


def test_an_iam_call_that_names_no_user_is_about_its_caller() -> None:
    key = {"accessKey": {"accessKeyId": "AK" + "IAEXAMPLE", "status": "Active"}}
    assert named("iam:CreateAccessKey", None, key, userIdentity=root()) == (["root"], [])
    assert named("iam:CreateAccessKey", None, key, userIdentity=iam_user("bob")) == (["bob"], [])
    about = {"userName": "carol"}
    assert named("iam:CreateAccessKey", about, key, userIdentity=root()) == (["carol"], [])
    denied = refused(call("iam:GetUser"), "iam:GetUser", "user dave")
    assert targets(Record(denied)) == ("dave",)


def test_what_cloudtrail_left_out_is_taken_from_the_answer() -> None:
    omitted = {"omitted": True, "originalSize": 103140, "reason": "requestParameters too large"}
    role = {"role": {"roleName": "backdoor", "arn": f"arn:aws:iam::{ACCOUNT}:role/backdoor"}}
    assert named("iam:CreateRole", omitted, role) == (["backdoor"], [])
    policy = {"policy": {"policyName": "wide", "arn": f"arn:aws:iam::{ACCOUNT}:policy/wide"}}
    assert named("iam:CreatePolicy", omitted, policy) == (["wide"], [])
    function = {"functionName": "f", "functionArn": "arn:aws:lambda:eu-west-1:1:function:f"}
    assert named("lambda:UpdateFunctionConfiguration20150331v2", omitted, function) == (["f"], [])
    assert named("glue:CreateThing", omitted, {"name": "t"}) == (["t"], [])
    assert named("iam:CreateRole", omitted) == ([], [])


def test_the_bucket_of_a_copy_is_not_what_was_copied() -> None:
    assert named("s3:CopyObject", {"bucketName": "elsewhere", "key": "k"}) == ([], ["elsewhere/k"])


def test_a_permission_is_of_the_queue_or_topic_and_not_of_whom_it_is_for() -> None:
    queue = "https://sqs.eu-west-1.amazonaws.com/111122223333/orders"
    asked = {"queueUrl": queue, "label": "x", "aWSAccountIds": [OTHER_ACCOUNT], "actions": ["*"]}
    assert named("sqs:AddPermission", asked) == ([queue], [OTHER_ACCOUNT])
    topic = f"arn:aws:sns:eu-west-1:{ACCOUNT}:orders"
    asked = {"topicArn": topic, "label": "x", "aWSAccountId": ["*"], "actionName": ["Publish"]}
    assert named("sns:AddPermission", asked) == ([topic], [])
    layer = {"layerName": "l", "versionNumber": 1, "principal": "*"}
    assert named("lambda:AddLayerVersionPermission", layer) == (["l"], [])


def test_a_resource_that_s3_puts_in_quotes_is_named_without_them() -> None:
    told = (
        'is not authorized to perform: s3:PutBucketPolicy on resource: "arn:aws:s3:::shop" because'
    )
    fields = {"errorCode": "AccessDenied", "errorMessage": f"User: arn:aws:iam::1:user/x {told}"}
    assert named("s3:PutBucketPolicy", None, **fields) == (["shop"], [])
