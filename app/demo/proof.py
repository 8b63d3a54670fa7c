"""Who has seen what; the ledger holds; and one byte changed in a copy is found and named."""

import sqlite3
import time
from pathlib import Path

from app.db.engine import Database
from app.demo.cast import PERPETUA
from app.demo.play import Play, expect
from app.demo.words import clock_time
from app.ledger.verify import Report, verify

_SETTLE_SECONDS = 10
_FIRST_TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger_entries'"
_CHOSEN = "SELECT position, entry_id FROM ledger_leaves ORDER BY position LIMIT 1 OFFSET 20"
_BODY = "SELECT body FROM ledger_entries WHERE id = ?"
_CHANGE = "UPDATE ledger_entries SET body = ? WHERE id = ?"


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
        "Each act left one entry in the ledger, in the same transaction. The entries hang together in a Merkle",
        "tree, so that a change in any of them shows. It is verified now, byte by byte:",
    )
    report = _settled(play)
    expect(report.sound and not report.pending, "a sound ledger, each entry in the tree")
    play.tell.facts(
        "placement-notify ledger verify",
        (("Entries", f"{report.leaves}, each in its place"), ("Root", report.root_hash), ("Verdict", "The ledger is sound.")),
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
    position, entry_id, refusal = _change_one_byte(copy)
    report = _verified(copy)
    play.tell.say(
        "Now somebody with every right on the machine takes a copy of the database and changes one byte in it.",
        f"The database first refuses: “{refusal}”. So they remove the triggers that refuse, and change it.",
    )
    named = f"Position {position}, entry {entry_id}"
    expect(not report.sound and any(each.startswith(named) for each in report.faults), "the changed entry, by name")
    play.tell.points(report.faults)
    play.tell.say(f"Found, and named. The copy is at {copy}; the ledger of the service was not touched.")


def _copy(source: Path, target: Path) -> None:
    with sqlite3.connect(source) as read, sqlite3.connect(target) as written:
        read.backup(written)
    read.close()
    written.close()


def _change_one_byte(copy: Path) -> tuple[int, str, str]:
    """Change one byte of one entry. Returns its position, its id and how the database refused at first."""
    connection = sqlite3.connect(copy)
    try:
        position, entry_id = connection.execute(_CHOSEN).fetchone()
        (body,) = connection.execute(_BODY, (entry_id,)).fetchone()
        changed = body[:-2] + bytes([body[-2] ^ 1]) + body[-1:]
        refusal = _refusal(connection, changed, entry_id)
        for (trigger,) in connection.execute(_FIRST_TRIGGERS).fetchall():
            connection.execute(f'DROP TRIGGER "{trigger}"')
        connection.execute(_CHANGE, (changed, entry_id))
        connection.commit()
    finally:
        connection.close()
    return position, entry_id, refusal


def _refusal(connection: sqlite3.Connection, changed: bytes, entry_id: str) -> str:
    try:
        connection.execute(_CHANGE, (changed, entry_id))
    except sqlite3.IntegrityError as error:
        return str(error)
    expect(False, "that the database refuses to change an entry")
    return ""


def _verified(path: Path) -> Report:
    database = Database(f"sqlite:///{path}", pool_size=1)
    try:
        with database.read() as connection:
            return verify(connection)
    finally:
        database.dispose()
