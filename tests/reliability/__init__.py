"""The proofs that nothing is lost, repeated or late: in seconds here, in full by `make soak`.

What is missing or repeated is computed from the Slack stub's journal. Each prints its figure.
"""
