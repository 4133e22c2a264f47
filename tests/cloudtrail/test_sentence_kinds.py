"""Sentences by kind of fault: each kind with records of several services."""

from __future__ import annotations

import re
from typing import Any

import pytest

from chalicelib.cloudtrail.exposure import opens_of
from chalicelib.cloudtrail.facts import Facts
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.sentence import sentence
from cli.rule_examples import examples
from tests.events import ACCOUNT, OTHER_ACCOUNT, assumed_role, iam_user, root
from tests.slack.records import call

KEY = "AK" + "IAEXAMPLE77"
MFA = f"arn:aws:iam::{ACCOUNT}:mfa/root-account-mfa-device"
OMITTED = {"omitted": True, "originalSize": 103140, "reason": "requestParameters too large"}


def said(operation: str, request: Any = None, answer: Any = None, **fields: Any) -> str:
    record = Record(call(operation, request, responseElements=answer, **fields))
    facts = Facts.of(record)
    return sentence(facts).removeprefix(f"{facts.actor.name} ")


@pytest.mark.parametrize(
    ("operation", "request_", "answer", "expected"),
    [
        ("iam:CreateLoginProfile", None, None, "gave {self} a console password"),
        (
            "iam:CreateAccessKey",
            None,
            {"accessKey": {"accessKeyId": KEY}},
            f"created an access key for {{self}} ({KEY})",
        ),
        ("iam:DeleteAccessKey", {"accessKeyId": KEY}, None, f"deleted {{own}} access key {KEY}"),
        (
            "iam:UpdateAccessKey",
            {"accessKeyId": KEY, "status": "Inactive"},
            None,
            f"deactivated {{own}} access key {KEY}",
        ),
        (
            "iam:DeactivateMFADevice",
            {"serialNumber": MFA},
            None,
            "removed {own} MFA device (root-account-mfa-device)",
        ),
        (
            "iam:EnableMFADevice",
            {"serialNumber": MFA},
            None,
            "gave {self} an MFA device (root-account-mfa-device)",
        ),
        ("iam:DeleteLoginProfile", None, None, "removed {own} console password"),
        ("iam:ChangePassword", None, None, "changed {own} console password"),
        ("iam:UploadSigningCertificate", None, None, "added a signing certificate to {self}"),
        ("iam:DeleteSigningCertificate", None, None, "deleted {own} signing certificate"),
        ("iam:ListAccessKeys", None, None, "listed {own} access keys"),
    ],
)
def test_what_names_no_user_is_about_the_caller(
    operation: str, request_: Any, answer: Any, expected: str
) -> None:
    by_root = said(operation, request_, answer, userIdentity=root())
    assert by_root == expected.format(own="its own", self="itself")
    by_bob = said(operation, request_, answer, userIdentity=iam_user("bob"))
    assert by_bob == expected.format(own="their own", self="themselves")


@pytest.mark.parametrize(
    ("operation", "request_", "expected"),
    [
        ("iam:AttachUserPolicy", {"policyArn": "P"}, "gave themselves the policy P"),
        ("iam:DetachUserPolicy", {"policyArn": "P"}, "took the policy P away from themselves"),
        ("iam:PutUserPolicy", {"policyName": "p"}, "wrote their own inline policy p"),
        ("iam:AddUserToGroup", {"groupName": "admins"}, "added themselves to the group admins"),
        ("iam:DeleteUserPermissionsBoundary", {}, "removed their own permissions boundary"),
        ("iam:UpdateLoginProfile", {}, "changed their own console password"),
    ],
)
def test_an_iam_user_that_names_itself_is_told_so(
    operation: str, request_: dict[str, Any], expected: str
) -> None:
    by_bob = said(operation, {"userName": "bob", **request_}, userIdentity=iam_user("bob"))
    assert by_bob == expected
    about_bob = said(operation, {"userName": "bob", **request_}, userIdentity=root())
    assert "IAM user bob" in about_bob
    session = said(operation, {"userName": "bob", **request_}, userIdentity=assumed_role("bob"))
    assert "IAM user bob" in session
    unnamed = said(operation, request_ or None, userIdentity=root())
    assert "IAM user" in unnamed or operation == "iam:UpdateLoginProfile"


