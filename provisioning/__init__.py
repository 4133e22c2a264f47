"""The parts of setup_resources.py. Not shipped to Lambda."""
