"""The store in a DynamoDB table, for AWS."""
