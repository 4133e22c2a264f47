"""One attempt, one outcome: against a stub of Slack over real HTTP."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk import WebClient

from chalicelib import __version__
from chalicelib.delivery.outcome import Outcome, OutcomeKind, Sought
from chalicelib.parameters import SecretError
from chalicelib.slack.calls import SCOPES
from chalicelib.slack.client import SlackTransport
from tests.ports import free_port
from tests.slack.stub import BEHAVIOURS, Slack, payload, serving

OLD, NEW = "xoxb-old", "xoxb-new"
YEAR_2030 = 1_893_456_000.0
EXPECTED = {
    "ok": OutcomeKind.SENT,
    "limit": OutcomeKind.SENT,
    "429": OutcomeKind.NOT_POSTED,
    "429_bare": OutcomeKind.NOT_POSTED,
    "429_date": OutcomeKind.NOT_POSTED,
    "429_garbage": OutcomeKind.NOT_POSTED,
    "ratelimited_200": OutcomeKind.NOT_POSTED,
    "invalid_auth": OutcomeKind.DESTINATION_REFUSED,
    "channel_not_found": OutcomeKind.DESTINATION_REFUSED,
    "not_in_channel": OutcomeKind.DESTINATION_REFUSED,
    "missing_scope": OutcomeKind.DESTINATION_REFUSED,
    "unknown_error": OutcomeKind.AMBIGUOUS,
    "internal_error": OutcomeKind.AMBIGUOUS,
    "invalid_blocks": OutcomeKind.PAYLOAD_REFUSED,
    **dict.fromkeys(("500", "502", "503", "html", "empty", "string"), OutcomeKind.AMBIGUOUS),
    **dict.fromkeys(("drop_before", "reset", "drop_after", "reset_after"), OutcomeKind.AMBIGUOUS),
    **dict.fromkeys(("slow", "drip", "partial"), OutcomeKind.AMBIGUOUS),
}


@pytest.fixture
def workspace() -> Iterator[tuple[Slack, str]]:
    slack = Slack(slow_seconds=0.5)
    with serving(slack) as url:
        yield slack, url


@pytest.fixture
def slack(workspace: tuple[Slack, str]) -> Slack:
    return workspace[0]


@pytest.fixture
def transport(
    request: pytest.FixtureRequest, workspace: tuple[Slack, str], slack: Slack
) -> SlackTransport:
    """Patient, except with what drags on for half a second."""
    behaviour = getattr(request.node, "callspec", None)
    drags = behaviour and behaviour.params.get("behaviour") in ("slow", "drip")
    return SlackTransport("xoxb-test", api_url=workspace[1], call_seconds=0.2 if drags else 5.0)


def test_every_behaviour_of_the_stub_has_an_expected_outcome() -> None:
    assert set(EXPECTED) == set(BEHAVIOURS)


@pytest.mark.parametrize("behaviour", sorted(EXPECTED))
def test_what_slack_does_becomes_its_class_of_outcome(
    behaviour: str, slack: Slack, transport: SlackTransport
) -> None:
    slack.behaviour = behaviour
    assert transport.post(payload()).kind is EXPECTED[behaviour]


@pytest.mark.parametrize("behaviour", sorted(EXPECTED))
def test_an_attempt_is_one_request_whatever_comes_of_it(
    behaviour: str, slack: Slack, transport: SlackTransport
) -> None:
    slack.behaviour = behaviour
    transport.post(payload())
    assert len(slack.journal) == 1


@pytest.mark.parametrize(
    ("behaviour", "seconds"),
    [("429", 2), ("429_bare", 30), ("429_garbage", 30), ("ratelimited_200", 30)],
)
def test_retry_after_is_read_or_counts_as_thirty_seconds(
    behaviour: str, seconds: float, slack: Slack, transport: SlackTransport
) -> None:
    slack.behaviour = behaviour
    assert transport.post(payload()).retry_after == seconds


def test_retry_after_may_be_a_date(slack: Slack, transport: SlackTransport) -> None:
    slack.behaviour = "429_date"
    retry_after = transport.post(payload()).retry_after
    assert retry_after is not None
    assert 0 < retry_after <= 2


def test_a_sent_message_has_its_ts_and_the_channels_id(
    slack: Slack, transport: SlackTransport
) -> None:
    outcome = transport.post(payload())
    assert (outcome.ts, outcome.channel_id) == (slack.journal[0]["ts"], "CALARMS")


def test_a_refused_connection_was_surely_not_posted() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    outcome = SlackTransport("xoxb-test", api_url=f"http://127.0.0.1:{port}/").post(payload())
    assert (outcome.kind, outcome.retry_after) == (OutcomeKind.NOT_POSTED, None)


def test_a_host_that_no_dns_knows_was_surely_not_posted() -> None:
    transport = SlackTransport("xoxb-test", api_url="http://slack.invalid/")
    assert transport.post(payload()).kind is OutcomeKind.NOT_POSTED


def test_a_failed_tls_handshake_was_surely_not_posted(workspace: tuple[Slack, str]) -> None:
    transport = SlackTransport("xoxb-test", api_url=workspace[1].replace("http:", "https:"))
    assert transport.post(payload()).kind is OutcomeKind.NOT_POSTED


def test_a_name_that_the_token_may_not_set_is_left_out_and_not_tried_again(
    slack: Slack, transport: SlackTransport
) -> None:
    outcomes = [transport.post(payload(username="Trailbell")) for _ in range(2)]
    assert [outcome.kind for outcome in outcomes] == [OutcomeKind.SENT] * 2
    assert ["username" in entry["payload"] for entry in slack.journal] == [True, False, False]


def test_a_missing_scope_without_a_name_is_the_destinations(
    slack: Slack, transport: SlackTransport
) -> None:
    slack.behaviour = "missing_scope"
    outcome = transport.post(payload(username="Trailbell"))
    assert (outcome.kind, len(slack.journal)) == (OutcomeKind.DESTINATION_REFUSED, 2)


def test_an_update_changes_the_message(slack: Slack, transport: SlackTransport) -> None:
    first = transport.post(payload())
    assert first.ts
    assert first.channel_id
    transport.update(first.channel_id, first.ts, payload(text="hello × 2"))
    assert [message["text"] for message in slack.channels["CALARMS"]] == ["hello × 2"]


def test_an_update_of_a_message_that_is_gone_is_refused(transport: SlackTransport) -> None:
    outcome = transport.update("CALARMS", "1.000001", payload())
    assert (outcome.kind, outcome.reason) == (OutcomeKind.PAYLOAD_REFUSED, "message_not_found")


def test_a_post_that_ended_badly_is_found_by_its_id(
    slack: Slack, transport: SlackTransport
) -> None:
    slack.script = ["drop_after"]
    transport.post(payload())
    search = transport.find("CALARMS", "p1", datetime.now(UTC))
    assert (search.sought, search.ts) == (Sought.FOUND, slack.journal[0]["ts"])


def test_a_post_that_never_arrived_is_not_found(slack: Slack, transport: SlackTransport) -> None:
    slack.script = ["drop_before"]
    transport.post(payload())
    assert transport.find("CALARMS", "p1", datetime.now(UTC)).sought is Sought.NOT_FOUND


def test_a_post_is_found_behind_many_others(slack: Slack, transport: SlackTransport) -> None:
    for number in range(450):
        slack.answer("chat.postMessage", {"channel": "CALARMS", "text": str(number)})
    slack.channels["CALARMS"].insert(0, {**payload(), "ts": f"{datetime.now(UTC).timestamp()}"})
    assert transport.find("CALARMS", "p1", datetime.now(UTC)).sought is Sought.FOUND


def test_a_history_too_long_to_be_sure_counts_as_unsupported(
    slack: Slack, transport: SlackTransport
) -> None:
    for number in range(601):
        slack.answer("chat.postMessage", {"channel": "CALARMS", "text": str(number)})
    assert transport.find("CALARMS", "p1", datetime.now(UTC)).sought is Sought.UNSUPPORTED


def test_without_the_scope_history_is_asked_for_once(
    slack: Slack, transport: SlackTransport
) -> None:
    slack.scopes.discard("channels:history")
    found = [transport.find("CALARMS", "p1", datetime.now(UTC)).sought for _ in range(2)]
    assert found == [Sought.UNSUPPORTED] * 2
    assert len(slack.journal) == 1


@pytest.mark.parametrize("behaviour", ["channel_not_found", "invalid_blocks"])
def test_a_history_that_slack_refuses_to_show_counts_as_unsupported(
    behaviour: str, slack: Slack, transport: SlackTransport
) -> None:
    slack.behaviour = behaviour
    assert transport.find("CALARMS", "p1", datetime.now(UTC)).sought is Sought.UNSUPPORTED


def test_a_history_without_a_list_of_messages_proves_nothing(
    slack: Slack, transport: SlackTransport
) -> None:
    slack._history = lambda arguments: {"ok": True}  # type: ignore[method-assign]
    assert transport.find("CTRAILBELL", "post-1", datetime.now(UTC)).sought is Sought.FAILED


def test_a_history_too_long_to_read_counts_as_unsupported(
    slack: Slack, transport: SlackTransport
) -> None:
    slack.answer("chat.postMessage", {"channel": "CALARMS", "text": "x" * 1024 * 1024})
    search = transport.find("CALARMS", "p1", datetime.now(UTC))
    assert search.sought is Sought.UNSUPPORTED


def test_a_message_without_a_ts_is_not_found_and_not_absent_either(
    slack: Slack, transport: SlackTransport
) -> None:
    message = {**payload(), "ts": None}
    slack._history = lambda arguments: {"ok": True, "messages": [message]}  # type: ignore[method-assign]
    assert transport.find("CALARMS", "p1", datetime.now(UTC)).sought is Sought.FAILED


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)
SAID = ("ok", "error", "ts", "channel", "messages", "response_metadata", "has_more")
TIMES = st.sampled_from(["1796006636.000001", "9" * 400 + ".1", "1e9", "٣.٣", "-1.0"])


def test_whatever_json_slack_answers_it_is_an_outcome(workspace: tuple[Slack, str]) -> None:
    slack, url = workspace
    transport = SlackTransport("xoxb-test", api_url=url)

    @given(st.dictionaries(st.sampled_from(SAID), JSON | TIMES | st.just(True)))
    @settings(max_examples=60, deadline=None)
    def answers(body: dict[str, Any]) -> None:
        slack._take = lambda method, arguments: body  # type: ignore[method-assign]
        outcome = transport.post(payload(), "C012AB3CD")
        assert outcome.kind is not OutcomeKind.SENT or outcome.channel_id == "C012AB3CD"
        assert transport.update("C012AB3CD", "1.000001", payload()).ts in (None, "1.000001")
        assert transport.find("C012AB3CD", "p1", datetime.now(UTC)).sought in Sought

    answers()


def test_a_search_that_slack_cannot_answer_says_why(
    slack: Slack, transport: SlackTransport
) -> None:
    slack.behaviour = "503"
    search = transport.find("CALARMS", "p1", datetime.now(UTC))
    assert search.outcome is not None
    assert (search.sought, search.outcome.kind) == (Sought.FAILED, OutcomeKind.AMBIGUOUS)


@pytest.mark.parametrize("token", ["", "  ", "xoxb\nHost: evil", "xoxb-ü"])
def test_a_token_that_cannot_be_one_is_refused_before_any_request(
    token: str, workspace: tuple[Slack, str], slack: Slack
) -> None:
    outcome = SlackTransport(token, api_url=workspace[1]).post(payload())
    assert (outcome.kind, slack.journal) == (OutcomeKind.DESTINATION_REFUSED, [])


@pytest.mark.parametrize("behaviour", ["ok", "429", "invalid_auth", "500", "html", "string"])
def test_every_answer_tells_slacks_own_time(
    behaviour: str, slack: Slack, transport: SlackTransport
) -> None:
    slack.behaviour = behaviour
    slack.clock = lambda: YEAR_2030
    assert transport.post(payload()).at == datetime.fromtimestamp(YEAR_2030, UTC)


def test_without_an_answer_slacks_time_is_not_known(
    slack: Slack, transport: SlackTransport
) -> None:
    slack.behaviour = "drop_after"
    assert transport.post(payload()).at is None


@pytest.mark.parametrize("behaviour", ["ok", "503", "missing_scope"])
def test_a_search_tells_slacks_own_time(
    behaviour: str, slack: Slack, transport: SlackTransport
) -> None:
    slack.behaviour = behaviour
    slack.clock = lambda: YEAR_2030
    search = transport.find("CALARMS", "p1", datetime.now(UTC))
    assert search.at == datetime.fromtimestamp(YEAR_2030, UTC)


def test_a_date_in_retry_after_is_read_by_slacks_clock(workspace: tuple[Slack, str]) -> None:
    """It says two seconds from now; our clock is a year behind, the answer's Date is not."""
    slack, url = workspace
    slack.behaviour = "429_date"
    behind = SlackTransport("xoxb-test", api_url=url, now=lambda: datetime(2020, 1, 1, tzinfo=UTC))
    retry_after = behind.post(payload()).retry_after
    assert retry_after is not None
    assert 1 <= retry_after <= 2


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        ("no_ts", "ok without a ts"),
        ("other_channel", "ok of another channel"),
        ("other_time", "ok with the ts of another time"),
    ],
)
def test_an_answer_that_is_not_of_this_post_leaves_it_in_doubt(
    behaviour: str, said: str, slack: Slack, transport: SlackTransport
) -> None:
    slack.behaviour = behaviour
    outcome = transport.post(payload(), "C012AB3CD")
    assert (outcome.kind, outcome.reason) == (OutcomeKind.AMBIGUOUS, said)


