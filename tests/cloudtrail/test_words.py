"""English: past tenses, articles, lists, and operations' names taken apart."""

from __future__ import annotations

from chalicelib.cloudtrail.words import an, enumeration, past, taken_apart


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
