"""What the commands of setup_resources.py do, given AWS and a console."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace

from rich.console import Console

from chalicelib.monitoring.pattern_check import deafened
from provisioning import guide
from provisioning.aws import Aws
from provisioning.change import Action, Change, Unread, plan_removal
from provisioning.errors import OperatorError
from provisioning.installation import Installation
from provisioning.key import key
from provisioning.operator import Operator
from provisioning.parts import leftovers, parts
from provisioning.planning import planned
from provisioning.refusals import permissions, refusals
from provisioning.runtime import warning
from provisioning.show import EFFECTIVE, show_parts, show_plan, show_refusals
from provisioning.status import Verdict, status
from provisioning.survey import Request, Survey, survey
from provisioning.trails import monthly_events, price
from provisioning.watching import Outside

UNCHANGED = "Nothing was changed."


def show_what_would_change(aws: Aws, request: Request, operator: Operator) -> bool:
    """The command `plan`; False where AWS will refuse something. Raises OperatorError."""
    seen = survey(aws, request, lenient=True)
    _head(aws, seen, request, operator.console)
    readable = [part for part in seen.parts if not isinstance(seen.found[part.title], Unread)]
    changes = planned(replace(seen, parts=readable), aws.now())
    show_plan(operator.console, changes, everything=True)
    asked = permissions(aws, seen)
    refused = [*refusals(aws, seen, request.config), *asked.denied]
    show_refusals(operator.console, refused, asked.untried)
    return not refused and not any(change.action is Action.BLOCKED for change in changes)


def apply(aws: Aws, request: Request, operator: Operator) -> bool:
    """The command `apply`; False where something is blocked or was not confirmed. Where AWS is
    certain to refuse something, nothing is made. Raises OperatorError.
    """
    seen = survey(aws, request, lenient=True)
    if refused := refusals(aws, seen, request.config):
        raise OperatorError("\n".join(refused))
    _head(aws, seen, request, operator.console)
    if not guide.is_the_right_place(aws, seen, operator):
        operator.say(UNCHANGED)
        return False
    request, new_token = guide.with_secrets(request, seen, operator)
    seen = _replanned(seen, request)
    changes = planned(seen, aws.now())
    show_plan(operator.console, changes, everything=False)
    if not _agreed(changes, operator, "Make these changes?"):
        return False
    if seen.at.owns_key and seen.at.own_key is None:
        # What it encrypts is made with its ARN, which is known once it is there.
        _perform(aws, [one for one in changes if one.title == key(seen.at)[0].title], operator)
        seen = _replanned(survey(aws, request, lenient=True), request)
        changes = planned(seen, aws.now())
    _perform(aws, changes, operator)
    guide.say_what_is_new(seen, operator, new_token)
    guide.say_what_is_next(seen, operator)
    return not any(change.action is Action.BLOCKED for change in changes)


def show_status(
    aws: Aws, request: Request, outside: Outside, operator: Operator, *, as_json: bool = False
) -> bool:
    """The command `status`; True where all is well."""
    seen = survey(aws, request, lenient=True)
    found = status(aws, seen, request, outside)
    if as_json:
        whose = {"deployment": seen.at.deployment, "account": seen.at.account}
        whole = {**whose, "region": seen.at.region, **found.as_json()}
        operator.console.out(json.dumps(whole, indent=2), highlight=False)
    else:
        show_parts(operator.console, seen.at.deployment, found)
    return found.verdict is Verdict.HEALTHY


def destroy(aws: Aws, request: Request, operator: Operator, *, data: bool) -> bool:
    """The command `destroy`; adopted things are no parts, so nothing of them is touched."""
    seen = survey(aws, request, lenient=True)
    if unread := [*seen.refused, *_unread(seen)]:
        raise OperatorError("\n".join(unread))
    for sentence in seen.lacking:
        # What was adopted may be gone; what is ours goes all the same.
        operator.say(f"Not looked at: {sentence}", style="yellow")
    found = {**seen.found, **aws.look_at_all(leftovers(seen.at))}
    removable = [*leftovers(seen.at), *seen.former, *seen.parts]
    changes = plan_removal(removable, found, frozenset(seen.functions), data=data)
    show_plan(operator.console, changes, everything=True)
    if not _agreed(changes, operator, "Remove these?"):
        return False
    _perform(aws, changes, operator)
    if seen.functions:
        step = f"chalice delete --stage {seen.at.stage} where they were deployed"
        operator.console.print(
            f"The functions are Chalice's: {step}, then destroy once more (make destroy does both)."
        )
    return True


def _unread(seen: Survey) -> Iterator[str]:
    """Sentences about what may not be read."""
    for found in seen.found.values():
        if isinstance(found, Unread):
            yield found.said


def _head(aws: Aws, seen: Survey, request: Request, console: Console) -> None:
    at = seen.at
    console.print(
        f"{at.deployment} in account {at.account}, {at.region}", style="bold", highlight=False
    )
    adopted = {"trail": at.choices.trail, "log group": at.choices.log_group}
    adopted["bucket"] = at.choices.bucket
    for kind, name in adopted.items():
        if name:
            console.print(f"Adopted, never changed or deleted: {kind} {name}", highlight=False)
    runtime = warning(sys.version_info[:2], aws.now().date())
    if runtime:
        console.print(runtime, style="yellow", highlight=False)
    if at.choices.trail and at.trail_is_anothers:
        console.print(_of_another(at), style="yellow", highlight=False)
    pinned = at.choices.filter_pattern
    if pinned and (deaf := deafened(request.rules, pinned)):
        said = f"--filter-pattern keeps records from rules. {deaf}"
        console.print(said, style="yellow", highlight=False, markup=False)
    if at.left_out:
        console.print(_unheard(at), style="yellow", highlight=False)
    monthly = monthly_events(aws, seen.trails, aws.now()) if at.owns_trail else None
    for line in price(at, seen.trails, monthly):
        console.print(line, style="yellow", highlight=False)
    if seen.functions and not request.deployed_here:
        console.print(
            f"The functions were deployed elsewhere: .chalice/deployed/{at.stage}.json is not "
            "here, without which chalice deploy makes a second API and chalice delete removes "
            "nothing. Copy it from where they were deployed (CloudFormation needs none); where "
            "chalice deploy was cut off here, deploy again and delete the API that is not used.",
            style="yellow",
            highlight=False,
        )


def _of_another(at: Installation) -> str:
    owner = at.trail_arn.split(":")[4]
    return (
        f"{at.trail} is account {owner}'s, who alone can say and change what it records: what it "
        "leaves out, such as reads, is not heard. aws cloudtrail get-event-selectors there says it."
    )


def _unheard(at: Installation) -> str:
    said = f"{at.trail} leaves out {', '.join(at.left_out)}: rules about them hear nothing"
    if at.hears_our_reads:
        return f"{said}."
    return (
        f"{said}, and neither does the alarm of a silent trail, which is left out: whether it is "
        "silent is asked by cloudtrail:GetTrailStatus alone (the self-watch, and status)."
    )


def _replanned(seen: Survey, request: Request) -> Survey:
    """The same survey, with parts that want the values just given."""
    values = replace(request.values, public_url=seen.public_url)
    wanted = parts(seen.at, values, frozenset(seen.functions), seen.pattern, seen.other_filters)
    return replace(seen, parts=wanted)


def _agreed(changes: Iterable[Change], operator: Operator, question: str) -> bool:
    effective = any(change.action in EFFECTIVE for change in changes)
    if effective and not operator.confirm(question):
        operator.say(UNCHANGED)
        return False
    return True


def _perform(aws: Aws, changes: Iterable[Change], operator: Operator) -> None:
    for change in changes:
        if change.action in EFFECTIVE:
            aws.perform_all(change.calls, change.title)
            operator.say(f"done  {change.title}")
