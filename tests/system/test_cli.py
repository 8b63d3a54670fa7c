"""The command line as an operator uses it, on a database of its own."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from app import cli
from app.db.engine import Database
from app.ledger.models import ledger_entries
from app.vault.keys import make_demo_keys
from tests.rules.signing import jwk, key_set


class Operator:
    """Runs commands in this process, as ``main`` does, and reads what they said."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, url: str) -> None:
        self.capsys = capsys
        self.monkeypatch = monkeypatch
        self.url = url

    def run(self, *words: str, code: int = 0) -> str:
        self.monkeypatch.setattr("sys.argv", ["placement-notify", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = self.capsys.readouterr()
        assert ended.value.code == code, said
        return said.out + said.err

    def actions(self) -> list[str]:
        database = Database(self.url)
        with database.read() as connection:
            bodies = connection.execute(select(ledger_entries.c.body).order_by(ledger_entries.c.id)).scalars().all()
        database.dispose()
        return [json.loads(body)["action"] for body in bodies]


@pytest.fixture
def operator(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Operator:
    """An operator with a migrated database, keys and the directory."""
    make_demo_keys(tmp_path / "keys")
    url = f"sqlite:///{tmp_path}/x.db"
    monkeypatch.setenv("PLACEMENT_NOTIFY_DATABASE_URL", url)
    monkeypatch.setenv("PLACEMENT_NOTIFY_KEYS_DIR", str(tmp_path / "keys"))
    monkeypatch.setenv("PLACEMENT_NOTIFY_PUBLIC_URL", "http://127.0.0.1:8000")
    someone = Operator(capsys, monkeypatch, url)
    someone.run("migrate")
    someone.run("organisations", "import")
    return someone


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """A file with the public keys of some system."""
    path = tmp_path / "jwks.json"
    path.write_text(key_set(jwk(ec.generate_private_key(ec.SECP256R1()), "one")))
    return path


def _add(operator: Operator, keys: Path, *more: str, code: int = 0) -> str:
    words = ("--organisation", "E08000035", "--name", "Case system", "--function", "social_care", "--jwks", str(keys))
    return operator.run("clients", "add", *words, *more, code=code).strip()


def test_a_system_is_registered_given_new_keys_and_revoked_each_leaving_an_entry(
    operator: Operator, keys: Path
) -> None:
    client = _add(operator, keys)
    assert client.startswith("cli_")
    keys.write_text(key_set(jwk(ec.generate_private_key(ec.SECP256R1()), "two")))
    operator.run("clients", "keys", client, "--jwks", str(keys))
    operator.run("clients", "revoke", client)
    assert operator.actions() == ["client.registered", "client.keys_replaced", "client.revoked"]
    assert "The ledger is sound." in operator.run("ledger", "verify")


def test_what_cannot_be_done_leaves_no_entry_and_a_sentence(operator: Operator, keys: Path) -> None:
    assert "no access to end" in operator.run("clients", "revoke", "cli_unknown", code=1)
    assert "holds no organisation" in _add(operator, keys, "--organisation", "E99999999", code=1)
    assert "has delegated none of these functions" in _add(operator, keys, "--acts-for", "QOC", code=1)
    keys.write_text("{}")
    assert "The key set needs" in _add(operator, keys, code=1)
    assert operator.actions() == []


def test_a_trust_that_was_delegated_to_may_be_registered_as_acting_for_a_board(operator: Operator, keys: Path) -> None:
    operator.run("organisations", "register", "RXT01", "--kind", "trust", "--name", "Invented Trust")
    operator.run("organisations", "delegate", "QOC", "RXT01", "--function", "children_in_care_health")
    more = ("--organisation", "RXT01", "--function", "children_in_care_health", "--acts-for", "QOC")
    assert _add(operator, keys, *more).startswith("cli_")


def test_an_exported_file_that_was_changed_is_found(operator: Operator, tmp_path: Path) -> None:
    path = tmp_path / "openapi.yaml"
    operator.run("openapi", "export", "--path", str(path))
    operator.run("openapi", "export", "--path", str(path), "--check")
    path.write_text(path.read_text().replace("Placement Notify", "Something else"))
    assert "differs" in operator.run("openapi", "export", "--path", str(path), "--check", code=1)


def test_what_is_named_in_brackets_is_said_as_it_is(operator: Operator, tmp_path: Path) -> None:
    path, folder, client = tmp_path / "[/v1].yaml", tmp_path / "[urgent]", tmp_path / "client.json"
    assert "[/v1].yaml written" in operator.run("openapi", "export", "--path", str(path))
    folder.mkdir()
    client.write_text("{}")
    assert "[urgent]" in operator.run("send", str(client), str(folder))
    (folder / "[tonight] :bomb: move.json").write_text("not JSON")
    assert "[tonight] :bomb: move.json" in operator.run("send", str(client), str(folder), code=2)
