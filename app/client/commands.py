"""``placement-notify send``: a folder of notifications, from a scheduled task."""

from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from app.client.folder import NotReached, Outcome, read_folder, send_all, try_all, write_down
from app.client.token import TokenRefused, ask_for_token, read_client

_SOME_REFUSED, _NOT_REACHED = 1, 2
_MOST_SHOWN = 20
_say = Console(highlight=False)


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
    letters, outcomes = read_folder(folder)
    if not letters and not outcomes:
        _say.print(f"There is no *.json in {folder}.")
        raise typer.Exit
    stopped = ""
    try:
        told = read_client(client)
        headers = {"Authorization": f"Bearer {ask_for_token(told, function)}"}
        with httpx.Client(base_url=told.url, headers=headers) as http:
            each_in_turn = (try_all if dry_run else send_all)(http, letters)
            verb = "Asking" if dry_run else "Sending"
            for each in track(each_in_turn, verb, len(letters), console=_say, transient=True):
                outcomes.append(each)
    except (NotReached, TokenRefused) as refusal:
        stopped = str(refusal)
    path = write_down(folder, outcomes)
    refused = [each for each in outcomes if not each.landed]
    verb = "would land" if dry_run else "landed"
    _say.print(f"{len(outcomes) - len(refused)} {verb}, {len(refused)} refused. Results: {path}")
    if refused:
        _say.print(_table(refused))
    if stopped:
        _say.print(stopped)
    raise typer.Exit(_NOT_REACHED if stopped else _SOME_REFUSED if refused else 0)


def _table(refused: list[Outcome]) -> Table:
    table = Table("file", "code", "where", "what is wrong", box=None)
    for each in refused[:_MOST_SHOWN]:
        table.add_row(each.file, each.code, each.pointer, each.message)
    if len(refused) > _MOST_SHOWN:
        table.add_row(f"and {len(refused) - _MOST_SHOWN} more", "", "", "The results name every one.")
    return table
