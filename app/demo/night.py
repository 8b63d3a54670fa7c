"""From 02:10: an emergency move with the minimum, and who takes it on before the morning."""

from app.demo.cast import DAY_DESK, IDRIS, NIGHT_DESK, NURSE, SEREN, SERGEANT, SHROPSHIRE
from app.demo.documents import emergency_minimum
from app.demo.play import Json, Play, expect
from app.demo.telling import awaited, good, quiet
from app.demo.words import OWNERS, WHY_WITHHELD, clock_time, label, section, team, when

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
    expect(any(not each["connected"] for each in recipients), "somebody without a system, to be rung")
    play.tell.table(
        f"{len(recipients)} teams are told, and why",
        ("Team", "Why", "Answer by"),
        [
            (f"{play.name_of(each['organisation'], IDRIS)}: {team(each['function'])}", _why(each), when(each["acknowledge_by"]))
            for each in recipients
        ],
    )
    silent = [each for each in recipients if not each["connected"]]
    names = ", ".join(f"{play.name_of(each['organisation'], IDRIS)} ({team(each['function'])})" for each in silent)
    play.tell.say("Not connected yet, so the answer says: ring them.", f"{names}.")


def _why(recipient: Json) -> str:
    why = f"{recipient['why']} ({recipient['basis']})"
    return f"{why[0].upper()}{why[1:]}"


def _clocks(play: Play) -> None:
    clocks = {each["code"]: each for each in play.start["clocks"]}
    expect(set(_CLOCKS) <= clocks.keys(), "both clocks: 24 hours, and five working days")
    rest = len(clocks) - len(_CLOCKS)
    play.tell.table(
        "Two clocks for the area authority",
        ("What", "By", "Because of"),
        [(clocks[code]["title"], when(clocks[code]["due"]), clocks[code]["basis"]) for code in _CLOCKS],
    )
    play.tell.say(
        "24 hours run through the night and the weekend; five working days begin with the next working day.",
        f"{rest} more clocks run: the first visit, the placement plan, a GP near the home ...",
    )


def _owed(play: Play) -> None:
    owed = play.start["outstanding"]
    expect(any(each["known_gap"] for each in owed), "what he said he does not know, still owed")
    titles: dict[str, Json] = {}
    for each in sorted(owed, key=lambda each: (each["due"], not each["known_gap"])):
        titles.setdefault(each["title"], each)
    shown = list(titles.values())[:8]
    play.tell.table(
        f"Nothing was refused, and nothing is forgotten: {len(owed)} things are still owed, the first of them",
        ("What", "Who owes it", "By"),
        [(each["title"], OWNERS[each["owner"]], when(each["due"])) for each in shown],
    )


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
        "record will name both.",
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
        return quiet(WHY_WITHHELD.get(str(reason), str(reason)))
    return good("all of it") if given.keys() >= sent.keys() else awaited("without " + ", ".join(sent.keys() - given.keys()))


def board(play: Play) -> None:
    """The sender's board tells retrieved from opened from acknowledged."""
    play.begin("02:40", "The sender's board")
    items = play.get(IDRIS, "/v1/sent")["items"]
    rows = next(each for each in items if each["notification_id"] == play.start["id"])["recipients"]
    states = {(each["organisation"], each["function"]): each for each in rows}
    night, day = states[(SHROPSHIRE, "emergency_duty")], states[(SHROPSHIRE, "social_care")]
    expect(night["acknowledged_by"]["name"] == SEREN.name, "the worker's name on the sender's board")
    expect(day["retrieved_at"] and not day["opened_at"], "retrieved told from opened")
    play.tell.table(
        "Sent is not retrieved, retrieved is not opened, opened is not taken on",
        ("Team", "System has it", "Opened", "Taken on"),
        [_board_row(play, each) for each in rows],
    )
    play.tell.say("Received by a system is not read by a person: the board never mixes them up.")


def _board_row(play: Play, row: Json) -> tuple[object, ...]:
    who = f"{play.name_of(row['organisation'], IDRIS)}: {team(row['function'])}"
    opened = f"{clock_time(row['opened_at'])} {row['opened_by']['name']}" if row["opened_at"] else "–"
    taken = f"{clock_time(row['acknowledged_at'])} {row['acknowledged_by']['name']}" if row["acknowledged_at"] else "–"
    return who, clock_time(row["retrieved_at"]), opened, good(taken) if row["acknowledged_at"] else taken
