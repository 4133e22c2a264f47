"""Operator's command: try events and rules, run the program here, look after the outbox."""

from __future__ import annotations

from cli.main import main

if __name__ == "__main__":
    main()
