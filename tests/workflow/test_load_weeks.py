"""Past weeks are written once, by the list that held then; a sustained overload is told once per spell."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from at_once import answers_at_once
from cast import NOW, Cast, edition_of
from evenload.records.models import Assignment, LoadWeek, Notice, Practitioner, Program, RecordedVisit
from evenload.workflow import load_weeks
from evenload.workflow.current_picture import picture_of_now
from evenload.workflow.due import Due

pytestmark = [pytest.mark.both, pytest.mark.django_db]
WEEK = timedelta(weeks=1)


@pytest.fixture
def program(everybody: Cast) -> Program:
    """Its list is published since the second week of the period."""
    return published(everybody, 1)


def published(everybody: Cast, number: int) -> Program:
    """Its first edition is in effect from that week of the period on."""
    edition_of(everybody.program_a, everybody.manager_of_a, number=number)
    return everybody.program_a


def week(program: Program, number: int) -> date:
    """First day of a week since the list is published, from 0."""
    return program.period_start + (number + 1) * WEEK


def written(program: Program, today: date) -> int:
    return load_weeks.write_due(today=today, at=NOW).rows


def test_a_week_is_written_once_it_is_over_and_never_again(program: Program) -> None:
    assert written(program, week(program, 1) - timedelta(days=1)) == 0
    assert written(program, week(program, 1)) == 3
    assert written(program, week(program, 1)) == 0
    assert set(LoadWeek.objects.values_list("monday", flat=True)) == {week(program, 0)}


def test_it_holds_what_was_hers_then_the_hours_she_had_and_what_she_delivered(program: Program) -> None:
    ana = Practitioner.objects.get(program=program, code="Ana")
    RecordedVisit.objects.create(
        program=program,
        on=week(program, 0) + timedelta(days=2),
        time_standard=program.time_standards.first(),
        practitioner=ana,
        direct_minutes=Decimal(45),
        travel_minutes=Decimal("12.5"),
        outcome="done",
    )
    Assignment.objects.filter(unit__program=program, practitioner__code="Cal").update(ends_on=week(program, 0))
    written(program, week(program, 1))
    now = picture_of_now(program).standing.weeks["Ana"]
    row = LoadWeek.objects.get(practitioner=ana)
    assert (row.committed_minutes, row.delivered_minutes) == (now.minutes, Decimal("57.5"))
    assert row.hours_minutes == picture_of_now(program).facts.case.practitioner("Ana").capacity_minutes
    assert LoadWeek.objects.get(practitioner__code="Cal").committed_minutes == 0


def test_a_worker_that_was_off_catches_up_but_not_before_the_first_edition(everybody: Cast) -> None:
    program = published(everybody, 3)
    assert written(program, week(program, 5)) == 9
    assert sorted(set(LoadWeek.objects.values_list("monday", flat=True))) == [week(program, number) for number in (2, 3, 4)]


def test_nothing_is_written_where_nothing_was_published(everybody: Cast) -> None:
    assert load_weeks.write_due(today=date(2027, 1, 1), at=NOW).rows == 0


def overloaded(program: Program, code: str, *percents: int) -> Practitioner:
    """Her past weeks at these loads, the last one just before the week that is written next."""
    one = Practitioner.objects.get(program=program, code=code)
    for number, percent in enumerate(percents):
        LoadWeek.objects.create(practitioner=one, monday=week(program, number), committed_minutes=18 * percent, hours_minutes=1800)
    return one


def test_a_sustained_overload_is_told_to_her_and_her_manager_once_per_spell(everybody: Cast, program: Program) -> None:
    bea = overloaded(program, "Béa", 100, 112, 115, 111)
    Assignment.objects.filter(unit__program=program).update(starts_on=week(program, 4))
    LoadWeek.objects.create(practitioner=bea, monday=week(program, 4), committed_minutes=2100, hours_minutes=1800)
    assert load_weeks.write_due(today=week(program, 6), at=NOW).spells == 0  # the week that is written now ends it
    LoadWeek.objects.filter(monday=week(program, 5)).delete()
    Practitioner.objects.filter(pk=bea.pk).update(weekly_hours=4)
    Program.objects.filter(pk=program.pk).update(facts_version=1)
    assert load_weeks.write_due(today=week(program, 6), at=NOW).spells == 1
    told = Notice.objects.filter(event="overload").values_list("account__username", "values__n")
    assert sorted(told) == [("bea", 5), ("marie", 5)]
    load_weeks.write_due(today=week(program, 7), at=NOW)
    assert Notice.objects.filter(event="overload").count() == 2


def test_her_own_spell_is_the_one_that_is_told(everybody: Cast, program: Program) -> None:
    cal = overloaded(program, "Cal", 112, 115, 111, 120)
    spell = load_weeks.spell_of(cal)
    assert spell is not None
    assert (spell.weeks, spell.first_monday, spell.worst_percent) == (4, week(program, 0), 120)
    assert load_weeks.spells_of(program) == {cal.pk: spell}
    assert load_weeks.spell_of(Practitioner.objects.get(program=program, code="Ana")) is None


@pytest.mark.django_db(transaction=True)
def test_two_workers_write_a_week_once(everybody: Cast) -> None:
    program = published(everybody, 1)
    answers = answers_at_once([lambda: written(program, week(program, 1))] * 4)
    assert LoadWeek.objects.count() == 3
    assert all(isinstance(one, int) for one in answers)


def test_the_worker_writes_past_weeks_once_a_day_and_what_is_late_each_time_it_looks(program: Program) -> None:
    days = iter([0, 0, 1])
    begin = datetime.combine(week(program, 1), time(8), tzinfo=UTC)
    due = Due(lambda: begin + timedelta(days=next(days)))
    assert due.look()
    LoadWeek.objects.all().delete()
    assert not due.look()
    assert due.look()
