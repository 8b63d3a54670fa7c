"""What can go wrong with keys and sealed data. Neither is ever a client's fault."""

from app.kit.errors import Failure


class KeysUnusable(Exception):
    """The keys of this installation cannot be used. The text says what to do and holds no key."""


class Tampered(Failure):
    """Sealed data, or a frame of it, is not what was stored: changed, cut short, or moved from elsewhere."""

    code = "damaged"
    status = 500
    title = "What is stored here has been changed and is not shown"
    advice = "Nothing was released. Tell the operator the X-Request-Id at once: this is a matter for an investigation."
    recorded = True
