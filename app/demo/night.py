"""From 02:10: an emergency move with the minimum, and who takes it on before the morning."""

from operator import itemgetter

from app.demo.cast import DAY_DESK, IDRIS, NIGHT_DESK, NURSE, SEREN, SERGEANT, SHROPSHIRE
from app.demo.documents import emergency_minimum
from app.demo.play import Json, Play, expect
from app.demo.telling import awaited, good, quiet
from app.demo.words import WHY_WITHHELD, clock_time, fields, label, section, when

_CLOCKS = ("area-told-within-24-hours", "area-notice-emergency-england")


def move(play: Play) -> None:
    """The emergency duty worker sends what he has: who is told and why, both clocks, what is still owed."""
    play.begin("02:10", "An emergency move, with little information")
    play.tell.say(
        "A home in Leeds has closed on a girl of 15 at an hour's notice. The only bed tonight is in Shropshire, two",
        "hours away. Idris Examplar, on emergency duty in Leeds, sends what he has and says what he does not know.",
    )
    play.start = play.post(IDRIS, "/v1/notifications", emergency_minimum(play.night))
    expect(play.start["rules"]["held"], "that the law for this case is held")
    _told(play)
    _clocks(play)
    _owed(play)


def _told(play: Play) -> None:
    recipients = play.start["recipients"]
    expect(SHROPSHIRE in {each["organisation"] for each in recipients}, "Shropshire among those told")
    play.tell.table(
        f"{len(recipients)} teams are told, and why",
        ("Team", "Why", "Answer by"),
        [(play.team_of(each, IDRIS), _why(each), when(each["acknowledge_by"])) for each in recipients],
    )
    silent = [play.team_of(each, IDRIS) for each in recipients if not each["connected"]]
    expect(len(silent) == 1, "one team without a system, to be rung")
    play.tell.say(f"{silent[0]}, has no system connected yet: the answer says to ring them.")


def _why(recipient: Json) -> str:
    why = f"{recipient['why']} ({recipient['basis']})"
    return f"{why[0].upper()}{why[1:]}"


def _clocks(play: Play) -> None:
    held = play.get(IDRIS, f"/v1/placements/{play.start['placement_id']}")["clocks"]
    clocks = {each["code"]: each for each in held}
    expect(set(_CLOCKS) <= clocks.keys(), "both clocks: 24 hours, and five working days")
    expect(all(clocks[code]["state"] == "met" for code in _CLOCKS), "both clocks met by this very notification")
    both = [clocks[code] for code in _CLOCKS]
    play.tell.table(
        "Two clocks for the area authority",
        ("What", "By", "Because of", ""),
        [(each["title"], when(each["due"]), each["basis"], good(each["state"])) for each in both],
    )
    play.tell.say(
        "24 hours run through night and weekend; five working days begin with the next working day. Both are met: at",
        f"02:10 Shropshire was told in writing. {sum(each['state'] != 'met' for each in held)} more clocks still run.",
    )


def _owed(play: Play) -> None:
    owed = play.start["outstanding"]
    expect(any(each["known_gap"] for each in owed), "what he said he does not know, still owed")
    by_due: dict[str, list[str]] = {}
    for each in sorted(owed, key=itemgetter("due")):
        titles = by_due.setdefault(each["due"], [])
        if each["title"] not in titles:
            titles.append(each["title"])
    play.tell.table(
        f"Nothing was refused, and nothing is forgotten: {sum(map(len, by_due.values()))} things are still owed",
        ("By", "", "What"),
        [(_due(due, play.start["sent_at"]), str(len(titles)), _some(titles)) for due, titles in by_due.items()],
    )
    play.tell.say("And it warns, without stopping him:")
    play.tell.points(each["message"] for each in play.start["warnings"] if each["pointer"])


def _due(due: str, now: str) -> object:
    return awaited("before the move: late") if due < now else when(due)


def _some(titles: list[str]) -> str:
    return "; ".join(titles[:2]) + (" ..." if len(titles) > 2 else "")


def inbox(play: Play) -> None:
    """The host's systems poll. One of them also fetches it: it has it, and nobody has read it."""
    play.begin("02:11", "Shropshire's inbox")
    items = play.get(NIGHT_DESK, "/v1/inbox")["items"]
    expect(len(items) == 1 and items[0]["notification_id"] == play.start["id"], "one item in the night inbox")
    item = items[0]
    play.tell.facts(
        "What waits for the emergency duty team",
        (
            ("What", f"{label('urgency', item['urgency'])}, a placement starts"),
            ("Age", item["age_band"].replace("_to_", " to ").replace("_", " ")),
            ("Answer by", when(item["acknowledge_by"])),
        ),
    )
    play.tell.say("That is all an inbox says: no name, no address. Enough to wake somebody, too little to leak.")
    play.get(DAY_DESK, f"/v1/notifications/{play.start['id']}")
    play.tell.say(
        "The day team's system fetches it too. Their system has it now; nobody there has read it. That is recorded",
        "as retrieved, never as opened.",
    )


