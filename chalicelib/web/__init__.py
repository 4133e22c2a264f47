"""Looking back: the REST API and the status page."""
