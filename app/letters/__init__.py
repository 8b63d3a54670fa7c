"""Printable letters to everybody who must be told and is not on the service."""
