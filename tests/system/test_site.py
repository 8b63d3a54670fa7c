"""The site builds offline without a warning, loads nothing from elsewhere, and every link in it leads somewhere."""

import dataclasses
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from app.kit.errors import REGISTRY
from app.rules.disclosure import RestrictionRow
from app.rules.edition import current
from app.rules.rows import Row
from app.security.scopes import Scope

ROOT = Path(__file__).parents[2]
_LOADS = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "video": "src"}
_WITHOUT_LOADING = ("canonical", "next", "prev", "alternate")
# Upstream announces its own future in the log; that is no warning of ours.
_QUIET = {"DISABLE_MKDOCS_2_WARNING": "true", "NO_MKDOCS_2_WARNING": "1"}


class Page(HTMLParser):
    """What a page loads, where it links to, what can be linked to in it, and what it says."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.marks: set[str] = set()
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if "id" in told:
            self.marks.add(told["id"])
        if tag == "a" and "href" in told:
            self.links.append(told["href"])
        if tag in _LOADS and told.get("rel") not in _WITHOUT_LOADING:
            self.loads.append(told.get(_LOADS[tag], ""))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@cache
def read(path: Path) -> Page:
    page = Page()
    page.feed(path.read_text("utf-8"))
    return page


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        env=os.environ | _QUIET | {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (built.returncode, built.stdout, built.stderr) == (0, "", "")
    return folder


def pages(site: Path) -> Iterator[tuple[Path, Page]]:
    found = sorted(site.rglob("*.html"))
    assert len(found) > 40
    return ((path, read(path)) for path in found)


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    assert [(str(path), each) for path, page in pages(site) for each in page.loads if urlsplit(each).netloc] == []
    for style in site.rglob("*.css"):
        assert "url(http" not in style.read_text("utf-8"), style
        assert "@import" not in style.read_text("utf-8"), style


def test_every_link_and_every_mark_in_it_is_there(site: Path) -> None:
    lost = []
    for path, page in pages(site):
        for link in page.links + page.loads:
            to = urlsplit(link)
            if to.scheme or to.netloc or path.name == "404.html":
                continue
            target = (path.parent / unquote(to.path)).resolve() if to.path else path
            target = target / "index.html" if target.is_dir() else target
            there = target.is_file() and (not to.fragment or unquote(to.fragment) in read(target).marks | {"__top"})
            lost += [] if there else [f"{path.relative_to(site)}: {link}"]
    assert lost == []


def test_what_is_searched_for_is_in_the_site_itself(site: Path) -> None:
    index = (site / "search/search_index.json").read_text("utf-8")
    assert "regulation 13(4)" in index


def rows() -> Iterator[Row]:
    edition = current()
    for field in dataclasses.fields(edition):
        value = getattr(edition, field.name)
        yield from (each for each in value if isinstance(each, Row)) if isinstance(value, tuple) else ()
    restrictions: list[RestrictionRow] = list(edition.disclosure.restrictions.values())
    yield from restrictions


def test_every_rule_stands_in_the_site_with_its_source(site: Path) -> None:
    said = ["".join(page.text) for path, page in pages(site) if path.parent.name == "rules"]
    everything = " ".join("\n".join(said).split())
    for row in rows():
        assert row.code in everything
        assert row.source in everything, row.code
    for phrase in current().language.rows.values():
        assert phrase.code in everything


def test_every_problem_scope_and_uncertain_row_stands_in_the_site(site: Path) -> None:
    assert {code for code in REGISTRY if code not in "".join(read(site / "reference/problems.html").text)} == set()
    assert {scope for scope in Scope if scope not in "".join(read(site / "reference/scopes.html").text)} == set()
    listed = " ".join("".join(read(site / "law-not-held.html").text).split())
    assert [row.title for row in rows() if row.sureness == "not_confirmed" and row.title not in listed] == []
