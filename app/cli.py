"""The command line of an installation: ``placement-notify --help``."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, NoReturn
from urllib.parse import urlsplit

import typer
import uvicorn
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from app.client.commands import send
from app.db.engine import Database
from app.documents.commands import group as documents
from app.keys.commands import StillSealed
from app.keys.commands import group as keys
from app.kit.core import keep_to_one_core
from app.kit.errors import Failure
from app.kit.memory import give_memory_back, keep_what_stays
from app.ledger.guards import missing_guards
from app.ledger.verify import verify
from app.main import create_app, describe_api
from app.organisations import load, systems
from app.organisations.edition import SHIPPED
from app.organisations.kinds import Kind
from app.security.clients import RegistrationRefused
from app.security.jwks import KeyRefused
from app.security.keys import KeyUnusable
from app.security.scopes import Function
from app.settings import Settings
from app.vault.errors import KeysUnusable
from app.work.resources import open_resources

# What a command alone needs is imported by it: a process that serves need not carry the migrations and the story.
app = typer.Typer(no_args_is_help=True, add_completion=False, help="Placement Notify", pretty_exceptions_enable=False)
organisations = typer.Typer(no_args_is_help=True, help="The directory of authorities, health bodies and forces")
clients = typer.Typer(no_args_is_help=True, help="The systems that may call")
ledger = typer.Typer(no_args_is_help=True, help="The record of who did what")
schemas = typer.Typer(no_args_is_help=True, help="The published standard")
openapi = typer.Typer(no_args_is_help=True, help="The description of the API")
app.command()(send)
for name, group in (
    ("organisations", organisations),
    ("clients", clients),
    ("keys", keys),
    ("ledger", ledger),
    ("documents", documents),
    ("schemas", schemas),
    ("openapi", openapi),
):
    app.add_typer(group, name=name)

_WRONG = "red"
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Refused(Exception):
    """A command cannot do what was asked; the text is a sentence for an administrator."""


_EXPECTED = (
    *(Failure, Refused, SQLAlchemyError, ValidationError),
    *(KeyRefused, KeysUnusable, KeyUnusable, RegistrationRefused, StillSealed),
)


@app.command()
def serve() -> None:
    """Serve the API. Refuses to start without keys or a migrated database, or with demo keys on a public address."""
    give_memory_back()
    settings = _settings()
    service = create_app(settings)
    public = settings.host not in _LOOPBACK or urlsplit(settings.public_url).hostname not in _LOOPBACK
    if service.state.has_demo_keys and public:
        raise Refused("Demonstration keys never serve a public address. Put keys of your own in keys_dir.")
    _refuse_if_not_fit(settings)
    keep_what_stays()
    if settings.one_core:
        keep_to_one_core()
    uvicorn.run(service, host=settings.host, port=settings.port, log_config=None, server_header=False, access_log=False)


@app.command()
def migrate() -> None:
    """Bring the database to the present version, and put the guards of the ledger in place."""
    from app.db.migrate import migrate as migrate_database

    settings = _settings()
    migrate_database(settings.owner_url or settings.database_url, settings.service_role)
    typer.echo("The database is at the present version and its guards stand.")


@app.command()
def demo(
    once: Annotated[bool, typer.Option(help="End after the story, instead of serving on")] = False,
    folder: Annotated[Path, typer.Option(help="Where its database and keys are made")] = Path("var"),
) -> None:
    """Play a night and a morning through HTTP with really signed tokens, then leave the service running."""
    from app.demo import run as story

    raise typer.Exit(story.run(folder, once=once))


@app.command()
def token(
    client: Annotated[Path, typer.Argument(help="A client file: JSON with url, client_id, kid and key", exists=True)],
    function: Annotated[Function, typer.Option(help="The work the token is for")],
    person: Annotated[str | None, typer.Option("--name", help="The practitioner's name; left out: no person")] = None,
    role: Annotated[str, typer.Option(help="The practitioner's role")] = "Practitioner",
    organisation: Annotated[str | None, typer.Option(help="Whom to act for, where they delegated to you")] = None,
) -> None:
    """Ask for an access token the way a client does, and print it."""
    from app.client.token import TokenRefused, ask_for_token, read_client

    named = {"name": person, "role": role} if person else None
    try:
        typer.echo(ask_for_token(read_client(client), function, named, organisation))
    except TokenRefused as refusal:
        raise Refused(str(refusal)) from None


@organisations.command("import")
def import_organisations(
    folder: Annotated[Path, typer.Argument(help="Left out: the edition shipped", exists=True)] = SHIPPED,
) -> None:
    """Replace the directory by the edition in FOLDER. Nothing changes if any row of it is wrong."""
    settings = _settings()
    # Replacing what is there takes the rights of the tables' owner.
    with Database(settings.owner_url or settings.database_url).write() as connection:
        report = load.import_directory(connection, folder)
    kinds = ", ".join(f"{count} {kind.value.replace('_', ' ')}" for kind, count in sorted(report.organisations.items()))
    typer.echo(f"Version {report.version} of the directory: {kinds}; {report.added} new, {report.closed} closed.")


@organisations.command("register")
def register_organisation(
    code: Annotated[str, typer.Argument(help="Its code: ODS, URN or one of your own")],
    kind: Annotated[Kind, typer.Option(help="trust, provider, school or safeguarding_partnership")],
    called: Annotated[str, typer.Option("--name", help="Its name")],
    country: Annotated[str, typer.Option(help="E or W")] = "E",
) -> None:
    """Register a body that no edition lists, or change its name."""
    with _database().write() as connection:
        load.register(connection, code=code, kind=kind, name=called, country=country)
    typer.echo(f"{code} is in the directory.")


@organisations.command("delegate")
def delegate_function(
    principal: Annotated[str, typer.Argument(help="Code of the organisation whose work it is")],
    delegate: Annotated[str, typer.Argument(help="Code of the organisation that does it")],
    function: Annotated[Function, typer.Option(help="Which work")],
) -> None:
    """Record that one organisation does a function of another."""
    with _database().write() as connection:
        added = load.delegate(connection, principal, delegate, function)
    typer.echo(f"{delegate} may act for {principal}." if added else "It was recorded already.")


@organisations.command("undelegate")
def withdraw_delegation(
    principal: Annotated[str, typer.Argument(help="Code of the organisation whose work it is")],
    delegate: Annotated[str, typer.Argument(help="Code of the organisation that did it")],
    function: Annotated[Function, typer.Option(help="Which work")],
) -> None:
    """End a delegation at once. Taking it away takes the rights of the tables' owner."""
    settings = _settings()
    with Database(settings.owner_url or settings.database_url).write() as connection:
        ended = load.withdraw_delegation(connection, principal, delegate, function)
    typer.echo(f"{delegate} no longer acts for {principal}." if ended else "There was no such delegation.")


