"""Who has seen what; the ledger holds; and one byte changed in a copy is found and named."""

import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from app.db.engine import Database
from app.demo.cast import PERPETUA
from app.demo.play import Play, StepFailed, expect
from app.demo.telling import good
from app.demo.words import clock_time
from app.ledger.verify import Report, verify

_SETTLE_SECONDS = 10
_ENTRIES = "SELECT position, entry_id, body FROM ledger_leaves JOIN ledger_entries ON id = entry_id ORDER BY position"
_TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger_entries'"
_CHANGE = "UPDATE ledger_entries SET body = ? WHERE id = ?"
_OPENED = b'"action":"notification.opened"'
_AT = b'"at":"'


@dataclass(frozen=True, slots=True)
class Change:
    """What was done to the copy: the entry, its true time, the time it now claims, and the first refusal."""

    position: int
    entry_id: str
    true: str
    claimed: str
    refusal: str


def account(play: Play) -> None:
    """The plain list a child, a parent's solicitor or an inspector would be given."""
    play.begin("Later", "Who has seen what")
    play.tell.say("Rowan may ask. So may a court. The answer is a list, in plain words, and nobody can shorten it.")
    items = play.get(PERPETUA, f"/v1/children/{play.start['child_id']}/disclosures")["items"]
    expect(items, "an account of who has seen what")
    expect(any("Telford" in each["organisation"]["name"] for each in items), "the recalled council on the account")
    play.tell.points(f"{clock_time(each['at'])}  {each['sentence']}" for each in reversed(items))


def ledger(play: Play) -> None:
    """Verify the living ledger; then change one byte in a copy and verify that."""
    play.begin("Later", "Proof that nobody has rewritten it")
    play.tell.say(
        "Every act above left one entry in the ledger, in the same transaction. The entries hang together in one",
        "tree of hashes, so that a change in any of them shows. All of it is checked now, byte by byte:",
    )
    report = _settled(play)
    expect(report.sound and not report.pending, "a sound ledger, each entry in the tree")
    play.tell.facts(
        "placement-notify ledger verify",
        (
            ("Entries", f"{report.leaves}, each in its place"),
            ("Root", report.root_hash),
            ("Verdict", good("The ledger is sound.")),
        ),
    )
    _tamper(play)


def _settled(play: Play) -> Report:
    """The report once every entry has its place in the tree."""
    until = time.monotonic() + _SETTLE_SECONDS
    report = _verified(play.stage.database)
    while report.pending and time.monotonic() < until:
        time.sleep(0.1)
        report = _verified(play.stage.database)
    return report


def _tamper(play: Play) -> None:
    copy = play.stage.folder / "demo-tampered.db"
    copy.unlink(missing_ok=True)
    _copy(play.stage.database, copy)
    change = _move_an_opening(copy)
    report = _verified(copy)
    play.tell.say(
        "Now somebody with every right on the machine takes a copy of the database, and makes it say that Seren",
        f"Madeup opened the notification at {change.claimed}, not at {change.true}: one byte.",
        f"The database refuses: “{change.refusal}”. So they first remove the triggers that refuse, and then change it.",
        "The same verification, on the copy:",
    )
    named = f"Position {change.position}, entry {change.entry_id}"
    expect(not report.sound and any(each.startswith(named) for each in report.faults), "the changed entry, by name")
    play.tell.points(report.faults)
    play.tell.say(f"Found, and named. The copy is {copy}; the service's own ledger was not touched.")


def _copy(source: Path, target: Path) -> None:
    with sqlite3.connect(source) as read, sqlite3.connect(target) as written:
        read.backup(written)
    read.close()
    written.close()


def _move_an_opening(copy: Path) -> Change:
    """Change one digit of the time of the first opening by name, past the triggers that forbid it."""
    connection = sqlite3.connect(copy)
    try:
        position, entry_id, body = next(row for row in connection.execute(_ENTRIES) if _OPENED in row[2])
        at = body.index(_AT) + len(_AT)
        digit = at + len("2026-11-22T02:16:0")
        changed = body[:digit] + bytes([body[digit] ^ 1]) + body[digit + 1 :]
        refusal = _refusal(connection, changed, entry_id)
        for (trigger,) in connection.execute(_TRIGGERS).fetchall():
            connection.execute(f'DROP TRIGGER "{trigger}"')
        connection.execute(_CHANGE, (changed, entry_id))
        connection.commit()
    finally:
        connection.close()
    true, claimed = (clock_time(text[at : at + len("2026-11-22T02:16:00.000Z")].decode()) for text in (body, changed))
    return Change(position, entry_id, true, claimed, refusal)


def _refusal(connection: sqlite3.Connection, changed: bytes, entry_id: str) -> str:
    try:
        connection.execute(_CHANGE, (changed, entry_id))
    except sqlite3.IntegrityError as error:
        return str(error)
    raise StepFailed("Expected: that the database refuses to change an entry")


def _verified(path: Path) -> Report:
    database = Database(f"sqlite:///{path}", pool_size=1)
    try:
        with database.read() as connection:
            return verify(connection)
    finally:
        database.dispose()
