"""What the guides tell a reader to type is typed, word for word, in a clean folder beside a living service."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.story import ROOT, Story, environment, telling

GUIDES = ("integrators", "health-teams", "police")
_BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_ADDRESS = "http://127.0.0.1:8000"
_LAST_SAID = {"integrators": "1 would land", "health-teams": '"outcome":"accepted"', "police": '"outcome":"accepted"'}


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with telling(tmp_path_factory.mktemp("guides") / "var") as story:
        yield story


@pytest.fixture
def folder(living: Story, tmp_path: Path) -> Path:
    """A folder as a reader has it after ``make run``."""
    (tmp_path / "var").symlink_to(living.folder)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    commands = tmp_path / ".venv" / "bin"
    commands.mkdir(parents=True)
    for name, words in (("python", ""), ("placement-notify", "-m app.cli ")):
        command = commands / name
        command.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" {words}"$@"\n')
        command.chmod(0o755)
    return tmp_path


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_followed_word_for_word_works(guide: str, living: Story, folder: Path) -> None:
    blocks = _BLOCK.findall((ROOT / f"docs/{guide}.md").read_text("utf-8"))
    assert len(blocks) >= 3
    script = "set -eu\n" + "".join(_typed(kind, text) for kind, text in blocks)
    ran = subprocess.run(
        ["/bin/sh", "-c", script.replace(_ADDRESS, living.url)],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    assert _LAST_SAID[guide] in ran.stdout, ran.stdout[-3000:]
    assert "Traceback" not in ran.stderr


def _typed(kind: str, text: str) -> str:
    return text if kind == "sh" else f".venv/bin/python - <<'TYPED'\n{text}TYPED\n"
