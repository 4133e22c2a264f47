"""English: past tenses, articles, lists, and operations' names taken apart."""

from __future__ import annotations

import pytest

from chalicelib.cloudtrail.words import (
    agreeing,
    an,
    counted,
    enumeration,
    past,
    past_of,
    singular,
    taken_apart,
)


def test_words() -> None:
    assert past("stop it") == "stopped it"
    assert past("copy") == "copied"
    assert [past(verb) for verb in ("commit", "cancel", "find", "withdraw", "shut down x")] == [
        "committed", "cancelled", "found", "withdrew", "shut down x",
    ]  # fmt: skip
    assert past("look at x") == "looked at x"
    assert [an("API"), an("user"), an("SSO role"), an("IAM user"), an("tags")] == [
        "an API", "a user", "an SSO role", "an IAM user", "tags",
    ]  # fmt: skip
    assert [enumeration(list(names)) for names in ("", "a", "ab", "abcd")] == [
        "", "a", "a and b", "a, b and 2 more",
    ]  # fmt: skip
    assert taken_apart("CreateVirtualGateway") == ("create", "virtual gateway")
    assert taken_apart("BatchGetImage") == ("read", "image")
    assert taken_apart("AdminGetUser") == ("read", "user")
    assert taken_apart("RevokeOAuth2Token") == ("revoke", "OAuth2 token")
    assert taken_apart("DescribeDBInstances") == ("look at", "DB instances")
    assert taken_apart("ConsoleLogin") == ("", "console login")


@pytest.mark.parametrize(
    ("bases", "pasts"),
    [
        ("keep let hold tell show give take", "kept let held told showed gave took"),
        ("stop plan unpin remap debug log", "stopped planned unpinned remapped debugged logged"),
        ("open edit limit target render visit", "opened edited limited targeted rendered visited"),
        ("submit commit omit transmit permit", "submitted committed omitted transmitted permitted"),
        ("defer refer prefer infer transfer", "deferred referred preferred inferred transferred"),
        ("apply deploy copy destroy retry", "applied deployed copied destroyed retried"),
        ("freeze unbind rewrite overwrite", "froze unbound rewrote overwrote"),
        ("sync panic fix drain deliver renew", "synced panicked fixed drained delivered renewed"),
        ("re-encrypt bypass issue free", "re-encrypted bypassed issued freed"),
    ],
)
def test_past_tenses_are_english(bases: str, pasts: str) -> None:
    assert [past_of(base) for base in bases.split()] == pasts.split()


def test_names_of_operations_are_taken_apart_at_their_verbs() -> None:
    assert taken_apart("ReEncryptData") == ("re-encrypt", "data")
    assert taken_apart("CheckInLicense") == ("check in", "license")
    assert taken_apart("ListObjectsV2") == ("list", "objects")
    assert taken_apart("GetQBusinessApplication") == ("read", "q business application")
    assert taken_apart("delete-dashboard") == ("delete", "dashboard")
    assert taken_apart("CreateInAppTemplate") == ("create", "in-app template")
    assert taken_apart("AssignIpv6Addresses") == ("assign", "IPv6 addresses")


def test_nouns_agree_with_how_many_are_named() -> None:
    assert agreeing("job run", 2) == "job runs"
    assert agreeing("policies", 1) == "policy"
    assert agreeing("access", 2) == "access"
    assert agreeing("user settings", 1) == "user settings"
    assert singular("stop the instances ") == "stop the instance "
    assert singular("copy the image ami-1 as ") == "copy the image ami-1 as "
    assert counted("1 days of logs") == "1 day of logs"
    assert counted("11 days of logs") == "11 days of logs"


def test_an_article_goes_by_the_sound() -> None:
    assert [an(noun) for noun in ("UI template", "HSM", "uninstall job", "unit", "equipment")] == [
        "a UI template", "an HSM", "an uninstall job", "a unit", "equipment",
    ]  # fmt: skip
