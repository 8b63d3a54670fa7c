"""Changing the directory: what an import and a registration refuse, and what they leave alone."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from app.organisations.contacts import Contact
from app.organisations.directory import Directory
from app.organisations.edition import SHIPPED
from app.organisations.errors import (
    InvalidDirectory,
    InvalidOrganisation,
    UnknownFunction,
    UnknownOrganisation,
)
from app.organisations.kinds import Country
from app.organisations.load import delegate, import_directory, publish_contacts, register
from app.security.scopes import Function
from tests.rules.directory_tables import empty_directory

LEEDS = "E08000035"
HEALTH = Function.CHILDREN_IN_CARE_HEALTH.value


@pytest.fixture
def connection() -> Iterator[Connection]:
    with empty_directory() as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "edition"
    shutil.copytree(SHIPPED, copy, ignore=shutil.ignore_patterns("postcodes.*"))
    return copy


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

    def test_may_close_an_organisation_but_never_forget_it(self, connection: Connection, folder: Path) -> None:
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

    def test_delegates_only_among_known_organisations_and_functions(self, connection: Connection) -> None:
        import_directory(connection)
        with pytest.raises(UnknownOrganisation):
            delegate(connection, "QOC", "NOBODY", HEALTH)
        with pytest.raises(UnknownFunction):
            delegate(connection, "QOC", "QWO", "juggling")
        assert delegate(connection, "QOC", "QWO", HEALTH)
        assert not delegate(connection, "QOC", "QWO", HEALTH)
