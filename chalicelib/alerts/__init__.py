"""What must be told: alerts and their deliveries, and the ports that keep them."""
