"""What must be told: alerts, and the outbox that keeps them until they are."""
