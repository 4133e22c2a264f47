"""What only Slack knows: its messages, calls, limits, refusals and addresses."""
