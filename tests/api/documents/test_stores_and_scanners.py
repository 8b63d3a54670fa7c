"""Other parts a service may be given: an S3-compatible store, a ClamAV daemon. Both are real here."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import obstore
import psutil
import pytest
from moto.server import ThreadedMotoServer
from obstore.store import S3Store

from app.documents.scanning import scan
from tests.api.documents.papers import TEXT, announce, path, put, rows_of, swept, uploaded
from tests.api.placements.stories import tell
from tests.databases import SqliteDatabases
from tests.faults.serving import Served, served
from tests.world import LEEDS, SHROPSHIRE, World, furnished, running_world

BIG = b"An invented plan. " * 700_000
"""More than one part of an upload in parts."""
VIRUS = b"INVENTED-SIGNATURE-OF-A-TEST-c0ffee"
EICAR_LIKE = b"Before it. " + VIRUS + b" After it."


@pytest.fixture(scope="module")
def furnished_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return furnished(SqliteDatabases(tmp_path_factory.mktemp("databases")))


@pytest.fixture(scope="module")
def bucket() -> Iterator[dict[str, Any]]:
    """A server that speaks S3, and a bucket in it."""
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    os_store = S3Store(
        "papers",
        endpoint=endpoint,
        region="eu-west-2",
        access_key_id="invented",
        secret_access_key="invented",
        client_options={"allow_http": True},
        virtual_hosted_style_request=False,
    )
    assert httpx.put(f"{endpoint}/papers").status_code == 200
    yield {"store": os_store, "endpoint": endpoint}
    server.stop()


@pytest.fixture(scope="module")
def world(bucket: dict[str, Any], furnished_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    settings = {
        "documents_bucket": "papers",
        "documents_endpoint": bucket["endpoint"],
        "documents_access_key": "invented",
        "documents_secret_key": "invented",
    }
    with running_world(furnished_url, tmp_path_factory.mktemp("world"), **settings) as running:
        yield running


def names(bucket: dict[str, Any]) -> set[str]:
    return {each["path"] for page in obstore.list(bucket["store"]) for each in page}


def test_a_file_lies_sealed_in_an_s3_store_and_what_no_row_names_is_swept(world: World, bucket: dict[str, Any]) -> None:
    story = tell(world)
    document = uploaded(story)
    assert put(story.sender, story.child, document, BIG, TEXT).json()["size"] == len(BIG)
    host = world.as_(SHROPSHIRE, "social_care", "Bo Hughes")
    assert host.get(path(story, document)).content == BIG
    blobs = {blob for _, blob in rows_of(world, document)}
    assert names(bucket) == blobs
    assert not (world.folder / "documents").exists()
    assert b"invented plan" not in bytes(obstore.get(bucket["store"], rows_of(world, document)[1][1]).bytes())

    refused = announce(story.sender, story.child)
    assert put(story.sender, story.child, refused, BIG + b"\0", TEXT).status_code == 415
    assert names(bucket) == blobs
    obstore.put(bucket["store"], f"{world.clock():%Y-%m-%d}/orphan", b"left behind")
    time.sleep(1.1)
    assert swept(world) == 1
    assert names(bucket) == blobs


def test_a_store_that_is_gone_is_said_and_damages_nothing(world: World, bucket: dict[str, Any]) -> None:
    story = tell(world)
    document = uploaded(story)
    obstore.delete(bucket["store"], rows_of(world, document)[0][1])
    answer = story.sender.get(path(story, document))
    assert (answer.status_code, answer.json()["code"]) == (500, "damaged")


@pytest.fixture(params=["refuses", "is silent", "fails"])
def endpoint_down(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where no store answers: nobody listens, somebody listens and says nothing, or every answer is an error."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        if request.param == "refuses":
            listening.close()
        if request.param == "fails":
            Thread(target=_failing, args=(listening,), daemon=True).start()
        yield address


def _failing(listening: socket.socket) -> None:
    with suppress(OSError):
        while True:
            with closing(listening.accept()[0]) as connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n")


def test_while_the_store_is_down_files_are_refused_nothing_is_recorded_and_the_rest_works(
    endpoint_down: str, tmp_path: Path
) -> None:
    settings = {
        "documents_bucket": "papers",
        "documents_endpoint": endpoint_down,
        "documents_access_key": "invented",
        "documents_secret_key": "invented",
        "documents_store_seconds": 0.3,
    }
    with running_world(furnished(SqliteDatabases(tmp_path)), tmp_path / "world", **settings) as world:
        story = tell(world)
        document = announce(story.sender, story.child)
        answer = put(story.sender, story.child, document, BIG, TEXT)
        assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "store_down", "5")
        assert endpoint_down.removeprefix("http://") not in answer.text
        assert rows_of(world, document) == []
        assert httpx.get(f"{world.url}/readyz").status_code == 200
        story.update(about_me={"likes": "Swimming."})
        with world.app.state.uploads.of(world.client_of(LEEDS).client_id):
            """A place is free again: the refused upload holds none."""


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[str]:
    """A ClamAV daemon that knows one signature; its address."""
    program = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        pytest.skip("no clamd is installed (apt-get install clamav-daemon)")
    signatures, address = tmp_path / "signatures", Path("/tmp") / f"clamd-{os.getpid()}.ctl"  # noqa: S108
    signatures.mkdir()
    (signatures / "ours.ndb").write_text(f"Invented.Test:0:*:{VIRUS.hex()}\n")
    config = tmp_path / "clamd.conf"
    config.write_text(
        f"LocalSocket {address}\nDatabaseDirectory {signatures}\nForeground yes\nStreamMaxLength 25M\n"
        f"TemporaryDirectory {tmp_path}\nUser root\n"
    )
    daemon = subprocess.Popen([program, "--config-file", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while not _answers(address):
            assert daemon.poll() is None, "clamd ended at once"
            assert time.monotonic() < deadline, "clamd does not answer"
            time.sleep(0.1)
        yield f"unix://{address}"
    finally:
        daemon.kill()
        daemon.wait()
        address.unlink(missing_ok=True)


def _answers(address: Path) -> bool:
    with closing(socket.socket(socket.AF_UNIX)) as asking:
        try:
            asking.connect(str(address))
        except OSError:
            return False
        asking.sendall(b"zPING\0")
        return asking.recv(10) == b"PONG\0"


def test_what_a_scanner_finds_is_refused_and_what_it_passes_is_called_clean(clamd: str, tmp_path: Path) -> None:
    with running_world(furnished(SqliteDatabases(tmp_path)), tmp_path / "world", virus_scanner=clamd) as world:
        story = tell(world)
        document = announce(story.sender, story.child)
        answer = put(story.sender, story.child, document, EICAR_LIKE, TEXT)
        assert (answer.status_code, answer.json()["code"]) == (422, "document_infected")
        assert rows_of(world, document) == []
        assert swept(world) == 0
        kept = put(story.sender, story.child, document, BIG, TEXT)
        assert (kept.status_code, kept.json()["scan"]) == (200, "clean")


@pytest.mark.parametrize("address", [None, "unix:///nowhere/clamd.ctl", "tcp://127.0.0.1:1"])
def test_what_was_not_scanned_is_never_called_clean(address: str | None) -> None:
    assert scan(address, iter([b"An invented plan."])) == "not_scanned"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Served]:
    databases = SqliteDatabases(tmp_path)
    with served(furnished(databases), tmp_path) as running:
        yield running


def test_a_process_takes_and_gives_files_of_twenty_megabytes_without_holding_them(service: Served) -> None:
    service.client_of(LEEDS)
    service.start()
    story = tell(service)
    assert service._process is not None
    process = psutil.Process(service._process.pid)
    document = announce(story.sender, story.child)
    path = f"/v1/children/{story.child}/documents/{document}"
    most = []
    for number in range(8):
        content = (b"%d " % number).ljust(20 * 1024 * 1024)
        assert put(story.sender, story.child, document, content, TEXT).json()["version"] == number + 1
        assert len(story.sender.get(path).content) == len(content)
        most.append(process.memory_info().rss)
    assert max(most) - most[0] < 20 * 1024 * 1024, most
    assert max(most) < 150 * 1024 * 1024, most
    story.sender.close()