@pytest.mark.parametrize(
    ("operation", "request_", "expected"),
    [
        ("s3:GetObject", {}, "read shop/a/b.txt"),
        ("s3:PutObject", {}, "wrote shop/a/b.txt"),
        ("s3:DeleteObject", {}, "deleted shop/a/b.txt"),
        ("s3:DeleteObject", {"versionId": "v3"}, "deleted shop/a/b.txt (version v3)"),
        ("s3:HeadObject", {}, "looked at shop/a/b.txt"),
        ("s3:RestoreObject", {}, "restored shop/a/b.txt from the archive"),
        ("s3:PutObjectTagging", {}, "set the tags of shop/a/b.txt"),
        ("s3:SelectObjectContent", {}, "queried the content of shop/a/b.txt"),
        ("s3:CreateMultipartUpload", {}, "began to write shop/a/b.txt in parts"),
        ("s3:CompleteMultipartUpload", {}, "wrote shop/a/b.txt in parts"),
    ],
)
def test_an_object_is_named_by_its_bucket_and_key(
    operation: str, request_: dict[str, Any], expected: str
) -> None:
    assert said(operation, {"bucketName": "shop", "key": "a/b.txt", **request_}) == expected


def test_an_object_without_its_key_is_still_an_object() -> None:
    assert said("s3:PutObject", {"bucketName": "shop"}) == "wrote an object in the S3 bucket shop"
    assert said("s3:GetObject") == "read an S3 object"
    assert said("s3:CopyObject", {"bucketName": "b", "key": "k"}) == "copied an S3 object to b/k"
    assert (
        said("s3:DeleteObjects", {"bucketName": "b"})
        == "deleted several objects of the S3 bucket b"
    )


@pytest.mark.parametrize(
    ("operation", "request_", "answer", "expected"),
    [
        (
            "s3:CopyObject",
            {"bucketName": "to", "key": "loot.txt", "x-amz-copy-source": "shop/a/b.txt"},
            None,
            "copied shop/a/b.txt to to/loot.txt",
        ),
        (
            "ec2:CopySnapshot",
            {"sourceSnapshotId": "snap-1", "sourceRegion": "us-east-1"},
            {"snapshotId": "snap-2"},
            "copied the snapshot snap-1 (from us-east-1) as snap-2",
        ),
        (
            "ec2:CopyImage",
            {"sourceImageId": "ami-1", "sourceRegion": "us-east-1", "name": "copy"},
            {"imageId": "ami-2"},
            "copied the image ami-1 as copy",
        ),
        (
            "rds:CopyDBSnapshot",
            {"sourceDBSnapshotIdentifier": "nightly", "targetDBSnapshotIdentifier": "mine"},
            None,
            "copied the database snapshot nightly as mine",
        ),
        (
            "backup:StartCopyJob",
            {
                "recoveryPointArn": f"arn:aws:backup:eu-west-1:{ACCOUNT}:recovery-point:1-2",
                "destinationBackupVaultArn": (
                    f"arn:aws:backup:eu-west-1:{OTHER_ACCOUNT}:backup-vault:theirs"
                ),
            },
            None,
            "copied the recovery point 1-2 to the vault theirs",
        ),
        (
            "newdb:CopyTable",
            {"sourceTableName": "orders", "targetTableName": "mine"},
            None,
            "copied the table orders as mine in newdb",
        ),
    ],
)
def test_a_copy_names_the_original_first(
    operation: str, request_: Any, answer: Any, expected: str
) -> None:
    assert said(operation, request_, answer) == expected


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ("kms:Encrypt", "encrypted with the KMS key alias/shop"),
        ("kms:Decrypt", "decrypted with the KMS key alias/shop"),
        ("kms:GenerateDataKey", "generated a data key with the KMS key alias/shop"),
        ("kms:Sign", "signed with the KMS key alias/shop"),
        ("kms:Verify", "verified a signature with the KMS key alias/shop"),
        ("kms:GenerateMac", "made a MAC with the KMS key alias/shop"),
        ("kms:CreateGrant", "granted the use of the KMS key alias/shop"),
        ("kms:RevokeGrant", "revoked a grant of the KMS key alias/shop"),
    ],
)
def test_a_key_is_what_one_encrypts_with(operation: str, expected: str) -> None:
    assert said(operation, {"keyId": "alias/shop"}) == expected


