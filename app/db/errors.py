"""What can go wrong between us and the database, in the three ways a caller can act on."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors as pg
from sqlalchemy import exc

from app.kit.errors import Failure


class Busy(Failure):
    """Nothing was written: no connection was free, a lock was held too long, or the server was away."""

    code = "database_busy"
    status = 503
    title = "The service is busy"
    advice = "Nothing was recorded. Send the same request again after the seconds in Retry-After."

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail, retry_after=2)


class NotRecorded(Failure):
    """The commit failed, so nothing may be promised."""

    code = "not_recorded"
    status = 503
    title = "The request could not be recorded"
    advice = (
        "Send the same request again with the same Idempotency-Key. If it had been recorded after all, "
        "you receive the first answer again and nothing is doubled."
    )

    def __init__(self) -> None:
        super().__init__(retry_after=2)


class Conflict(Exception):
    """Somebody else wrote first: a unique key exists already or a version moved on. The unit may run again."""


_CONFLICTS = (pg.UniqueViolation, pg.SerializationFailure, pg.DeadlockDetected)
_UNIQUE = ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")
_GONE = ("08", "57P")
"""How the states begin in which the server, or the way to it, is gone."""
_AWAY = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN")


def _translated(error: BaseException) -> Exception | None:
    if isinstance(error, exc.DBAPIError) and error.orig is not None:
        return _translated(error.orig)
    doubled = isinstance(error, sqlite3.IntegrityError) and error.sqlite_errorname in _UNIQUE
    if doubled or isinstance(error, _CONFLICTS):
        return Conflict()
    if isinstance(error, (exc.TimeoutError, psycopg.OperationalError, pg.QueryCanceled)):
        return Busy()
    if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorname.startswith(_AWAY):
        return Busy()
    return None


@contextmanager
def committing() -> Iterator[None]:
    """Around a COMMIT: where it fails, nobody knows whether it reached the disk. Raises NotRecorded."""
    try:
        yield
    except psycopg.Error:
        raise NotRecorded from None


@contextmanager
def whole() -> Iterator[None]:
    """Around a statement that is a transaction by itself: it may fail as one, or as its COMMIT. Raises NotRecorded."""
    try:
        yield
    except psycopg.Error as error:
        state = error.sqlstate
        went_away = isinstance(error, psycopg.OperationalError) and (state is None or state.startswith(_GONE))
        if went_away or isinstance(error, pg.RaiseException):
            raise NotRecorded from None
        raise


@contextmanager
def translated() -> Iterator[None]:
    """Turn driver errors into Busy or Conflict. Their own texts hold values, so they are not passed on."""
    try:
        yield
    except (exc.SQLAlchemyError, psycopg.Error, sqlite3.Error) as error:
        plain = _translated(error)
        if plain is None:
            raise
        raise plain from None
