"""Archives in S3."""
