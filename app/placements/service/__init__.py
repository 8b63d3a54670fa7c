"""What is done with placements: seeing them, their history, and the register of an area."""
