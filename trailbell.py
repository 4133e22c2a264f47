"""Operator's command: try events and rules, run the program here, look after the outbox."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    try:
        from cli.main import main

        main(complete_var="_TRAILBELL_COMPLETE")
    except ModuleNotFoundError as error:
        sys.exit(f"{error}. Run `make setup`, then .venv/bin/python trailbell.py")
