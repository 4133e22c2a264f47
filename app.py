"""Entry points of the Chalice application: wiring, nothing else."""

from __future__ import annotations

from chalice.app import Chalice

app = Chalice(app_name="trailbell")
