"""Children: who they are, what was corrected, and what must not be told."""
