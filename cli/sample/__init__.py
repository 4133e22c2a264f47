"""The sample trail: what `make run` shows, and the preview draws."""
