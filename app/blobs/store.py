"""Sealed bytes under names that say nothing but the day: ``2026-11-25/9f86d081884c7d65...``.

A blob is written whole before any row names it, and never changed. What a crash leaves behind is a blob, or a part of
one, that no row names: ``older_than`` finds those of a day, so looking for them does not grow with what is stored.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final

from app.blobs.errors import translated
from app.settings import KILOBYTE, Settings

_PART: Final = 5 * 1024 * KILOBYTE
"""The smallest part that S3 takes of an upload in parts."""

_PIECE: Final = 256 * KILOBYTE
_RETRIES: Final = 2
_A_REQUEST: Final = timedelta(minutes=2)
"""For the whole of one request to a store, which may bring 20 MB."""


class Blobs:
    """The store that ``settings`` names. Opened on first use: whoever keeps no files carries no library for it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = None if settings.documents_bucket else settings.documents_dir.absolute()

    def begin(self, name: str) -> "Writing":
        """Begin a blob. Nothing of it is to be read before it is closed. Raises StoreDown."""
        return Writing(self, name)

    def read(self, name: str) -> Iterator[bytes]:
        """The bytes of a blob, a piece at a time. Raises Tampered if there is none, StoreDown."""
        import obstore  # noqa: PLC0415

        with translated():
            pieces = iter(obstore.get(self.store, name).stream(min_chunk_size=_PIECE))
        while True:
            with translated():
                piece = next(pieces, None)
            if piece is None:
                return
            yield bytes(piece)

    def remove(self, name: str) -> None:
        """Remove a blob, or what was begun of one. That there is none is as well."""
        import obstore  # noqa: PLC0415

        with suppress(FileNotFoundError):
            if self._folder is not None:
                (self._folder / name).unlink()
            else:
                obstore.delete(self.store, name)

    def older_than(self, moment: datetime, day: str = "") -> Iterator[str]:
        """The names last written before ``moment``; of one day's blobs, or of all."""
        if self._folder is None:
            yield from self._listed(moment, day)
            return
        # The library does not list what it only began to write; a crash leaves that behind too.
        for path in self._folder.glob(f"{day or '*'}/*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < moment.timestamp():
                    yield path.relative_to(self._folder).as_posix()

    def _listed(self, moment: datetime, day: str) -> Iterator[str]:
        import obstore  # noqa: PLC0415

        for page in obstore.list(self.store, prefix=day or None):
            yield from (each["path"] for each in page if each["last_modified"] < moment)

    @cached_property
    def store(self) -> Any:
        from obstore.store import LocalStore, S3Store  # noqa: PLC0415

        if self._folder is not None:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._folder.chmod(0o700)
            return LocalStore(prefix=self._folder)
        chosen, silent = self._settings, timedelta(seconds=self._settings.documents_store_seconds)
        client: dict[str, Any] = {"connect_timeout": silent, "read_timeout": silent, "timeout": _A_REQUEST}
        # The library's own patience is three minutes: for so long a store that is down would hold a request's thread.
        retry = {"max_retries": _RETRIES, "retry_timeout": silent}
        options: dict[str, Any] = {"region": chosen.documents_region, "retry_config": retry, "client_options": client}
        if chosen.documents_endpoint:
            plain = chosen.documents_endpoint.startswith("http://")
            options |= {"endpoint": chosen.documents_endpoint, "virtual_hosted_style_request": False}
            client |= {"allow_http": plain}
        if chosen.documents_access_key and chosen.documents_secret_key:
            options["access_key_id"] = chosen.documents_access_key
            options["secret_access_key"] = chosen.documents_secret_key.get_secret_value()
        return S3Store(chosen.documents_bucket, **options)

    def settle(self, name: str) -> None:
        """Have it on the disk, and the folders that lead to it: the row that names it is written next."""
        if self._folder is None:
            return
        path = self._folder / name
        with path.open("rb") as file:
            os.fchmod(file.fileno(), 0o600)
            os.fsync(file.fileno())
        for folder in (path.parent, path.parent.parent):
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    @property
    def part(self) -> int:
        """How many bytes are sent to the store at once."""
        return _PART if self._folder is None else _PIECE


class Writing:
    """A blob being written. It exists once ``close`` has returned, and then it outlives a loss of power."""

    def __init__(self, blobs: Blobs, name: str) -> None:
        import obstore  # noqa: PLC0415

        self._blobs, self._name = blobs, name
        with translated():
            self._writer = obstore.open_writer(blobs.store, name, buffer_size=blobs.part, max_concurrency=2)

    def write(self, piece: bytes) -> None:
        """Add bytes to its end. Raises StoreDown."""
        with translated():
            self._writer.write(piece)

    def close(self) -> None:
        """Make it be there. Raises StoreDown."""
        with translated():
            self._writer.close()
            self._blobs.settle(self._name)

    def abandon(self) -> None:
        """Leave nothing of it, as far as the store lets us: sweeping finds the rest."""
        with suppress(Exception):
            # Leaving it by an error tells the library to take back the parts it sent.
            self._writer.__exit__(InterruptedError, None, None)
        with suppress(Exception):
            self._blobs.remove(self._name)
