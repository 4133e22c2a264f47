"""Delivery: getting an alert to its channels, whatever they are."""
