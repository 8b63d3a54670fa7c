"""What ``placement-notify send`` does, and how it tells a person what became of it."""

from pathlib import Path

import httpx
from rich.console import Console
from rich.progress import track
from rich.table import Table

from app.client.folder import NotReached, Outcome, read_folder, send_all, try_all, write_down
from app.client.token import TokenRefused, ask_for_token, read_client

ALL_LANDED, SOME_REFUSED, NOT_REACHED = 0, 1, 2
_MOST_SHOWN = 20
_say = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)


def send_folder(client: Path, folder: Path, function: str, *, dry_run: bool) -> int:
    """Send every notification in ``folder``, or only ask; returns the exit code."""
    files, outcomes = read_folder(folder)
    if not files and not outcomes:
        _say.print(f"There is no *.json in {folder}.")
        return ALL_LANDED
    stopped = ""
    try:
        told = read_client(client)
        headers = {"Authorization": f"Bearer {ask_for_token(told, function)}"}
        with httpx.Client(base_url=told.url, headers=headers) as http:
            each_in_turn = (try_all if dry_run else send_all)(http, files)
            doing = "Asking" if dry_run else "Sending"
            for each in track(each_in_turn, doing, len(files), console=_say, transient=True):
                outcomes.append(each)
    except (NotReached, TokenRefused) as refusal:
        stopped = str(refusal)
    refused = [each for each in outcomes if not each.landed]
    _tell(write_down(folder, outcomes), len(outcomes) - len(refused), refused, "would land" if dry_run else "landed")
    if stopped:
        _say.print(stopped)
        return NOT_REACHED
    return SOME_REFUSED if refused else ALL_LANDED


def _tell(results: Path, landed: int, refused: list[Outcome], verb: str) -> None:
    _say.print(f"{landed} {verb}, {len(refused)} refused. Results: {results}")
    if not refused:
        return
    table = Table("file", "code", "where", "what is wrong", box=None)
    for each in refused[:_MOST_SHOWN]:
        table.add_row(each.file, each.code, each.pointer, each.message)
    if len(refused) > _MOST_SHOWN:
        table.add_row(f"and {len(refused) - _MOST_SHOWN} more", "", "", "The results name every one.")
    _say.print(table)
