"""The image: its recipe is sound, and its steps, run here without an engine, leave a service that starts."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

from app.security.keys import make_demo_key
from app.vault.keys import make_demo_keys

ROOT = Path(__file__).parents[2]
RECIPE = ROOT / "Dockerfile"


def _instructions() -> list[tuple[str, str]]:
    """Instruction and argument, continued lines joined."""
    text = re.sub(r"\\\n\s*", "", RECIPE.read_text())
    return [
        (word, rest.strip())
        for line in text.splitlines()
        if line and not line.startswith("#")
        for word, _, rest in [line.partition(" ")]
    ]


def test_the_recipe_is_sound() -> None:
    lint = Path(sys.executable).with_name("hadolint")
    said = subprocess.run([lint, RECIPE], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout


def test_the_image_runs_as_nobody_and_says_how_it_fares() -> None:
    told = dict(_instructions())
    assert told["USER"] == "10001"
    assert "readyz" in told["HEALTHCHECK"]
    assert "useradd --system" in told["RUN"]


def test_its_steps_leave_a_service_that_starts_and_is_healthy(tmp_path: Path) -> None:
    source, venv = tmp_path / "src", tmp_path / "venv"
    source.mkdir()
    steps = _instructions()
    second_stage = [place for place, (word, _) in enumerate(steps) if word == "FROM"][1]
    for word, rest in steps[:second_stage]:
        if word == "COPY":
            *names, _ = rest.split()
            for name in names:
                here = ROOT / name
                copy = shutil.copytree if here.is_dir() else shutil.copy
                copy(here, source / here.name)
        elif word == "RUN":
            command = rest.replace("/venv", str(venv)).replace("python -m", f"{sys.executable} -m", 1)
            done = subprocess.run(["/bin/sh", "-c", command], cwd=source, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
    _serves(venv, tmp_path, json.loads(dict(steps)["HEALTHCHECK"].partition("CMD ")[2]))


def _serves(venv: Path, folder: Path, check: list[str]) -> None:
    keys, elsewhere = folder / "keys", folder / "elsewhere"
    elsewhere.mkdir()
    make_demo_keys(keys)
    make_demo_key(keys)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    told = {
        "DATABASE_URL": f"sqlite:///{folder}/x.db",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "KEYS_DIR": str(keys),
        "PORT": port,
    }
    settings = {f"PLACEMENT_NOTIFY_{name}": value for name, value in told.items()}
    environment = {"PATH": f"{venv / 'bin'}:{os.environ['PATH']}", **settings}
    command = str(venv / "bin/placement-notify")
    subprocess.run([command, "migrate"], cwd=elsewhere, env=environment, check=True, capture_output=True)
    service = subprocess.Popen([command, "serve"], cwd=elsewhere, env=environment, stdout=subprocess.DEVNULL)
    try:
        words = [str(venv / "bin" / check[0]), *(each.replace("8000", port) for each in check[1:])]
        for _ in range(100):
            if subprocess.run(words, env=environment, capture_output=True, check=False).returncode == 0:
                return
            time.sleep(0.2)
        raise AssertionError("it never became healthy")
    finally:
        service.terminate()
        service.wait(15)
