"""What is shared with others: snapshots, images, buckets. The grants are judged elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.cloudtrail.exposure import Grant, opens_of
from chalicelib.cloudtrail.exposure.grant import EVERY_ACCOUNT, EVERYONE
from chalicelib.cloudtrail.fields import first_at
from chalicelib.cloudtrail.naming import operation_of, short
from chalicelib.cloudtrail.particulars.openings import PARTICULARS as OPENINGS
from chalicelib.cloudtrail.particulars.openings import opener, setter
from chalicelib.cloudtrail.particulars.settings import switched_off
from chalicelib.cloudtrail.policies import said
from chalicelib.cloudtrail.reading import attributes, request_of
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.switches import switches_off_of
from chalicelib.cloudtrail.words import enumeration


def _share(what: str) -> Callable[[Record], str]:
    def predicate(record: Record) -> str:
        grants = opens_of(record)
        if not grants:
            return ""
        thing = f"{what} {grants[0].resource}".rstrip()
        if any(grant.whom == EVERYONE for grant in grants):
            return f"make {thing} public"
        accounts = [grant.to for grant in grants]
        numbers = [to.removeprefix("account ") for to in accounts if to.startswith("account ")]
        if len(numbers) == len(accounts) > 1:
            return f"share {thing} with the accounts {enumeration(numbers)}"
        return f"share {thing} with {enumeration([_spoken(grant) for grant in grants])}"

    return predicate


def _spoken(grant: Grant) -> str:
    return f"the {grant.to}" if grant.to.startswith("account ") else said(grant)


def _acl(record: Record) -> str:
    what, grants = _with_acl(record), opens_of(record)
    everyone = any(grant.whom == EVERYONE for grant in grants)
    if everyone or any(grant.to == EVERY_ACCOUNT for grant in grants):
        return f"open {what} to {EVERYONE if everyone else EVERY_ACCOUNT} by its ACL"
    return f"set the ACL of {what}"


def _with_acl(record: Record) -> str:
    bucket, key = first_at(record, "bucketName"), first_at(record, "key")
    if key and bucket:
        return f"{bucket}/{key}"
    where = f"the S3 bucket {bucket}" if bucket else "an S3 bucket"
    return f"an object in {where}" if "Object" in record.event_name else where


def _public_access_block(record: Record) -> str:
    bucket = first_at(record, "bucketName")
    where = f"the S3 bucket {bucket}" if bucket else "an S3 bucket"
    if "Account" in record.event_name:
        where = "all S3 buckets of the account"
    if switches_off_of(record):
        return f"loosen the block of public access on {where}"
    wanted = record.request.get("PublicAccessBlockConfiguration")
    blocked = isinstance(wanted, dict) and True in wanted.values()
    return f"{'block' if blocked else 'set the block of'} public access to {where}"


def _attribute(noun: str, key: str) -> Callable[[Record], str]:
    """A topic's or queue's attribute; its policy says who may use it, be it unreadable."""

    def predicate(record: Record) -> str:
        target = short(first_at(record, key))
        told = setter(f"the {noun}")(record)
        if told or not target:
            return told
        if "Policy" in attributes(request_of(record)):
            return f"change who may use the {noun} {target}"
        return switched_off(record, f"the {noun} {target}")

    return predicate


def _function_url(record: Record) -> str:
    function = short(first_at(record, "functionName"))
    thing = f"the function {function}" if function else "a function"
    changed = operation_of(record).startswith("Update")
    way = f"change the web address of {thing}" if changed else f"give {thing} a web address"
    return opener("the function")(record) or way


def _project_visibility(record: Record) -> str:
    project = short(first_at(record, "projectArn"))
    way = "public" if opens_of(record) else "private"
    return f"make the builds of the CodeBuild project {project} {way}" if project else ""


PARTICULARS: dict[str, Callable[[Record], str]] = {
    **OPENINGS,
    "ec2:ModifySnapshotAttribute": _share("the snapshot"),
    "ec2:ModifyImageAttribute": _share("the image"),
    "ec2:ModifyFpgaImageAttribute": _share("the FPGA image"),
    "rds:ModifyDBSnapshotAttribute": _share("the database snapshot"),
    "rds:ModifyDBClusterSnapshotAttribute": _share("the database snapshot"),
    "redshift:AuthorizeSnapshotAccess": _share("the warehouse snapshot"),
    "ssm:ModifyDocumentPermission": _share("the document"),
    "ds:ShareDirectory": _share("the directory"),
    "servicecatalog:CreatePortfolioShare": _share("the portfolio"),
    "redshift:AuthorizeDataShare": _share("the data share"),
    "workspaces:UpdateWorkspaceImagePermission": _share("the image"),
    "appstream:UpdateImagePermissions": _share("the image"),
    "sns:SetTopicAttributes": _attribute("topic", "topicArn"),
    "sqs:SetQueueAttributes": _attribute("queue", "queueUrl"),
    "s3:PutBucketAcl": _acl,
    "s3:PutObjectAcl": _acl,
    "s3:PutBucketPublicAccessBlock": _public_access_block,
    "s3:PutAccountPublicAccessBlock": _public_access_block,
    "codebuild:UpdateProjectVisibility": _project_visibility,
    "lambda:CreateFunctionUrlConfig": _function_url,
    "lambda:UpdateFunctionUrlConfig": _function_url,
}
