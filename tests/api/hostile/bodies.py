"""Hostile bodies, by hand: what each is, where it goes, and how it must be refused.

Every one holds the marker word, so that anything given back of it would be seen.
"""

import copy
import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from app.kit.ids import new_id

MARK = "zqmarker"
_EXAMPLES = Path(__file__).parents[3] / "examples/documents"
_LIMIT = 256 * 1024

ROUTES = {
    "send": "/v1/notifications",
    "send_many": "/v1/notifications/batch",
    "acknowledge": "/v1/notifications/{notification}/acknowledgements",
    "recall": "/v1/notifications/{notification}/recalls",
    "child": "/v1/children",
    "document": "/v1/children/{child}/documents",
    "confirm": "/v1/children/{child}/health-passport/confirmations",
    "correct": "/v1/children/{child}/corrections",
    "restrict": "/v1/children/{child}/restrictions",
    "lift": "/v1/children/{child}/restrictions/{restriction}/lifts",
    "look_up": "/v1/areas/lookup",
    "propose": "/v1/children/{child}/proposals",
    "decide": "/v1/children/{child}/proposals/{proposal}/decisions",
    "offer": "/v1/children/{child}/responsibility-transfers",
    "answer": "/v1/responsibility-transfers/{transfer}/answers",
    "revoke": "/v1/responsibility-transfers/{transfer}/revocations",
    "search": "/v1/placements/search",
    "done": "/v1/placements/{placement}/clocks/first-visit/done",
    "assess": "/v1/children/{child}/assessments",
    "become": "/v1/children/{child}/assessments/{assessment}/outcomes",
    "close": "/v1/children/{child}/assessments/{assessment}/recommendations/{recommendation}/done",
    "still_true": "/v1/placements/{placement}/confirmations",
    "hand_over": "/v1/children/{child}/passport-transfers",
    "step": "/v1/passport-transfers/{passport_transfer}/steps",
}
DOCUMENTS = {
    "send": "start",
    "acknowledge": "acknowledgement",
    "recall": "recall",
    "child": "child",
    "document": "document",
    "confirm": "confirmation",
    "correct": "correction",
    "restrict": "restriction",
    "lift": "lift",
    "look_up": "lookup",
    "propose": "proposal",
    "decide": "decision",
    "offer": "transfer",
    "answer": "answer",
    "revoke": "revocation",
    "search": "search",
    "done": "done",
    "assess": "assessment",
    "become": "outcome",
    "close": "recommendation_done",
    "still_true": "still_true",
    "hand_over": "passport-transfer",
    "step": "step",
}
_FILES = {
    "start": "start_emergency_minimum",
    "acknowledgement": "acknowledgement_accepted",
    "lift": "restriction_lifted",
    "proposal": "proposal_care_not_over",
    "decision": "decision_rejected",
    "answer": "answer_declined",
    "step": "passport-step_withdraw",
    "outcome": "outcome_declined",
}
_MARKED = {
    "start": ("sender", "role"),
    "acknowledgement": ("owner", "role"),
    "recall": ("detail",),
    "child": ("known_as",),
    "document": ("title",),
    "correction": ("detail",),
    "restriction": ("detail",),
    "lift": ("reason",),
    "proposal": ("reason",),
    "decision": ("reason",),
    "transfer": ("summary",),
    "answer": ("note",),
    "revocation": ("reason",),
    "assessment": ("note",),
    "outcome": ("alternative_offered",),
    "recommendation_done": ("note",),
    "passport-transfer": ("reason",),
    "step": ("reason",),
}


_SHORT: Mapping[str, dict[str, Any]] = {
    "confirmation": {"version": 1, "sections": ["allergies"]},
    "still_true": {"version": 1, "sections": ["health_now"]},
    "lookup": {"postcode": "SY4 5ZZ"},
    "search": {"given_names": "Robin", "family_name": MARK, "date_of_birth": "2012-05-06"},
    "done": {},
}


