"""The linter: each mistake is told with what to write instead, and nothing right is told."""

from __future__ import annotations

import pytest

from chalicelib.rules.filter_pattern import compile_pattern
from chalicelib.rules.lint import lint


def messages(pattern: str) -> list[str]:
    return [warning.message for warning in lint(compile_pattern(pattern))]


@pytest.mark.parametrize(
    ("pattern", "instead"),
    [
        ("{ $.readOnly = false }", '"$.readOnly IS FALSE"'),
        ('{ $.readOnly = "true" }', '"$.readOnly IS TRUE"'),
        ('{ $.readOnly != "true" }', '"$.readOnly IS FALSE"'),
        ("{ $.readOnly = False }", '"$.readOnly IS FALSE"'),
        ("{ $.requestParameters.privileged = true }", "$.requestParameters.privileged IS TRUE"),
        ("{ $.sessionCredentialFromConsole IS TRUE }", '$.sessionCredentialFromConsole = "true"'),
        (
            "{ $.userIdentity.sessionContext.attributes.mfaAuthenticated IS FALSE }",
            'mfaAuthenticated = "false"',
        ),
        ("{ $.eventName = A && $.eventName = B }", "never holds with $.eventName = A before it"),
        ("{ ($.a = A && ($.b = c && $.a = B)) || $.d = e }", "never holds with $.a = A"),
        ('{ $.a = "A" && $.a NOT EXISTS }', "join them by ||"),
        ("{ $.sourceIPAddress != 10.* || $.sourceIPAddress != 192.168.* }", "write &&"),
        ("{ $.a = b && ($.ip != 1.* || ($.ip != 2.* || $.c = d)) }", "write &&"),
        ("{ $.errorCode != AccessDenied }", "($.errorCode NOT EXISTS)"),
        ("{ $.additionalEventData.MFAUsed != Yes }", "MFAUsed NOT EXISTS"),
        (
            "{ $.userIdentity.sessionContext.sessionIssuer.userName != ci }",
            "sessionIssuer.userName NOT EXISTS",
        ),
        ("{ $.requestParameters.commands = *curl* }", "commands[*]"),
        ("{ $.requestParameters.ipPermissions.items.fromPort = 22 }", "items[0]"),
        ("{ $.resources.ARN = x }", "resources[*]"),
        ('{ $.facts.outcom = "refused" }', "no fact is called 'outcom'"),
        ('{ $.facts.outcome = "denied" }', "no 'denied' for $.facts.outcome"),
        ('{ $.facts.exposed = "everyone queue" }', "$.facts.exposed[*]"),
        ('{ $.facts.exposed[*] = "everybody queue" }', "no 'everybody queue'"),
        ('{ $.facts.exposed[*] = "everyone admin-prt" }', "no 'everyone admin-prt'"),
        ('{ $.facts.switches_off[*] = "trails" }', "no 'trails'"),
        ('{ $.facts.gives[*] = "admin" }', "no 'admin'"),
        ('{ $.facts.outcome != "denied" }', "holds whatever it is"),
        ('{ $.facts.mfa = "no" }', "no 'no' for $.facts.mfa"),
        ("{ $.facts.outcom NOT EXISTS }", "always holds: no fact is called 'outcom'"),
        ("{ $.facts.mfa NOT EXISTS }", 'write $.facts.mfa = ""'),
        ("{ $.facts.exposed NOT EXISTS }", "write $.facts.exposed[*] NOT EXISTS"),
        ("{ $.facts.person IS TRUE }", 'write $.facts.person = "true"'),
        ('{ $.facts.actor.name = "bob" }', "write $.facts.actor"),
        ('{ $.facts.outcome[*] = "failed" }', "write $.facts.outcome"),
        ('{ $.facts = "failed" }', "$.facts alone is no fact"),
        ("{ $.a = arn*role }", '"arn*" and "*role"'),
        ("{ $.a = *b*c }", "%regex%"),
        ("{ $.a != arn*role }", "%regex%"),
        ("{ $.a[*] = arn*role }", "%regex%"),
        ("{ $.a != * }", '"$.a NOT EXISTS"'),
        ('{ $.errorCode = "AccessDenied*" || ($.eventName != "HeadBucket") }', "join it by &&"),
        ("{ ($.a = b && $.c = d) || ($.e = f || $.sourceIPAddress != 10.*) }", "join it by &&"),
        (
            "{ $.userIdentity.type != Root && $.userIdentity.userName != ci }",
            "userName NOT EXISTS",
        ),
        ("{ $.a = \"'Root'\" }", 'write "Root"'),
    ],
)
def test_a_mistake_is_told_with_what_to_write_instead(pattern: str, instead: str) -> None:
    (message,) = messages(pattern)
    assert instead in message


@pytest.mark.parametrize(
    "pattern",
    [
        "{ $.readOnly IS FALSE }",
        "{ $.readOnly = * }",
        '{ $.readOnly IS FALSE || $.readOnly = "false" }',
        '{ $.sessionCredentialFromConsole = "true" }',
        "{ $.sourceIPAddress != 10.* && $.sourceIPAddress != 192.168.* }",
        "{ $.a != 1 || $.b != 2 }",
        "{ $.a = A || $.a = B }",
        "{ $.a = A && $.a = A }",
        "{ $.a = A* && $.a = AB }",
        "{ $.a[*] = A && $.a[*] = B }",
        "{ ($.a = A && $.b = c) || ($.a = B && $.b = d) }",
        "{ $.a != 1 || $.a != 1 }",
        "{ $.a != 1 || ($.a != 2 && $.b = c) }",
        "{ $.errorCode != AccessDenied || $.errorCode NOT EXISTS }",
        "{ $.additionalEventData.MFAUsed != Yes || $.additionalEventData NOT EXISTS }",
        '{ $.userIdentity.type != "AssumedRole" || $.userIdentity.sessionContext.x != "ci" }',
        "{ $.userIdentity.type = IAMUser && $.userIdentity.userName != ci }",
        "{ $.userIdentity.type = AssumedRole && $.userIdentity.sessionContext.x != ci }",
        '{ $.errorCode = "*Denied" && $.errorCode != AccessDenied }',
        "{ $.additionalEventData.MFAUsed = * && $.additionalEventData.MFAUsed != Yes }",
        "{ $.eventName != ConsoleLogin || $.eventName NOT EXISTS }",
        "{ $.a = b && ($.eventName != ConsoleLogin || $.c = d) }",
        "{ $.eventName != ConsoleLogin && $.a = b || $.c = d }",
        "{ $.requestParameters.commands[*] = *curl* }",
        "{ $.requestParameters.commands NOT EXISTS }",
        "{ $.items[0].a = 1 }",
        '{ $.a = "*b*" }',
        '{ $.a = "\'" }',
        "ERROR -WARN",
        "[a, b != c*d]",
        "",
    ],
)
def test_what_is_right_is_not_warned_of(pattern: str) -> None:
    assert messages(pattern) == []


def test_a_warning_names_the_condition_and_its_place() -> None:
    pattern = "{ $.a = b && $.readOnly = false }"
    (warning,) = lint(compile_pattern(pattern))
    assert (warning.text, warning.start) == ("$.readOnly = false", 13)


def test_warnings_come_in_the_order_of_their_places() -> None:
    pattern = "{ $.ip != a || $.ip != b || $.readOnly = true || $.errorCode != c*d }"
    starts = [warning.start for warning in lint(compile_pattern(pattern))]
    assert starts == sorted(starts)
    assert len(starts) == 4
