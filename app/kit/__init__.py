"""Ids, time, canonical JSON and the root of every failure. Knows nothing of the domain, HTTP or SQL."""
