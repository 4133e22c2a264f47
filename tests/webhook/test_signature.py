"""Signatures are those of Standard Webhooks, and a secret that signs nothing says what it takes."""

from __future__ import annotations

from base64 import b64encode

import pytest

from chalicelib.webhook.signature import WebhookSecretError, key_of, signed
from tests.webhook.receiver import SECRET


def test_the_signature_is_that_of_the_published_example() -> None:
    # Source: Svix, "How to Verify Webhooks Manually" (docs.svix.com), which Standard Webhooks took
    # its scheme from, and the tests of its reference libraries.
    body = b'{"test": 2432232314}'
    found = signed(key_of(SECRET), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_secret_may_stand_without_its_prefix_and_amid_blanks() -> None:
    assert key_of(f" {SECRET.removeprefix('whsec_')}\n") == key_of(SECRET)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "whsec_",
        "no base64!",
        "whsec_" + b64encode(b"x" * 23).decode(),
        "ü" * 40,
        b64encode(b"x" * 65).decode(),
    ],
)
def test_a_secret_that_signs_nothing_says_what_it_takes_and_not_what_was_given(wrong: str) -> None:
    with pytest.raises(WebhookSecretError, match="24 to 64 bytes in base64") as raised:
        key_of(wrong)
    assert not wrong or wrong == "whsec_" or wrong not in str(raised.value)
