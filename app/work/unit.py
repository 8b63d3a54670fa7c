"""The unit of work a route is given: closed, and bound to a verified caller."""

import zlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, bindparam, select

from app.db import questions
from app.db.errors import Conflict
from app.kit.errors import Failure
from app.ledger.actions import Action
from app.security.errors import ClientRevoked
from app.security.models import clients
from app.security.principal import Caller
from app.work.errors import Contended, KeyReused
from app.work.good_standing import GoodStanding, check_delegation
from app.work.models import idempotency_keys
from app.work.once import Once, Reply
from app.work.resources import Resources
from app.work.tx import Actor, Tx, actor_of

P = ParamSpec("P")
T = TypeVar("T")

_ATTEMPTS = 3
_STANDING_AND_ANSWER = (
    select(
        clients.c.revoked_at,
        idempotency_keys.c.request_digest,
        idempotency_keys.c.status,
        idempotency_keys.c.answer,
    )
    .select_from(clients.outerjoin(idempotency_keys, idempotency_keys.c.key_digest == bindparam("key_digest")))
    .where(clients.c.id == bindparam("client_id"))
)


class Work:
    """Opens transactions for one caller and one request.

    Whether the client is still in good standing is asked with the first question, on the connection that reads
    everything else, so a revocation works at once, and so does a delegation withdrawn. The commit ends before an
    answer exists.
    """

    def __init__(
        self,
        resources: Resources,
        caller: Caller | None,
        request_id: str,
        route: str = "",
        subject: Mapping[str, str] | None = None,
    ) -> None:
        self._resources = resources
        self._caller = caller
        self._request_id = request_id
        self._route = route
        self._subject = subject or {}

    @property
    def caller(self) -> Caller:
        """The verified caller. Raises RuntimeError in work of the service itself."""
        if self._caller is None:
            raise RuntimeError("nobody is calling")
        return self._caller

    def read(self, ask: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Answer a question that leaves no trace. Nothing it might add is written."""
        try:
            with self._resources.database.read() as connection:
                return self._asked(connection, ask, *args, **kwargs)[1]
        except Failure as refusal:
            self.note(refusal)
            raise

    def write(self, act: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``act``, then write all it adds and changes in one transaction; runs again when somebody wrote first.

        What it reads it does not hold: that is for ``once``.
        """

        def unit(connection: Connection) -> T:
            tx, result = self._asked(connection, act, *args, **kwargs)
            tx.flush()
            return result

        return self._committed(unit, self._resources.database.brief)

    def before(self, key: Once, check: Callable[Concatenate[Tx, P], None], *args: P.args, **kwargs: P.kwargs) -> None:
        """Ask, in a cheap read, what is asked again in ``once``: whether it is worth reading what was sent.

        A repeat of what was answered is not asked. Raises KeyReused and what ``check`` raises.
        """
        try:
            with self._resources.database.read() as connection:
                if self._earlier(connection, key) is None:
                    check(self._tx(connection), *args, **kwargs)
        except Failure as refusal:
            self.note(refusal)
            raise

    def once(self, key: Once, act: Callable[Concatenate[Tx, P], Reply], *args: P.args, **kwargs: P.kwargs) -> Reply:
        """Like ``write``, but a repeat of the same request gets the first answer. Raises KeyReused, KeyInFlight."""

        def unit(connection: Connection) -> Reply:
            earlier = self._earlier(connection, key)
            if earlier:
                return earlier
            tx = self._tx(connection)
            try:
                reply = act(tx, *args, **kwargs)
            except Failure:
                # Another process may have answered this very request since we looked, and what it wrote refuses us.
                earlier = self._earlier(connection, key)
                if earlier:
                    return earlier
                raise
            tx.add(idempotency_keys, self._answered(tx, key, reply))
            tx.flush()
            return reply

        with self._resources.in_flight.hold(key.key_digest):
            return self._committed(unit, self._resources.database.write)

    def note(self, refusal: Failure) -> None:
        """Record the refusal of an authenticated client, in a transaction of its own: theirs was rolled back."""
        if self._caller is not None:
            record_refusal(self._resources, actor_of(self._caller), refusal, self._route, self._subject)

    def _committed(self, unit: Callable[[Connection], T], door: Callable[[], AbstractContextManager[Connection]]) -> T:
        try:
            for _ in range(_ATTEMPTS):
                try:
                    with door() as connection:
                        return unit(connection)
                except Conflict:
                    continue
            raise Contended(retry_after=1)
        except Failure as refusal:
            self.note(refusal)
            raise

    def _tx(self, connection: Connection) -> Tx:
        return Tx(connection, self._resources, self._caller)

    def _asked(
        self, connection: Connection, act: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> tuple[Tx, T]:
        """Run ``act`` for a client in good standing, whatever it asks and however it refuses. Raises ClientRevoked."""
        standing = GoodStanding(connection, self._caller)
        tx = Tx(connection, self._resources, self._caller, standing=standing)
        try:
            result = act(tx, *args, **kwargs)
        except Failure:
            standing.check()
            raise
        standing.check()
        return tx, result

    def _earlier(self, connection: Connection, key: Once) -> Reply | None:
        values = {"client_id": self.caller.client_id, "key_digest": key.key_digest}
        row = questions.one(connection, _STANDING_AND_ANSWER, values)
        if row is None or row.revoked_at is not None:
            raise ClientRevoked
        check_delegation(connection, self.caller)
        if row.answer is None:
            return None
        if row.request_digest != key.request_digest:
            raise KeyReused
        packed = self._resources.vault.unseal_own("answers", key.key_digest, row.answer)
        return Reply(row.status, zlib.decompress(packed), replayed=True)

    def _answered(self, tx: Tx, key: Once, reply: Reply) -> dict[str, Any]:
        return {
            "key_digest": key.key_digest,
            "client_id": self.caller.client_id,
            "request_digest": key.request_digest,
            "status": reply.status,
            # What is sealed no longer shrinks; packed first, a long answer costs the database a quarter.
            "answer": tx.vault.seal_own("answers", key.key_digest, zlib.compress(reply.body, 1)),
            "created_at": tx.at,
        }


def record_refusal(
    resources: Resources, actor: Actor, refusal: Failure, route: str, subject: Mapping[str, str]
) -> None:
    """Leave an entry of a refusal that must not pass unseen."""
    if not refusal.recorded:
        return
    with resources.database.write() as connection:
        tx = Tx(connection, resources, None, actor=actor)
        tx.record(Action.REQUEST_REFUSED, subject, code=refusal.code, route=route)
        tx.flush()
