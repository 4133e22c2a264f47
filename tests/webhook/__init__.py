"""What the webhook sends, how it is signed, and what its answers mean."""
