"""Who may read the account of a child. Pure."""

from app.security.principal import Caller
from app.security.scopes import Function


def may_read_account(caller: Caller, controller: str, *, is_party: bool) -> bool:
    """The authority that answers for the record may, in any function with the scope; so may a guardian."""
    if caller.function is Function.GUARDIAN:
        return is_party
    return caller.organisation == controller
