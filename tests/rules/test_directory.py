"""The directory: what is shipped, and what the snapshot answers."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from sqlalchemy import Connection, insert, select, update

from app.db.base import metadata
from app.db.engine import Database
from app.organisations import models
from app.organisations.directory import RECHECK_SECONDS, Directory, DirectoryCache
from app.organisations.kinds import Country, Kind
from app.organisations.load import delegate, import_directory, register
from app.security.models import clients
from app.security.scopes import Function
from tests.rules.directory_tables import TABLES, empty_directory

TODAY = "2026-11-22"
GLOUCESTERSHIRE, POWYS, RUTLAND, PETERBOROUGH = "E10000013", "W06000023", "E06000017", "E06000031"
WESTMORLAND, ESSEX, LEEDS, SHROPSHIRE = "E06000064", "E10000012", "E08000035", "E06000051"
HEALTH = Function.CHILDREN_IN_CARE_HEALTH.value


@pytest.fixture
def connection() -> Iterator[Connection]:
    with empty_directory() as opened:
        yield opened


@pytest.fixture
def shipped(connection: Connection) -> Directory:
    import_directory(connection)
    return Directory(connection)


class TestTheShippedEdition:
    def test_holds_every_authority_board_and_force(self, connection: Connection) -> None:
        report = import_directory(connection)
        assert report.organisations == {
            Kind.LOCAL_AUTHORITY: 175,
            Kind.INTEGRATED_CARE_BOARD: 48,
            Kind.HEALTH_BOARD: 7,
            Kind.POLICE_FORCE: 44,
        }
        assert (report.version, report.added, report.closed) == (1, 274, 12)

    def test_gives_every_authority_a_health_body_and_a_force_today(self, shipped: Directory) -> None:
        areas = [each for each in shipped.organisations() if each.kind is Kind.LOCAL_AUTHORITY]
        for area in areas:
            bodies = shipped.health_bodies(area.code, TODAY)
            assert [body.is_default for body in bodies] == [True] + [False] * (len(bodies) - 1)
            assert shipped.police(area.code, TODAY)
            assert shipped.country(bodies[0].code) == area.country
        in_use = {body.code for area in areas for body in shipped.health_bodies(area.code, TODAY)}
        assert len([code for code in in_use if shipped.country(code) is Country.ENGLAND]) == 36

    def test_shows_every_board_of_a_split_area_default_first(self, shipped: Directory) -> None:
        bodies = shipped.health_bodies(WESTMORLAND, TODAY)
        assert [(body.code, body.is_default) for body in bodies] == [("QE1", True), ("QHM", False)]
        assert 0.7 < float(bodies[0].share) < 0.8

    def test_routes_an_older_day_to_the_boards_of_that_day(self, shipped: Directory) -> None:
        before = {body.code for body in shipped.health_bodies(ESSEX, "2026-03-31")}
        after = {body.code for body in shipped.health_bodies(ESSEX, "2026-04-01")}
        assert before == {"QH8", "QJG", "QM7"}
        assert after == {"D7T5G"}
        assert shipped.health_bodies(ESSEX, "2022-06-30") == ()

    def test_can_be_imported_twice(self, connection: Connection) -> None:
        first, second = import_directory(connection), import_directory(connection)
        assert (first.added, second.added, second.version) == (274, 0, 2)

    def test_holds_british_transport_police_without_an_area(self, shipped: Directory) -> None:
        force = shipped.organisation("BTP")
        assert force is not None
        assert (force.kind, force.gss) == (Kind.POLICE_FORCE, None)


class TestNeighbours:
    @pytest.mark.parametrize(
        ("area", "other", "answer"),
        [
            (GLOUCESTERSHIRE, "E06000022", "no"),
            (GLOUCESTERSHIRE, "E06000025", "yes"),
            ("E06000027", "E10000008", "yes"),
            ("E06000001", "E06000003", "yes"),
            (RUTLAND, PETERBOROUGH, "ask"),
            (LEEDS, SHROPSHIRE, "no"),
            ("E06000046", "E10000014", "no"),
            (SHROPSHIRE, POWYS, "yes"),
            (LEEDS, "X", "no"),
        ],
    )
    def test_adjoin_over_land_and_river_and_are_asked_about_otherwise(
        self, shipped: Directory, area: str, other: str, answer: str
    ) -> None:
        assert shipped.adjoining(area, other) == answer
        assert shipped.adjoining(other, area) == answer


class TestSuccessors:
    def test_are_followed_from_their_day_on(self, shipped: Directory) -> None:
        assert shipped.successor("QH8", "2026-03-31") is None
        assert shipped.successor("QH8", "2026-04-01") == "D7T5G"
        assert shipped.successor("E10000023", TODAY) == "E06000065"

    def test_are_all_named_when_there_are_several(self, shipped: Directory) -> None:
        assert shipped.successor("QNQ", TODAY) is None
        assert set(shipped.successors("QNQ", TODAY)) == {"QRL", "S0E4D", "S9B9J"}


class TestConnected:
    def test_is_who_has_a_live_client_for_the_function(self, shipped: Directory, connection: Connection) -> None:
        assert not shipped.connected(LEEDS, "social_care")
        _client(connection, LEEDS, ["social_care"])
        directory = Directory(connection)
        assert directory.connected(LEEDS, "social_care")
        assert not directory.connected(LEEDS, "send")

    @pytest.mark.usefixtures("shipped")
    def test_counts_a_delegate_that_acts_for_it(self, connection: Connection) -> None:
        register(connection, code="RXT01", kind="trust", name="Invented Community Trust", country="E")
        _client(connection, "RXT01", [HEALTH, "camhs"], acts_for=["QOC"])
        assert not Directory(connection).connected("QOC", HEALTH)
        delegate(connection, "QOC", "RXT01", HEALTH)
        assert Directory(connection).connected("QOC", HEALTH)
        assert not Directory(connection).connected("QOC", "camhs")

    @pytest.mark.usefixtures("shipped")
    def test_ends_with_the_client(self, connection: Connection) -> None:
        _client(connection, LEEDS, ["social_care"])
        connection.execute(update(clients).values(revoked_at="2026-11-22T00:00:00.000Z"))
        assert not Directory(connection).connected(LEEDS, "social_care")


class TestTheCache:
    def test_asks_again_only_after_a_while_and_rebuilds_only_after_a_change(self, tmp_path: Path) -> None:
        database = Database(f"sqlite:///{tmp_path / 'directory.db'}")
        with database.write() as connection:
            metadata.create_all(connection, tables=TABLES)
            import_directory(connection)
        now = [100.0]
        cache = DirectoryCache(database, lambda: now[0])
        first = cache.get()
        with database.write() as connection:
            _client(connection, LEEDS, ["social_care"])
        now[0] += RECHECK_SECONDS - 1
        assert cache.get() is first
        now[0] += 1
        second = cache.get()
        assert second.connected(LEEDS, "social_care")
        now[0] += RECHECK_SECONDS
        assert cache.get() is second
        cache.refresh()
        assert cache.get() is not second
        database.dispose()


def _client(connection: Connection, organisation: str, functions: list[str], acts_for: list[str] | None = None) -> None:
    count = len(connection.execute(select(clients.c.id)).all())
    row = {
        "id": f"cli_{count}",
        "organisation_code": organisation,
        "name": "Invented system",
        "functions": orjson.dumps(functions).decode(),
        "scopes": "[]",
        "acts_for": orjson.dumps(acts_for or []).decode(),
        "jwks": "[]",
        "created_at": datetime.now(UTC).isoformat(),
        "revoked_at": None,
    }
    connection.execute(insert(clients), [row])


def test_every_table_of_the_directory_is_filled_by_the_import(connection: Connection) -> None:
    import_directory(connection)
    for table in (models.area_routing, models.adjacent_areas, models.organisation_successions):
        assert connection.execute(select(table)).first() is not None