def test_a_key_that_the_request_does_not_name_is_among_the_resources() -> None:
    arn = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234"
    context = {"encryptionContext": {"aws:s3:arn": "arn:aws:s3:::shop"}}
    listed = [{"ARN": arn, "accountId": ACCOUNT, "type": "AWS::KMS::Key"}]
    assert said("kms:Decrypt", context, resources=listed) == "decrypted with the KMS key 1234"
    granted = {"keyId": "k", "granteePrincipal": f"arn:aws:iam::{OTHER_ACCOUNT}:role/r"}
    let = f"let role/r of account {OTHER_ACCOUNT} use the KMS key k"
    assert said("kms:CreateGrant", granted) == let
    own = granted | {"granteePrincipal": f"arn:aws:iam::{ACCOUNT}:role/r"}
    assert said("kms:CreateGrant", own) == "granted r the use of the KMS key k"


@pytest.mark.parametrize(
    ("operation", "request_", "expected"),
    [
        (
            "ses:PutIdentityPolicy",
            {"identity": "example.com", "policyName": "p", "policy": "{}"},
            "set the policy p of the sender example.com",
        ),
        (
            "ses:PutIdentityPolicy",
            {
                "identity": "example.com",
                "policyName": "p",
                "policy": '{"Statement":{"Effect":"Allow","Principal":"*","Action":"*"}}',
            },
            "opened the sender example.com to everyone by its policy",
        ),
        (
            "codeartifact:PutRepositoryPermissionsPolicy",
            {"domain": "d", "repository": "r", "policyDocument": "{}"},
            "changed who may use the package repository d/r",
        ),
        (
            "ec2:UpdateSecurityGroupRuleDescriptionsIngress",
            {"groupId": "sg-1"},
            "changed how inbound rules of the security group sg-1 are described",
        ),
        (
            "dsql:UpdateCluster",
            {"identifier": "c", "deletionProtectionEnabled": False},
            "switched off the deletion protection of the database cluster c",
        ),
    ],
)
def test_the_thing_is_named_and_not_its_policy(
    operation: str, request_: Any, expected: str
) -> None:
    assert said(operation, request_) == expected


@pytest.mark.parametrize(
    ("operation", "request_", "expected"),
    [
        (
            "ssm:ModifyDocumentPermission",
            {"name": "d", "accountIdsToRemove": [OTHER_ACCOUNT]},
            "changed who may use the document d",
        ),
        (
            "s3:PutBucketPolicy",
            {
                "bucketName": "b",
                "bucketPolicy": {"Statement": {"Effect": "Allow", "NotPrincipal": {"AWS": "*"}}},
            },
            "set the policy of the S3 bucket b",
        ),
        (
            "ec2:ModifyInstanceAttribute",
            {"instanceId": "i-1", "disableApiStop": {"value": True}},
            "switched on the protection against stopping of i-1",
        ),
        (
            "ec2:ModifyInstanceAttribute",
            {"instanceId": "i-1", "disableApiTermination": {"value": {}}},
            "changed the termination protection of i-1",
        ),
        (
            "servicecatalog:CreatePortfolioShare",
            {"portfolioId": "port-1", "accountId": OTHER_ACCOUNT},
            f"shared the portfolio port-1 with the account {OTHER_ACCOUNT}",
        ),
        (
            "ds:ShareDirectory",
            {"directoryId": "d-1", "shareTarget": {"id": OTHER_ACCOUNT}},
            f"shared the directory d-1 with the account {OTHER_ACCOUNT}",
        ),
        ("sts:GetFederationToken", {"name": "x"}, "issued a federation token named x"),
    ],
)
def test_nothing_is_shared_opened_or_switched_that_is_not(
    operation: str, request_: Any, expected: str
) -> None:
    assert said(operation, request_) == expected


def test_an_answer_in_a_wrapping_of_its_own_is_read() -> None:
    request = {"CopySnapshotRequest": {"SourceSnapshotId": "snap-1"}}
    answer = {"CopySnapshotResponse": {"snapshotId": "snap-2"}}
    assert said("ec2:CopySnapshot", request, answer) == "copied the snapshot snap-1 as snap-2"


