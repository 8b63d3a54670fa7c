"""Engines, column types and the one place that writes rows."""
