"""Oversight: who is in a setting of concern, who is far from home, and how well everybody was told."""