@pytest.mark.parametrize("behaviour", ["no_ts", "other_channel", "other_ts"])
def test_an_answer_that_is_not_of_this_update_leaves_it_in_doubt(
    behaviour: str, slack: Slack, transport: SlackTransport
) -> None:
    first = transport.post(payload(), "C012AB3CD")
    assert first.ts
    slack.behaviour = behaviour
    assert transport.update("C012AB3CD", first.ts, payload()).kind is OutcomeKind.AMBIGUOUS


def test_the_id_that_answers_a_name_is_news_and_no_contradiction(
    slack: Slack, transport: SlackTransport
) -> None:
    slack.behaviour = "other_channel"
    assert transport.post(payload()).channel_id == "C0OTHER00"


def test_a_message_of_another_time_is_judged_by_slacks_clock_and_not_by_ours(
    slack: Slack, transport: SlackTransport
) -> None:
    slack.clock = lambda: YEAR_2030
    assert transport.post(payload()).kind is OutcomeKind.SENT


def test_a_known_channel_is_posted_to_by_its_id(slack: Slack, transport: SlackTransport) -> None:
    transport.post(payload(), "C012AB3CD")
    assert [entry["channel"] for entry in slack.journal] == ["C012AB3CD"]


def test_it_says_what_it_is(slack: Slack, transport: SlackTransport) -> None:
    transport.post(payload())
    assert slack.requests[0]["User-Agent"].startswith(f"Trailbell/{__version__} ")


