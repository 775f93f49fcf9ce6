"""Her hours ahead: the ledger's figures, week by week; a week of leave; until when one more client fits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from cast import NOW, Cast, person
from evenload.records.models import Practitioner
from evenload.workflow import leave
from evenload.workflow.current_picture import picture_of_now
from evenload.workflow.hour_ledger import hour_ledger
from evenload.workflow.week_ahead import WEEKS_SHOWN, Ahead, OneMore, WeekAhead, ahead, one_more
from own_units import give_all_units

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 1, 12)


@pytest.fixture
def bea(everybody: Cast) -> Practitioner:
    found: Practitioner = everybody.program_a.practitioners.select_related("program").get(code="Béa")
    give_all_units(found)
    return found


def found(bea: Practitioner, today: date = MONDAY) -> Ahead:
    seen = ahead(bea, today=today)
    assert seen is not None
    return seen


def test_the_weeks_ahead_are_those_of_the_ledger(bea: Practitioner) -> None:
    ledger, seen = hour_ledger(picture_of_now(bea.program), only="Béa"), found(bea)

    assert [week.monday for week in seen.weeks] == [MONDAY + timedelta(weeks=number) for number in range(WEEKS_SHOWN)]
    first = ledger.mondays.index(MONDAY)
    for number, week in enumerate(seen.weeks, start=first):
        assert (week.committed, week.driving) == (ledger.committed["Béa"][number], ledger.driving["Béa"][number])
        assert week.person.capacity_minutes == ledger.hours_minutes["Béa"][number]
    assert not seen.is_draft


def test_a_week_of_leave_has_no_hours_and_says_its_days(bea: Practitioner, everybody: Cast) -> None:
    second = MONDAY + timedelta(weeks=1)
    leave.tell(bea, first_day=second, last_day=second + timedelta(days=4), kind="sick", by=person(everybody.practitioner), at=NOW)
    bea.program.refresh_from_db()

    weeks = found(bea).weeks

    assert [week.person.capacity_minutes == 0 for week in weeks[:3]] == [False, True, False]
    assert (weeks[0].away, weeks[1].away) == ((), (None,) * 5)


def test_near_the_end_of_the_period_fewer_weeks_are_shown_and_after_it_none(bea: Practitioner) -> None:
    last = found(bea).period_ends

    assert len(found(bea, today=last).weeks) == 1
    assert found(bea, today=last + timedelta(days=1)).weeks == ()


def more(bea: Practitioner, hours: list[int]) -> OneMore:
    """One more client, with these minutes of hours in each week and nothing in them yet."""
    picture, week = picture_of_now(bea.program), found(bea).weeks[0]
    weeks = [
        WeekAhead(MONDAY + timedelta(weeks=number), replace(week.person, capacity_minutes=one), Fraction(0), Fraction(0), "room", ())
        for number, one in enumerate(hours)
    ]
    seen = one_more(picture, "Béa", weeks)
    assert seen is not None
    return seen


def test_one_more_fits_until_the_week_before_it_does_not(bea: Practitioner) -> None:
    size = more(bea, [10_000]).minutes

    always, later, never = more(bea, [2 * size, 4 * size]), more(bea, [2 * size, size, size - 1, size]), more(bea, [size - 1, 2 * size])

    assert (always.fits_until, always.over, always.percent) == (MONDAY + timedelta(weeks=1), None, 50)
    assert (later.fits_until, later.over) == (MONDAY + timedelta(weeks=1), MONDAY + timedelta(weeks=2))
    assert later.percent == Fraction(100 * size, size - 1)
    assert (never.fits_until, never.over) == (None, MONDAY)


def test_a_week_without_hours_is_none_in_which_somebody_is_seen(bea: Practitioner) -> None:
    size = more(bea, [10_000]).minutes

    assert more(bea, [2 * size, 0, 2 * size]).over is None
    assert more(bea, [0, 0]).percent is None