class Hostile(NamedTuple):
    """A body and the refusal it must get; ``pointer`` is one of those in the problem, None if there is none."""

    name: str
    route: str
    body: bytes
    status: int
    code: str
    pointer: str | None = None
    headers: Mapping[str, str | None] = {}


def good(kind: str) -> dict[str, Any]:
    """A document that is accepted, about a child of its own, with the marker in a place that allows any words."""
    if kind in _SHORT:
        return copy.deepcopy(_SHORT[kind])
    document: dict[str, Any] = json.loads((_EXAMPLES / f"{_FILES.get(kind, kind)}.json").read_text())
    document.pop("reference", None)
    if kind == "child":
        document |= {"local_id": uuid4().hex[:12], "nhs_number": {"not_known": "being_found_out"}}
    if kind == "correction":
        document["facts"]["date_of_birth"] = "2011-03-05"
    if kind == "start":
        document["child"]["local_id"] = uuid4().hex[:12]
    path = _MARKED[kind]
    _holder(document, path)[path[-1]] = [MARK] if path[-1] == "known_as" else MARK
    return document


def _holder(document: Any, path: tuple[str, ...]) -> Any:
    for step in path[:-1]:
        document = document[int(step)] if isinstance(document, list) else document.setdefault(step, {})
    return document


def _with(route: str, pointer: str, value: object) -> bytes:
    document = copy.deepcopy(good(DOCUMENTS[route]))
    path = tuple(pointer.split("/")[1:])
    _holder(document, path)[path[-1]] = value
    return json.dumps(document).encode()


def _wrong(name: str, route: str, pointer: str, value: object, named: str | None = None) -> Hostile:
    """A good document with one value changed: refused for that value, at its pointer."""
    return Hostile(
        name, route, _with(route, pointer, value), 422, "invalid_document", pointer if named is None else named
    )


def _literal(name: str, pointer: str, literal: str) -> Hostile:
    """The same, with a value that Python would not write."""
    body = _with("send", pointer, "@@").replace(b'"@@"', literal.encode())
    return Hostile(name, "send", body, 422, "invalid_document", pointer)


def _no_json(name: str, body: bytes, route: str = "send", **headers: str | None) -> Hostile:
    return Hostile(name, route, body, 400, "invalid_body", None, headers)


def _bytes(route: str = "send") -> bytes:
    return json.dumps(good(DOCUMENTS[route])).encode()


def _as(name: str, media_type: str | None, body: bytes = b"") -> Hostile:
    return Hostile(name, "send", body or _bytes(), 415, "wrong_media_type", None, {"Content-Type": media_type})


def _other(name: str, document: Mapping[str, Any], status: int, code: str, pointer: str | None = None) -> Hostile:
    return Hostile(name, "send", json.dumps(document).encode(), status, code, pointer)


def _update(**changes: Any) -> dict[str, Any]:
    return {"kind": "update", "placement_id": new_id("plc"), "about_me": {"likes": MARK}, **changes}


_NOT_OBJECTS = {"an array": b'["zqmarker"]', "a string": b'"zqmarker"', "a number": b"9990000018", "null": b"null"}
_DEEP = b'{"zqmarker":' + b"[" * 5000 + b"]" * 5000 + b"}"
_DEEP_OBJECTS = b'{"zqmarker":' * 30 + b"1" + b"}" * 30
_QUOTES = b'{"zqmarker":"' + b'\\"' * 130_000
_MILES = "/decision/distance_miles"
_NOWHERE = {"organisation": "E06999999", "function": "social_care", "reason": MARK}
_HOST = {"organisation": "E06000051", "function": "send", "reason": MARK}