def test_a_method_that_reads_gives_slacks_answer_or_the_outcome(
    slack: Slack, transport: SlackTransport
) -> None:
    answer = transport.ask("conversations.history", {"channel": "CALARMS"})
    assert isinstance(answer, dict)
    assert (answer["messages"], answer[SCOPES]) == ([], "channels:history,chat:write")
    slack.behaviour = "channel_not_found"
    refusal = transport.ask("conversations.info", {"channel": "CALARMS"})
    assert isinstance(refusal, Outcome)
    assert (refusal.reason, refusal.at is None) == ("channel_not_found", False)


def test_a_method_that_reads_may_take_no_argument(slack: Slack, transport: SlackTransport) -> None:
    slack._take = lambda method, arguments: {"ok": True, "said": [method, arguments]}  # type: ignore[method-assign]
    answer = transport.ask("auth.test", {})
    assert isinstance(answer, dict)
    assert answer["said"] == ["auth.test", {}]


def rotated(slack: Slack, url: str, *tokens: str | None) -> tuple[SlackTransport, list[str | None]]:
    """A transport with an old token, and what SSM still has for it, one reading after the other."""
    slack.tokens = {NEW}
    kept = list(tokens)
    return SlackTransport(OLD, api_url=url, renew=lambda: kept.pop(0), call_seconds=5.0), kept


