"""What event selectors leave out, in the two forms that CloudTrail knows."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.monitoring.selectors import left_out


def basic(**changes: Any) -> dict[str, Any]:
    return {"ReadWriteType": "All", "IncludeManagementEvents": True, **changes}


def advanced(*fields: dict[str, Any]) -> dict[str, Any]:
    category = {"Field": "eventCategory", "Equals": ["Management"]}
    return {"FieldSelectors": [category, *fields]}


NOT_KMS = {"Field": "eventSource", "NotEquals": ["kms.amazonaws.com"]}
DATA = {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]}]}


@pytest.mark.parametrize(
    ("selectors", "missing"),
    [
        ([], ()),
        ([basic()], ()),
        ([basic(ReadWriteType="WriteOnly")], ("reads",)),
        ([basic(ReadWriteType="ReadOnly")], ("writes",)),
        ([basic(ReadWriteType="ReadOnly"), basic(ReadWriteType="WriteOnly")], ()),
        ([basic(IncludeManagementEvents=False)], None),
        ([basic(IncludeManagementEvents=False), basic()], ()),
        (
            [basic(ExcludeManagementEventSources=["kms.amazonaws.com", "rdsdata.amazonaws.com"])],
            ("kms.amazonaws.com", "rdsdata.amazonaws.com"),
        ),
        (
            [
                basic(
                    ReadWriteType="ReadOnly", ExcludeManagementEventSources=["kms.amazonaws.com"]
                ),
                basic(ReadWriteType="WriteOnly"),
            ],
            ("kms.amazonaws.com",),
        ),
    ],
)
def test_basic_selectors_leave_out_what_none_of_them_takes(
    selectors: list[dict[str, Any]], missing: tuple[str, ...] | None
) -> None:
    assert left_out({"EventSelectors": selectors}) == missing


@pytest.mark.parametrize(
    ("selectors", "missing"),
    [
        ([advanced()], ()),
        ([advanced(), DATA], ()),
        ([DATA], None),
        ([advanced({"Field": "readOnly", "Equals": ["false"]})], ("reads",)),
        ([advanced({"Field": "readOnly", "Equals": ["true"]})], ("writes",)),
        ([advanced(NOT_KMS)], ("kms.amazonaws.com",)),
        ([advanced(NOT_KMS), advanced()], ()),
        (
            [advanced({"Field": "userIdentity.arn", "NotStartsWith": ["arn:aws:iam::1"]})],
            ("some by userIdentity.arn",),
        ),
        (
            [advanced({"Field": "eventSource", "Equals": ["iam.amazonaws.com"]})],
            ("some by eventSource",),
        ),
    ],
)
def test_advanced_selectors_leave_out_what_their_fields_narrow(
    selectors: list[dict[str, Any]], missing: tuple[str, ...] | None
) -> None:
    assert left_out({"AdvancedEventSelectors": selectors}) == missing
