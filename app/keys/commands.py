"""``placement-notify keys``: for an administrator, while the service runs."""

from enum import StrEnum
from typing import Annotated

import typer

from app.keys import rewrap, rotation
from app.keys.rotation import StillSealed
from app.settings import Settings
from app.work.resources import open_resources

__all__ = ["StillSealed", "group"]

group = typer.Typer(no_args_is_help=True, help="Changing keys while the service runs")


class Rotated(StrEnum):
    """Which keys to change: what data is sealed under, or what signs access tokens."""

    MASTER = "master"
    SIGNING = "signing"


@group.command("status")
def show_keys() -> None:
    """How much is sealed under each master key."""
    resources = open_resources(_settings())
    for kid, count in rewrap.counts(resources).items():
        typer.echo(f"{kid}: {count} rows" + (", current" if kid == resources.vault.current else ""))


@group.command("rotate")
def rotate_keys(which: Annotated[Rotated, typer.Argument(help="master or signing")]) -> None:
    """Change a key while the service runs. May be cut off at any moment and run again."""
    settings = _settings()
    rotate = rotation.rotate_master if which is Rotated.MASTER else rotation.rotate_signing
    # What was sealed may be changed by the owner of the tables alone: the service only adds to it.
    rotate(open_resources(settings, as_owner=True), settings, typer.echo)


@group.command("retire")
def retire_keys() -> None:
    """Take former master keys out of the file, once nothing is sealed under them."""
    settings = _settings()
    gone = rotation.retire_masters(open_resources(settings), settings)
    typer.echo(f"Removed: {', '.join(gone)}. Destroy every copy of them." if gone else "There was none to remove.")


def _settings() -> Settings:
    return Settings()  # type: ignore[call-arg]
