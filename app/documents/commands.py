"""``placement-notify documents``: for an administrator, while the service runs."""

from datetime import timedelta
from typing import Annotated

import typer

from app.settings import Settings
from app.work.resources import open_resources

group = typer.Typer(no_args_is_help=True, help="The files that were uploaded")


@group.command("sweep")
def sweep_documents(
    minutes: Annotated[int, typer.Option(min=0, help="Leave what is younger than this: uploads may be under way")] = 60,
) -> None:
    """Remove files that no row names, of whatever day: what uploads that were cut off left behind."""
    from app.blobs.store import Blobs  # noqa: PLC0415
    from app.documents.service.sweeping import sweep  # noqa: PLC0415

    settings = Settings()  # type: ignore[call-arg]
    resources = open_resources(settings)
    grace = timedelta(minutes=minutes)
    removed = sweep(resources.database, Blobs(settings), resources.clock(), grace=grace, every_day=True)
    typer.echo(f"{removed} files that no row names were removed.")


@group.callback()
def _group() -> None:
    """A group of one command stays a group."""
