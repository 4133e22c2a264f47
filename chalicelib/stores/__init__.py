"""What keeps alerts, and all that is known of their way: SQLite and DynamoDB, one contract."""
