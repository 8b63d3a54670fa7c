"""Setting the stage, playing the story, and leaving the service to whoever wants to try it."""

import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from shlex import quote
from types import FrameType
from typing import NoReturn

from app.demo import day, night, proof
from app.demo.cast import IDRIS, SEREN, Part
from app.demo.play import Play, StepFailed
from app.demo.stage import PORT, Stage, StageBroken, service, set_stage
from app.demo.telling import Teller
from app.demo.words import today

SCENES = (
    night.move,
    night.inbox,
    night.take_on,
    night.others,
    night.board,
    day.morning,
    day.taken_back,
    day.end,
    proof.account,
    proof.ledger,
)


def run(folder: Path, *, once: bool) -> int:
    """Play the whole story. Returns 0, or 1 where any step went wrong. Not ``once``: serves on until Ctrl-C."""
    tell = Teller()
    for end in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(end, _as_interrupt)
    try:
        stage = set_stage(folder)
        with service(stage) as process:
            _open(tell, stage, folder)
            play = Play(stage, tell)
            told = _tell(play)
            if told and not once:
                _leave(play, process)
            return 0 if told else 1
    except StageBroken as broken:
        tell.failed("Before the story", str(broken))
        return 1
    except KeyboardInterrupt:
        tell.say("Ended. The service has stopped.")
        return 0 if not once else 130


def _tell(play: Play) -> bool:
    try:
        for scene in SCENES:
            scene(play)
    except StepFailed as failed:
        play.tell.failed(play.scene, str(failed))
        return False
    except (LookupError, StopIteration, TypeError, ValueError) as surprise:
        play.tell.failed(play.scene, f"An answer was not shaped as expected: {surprise!r}")
        return False
    play.begin("Done", f"{len(SCENES)} scenes played, and every check in them held")
    return True


def _open(tell: Teller, stage: Stage, wanted: Path) -> None:
    beside = [] if stage.folder == wanted else [f"Another story plays in {wanted}, so this one has its own folder."]
    port = [] if stage.port == PORT else [f"Port {PORT} is taken, so it listens on {stage.port}."]
    tell.title(
        "Placement Notify: a night and a morning",
        "The authorities are real; the child and everybody else is invented.",
        f"The service runs at {stage.url}",
        f"on an SQLite database in {stage.folder}.",
        *beside,
        *port,
        "",
        "Each step is a call over HTTP with a token that was really signed.",
        "The service keeps real time: in London it is",
        f"{today(datetime.now(UTC))}. The hours at the left are the story's.",
    )


def _leave(play: Play, process: "subprocess.Popen[bytes]") -> None:
    play.tell.say("The service is still running. Try it from another terminal, in this folder.")
    stage = play.stage
    host, sender = _token(stage, SEREN), _token(stage, IDRIS)
    for heading, line in (
        ("A token, for one team and one person, good for ten minutes", host),
        ("The inbox of Shropshire's emergency duty team", _curl(host, f"{stage.url}/v1/inbox?state=all")),
        ("Opening the first of them by name", _curl(host, f"{stage.url}/v1/notifications/{play.start['id']}")),
        ("The sender's board in Leeds", _curl(sender, f"{stage.url}/v1/sent")),
    ):
        play.tell.say(heading + ":")
        play.tell.command(line)
    play.tell.say(f"The API pages: {stage.url}/docs")
    play.tell.say("Ctrl-C ends it.")
    code = process.wait()
    raise StageBroken(f"The service ended by itself with {code}. The end of {stage.log} says why.")


def _curl(token: str, address: str) -> str:
    return f'curl -s -H "Authorization: Bearer $({token})" "{address}"'


def _token(stage: Stage, part: Part) -> str:
    command = [*_command(), "token", str(stage.client_file(part.system)), "--function", part.function.value]
    return " ".join(quote(word) for word in [*command, "--name", str(part.name)])


def _command() -> list[str]:
    """How this very program is called from the folder we are in."""
    if shutil.which("placement-notify"):
        return ["placement-notify"]
    beside = Path(sys.executable).with_name("placement-notify")
    if not beside.exists():
        return [sys.executable, "-m", "app.cli"]
    here = Path.cwd()
    return [str(beside.relative_to(here) if beside.is_relative_to(here) else beside)]


def _as_interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
