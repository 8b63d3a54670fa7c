"""Run by mkdocs-gen-files at every build: adds what is made from data, and lets hand-written pages point at files."""

import re
from pathlib import Path

import mkdocs_gen_files

from app.rules.edition import CURRENT, edition, versions
from tools.pages import fhir, reference, rules
from tools.pages.words import SURE, cell, table

# A link that leaves docs/: what it names is put into the site, so that it leads somewhere there too.
_OUTWARD = re.compile(r"\]\(((?:\.\./)+)([\w./-]+?)(#[\w-]+)?\)")


def write(address: str, text: str) -> None:
    with mkdocs_gen_files.open(address, "w") as page:
        page.write(text)


def add_rules() -> None:
    for version in versions():
        folder = "rules" if version == CURRENT else f"rules/{version}"
        made = list(rules.tables(version))
        for name, text in made:
            write(f"{folder}/{name}.md", rules.page(name, text, edition(version)))
        intro = f"Edition {version}, every row with its basis, its source and how surely it is known."
        entries = [(f"{name}.md", rules.title(name)) for name, _ in made]
        write(f"{folder}/index.md", reference.listing("The rules", intro, entries))


def add_reference() -> None:
    pages = ("problems", "scopes", "ledger", "settings", "codes", "retention")
    for name in pages:
        write(f"reference/{name}.md", getattr(reference, name)())
    entries = []
    for name, text in reference.fields(edition(CURRENT)):
        write(f"reference/fields/{name}.md", text)
        entries.append((f"{name}.md", text.split("\n", 1)[0].lstrip("# ")))
    write("reference/fields/index.md", reference.listing("Fields, section by section", "The notification.", entries))
    for name, text in reference.mappings():
        write(f"mappings/{name}.md", text)
    write("mappings/fhir.md", fhir.page())


def add_what_is_not_confirmed() -> None:
    found = rules.not_confirmed(CURRENT)
    rows = (
        (
            f"[{cell(row.get('title', row['code']))}](rules/{name}.md#{row['code']})",
            cell(row.get("jurisdiction", "")),
            cell(row["source"]),
        )
        for name, row in found
    )
    with mkdocs_gen_files.open("law-not-held.md", "a") as page:
        page.write(f"\n## Every row that is {SURE['not_confirmed'].partition(':')[0]}\n\n")
        page.write(f"{len(found)} rows, listed from the tables.\n\n" + table(("Rule", "Country", "Source"), rows))


def add_files_pointed_at() -> None:
    for path in sorted(Path("docs").rglob("*.md")):
        address = path.relative_to("docs").as_posix()
        up = "../" * address.count("/")
        with mkdocs_gen_files.open(address, "r") as page:
            text = page.read()
        changed = _OUTWARD.sub(lambda found, up=up: _inward(found, up), text)
        if changed != text:
            write(address, changed)


def _inward(found: re.Match[str], up: str) -> str:
    named, mark = Path(found[2]), found[3] or ""
    if len(found[1]) <= len(up):
        return found[0]
    if named.suffix == ".toml" and named.is_relative_to(rules.EDITIONS / CURRENT):
        return f"]({up}rules/{named.stem}.md{mark})"
    if named.is_dir():
        return f"]({up}index.md)"
    # A script or a page of the repository goes in as text: to be shown, not run, saved or made into a page again.
    address = f"files/{named}.txt" if named.suffix in ("", ".md", ".py", ".ps1") else f"files/{named}"
    with mkdocs_gen_files.open(address, "wb") as copy:
        copy.write(named.read_bytes())
    return f"]({up}{address})"


add_rules()
add_reference()
add_what_is_not_confirmed()
add_files_pointed_at()
