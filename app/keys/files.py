"""The key files, changed so that a crash at any moment leaves a set that works.

A file is written beside the old one, synced, and moved over it in one step. A key is known everywhere before anything
is sealed or signed with it: ``master.json`` names the coming master key as ``next``, and the coming signing key lies
beside the current one as one to be honoured.
"""

import os
import time
from pathlib import Path
from typing import Any

import orjson

from app.security.keys import CURRENT as SIGNING_FILE
from app.security.keys import fresh_pem, load_signing_keys
from app.vault.keys import MASTER_FILE, fresh_key, read_private

_NEXT = "token-signing-next.pem"
_FORMER = "token-signing-former-{}.pem"
_FORMER_ANY = "token-signing-former-*.pem"
HONOURED_SECONDS = 3600
"""How long a former signing key stays: far longer than the ten minutes of the last token it signed."""


def add_master(directory: Path) -> str:
    """Make the next master key, known but not sealed with yet; the id of the one that waits, if there is one."""
    document = _read(directory)
    if "next" not in document:
        kid = time.strftime("k%Y%m%d-") + os.urandom(4).hex()
        document = {**document, "next": kid, "keys": {**document["keys"], kid: fresh_key().decode()}}
        _replace(directory / MASTER_FILE, orjson.dumps(document))
    return str(document["next"])


def is_one_waiting(directory: Path) -> bool:
    """Whether a rotation was cut off before its new key was sealed with."""
    return "next" in _read(directory)


def make_current(directory: Path, kid: str) -> None:
    """Seal with this key from now on."""
    _replace(directory / MASTER_FILE, orjson.dumps({"current": kid, "keys": _read(directory)["keys"]}))


def retire_masters(directory: Path) -> list[str]:
    """Take out every key that is neither current nor next. Only once nothing is sealed under them."""
    document = _read(directory)
    needed = {document["current"], document.get("next")}
    kept = {kid: key for kid, key in document["keys"].items() if kid in needed}
    _replace(directory / MASTER_FILE, orjson.dumps({**document, "keys": kept}))
    return [kid for kid in document["keys"] if kid not in needed]


def add_signing(directory: Path) -> None:
    """Lay the next signing key beside the current one, to be honoured, unless one waits there already."""
    if not (directory / _NEXT).exists():
        _replace(directory / _NEXT, fresh_pem())


def sign_with_next(directory: Path) -> str:
    """Sign with the next key from now on, and go on honouring the one before; returns the new key's id."""
    current, _ = load_signing_keys(directory)
    former = directory / _FORMER.format(current.kid)
    if not former.exists():
        # A second name for the same file: at no moment is there no current key.
        os.link(directory / SIGNING_FILE, former)
    # Its hour begins now, whenever the link was made.
    os.utime(former)
    (directory / _NEXT).replace(directory / SIGNING_FILE)
    _sync(directory)
    return load_signing_keys(directory)[0].kid


def forget_former(directory: Path, now: float) -> int:
    """Remove signing keys that no token in force was signed with; how many."""
    gone = [each for each in directory.glob(_FORMER_ANY) if each.stat().st_mtime < now - HONOURED_SECONDS]
    for path in gone:
        path.unlink()
    return len(gone)


def _read(directory: Path) -> dict[str, Any]:
    return dict(orjson.loads(read_private(directory / MASTER_FILE)))


def _replace(path: Path, content: bytes) -> None:
    """Write whole and durable, or not at all."""
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    _sync(path.parent)


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
