"""What a phrase that does not tell it is followed by: whom a call lets in, and what it ends.

The grants are judged in exposure, what is off in switches.
"""

from __future__ import annotations

import re

from chalicelib.cloudtrail.exposure import opens_of
from chalicelib.cloudtrail.naming import name_of
from chalicelib.cloudtrail.particulars.openings import opening
from chalicelib.cloudtrail.policies import said
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.switches import PARTICULAR, switches, switches_off_of
from chalicelib.cloudtrail.words import enumeration

# Whom a call lets in, beside everyone, without that going without saying.
_OTHERS = ("account", "organization")
# What follows from a switch, of the thing that the phrase named.
_ENDS = {
    "deletion-protection": "it is no longer protected",
    "termination-protection": "it is no longer protected",
    "stop-protection": "it is no longer protected",
    "object-lock": "it can be deleted",
    "backups": "no backups are made",
    "encryption": "data is not encrypted",
    "versioning": "older versions are not kept",
    "access-log": "it keeps no access log",
    "cluster-log": "it keeps no logs",
    "database-log": "it keeps no logs",
    "build-log": "it keeps no log of builds",
    "firewall-log": "it keeps no log",
    "flow-logs": "it keeps no flow logs",
    "model-log": "it keeps no log of calls",
    "activity-stream": "others can change it",
    "alarm": "it calls nobody",
    "event-rule": "it does nothing",
    "config-narrowed": "it records less",
    "security-hub-standard": "it checks nothing",
    "inspector": "it scans less",
    "macie": "it looks at less",
    "guardduty-feature": "it looks at less",
    "guardduty-members": "new accounts are not watched",
    "public-access-block": "it no longer keeps the public out",
    "image-scan": "images are not scanned",
    "image-immutability": "tags can be overwritten",
    "mfa": "MFA is not asked for",
    "password-policy": "it asks for less",
}
# A change of a password is the change; to create a thing with one is not.
_CHANGES = re.compile(r"(Modify|Update|Set|Reset)")
_PASSWORD = re.compile(r"password$|^authtoken$", re.IGNORECASE)


def consequence(record: Record, phrase: str) -> str:
    """As in ", which admits account 444455556666" or " so that it keeps no logs"; mostly ""."""
    return (opening(record) or _admitted(record, phrase)) + _ended(record, phrase)


def _admitted(record: Record, phrase: str) -> str:
    who = dict.fromkeys(said(grant) for grant in opens_of(record) if grant.whom in _OTHERS)
    untold = [one for one in who if one.split(" (")[0].rpartition(" ")[2] not in phrase]
    return f", which admits {enumeration(untold)}" if untold else ""


def _ended(record: Record, phrase: str) -> str:
    off = switches_off_of(record) if _asked(record) else ()
    ends = [_ENDS[word] for word in off if word in _ENDS]
    if not ends and _CHANGES.match(record.event_name) and "password" not in phrase:
        ends = ["it has another password"] * any(map(_PASSWORD.search, record.request))
    return f" so that {enumeration(list(dict.fromkeys(ends)))}" if ends else ""


def _asked(record: Record) -> bool:
    """Whether it depends on what was asked: a call that only ends something says so itself."""
    name = name_of(record)
    lines = switches().get(name, ())
    return name in PARTICULAR or any(line.conditions for line in lines)
