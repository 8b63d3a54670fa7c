"""The two commands a stranger types first, and the script an integrator reads first; each as a process of its own."""

import json
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.system.story import ROOT, Story, environment, telling

EXAMPLE = ROOT / "examples" / "send_and_acknowledge.py"
_PATIENCE_SECONDS = 90


def _command(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app.cli", *words],
        cwd=ROOT,
        env=environment() | settings,
        capture_output=True,
        text=True,
        timeout=_PATIENCE_SECONDS,
        check=False,
    )


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """One living story for the whole file."""
    with telling(tmp_path_factory.mktemp("living") / "var") as story:
        yield story


def test_the_story_is_told_to_its_end_and_ends_by_itself(tmp_path: Path) -> None:
    told = _command("demo", "--once", "--folder", str(tmp_path / "var"))
    assert told.returncode == 0, told.stdout[-2000:] + told.stderr
    assert "every check in them held" in told.stdout
    assert max(len(line) for line in told.stdout.splitlines()) <= 80
    assert "\x1b" not in told.stdout


def test_what_the_story_makes_can_be_read_by_its_owner_only(living: Story) -> None:
    for path in (living.folder, *living.folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_a_second_story_is_told_beside_a_living_first_one_and_ctrl_c_ends_only_it(living: Story) -> None:
    with telling(living.folder) as second:
        assert "has its own folder" in " ".join(second.told.replace("│", " ").split())
        assert second.url != living.url
        second.process.send_signal(signal.SIGINT)
        second.process.wait(timeout=30)
    assert second.process.returncode == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{second.url}/livez")
    assert httpx.get(f"{living.url}/livez").is_success


def test_the_lines_it_prints_work_as_they_stand(living: Story) -> None:
    lines = [line for line in living.told.splitlines() if line.startswith("curl ")]
    for line, member in zip(lines, ('"age_band"', '"sections_shared"', '"acknowledged_by"'), strict=True):
        answer = subprocess.run(["/bin/sh", "-c", line], cwd=ROOT, capture_output=True, text=True, check=False)
        assert member in answer.stdout, answer


def test_the_api_pages_need_nothing_from_anywhere_else(living: Story) -> None:
    page = httpx.get(f"{living.url}/docs")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert not re.search(r"<script(?! src=)|https?://", page.text)
    for part in re.findall(r'(?:src|href)="(/[^"]+)"', page.text):
        assert httpx.get(living.url + part).is_success, part


def test_the_example_script_sends_and_acknowledges(living: Story) -> None:
    clients = living.folder / "clients"
    words = [
        *(sys.executable, str(EXAMPLE), "--url", living.url),
        *("--sender", str(clients / "leeds.json"), "--host", str(clients / "shropshire.json")),
    ]
    ran = subprocess.run(words, capture_output=True, text=True, timeout=_PATIENCE_SECONDS, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "emergency_duty: acknowledged by Seren Madeup" in ran.stdout
    assert "import app" not in EXAMPLE.read_text()
    assert "from app" not in EXAMPLE.read_text()


def test_a_folder_is_sent_once_however_often_it_is_sent(living: Story, tmp_path: Path) -> None:
    night = json.loads((ROOT / "examples/documents/start_emergency_minimum.json").read_text())
    for number in (1, 2):
        child = {**night["child"], "local_id": f"FOLDER{number}"}
        document = {**night, "reference": f"FOLDER-{number}", "child": child}
        (tmp_path / f"move {number}.json").write_text(json.dumps(document))
    wrong = {**night, "reference": "FOLDER-3", "placement": {**night["placement"], "postcode": "nowhere"}}
    (tmp_path / "=wrong.json").write_text(json.dumps(wrong))
    (tmp_path / "torn.json").write_text("{")
    words = ("send", str(living.folder / "clients/leeds.json"), str(tmp_path), "--function", "emergency_duty")

    asked = _command(*words, "--dry-run")
    assert (asked.returncode, "2 would land, 2 refused" in asked.stdout) == (1, True), asked.stdout + asked.stderr
    told = [_sent(_command(*words), tmp_path) for _ in range(2)]
    assert told[0] == told[1]
    assert [each["landed"] for each in told[0].values()] == [False, True, True, False]
    assert told[0]["=wrong.json"]["pointer"] == "/placement/postcode"
    assert "'=wrong.json" in next(tmp_path.glob("results/*.csv")).read_text("utf-8-sig")

    away = {**json.loads((living.folder / "clients/leeds.json").read_text()), "url": "http://127.0.0.1:9"}
    client = living.folder / "clients/away.json"
    client.write_text(json.dumps(away))
    alone = _command("send", str(client), str(tmp_path))
    client.unlink()
    assert (alone.returncode, "Nothing answers" in alone.stdout) == (2, True), alone.stdout + alone.stderr


def _sent(ran: subprocess.CompletedProcess[str], folder: Path) -> dict[str, Any]:
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "2 landed, 2 refused" in ran.stdout
    assert "Traceback" not in ran.stderr
    newest = max(folder.glob("results/*.json"))
    return {each["file"]: each for each in sorted(json.loads(newest.read_text()), key=lambda each: each["file"])}


def test_a_story_that_cannot_begin_says_why_in_a_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    (folder / "keys").mkdir(parents=True)
    told = _command("demo", "--once", "--folder", str(folder))
    assert told.returncode == 1
    assert "master.json is missing" in told.stderr
    assert "Traceback" not in told.stdout + told.stderr


def test_a_missing_setting_is_named() -> None:
    refused = _command("serve")
    assert refused.returncode == 1
    assert "PLACEMENT_NOTIFY_DATABASE_URL is not set." in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_service_refuses_demonstration_keys_on_a_public_address(living: Story) -> None:
    settings = {
        "PLACEMENT_NOTIFY_DATABASE_URL": f"sqlite:///{living.folder}/other.db",
        "PLACEMENT_NOTIFY_KEYS_DIR": str(living.folder / "keys"),
        "PLACEMENT_NOTIFY_PUBLIC_URL": "http://127.0.0.1:8000",
    }
    for public in ({"PLACEMENT_NOTIFY_HOST": "0.0.0.0"}, {"PLACEMENT_NOTIFY_PUBLIC_URL": "https://notify.example"}):  # noqa: S104
        refused = _command("serve", **settings | public)
        assert refused.returncode == 1
        assert "Demonstration keys never serve a public address" in refused.stderr


def test_the_service_refuses_to_start_without_keys(tmp_path: Path) -> None:
    refused = _command(
        "serve",
        PLACEMENT_NOTIFY_DATABASE_URL=f"sqlite:///{tmp_path}/x.db",
        PLACEMENT_NOTIFY_KEYS_DIR=str(tmp_path),
        PLACEMENT_NOTIFY_PUBLIC_URL="http://127.0.0.1:8000",
    )
    assert refused.returncode == 1
    assert "master.json is missing" in refused.stderr


def test_a_second_service_on_one_sqlite_file_is_refused(living: Story) -> None:
    refused = _command(
        "serve",
        PLACEMENT_NOTIFY_DATABASE_URL=f"sqlite:///{living.folder}/demo.db",
        PLACEMENT_NOTIFY_KEYS_DIR=str(living.folder / "keys"),
        PLACEMENT_NOTIFY_PUBLIC_URL="http://127.0.0.1:8000",
    )
    assert refused.returncode == 1
    assert "Another process serves this SQLite database already." in refused.stderr
