"""What is done with a child's record over its life."""