@pytest.mark.parametrize(
    ("operation", "request_", "expected"),
    [
        (
            "ec2:DisassociateRouteTable",
            {"associationId": "rtbassoc-0aaa1111b"},
            "took a route table away (association rtbassoc-0aaa1111b)",
        ),
        (
            "ec2:DetachNetworkInterface",
            {"attachmentId": "eni-attach-0aaa1111b"},
            "took a network interface away (attachment eni-attach-0aaa1111b)",
        ),
        (
            "ec2:DisassociateAddress",
            {"associationId": "eipassoc-0aaa1111b"},
            "took an address away (association eipassoc-0aaa1111b)",
        ),
        (
            "ec2:ReplaceRouteTableAssociation",
            {"associationId": "rtbassoc-0aaa1111b", "routeTableId": "rtb-1"},
            "put the route table rtb-1 in another's place (association rtbassoc-0aaa1111b)",
        ),
        (
            "ec2:DisassociateIamInstanceProfile",
            {"AssociationId": "iip-assoc-0aaa1111b"},
            "took the role profile away (association iip-assoc-0aaa1111b)",
        ),
        (  # of an operation that no table knows
            "ec2:DisassociateMagicLamp",
            {"associationId": "lamp-assoc-0aaa1111b"},
            "took a magic lamp away (association lamp-assoc-0aaa1111b) in EC2",
        ),
    ],
)
def test_a_link_that_is_all_that_is_told_is_named_in_words(
    operation: str, request_: Any, expected: str
) -> None:
    assert said(operation, request_) == expected


@pytest.mark.parametrize(
    ("service", "what", "key"),
    [
        ("rds:{}DBSecurityGroupIngress", "database security group", "dBSecurityGroupName"),
        ("redshift:{}ClusterSecurityGroupIngress", "cluster security group",
         "clusterSecurityGroupName"),
        ("elasticache:{}CacheSecurityGroupIngress", "cache security group",
         "cacheSecurityGroupName"),
    ],
)  # fmt: skip
def test_who_is_let_into_a_database_is_named(service: str, what: str, key: str) -> None:
    group = {key: "orders", "eC2SecurityGroupName": "web"}
    admit, shut = service.format("Authorize"), service.format("Revoke")
    assert said(admit, {**group, "eC2SecurityGroupOwnerId": OTHER_ACCOUNT}) == (
        f"let the security group web of account {OTHER_ACCOUNT} into the {what} orders"
    )
    assert said(shut, group) == f"closed the {what} orders to the security group web"
    assert said(admit, {key: "orders", "cIDRIP": "0.0.0.0/0"}) == (
        f"let 0.0.0.0/0 into the {what} orders"
    )
    assert said(admit, {key: "orders"}) == f"added an inbound rule to the {what} orders"


@pytest.mark.parametrize(
    ("operation", "request_", "expected"),
    [
        (
            "logs:PutRetentionPolicy",
            {"logGroupName": "g", "retentionInDays": 1},
            "set the log group g to keep 1 day of logs",
        ),
        (
            "logs:PutRetentionPolicy",
            {"logGroupName": "g", "retentionInDays": 30},
            "set the log group g to keep 30 days of logs",
        ),
        (
            "kms:ScheduleKeyDeletion",
            {"keyId": "k", "pendingWindowInDays": 1},
            "scheduled the KMS key k to be deleted in 1 day",
        ),
        ("ec2:StopInstances", {"instancesSet": {"items": [{"instanceId": "i-1"}]}},
         "stopped the instance i-1"),
        ("ec2:DescribeVpcs", {"vpcSet": {"items": [{"vpcId": "vpc-1"}]}},
         "looked at the VPC vpc-1 in EC2"),
        ("glue:BatchDeleteTable", {"tableNames": ["a", "b"]}, "deleted the tables a and b in Glue"),
    ],
)  # fmt: skip
def test_one_is_not_counted_as_many(operation: str, request_: Any, expected: str) -> None:
    assert said(operation, request_) == expected


@pytest.mark.parametrize(
    ("operation", "request_", "expected"),
    [
        ("ec2:StopInstances", {"instanceIds": ["i-1", "i-2"]}, "stopped the instances i-1 and i-2"),
        ("ec2:TerminateInstances", {"instanceId": "i-1"}, "terminated the instance i-1"),
        ("ec2:DeleteFlowLogs", {"flowLogIds": ["fl-1"]}, "deleted the flow log fl-1"),
        ("iam:DeleteRole", {"name": "ops"}, "deleted a role"),
    ],
)
def test_another_shape_of_a_request_names_the_same(
    operation: str, request_: Any, expected: str
) -> None:
    assert said(operation, request_) == expected