def test_a_token_that_was_rotated_is_read_again_and_the_call_made_once_more(
    workspace: tuple[Slack, str],
) -> None:
    slack, url = workspace
    transport, _ = rotated(slack, url, NEW)
    assert [transport.post(payload()).kind for _ in range(2)] == [OutcomeKind.SENT] * 2
    assert [entry["behaviour"] for entry in slack.journal] == ["invalid_auth", "ok", "ok"]


def test_a_token_that_is_still_the_same_is_refused_with_one_request(
    workspace: tuple[Slack, str],
) -> None:
    slack, url = workspace
    transport, kept = rotated(slack, url, OLD)
    assert transport.post(payload()).kind is OutcomeKind.DESTINATION_REFUSED
    assert (len(slack.journal), kept) == (1, [])


def test_a_token_that_cannot_be_read_again_is_refused_as_it_was(
    workspace: tuple[Slack, str],
) -> None:
    def away() -> str | None:
        raise SecretError("SSM parameter /x cannot be read: AccessDenied")

    slack, url = workspace
    slack.tokens = {NEW}
    transport = SlackTransport(OLD, api_url=url, renew=away)
    assert transport.post(payload()).kind is OutcomeKind.DESTINATION_REFUSED


def test_reading_a_token_again_is_within_the_time_of_the_call(
    workspace: tuple[Slack, str],
) -> None:
    slack, url = workspace
    slack.tokens = {NEW}
    ended = threading.Event()
    transport = SlackTransport(OLD, api_url=url, renew=lambda: str(ended.wait()), call_seconds=0.3)
    assert transport.post(payload()).kind is OutcomeKind.DESTINATION_REFUSED
    ended.set()  # until then nothing was read


