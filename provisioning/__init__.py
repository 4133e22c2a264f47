"""What setup_resources.py is made of: reads AWS, plans frozen changes, prints and executes them."""
