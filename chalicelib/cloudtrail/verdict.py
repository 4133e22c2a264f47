"""Whether a call worked, from wherever the service says it: an Outcome and AWS's word for it.

Sources: the CloudTrail user guide, "CloudTrail record contents" (errorCode, responseElements,
serviceEventDetails, additionalEventData), "AWS Management Console sign-in events"; the EC2 API
reference, "Error codes" (Client.DryRunOperation); the Organizations user guide, "Logging
Organizations API calls" (CreateAccountResult).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.cloudtrail.reading import each
from chalicelib.cloudtrail.record import Record


class Verdict(NamedTuple):
    """An outcome and, where the call did not work, why: AWS's own word."""

    outcome: Outcome
    reason: str = ""


# Patterns as texts: re compiles each at first use, and a cold start that judges nothing pays none.
# How services spell that a permission was wanting, without blanks, points and dashes.
_REFUSALS = (
    r"accessdenied|accessisdenied|unauthori[sz]ed|notauthori[sz]ed|authorization(error|fail)|"
    r"^forbidden|"
    r"forbidden$|forbiddenexception|explicitdeny|permissiondenied|^authfailure$|allaccessdisabled|"
    r"(insufficient|missing)(permission|privilege)|nopermission|notallowedtoaccess"
)
# What the message says where the code is a general one. Source: the IAM user guide,
# "Troubleshooting access denied error messages".
_REFUSAL_TOLD = (
    r"(?i)\b(is not authorized to perform|are not authorized to perform|with an explicit deny|"
    r"access ?denied)\b"
)
_NOTHING = frozenset({"", "-", "--", "null", "none"})
_HTTP = r"(?i)(?:https?[ /]?(?:[\d.]+)? *)?([1-5]\d\d)(?: [A-Za-z].*)?"
_DONE = frozenset({"success", "succeeded", "successful", "ok", "complete", "completed", "true"})
_NOT_DONE = frozenset({"failure", "failed", "fail", "error", "false", "unsuccessful"})
_TELLING = ("state", "status", "result", "statuscode", "statustype", "outcome", "success")
_REASONS = ("failurereason", "failurecode", "errorcode", "reason", "statusreason", "errormessage")
_SPELLING = r"[^a-z0-9]"


def outcome_of(record: Record) -> Verdict:
    """What came of the call: a failure that anything tells, else what cannot be read."""
    found = list(_told(record))
    for verdict in found:
        if verdict.outcome not in (Outcome.SUCCEEDED, Outcome.UNKNOWN):
            return verdict
    unknown = next((one for one in found if one.outcome is Outcome.UNKNOWN), None)
    if unknown:
        return unknown
    return Verdict(Outcome.DRY_RUN) if _asks_dry_run(record) else Verdict(Outcome.SUCCEEDED)


def outcome_of_code(code: str, message: str) -> Outcome:
    """What an errorCode and an errorMessage alone tell, as kept of alerts before outcomes were."""
    if not code and not message:
        return Outcome.SUCCEEDED
    return _of_code(code, message).outcome


def _told(record: Record) -> Iterator[Verdict]:
    """What each part says that has something to say, errorCode first."""
    raw = record.raw
    yield from _of_error(raw.get("errorCode"), raw.get("errorMessage"))
    for name, read in _PARTS.items():
        part = raw.get(name)
        if part is not None and not _says_nothing(part):
            yield from read(record, part)


def _of_error(code: Any, message: Any) -> Iterator[Verdict]:
    told = message.strip() if isinstance(message, str) else ""
    if code is None or _says_nothing(code):
        if message is not None and not isinstance(message, str):
            yield Verdict(Outcome.UNKNOWN)
        elif not _says_nothing(told):
            yield _of_code("", told)
    elif isinstance(code, str):
        yield _of_code(code.strip(), told)
    elif isinstance(code, int) and not isinstance(code, bool) and 100 <= code < 600:
        yield _of_code(str(code), told)
    else:
        yield Verdict(Outcome.UNKNOWN)


def _of_code(code: str, message: str) -> Verdict:
    """What an error's code says, else its message."""
    verdict = _of_code_alone(code)
    if verdict.outcome is not Outcome.FAILED:
        return verdict
    told = re.search(_REFUSAL_TOLD, message) is not None
    return Verdict(Outcome.REFUSED if told else Outcome.FAILED, verdict.reason or message)


@lru_cache(maxsize=256)  # an account has few different ones
def _of_code_alone(code: str) -> Verdict:
    """A code of HTTP for a success is no error."""
    status = re.fullmatch(_HTTP, code)
    word = code.removeprefix("Client.").removeprefix("Server.")
    spelled = re.sub(_SPELLING, "", word.lower())
    if status and int(status[1]) < 400:
        return Verdict(Outcome.SUCCEEDED)
    if code and not spelled:  # "..." and the like stand for what somebody cut out
        return Verdict(Outcome.UNKNOWN)
    if spelled in ("success", "succeeded", "ok", "noerror"):
        return Verdict(Outcome.SUCCEEDED)
    if "dryrunoperation" in spelled:
        return Verdict(Outcome.DRY_RUN, word)
    refused = status is not None and int(status[1]) in (401, 403)
    if refused or re.search(_REFUSALS, spelled):
        return Verdict(Outcome.REFUSED, word)
    return Verdict(Outcome.FAILED, word)