def test_a_reading_that_hangs_is_waited_for_once(workspace: tuple[Slack, str]) -> None:
    slack, url = workspace
    slack.tokens = {NEW}
    ended, asked = threading.Event(), []

    def hangs() -> str:
        asked.append(1)
        ended.wait()
        return NEW

    transport = SlackTransport(OLD, api_url=url, renew=hangs, call_seconds=0.3)
    transport.post(payload())
    before = SlackTransport(OLD).credential("salt")
    assert [transport.credential("salt") for _ in range(5)] == [before] * 5
    assert len(asked) == 1
    ended.set()


def test_a_refusal_that_no_token_mends_reads_none(workspace: tuple[Slack, str]) -> None:
    slack, url = workspace
    slack.behaviour = "not_in_channel"
    transport = SlackTransport(OLD, api_url=url, renew=lambda: pytest.fail("read again"))
    assert transport.post(payload()).reason == "not_in_channel"


def test_a_credential_tells_tokens_apart_and_nothing_about_them(
    workspace: tuple[Slack, str],
) -> None:
    transport = SlackTransport(OLD, api_url=workspace[1])
    shown = transport.credential("salt")
    assert shown == SlackTransport(OLD).credential("salt") != SlackTransport(NEW).credential("salt")
    assert shown != transport.credential("pepper")
    assert len(shown) == 64
    assert SlackTransport(" ").credential("salt") == ""


