"""Every route: what asks for it, who may, what it takes and what it answers.

api.py registers these, auth.py reads who may ask, lookup.py answers by their names, openapi.py and
docs/api.md list them. Imported at every cold start, so this imports nothing of ours.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


class Access(Enum):
    """Who may ask."""

    PUBLIC = "public"
    TOKEN = "token"  # noqa: S105
    SIGNED = "signed"  # by Slack, with the app's signing secret


class Route(NamedTuple):
    """One path, and the name under which lookup.py answers it.

    `parameters` names a group of parameters.py; where it is None, the query is not read. `schema`
    names one of openapi.py's; where it is None, the answer is a text, or an object if it is JSON.
    `errors` are besides those that every route has: 500, and what access and parameters bring.
    `takes` is the type of the body, where it has one.
    """

    path: str
    name: str
    summary: str
    access: Access = Access.TOKEN
    methods: tuple[str, ...] = ("GET",)
    parameters: str | None = None
    schema: str | None = None
    content_types: tuple[str, ...] = (JSON,)
    errors: tuple[int, ...] = ()
    more_with_token: bool = False  # a public route that tells more to who has the token
    unwell: str | None = None  # what a 503 that is no error, but the same schema, means
    takes: str = ""


ROUTES = (
    Route(
        path="/",
        name="shell",
        access=Access.PUBLIC,
        summary="The status page",
        content_types=("text/html",),
    ),
    Route(
        path="/assets/{name}",
        name="asset",
        access=Access.PUBLIC,
        summary="The page's stylesheet and script",
        content_types=("text/css", "text/javascript"),
        errors=(404,),
    ),
    Route(
        path="/health",
        name="health",
        access=Access.PUBLIC,
        parameters="none",
        summary="Whether Trailbell is well",
        schema="Health",
        more_with_token=True,
        unwell="It is not: red",
    ),
    Route(path="/openapi.json", name="openapi", summary="This document"),
    Route(
        path="/alerts",
        name="alerts",
        parameters="list",
        summary="Alerts, newest first",
        schema="AlertPage",
        errors=(503,),
    ),
    Route(
        path="/alerts.csv",
        name="alerts_csv",
        parameters="rows",
        summary="Alerts as CSV, newest first; X-Next-Cursor where there are more",
        content_types=("text/csv",),
        errors=(503,),
    ),
    Route(
        path="/alerts/{alert_id}",
        name="alert",
        parameters="none",
        summary="All that is known of one alert",
        schema="AlertDetails",
        errors=(404, 503),
    ),
    Route(
        path="/summary",
        name="summary",
        parameters="hours",
        summary="Counts over whole hours, the running one included",
        schema="Summary",
        errors=(503,),
    ),
    Route(
        path="/charts",
        name="charts",
        parameters="span",
        summary="Counts by severity over a day, a week or a month, in buckets",
        schema="Chart",
        errors=(503,),
    ),
    Route(
        path="/actors",
        name="actors",
        parameters="actors",
        summary="Who the newest alerts are of, each with the sessions, who was last there first",
        schema="Actors",
        errors=(503,),
    ),
    Route(
        path="/sessions/{alert_id}",
        name="session",
        parameters="none",
        summary="The session that an alert is of: what was done at one sitting, in order",
        schema="SessionStory",
        errors=(404, 503),
    ),
    Route(
        path="/rules",
        name="rules",
        parameters="none",
        summary="What is watched",
        schema="Rules",
        errors=(503,),
    ),
    Route(
        path="/mutes",
        name="mutes",
        parameters="none",
        summary="The mutes in force: of what, by whom, until when, and how many each hides",
        schema="Mutes",
        errors=(503,),
    ),
    Route(
        path="/slack/actions",
        name="actions",
        access=Access.SIGNED,
        methods=("POST",),
        takes=FORM,
        summary="A button or menu of a message, as Slack sends it",
        errors=(503,),
    ),
    Route(
        path="/slack/commands",
        name="commands",
        access=Access.SIGNED,
        methods=("POST",),
        takes=FORM,
        summary="`/trailbell`, as Slack sends it; the answer is for who asked",
        errors=(503,),
    ),
)
