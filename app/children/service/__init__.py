"""What the controlling authority does with a child's record: one module for each act."""