@clients.command("add")
def add_client(
    organisation: Annotated[str, typer.Option(help="Code of the organisation")],
    called: Annotated[str, typer.Option("--name", help="What the system is called")],
    function: Annotated[list[Function], typer.Option(help="A function it works in; repeat for more")],
    jwks: Annotated[Path, typer.Option(help="Its public keys, a JWK set", exists=True, dir_okay=False)],
    acts_for: Annotated[list[str] | None, typer.Option(help="An organisation that delegated to it")] = None,
) -> None:
    """Register a system by its public keys, and print its client id."""
    system = systems.System(organisation, called, function, acts_for or ())
    typer.echo(systems.register_system(open_resources(_settings()), system, jwks.read_text("utf-8")).id)


@clients.command("keys")
def replace_client_keys(
    client: Annotated[str, typer.Argument(help="The client id")],
    jwks: Annotated[Path, typer.Option(help="Its next public keys, a JWK set", exists=True, dir_okay=False)],
) -> None:
    """Give a system its next keys. To change keys without a gap, first send a set with the old and the new."""
    systems.replace_keys(open_resources(_settings()), client, jwks.read_text("utf-8"))
    typer.echo("From now on these keys are accepted, and no others.")


@clients.command("revoke")
def revoke_client(client: Annotated[str, typer.Argument(help="The client id")]) -> None:
    """End a system's access, at once."""
    if not systems.revoke_system(open_resources(_settings()), client):
        raise Refused("There was no access to end: no such client, or it was revoked before.")
    typer.echo("Its access has ended.")


