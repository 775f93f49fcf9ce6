"""Leave and hours offered: what they do to hours, week by week, what is refused, and that a list that comes back doubles nothing."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import transaction

from at_once import answers_at_once
from cast import NOW, Cast, person
from evenload.planning.capacity import capacities
from evenload.records.models import Absence, Account, HoursOffered, JournalEntry, Leave, Practitioner, Program
from evenload.workflow import hours_offered, intake, leave
from evenload.workflow.current_picture import picture_of_now
from evenload.workflow.export import workbook_of
from evenload.workflow.hour_ledger import hour_ledger
from evenload.workflow.refused import Refused
from evenload.workflow.snapshot import facts_of, rows_of
from evenload.workflow.states import HOURS_OFFERED, LEAVE, IllegalStepError, step

pytestmark = [pytest.mark.django_db, pytest.mark.both]

MONDAY = date(2026, 2, 2)
FRIDAY = date(2026, 2, 6)
TODAY = NOW.date()


@pytest.fixture
def bea(everybody: Cast) -> Practitioner:
    """30 hours a week over 20 weeks from January 5th; 8 days away without dates, of a kind of their own."""
    return everybody.program_a.practitioners.get(code="Béa")


def told(bea: Practitioner, everybody: Cast, first: date = MONDAY, last: date = FRIDAY, **other: object) -> Leave:
    stated = {"kind": "vacation", "by": person(everybody.practitioner), "at": NOW} | other
    return leave.tell(bea, first_day=first, last_day=last, **stated)  # type: ignore[arg-type]


def hours_of(program: Program, code: str = "Béa") -> Fraction:
    """Hours for client care over the period, as step 1 counts them."""
    return next(one.client_care_hours for one in capacities(facts_of(program)) if one.practitioner == code)


def test_a_week_of_leave_takes_its_share_of_step_1(bea: Practitioner, everybody: Cast) -> None:
    """By hand: 600 − 48 = 552 h available; a week of 30 h away leaves 522; duties are 10 % and 2 h a worked week of 30 h."""
    assert hours_of(bea.program) == 460

    told(bea, everybody)

    assert hours_of(bea.program) == 522 - Fraction("52.2") - 2 * Fraction(522, 30)


def test_the_hours_of_that_week_fall_and_of_no_other(bea: Practitioner, everybody: Cast) -> None:
    before = hour_ledger(picture_of_now(bea.program), only=bea.code)
    told(bea, everybody)
    bea.program.refresh_from_db()

    after = hour_ledger(picture_of_now(bea.program), only=bea.code)

    number = after.mondays.index(MONDAY)
    hours = after.hours_minutes[bea.code]
    assert hours[number] == 0
    assert len(set(hours[:number] + hours[number + 1 :])) == 1
    # What she has on other weeks is what she had: the fixed parts of her duties are all by the week or a share.
    assert abs(hours[0] - before.hours_minutes[bea.code][0] * Fraction(522, 552) * Fraction(20, 19)) < 1
    assert after.committed == before.committed


def test_days_away_say_the_whole_day_or_minutes(bea: Practitioner, everybody: Cast) -> None:
    told(bea, everybody, FRIDAY, FRIDAY + timedelta(days=3))
    told(bea, everybody, MONDAY, MONDAY, kind="training", hours_per_day=Decimal("2.5"))
    Absence.objects.create(program=bea.program, who="*", kind="statutory_holidays", from_date=date(2026, 2, 16))

    found = leave.days_away(bea, date(2026, 2, 1), date(2026, 2, 28))

    assert found == {MONDAY: 150, FRIDAY: None, date(2026, 2, 9): None, date(2026, 2, 16): None}


def test_leave_is_taken_from_what_the_list_states_of_its_kind(bea: Practitioner, everybody: Cast) -> None:
    Absence.objects.filter(program=bea.program).update(kind="vacation")  # eight days without dates
    before = hours_of(bea.program)

    told(bea, everybody)

    assert hours_of(bea.program) == before


@pytest.mark.parametrize("other", [{"kind": "sick"}, {"first": date(2026, 1, 1), "last": date(2026, 12, 31)}])
def test_no_leave_makes_the_facts_contradict_each_other(bea: Practitioner, everybody: Cast, other: dict[str, object]) -> None:
    told(bea, everybody, **other)  # type: ignore[arg-type]

    assert hours_of(bea.program) >= 0
    picture_of_now(Program.objects.get(pk=bea.program_id))


def test_cancelled_leave_gives_the_hours_back(bea: Practitioner, everybody: Cast) -> None:
    made = told(bea, everybody)

    leave.cancel(made, by=person(everybody.practitioner), at=NOW)

    assert hours_of(bea.program) == 460
    with pytest.raises(Refused, match="leave_cancelled"):
        leave.cancel(made, by=person(everybody.practitioner), at=NOW)
    assert told(bea, everybody).pk != made.pk
    assert list(JournalEntry.objects.order_by("number").values_list("action", flat=True))[-3:] == [
        "leave.tell",
        "leave.cancel",
        "leave.tell",
    ]


def test_a_list_that_comes_back_doubles_no_leave(bea: Practitioner, everybody: Cast) -> None:
    told(bea, everybody)
    told(bea, everybody, date(2026, 3, 2), date(2026, 3, 3), hours_per_day=Decimal(3))
    before, rows = hours_of(bea.program), rows_of(bea.program)

    by = person(everybody.manager_of_a)
    content = workbook_of(rows, "en")
    intake.confirm(intake.preview(content, "list.xlsx", by=by, program=bea.program, at=NOW), by=by, at=NOW)

    program = Program.objects.get(pk=bea.program_id)
    assert sorted(map(str, rows_of(program).absences)) == sorted(map(str, rows.absences))
    assert hours_of(program) == before
    assert Leave.objects.filter(state="told").count() == 2


def test_the_list_of_another_installation_brings_the_dates_with_it(bea: Practitioner, everybody: Cast) -> None:
    told(bea, everybody)
    rows = rows_of(bea.program)
    by = person(everybody.director)

    Leave.objects.all().delete()
    intake.confirm(intake.preview(workbook_of(rows, "fr"), "list.xlsx", by=by, program=bea.program, at=NOW), by=by, at=NOW)

    program = Program.objects.get(pk=bea.program_id)
    dated = Absence.objects.get(program=program, from_date__isnull=False)
    assert (dated.who, dated.from_date, dated.to_date, dated.days, dated.hours) == ("Béa", MONDAY, FRIDAY, None, None)
    assert hours_of(program) == 522 - Fraction("52.2") - 2 * Fraction(522, 30)


@pytest.mark.django_db(transaction=True)
def test_the_same_leave_told_twice_at_once_is_told_once(everybody: Cast) -> None:
    bea = everybody.program_a.practitioners.get(code="Béa")

    answers = answers_at_once([lambda: told(bea, everybody)] * 4)

    refused = [one.code for one in answers if isinstance(one, Refused)]
    assert refused == ["leave_overlaps"] * 3
    assert Leave.objects.count() == 1


def offered(bea: Practitioner, everybody: Cast, hours: str = "24", from_day: date = TODAY) -> HoursOffered:
    return hours_offered.offer(bea, weekly_hours=Decimal(hours), from_day=from_day, by=person(everybody.practitioner), at=NOW)


def test_hours_taken_up_from_today_are_hers_at_once(bea: Practitioner, everybody: Cast) -> None:
    made = offered(bea, everybody)

    held = hours_offered.take(made, by=person(everybody.manager_of_a), at=NOW)

    bea.refresh_from_db()
    assert (bea.weekly_hours, held.applied_at, held.answered_by) == (24, NOW, everybody.manager_of_a)
    assert hours_offered.apply_due(today=NOW.date(), at=NOW) == 0


def test_hours_taken_up_for_a_later_day_wait_for_it(bea: Practitioner, everybody: Cast) -> None:
    day = NOW.date() + timedelta(days=10)
    hours_offered.take(offered(bea, everybody, from_day=day), by=person(everybody.manager_of_a), at=NOW)
    version = Program.objects.get(pk=bea.program_id).facts_version

    assert hours_offered.apply_due(today=day - timedelta(days=1), at=NOW) == 0
    bea.refresh_from_db()
    assert bea.weekly_hours == 30
    assert hours_offered.apply_due(today=day, at=NOW) == 1
    assert hours_offered.apply_due(today=day, at=NOW) == 0
    bea.refresh_from_db()
    assert (bea.weekly_hours, Program.objects.get(pk=bea.program_id).facts_version) == (24, version + 1)


def test_hours_that_duties_and_absences_would_use_up_are_refused(bea: Practitioner, everybody: Cast) -> None:
    """48 hours of absence as hours, not days, do not shrink with her hours: 2 hours a week are 40 in the period."""
    Absence.objects.filter(program=bea.program).update(days=None, hours=48)
    made = offered(bea, everybody, "2")

    with pytest.raises(Refused, match="hours_contradict"):
        hours_offered.take(made, by=person(everybody.manager_of_a), at=NOW)

    made.refresh_from_db()
    bea.refresh_from_db()
    assert (made.state, bea.weekly_hours) == ("offered", 30)


def test_an_answer_is_given_once(bea: Practitioner, everybody: Cast) -> None:
    made, by = offered(bea, everybody), person(everybody.manager_of_a)
    with pytest.raises(Refused, match="hours_word_missing"):
        hours_offered.decline(made, answer=" ", by=by, at=NOW)

    hours_offered.decline(made, answer="Not before spring", by=by, at=NOW)

    for again in (lambda: hours_offered.take(made, by=by, at=NOW), lambda: hours_offered.withdraw(made, by=by, at=NOW)):
        with pytest.raises(Refused, match="hours_answered"):
            again()


@pytest.mark.parametrize(
    ("hours", "day", "code"),
    [("0", 0, "hours_odd"), ("81", 0, "hours_odd"), ("30", 0, "hours_same"), ("20", -1, "hours_day_past"), ("20", 2000, "hours_day_far")],
)
def test_hours_that_cannot_be_offered(bea: Practitioner, everybody: Cast, hours: str, day: int, code: str) -> None:
    with pytest.raises(Refused, match=code):
        offered(bea, everybody, hours, NOW.date() + timedelta(days=day))


@pytest.mark.parametrize("table", [LEAVE, HOURS_OFFERED])
def test_every_step_that_the_table_does_not_know_is_refused(table: dict[str, frozenset[str]]) -> None:
    rows = Leave.objects.all() if table is LEAVE else HoursOffered.objects.all()
    for before, known in table.items():
        for after in table.keys() - known:
            with pytest.raises(IllegalStepError):
                step(rows, table, before, after)


def test_who_is_linked_to_nobody_is_told_nothing(bea: Practitioner, everybody: Cast) -> None:
    Account.objects.filter(pk=everybody.manager_of_a.pk).update(is_active=False)

    with transaction.atomic():
        told(bea, everybody)

    assert Leave.objects.count() == 1
