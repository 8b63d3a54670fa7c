"""A night and a morning, played through HTTP with really signed tokens by invented people."""
