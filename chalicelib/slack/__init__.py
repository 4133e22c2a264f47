"""Telling: alerts become Slack messages, sent in time and once."""
