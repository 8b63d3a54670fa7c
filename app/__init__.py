"""Placement Notify: placement notifications that are sent, opened and acknowledged by name."""