_NOT_JSON = (
    _no_json("empty", b""),
    _no_json("white space", b" \n\t "),
    *(_no_json(name, body) for name, body in _NOT_OBJECTS.items()),
    _no_json("truncated", _bytes()[:-20]),
    _no_json("two documents", _bytes() + _bytes()),
    _no_json("a trailing comma", _bytes()[:-1] + b",}"),
    _no_json("a comment", b"/* zqmarker */" + _bytes()),
    _no_json("a byte order mark", b"\xef\xbb\xbf" + _bytes()),
    _no_json("UTF-16", json.dumps(good("start")).encode("utf-16")),
    _no_json("UTF-32", json.dumps(good("start")).encode("utf-32-le")),
    _no_json("Latin-1", _bytes().replace(MARK.encode(), MARK.encode() + b"\xe9")),
    _no_json("an overlong NUL", _bytes().replace(MARK.encode(), MARK.encode() + b"\xc0\x80")),
    _no_json("an encoded surrogate", _bytes().replace(MARK.encode(), MARK.encode() + b"\xed\xa0\x80")),
    _no_json("a raw NUL", _bytes().replace(MARK.encode(), MARK.encode() + b"\x00")),
    _no_json("a raw line feed in a text", _bytes().replace(MARK.encode(), MARK.encode() + b"\n")),
    _no_json("compressed", gzip.compress(_bytes()), **{"Content-Encoding": "gzip"}),
    _no_json("a form", b"kind=start&role=zqmarker"),
    _no_json("XML with an entity", b'<!DOCTYPE a [<!ENTITY z SYSTEM "file:///etc/passwd">]><a>zqmarker&z;</a>'),
    _no_json("five thousand deep", _DEEP),
    _no_json("thirty objects deep", _DEEP_OBJECTS),
    _no_json("unclosed and full of escaped quotes", _QUOTES),
    _no_json("the same name twice", _bytes()[:-1] + b',"kind":"zqmarker"}'),
    _no_json("the same name twice, once escaped", _bytes()[:-1] + b',"\\u006bind":"zqmarker"}'),
    _no_json("the same name twice, deep inside", b'{"zqmarker":{"a":{"b":1,"b":2}}}'),
    _no_json("an array in place of a child", b'["zqmarker"]', "child"),
    _no_json("nothing in place of an acknowledgement", b"", "acknowledge"),
    _no_json("NaN", _literal("", _MILES, "NaN").body),
    _no_json("Infinity", _literal("", _MILES, "-Infinity").body),
    _no_json("a number of 5000 digits", _literal("", _MILES, "9" * 5000).body),
)

