"""Placements: the merged state, who has seen it, the timeline and the register."""
