"""Refusals of oversight."""

from app.kit.errors import Failure


class BadPeriod(Failure):
    code = "bad_period"
    status = 400
    title = "The period is not one that can be asked for"
    advice = (
        "Give dates as 2026-11-30 with from before to, at most 366 days apart; give a month as 2026-11 and a quarter "
        "as 2026-Q3, once it is over. A month that still runs is told only to an authority, about whom it told itself."
    )
