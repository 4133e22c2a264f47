"""What a person does about what a check of the self-watch found."""

from __future__ import annotations

from chalicelib.monitoring.lateness import SWEEP

_APPLY = "`setup_resources.py apply` mends it."
_DEPLOY = "`make deploy` mends it."
_TRAIL = (
    "`setup_resources.py apply` mends Trailbell's own trail; one that is adopted its owner mends."
)
_MEANT = f"{_TRAIL} If it is meant so, the next deployment takes it as it is."
STEPS = {
    "trail": f"{_TRAIL} Another is followed with `apply --trail NAME` and `make deploy`.",
    "recording": _MEANT,
    "regions": _MEANT,
    "key": _MEANT,
    "delivery": (
        "Start the trail if it is stopped, or give it back its role and log group:"
        " `setup_resources.py apply` does both for Trailbell's own."
    ),
    "silence": "`setup_resources.py status` asks what the trail and its log group are like.",
    "filter": _APPLY,
    "pattern": _APPLY,
    "permission": _APPLY,
    "function-ingest_logs": _DEPLOY,
    "function-ingest_events": _DEPLOY,
    "function-ingest_files": _DEPLOY,
    "function-sweep": _DEPLOY,
    "queue": _DEPLOY,
    "events": _DEPLOY,
    "schedule": _DEPLOY,
    "destination-ingest_logs": _APPLY,
    "destination-ingest_events": _APPLY,
    "failures": (
        "The sweep takes it in within minutes where it can; else its log says why, and"
        " `trailbell.py redrive` takes it in by hand."
    ),
    "parameters": "`setup_resources.py apply` makes them again.",
    "alarms": _APPLY,
    SWEEP: (
        "EventBridge's schedule invokes it every minute: look at that rule, at the function's"
        " reserved concurrency, and at its log."
    ),
}
