"""What oversight reads: one module for each list and report."""