_TEXT = (
    _wrong("NUL in a text", "send", "/sender/role", "zqmarker\x00")._replace(status=400, code="invalid_body"),
    _wrong("half a character", "send", "/sender/role", "zqmarker\ud800")._replace(status=400, code="invalid_body"),
    _wrong("NUL in a made-up name", "send", "/zqmarker Rowan", "\x00", "")._replace(status=400, code="invalid_body"),
    _wrong("NUL below a made-up name", "send", "/child/zqmarker x", ["\x00"], "/child")._replace(
        status=400, code="invalid_body"
    ),
    _wrong("a bell", "send", "/sender/role", "zqmarker\a"),
    _wrong("an escape sequence for terminals", "send", "/sender/role", "zqmarker\x1b[2J"),
    _wrong("a C1 control", "send", "/sender/role", "zqmarker\x9b31m"),
    _wrong("right to left in a name", "send", "/child/family_name", "zqmarker\u202egnp.exe"),
    _wrong("right to left in a text", "lift", "/reason", "zqmarker\u2067 hidden"),
    _wrong("zero width in a name", "send", "/child/given_names", "zq\u200bmarker zqmarker"),
    _wrong("nothing but zero width", "child", "/given_names", "\u200b"),
    _wrong("a fraktur 1 in a name", "send", "/child/given_names", "zqmarker\U0001d7d9"),
    _wrong("an essay for a name", "send", "/child/family_name", "zqmarker " * 1000),
    _wrong("markup for a name", "send", "/child/family_name", "<script>zqmarker()</script>"),
    _wrong("a formula for a name", "child", "/family_name", '=HYPERLINK("http://zqmarker.example")'),
    _wrong("SQL for a reference", "send", "/reference", "zqmarker'; DROP TABLE ledger_entries; --"),
    _wrong("a formula for a reference", "send", "/reference", "=zqmarker!A1"),
    _wrong("a path for a reference", "send", "/reference", "../../zqmarker"),
    _wrong("text of 200,000 letters", "acknowledge", "/note", "zqmarker" * 25_000),
    _wrong("white space for a text", "lift", "/reason", " \t\n"),
    _wrong("a line feed in a line", "send", "/sender/role", "zqmarker\nzqmarker"),
    _wrong("emoji for a local id", "child", "/local_id", "zqmarker\U0001f600"),
    _wrong("a homoglyph in a code", "send", "/urgency", "еmergency"),
    _wrong("Arabic digits in an NHS number", "child", "/nhs_number", "٩٩٩٠٠٠٠٠١٨"),
    _wrong("full-width digits in a postcode", "send", "/placement/postcode", "SY４ 5ZZ"),
    _wrong("full-width digits in a postcode to look up", "look_up", "/postcode", "SY４ 5ZZ")._replace(
        code="invalid_postcode", pointer=None
    ),
    _wrong("an NHS number with a wrong check digit", "child", "/nhs_number", "9990000019"),
    _wrong("a name for a phone", "send", "/sender/phone", "ask zqmarker"),
    _wrong("a header in an email address", "send", "/sender/email", "a@b.example\nBcc: zqmarker@b.example"),
    _wrong("a kind of document nobody knows", "document", "/type", MARK),
    _wrong("a kind of assessment nobody knows", "assess", "/kind", MARK),
    _wrong("an assessment due at no day", "assess", "/due_on", "soon zqmarker"),
    _wrong("declined, and tried again at no day", "become", "/next_on", MARK),
    _wrong("a turned note of a recommendation", "close", "/note", "zqmarker\u2067 hidden"),
    _wrong("a body nobody knows for a passport", "hand_over", "/organisation", [MARK]),
    _wrong("a step nobody knows", "step", "/act", MARK),
    _wrong("a turned file name", "document", "/file_name", f"{MARK}\u202efdp.exe"),
    _wrong("a date with a zero in front", "correct", "/facts/date_of_birth", "0000-01-01"),
    _wrong("the end of time", "correct", "/facts/date_of_birth", "9999-12-31"),
    _wrong("the thirtieth of February", "send", "/child/date_of_birth", "2011-02-30"),
    _wrong("a date in another order", "send", "/child/date_of_birth", "04/03/2011"),
    _wrong("a date with a time", "restrict", "/review_on", "2027-01-01T00:00:00Z"),
    _wrong("a date with Arabic digits", "restrict", "/review_on", "٢٠٢٧-01-01"),
    _wrong("a moment without a zone", "recall", "/noticed_at", "2026-11-22T09:30:00"),
    _wrong("a moment with a leap second", "recall", "/noticed_at", "2026-12-31T23:59:60Z"),
    _wrong("a moment as a number", "recall", "/noticed_at", 1795339800),
    _wrong("25:99", "send", "/placement/start/time", "25:99"),
)

