"""What every test may ask for: a database of its own, on each kind the service supports. What is done at the end:
everything the suite leaves behind is searched for personal values.

One PostgreSQL serves the whole run. The process that starts the tests starts and stops it, so that with
several workers none can take it away from the others. ``TEST_POSTGRES_URL`` (of a superuser) names another.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import evidence
from tests.databases import Databases, PostgresDatabases, SqliteDatabases
from tests.postgres import Cluster, PostgresServer

pytest_plugins = ["tests.fhir.fixtures"]
_CLUSTER = pytest.StashKey[Cluster]()
_MOST_SHOWN = 50


def _cluster(config: pytest.Config) -> Cluster:
    if _CLUSTER not in config.stash:
        config.stash[_CLUSTER] = _found(config)
    return config.stash[_CLUSTER]


def _found(config: pytest.Config) -> Cluster:
    if shared := getattr(config, "workerinput", None):
        return Cluster(shared["postgres"])
    if url := os.environ.get("TEST_POSTGRES_URL"):
        cluster = Cluster(url)
        cluster.create_roles()
        return cluster
    return PostgresServer.start()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist where PostgreSQL is."""
    node.workerinput["postgres"] = _cluster(node.config).admin


def pytest_configure(config: pytest.Config) -> None:
    """Name the folder for what is left behind; workers inherit the name."""
    if not hasattr(config, "workerinput"):
        os.environ[evidence.FOLDER] = tempfile.mkdtemp(prefix="placement-notify-evidence-")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run when a log, metric, problem, ledger entry or clear column holds a personal value it used."""
    if hasattr(session.config, "workerinput"):
        return
    found = evidence.findings(Path(os.environ[evidence.FOLDER]))
    if found:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        terminal: Any = session.config.pluginmanager.get_plugin("terminalreporter")
        terminal.section(f"{len(found)} personal values left behind", red=True)
        each_value_once = {line.rpartition(" holds ")[2]: line for line in found}
        for line in list(each_value_once.values())[:_MOST_SHOWN]:
            terminal.line(line, red=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the server, however the run ended."""
    cluster = config.stash.get(_CLUSTER, None)
    if isinstance(cluster, PostgresServer):
        cluster.stop()
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(evidence.FOLDER, ""), ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Cluster:
    """The PostgreSQL of this run."""
    return _cluster(request.config)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """The maker of databases of each kind, for tests that need more than one or a filled one."""
    made: Databases
    if request.param == "sqlite":
        made = SqliteDatabases(tmp_path_factory.mktemp("databases"))
    else:
        made = PostgresDatabases(_cluster(request.config))
    yield made
    made.close()


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """A migrated database of this test's own, empty of rows, as the role the service runs as."""
    url = databases.fresh()
    yield url
    databases.drop(url)
