"""An assertion is good for one token: the unique key of its row sees to that. The row is kept as evidence."""

from app.kit.clock import utc_text
from app.security.assertions import Assertion


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
