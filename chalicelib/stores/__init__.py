"""What keeps alerts until they are told, and after: SQLite and DynamoDB, one contract."""
