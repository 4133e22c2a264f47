"""What is deployed: a copy that holds only what a function needs, given to Chalice."""
