"""What is sent in the story, with dates that make sense on the day it is played. The child is invented."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self
from uuid import uuid4

from app.demo.cast import LEEDS, SHROPSHIRE, TELFORD
from app.rules.working_time import LONDON

NIGHT = time(2, 10)
_AGE, _BIRTHDAY = 15, (3, 4)
_RECORDS_CLOSED = {"not_known": "records_closed"}


@dataclass(frozen=True, slots=True)
class Night:
    """The night of the move, and what makes the references of this telling its own."""

    day: date
    run: str

    @classmethod
    def latest(cls, now: datetime) -> Self:
        """The last 02:10 in London that has passed."""
        local = now.astimezone(LONDON)
        return cls(local.date() - timedelta(days=local.time() < NIGHT), uuid4().hex[:6].upper())

    @property
    def born(self) -> str:
        """A date of birth that makes the child 15 on this day."""
        birthday = self.day.replace(month=_BIRTHDAY[0], day=_BIRTHDAY[1])
        return birthday.replace(year=self.day.year - _AGE - (birthday > self.day)).isoformat()

    def on(self, days: int = 0) -> str:
        """The day as a date, or some days later."""
        return (self.day + timedelta(days=days)).isoformat()

    def at(self, hour: int, minute: int) -> str:
        """A moment of the day in London, in UTC."""
        local = datetime.combine(self.day, time(hour, minute), LONDON)
        return local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def emergency_minimum(night: Night) -> dict[str, Any]:
    """02:10: what an emergency duty worker has at hand, and what he says he does not know."""
    return {
        "kind": "start",
        "occasion": "new_home",
        "urgency": "emergency",
        "reference": f"EDT-{night.on()}-{night.run}",
        "sender": {
            "name": "Idris Examplar",
            "role": "Emergency duty social worker",
            "team": "Emergency duty team",
            "phone": "0113 496 0001",
            "out_of_hours": {"phone": "0113 496 0002", "team": "Emergency duty team"},
        },
        "child": {**_child(night), "nhs_number": _RECORDS_CLOSED},
        "legal": {"status": "C2"},
        "placement": {
            "type": "K2",
            "postcode": "SY4 5ZZ",
            "host_area": SHROPSHIRE,
            "home_name": "Invented Elm House",
            "address": "1 Invented Elm Lane",
            "phone": "01632 960101",
            "start": {"date": night.on(), "time": f"{NIGHT:%H:%M}"},
        },
        "care_team": {"lead": {"role": "social_worker", "name": "Marian Fictura", "phone": "0113 496 0003"}},
        "health_now": {
            "allergies": _RECORDS_CLOSED,
            "medicines": {"not_known": "being_found_out", "detail": "The last home is asked for the medicine chart."},
        },
        "risks": {
            "to_child": {
                "self_harm": {"state": "not_known", "not_known_reason": "records_closed"},
                "sexual_exploitation": {"state": "not_known", "not_known_reason": "records_closed"},
                "criminal_exploitation": {"state": "no_known_risk"},
                "going_missing": {"state": "risk_present", "level": "high", "main": True},
            }
        },
    }


def morning_after(night: Night, placement_id: str) -> dict[str, Any]:
    """09:00: the assessment of needs and the reasons, health, what she said; and one recipient named by mistake."""
    return {
        "kind": "update",
        "placement_id": placement_id,
        "reference": f"CASE-{night.on()}-{night.run}",
        "additional_recipients": [
            {"organisation": TELFORD, "function": "social_care", "reason": "Taken for the authority of the home"}
        ],
        "child": {**_child(night), "nhs_number": "9991234500"},
        "voice": _voice(night),
        "decision": _decision(night),
        "health_now": _health(night),
        "risks": _risks(night),
        "missing_agreement": {
            "return_interviews_by": "Leeds, through an independent service",
            "return_interviews_paid_by": "placing_authority",
            "reported_by": {"not_known": "not_yet_decided"},
            "when_to_report": "At once if she is not back by 21:00.",
            "earlier_episodes": 3,
        },
        "documents": {"items": [{"type": "care_plan", "expected_on": night.on(2)}]},
    }


def ending(night: Night, placement_id: str) -> dict[str, Any]:
    """The end of the stay, and where she goes."""
    return {
        "kind": "end",
        "placement_id": placement_id,
        "reference": f"END-{night.on()}-{night.run}",
        "occasion": "new_home",
        "urgency": "planned",
        "placement": {
            "ending": {
                "ended_on": night.on(),
                "reason": "CARPL",
                "destination": "new_home_other_area",
                "destination_area": LEEDS,
                "notice_given": {"given_on": night.on(), "given_by": "The placing authority", "hours": 6},
                "what_worked": "A member of staff she liked sat with her through the first night.",
                "handover": "Her sketchbooks, her phone, her inhaler, the memory box.",
            }
        },
    }


def _child(night: Night) -> dict[str, Any]:
    return {
        "local_id": f"LCS{night.run}",
        "given_names": "Rowan",
        "family_name": "Inventley",
        "date_of_birth": night.born,
        "sex": "F",
    }


def _voice(night: Night) -> dict[str, Any]:
    return {
        "said": "I want to stay at my college and I want to ring Nan every day.",
        "with_whom": "Marian Fictura",
        "at": night.at(8, 20),
        "wishes": [
            {"wish": "Ring Nan every day", "outcome": "met"},
            {"wish": "Stay at my college", "outcome": "being_worked_on", "action": "The college holds the place."},
        ],
        "advocate": {"offered_on": night.on(), "accepted": True},
    }


def _decision(night: Night) -> dict[str, Any]:
    return {
        "needs_assessment": "She needs two adults she can come to know, a quiet room, and her place at college kept.",
        "assessed_on": night.on(),
        "why_most_suitable": "The only home that could take her tonight with staff awake at night.",
        "matching": "She has visited this home before and knows one member of staff.",
        "alternatives": "Eleven homes were asked between 21:00 and 01:30.",
        "impact": "She is far from her grandmother and from college.",
        "context": {"transport": "Direct trains go to two cities.", "lost_protection": "Her grandmother."},
        "distance": "at_a_distance",
        "distance_asserted_by": "Marian Fictura",
        "approvals": [
            {"approver": "director", "name": "Aurelia Pretence", "approved_on": night.on(), "emergency": True}
        ],
    }


def _health(night: Night) -> dict[str, Any]:
    return {
        "allergies": [
            {
                "substance": "Penicillin",
                "severity": "severe",
                "reaction": "Swelling of the face",
                "action": "No penicillin. Ring 999 if she cannot breathe well.",
            }
        ],
        "medicines": [
            {"name": "Salbutamol inhaler", "dose": "2 puffs", "times": "When short of breath", "supply_days": 30}
        ],
        "gp_new": {"not_known": "not_yet_named"},
        "passport": {"state": "to_follow", "expected_on": night.on(2)},
    }


def _risks(night: Night) -> dict[str, Any]:
    return {
        "to_child": {
            "self_harm": {"state": "risk_present", "level": "medium"},
            "sexual_exploitation": {"state": "no_known_risk"},
            "criminal_exploitation": {"state": "no_known_risk"},
            "going_missing": {"state": "risk_present", "level": "high", "main": True},
        },
        "child_details": [
            {
                "category": "going_missing",
                "what_happens": "She leaves in the evening to be with her grandmother, and comes back by herself.",
                "what_helps": "A call to her grandmother before supper.",
                "reviewed_on": night.on(),
            }
        ],
    }