_SHAPE = (
    _wrong("null for a text", "send", "/sender/role", None),
    _wrong("null for what may be absent", "send", "/placement_id", None),
    _wrong("null for a section", "send", "/about_me", None),
    _wrong("null for a kind", "send", "/kind", None),
    _wrong("a list for a section", "send", "/child", [MARK]),
    _wrong("a text for a section", "send", "/child", MARK),
    _wrong("a number for a name", "send", "/child/family_name", 9990000018),
    _wrong("an object for a name", "send", "/child/family_name", {MARK: MARK}),
    _wrong("a text for a list", "acknowledge", "/questions", MARK),
    _wrong("an object for a list", "recall", "/recipients", {"0": MARK}),
    _wrong("an empty list", "recall", "/recipients", []),
    _wrong("a list of lists", "acknowledge", "/questions", [[[MARK]]], "/questions/0"),
    _wrong("an object for a code", "send", "/urgency", {MARK: 1}),
    _wrong("a list for a code", "child", "/sex", ["F", MARK]),
    _wrong("a list for a kind", "send", "/kind", [MARK]),
    _wrong("an object for an outcome", "acknowledge", "/outcome", {MARK: {}}),
    _wrong("a code from nowhere", "restrict", "/restriction", MARK),
    _wrong("a kind from nowhere", "send", "/kind", MARK),
    _wrong("1 for yes", "send", "/legal/child_protection_plan", 1),
    _wrong('"true" for yes', "send", "/legal/child_protection_plan", "true"),
    _wrong("yes for a number", "send", "/care_team/number_of_social_workers", True),
    _wrong("2.0 for a whole number", "send", "/care_team/number_of_social_workers", 2.0),
    _wrong("a number below none", "send", "/care_team/number_of_social_workers", -1),
    _wrong("a number beyond 64 bits", "send", "/care_team/number_of_social_workers", 2**70),
    _literal("1e400", _MILES, "1e400"),
    _literal("1e400 for a whole number", "/care_team/number_of_social_workers", "1e400"),
    _wrong("a text for a number", "send", _MILES, "78.4"),
    _wrong("fifty-one to be told", "send", "/additional_recipients", [_HOST] * 51),
    _wrong("an unknown field", "send", "/child/shoe_size", MARK),
    _wrong("a field that is no field name", "send", "/child/Rowan ZqMarker", MARK, "/child"),
    _wrong("__proto__", "send", "/__proto__", {MARK: True}, ""),
    _wrong("an empty field name", "send", "/child/", MARK, "/child"),
    _wrong("a field name with a tilde", "send", "/child/zq~marker", MARK, "/child"),
    _wrong("a section there is not", "confirm", "/sections", [MARK], "/sections/0"),
    _wrong("a section no notice has", "still_true", "/sections", [MARK], "/sections/0"),
    _wrong("a version as words", "still_true", "/version", MARK),
    _wrong(
        "a section carried that there is not",
        "send",
        "/carried_forward",
        {"placement_id": new_id("plc"), "sections": [MARK]},
        "/carried_forward/sections/0",
    ),
    _wrong("a day that is none in a search", "search", "/date_of_birth", f"2012-02-30{MARK}"),
    _wrong("a list for a name in a search", "search", "/family_name", [MARK]),
    _wrong("a number of another kind in a search", "search", "/nhs_number", MARK),
    _wrong("a day that is none for what was done", "done", "/done_on", MARK),
    _wrong("an unknown field of what was done", "done", "/note", MARK),
    _wrong("an unknown field in a lookup", "look_up", "/zqmarker!", MARK, ""),
    _wrong(
        "not known and known at once",
        "child",
        "/given_names",
        {"not_known": "no_time", "value": MARK},
        "/given_names/value",
    ),
    _wrong("not known for a reason of its own", "child", "/given_names", {"not_known": MARK}, "/given_names/not_known"),
    _wrong("an id of another kind", "send", "/placement_id", new_id("ntf")),
    _wrong("an id with a line feed", "send", "/placement_id", new_id("plc") + "\n"),
    _wrong("an id in capitals", "send", "/placement_id", new_id("plc").upper()),
    _wrong("SQL for an id", "recall", "/recipients", ["' OR '1'='1 zqmarker"], "/recipients/0"),
)

_ABOUT_OTHERS = (
    _other("a placement that is not there", _update(), 404, "not_yours"),
    _other(
        "an update that says nothing", {"kind": "update", "placement_id": new_id("plc")}, 422, "invalid_document", ""
    ),
    _other(
        "a child that is not there",
        good("start") | {"child": good("start")["child"] | {"child_id": new_id("chd")}},
        404,
        "not_yours",
    ),
    _other(
        "a recipient from nowhere", good("start") | {"additional_recipients": [_NOWHERE]}, 422, "unknown_organisation"
    ),
    Hostile(
        "a recall from a stranger's recipient",
        "recall",
        _with("recall", "/recipients", [new_id("rcp")]),
        422,
        "nothing_to_recall",
    ),
)

