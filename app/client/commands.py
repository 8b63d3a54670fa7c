"""``placement-notify send``: a folder of notifications, from a scheduled task."""

from pathlib import Path
from typing import Annotated

import typer


def send(
    client: Annotated[Path, typer.Argument(help="A client file: JSON with url, client_id, kid and key", exists=True)],
    folder: Annotated[Path, typer.Argument(help="Each *.json in it is a notification", exists=True, file_okay=False)],
    function: Annotated[str, typer.Option(help="The work it is sent in")] = "social_care",
    dry_run: Annotated[bool, typer.Option(help="Only say what would follow; nothing is sent")] = False,
) -> None:
    """Send every notification in FOLDER, and write what became of each into FOLDER/results.

    Run it again whenever you like: what landed is not added twice. Exit code 0: all landed. 1: some were refused,
    and the results say why. 2: the service was not reached.
    """
    # Imported when asked for: the command line of a process that serves need not carry an HTTP client.
    from app.client.nightly import send_folder

    raise typer.Exit(send_folder(client, folder, function, dry_run=dry_run))
