"""What handlers and commands do."""
