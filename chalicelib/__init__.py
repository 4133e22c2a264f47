"""Trailbell: tells a Slack channel what people do to an AWS account."""

__version__ = "0.1.0"
