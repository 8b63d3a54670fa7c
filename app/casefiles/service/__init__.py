"""What is done about a transfer."""