@ledger.command("verify")
def verify_ledger() -> None:
    """Check every entry against the tree. Names each fault; exit code 1 if there is one."""
    with _database().read() as connection:
        report = verify(connection)
    typer.echo(f"{report.entries} entries: {report.leaves} in the tree, {report.pending} waiting for their place.")
    typer.echo(f"Root {report.root_hash}")
    for fault in report.faults:
        typer.secho(fault, fg=_WRONG)
    if report.fault_count > len(report.faults):
        typer.secho(f"... and {report.fault_count - len(report.faults)} more.", fg=_WRONG)
    if not report.sound:
        typer.secho(f"{report.fault_count} faults.", fg=_WRONG)
        raise typer.Exit(1)
    typer.echo("The ledger is sound.")


@schemas.command("export")
def export_schemas(
    folder: Annotated[Path, typer.Option(help="Where to write")] = Path("schemas/v1"),
    check: Annotated[bool, typer.Option(help="Write nothing; exit 1 if a file differs")] = False,
) -> None:
    """Write the JSON Schemas of the published standard."""
    from app.standard.export import files

    _export({folder / name: text for name, text in files().items()}, check)


@openapi.command("export")
def export_openapi(
    path: Annotated[Path, typer.Option(help="Where to write")] = Path("openapi.yaml"),
    check: Annotated[bool, typer.Option(help="Write nothing; exit 1 if the file differs")] = False,
) -> None:
    """Write the description of the API."""
    _export({path: describe_api()}, check)


def _export(files: Mapping[Path, str], check: bool) -> None:
    stale = [path for path, text in files.items() if not path.exists() or path.read_text("utf-8") != text]
    for path in stale:
        typer.echo(f"{path} differs" if check else f"{path} written")
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files[path], "utf-8")
    if check and stale:
        raise Refused("Write them anew with the same command without --check.")


def _settings() -> Settings:
    return Settings()  # type: ignore[call-arg]


def _database() -> Database:
    return Database(_settings().database_url)


def _refuse_if_not_fit(settings: Settings) -> None:
    # Asked here too, because a refusal inside the server's start comes out as a traceback.
    probe = Database(settings.database_url, settings.pool_size)
    try:
        probe.claim()
        with probe.read() as connection:
            missing = missing_guards(connection)
    finally:
        probe.dispose()
    if missing:
        raise Refused("The database is not at the present version. Run: placement-notify migrate")


def _explain(problem: Exception) -> str:
    """What went wrong, as sentences. A setting is named as it stands in the environment, its value never."""
    if isinstance(problem, ValidationError):
        prefix = str(Settings.model_config["env_prefix"])
        wrong = [(f"{prefix}{each['loc'][0]}".upper(), each["type"]) for each in problem.errors() if each["loc"]]
        return "\n".join(f"{name} is not {'set' if kind == 'missing' else 'valid'}." for name, kind in wrong)
    if isinstance(problem, Failure):
        faults = [f"{fault.pointer}: {fault.message}" for fault in problem.faults]
        return "\n".join([problem.detail, *faults, problem.advice]).strip()
    unknown = "The database does not answer as expected. Is the URL right, and has it been migrated?"
    return unknown if isinstance(problem, SQLAlchemyError) else str(problem)


def main() -> NoReturn:
    """Run the command line. What can be expected to go wrong is told in a sentence; exit code 1."""
    try:
        app()
    except _EXPECTED as problem:
        typer.secho(_explain(problem), fg=_WRONG, err=True)
    sys.exit(1)


if __name__ == "__main__":
    main()
