"""Answers from the directory: the transaction gives caller and time, the snapshot all else."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.organisations import schemas
from app.organisations.directory import Directory, Organisation
from app.organisations.errors import UnknownArea, UnknownOrganisation
from app.organisations.kinds import Country, Kind
from app.rules import edition
from app.rules.facts import Context, Facts, read_facts
from app.rules.rows import RecipientRow
from app.rules.working_time import london_day
from app.security.scopes import Function
from app.web.paging import Cursors
from app.work.tx import Tx

_OF_THE_PLACE = frozenset(
    {
        "adjacency_unsettled",
        "at_a_distance",
        "consultation",
        "emergency",
        "ending",
        "home_area_known",
        "home_elsewhere",
        "home_in_northern_ireland",
        "home_in_scotland",
        "out_of_area",
        "placed_from_england",
        "placed_from_wales",
        "planned",
    }
)
"""The predicates that a place, a placing authority and an urgency settle. All others depend on the child."""


@dataclass(frozen=True, slots=True)
class Search:
    """Which part of the directory: ``words`` are looked for in codes and names."""

    kind: Kind | None
    words: str
    cursor: str | None
    limit: int


def search(tx: Tx, directory: Directory, cursors: Cursors, asked: Search) -> schemas.Organisations:
    """A page of organisations, by code. Raises BadCursor."""
    words = asked.words.casefold()
    scope = f"organisations|{tx.by.organisation}|{asked.kind}|{words}"
    after = cursors.open(scope, asked.cursor) if asked.cursor else ""
    found = [
        each
        for each in directory.organisations()
        if each.code > after and asked.kind in (None, each.kind) and _mentions(each, words)
    ]
    shown = found[: asked.limit]
    more = cursors.seal(scope, shown[-1].code) if len(found) > asked.limit else None
    return schemas.Organisations(items=[_summary(each) for each in shown], next_cursor=more)


def read(tx: Tx, directory: Directory, code: str) -> schemas.OrganisationDetail:
    """One organisation. Raises UnknownOrganisation."""
    found = directory.organisation(code)
    if found is None:
        raise UnknownOrganisation
    delegations = [(what, to) for what in Function for to in directory.delegates(code, what)]
    return schemas.OrganisationDetail(
        **_summary(found).model_dump(),
        gss=found.gss,
        contacts=dict(found.contacts),
        connected=[function for function in Function if directory.connected(code, function)],
        delegations=[
            schemas.DelegatedWork(function=what, organisation=_named(directory, to)) for what, to in delegations
        ],
        successors=[_named(directory, each) for each in directory.successors(code, _today(tx))],
    )


def locate(tx: Tx, directory: Directory, postcode: str) -> schemas.AreaFound:
    """Where a postcode lies, and who serves the area today. Raises InvalidPostcode."""
    found, today = directory.postcode(postcode), _today(tx)
    area = directory.area(found.area_code) if found.area_code else None
    not_held = _not_held(tx, directory, area.code if area else None, found.country)
    police = directory.police(area.code, today) if area else None
    return schemas.AreaFound(
        match=found.match if area else "none",
        country=found.country,
        rules_held=None if found.country is None else not_held is None,
        not_held=not_held,
        authority=_named(directory, area.code) if area else None,
        health_bodies=_health_bodies(directory, area, today),
        police=_named(directory, police) if police else None,
    )


def recipients(tx: Tx, directory: Directory, code: str, urgency: schemas.Urgency) -> schemas.AreaRecipients:
    """Who in an area would be told of a home there, by function, and why. Raises UnknownArea."""
    area = directory.area(code)
    if area is None:
        raise UnknownArea
    rules = edition.current()
    so = _facts(tx, directory, code, area.country, urgency).so & _OF_THE_PLACE
    rows = [row for row in rules.recipients if row.party.startswith("host_") and _may_hold(row, so)]
    return schemas.AreaRecipients(
        area=_named(directory, code),
        country=area.country,
        urgency=urgency,
        edition=rules.version,
        recipients=[each for row in rows for each in _told(row, directory, code, _today(tx))],
    )


def _health_bodies(directory: Directory, area: Organisation | None, today: str) -> list[schemas.HealthBodyOfArea]:
    bodies = directory.health_bodies(area.code, today) if area else ()
    return [
        schemas.HealthBodyOfArea(
            code=each.code, name=_name(directory, each.code), share=each.share, default=each.is_default
        )
        for each in bodies
    ]


def _told(row: RecipientRow, directory: Directory, area: str, today: str) -> Iterator[schemas.AreaRecipient]:
    for organisation in _party(row.party, directory, area, today):
        function = Function(row.function)
        yield schemas.AreaRecipient(
            function=function,
            organisation=_named(directory, organisation.code),
            title=row.title,
            why=row.why,
            basis=row.basis,
            source=row.source,
            standing=row.standing,
            only_if=sorted(row.applies - _OF_THE_PLACE),
            connected=directory.connected(organisation.code, function),
            contact=organisation.contacts.get(function),
        )


def _party(party: str, directory: Directory, area: str, today: str) -> list[Organisation]:
    """Who a party is. Of several health bodies the default is told unless the sender chooses another."""
    if party == "host_health":
        codes = [each.code for each in directory.health_bodies(area, today)[:1]]
    else:
        codes = [area] if party == "host_authority" else [directory.police(area, today) or ""]
    return [found for code in codes if (found := directory.organisation(code))]


def _may_hold(row: RecipientRow, so: frozenset[str]) -> bool:
    return row.applies & _OF_THE_PLACE <= so and row.unless.isdisjoint(so)


def _facts(tx: Tx, directory: Directory, area: str | None, country: Country | None, urgency: str) -> Facts:
    placing = tx.by.organisation
    context = Context(
        placing_area=placing,
        placing_country=directory.country(placing) or Country.ELSEWHERE,
        received_at=tx.now,
        kind="start",
        host_area=area,
        host_country=country,
        adjoining=directory.adjoining(placing, area) if area else None,
    )
    return read_facts({"urgency": urgency}, context)


def _not_held(tx: Tx, directory: Directory, area: str | None, country: Country | None) -> schemas.NotHeldHere | None:
    gap = edition.current().decide(_facts(tx, directory, area, country, "planned")).not_held
    if gap is None:
        return None
    return schemas.NotHeldHere(code=gap.code, title=gap.title, what_to_do=gap.todo, source=gap.source)


def _mentions(organisation: Organisation, words: str) -> bool:
    return words in organisation.code.casefold() or words in organisation.name.casefold()


def _summary(organisation: Organisation) -> schemas.OrganisationSummary:
    names = schemas.OrganisationSummary.model_fields
    return schemas.OrganisationSummary(**{name: getattr(organisation, name) for name in names})


def _named(directory: Directory, code: str) -> schemas.Named:
    return schemas.Named(code=code, name=_name(directory, code))


def _name(directory: Directory, code: str) -> str:
    found = directory.organisation(code)
    return found.name if found else code


def _today(tx: Tx) -> str:
    return london_day(tx.now).isoformat()
