"""What happened: CloudTrail records, read."""
