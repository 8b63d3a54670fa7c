"""Whether one body may act for another in one function: as it stands now, not as it stood when a token was made."""

from sqlalchemy import bindparam, select

from app.security.models import delegations

DELEGATED = select(delegations.c.function).where(
    delegations.c.organisation_code == bindparam("organisation"),
    delegations.c.delegate_code == bindparam("delegate"),
    delegations.c.function == bindparam("function"),
)