def test_a_credential_is_of_the_token_that_was_put_in_the_place_of_a_refused_one(
    workspace: tuple[Slack, str],
) -> None:
    slack, url = workspace
    transport, kept = rotated(slack, url, OLD, NEW, NEW)
    before = transport.credential("salt")
    assert len(kept) == 3  # nothing was refused yet
    transport.post(payload())
    assert transport.credential("salt") == SlackTransport(NEW).credential("salt") != before


def test_a_request_is_what_slack_sdks_own_client_sends(workspace: tuple[Slack, str]) -> None:
    """Only the way to Slack is ours: what is sent, and how, stays with slack_sdk."""
    slack, url = workspace
    WebClient(OLD, base_url=url, retry_handlers=[]).api_call("chat.postMessage", json=payload())
    SlackTransport(OLD, api_url=url).post(payload())
    theirs, ours = slack.requests
    changing = {"User-Agent", "Date"}
    assert {key: value for key, value in ours.items() if key not in changing} == {
        key: value for key, value in theirs.items() if key not in changing
    }


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "http_proxy"])
def test_this_machine_is_asked_past_every_proxy(
    variable: str, monkeypatch: pytest.MonkeyPatch, transport: SlackTransport
) -> None:
    monkeypatch.setenv(variable, "http://127.0.0.1:9")
    assert transport.post(payload()).kind is OutcomeKind.SENT


@pytest.mark.parametrize(
    ("port", "reason"), [(None, "ConnectionRefusedError"), ("port", "ValueError")]
)
def test_a_proxy_that_cannot_be_reached_posted_nothing(
    port: str | None, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port or free_port()}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    outcome = SlackTransport(OLD, api_url="https://slack.invalid/api/").post(payload())
    assert (outcome.kind, outcome.reason) == (OutcomeKind.NOT_POSTED, reason)


def test_a_proxy_is_asked_for_a_tunnel_and_never_told_the_token(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        port = proxy.getsockname()[1]
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:p%40ss@127.0.0.1:{port}")
        heard: list[bytes] = []
        thread = threading.Thread(target=lambda: heard.append(_refuse_a_tunnel(proxy)))
        thread.start()
        outcome = SlackTransport(OLD, api_url="https://slack.invalid/api/").post(payload())
        thread.join()
    assert outcome.kind is OutcomeKind.NOT_POSTED
    assert heard[0].startswith(b"CONNECT slack.invalid:443 HTTP/1.")
    assert b"Proxy-Authorization: Basic dXNlcjpwQHNz" in heard[0]
    assert OLD.encode() not in heard[0]


def _refuse_a_tunnel(proxy: socket.socket) -> bytes:
    connection, _ = proxy.accept()
    with connection:
        heard = b""
        while b"\r\n\r\n" not in heard:
            heard += connection.recv(4096)
        connection.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n")
    return heard


def test_a_look_up_that_never_ends_posted_nothing_and_posts_nothing_later(
    monkeypatch: pytest.MonkeyPatch, workspace: tuple[Slack, str], slack: Slack
) -> None:
    """No timeout of a socket holds for DNS: what is found after the call was given up is left."""
    known, found = threading.Event(), threading.Event()
    look_up = socket.getaddrinfo

    def slowly(*arguments: Any, **options: Any) -> Any:
        known.wait()
        addresses = look_up(*arguments, **options)
        found.set()
        return addresses

    monkeypatch.setattr(socket, "getaddrinfo", slowly)
    outcome = SlackTransport(OLD, api_url=workspace[1], call_seconds=0.2).post(payload())
    assert (outcome.kind, outcome.reason) == (OutcomeKind.NOT_POSTED, "no answer in time")
    late = [each for each in threading.enumerate() if each.name.startswith("slack")]
    known.set()
    assert found.wait(10)
    for thread in late:
        thread.join(10)
    assert slack.journal == []
