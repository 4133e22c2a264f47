"""How Trailbell itself does."""
