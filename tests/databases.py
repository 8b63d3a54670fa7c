"""Databases for tests, each a quick copy of one migrated once: the same suite on SQLite and PostgreSQL."""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path
from uuid import uuid4

from sqlalchemy import make_url

from app.db.migrate import migrate
from tests.postgres import OWNER, SERVICE, Cluster

Prepare = Callable[[str], None]
"""Fills a migrated database, given its URL, and leaves no connection open."""


class Databases(ABC):
    """Makes databases of one kind. URLs are those the service would use: on PostgreSQL, of its least role."""

    def __init__(self) -> None:
        self._templates: dict[Prepare | None, str] = {}

    def fresh(self, prepare: Prepare | None = None) -> str:
        """A database of its own, at the newest migration; ``prepare`` runs once and its result is copied."""
        if prepare not in self._templates:
            self._templates[prepare] = self._prepared(prepare) if prepare else self._migrated()
        return self.copy(self._templates[prepare])

    def _prepared(self, prepare: Prepare) -> str:
        url = self.fresh()
        prepare(url)
        return url

    def _migrated(self) -> str:
        url = self.empty()
        migrate(self.owner_url(url), service_role=make_url(url).username)
        return url

    @abstractmethod
    def empty(self) -> str:
        """A database without tables."""

    @abstractmethod
    def copy(self, url: str) -> str:
        """A copy of a database that nobody is connected to."""

    @abstractmethod
    def drop(self, url: str) -> None:
        """Remove a database."""

    @abstractmethod
    def owner_url(self, url: str) -> str:
        """The URL for the role that owns the tables and may migrate."""

    @abstractmethod
    def close(self) -> None:
        """Remove every database that is left."""


class SqliteDatabases(Databases):
    """Files in one directory."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._numbers = count(1)

    def empty(self) -> str:
        return f"sqlite:///{self._folder}/{next(self._numbers)}.db"

    def copy(self, url: str) -> str:
        target = self.empty()
        with closing(sqlite3.connect(_name(url), isolation_level=None)) as connection:
            connection.execute("VACUUM INTO ?", (_name(target),))
        return target

    def drop(self, url: str) -> None:
        for left in self._folder.glob(f"{Path(_name(url)).name}*"):
            left.unlink()

    def owner_url(self, url: str) -> str:
        return url

    def close(self) -> None:
        """Leave the files to pytest, which keeps the last few runs for looking at."""


class PostgresDatabases(Databases):
    """Databases of one cluster; their names begin with a word of their own, so that runs can share it."""

    def __init__(self, cluster: Cluster) -> None:
        super().__init__()
        self.cluster = cluster
        self._run = f"test_{uuid4().hex[:12]}"
        self._numbers = count(1)
        self._living: set[str] = set()

    def empty(self) -> str:
        return self._create("template1")

    def copy(self, url: str) -> str:
        return self._create(_name(url))

    def drop(self, url: str) -> None:
        self.cluster.drop_database(_name(url))
        self._living.discard(_name(url))

    def owner_url(self, url: str) -> str:
        return self.cluster.url(OWNER, _name(url))

    def close(self) -> None:
        for name in self._living:
            self.cluster.drop_database(name)

    def _create(self, template: str) -> str:
        name = f"{self._run}_{next(self._numbers)}"
        self.cluster.create_database(name, template)
        self._living.add(name)
        return self.cluster.url(SERVICE, name)


def _name(url: str) -> str:
    return make_url(url).database or ""