def _of_response(record: Record, response: Any) -> Iterator[Verdict]:
    """ConsoleLogin: "Failure", SwitchRole, CheckMfa; EC2's _return; an error told inside; as of
    organizations:CreateAccount {"createAccountStatus": {"state": "FAILED"}}.
    """
    name, signing_in = record.event_name, _signs_in(record)
    if not isinstance(response, dict):
        yield _with_reason(_of_word(response), record)
        return
    if name and name in response:
        word = _of_word(response[name])
        if signing_in or word.outcome is not Outcome.UNKNOWN:
            yield _with_reason(word, record)
    elif signing_in and "omitted" in response:
        yield Verdict(Outcome.UNKNOWN)
    for part in (response, *(value for key, value in response.items() if key.endswith("Response"))):
        if not isinstance(part, dict):
            continue
        for key in ("_return", "return"):
            if part.get(key) is not None:
                yield _with_reason(_of_word(part[key]), record)
        if any(each(part.get("unsuccessful"))):  # EC2: some or all of what was named
            yield Verdict(Outcome.UNKNOWN)
        yield from _of_error(part.get("errorCode"), part.get("errorMessage"))
    if record.read_only is not True:
        for key, part in response.items():
            if key.lower().endswith("status") and isinstance(part, dict):
                yield from _of_part(part, strict=False)


def _of_details(record: Record, details: Any) -> Iterator[Verdict]:
    """The result of what a service did by itself or for somebody, after it was asked."""
    if not isinstance(details, dict):
        yield _of_word(details)
        return
    told = details.get(record.event_name)
    if record.event_name in details and not isinstance(told, dict):
        yield _with_reason(_of_word(told), record)
        return
    # A result is told nowhere else: where its state is not there, nobody knows it.
    strict = told is not None or record.event_name.endswith("Result")
    parts = [part for part in (details, *details.values()) if isinstance(part, dict)]
    found = [verdict for part in parts for verdict in _of_part(part, strict=strict)]
    yield from found or ([Verdict(Outcome.UNKNOWN)] if strict else [])


def _of_additional(record: Record, additional: Any) -> Iterator[Verdict]:
    """As Grafana tells it: {"result": {"statusType": "failure", "statusCode": "403"}}."""
    if not isinstance(additional, dict):
        yield Verdict(Outcome.UNKNOWN)
        return
    if record.event_name in additional and isinstance(additional[record.event_name], str):
        word = _of_word(additional[record.event_name])
        if word.outcome is not Outcome.UNKNOWN:
            yield _with_reason(word, record)
    result = additional.get("result")
    if isinstance(result, dict):
        yield from _of_part(result, strict=True)
    elif result is not None:
        yield _of_word(result)
    yield from _of_error(additional.get("errorCode"), additional.get("errorMessage"))


def _of_part(part: dict[str, Any], *, strict: bool) -> Iterator[Verdict]:
    """What the state or status of an object says. Elsewhere than in a result, most words there
    are of something else: only a failure counts.
    """
    keyed = {key.lower(): value for key, value in part.items()}
    said = (keyed.get(key) for key in _REASONS)
    reason = next((word for word in said if isinstance(word, str) and word), "")
    for key in _TELLING:
        if keyed.get(key) is None or isinstance(keyed[key], dict):
            continue
        verdict = _of_word(keyed[key])
        if strict or verdict.outcome in (Outcome.FAILED, Outcome.REFUSED):
            yield verdict._replace(reason=reason or verdict.reason)


def _of_word(value: Any) -> Verdict:
    """What a word, a switch or a status of HTTP says; UNKNOWN of anything else."""
    if isinstance(value, bool):
        return Verdict(Outcome.SUCCEEDED) if value else Verdict(Outcome.FAILED)
    word = str(value).strip() if isinstance(value, str | int) else ""
    if re.fullmatch(_HTTP, word):
        return _of_code(word, "")
    spelled = re.sub(_SPELLING, "", word.lower())
    if spelled in _DONE:
        return Verdict(Outcome.SUCCEEDED)
    if spelled in _NOT_DONE:
        return Verdict(Outcome.FAILED)  # such a word gives no reason
    if re.search(_REFUSALS, spelled) or spelled in ("denied", "refused", "deny"):
        return Verdict(Outcome.REFUSED)
    return Verdict(Outcome.UNKNOWN)


def _with_reason(verdict: Verdict, record: Record) -> Verdict:
    """Sign-ins tell in errorMessage why they failed."""
    if verdict.outcome is Outcome.FAILED and record.error_message:
        return verdict._replace(reason=record.error_message)
    return verdict


def _says_nothing(value: Any) -> bool:
    return isinstance(value, str) and value.strip().lower() in _NOTHING


def _signs_in(record: Record) -> bool:
    signing_in = record.event_type.lower() == "awsconsolesignin"
    return signing_in or record.event_source.startswith("signin.")


def _asks_dry_run(record: Record) -> bool:
    """As Lambda, KMS and others take it: a call that is only checked."""
    for key, value in record.request.items():
        name = key.lower()
        if name == "dryrun" and (value is True or str(value).lower() == "true"):
            return True
        if name == "invocationtype" and value == "DryRun":
            return True
    return False


_PARTS: dict[str, Callable[[Record, Any], Iterator[Verdict]]] = {
    "responseElements": _of_response,
    "serviceEventDetails": _of_details,
    "additionalEventData": _of_additional,
}
