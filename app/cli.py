"""The command line of an installation: ``placement-notify --help``."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from app.db.engine import Database
from app.db.migrate import migrate as migrate_database
from app.kit.clock import system_clock
from app.organisations.load import import_directory
from app.security import clients as registry
from app.security.jwks import KeyRefused
from app.security.scopes import FUNCTION_SCOPES, Function
from app.settings import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Placement Notify", pretty_exceptions_enable=False)
organisations = typer.Typer(no_args_is_help=True, help="The directory of authorities, health bodies and forces")
clients = typer.Typer(no_args_is_help=True, help="The systems that may call")
ledger = typer.Typer(no_args_is_help=True, help="The record of who did what")
schemas = typer.Typer(no_args_is_help=True, help="The published standard")
openapi = typer.Typer(no_args_is_help=True, help="The description of the API")
for name, group in (
    ("organisations", organisations),
    ("clients", clients),
    ("ledger", ledger),
    ("schemas", schemas),
    ("openapi", openapi),
):
    app.add_typer(group, name=name)

say = Console(highlight=False)
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def _database() -> Database:
    return Database(Settings().database_url)  # type: ignore[call-arg]


@app.command()
def serve() -> None:
    """Serve the API. Refuses to start without keys, or with demonstration keys on a public address."""
    import uvicorn

    from app.main import create_app

    settings = Settings()  # type: ignore[call-arg]
    service = create_app(settings)
    if service.state.has_demo_keys and settings.host not in _LOOPBACK:
        raise typer.BadParameter("Demonstration keys never serve a public address. Put keys of your own in keys_dir.")
    uvicorn.run(
        service, host=settings.host, port=settings.port, log_config=None, server_header=False, access_log=False
    )


@app.command()
def migrate() -> None:
    """Bring the database to the present version, and put the guards of the ledger in place."""
    settings = Settings()  # type: ignore[call-arg]
    migrate_database(settings.owner_url or settings.database_url, settings.service_role)
    say.print("The database is at the present version and its guards stand.")


@app.command()
def demo(
    once: Annotated[bool, typer.Option(help="End after the story, instead of serving on")] = False,
    folder: Annotated[Path, typer.Option(help="Where its database and keys are made")] = Path("var"),
) -> None:
    """Play a night and a morning through HTTP with really signed tokens, then leave the service running."""
    from app.demo.run import run

    raise typer.Exit(run(folder, once=once))


@app.command()
def token(
    function: Annotated[Function, typer.Option(help="The work the token is for")],
    client: Annotated[str, typer.Option(help="The client id")],
    key: Annotated[Path, typer.Option(help="The client's private key, PEM")],
    kid: Annotated[str, typer.Option(help="The key's id, as registered")],
    name: Annotated[str | None, typer.Option(help="The practitioner's name")] = None,
    role: Annotated[str, typer.Option(help="The practitioner's role")] = "practitioner",
    organisation: Annotated[str | None, typer.Option(help="Whom to act for, if not your own organisation")] = None,
    url: Annotated[str, typer.Option(help="Where the service is")] = "http://127.0.0.1:8000",
) -> None:
    """Ask for an access token the way a client does, and print it."""
    from app.demo.client import ask_for_token

    person = {"name": name, "role": role} if name else None
    typer.echo(ask_for_token(url, client, key.read_bytes(), kid, function, person, organisation))


@organisations.command("import")
def import_organisations(folder: Path) -> None:
    """Replace the directory by the edition in FOLDER. Nothing changes if any row of it is wrong."""
    with _database().write() as connection:
        say.print(str(import_directory(connection, folder)))


@clients.command("add")
def add_client(
    organisation: Annotated[str, typer.Option(help="Code of the organisation")],
    name: Annotated[str, typer.Option(help="What the system is called")],
    function: Annotated[list[Function], typer.Option(help="A function it works in; repeat for more")],
    jwks: Annotated[Path, typer.Option(help="Its public keys, a JWK set")],
    acts_for: Annotated[list[str] | None, typer.Option(help="An organisation that delegated to it")] = None,
) -> None:
    """Register a system by its public keys, and print its client id."""
    scopes = frozenset().union(*(FUNCTION_SCOPES[each] for each in function))
    try:
        with _database().write() as connection:
            client = registry.register(
                connection,
                organisation=organisation,
                name=name,
                functions=function,
                scopes=scopes,
                acts_for=acts_for or (),
                key_set=jwks.read_text(),
                now=system_clock(),
            )
    except (registry.RegistrationRefused, KeyRefused) as refused:
        raise typer.BadParameter(str(refused)) from None
    typer.echo(client.id)


@clients.command("revoke")
def revoke_client(client: str) -> None:
    """End a system's access, at once."""
    with _database().write() as connection:
        ended = registry.revoke(connection, client, system_clock())
    say.print("Its access has ended." if ended else "There was no access to end.")
    raise typer.Exit(0 if ended else 1)


@ledger.command("verify")
def verify_ledger() -> None:
    """Check every entry against the tree. Names each fault; exit code 1 if there is one."""
    from app.ledger.verify import verify

    with _database().read() as connection:
        report = verify(connection)
    say.print(str(report))
    raise typer.Exit(0 if report.is_sound else 1)


@schemas.command("export")
def export_schemas(
    folder: Annotated[Path, typer.Option(help="Where to write")] = Path("schemas"),
    check: Annotated[bool, typer.Option(help="Write nothing; exit 1 if the files differ")] = False,
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
    from app.main import describe_api

    _export({path: describe_api()}, check)


def _export(files: dict[Path, str], check: bool) -> None:
    stale = [path for path, text in files.items() if not path.exists() or path.read_text("utf-8") != text]
    for path in stale:
        say.print(f"{path} differs" if check else f"{path} written")
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files[path], "utf-8")
    raise typer.Exit(1 if check and stale else 0)


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
