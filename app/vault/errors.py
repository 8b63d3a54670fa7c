"""What can go wrong with keys and sealed data. Neither is ever a client's fault."""


class KeysUnusable(Exception):
    """The keys of this installation cannot be used. The text says what to do and holds no key."""


class Tampered(Exception):
    """Sealed data does not open: it was changed, cut short, moved elsewhere, or sealed under another key."""
