"""The DynamoDB table of alerts, as chalicelib/stores/dynamodb/ defines it."""

from __future__ import annotations

from typing import Any

from chalicelib.stores.dynamodb.table import TTL_ATTRIBUTE, table_definition
from provisioning.change import Call, NotYet, Part
from provisioning.installation import Installation

CARRIED = {
    one["IndexName"]: one["Projection"]["NonKeyAttributes"]
    for one in table_definition("")["GlobalSecondaryIndexes"]
}
# The last is what moto says.
GONE = ("ResourceNotFoundException", "TableNotFoundException", "ResourceNotFound")


def table(at: Installation) -> list[Part]:
    """The table on demand and encrypted, its expiry, its point-in-time recovery."""
    name = {"TableName": at.deployment}
    title = f"DynamoDB table {at.deployment}"
    read = _dynamodb("describe_table", name)
    own = [_key(at, name, title, read)] if at.key else []
    return [_table(at, title, read), *own, _expiry(name, title), _recovery(name, title)]


def _table(at: Installation, title: str, read: Call) -> Part:
    name = {"TableName": at.deployment}
    active = _dynamodb("describe_table", name, until=("Table.TableStatus", "ACTIVE"))
    definition = {**table_definition(at.deployment), "Tags": at.tag_pairs}
    if at.key:
        definition["SSESpecification"] = _encrypted_with(at.key)
    create = _dynamodb("create_table", definition)
    return Part(
        title=title,
        why="alerts and their deliveries, on demand, encrypted",
        read=read,
        see=_standing,
        wanted=_shape(table_definition(at.deployment)),
        absent=GONE,
        create=(create, active),
        fixed="a table's keys cannot be changed: aws dynamodb update-table makes an index or the "
        "billing as it should be, a restored copy the rest (docs/operating.md)",
        remove=(_dynamodb("delete_table", name),),
        data=True,
    )


def _encrypted_with(key: str) -> dict[str, Any]:
    return {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}


def _key(at: Installation, name: dict[str, str], title: str, read: Call) -> Part:
    put = {**name, "SSESpecification": _encrypted_with(str(at.key))}
    active = _dynamodb("describe_table", name, until=("Table.TableStatus", "ACTIVE"))
    return Part(
        title=f"{title}: key",
        why="encrypted with the key that was chosen",
        read=read,
        see=lambda response: (
            response["Table"].get("SSEDescription", {}).get("KMSMasterKeyArn", "DynamoDB's own")
        ),
        wanted=at.key,
        absent=GONE,
        create=(active,),  # a table that was made with it has it
        change=(_dynamodb("update_table", put), active),
    )


def _standing(response: dict[str, Any]) -> dict[str, Any] | None:
    table: dict[str, Any] = response["Table"]
    if table["TableStatus"] == "DELETING":
        return None
    # Source: DynamoDB API reference, TableDescription: there is no summary of a provisioned one.
    billing = table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED")
    return _shape({**table, "BillingMode": billing})


def _shape(table: dict[str, Any]) -> dict[str, Any]:
    """What the store needs of it, in an order of ours."""
    indexes = table.get("GlobalSecondaryIndexes", ())
    return {
        "KeySchema": _keys(table),
        "BillingMode": table["BillingMode"],
        **{f"index {one['IndexName']}": _keys(one) for one in indexes},
        **{f"index {one['IndexName']} lacks": _lacking(one) for one in indexes},
    }


def _lacking(index: dict[str, Any]) -> list[str]:
    """What the store wants of an index besides keys, and it does not carry."""
    wanted = CARRIED.get(index["IndexName"], ())
    carried = index.get("Projection", {})
    if carried.get("ProjectionType") == "ALL":
        return []
    return [name for name in wanted if name not in carried.get("NonKeyAttributes", ())]


def _keys(one: dict[str, Any]) -> list[str]:
    order = sorted(one.get("KeySchema", ()), key=lambda key: str(key["KeyType"]))
    return [str(key["AttributeName"]) for key in order]


def _expiry(name: dict[str, str], title: str) -> Part:
    enabled = {"Enabled": True, "AttributeName": TTL_ATTRIBUTE}

    def see(response: dict[str, Any]) -> str | None:
        state = response["TimeToLiveDescription"]
        is_on = state.get("TimeToLiveStatus") in ("ENABLED", "ENABLING")
        return state.get("AttributeName") if is_on else None

    return Part(
        title=f"{title}: expiry",
        why=f"items go at their {TTL_ATTRIBUTE}, at no cost",
        read=_dynamodb("describe_time_to_live", name),
        see=see,
        wanted=TTL_ATTRIBUTE,
        absent=GONE,
        fixed="a table expires by one attribute: aws dynamodb update-time-to-live switches that "
        "off, and apply an hour later does the rest",
        create=(_dynamodb("update_time_to_live", {**name, "TimeToLiveSpecification": enabled}),),
    )


def _recovery(name: dict[str, str], title: str) -> Part:
    enabled = {"PointInTimeRecoveryEnabled": True}

    def see(response: dict[str, Any]) -> bool | None:
        state = response["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
        return state.get("PointInTimeRecoveryStatus") == "ENABLED" or None

    put = _dynamodb(
        "update_continuous_backups", {**name, "PointInTimeRecoverySpecification": enabled}
    )
    return Part(
        title=f"{title}: point-in-time recovery",
        why="any second of the last 35 days can be restored",
        read=_dynamodb("describe_continuous_backups", name),
        see=see,
        absent=GONE,
        create=(put,),
    )


def _dynamodb(
    operation: str, parameters: dict[str, Any], until: tuple[str, str] | None = None
) -> Call:
    # A table that an interrupted run left CREATING refuses changes for a while, and one that is
    # being deleted its name.
    busy = (NotYet("ResourceInUseException"), NotYet("ContinuousBackupsUnavailableException"))
    return Call(
        service="dynamodb",
        operation=operation,
        parameters=parameters,
        not_yet=busy if operation.startswith(("create_", "update_")) else (),
        until=until,
    )
