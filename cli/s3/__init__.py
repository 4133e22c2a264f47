"""Archives in S3: what `s3://bucket/prefix` names, and how its files are read."""
