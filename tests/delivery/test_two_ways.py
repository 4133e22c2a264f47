"""The webhook beside Slack, through the whole program: one outbox, two ways out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib import bootstrap
from chalicelib.alerts.clicks import Action, Click
from chalicelib.alerts.delivery import DeliveryState
from chalicelib.alerts.handling import Person
from chalicelib.alerts.post import SENT_OUTCOME
from chalicelib.bootstrap import Program
from chalicelib.parameters import SecretError
from chalicelib.settings import WEBHOOK, Settings, SettingsError
from chalicelib.usecases.handle import handle
from tests.events import cloudtrail
from tests.reliability.test_webhook import uids_of
from tests.slack.stub import Slack, serving
from tests.webhook.receiver import SECRET, Receiver, receiving

SLACK_TOKEN = "xoxb-" + "test"
TO_WEBHOOK = '[[route]]\nseverity = "high"\nchannel = "webhook"\n'


class Place:
    """A program with a Slack and a receiver on this machine."""

    def __init__(self, folder: Path, slack_url: str, url: str) -> None:
        self.folder, self.slack_url, self.url = folder, slack_url, url
        self.slack, self.receiver = Slack(), Receiver()

    def program(self, rules: str = "", **changes: Any) -> Program:
        path = self.folder / "mine.toml"
        path.write_text(rules)
        chosen = Settings(
            alert_store=f"sqlite:///{self.folder}/alerts.db",
            rules_file=str(path),
            slack_token=SLACK_TOKEN,
            slack_api_url=self.slack_url,
            slack_channel="#ops",
            retention_days=100_000,
            webhook_url=self.url,
            webhook_secret=SECRET,
        )
        return Program(replace(chosen, **changes))

    def told(self) -> list[str]:
        """The alerts that the receiver was told of."""
        return [uid for entry in self.receiver.journal for uid in uids_of(entry)]

    @property
    def messages(self) -> int:
        return sum(len(channel) for channel in self.slack.channels.values())


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    slack, receiver = Slack(), Receiver()
    with serving(slack) as slack_url, receiving(receiver) as url:
        made = Place(tmp_path, slack_url, url)
        made.slack, made.receiver = slack, receiver
        yield made


def left() -> float:
    return 60_000.0


def ingest(program: Program, **changes: Any) -> dict[str, int]:
    return program.ingest([cloudtrail("StopLogging", **changes)], left)


def deliveries(program: Program) -> dict[str, DeliveryState]:
    (alert_id,) = (each.alert.alert_id for each in alerts(program))
    stored = program.archive.get(alert_id)
    assert stored
    return {each.channel: each.state for each in stored.deliveries}


def alerts(program: Program) -> Any:
    from chalicelib.alerts.archive import AlertQuery

    return program.archive.search(AlertQuery(), 50).alerts


def test_an_alert_goes_to_slack_and_to_the_webhook(place: Place) -> None:
    program = place.program()
    ingest(program)
    assert deliveries(program) == {"#ops": DeliveryState.SENT, WEBHOOK: DeliveryState.SENT}
    assert (place.messages, len(place.told())) == (1, 1)


def test_without_a_url_there_is_no_second_way(place: Place) -> None:
    program = place.program(webhook_url=None)
    ingest(program)
    assert deliveries(program) == {"#ops": DeliveryState.SENT}
    assert place.receiver.journal == []


def test_where_a_route_names_it_only_what_is_routed_goes_there(place: Place) -> None:
    program = place.program(TO_WEBHOOK)
    ingest(program)
    assert deliveries(program) == {WEBHOOK: DeliveryState.SENT}
    program.ingest([cloudtrail("CreateUser", eventID="other")], left)
    assert len(place.told()) == 1
    assert place.messages == 1


def test_a_channel_of_slacks_with_that_name_has_a_hash_before_it(place: Place) -> None:
    program = place.program('[[route]]\nchannel = "#webhook"\n', webhook_url=None)
    ingest(program)
    assert deliveries(program) == {"#webhook": DeliveryState.SENT}


def test_named_but_not_set_up_it_waits_and_health_says_what_to_do(place: Place) -> None:
    program = place.program(TO_WEBHOOK, webhook_url=None)
    ingest(program)
    assert deliveries(program) == {WEBHOOK: DeliveryState.PENDING}
    (word,) = program.health()["words"]
    assert word.startswith("The webhook refuses since ")
    assert "no_url: no WEBHOOK_URL. Set WEBHOOK_URL, or name no channel webhook" in word


def test_what_waits_for_a_webhook_that_was_removed_is_told_by_slack_alone(place: Place) -> None:
    place.receiver.choose = lambda _: "404"
    ingest(place.program())
    assert deliveries(place.program()) == {
        "#ops": DeliveryState.SENT,
        WEBHOOK: DeliveryState.PENDING,
    }
    program = place.program(webhook_url=None)
    program.sweep(left)
    assert deliveries(program) == {"#ops": DeliveryState.SENT}
    assert place.messages == 1


@pytest.mark.parametrize("fault", ["404", "500", "drop_after", "429"])
def test_trouble_with_the_webhook_holds_up_nothing_of_slacks(place: Place, fault: str) -> None:
    place.receiver.choose = lambda _: fault
    program = place.program()
    ingest(program)
    assert deliveries(program)["#ops"] is DeliveryState.SENT
    assert "Slack" not in " ".join(program.health()["words"]).replace("Slack or the webhook", "")


def test_trouble_with_slack_holds_up_nothing_of_the_webhooks(place: Place) -> None:
    place.slack.behaviour = "invalid_auth"
    program = place.program()
    ingest(program)
    assert deliveries(program)[WEBHOOK] is DeliveryState.SENT


def unreadable(*names: str) -> Callable[..., Any]:
    """What reads parameters while those cannot be read."""

    def secrets(values: Any, _: Any) -> list[str | None]:
        for value in values:
            if value and value.removeprefix("ssm:") in names:
                raise SecretError(f"SSM parameter {value.removeprefix('ssm:')}: AccessDenied")
        return list(values)

    return secrets


def test_where_slacks_parameters_cannot_be_read_the_webhook_is_told_all_the_same(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.receiver.choose = lambda _: "404"
    ingest(place.program())
    place.receiver.choose = None
    program = place.program(slack_token="ssm:/x", webhook_url=place.url + "2")
    monkeypatch.setattr(bootstrap, "secrets", unreadable("/x"))
    with pytest.raises(SecretError, match="/x"):
        program.sweep(left)
    assert deliveries(program)[WEBHOOK] is DeliveryState.SENT


def test_where_the_webhooks_parameters_cannot_be_read_slack_is_told_all_the_same(
    place: Place,
) -> None:
    program = place.program(webhook_url="ssm:/no/such/parameter")
    ingest(program)
    assert deliveries(program) == {"#ops": DeliveryState.SENT, WEBHOOK: DeliveryState.PENDING}


def test_the_same_thing_again_is_a_finding_of_its_own(place: Place) -> None:
    program = place.program()
    for number in range(3):
        program.ingest([cloudtrail("CreateUser", eventID=f"again-{number}")], left)
    assert len(set(place.told())) == len(place.told()) == 3


def test_an_acknowledged_alert_is_updated_there_too(place: Place) -> None:
    program = place.program()
    ingest(program)
    (alert,) = (each.alert for each in alerts(program))
    click = Click(
        action=Action.ACKNOWLEDGE,
        subject=alert.alert_id,
        person=Person(id="U1", name="anna"),
        at=bootstrap.now(),
    )
    handle(click, program)
    program.sweep(left)
    said = [finding for entry in place.receiver.journal for finding in entry["findings"]]
    assert [(each["activity_name"], each["status"]) for each in said] == [
        ("Create", "New"),
        ("Update", "In Progress"),
    ]
    assert len({each["finding_info"]["uid"] for each in said}) == 1


def test_an_update_of_one_among_several_that_came_together_is_told_too(place: Place) -> None:
    program = place.program(TO_WEBHOOK.replace('severity = "high"\n', ""))
    program.ingest([cloudtrail("CreateUser", eventID=f"one-{n}") for n in range(3)], left)
    (entry,) = place.receiver.journal
    assert len(entry["findings"]) == 3
    last = uids_of(entry)[-1]
    click = Click(
        action=Action.ACKNOWLEDGE,
        subject=last,
        person=Person(id="U1", name="anna"),
        at=bootstrap.now(),
    )
    handle(click, program)
    program.sweep(left)
    assert uids_of(place.receiver.journal[-1]) == [last]
    assert place.receiver.journal[-1]["findings"][0]["status"] == "In Progress"


def test_its_posts_are_kept_like_any_other(place: Place) -> None:
    program = place.program()
    ingest(program)
    (alert,) = (each.alert for each in alerts(program))
    (post,) = [p for p in program.store.queue.posts(alert.alert_id) if p.channel == WEBHOOK]
    assert (post.outcome, post.ts) == (SENT_OUTCOME, place.receiver.journal[0]["id"])
    assert program.message_url(post) is None


def test_health_says_who_parked(place: Place) -> None:
    place.receiver.choose = lambda _: "400"
    program = place.program()
    ingest(program)
    assert deliveries(program)[WEBHOOK] is DeliveryState.PARKED
    assert "refused by Slack or the webhook in every form" in " ".join(program.health()["words"])


def test_neither_url_nor_secret_is_in_a_settings_text() -> None:
    chosen = Settings(webhook_url="https://example.com/?token=abc", webhook_secret=SECRET)
    assert "example.com" not in repr(chosen)
    assert SECRET not in repr(chosen)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/in",
        "ftp://example.com/in",
        "https://user:word@example.com/in",
        "https://example.com/in#part",
        "https://",
        "example.com/in",
        "https://example.com/in\nX: y",
        "https://[::1/in",
    ],
)
def test_an_address_that_alerts_may_not_go_to_is_refused_without_being_told(url: str) -> None:
    with pytest.raises(SettingsError, match="WEBHOOK_URL is no address") as raised:
        Settings.from_env({"WEBHOOK_URL": url})
    assert url == "https://" or url not in str(raised.value)


def test_plain_http_is_for_this_machine_and_not_in_lambda() -> None:
    url = "http://localhost:9000/in?key=1"
    assert Settings.from_env({"WEBHOOK_URL": url}).webhook_url == url
    with pytest.raises(SettingsError, match="WEBHOOK_URL"):
        Settings.from_env({"WEBHOOK_URL": url, "AWS_LAMBDA_FUNCTION_NAME": "trailbell-dev-sweep"})


def test_in_lambda_url_and_secret_derive_from_the_functions_name() -> None:
    chosen = Settings.from_env({"AWS_LAMBDA_FUNCTION_NAME": "trailbell-dev-sweep"})
    assert chosen.webhook_url == "ssm:/trailbell-dev/webhook-url"
    assert chosen.webhook_secret == "ssm:/trailbell-dev/webhook-secret"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"webhook_secret": None}, "no_secret"),
        ({"webhook_secret": "short"}, "bad_secret"),
        ({"deployment": "trailbell-dev"}, "bad_url"),  # whose url is http
    ],
)
def test_what_is_set_up_wrongly_sends_nothing_and_says_why(
    place: Place, changes: dict[str, Any], reason: str
) -> None:
    program = place.program(**changes)
    ingest(program)
    (word,) = program.health()["words"]
    assert word.startswith("The webhook refuses")
    assert f": {reason}: " in word
    assert place.url not in word
    assert place.receiver.journal == []