def test_what_cloudtrail_left_out_is_said() -> None:
    left_out = "(CloudTrail left out what was asked)"
    role = {"role": {"roleName": "backdoor"}}
    assert said("iam:CreateRole", OMITTED, role) == f"created the role backdoor {left_out}"
    group = {"securityGroupRuleSet": {"items": [{"groupId": "sg-1"}]}}
    assert said("ec2:AuthorizeSecurityGroupIngress", OMITTED, group) == (
        f"added an inbound rule to the security group sg-1 {left_out}"
    )
    assert said("iam:PutUserPolicy", OMITTED, userIdentity=root()) == (
        f"wrote an inline policy of an IAM user {left_out}"
    )
    assert said("s3:PutObject", {"bucketName": "b", "key": "k"}, OMITTED) == (
        "wrote b/k (CloudTrail left out what was answered)"
    )
    assert said("appmesh:CreateMesh", OMITTED, OMITTED) == (
        "created a mesh in App Mesh (CloudTrail left out what was asked and answered)"
    )


def test_a_switch_of_roles_names_the_role_and_where_it_came_from() -> None:
    identity = assumed_role("Auditor", "anna")
    from_ = {"SwitchFrom": f"arn:aws:iam::{OTHER_ACCOUNT}:user/anna"}
    done = {"SwitchRole": "Success"}
    assert said(
        "signin:SwitchRole", None, done, userIdentity=identity, additionalEventData=from_
    ) == (f"switched to the role Auditor (from account {OTHER_ACCOUNT})")
    here = {"SwitchFrom": f"arn:aws:iam::{ACCOUNT}:user/anna"}
    assert said(
        "signin:SwitchRole", None, done, userIdentity=identity, additionalEventData=here
    ) == ("switched to the role Auditor")
    assert said("signin:SwitchRole", None, done) == "switched role"


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ("grafana:delete-dashboard", "deleted a dashboard in Grafana"),
        ("grafana:create", "created a resource in Grafana"),
        ("grafana:login-auth.sso", "logged in to Grafana"),
        ("grafana:update-datasource", "changed a datasource in Grafana"),
    ],
)
def test_names_with_hyphens_and_small_letters_are_read(operation: str, expected: str) -> None:
    assert said(operation) == expected


def test_a_workspace_of_grafana_tells_what_was_created() -> None:
    told = {"action": "create", "resources": [{"id": 1, "type": "folder"}]}
    assert said("grafana:create", additionalEventData=told) == "created a folder in Grafana"


@pytest.mark.parametrize(
    ("operation", "details", "expected"),
    [
        (
            "organizations:CreateAccountResult",
            {"createAccountStatus": {"state": "SUCCEEDED"}},
            "created an account",
        ),
        (
            "organizations:CreateAccountResult",
            {},
            "asked to create an account: the outcome is not known",
        ),
        (
            "organizations:CreateAccountResult",
            {
                "createAccountStatus": {
                    "state": "SUCCEEDED",
                    "accountName": "****",
                    "accountId": OTHER_ACCOUNT,
                }
            },
            f"created the account {OTHER_ACCOUNT}",
        ),
        (
            "organizations:CreateGovCloudAccountResult",
            {"createAccountStatus": {"state": "SUCCEEDED", "accountId": OTHER_ACCOUNT}},
            f"created the GovCloud account {OTHER_ACCOUNT}",
        ),
        (
            "controltower:CreateManagedAccount",
            {"createManagedAccountStatus": {"account": {"accountId": OTHER_ACCOUNT}}},
            f"created the account {OTHER_ACCOUNT}",
        ),
        ("signin:CredentialVerification", {}, "verified a credential"),
        ("signin:CredentialChallenge", {}, "was asked for a credential"),
        ("signin:UserAuthentication", {}, "authenticated"),
        ("backup:RestoreCompleted", {}, "reported: restore completed"),
    ],
)
def test_what_a_service_reports_is_told_as_what_it_is_the_result_of(
    operation: str, details: Any, expected: str
) -> None:
    fields = {"eventType": "AwsServiceEvent", "serviceEventDetails": details}
    assert said(operation, **fields) == expected


FIRING = [example.record for example in examples() if example.fires]
# What says by its verb, or by its noun, that something is off or less from now on.
OFF = re.compile(
    r"\b(switch|stop|delet|disab|suspend|paus|narrow|loosen|remov|took|taken|disassoc|disconn|"
    r"unlock|abort|clos|emptied|allowed IMDSv1|scheduled|ended|cancel|deregister|detach|lifted|"
    r"exclusion|so that|asked|refused|failed)"
)


