"""The keys of one installation, read once at the start and refused unless they are kept properly."""

import base64
import binascii
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from app.settings import Settings
from app.vault.errors import KeysUnusable

KEY_BYTES = 32
DEMO_PREFIX = "demo-"

MASTER_FILE = "master.json"
INDEX_FILE = "index.key"
CURSOR_FILE = "cursor.key"

_LONGEST_KEY_ID = 64
_OWNER_ONLY = (0o600, 0o400)
_LARGEST_FILE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Keys:
    """Master keys by id, one of them current, and the keys of blind indexes and cursors; 32 bytes each."""

    current: str
    masters: Mapping[str, bytes] = field(repr=False)
    index: bytes = field(repr=False)
    cursor: bytes = field(repr=False)

    @property
    def are_demo(self) -> bool:
        """Whether any master key was made by the demo command, so that a public address must be refused."""
        return any(kid.startswith(DEMO_PREFIX) for kid in self.masters)


def load_keys(settings: Settings) -> Keys:
    """Read ``master.json`` (or ``settings.master_keys`` in its place), ``index.key`` and ``cursor.key``.

    Raises KeysUnusable for a key that is missing, malformed, of the wrong length or readable by others.
    """
    directory = settings.keys_dir
    if settings.master_keys is None:
        current, masters = _masters(read_private(directory / MASTER_FILE), str(directory / MASTER_FILE))
    else:
        text = settings.master_keys.get_secret_value().encode()
        current, masters = _masters(text, "PLACEMENT_NOTIFY_MASTER_KEYS")
    index = _key(read_private(directory / INDEX_FILE), str(directory / INDEX_FILE))
    cursor = _key(read_private(directory / CURSOR_FILE), str(directory / CURSOR_FILE))
    return Keys(current, masters, index, cursor)


def read_private(path: Path) -> bytes:
    """Return the content of a file only its owner can read. Raises KeysUnusable, naming what to do."""
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            _refuse_unless_private(path, status)
            return file.read(_LARGEST_FILE)
    except FileNotFoundError:
        raise KeysUnusable(f"{path} is missing. Put it there, or set keys_dir to where it is.") from None
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise KeysUnusable(f"{path} cannot be read ({reason}). Make it a file that this user owns.") from None


def _refuse_unless_private(path: Path, status: os.stat_result) -> None:
    mode = stat.S_IMODE(status.st_mode)
    if not stat.S_ISREG(status.st_mode):
        raise KeysUnusable(f"{path} is not a regular file. Put the key in a plain file.")
    if mode not in _OWNER_ONLY:
        raise KeysUnusable(f"{path} has mode {mode:04o}; only its owner may read it. Run: chmod 600 {path}")


def _masters(text: bytes, where: str) -> tuple[str, dict[str, bytes]]:
    try:
        document = orjson.loads(text)
        current, keys = document["current"], dict(document["keys"])
    except (ValueError, KeyError, TypeError):
        raise KeysUnusable(f'{where} must be {{"current": id, "keys": {{id: base64}}}} in JSON.') from None
    if not isinstance(current, str) or current not in keys:
        raise KeysUnusable(f"{where} names a current key that is not among its keys. Add it.")
    if any(not kid.isascii() or not 0 < len(kid) <= _LONGEST_KEY_ID for kid in keys):
        raise KeysUnusable(f"{where} holds a key id that is not 1 to {_LONGEST_KEY_ID} ASCII letters.")
    return current, {kid: _key(value, f"{where}, key {kid!r},") for kid, value in keys.items()}


def _key(text: object, where: str) -> bytes:
    advice = f"{where} must be base64 of {KEY_BYTES} bytes. Make one with: openssl rand -base64 {KEY_BYTES}"
    if not isinstance(text, (str, bytes)):
        raise KeysUnusable(advice)
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise KeysUnusable(advice) from None
    if len(key) != KEY_BYTES:
        raise KeysUnusable(advice)
    return key


def make_demo_keys(directory: Path) -> None:
    """Make throw-away keys, marked as such by their ids. Never overwrites: raises FileExistsError."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.chmod(0o700)
    kid = DEMO_PREFIX + os.urandom(4).hex()
    masters = {"current": kid, "keys": {kid: fresh_key().decode()}}
    _write_private(directory / MASTER_FILE, orjson.dumps(masters))
    _write_private(directory / INDEX_FILE, fresh_key())
    _write_private(directory / CURSOR_FILE, fresh_key())


def fresh_key() -> bytes:
    """A new key as a file holds it: base64 of 32 random bytes."""
    return base64.b64encode(os.urandom(KEY_BYTES))


def _write_private(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
