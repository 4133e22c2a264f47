"""The commands of trailbell.py. Not shipped to Lambda."""
