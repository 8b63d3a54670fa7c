"""An assertion is good for one token. It is kept, sealed, as evidence of what was asserted."""

from sqlalchemy import Connection, text

from app.kit.clock import utc_text
from app.security.assertions import Assertion
from app.security.errors import AssertionReplayed
from app.security.models import assertions

# The same words on both databases. Doing nothing on conflict, rather than raising, leaves the transaction
# usable on PostgreSQL, and two requests at once with one jti cannot both be told that they were first.
_NAMES = [column.name for column in assertions.columns]
_KEEP = text(
    f"INSERT INTO assertions ({', '.join(_NAMES)}) VALUES (:{', :'.join(_NAMES)}) ON CONFLICT DO NOTHING"  # noqa: S608
)


def assertion_row(assertion: Assertion, practitioner_id: str | None, sealed: bytes) -> dict[str, str | bytes | None]:
    """Return the row of ``assertions`` for an assertion; ``sealed`` is the signed text, encrypted."""
    return {
        "digest": assertion.digest,
        "client_id": assertion.client_id,
        "jti": assertion.jti,
        "practitioner_id": practitioner_id,
        "sealed": sealed,
        "issued_at": utc_text(assertion.issued_at),
        "expires_at": utc_text(assertion.expires_at),
    }


def keep(connection: Connection, row: dict[str, str | bytes | None]) -> None:
    """Insert the row, once. Raises AssertionReplayed when this client has used the jti before."""
    if connection.execute(_KEEP, row).rowcount != 1:
        raise AssertionReplayed
