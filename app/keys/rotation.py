"""The steps of a rotation, for an administrator to run while the service runs. Each can be cut off and run again."""

import time
from collections.abc import Callable
from pathlib import Path

from app.keys import files, rewrap
from app.ledger.actions import Action
from app.ledger.story import is_plain
from app.settings import Settings
from app.vault.errors import KeysUnusable
from app.vault.keys import load_keys
from app.work.resources import Resources
from app.work.tx import Tx

Say = Callable[[str], None]


class StillSealed(Exception):
    """Keys cannot be retired: something is still sealed under them. The text says how much."""


def rotate_master(resources: Resources, settings: Settings, say: Say) -> str:
    """Add a master key, let every process learn of it, seal with it, and bring everything under it; returns its id.

    A rotation that was cut off is finished before another begins. Keys that come from the environment are the
    operator's to change; then only the last step is done here.
    """
    if settings.master_keys is None and (files.is_one_waiting(settings.keys_dir) or not _left(resources)):
        kid = files.add_master(settings.keys_dir)
        say(f"Key {kid} is in the file. Waiting until every process knows it.")
        _wait(settings)
        files.make_current(settings.keys_dir, kid)
        say(f"From now on everything is sealed under {kid}. Waiting until every process does.")
        _wait(settings)
        resources.vault.use(load_keys(settings))
    total = rewrap.rewrap_all(resources, lambda table, count: say(f"{table}: {count}"))
    kid = resources.vault.current
    _record(resources, Action.KEYS_ROTATED, "master", kid, rows=min(total, 999_999_999))
    say(f"Everything is under {kid}; {total} rows were changed. Once each process runs with it: keys retire.")
    return kid


def retire_masters(resources: Resources, settings: Settings) -> list[str]:
    """Take former master keys out of the file once nothing needs them. Raises StillSealed, KeysUnusable."""
    if left := _left(resources):
        raise StillSealed(
            f"{left} rows are still sealed under other keys. Run first: placement-notify keys rotate master"
        )
    if settings.master_keys is not None:
        raise KeysUnusable(
            "Nothing needs former keys. Take them out of PLACEMENT_NOTIFY_MASTER_KEYS, where they come from."
        )
    gone = files.retire_masters(settings.keys_dir)
    for kid in gone:
        _record(resources, Action.KEYS_RETIRED, "master", kid)
    return gone


def rotate_signing(resources: Resources, settings: Settings, say: Say) -> str:
    """Publish the next key that signs access tokens, then sign with it; the former is honoured for an hour more."""
    directory: Path = settings.keys_dir
    gone = files.forget_former(directory, time.time())
    if gone:
        say(f"{gone} former keys were removed: no token in force was signed with them.")
    files.add_signing(directory)
    say("The next key is published. Waiting until every process honours it.")
    _wait(settings)
    kid = files.sign_with_next(directory)
    _record(resources, Action.KEYS_ROTATED, "signing", kid)
    say("Tokens are signed with it from now on. Tokens signed before stay good.")
    return kid


def _left(resources: Resources) -> int:
    """How many rows are sealed under any key but the current one."""
    counted = rewrap.counts(resources)
    return sum(count for kid, count in counted.items() if kid != resources.vault.current)


def _wait(settings: Settings) -> None:
    # Twice, so that a look that began just before is over too.
    time.sleep(2 * settings.keys_reload_seconds)


def _record(resources: Resources, action: Action, what: str, kid: str, **more: int) -> None:
    """Leave an entry; a key id an administrator chose may have a form the ledger does not hold."""
    with resources.database.write() as connection:
        tx = Tx(connection, resources, None, actor={"service": "administrator"})
        tx.record(action, {}, keys=what, key=kid if is_plain(kid) else None, **more)
        tx.flush()
