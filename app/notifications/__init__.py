"""Notifications: sending, the inbox and the board, opening and acknowledging by name, recalling."""
