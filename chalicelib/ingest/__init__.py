"""What came in: the wrappings that CloudTrail records arrive in."""
