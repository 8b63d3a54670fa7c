"""Changing keys while the service runs: the files, what is sealed under them, and how every process learns."""
