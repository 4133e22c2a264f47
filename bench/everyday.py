"""What is called every day in an account of 40 services, by whom it may be.

The services are those that AWS's own "Getting started" pages have people use; the operations of
each are what those tutorials, the console's wizards and Terraform's AWS provider call to create,
change and remove what the service is about. Weights are shares of the changes of a usual account,
as we know accounts: nobody publishes such counts. What runs code and what keeps data changes often,
networks and keys seldom. Of their changes people draw TAIL from all that botocore's models know of
these services, evenly; what Terraform and pipelines deploy they do BY_PEOPLE times as often, since
their ordinary work goes by those. Reads are bench.operations', and a part is drawn evenly from the
models too: console pages ask for all there is.
"""

from __future__ import annotations

# service in botocore: {operation: weight}
CHANGES: dict[str, dict[str, float]] = {
    "ecs": {"RegisterTaskDefinition": 30, "UpdateService": 40, "RunTask": 8, "StopTask": 8,
            "CreateService": 2, "DeregisterTaskDefinition": 4},
    "lambda": {"UpdateFunctionConfiguration": 20, "UpdateFunctionCode": 20, "PublishVersion": 15,
               "UpdateAlias": 8, "CreateFunction": 2, "AddPermission": 1, "TagResource": 4},
    "ec2": {"CreateTags": 40, "RunInstances": 8, "StartInstances": 8, "StopInstances": 8,
            "TerminateInstances": 4, "CreateLaunchTemplateVersion": 6, "CreateSnapshot": 4,
            "AuthorizeSecurityGroupIngress": 3, "RevokeSecurityGroupIngress": 2,
            "CreateSecurityGroup": 1, "CreateVolume": 1, "AttachVolume": 1, "CreateRoute": 0.3,
            "CreateSubnet": 0.2},
    "autoscaling": {"UpdateAutoScalingGroup": 8, "SetDesiredCapacity": 8,
                    "StartInstanceRefresh": 4},
    "s3": {"CreateBucket": 1.5, "PutBucketTagging": 4, "PutBucketLifecycleConfiguration": 1.5,
           "PutBucketPolicy": 0.7, "PutBucketCors": 1, "PutBucketNotificationConfiguration": 1.5,
           "DeleteBucket": 0.3},
    "cloudformation": {"CreateChangeSet": 10, "ExecuteChangeSet": 8, "UpdateStack": 6,
                       "CreateStack": 1.5, "DeleteStack": 0.5, "DeleteChangeSet": 3},
    "ecr": {"PutImage": 25, "CreateRepository": 1, "PutLifecyclePolicy": 1, "BatchDeleteImage": 3},
    "codebuild": {"StartBuild": 20, "UpdateProject": 2, "StopBuild": 2},
    "codepipeline": {"StartPipelineExecution": 12, "PutApprovalResult": 6, "UpdatePipeline": 1.5},
    "logs": {"CreateLogGroup": 4, "PutRetentionPolicy": 4, "StartQuery": 30, "DeleteLogGroup": 0.4,
             "PutMetricFilter": 1},
    "cloudwatch": {"PutMetricAlarm": 10, "PutDashboard": 5, "DeleteAlarms": 0.6},
    "events": {"PutRule": 4, "PutTargets": 4, "DisableRule": 0.3},
    "dynamodb": {"UpdateTable": 5, "CreateTable": 1, "TagResource": 2, "UpdateTimeToLive": 1,
                 "DeleteTable": 0.1},
    "rds": {"ModifyDBInstance": 3, "CreateDBSnapshot": 2, "RebootDBInstance": 1,
            "ModifyDBParameterGroup": 1, "AddTagsToResource": 2, "CreateDBInstance": 0.3},
    "sqs": {"CreateQueue": 2, "SetQueueAttributes": 3, "TagQueue": 2, "PurgeQueue": 0.4},
    "sns": {"CreateTopic": 1.5, "Subscribe": 2, "SetTopicAttributes": 2},
    "ssm": {"PutParameter": 12, "StartSession": 3, "SendCommand": 1, "DeleteParameter": 1},
    "secretsmanager": {"PutSecretValue": 2, "CreateSecret": 1, "GetSecretValue": 3,
                       "TagResource": 1},
    "elbv2": {"RegisterTargets": 10, "DeregisterTargets": 6, "ModifyRule": 3,
              "ModifyTargetGroup": 2, "CreateTargetGroup": 1, "CreateRule": 2},
    "route53": {"ChangeResourceRecordSets": 6, "CreateHostedZone": 0.1},
    "cloudfront": {"CreateInvalidation": 10, "UpdateDistribution": 2},
    "apigateway": {"CreateDeployment": 6, "PutIntegration": 4, "PutMethod": 4, "UpdateStage": 2},
    "apigatewayv2": {"UpdateRoute": 3, "UpdateIntegration": 3, "CreateDeployment": 3},
    "stepfunctions": {"StartExecution": 10, "UpdateStateMachine": 3},
    "iam": {"PutRolePolicy": 1.2, "CreateRole": 0.7, "AttachRolePolicy": 0.8, "CreatePolicy": 0.4,
            "CreatePolicyVersion": 0.8, "TagRole": 1, "DetachRolePolicy": 0.2,
            "DeleteRole": 0.2, "CreateServiceLinkedRole": 0.2, "CreateAccessKey": 0.05},
    "kms": {"CreateGrant": 4, "CreateKey": 0.3, "CreateAlias": 0.3, "TagResource": 1},
    "acm": {"RequestCertificate": 0.6, "AddTagsToCertificate": 0.6},
    "glue": {"StartJobRun": 10, "UpdateJob": 3, "StartCrawler": 4, "UpdateTable": 4},
    "athena": {"StartQueryExecution": 25, "CreateNamedQuery": 2},
    "sagemaker": {"CreateTrainingJob": 2, "CreateEndpoint": 0.6, "UpdateEndpoint": 1,
                  "StartNotebookInstance": 1.5},
    "kinesis": {"UpdateShardCount": 1, "CreateStream": 0.3},
    "firehose": {"UpdateDestination": 1},
    "elasticache": {"ModifyReplicationGroup": 1, "CreateSnapshot": 0.5},
    "opensearch": {"UpdateDomainConfig": 0.6},
    "eks": {"UpdateNodegroupConfig": 2, "UpdateAddon": 1, "CreateNodegroup": 0.3},
    "cognito-idp": {"AdminCreateUser": 2, "AdminSetUserPassword": 1, "UpdateUserPoolClient": 1},
    "wafv2": {"UpdateIPSet": 2, "UpdateWebACL": 0.7},
    "backup": {"StartBackupJob": 1.5, "UpdateBackupPlan": 0.3},
    "config": {"PutConfigRule": 0.3, "StartConfigRulesEvaluation": 1},
    "ses": {"UpdateTemplate": 1, "VerifyEmailIdentity": 0.3},
}  # fmt: skip
# What pipelines never do of this, since it is done by hand.
BY_HAND = frozenset({
    "ssm:StartSession", "logs:StartQuery", "athena:StartQueryExecution", "cloudwatch:PutDashboard",
    "codepipeline:PutApprovalResult", "iam:CreateAccessKey", "secretsmanager:GetSecretValue",
    "cognito-idp:AdminSetUserPassword", "cognito-idp:AdminCreateUser",
    "sagemaker:StartNotebookInstance", "sqs:PurgeQueue", "ec2:StopInstances", "ec2:StartInstances",
})  # fmt: skip
TAIL = 0.01
# What is deployed, and by hand only now and then.
DEPLOYED = frozenset({
    "lambda:UpdateFunctionCode", "lambda:PublishVersion", "lambda:UpdateAlias", "ecr:PutImage",
    "ecs:RegisterTaskDefinition", "ecs:CreateService", "cloudformation:ExecuteChangeSet",
    *(f"iam:{name}" for name in CHANGES["iam"] if name != "CreateAccessKey"),
})  # fmt: skip
BY_PEOPLE = 0.2
# As CloudTrail names them. Source: the Lambda developer guide, "Logging Lambda API calls".
NAMES = {
    "lambda:UpdateFunctionConfiguration": "UpdateFunctionConfiguration20150331v2",
    "lambda:UpdateFunctionCode": "UpdateFunctionCode20150331v2",
    "lambda:PublishVersion": "PublishVersion20150331",
    "lambda:UpdateAlias": "UpdateAlias20150331",
    "lambda:CreateFunction": "CreateFunction20150331",
    "lambda:AddPermission": "AddPermission20150331v2",
    "lambda:TagResource": "TagResource20170331v2",
    "s3:PutBucketLifecycleConfiguration": "PutBucketLifecycle",
    "s3:PutBucketNotificationConfiguration": "PutBucketNotification",
}
# What programs call as they run, which people and pipelines do not count by.
OF_PROGRAMS = frozenset({
    "sts:AssumeRole", "kms:Decrypt", "kms:GenerateDataKey", "ssm:GetParameters",
    "secretsmanager:GetSecretValue", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage",
    "sts:GetSessionToken",
})  # fmt: skip
