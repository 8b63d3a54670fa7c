"""Time is held in UTC and counted in London, over weekends, bank holidays and both clock changes."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.working_time import (
    BANK_HOLIDAYS,
    HOLIDAYS_KNOWN_UNTIL,
    Length,
    add_working_days,
    day_ends,
    day_starts,
    holidays_known,
    is_working_day,
    london_day,
    london_moment,
)

MOMENTS = st.integers(0, 20 * 365 * 24 * 60).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
LENGTHS = st.builds(
    "{} {}".format, st.integers(1, 60), st.sampled_from(["hours", "days", "weeks", "months", "working days"])
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("starts", "length", "due"),
    [
        # Friday 23:50 is still Friday: day 1 is Monday.
        ("2026-11-20T23:50", "1 working day", "2026-11-23T23:59:59.999"),
        ("2026-11-20T23:50", "5 working days", "2026-11-27T23:59:59.999"),
        # In summer 23:50 UTC on Thursday is already Friday in London.
        ("2026-07-09T23:50", "1 working day", "2026-07-13T22:59:59.999"),
        # Saturday counts like Friday.
        ("2026-11-21T09:00", "5 working days", "2026-11-27T23:59:59.999"),
        # Christmas 2026: 25 (Friday) and 28 December (for Saturday the 26th), then 1 January.
        ("2026-12-24T12:00", "5 working days", "2027-01-05T23:59:59.999"),
        ("2026-12-23T12:00", "10 working days", "2027-01-11T23:59:59.999"),
        # Easter 2027: Good Friday 26 March, Monday 29 March; the clocks go forward on 28 March.
        ("2027-03-24T12:00", "5 working days", "2027-04-02T22:59:59.999"),
        ("2027-03-25T12:00", "1 working day", "2027-03-30T22:59:59.999"),
        # The leap day is a working day like any other.
        ("2028-02-28T12:00", "1 working day", "2028-02-29T23:59:59.999"),
        ("2028-02-28T12:00", "5 working days", "2028-03-06T23:59:59.999"),
        # The clocks go back on 25 October 2026.
        ("2026-10-23T12:00", "1 working day", "2026-10-26T23:59:59.999"),
        # Clock hours run through both changes, weekends and holidays.
        ("2026-10-24T12:00", "24 hours", "2026-10-25T12:00"),
        ("2027-03-27T12:00", "24 hours", "2027-03-28T12:00"),
        ("2026-12-24T12:00", "48 hours", "2026-12-26T12:00"),
        # Days and months end with the London day.
        ("2027-03-27T12:00", "1 day", "2027-03-28T22:59:59.999"),
        ("2026-11-30T12:00", "3 months", "2027-02-28T23:59:59.999"),
        ("2027-11-29T12:00", "3 months", "2028-02-29T23:59:59.999"),
        ("2026-11-23T12:00", "1 week", "2026-11-30T23:59:59.999"),
        ("2026-11-23T12:00", "14 days before", "2026-11-09T23:59:59.999"),
        ("2026-11-23T12:00", "at once", "2026-11-23T12:00"),
    ],
)
def test_a_period_ends_when_a_person_in_london_would_say_it_does(starts: str, length: str, due: str) -> None:
    assert Length.parse(length).after(utc(starts)) == utc(due)


@pytest.mark.parametrize(
    ("day", "at", "moment"),
    [
        ("2026-11-23", "02:10", "2026-11-23T02:10"),
        ("2026-07-01", "02:10", "2026-07-01T01:10"),
        # 01:30 happens twice: the earlier is meant.
        ("2026-10-25", "01:30", "2026-10-25T00:30"),
        # 01:30 never happens: it is read as half an hour past the change.
        ("2027-03-28", "01:30", "2027-03-28T01:30"),
    ],
)
def test_a_time_on_the_clock_in_london_has_one_moment(day: str, at: str, moment: str) -> None:
    assert london_moment(date.fromisoformat(day), time.fromisoformat(at)) == utc(moment)


@pytest.mark.parametrize("day", ["2026-10-25", "2027-03-28", "2026-11-23"])
def test_a_london_day_is_23_24_or_25_hours_long(day: str) -> None:
    hours = {"2026-10-25": 25, "2027-03-28": 23}.get(day, 24)
    found = date.fromisoformat(day)
    assert day_ends(found) - day_starts(found) == timedelta(hours=hours) - timedelta(milliseconds=1)


@pytest.mark.parametrize("text", ["", "5", "soon", "5 fortnights", "-1 days", "2 hours before", "5 working days."])
def test_a_length_in_other_words_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"length of time|counted backwards"):
        Length.parse(text)


@given(MOMENTS, LENGTHS)
def test_nothing_is_due_before_it_starts(start: datetime, length: str) -> None:
    assert Length.parse(length).after(start) >= start


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=20)), LENGTHS)
def test_what_starts_later_is_never_due_earlier(start: datetime, later: timedelta, length: str) -> None:
    period = Length.parse(length)
    assert period.after(start) <= period.after(start + later)


@given(MOMENTS, st.integers(1, 40))
def test_working_days_never_end_on_a_weekend_or_bank_holiday(start: datetime, count: int) -> None:
    last = london_day(Length(count, "working_day").after(start))
    assert last.weekday() < 5
    assert last not in BANK_HOLIDAYS


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(0, 30))
def test_as_many_working_days_lie_between_as_were_asked_for(day: date, count: int) -> None:
    last = add_working_days(day, count)
    between = [day + timedelta(days=n) for n in range(1, (last - day).days + 1)]
    assert sum(map(is_working_day, between)) == count


def test_past_the_last_holiday_known_monday_to_friday_are_counted_and_it_is_said() -> None:
    christmas = date(HOLIDAYS_KNOWN_UNTIL.year + 1, 12, 25)
    assert is_working_day(christmas) == (christmas.weekday() < 5)
    assert not holidays_known(day_ends(christmas))
    assert holidays_known(day_ends(HOLIDAYS_KNOWN_UNTIL))
