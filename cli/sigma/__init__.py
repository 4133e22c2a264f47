"""Sigma rules of AWS CloudTrail: read into rule files of ours, and written out of ours."""
