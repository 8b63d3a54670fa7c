"""The directory: what is shipped, what an import refuses, and what the snapshot answers."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from sqlalchemy import Connection, create_engine, event, insert, select, update

from app.db.base import metadata
from app.db.engine import Database
from app.organisations import models
from app.organisations.contacts import Contact
from app.organisations.directory import RECHECK_SECONDS, Directory, DirectoryCache
from app.organisations.edition import SHIPPED
from app.organisations.errors import (
    InvalidDirectory,
    InvalidOrganisation,
    UnknownFunction,
    UnknownOrganisation,
)
from app.organisations.kinds import Country, Kind
from app.organisations.load import delegate, import_directory, publish_contacts, register
from app.security.models import clients
from app.security.scopes import Function

TODAY = "2026-11-22"
GLOUCESTERSHIRE, POWYS, RUTLAND, PETERBOROUGH = "E10000013", "W06000023", "E06000017", "E06000031"
WESTMORLAND, ESSEX, LEEDS, SHROPSHIRE = "E06000064", "E10000012", "E08000035", "E06000051"
HEALTH = Function.CHILDREN_IN_CARE_HEALTH.value


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")

    @event.listens_for(engine, "connect")
    def with_foreign_keys(raw, _record) -> None:  # type: ignore[no-untyped-def]
        raw.execute("PRAGMA foreign_keys=ON")

    tables = [table for name, table in metadata.tables.items() if name in _TABLES]
    metadata.create_all(engine, tables=tables)
    with engine.begin() as opened:
        yield opened
    engine.dispose()


_TABLES = {
    "organisations",
    "organisation_successions",
    "area_routing",
    "adjacent_areas",
    "delegations",
    "directory_state",
    "clients",
}


@pytest.fixture
def shipped(connection: Connection) -> Directory:
    import_directory(connection)
    return Directory(connection)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "edition"
    shutil.copytree(SHIPPED, copy, ignore=shutil.ignore_patterns("postcodes.*"))
    return copy


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


Edit = Callable[[str], str]


class TestAnImport:
    @pytest.mark.parametrize(
        ("file", "edit", "code"),
        [
            (
                "organisations.csv",
                lambda text: text.replace("E08000035,gss,local", "E07000035,gss,local"),
                "row",
            ),
            ("organisations.csv", lambda text: text.replace(",2026-04-01,,", ",2026-02-30,,", 1), "field"),
            ("organisations.csv", lambda text: text.replace("Leeds", "Le\u202eeds"), "field"),
            ("organisations.csv", lambda text: text.replace("code,code_system", "code,system", 1), "header"),
            ("organisations.csv", lambda text: text + text.splitlines()[1] + "\n", "twice"),
            ("organisations.csv", lambda text: text.replace(text.splitlines()[1] + "\n", ""), "health"),
            ("organisations.csv", lambda text: text + "too,few\n", "columns"),
            ("area_routing.csv", lambda text: text.replace(",1.0000,", ",0.9000,", 1), "shares"),
            ("area_routing.csv", lambda text: text.replace(",true,", ",false,", 1), "default"),
            ("area_routing.csv", lambda text: text.replace(",QHM,", ",QXX,", 1), "health"),
            ("area_routing.csv", lambda text: text.replace(",QHM,", ",7A1,", 1), "health"),
            ("area_routing.csv", lambda text: text.replace("E23000013", "E23000099", 1), "police"),
            ("area_routing.csv", lambda text: text.replace(text.splitlines()[1] + "\n", ""), "missing"),
            ("area_routing.csv", lambda _: "\udcff", "file"),
            ("adjacent_areas.csv", lambda text: text.replace(text.splitlines()[1] + "\n", ""), "one_way"),
            ("adjacent_areas.csv", lambda text: text.replace(",land,", ",bridge,", 1), "field"),
            ("routing_periods.csv", lambda text: text.replace("2026-04-01", "2026-03-31"), "overlap"),
            (
                "routing_periods.csv",
                lambda text: text.replace("2026-04-01,", "2026-04-01,2027-03-31"),
                "closed",
            ),
            ("routing_periods.csv", lambda text: text.replace("area_routing.csv", "../x.csv"), "field"),
            ("organisation_successions.csv", lambda text: text.replace(",D7T5G,", ",D7T5H,", 1), "successor"),
        ],
    )
    def test_refuses_a_broken_edition_and_changes_nothing(
        self, connection: Connection, folder: Path, file: str, edit: Edit, code: str
    ) -> None:
        import_directory(connection)
        path = folder / file
        path.write_text(edit(path.read_text("utf-8")), "utf-8", errors="surrogateescape")
        with pytest.raises(InvalidDirectory) as refusal:
            import_directory(connection, folder)
        assert code in {fault.code for fault in refusal.value.faults}
        assert all(fault.pointer.startswith("/") for fault in refusal.value.faults)
        assert Directory(connection).version == 1

    def test_refuses_a_missing_folder(self, connection: Connection, tmp_path: Path) -> None:
        with pytest.raises(InvalidDirectory):
            import_directory(connection, tmp_path / "nowhere")

    def test_keeps_what_was_registered_by_hand(self, connection: Connection) -> None:
        import_directory(connection)
        register(connection, code="RXT01", kind="trust", name="Invented Community Trust", country="E")
        publish_contacts(connection, LEEDS, {Function.EMERGENCY_DUTY: CONTACT})
        delegate(connection, "QOC", "RXT01", HEALTH)
        import_directory(connection)
        directory = Directory(connection)
        authority = directory.organisation(LEEDS)
        assert authority is not None
        assert authority.contacts == {Function.EMERGENCY_DUTY: CONTACT}
        assert directory.delegates("QOC", HEALTH) == ("RXT01",)

    def test_may_close_an_organisation_but_never_forget_it(
        self, connection: Connection, folder: Path
    ) -> None:
        import_directory(connection)
        path = folder / "organisations.csv"
        kept = [line for line in path.read_text("utf-8").splitlines(True) if not line.startswith("BTP,")]
        path.write_text("".join(kept), "utf-8")
        with pytest.raises(InvalidDirectory) as refusal:
            import_directory(connection, folder)
        assert [fault.code for fault in refusal.value.faults] == ["dropped"]

    def test_refuses_a_code_registered_for_another_kind(self, connection: Connection) -> None:
        register(connection, code="QWO", kind="trust", name="Invented Community Trust", country="E")
        with pytest.raises(InvalidDirectory) as refusal:
            import_directory(connection)
        assert [fault.code for fault in refusal.value.faults] == ["taken"]


CONTACT = Contact(team="Duty", phone="0113 496 0000", out_of_hours_phone=None, email="duty@leeds.example")


class TestRegistering:
    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("code", "no spaces here"),
            ("code", "LEEDS\n"),
            ("kind", "local_authority"),
            ("kind", "circus"),
            ("name", ""),
            ("name", "Trust\x00"),
            ("name", "x" * 201),
            ("country", "S"),
        ],
    )
    def test_refuses_what_is_not_of_the_form(self, connection: Connection, field: str, value: str) -> None:
        right = {"code": "RXT01", "kind": "trust", "name": "Invented Community Trust", "country": "E"}
        with pytest.raises(InvalidOrganisation) as refusal:
            register(connection, **(right | {field: value}))
        assert [fault.pointer for fault in refusal.value.faults] == [f"/{field}"]

    def test_refuses_the_code_of_another_kind(self, connection: Connection) -> None:
        import_directory(connection)
        with pytest.raises(InvalidOrganisation):
            register(connection, code="QWO", kind="trust", name="Invented Community Trust", country="E")

    def test_again_changes_the_name(self, connection: Connection) -> None:
        for name in ("Invented Homes", "Invented Homes and Schools"):
            register(connection, code="PRV01", kind="provider", name=name, country="W")
        found = Directory(connection).organisation("PRV01")
        assert found is not None
        assert (found.name, found.country) == ("Invented Homes and Schools", Country.WALES)

    @pytest.mark.usefixtures("shipped")
    def test_delegates_only_among_known_organisations_and_functions(self, connection: Connection) -> None:
        with pytest.raises(UnknownOrganisation):
            delegate(connection, "QOC", "NOBODY", HEALTH)
        with pytest.raises(UnknownFunction):
            delegate(connection, "QOC", "QWO", "juggling")
        assert delegate(connection, "QOC", "QWO", HEALTH)
        assert not delegate(connection, "QOC", "QWO", HEALTH)


class TestConnected:
    def test_is_who_has_a_live_client_for_the_function(
        self, shipped: Directory, connection: Connection
    ) -> None:
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
            metadata.create_all(connection, tables=[metadata.tables[name] for name in sorted(_TABLES)])
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


def _client(
    connection: Connection, organisation: str, functions: list[str], acts_for: list[str] | None = None
) -> None:
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
