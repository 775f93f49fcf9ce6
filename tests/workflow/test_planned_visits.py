"""A week of visits: made from what she holds, the same from the same facts, and hers to change."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from at_once import answers_at_once
from cast import NOW, Cast, person
from evenload.records.access import Person
from evenload.records.models import Assignment, ConsentDirective, Edition, EditionRow, PlannedVisit, Practitioner, Program, Referral, Unit
from evenload.workflow import drafts, leave, planned_visits, visits
from evenload.workflow.refused import Refused
from evenload.workflow.states import PLANNED_VISIT

pytestmark = [pytest.mark.both, pytest.mark.django_db]
MONDAY, SUNDAY = date(2026, 1, 12), date(2026, 1, 18)
"""the second week of the period; NOW is its first day"""


@pytest.fixture
def bea(everybody: Cast) -> Person:
    return person(everybody.practitioner)


@pytest.fixture
def herself(everybody: Cast) -> Practitioner:
    """Béa: 30 h a week, u2 (12 clients at school B, 192 visits in 20 weeks)."""
    return Practitioner.objects.select_related("program").get(account=everybody.practitioner)


def given(herself: Practitioner, code: str, **facts: object) -> Unit:
    """The unit is hers, with these facts."""
    found = Unit.objects.get(program=herself.program, code=code)
    Unit.objects.filter(pk=found.pk).update(**facts)
    Assignment.objects.filter(unit=found).delete()
    Assignment.objects.create(unit=found, piece=code, practitioner=herself)
    return Unit.objects.select_related("program", "time_standard").get(pk=found.pk)


def planned(herself: Practitioner, by: Person, monday: date = MONDAY, at: datetime = NOW) -> list[tuple[str, date]]:
    planned_visits.plan_week(herself, monday, by=by, at=at)
    return [(one.unit.code, one.on) for one in planned_visits.of_week(herself, monday)]


def refusal(code: str, action: object, *arguments: object, **named: object) -> None:
    with pytest.raises(Refused) as caught:
        action(*arguments, **named)  # type: ignore[operator]
    assert caught.value.code == code


def test_a_week_holds_the_visits_of_her_units_at_their_pace(herself: Practitioner, bea: Person) -> None:
    given(herself, "u8", visits_per_week=Decimal(2), visits_used=0)

    week = planned(herself, bea)

    assert Counter(code for code, _ in week)["u8"] == 2
    assert Counter(code for code, _ in week)["u2"] in (9, 10)  # 192 visits in 20 weeks: 9.6 a week
    assert len({day for code, day in week if code == "u8"}) == 2  # not twice on a day
    assert {one.minutes for one in PlannedVisit.objects.all()} == {45}


def test_over_the_weeks_of_the_period_every_visit_is_planned_once(herself: Practitioner, bea: Person) -> None:
    first = herself.program.period_start
    at = datetime.combine(first, time(8), NOW.tzinfo)
    for number in range(20):
        planned_visits.plan_week(herself, first + timedelta(weeks=number), by=bea, at=at)
    # Nothing was recorded meanwhile, so each week is planned from the pace of its own Monday: all that is left over what is left.
    count = PlannedVisit.objects.filter(unit__code="u2").count()
    assert abs(count - 192) <= 1


def test_weeks_planned_ahead_keep_the_pace_of_now(herself: Practitioner, bea: Person) -> None:
    given(herself, "u8", visits_used=6)  # 10 of 16 are left for 19 weeks from the second one on
    for number in range(6):
        planned_visits.plan_week(herself, MONDAY + timedelta(weeks=number), by=bea, at=NOW)
    assert PlannedVisit.objects.filter(unit__code="u8").count() in (3, 4)  # 6 × 10/19 = 3.2


def test_planning_again_adds_nothing_and_brings_nothing_back(herself: Practitioner, bea: Person) -> None:
    week = planned(herself, bea)
    first, second, third = PlannedVisit.objects.order_by("on", "turn")[:3]
    planned_visits.drop(first, by=bea, at=NOW)
    planned_visits.move(second, on=date(2026, 1, 17), by=bea, at=NOW)
    visits.record(
        herself,
        third.unit,
        on=third.on,
        outcome="done",
        minutes=45,
        by=bea,
        at=datetime.combine(third.on, time(23), NOW.tzinfo),
        planned=third,
    )

    assert planned_visits.plan_week(herself, MONDAY, by=bea, at=NOW) == []
    assert len(planned_visits.of_week(herself, MONDAY)) == len(week) - 1


def test_the_same_facts_make_the_same_week(herself: Practitioner, bea: Person) -> None:
    given(herself, "u8", visits_used=0)
    given(herself, "u5")
    first = planned(herself, bea)
    PlannedVisit.objects.all().delete()
    assert planned(herself, bea) == first


def test_her_days_the_units_days_and_days_away_are_kept(herself: Practitioner, bea: Person) -> None:
    Practitioner.objects.filter(pk=herself.pk).update(days=["mon", "tue", "thu"])
    herself.refresh_from_db()
    given(herself, "u8", visits_per_week=Decimal(1), visits_used=0, days=["mon", "tue"])
    leave.tell(herself, first_day=MONDAY, last_day=MONDAY, kind="vacation", by=bea, at=NOW)

    week = planned(herself, bea)

    assert {day for _, day in week} == {date(2026, 1, 13), date(2026, 1, 15)}
    assert [day for code, day in week if code == "u8"] == [date(2026, 1, 13)]


def test_what_no_day_of_the_week_suits_stays_without_a_date(herself: Practitioner, bea: Person) -> None:
    Practitioner.objects.filter(pk=herself.pk).update(days=["mon"])
    herself.refresh_from_db()
    given(herself, "u8", visits_per_week=Decimal(1), visits_used=0, days=["fri"])

    assert "u8" not in [code for code, _ in planned(herself, bea)]
    undated = [one.held.unit.code for one in planned_visits.due(herself, MONDAY, today=MONDAY) if not one.days]
    assert undated == ["u8"]


def test_days_that_are_past_get_no_visit(herself: Practitioner, bea: Person) -> None:
    wednesday = datetime(2026, 1, 14, 14, tzinfo=NOW.tzinfo)
    assert {day for _, day in planned(herself, bea, at=wednesday)} == {date(2026, 1, 14), date(2026, 1, 15), date(2026, 1, 16)}


def test_a_draft_does_not_count(herself: Practitioner, bea: Person, everybody: Cast) -> None:
    draft = drafts.open_draft(everybody.program_a, by=person(everybody.manager_of_a), at=NOW)
    drafts.move(draft, "u6", "Béa", by=person(everybody.manager_of_a), at=NOW, seen_version=draft.version)
    assert {code for code, _ in planned(herself, bea)} == {"u2"}


@pytest.mark.parametrize("why", ["closed", "on hold", "barred", "not begun"])
def test_a_unit_that_is_closed_on_hold_barred_or_not_begun_is_not_planned(herself: Practitioner, bea: Person, why: str) -> None:
    unit = given(herself, "u8", visits_per_week=Decimal(3), visits_used=0)
    referral = Referral.objects.get(unit=unit)
    if why == "closed":
        Unit.objects.filter(pk=unit.pk).update(closed_on=MONDAY)
    elif why == "on hold":
        Referral.objects.filter(pk=referral.pk).update(state="on_hold")
    elif why == "barred":
        ConsentDirective.objects.create(client=referral.client, practitioner=herself, recorded_by=bea.account, recorded_at=NOW)
    else:
        Assignment.objects.filter(unit=unit).update(starts_on=SUNDAY + timedelta(days=1))
    assert {code for code, _ in planned(herself, bea)} == {"u2"}


def test_of_a_block_she_sees_her_share_of_the_clients(herself: Practitioner, bea: Person, everybody: Cast) -> None:
    edition = Edition.objects.create(
        program=herself.program, number=1, effective_on=MONDAY, published_at=NOW, published_by=everybody.director, code="1-0001"
    )
    EditionRow.objects.create(edition=edition, piece="u2#1", label="u2", kind="site", discipline="OT", clients=3)
    Assignment.objects.filter(practitioner=herself).update(piece="u2#1", edition=edition)
    assert len(planned(herself, bea)) in (2, 3)  # 3 of 12 clients: 2.4 visits a week


def test_a_group_is_one_visit_of_several_clients(herself: Practitioner, bea: Person) -> None:
    unit = Unit.objects.select_related("time_standard").get(program=herself.program, code="u2")
    unit.time_standard.group_size = 6
    unit.time_standard.save()
    assert len(planned(herself, bea)) in (1, 2)  # 192 visits in sessions of six: 32 sessions in 20 weeks


def test_after_the_period_only_a_stated_frequency_is_planned(herself: Practitioner, bea: Person) -> None:
    given(herself, "u8", visits_per_week=Decimal(1), visits_used=0)
    later = date(2026, 6, 8)
    week = planned(herself, bea, monday=later, at=datetime.combine(later, time(8), NOW.tzinfo))
    assert {code for code, _ in week} <= {"u8"}


def test_she_adds_moves_gives_a_time_and_drops(herself: Practitioner, bea: Person) -> None:
    unit = given(herself, "u8")
    one = planned_visits.add(herself, unit, on=date(2026, 1, 14), by=bea, at=NOW)
    assert (one.minutes, one.turn, one.sequence) == (45, 1, 0)

    one = planned_visits.set_time(one, time(9, 30), by=bea, at=NOW)
    assert one.at == time(9, 30)
    one = planned_visits.move(one, on=date(2026, 1, 15), by=bea, at=NOW)
    assert (one.on, one.at, one.sequence) == (date(2026, 1, 15), None, 2)
    one = planned_visits.drop(one, by=bea, at=NOW)

    assert (one.state, planned_visits.of_week(herself, MONDAY)) == ("dropped", [])
    refusal("planned_changed", planned_visits.move, one, on=date(2026, 1, 16), by=bea, at=NOW)


def test_what_cannot_be_planned_is_refused(herself: Practitioner, bea: Person) -> None:
    other = Unit.objects.get(program=herself.program, code="u1")
    hers = Unit.objects.get(program=herself.program, code="u2")
    refusal("week_not_monday", planned_visits.plan_week, herself, MONDAY + timedelta(days=1), by=bea, at=NOW)
    refusal("week_too_far", planned_visits.plan_week, herself, MONDAY + timedelta(weeks=27), by=bea, at=NOW)
    refusal("visit_not_hers", planned_visits.add, herself, other, on=MONDAY, by=bea, at=NOW)
    refusal("planned_in_past", planned_visits.add, herself, hers, on=MONDAY - timedelta(days=1), by=bea, at=NOW)


def test_every_step_that_the_table_does_not_know_is_refused(herself: Practitioner, bea: Person) -> None:
    unit = given(herself, "u8")
    for before in PLANNED_VISIT:
        one = PlannedVisit.objects.create(practitioner=herself, unit=unit, on=MONDAY, minutes=45, state=before)
        if "dropped" not in PLANNED_VISIT[before]:
            refusal("planned_changed", planned_visits.drop, one, by=bea, at=NOW)
        if "recorded" not in PLANNED_VISIT[before]:
            refusal("planned_taken", visits.record, herself, unit, on=MONDAY, outcome="done", minutes=45, by=bea, at=NOW, planned=one)
        one.refresh_from_db()
        assert one.state == before or "dropped" in PLANNED_VISIT[before]


@pytest.mark.django_db(transaction=True)
def test_a_week_planned_twice_in_the_same_instant_is_planned_once(everybody: Cast) -> None:
    herself = Practitioner.objects.select_related("program").get(account=everybody.practitioner)
    answers = answers_at_once([lambda: planned_visits.plan_week(herself, MONDAY, by=person(everybody.practitioner), at=NOW)] * 4)
    assert sorted(bool(one) for one in answers) == [False, False, False, True]
    assert Program.objects.filter(pk=herself.program_id).exists()
