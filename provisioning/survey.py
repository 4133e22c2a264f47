"""Survey: everything that is read before anything is planned."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from chalicelib.rules.rule import Rule
from chalicelib.settings import FUNCTIONS
from provisioning.adoption import adopting, require_one_source
from provisioning.api import API_STAGE
from provisioning.aws import Aws
from provisioning.change import Call, Found, Part
from provisioning.choices import Choices, choices_from_json
from provisioning.errors import OperatorError, denied_call, is_denied
from provisioning.function import listening_since, other_filters
from provisioning.function_roles import deployed_by
from provisioning.installation import Installation
from provisioning.key import own_key
from provisioning.parameters import Values, memory, public_url, with_known
from provisioning.parts import former, parts
from provisioning.trail_files import made_since
from provisioning.trails import Trail, existing

T = TypeVar("T")
NOT_THERE = ("ResourceNotFoundException",)  # Lambda's word for it, and that of Logs


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the operator asked for: choices given now, values, and the derived filter pattern.

    `deployed_here` is whether Chalice knows in this clone what it deployed. `rules` are those that
    the pattern is derived from, `config` is the stage's part of .chalice/config.json.
    """

    app: str
    stage: str
    given: Mapping[str, Any]
    values: Values
    pattern: str
    deployed_here: bool = True
    rules: Sequence[Rule] = ()
    config: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What there is. `functions` are Lambda's configurations of those deployed, by name;
    `found` is what was seen of each of `parts` and of `former`, by title. `listening_since` is
    when our filter, or the queue that tells of files, was made.

    In a lenient survey `unread` holds the call that was refused, by what could not be read, and
    `refused` the sentences about them; `lacking` those about adopted things that are not there.
    """

    at: Installation
    trails: list[Trail]
    functions: Mapping[str, dict[str, Any]]
    public_url: str | None
    pattern: str
    other_filters: tuple[str, ...]
    listening_since: datetime | None
    parts: list[Part]
    former: list[Part]
    found: Found
    unread: Mapping[str, str] = field(default_factory=dict)
    refused: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()


def survey(aws: Aws, request: Request, *, lenient: bool = False) -> Survey:
    """Read all of it; changes nothing. Where it is `lenient`, what may not be read is noted and the
    rest read on. Raises OperatorError.
    """
    reader = Reader(lenient=lenient)
    start = _installation(aws, request, reader)
    require_one_source(start.choices)
    trails = reader.of("trails", lambda: existing(aws), list[Trail]())
    at = reader.adopted(lambda: adopting(aws, start, trails), start)
    functions = _functions(aws, at, reader)
    api = _rest_api(aws, at, reader) if at.function() in functions else None
    at = replace(at, api=api)
    url = _public_url(aws, at, request.values, functions, reader)
    values = replace(request.values, public_url=url)
    pattern = at.choices.filter_pattern or request.pattern
    filters = reader.of("filters", lambda: _filters(aws, at), list[dict[str, Any]]())
    since = listening_since(at, filters)
    if at.reads_files:
        since = reader.of("queue", lambda: made_since(aws, at), None)
    others = other_filters(at, filters)
    present = frozenset(functions)
    left = former(at, present)
    found = aws.look_at_all([*parts(at, values, present, pattern, others), *left], lenient=lenient)
    at = with_known(at, found)
    return Survey(
        at=at,
        trails=trails,
        functions=functions,
        public_url=url,
        pattern=pattern,
        other_filters=others,
        listening_since=since,
        parts=parts(at, values, present, pattern, others),
        former=left,
        found=found,
        unread=reader.unread,
        refused=tuple(dict.fromkeys(reader.refused)),
        lacking=tuple(reader.lacking),
    )


class Reader:
    """Notes what may not be read, or is not there to be adopted, where it is lenient."""

    def __init__(self, *, lenient: bool) -> None:
        self.lenient = lenient
        self.unread = dict[str, str]()
        self.refused = list[str]()
        self.lacking = list[str]()

    def of(self, what: str, read: Callable[[], T], otherwise: T) -> T:
        """What is read; else what stands in for it."""
        try:
            return read()
        except OperatorError as error:
            action = denied_call(error)
            if not (self.lenient and action):
                raise
            self.unread[what] = action
            self.refused.append(str(error))
            return otherwise

    def adopted(self, read: Callable[[], Installation], otherwise: Installation) -> Installation:
        """The same where what was chosen may be gone."""
        try:
            return read()
        except OperatorError as error:
            if not self.lenient or (error.__cause__ and not is_denied(error)):
                raise
            self.lacking.append(str(error))
            return otherwise


def _installation(aws: Aws, request: Request, reader: Reader) -> Installation:
    identity = aws.read(Call(service="sts", operation="get_caller_identity"))
    start = Installation(
        app=request.app,
        stage=request.stage,
        partition=identity["Arn"].split(":")[1],
        account=identity["Account"],
        region=aws.region,
        choices=Choices(),
        deploys=deployed_by(request.config),
        traced=request.config.get("xray") is True,
    )
    kept = reader.of("choices", lambda: _kept(aws, start, reader), Choices())
    at = replace(start, choices=kept.updated(request.given))
    return replace(at, own_key=reader.of("key", lambda: own_key(aws, at), None))


def _kept(aws: Aws, at: Installation, reader: Reader) -> Choices:
    """The choices of earlier runs."""
    kept = aws.look(memory(at))
    try:
        return choices_from_json(kept) if kept else Choices()
    except ValueError as error:
        name = at.parameter("installation")
        spoilt = OperatorError(
            f"{name} holds no choices of apply's ({error}): aws ssm delete-parameter --name "
            f"{name}, then apply with the options that you want"
        )
        if not reader.lenient:
            raise spoilt from error
        reader.refused.append(str(spoilt))
        return Choices()


def _functions(aws: Aws, at: Installation, reader: Reader) -> dict[str, dict[str, Any]]:
    names = [at.function(name) for name in (None, *FUNCTIONS)]
    nothing: dict[str, Any] | None = {}
    read = {name: reader.of(name, partial(_function, aws, name), nothing) for name in names}
    return {name: found for name, found in read.items() if found is not None}


def _function(aws: Aws, name: str) -> dict[str, Any] | None:
    call = Call(
        service="lambda",
        operation="get_function_configuration",
        parameters={"FunctionName": name},
    )
    return aws.find(call, NOT_THERE, f"reading the function {name}")


def _filters(aws: Aws, at: Installation) -> list[dict[str, Any]]:
    call = Call(
        service="logs",
        operation="describe_subscription_filters",
        parameters={"logGroupName": at.log_group},
    )
    found = aws.find(call, NOT_THERE, f"reading the filters of {at.log_group}")
    return list(found["subscriptionFilters"]) if found else []


def _public_url(
    aws: Aws,
    at: Installation,
    values: Values,
    functions: Mapping[str, Any],
    reader: Reader,
) -> str | None:
    """The given address; else API Gateway's, unless somebody set another one."""
    if values.public_url is not None or at.function() not in functions:
        return values.public_url
    kept = reader.of("public URL", lambda: aws.look(public_url(at, None)), None)
    if kept is not None and ".execute-api." not in kept:
        return None
    address = f"https://{at.api}.execute-api.{at.region}.{at.url_suffix}/{API_STAGE}/"
    return address if at.api else None


def _rest_api(aws: Aws, at: Installation, reader: Reader) -> str | None:
    """Chalice names the API of every stage alike; which is ours, the function's policy says."""
    policy = reader.of("the API", lambda: _policy(aws, at.function()), "")
    found = re.findall(r":execute-api:[^:]+:[^:]+:([^/]+)/", json.dumps(json.loads(policy or "{}")))
    return str(found[-1]) if found else None


def _policy(aws: Aws, function: str) -> str:
    call = Call(service="lambda", operation="get_policy", parameters={"FunctionName": function})
    found = aws.find(call, NOT_THERE, f"reading the policy of {function}")
    return str(found["Policy"]) if found else ""
