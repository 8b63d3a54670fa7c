"""From 09:00: the rest is sent, a mistake is taken back, and the stay ends."""

from app.demo.cast import LEEDS, MARIAN, NURSE, PERPETUA, SERGEANT, STRAY, TELFORD, WILF
from app.demo.documents import emergency_minimum, ending, morning_after
from app.demo.night import seen_by_all
from app.demo.play import Json, Play, expect
from app.demo.words import label, section, when

_REFUSED = 403
_NEEDS = "The assessment of needs, and why this home is the most suitable"
_READERS = (("Social care", WILF), ("Health", NURSE), ("Police", SERGEANT))


def morning(play: Play) -> None:
    """The needs assessment and the reasons arrive; whoever sees a change in it is told."""
    play.begin("09:00", "The morning after: her needs, the reasons, her own words")
    play.tell.say(
        "Marian Fictura, her social worker, is at her desk and sends the rest to the same placement. A section sent",
        "replaces that section; what is left out stands as it was.",
    )
    placement = play.start["placement_id"]
    document = morning_after(play.night, placement)
    play.update = play.post(MARIAN, "/v1/notifications", document)
    before, after = (_owed(each) for each in (play.start, play.update))
    expect(play.update["version"] == 2, "version 2 of the placement")
    expect(_NEEDS in before - after, "the needs assessment no longer owed")
    expect(after - before, "something newly owed, because more is known")
    play.tell.quote(document["voice"]["said"], "Rowan, to Marian Fictura")
    told = play.update["recipients"]
    play.tell.points(
        [
            f"{len(before - after)} of {len(before)} things owed have come. One of them, owed by law: {_NEEDS}.",
            f"Newly owed, because she is now known to harm herself: {'; '.join(sorted(after - before))}.",
            f"{len(told)} teams are told: those for whom something they may see has changed.",
        ]
    )
    views = [(who, play.get(part, f"/v1/placements/{placement}")) for who, part in _READERS]
    expect("decision" in views[0][1]["sections"], "the reasons, for the host's social care")
    expect("decision" not in views[1][1]["sections"], "no reasons for health")
    expect("child_details" not in views[2][1]["sections"]["risks"], "risk levels without their story, for the police")
    seen_by_all(play, views, emergency_minimum(play.night) | document)


def _owed(sent: Json) -> set[str]:
    return {each["title"] for each in sent["outstanding"]}


def taken_back(play: Play) -> None:
    """A recipient named by mistake reads it; a manager recalls it, and the account stays."""
    play.begin("09:20", "Sent to the wrong council, and taken back")
    where = f"/v1/notifications/{play.update['id']}"
    play.tell.say(
        "Marian had also ticked Telford and Wrekin, the council next door, taking it for the authority of the home.",
        "Its duty worker opens it before anybody notices.",
    )
    play.get(STRAY, where)
    wrong = [each["id"] for each in play.update["recipients"] if each["organisation"] == TELFORD]
    expect(len(wrong) == 1, "Telford and Wrekin told once")
    recall = play.post(
        PERPETUA,
        f"{where}/recalls",
        {"reason": "wrong_recipient", "recipients": wrong, "detail": "Not the area of the home."},
    )
    seen = recall["access_ended"]
    expect([each["opened_by"]["name"] for each in seen] == [STRAY.name], "the name of who had opened it")
    play.get(STRAY, where, status=_REFUSED)
    play.tell.facts(
        f"Recalled: {label('recall_reason', 'wrong_recipient').lower()}",
        (
            ("Access ended", f"{play.team_of(seen[0], PERPETUA)}, at once"),
            ("Had opened it", f"{seen[0]['opened_by']['name']}, {seen[0]['opened_by']['role'].lower()}"),
        ),
    )
    expect(recall["clocks"], "a clock for the breach")
    play.tell.points(f"{each['title']}: by {when(each['due'])} ({each['basis']})." for each in recall["clocks"])
    play.tell.say("She tries again and is refused. What she had seen stays on the account: a recall never shortens it.")


def end(play: Play) -> None:
    """The stay ends, everybody is told, and what each may see narrows."""
    play.begin("16:30", "The end of the stay")
    play.tell.say("A home near her college has a bed tonight. The stay in Shropshire ends, with a handover.")
    placement = play.start["placement_id"]
    document = ending(play.night, placement)
    ended = play.post(MARIAN, "/v1/notifications", document)
    expect(ended["state"] == "ended", "the placement ended")
    expect(TELFORD not in {each["organisation"] for each in ended["recipients"]}, "no word to the recalled council")
    view = play.get(SERGEANT, f"/v1/notifications/{play.start['id']}")
    gone = [each for each in view["sections_withheld"] if each["reason"] == "placement_ended"]
    expect(gone, "less for the police once the placement has ended")
    destination = label("destination", document["placement"]["ending"]["destination"]).lower()
    play.tell.points(
        [
            f"{len(ended['recipients'])} teams are told; Telford and Wrekin, recalled, is not among them.",
            f"Next: {destination}, in {play.name_of(LEEDS, MARIAN)}.",
            "The police now see " + ", ".join(section(name).lower() for name in view["sections_shared"]) + ".",
            "No longer: " + ", ".join(section(each["section"]).lower() for each in gone) + ".",
        ]
    )
