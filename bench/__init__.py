"""What a request costs, in CPU milliseconds of the service and the database together. See docs/performance.md."""
