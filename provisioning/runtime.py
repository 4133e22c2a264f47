"""The runtime that `chalice deploy` will choose: that of the Python which runs it."""

from __future__ import annotations

from datetime import date, timedelta

# From then on AWS takes no new function of it. Source: AWS Lambda's table of runtimes, as cfn-lint
# 1.58 carries it.
ENDS = {
    (3, 11): date(2027, 7, 31),
    (3, 12): date(2028, 11, 30),
    (3, 13): date(2029, 7, 31),
    (3, 14): date(2029, 7, 31),
}
NEXT = "3.13"
# Dated years ahead, an end asks nothing of anybody yet.
AHEAD = timedelta(days=365)


def warning(version: tuple[int, int], today: date) -> str | None:
    """What to do about a runtime whose end AWS has dated within a year."""
    ends = ENDS.get(version)
    if ends is None or ends - today > AHEAD:
        return None
    name = f"python{version[0]}.{version[1]}"
    verb = "takes" if today < ends else "took"
    when = "until" if today < ends else "only until"
    return (
        f"AWS {verb} new functions of {name}, which chalice deploy chooses here, {when} {ends}: "
        f"make setup PYTHON=python{NEXT} and deploy again before that"
    )
