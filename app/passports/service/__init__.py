"""What is done with a passport, each act in one file."""
