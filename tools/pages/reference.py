"""Pages made from the code: problems, scopes, ledger, settings, code lists, sections and their fields, mappings."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import app.main as _everything
from app.kit.errors import REGISTRY
from app.ledger.actions import Action
from app.rules.disclosure import ALL
from app.rules.edition import Edition
from app.rules.words import FUNCTIONS, SECTIONS, SIDES
from app.security.scopes import FUNCTION_SCOPES, Function, Scope
from app.settings import Settings
from app.standard.codes import code_lists
from app.standard.export import schema, sections
from tools.pages.words import GENERATED, cell, code, plain, table, team

ROUTERS = _everything.ROUTERS  # Importing the whole service registers every problem it can answer with.
MAPPINGS = Path("docs/mappings")
RETENTION: Mapping[str, str] = {
    "case_record": "75 years from birth, or 15 years from a death before 18",
    "until_superseded": "erased when a later one replaces it and the placement has ended",
    "consultation": "erased if the move never happens",
}
Json = dict[str, Any]


def problems() -> str:
    """Every refusal the service knows."""
    rows = ((code(k), str(v.status), cell(v.title), cell(v.advice)) for k, v in sorted(REGISTRY.items()))
    return _page(
        "Problems", "The `code` never changes its meaning.", table(("Code", "Status", "What", "What to do"), rows)
    )


def scopes() -> str:
    """Which function may ever hold which scope."""
    rows = (
        (f"**{team(function)}**", "<br>".join(code(scope) for scope in sorted(FUNCTION_SCOPES[function])))
        for function in sorted(Function)
    )
    intro = "A scope says what a token may try. Which records it reaches is decided by party, section and time."
    return _page("Scopes and functions", intro, table(("Function", "The most it may hold"), rows), _by_scope())


def _by_scope() -> str:
    held = ((code(s), cell(sorted(team(f) for f in Function if s in FUNCTION_SCOPES[f]))) for s in Scope)
    return "## By scope\n\n" + table(("Scope", "Functions"), held)


def ledger() -> str:
    """What can stand in the ledger."""
    rows = ((code(each.value), cell(plain(each.value.replace(".", " ")))) for each in Action)
    intro = "Each act is an entry. An action is never renamed or removed: entries that name it stand for ever."
    return _page("Ledger actions", intro, table(("Action", "In words"), rows))


def settings() -> str:
    """Every setting, from the environment."""
    prefix = str(Settings.model_config["env_prefix"])
    rows = (
        (
            code(f"{prefix}{name}".upper()),
            "**needed**" if f.is_required() else cell(f.default),
            cell(f.description or ""),
        )
        for name, f in Settings.model_fields.items()
    )
    return _page("Settings", "Read once from the environment.", table(("Setting", "Default", "What it is"), rows))


def codes() -> str:
    """Every code list."""
    parts = []
    for held in sorted(code_lists().values(), key=lambda each: each.title):
        rows = ((code(key), cell(entry.label), cell(_dates(entry))) for key, entry in held.codes.items())
        parts.append(f"## {cell(held.title)} {{#{held.name}}}\n\nSource: {cell(held.source)}\n\n")
        parts.append(table(("Code", "Label", "Used"), rows))
    return _page("Code lists", "Labels are our own short wording; the codes are those of the source.", *parts)


def _dates(entry: Any) -> str:
    since = f"from {entry.valid_from}" if entry.valid_from else ""
    until = f"to {entry.valid_to}" if entry.valid_to else ""
    return f"{since} {until}".strip()


def retention() -> str:
    """Section to controller, sharing basis and retention class."""
    rows = (
        (f"[{cell(about['title'])}](fields/{name}.md)", *_governed(about), cell(about["source"]))
        for name, about in sections().items()
    )
    used = dict.fromkeys([*RETENTION, *(each["retention"] for each in sections().values())])
    classes = table(("Class", "Kept"), ((cell(plain(name)), cell(RETENTION[name])) for name in used))
    return _page(
        "Controller, basis and retention",
        "Who controls each section, why it may be shared, how long it is kept. The published schema carries the same.",
        table(("Section", "Controller", "Sharing basis", "Retention", "Source"), rows),
        "## Retention classes\n\n" + classes,
        "Case records: Care Planning Regulations (England) 2010, regulation 50; Wales 2015, regulation 64 "
        "(commonly known, not read in full). The period a controller sets in its own schedule goes before.\n",
    )


def _governed(about: Mapping[str, str]) -> list[str]:
    return [cell(plain(about[name])) for name in ("controller", "basis", "retention")]


def fields(edition: Edition) -> Iterator[tuple[str, str]]:
    """One page for each section of the notification: name, meaning, minimum, who sees it."""
    held = schema("placement-notification")["$defs"]
    kinds = [held[kind]["properties"] for kind in ("Start", "End")]
    for name in SECTIONS:
        about = sections()[name]
        forms = [kind[name] for kind in kinds if name in kind]
        rows: dict[str, list[str]] = {}
        for row in (each for form in forms for each in _fields(held, form, name, ())):
            rows.setdefault(row[0], row)
        yield (
            name,
            _page(
                about["title"],
                cell(_resolved(held, forms[0]).get("description", "")),
                "Controller: {}. Shared as: {}. Kept as: {}. Source: {}.\n".format(
                    *_governed(about), cell(about["source"])
                ),
                "*Needed*: where the part it belongs to is sent; or *not known* with a reason, where that is said.\n",
                table(("Field", "Meaning", "Needed", "Form"), rows.values()),
                "## Who sees it while the child lives there\n\n" + _who_sees(edition, name),
            ),
        )


def _resolved(held: Json, part: Json) -> Json:
    """A part with what it points at, and out of a choice the part that is not *not known*."""
    while True:
        choice = [
            each for each in part.get("oneOf", ()) if each.get("$ref") != "#/$defs/NotKnown" and "const" not in each
        ]
        if "$ref" in part:
            inner = held[part["$ref"].rpartition("/")[2]]
            part = {**inner, **{k: v for k, v in part.items() if k != "$ref"}}
        elif len(choice) == 1:
            part = {**{k: v for k, v in part.items() if k != "oneOf"}, **choice[0]}
        else:
            return part


def _fields(held: Json, part: Json, path: str, above: tuple[str, ...]) -> Iterator[list[str]]:
    shape = _resolved(held, part)
    shape = _resolved(held, shape["items"]) if "items" in shape else shape
    required = shape.get("required", ())
    for name, inner in shape.get("properties", {}).items():
        here, form = f"{path}.{name}", _resolved(held, inner)
        said = " ".join(str(inner.get("description") or form.get("description") or inner.get("title", "")).split())
        yield [code(here.partition(".")[2]), cell(said), "yes" if name in required else "", _form(form, inner)]
        mark = str(form.get("title"))
        if mark not in above:
            yield from _fields(held, inner, here, (*above, mark))


def _form(form: Json, inner: Json) -> str:
    points = [str(each.get("$ref", "")).rpartition("/")[2] for each in (inner, *inner.get("oneOf", ()))]
    unknown = ", or *not known*" if "NotKnown" in points else ""
    for each in points:
        if each.startswith("code_"):
            return f"[code list](../codes.md#{each.removeprefix('code_')}){unknown}"
    known = {"array": "list", "object": "parts, below", "string": "text", "integer": "number", "boolean": "yes or no"}
    kind = str(form.get("type", ""))
    return cell(form.get("format") or known.get(kind, "one of several forms" if "oneOf" in form else kind)) + unknown


def _who_sees(edition: Edition, section: str) -> str:
    def shown(function: str, side: str) -> str:
        share = edition.disclosure.shares[function, side, "active"][section]
        return "nothing" if share.reason else "everything" if share.fields == ALL else "part"

    rows = ((team(f), *(f"[{shown(f, s)}](../../rules/disclosure.md#{s}-{f})" for s in SIDES)) for f in FUNCTIONS)
    return table(("Function", *(f"{side} side" for side in SIDES)), rows)


def mappings() -> Iterator[tuple[str, str]]:
    """Each mapping table as a page."""
    for path in sorted(MAPPINGS.glob("*.csv")):
        lines = path.read_text("utf-8").splitlines()
        notes = [line.lstrip("# ") for line in lines if line.startswith("#")]
        rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
        yield path.stem, _mapped(notes, rows)


def _mapped(notes: list[str], rows: list[dict[str, str]]) -> str:
    heads = [name for name in rows[0] if name != "pointer" and any(row[name] for row in rows)]
    made = (
        [
            code(row["pointer"]) if row["pointer"] else "*no place in the standard*",
            *(cell(plain(row[head]) if head == "sureness" else row[head]) for head in heads),
        ]
        for row in rows
    )
    columns = ["In the notification", *(plain(head).capitalize() for head in heads)]
    return "\n".join((f"# {notes[0]}\n", *(f"{cell(note)}\n" for note in notes[1:]), table(columns, made)))


def _page(title: str, intro: str, *parts: str) -> str:
    return "\n".join((f"# {title}\n", GENERATED, f"{intro}\n", *parts))


def listing(title: str, intro: str, entries: Iterable[tuple[str, str]]) -> str:
    """A page that lists other pages: address and title of each."""
    return _page(title, intro, "\n".join(f"- [{cell(words)}]({address})" for address, words in entries) + "\n")