def take_on(play: Play) -> None:
    """The host's emergency duty worker opens it by name and takes it on."""
    play.begin("02:16", "Opened by name, and taken on")
    seen = play.get(SEREN, f"/v1/notifications/{play.start['id']}")
    parts = seen["sections"]
    expect(parts["child"]["given_names"] == "Rowan", "the child's name, for the worker who opens it")
    expect(next(iter(parts)) == "child", "the child first on the page")
    child, home, health, risks = parts["child"], parts["placement"], parts["health_now"], parts["risks"]["to_child"]
    gap = label("not_known_reason", health["allergies"]["not_known"])
    play.tell.facts(
        "What Seren Madeup reads, the child first",
        (
            ("Child", f"{child['given_names']} {child['family_name']}, 15, born {child['date_of_birth']}"),
            ("Home", f"{home['home_name']}, {home['postcode']}, {home['phone']}"),
            ("Law", f"{label('legal_status', parts['legal']['status'])} ({parts['legal']['status']})"),
            ("Risks", f"Going missing: {label('risk_level', risks['going_missing']['level']).lower()}"),
            ("", awaited("Self-harm: not known yet")),
            ("Allergies", awaited(f"Not known: {gap}")),
            ("Ring", f"{parts['sender']['name']}, {parts['sender']['out_of_hours']['phone']}, all night"),
        ),
    )
    note = "I have rung the home. A waking night worker sits with her. We visit at ten."
    play.post(
        SEREN,
        f"/v1/notifications/{play.start['id']}/acknowledgements",
        {"outcome": "accepted", "note": note, "owner": {"name": "Wilf Conceit", "role": "Duty manager"}},
    )
    play.tell.quote(note, "Seren Madeup, taking it on for Shropshire")


def others(play: Play) -> None:
    """Health and the police open the same notification, and are given what their work needs."""
    play.begin("02:30", "Health and the police open the same notification")
    views = [play.get(part, f"/v1/notifications/{play.start['id']}") for part in (NURSE, SERGEANT)]
    health, police = (view["sections"] for view in views)
    expect("health_now" in health, "health now, for health")
    expect("health_now" not in police, "nothing of health, for the police")
    expect("to_child" in police["risks"], "risk levels, for the police")
    expect("nhs_number" in health["child"] and "nhs_number" not in police["child"], "the NHS number for health only")
    play.tell.say(
        "The nurse works for a trust that acts for the integrated care board: she reads for the board, and the",
        "record will name both. Little has been sent yet; at nine the difference between readers grows.",
    )
    sent = emergency_minimum(play.night)
    seen_by_all(play, [("Health", views[0]), ("Police", views[1])], sent)


def seen_by_all(play: Play, views: list[tuple[str, Json]], sent: Json) -> None:
    """A table of sections by reader: all of it, part of it, or why nothing."""
    names = [name for name in sent if any(name in view["sections"] or _reason(view, name) for _, view in views)]
    play.tell.table(
        "Who is given what",
        ("Section", *(who for who, _ in views)),
        [(section(name), *(_share(view, name, sent[name]) for _, view in views)) for name in names],
    )


def _reason(view: Json, name: str) -> str | None:
    return next((each["reason"] for each in view["sections_withheld"] if each["section"] == name), None)


def _share(view: Json, name: str, sent: Json) -> object:
    given = view["sections"].get(name)
    if given is None:
        reason = _reason(view, name)
        return quiet(f"– {WHY_WITHHELD.get(str(reason), str(reason))}")
    missing = sent.keys() - given.keys()
    return awaited(f"without {fields(missing)}") if missing else good("all of it")


def board(play: Play) -> None:
    """The sender's board tells retrieved from opened from acknowledged."""
    play.begin("02:40", "The sender's board")
    items = play.get(IDRIS, "/v1/sent")["items"]
    rows = next(each for each in items if each["notification_id"] == play.start["id"])["recipients"]
    states = {(each["organisation"], each["function"]): each for each in rows}
    ordered = [states[each["organisation"], each["function"]] for each in play.start["recipients"]]
    night, day = states[SHROPSHIRE, "emergency_duty"], states[SHROPSHIRE, "social_care"]
    expect(night["acknowledged_by"]["name"] == SEREN.name, "the worker's name on the sender's board")
    expect(day["retrieved_at"] and not day["opened_at"], "retrieved told from opened")
    play.tell.table(
        "Sent is not retrieved, retrieved is not opened, opened is not taken on",
        ("Team", "System has it", "Opened", "Taken on"),
        [_board_row(play, each) for each in ordered],
    )
    play.tell.say("Received by a system is not read by a person: the board never mixes them up.")


def _board_row(play: Play, row: Json) -> tuple[object, ...]:
    taken = _by(row["acknowledged_at"], row["acknowledged_by"])
    return (
        play.team_of(row, IDRIS),
        clock_time(row["retrieved_at"]),
        _by(row["opened_at"], row["opened_by"]),
        good(taken) if row["acknowledged_at"] else taken,
    )


def _by(at: str | None, person: Json | None) -> str:
    return f"{clock_time(at)}\n{person['name']}" if person else clock_time(at)
