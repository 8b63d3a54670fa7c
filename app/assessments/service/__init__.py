"""What is done with the register of assessments, each act in one file."""
