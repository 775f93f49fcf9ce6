"""Everybody's weeks to the end of the period: with what nobody has they are what is needed; and whether one more can be taken."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from random import Random

import pytest

from cast import NOW, Cast, person
from evenload.planning.codes import HARD_RULES
from evenload.planning.program import Period
from evenload.planning.standing import load_state
from evenload.planning.weekly import mondays
from evenload.records.models import Absence, Draft, RecordedVisit, TimeStandard, Unit
from evenload.workflow import drafts
from evenload.workflow.desk_weeks import period_of
from evenload.workflow.draft_picture import Picture, picture_of
from evenload.workflow.hour_ledger import hour_ledger
from evenload.workflow.refused import Refused
from evenload.workflow.remedy_facts import at_frequency
from evenload.workflow.room_for_one import Room, Wanted, room_for_one, unit_of
from evenload.workflow.week_ledger import OVER_MAXIMUM, parts_of, week_ledger
from workflow.drafts_made import example_program, fresh, move_about

pytestmark = [pytest.mark.django_db]
TODAY = date(2026, 1, 14)


def opened(everybody: Cast) -> tuple[Draft, Picture]:
    draft = drafts.open_draft(everybody.program_a, by=person(everybody.manager_of_a), at=NOW)
    return draft, picture_of(draft)


def changed(everybody: Cast) -> None:
    everybody.program_a.facts_version += 1
    everybody.program_a.save()


def room_of(picture: Picture, wanted: Wanted, code: str) -> Room:
    return next(room for room in room_for_one(picture, wanted).rooms if room.code == code)


def _is_whole(picture: Picture, today: date) -> None:
    """Everybody + nobody = needed in every week, every row is the sum of its units, and an average week is what the desk shows."""
    ledger, case = week_ledger(picture, today=today), picture.facts.case
    assert ledger.astray == ()
    for week in range(len(ledger.mondays)):
        held = sum(row.committed[week] for row in ledger.rows)
        assert held == ledger.everybody[week]
        assert held + ledger.nobody[week] == ledger.needed[week]
    for row in ledger.rows:
        parts = parts_of(picture, row.code, today=today)
        for week in range(len(ledger.mondays)):
            assert sum(part.committed[week] for part in parts) == row.committed[week]
            assert sum(part.driving[week] for part in parts) == row.driving[week]
        for part in parts:
            runs = sum(minutes * ((last - first).days // 7 + 1) for first, last, minutes in part.stretches)
            assert runs == part.total
        assert row.total_free == row.total_hours - row.total_committed - row.total_driving
    waiting = parts_of(picture, None, today=today)
    assert tuple(sum((part.committed[week] for part in waiting), Fraction(0)) for week in range(len(ledger.mondays))) == ledger.nobody
    assert sum(week_ledger(picture, today=case.as_of).needed) == sum(unit.minutes for unit in case.units) * case.weeks_left


@pytest.mark.both
@pytest.mark.parametrize(("setting", "seed"), [("school", 5), ("community", 6)])
def test_in_random_programs_and_after_random_moves_everybody_and_nobody_are_what_is_needed(setting: str, seed: int) -> None:
    program, manager = example_program(practitioners=6, units=40, setting=setting, seed=seed)
    dice = Random(seed)
    for unit in dice.sample(list(program.units.all()), 8):
        later = program.period_start + timedelta(weeks=dice.randrange(program.period_weeks))
        frequency = dice.choice([None, 1, 2])
        Unit.objects.filter(pk=unit.pk).update(from_date=later, visits_per_week=frequency)
    gone = program.practitioners.first()
    assert gone is not None
    begins = mondays(Period(program.period_start, program.period_weeks, program.as_of or program.period_start))[0]
    away = {"from_date": begins + timedelta(weeks=3), "to_date": begins + timedelta(weeks=5, days=-1)}
    Absence.objects.create(program=program, who=gone.code, kind="leave", **away)
    program.facts_version += 1
    program.save()
    draft = drafts.open_draft(program, by=manager, at=NOW)
    today = begins + timedelta(weeks=2, days=1)
    _is_whole(picture_of(draft), today)

    assert move_about(draft, manager, dice, times=15) > 4

    picture = picture_of(fresh(draft))
    _is_whole(picture, today)
    row = week_ledger(picture, today=today).row(gone.code)
    assert row.hours[1] == row.hours[2] == 0  # the two weeks of leave
    assert row.hours[0] > 0


def test_a_row_begins_with_the_week_of_today_and_says_where_each_week_lies(everybody: Cast) -> None:
    _, picture = opened(everybody)
    ledger = week_ledger(picture, today=TODAY)

    assert ledger.mondays == mondays(period_of(picture.facts))[1:]
    ana = ledger.row("Ana")
    person_of_ana = picture.facts.case.practitioner("Ana")
    carried = ana.committed[0] + ana.driving[0]
    assert set(ana.states) == {load_state(person_of_ana, round(carried))}
    assert (ana.free[0] < 0) == (carried > person_of_ana.capacity_minutes)

    assert max(ana.states.count(state) for state in ("over", OVER_MAXIMUM)) == 0


def test_what_stands_in_a_week_of_leave_is_above_the_maximum_there(everybody: Cast) -> None:
    Absence.objects.create(program=everybody.program_a, who="Béa", kind="leave", from_date=date(2026, 2, 2), to_date=date(2026, 2, 6))
    changed(everybody)
    _, picture = opened(everybody)

    ledger = week_ledger(picture, today=TODAY)

    states = dict(zip(ledger.mondays, ledger.row("Béa").states, strict=True))
    assert states.pop(date(2026, 2, 2)) == OVER_MAXIMUM
    assert OVER_MAXIMUM not in states.values()


def test_one_more_is_counted_as_the_unit_that_it_would_become(everybody: Cast) -> None:
    TimeStandard.objects.filter(program=everybody.program_a, code="mod").update(travel_minutes=None)
    wanted = Wanted(date(2026, 2, 2), class_id="mod", language="en", per_week=Fraction(2), site="B")
    draft, picture = opened(everybody)
    room = room_of(picture, wanted, "Béa")

    standard = TimeStandard.objects.get(program=everybody.program_a, code="mod")
    site = everybody.program_a.sites.get(code="B")
    facts = {
        "discipline": "OT",
        "time_standard": standard,
        "clients": 1,
        "language": "en",
        "visits_used": 0,
        "visits_per_week": 2,
        "site": site,
    }
    Unit.objects.create(program=everybody.program_a, code="new", kind="client", from_date=date(2026, 2, 2), **facts)
    changed(everybody)
    drafts.move(fresh(draft), "new", "Béa", by=person(everybody.manager_of_a), at=NOW, seen_version=fresh(draft).version, reason="tried")
    after = hour_ledger(picture_of(fresh(draft)))

    carried = [held + drives for held, drives in zip(after.committed["Béa"], after.driving["Béa"], strict=True)]
    most = after.maximum_minutes["Béa"]
    weeks = list(zip(after.mondays, carried, most, strict=True))[4:]
    above = [monday for monday, minutes, limit in weeks if minutes > limit]
    assert room.breaks_on == (above[0] if above else None)
    assert room.weeks_above == len(above)
    week = after.mondays.index(room.fullest)
    assert room.fullest_minutes == carried[week]
    assert room.left_minutes == most[week] - carried[week] == min(limit - minutes for _, minutes, limit in weeks)


def test_the_answer_names_the_first_week_that_would_break_and_by_how_much(everybody: Cast) -> None:
    Absence.objects.create(program=everybody.program_a, who="Béa", kind="leave", from_date=date(2026, 3, 2), to_date=date(2026, 3, 4))
    Absence.objects.create(program=everybody.program_a, who="Béa", kind="leave", from_date=date(2026, 3, 9), to_date=date(2026, 3, 13))
    changed(everybody)
    _, picture = opened(everybody)
    ledger = week_ledger(picture, today=TODAY)
    row, days = ledger.row("Béa"), ledger.mondays
    short, away, before = days.index(date(2026, 3, 2)), days.index(date(2026, 3, 9)), days.index(date(2026, 2, 23))
    assert row.hours[away] == 0 < row.hours[short] < row.hours[before]
    spare = row.free[before] - row.free[short]
    minutes = row.free[short] + spare / 2  # fits in every whole week, not in the short one

    room = room_of(picture, Wanted(days[0], discipline="OT", minutes=minutes, per_week=Fraction(1), site="B"), "Béa")

    assert room.breaks_on == date(2026, 3, 2)
    assert abs(room.by_minutes - (spare / 2 + room.travel_minutes)) <= 1  # minutes of a week are whole
    assert room.weeks_above == 1
    assert room.away == (date(2026, 3, 9),)
    assert room_of(picture, Wanted(date(2026, 3, 16), discipline="OT", minutes=minutes, per_week=Fraction(1), site="B"), "Béa").fits


def test_who_may_not_is_named_with_the_rule_and_those_who_fit_stand_first(everybody: Cast) -> None:
    _, picture = opened(everybody)
    answer = room_for_one(picture, Wanted(date(2026, 2, 2), discipline="OT", language="fr", minutes=Fraction(60), per_week=Fraction(1)))

    assert [room.code for room in answer.rooms] == ["Béa"]
    assert dict(answer.may_not).keys() == {"Ana", "Cal"}
    assert all(set(rules) <= set(HARD_RULES) and "language_french" in rules for _, rules in answer.may_not)
    both = room_for_one(picture, Wanted(date(2026, 2, 2), discipline="OT", language="en", minutes=Fraction(60), per_week=Fraction(1)))
    order = [(not room.fits, -room.left_minutes) for room in both.rooms]
    assert order == sorted(order)
    assert len(both.rooms) == 3


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (Wanted(date(2026, 2, 2), class_id="gone"), "class_unknown"),
        (Wanted(date(2026, 2, 2), discipline="OT"), "minutes_missing"),
        (Wanted(date(2026, 2, 2), discipline="OT", minutes=Fraction(45)), "class_without_visits"),
        (Wanted(date(2026, 2, 2), class_id="mod", per_week=Fraction(0)), "class_without_visits"),
    ],
)
def test_what_says_too_little_is_refused(everybody: Cast, wanted: Wanted, code: str) -> None:
    _, picture = opened(everybody)
    with pytest.raises(Refused) as refused:
        room_for_one(picture, wanted)
    assert refused.value.code == code


def test_visits_that_were_recorded_count_in_the_question_and_in_a_rarer_frequency_too(everybody: Cast) -> None:
    program = everybody.program_a
    standard = TimeStandard.objects.get(program=program, code="high")
    bea = program.practitioners.get(code="Béa")
    Unit.objects.filter(program=program, code="u5").update(visits_per_week=1)
    visits = {"direct_minutes": 120, "indirect_minutes": 30, "outcome": "done"}
    RecordedVisit.objects.bulk_create(
        RecordedVisit(program=program, on=date(2026, 1, 5), practitioner=bea, time_standard=standard, **visits) for _ in range(40)
    )
    changed(everybody)
    _, picture = opened(everybody)
    as_it_is = picture.facts.units["u5"]

    same = at_frequency(picture.facts, {"u5": Fraction(1)})["u5"]
    asked = unit_of(picture, Wanted(picture.facts.case.as_of, class_id="high", per_week=Fraction(1)))

    assert same.peak_minutes == as_it_is.peak_minutes > 90
    assert asked.peak_minutes == as_it_is.peak_minutes
