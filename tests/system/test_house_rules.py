"""What the repository asks of itself and no linter asks for it."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from importlinter import configuration
from importlinter.application.use_cases import lint_imports

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
LONGEST_FUNCTION = 50
LONGEST_FILE = 300

_PLACE_ON_A_MACHINE = re.compile(r"(?<![\w.~-])/(?:farm|home|root|tmp|work)/\w")
_PIN = re.compile(r"^([a-z0-9-]+)==([^ ;\\]+)", re.MULTILINE)
_PIN_EVERYWHERE = re.compile(r"^([a-z0-9-]+)==[^ ;\\]+ \\$", re.MULTILINE)
_NAME = re.compile(r"^[A-Za-z0-9._-]+")


@cache
def sources() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text(), str(path)) for path in sorted((ROOT / "app").rglob("*.py"))}


def everywhere(*kinds: type[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    """Every node of these kinds in the service, with where it stands."""
    for path, tree in sources().items():
        for node in ast.walk(tree):
            if isinstance(node, kinds):
                yield f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}", node


def own_files() -> Iterator[Path]:
    """Every file that is not listed in .gitignore, with or without git at hand."""
    ignored = {".git", *(line.strip("/") for line in (ROOT / ".gitignore").read_text().split())}
    for top in ROOT.iterdir():
        for path in [top, *top.rglob("*")] if top.name not in ignored else []:
            inside = path.relative_to(ROOT).parts
            if path.is_file() and not ignored & {*inside, "*" + path.suffix, "/".join(inside)}:
                yield path


def pins(lock: str) -> dict[str, str]:
    return dict(_PIN.findall((ROOT / lock).read_text()))


def test_no_function_is_long() -> None:
    long = [
        f"{place} {node.name}"
        for place, node in everywhere(ast.FunctionDef, ast.AsyncFunctionDef)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def test_no_file_is_long() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in sources()}
    assert [str(path) for path, length in lengths.items() if length > LONGEST_FILE] == []


def test_no_token_is_decoded_without_naming_its_algorithms() -> None:
    open_calls = [
        place
        for place, node in everywhere(ast.Call)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"jws.verify", "jwt.decode"}
        and "algorithms" not in {each.arg for each in node.keywords}
    ]
    assert open_calls == []


def test_imports_run_downwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    configuration.configure()
    assert lint_imports(str(ROOT / ".importlinter"), cache_dir=None, no_logo=True)


def test_no_text_names_a_place_on_somebodys_machine() -> None:
    found = []
    for path in own_files():
        text = path.read_bytes().decode(errors="replace")
        found += [f"{path}: {match[0]}" for match in _PLACE_ON_A_MACHINE.finditer(text) if "\0" not in text]
    assert found == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address_and_gives_a_hash_for_each_pin(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert not re.search(r"^\s*-(?!-hash=)", text, re.MULTILINE)
    assert all("--hash=sha256:" in text[match.end() :][:400] for match in _PIN.finditer(text))


def test_what_is_tested_is_what_is_shipped() -> None:
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()


def test_every_dependency_is_locked_on_every_platform() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    for lock, wanted in zip(
        LOCKS, ([*project["project"]["dependencies"], *groups["build"]], groups["dev"]), strict=True
    ):
        names = {match[0].lower().replace(".", "-") for each in wanted if (match := _NAME.match(each))}
        assert names - set(_PIN_EVERYWHERE.findall((ROOT / lock).read_text())) == set()