def test_whoever_switches_something_off_is_told_to_do_so() -> None:
    for raw in FIRING:
        facts = Facts.of(Record(raw))
        if facts.switches_off and "password-policy" not in facts.switches_off:
            assert OFF.search(sentence(facts)), sentence(facts)


def test_an_account_that_is_let_in_is_named() -> None:
    for raw in FIRING:
        facts = Facts.of(Record(raw))
        for grant in opens_of(facts.record):
            if grant.whom == "account" and facts.outcome is Outcome.SUCCEEDED:
                assert grant.to.split(" (")[0].rpartition(" ")[2] in sentence(facts)


@pytest.mark.parametrize(
    ("operation", "request_", "expected"),
    [
        (
            "codebuild:UpdateProject",
            {"name": "shop", "logsConfig": {"cloudWatchLogs": {"status": "DISABLED"}}},
            "changed the project shop in CodeBuild so that it keeps no log of builds",
        ),
        (
            "codebuild:UpdateProject",
            {"name": "shop", "logsConfig": {"cloudWatchLogs": {"status": "ENABLED"}}},
            "changed the project shop in CodeBuild",
        ),
        (
            "events:PutRule",
            {"name": "findings", "state": "DISABLED"},
            "wrote the EventBridge rule findings so that it does nothing",
        ),
        (
            "redshift:ModifyCluster",
            {"clusterIdentifier": "sales", "masterUserPassword": "****"},
            "changed the cluster sales in Redshift so that it has another password",
        ),
        (
            "redshift:DisableLogging",
            {"clusterIdentifier": "sales"},
            "disabled the logging of sales in Redshift",
        ),
    ],
)
def test_a_change_says_what_is_off_from_then_on(
    operation: str, request_: Any, expected: str
) -> None:
    assert said(operation, request_) == expected


@pytest.mark.parametrize(
    ("operation", "request_", "expected"),
    [
        (
            "route53domains:UpdateDomainNameservers",
            {"domainName": "example.com", "nameservers": [{"name": "ns1.example.net"}]},
            "changed the name servers of the domain example.com to ns1.example.net",
        ),
        (
            "sso:DetachCustomerManagedPolicyReferenceFromPermissionSet",
            {"customerManagedPolicyReference": {"name": "deny-exports", "path": "/"}},
            "took the policy deny-exports away from a permission set",
        ),
        (
            "servicequotas:RequestServiceQuotaIncrease",
            {"serviceCode": "ec2", "quotaCode": "L-1216C47A", "desiredValue": 512},
            "asked for a raise of the quota L-1216C47A of the service ec2 to 512",
        ),
        (
            "lambda:UpdateFunctionConfiguration20150331v2",
            {
                "functionName": "shop",
                "layers": [f"arn:aws:lambda:eu-central-1:{OTHER_ACCOUNT}:layer:extension:1"],
            },
            "changed the settings of the function shop and its layers to extension:1",
        ),
        (
            "secretsmanager:CancelRotateSecret",
            {"secretId": "shop/db"},
            "stopped the rotation of the secret shop/db",
        ),
        (
            "ssm:RegisterManagedInstance",
            {"activationId": "example"},
            "registered a machine outside AWS with Systems Manager by the activation example",
        ),
    ],
)
def test_what_is_told_is_the_thing_itself_and_what_became_of_it(
    operation: str, request_: Any, expected: str
) -> None:
    assert said(operation, request_) == expected


def test_ports_that_are_opened_to_the_same_are_told_together() -> None:
    def permission(port: int) -> dict[str, Any]:
        ranges = {"items": [{"cidrIp": "0.0.0.0/0"}]}
        return {"ipProtocol": "tcp", "fromPort": port, "toPort": port, "ipRanges": ranges}

    asked = {"groupId": "sg-1", "ipPermissions": {"items": [permission(22), permission(443)]}}

    assert said("ec2:AuthorizeSecurityGroupIngress", asked) == (
        "opened port 22 and port 443 to 0.0.0.0/0 on sg-1"
    )


def test_a_refused_sign_in_is_told_in_words() -> None:
    refused = said("signin:ConsoleLogin", userIdentity=iam_user("alice"), errorCode="AccessDenied")

    assert refused == "was refused a sign-in to the console"
