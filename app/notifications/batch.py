"""Many notifications in one request, each in a transaction of its own: a bad one stops no other.

The same keys sent again add nothing, so a nightly job that was cut off simply runs again.
"""

import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import orjson

from app.access.documents import judge
from app.db.errors import Busy, NotRecorded
from app.kit.errors import Failure, Fault
from app.notifications.service import sending
from app.organisations.directory import Directory
from app.security.errors import ClientRevoked, WrongOrganisation
from app.standard.batch import MOST_IN_A_BATCH
from app.standard.notification import NOTIFICATION
from app.web.body import parse_object
from app.web.errors import Broken, InvalidDocument
from app.web.problems import log_crash
from app.work.errors import KeyRequired
from app.work.once import Reply, once
from app.work.unit import Work

_MEMBERS = {"idempotency_key", "notification"}
_REFUSES_ALL = (ClientRevoked, WrongOrganisation)
_STOPS = (Busy, NotRecorded, *_REFUSES_ALL)
"""What met one item awaits every item after it, so those are not tried: a database away would keep a thread busy."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item: the receipt it got, or why it was refused."""

    index: int
    reply: Reply | None
    failure: Failure | None


def read_batch(body: bytes) -> list[Any]:
    """The items of a batch, not judged yet. Raises InvalidBody, InvalidDocument where there is no list of them."""
    document = parse_object(body, _packed)
    items = document.get("items")
    if document.keys() != {"items"} or not isinstance(items, list) or not 0 < len(items) <= MOST_IN_A_BATCH:
        fault = Fault("/items", "items", f"A batch is one object with a list of 1 to {MOST_IN_A_BATCH} items.")
        raise InvalidDocument(faults=[fault])
    return items


def send_each(work: Work, directory: Directory, items: list[Any]) -> Iterator[Outcome]:
    """Send item after item, and say of each what became of it. Each is let go of once it is sent.

    Raises ClientRevoked, WrongOrganisation where they stand before anything was sent.
    """
    stopped: Failure | None = None
    anything_sent = False
    for index in range(len(items)):
        item, items[index] = items[index], None
        if stopped:
            yield Outcome(index, None, stopped)
            continue
        try:
            reply = _send(work, directory, item)
        except Failure as failure:
            if not anything_sent and isinstance(failure, _REFUSES_ALL):
                raise
            stopped = failure if isinstance(failure, _STOPS) else None
            yield Outcome(index, None, failure)
        except Exception as error:  # noqa: BLE001
            # A fault of ours in one item is no reason to lose the others of the night.
            log_crash(error)
            yield Outcome(index, None, Broken())
        else:
            anything_sent = True
            yield Outcome(index, reply, None)


def _send(work: Work, directory: Directory, item: Any) -> Reply:
    if not isinstance(item, dict) or item.keys() != _MEMBERS:
        fault = Fault("", "item", "An item is an object with idempotency_key and notification, and nothing else.")
        raise InvalidDocument(faults=[fault])
    key = item["idempotency_key"]
    if not isinstance(key, str):
        raise KeyRequired
    body = _written(item["notification"])
    held = once(work.caller, key, "send", body)
    judge(NOTIFICATION, body)
    return work.once(held, sending.send, directory, orjson.loads(body))


def _packed(named: dict[str, Any]) -> dict[str, Any]:
    """An item waits as its text, compressed: as objects 500 of them take twelve times the room."""
    if named.keys() == _MEMBERS:
        # What cannot be written is refused with its item, not with the others. Nor can what holds such a pair itself,
        # which waits as it is: unpacked and packed again at each depth, it would cost a hundred times its length.
        with suppress(orjson.JSONEncodeError):
            named["notification"] = zlib.compress(orjson.dumps(named["notification"]), 1)
    return named


def _unpacked(waiting: bytes) -> orjson.Fragment:
    return orjson.Fragment(zlib.decompress(waiting))


def _written(notification: Any) -> bytes:
    try:
        return orjson.dumps(notification, default=_unpacked)
    except orjson.JSONEncodeError:
        raise InvalidDocument(faults=[Fault("", "number", "It holds a number beyond what is sensible.")]) from None
