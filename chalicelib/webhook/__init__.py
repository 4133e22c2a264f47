"""What only the webhook knows: findings in OCSF, signed as Standard Webhooks has it."""