_ENVELOPE = (
    _as("no content type", None),
    _as("text for JSON", "text/plain; zqmarker"),
    _as("a form's content type", "application/x-www-form-urlencoded"),
    _as("many parts", "multipart/form-data; boundary=zqmarker", b"--zqmarker--"),
    _as("JSON of another kind", "application/merge-patch+json"),
    Hostile("one byte too many", "send", _bytes() + b" " * (_LIMIT + 1 - len(_bytes())), 413, "too_large"),
    Hostile("no key", "send", _bytes(), 400, "idempotency_key_required", None, {"Idempotency-Key": None}),
    Hostile("an empty key", "child", _bytes("child"), 400, "idempotency_key_required", None, {"Idempotency-Key": ""}),
    Hostile(
        "a key of a thousand letters",
        "send",
        _bytes(),
        400,
        "idempotency_key_required",
        None,
        {"Idempotency-Key": MARK * 125},
    ),
    Hostile(
        "a key with a space", "send", _bytes(), 400, "idempotency_key_required", None, {"Idempotency-Key": "a zqmarker"}
    ),
    Hostile("no token", "send", _bytes(), 401, "invalid_token", None, {"Authorization": None}),
    Hostile(
        "words for a token",
        "send",
        _bytes(),
        401,
        "invalid_token",
        None,
        {"Authorization": f"Bearer {MARK}.{MARK}.{MARK}"},
    ),
    Hostile(
        "a version from nowhere", "correct", _bytes("correct"), 412, "stale_version", None, {"If-Match": f'"{MARK}"'}
    ),
    Hostile("no version", "correct", _bytes("correct"), 428, "version_required", None, {"If-Match": None}),
)


def _many(name: str, body: bytes, status: int = 422, code: str = "invalid_document") -> Hostile:
    return Hostile(name, "send_many", body, status, code, "/items" if status == 422 else None)


_MANY = (
    _many("a batch that is a list", b'[{"zqmarker": 1}]', 400, "invalid_body"),
    _many("a batch of 501", b'{"items": [' + b",".join([b'"zqmarker"'] * 501) + b"]}"),
    _many("a batch with more beside it", b'{"items": [{}], "zqmarker": 1}'),
    _many("a batch under another name", b'{"zqmarker": []}'),
    _many(
        "a batch of batches beyond what is sensible", b'{"items": ' + b"[" * 40 + b"]" * 40 + b"}", 400, "invalid_body"
    ),
    _many("a batch with its items twice", b'{"items": [], "items": ["zqmarker"]}', 400, "invalid_body"),
    _many("a batch cut off", b'{"items": [{"zqmarker"', 400, "invalid_body"),
    _many("nine megabytes", b" " * (9 * 1024 * 1024), 413, "too_large"),
)

_LIVES = (
    _wrong("a proposal of nothing we know", "propose", "/proposal", MARK),
    _wrong("a name for a duplicate's id", "propose", "/duplicate", MARK),
    _wrong("a half-hearted decision", "decide", "/outcome", MARK),
    _wrong("an authority in small letters", "offer", "/organisation", MARK),
    _wrong("a day that is none", "offer", "/transfer_on", "2026-02-30 zqmarker"),
    _wrong("an answer neither way", "answer", "/outcome", MARK),
    _wrong("a right-to-left reason", "revoke", "/reason", f"{MARK}\u202e"),
    Hostile("an offer to nobody", "offer", _with("offer", "/organisation", "ZZZ99"), 422, "not_an_authority"),
)

BODIES = (*_MANY, *_NOT_JSON, *_TEXT, *_SHAPE, *_ABOUT_OTHERS, *_ENVELOPE, *_LIVES)
