"""Recording a visit: stored once, used up once, seen by planning at once, and taken back whole."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from at_once import answers_at_once
from cast import NOW, Cast, person
from evenload.planning.standards import class_times
from evenload.records.access import Person
from evenload.records.models import (
    Allotment,
    Assignment,
    ConsentDirective,
    JournalEntry,
    PlannedVisit,
    Practitioner,
    Program,
    RecordedVisit,
    Referral,
    Unit,
)
from evenload.workflow import referral_triage, snapshot, visits
from evenload.workflow.records_from_rows import take_in
from evenload.workflow.referral_triage import Asked
from evenload.workflow.refused import Refused
from evenload.workflow.visits import UNDO_WITHIN

pytestmark = [pytest.mark.both, pytest.mark.django_db]
TODAY = NOW.date()


@pytest.fixture
def bea(everybody: Cast) -> Person:
    return person(everybody.practitioner)


@pytest.fixture
def herself(everybody: Cast) -> Practitioner:
    return Practitioner.objects.select_related("program").get(account=everybody.practitioner)


@pytest.fixture
def unit(everybody: Cast, herself: Practitioner) -> Unit:
    """u8, a single client with 16 visits of which 10 are used, now Béa's, with a referral and an allotment of 16."""
    found = Unit.objects.select_related("program", "time_standard").get(program=everybody.program_a, code="u8")
    Assignment.objects.filter(unit=found).update(practitioner=herself)
    referral = Referral.objects.get(unit=found)
    Referral.objects.filter(pk=referral.pk).update(state="assigned")
    Allotment.objects.create(referral=referral, authorised_visits=16, used_visits=10, starts_on=date(2026, 1, 5))
    return found


def done(herself: Practitioner, unit: Unit, by: Person, **more: object) -> RecordedVisit:
    stated: dict[str, object] = {"on": TODAY, "outcome": "done", "minutes": 50, "by": by, "at": NOW, **more}
    return visits.record(herself, unit, **stated)  # type: ignore[arg-type]


def refusal(herself: Practitioner, unit: Unit, by: Person, **more: object) -> Refused:
    with pytest.raises(Refused) as caught:
        done(herself, unit, by, **more)
    assert RecordedVisit.objects.count() == 0
    return caught.value


def facts_version(program: Program) -> int:
    return Program.objects.values_list("facts_version", flat=True).get(pk=program.pk)


def used(unit: Unit) -> Decimal | None:
    return Unit.objects.values_list("visits_used", flat=True).get(pk=unit.pk)


def test_a_visit_uses_the_allotment_the_unit_and_dates_the_first_visit(herself: Practitioner, unit: Unit, bea: Person) -> None:
    before = facts_version(unit.program)

    visit = done(herself, unit, bea)

    referral = Referral.objects.get(unit=unit)
    assert (visit.referral, visit.allotment) == (referral, Allotment.objects.get())
    assert Allotment.objects.get().used_visits == 11
    assert used(unit) == 11
    assert referral.first_visit_on == TODAY
    assert facts_version(unit.program) == before + 1
    line = JournalEntry.objects.get(action="visit.record")
    assert line.client_ids == ["c-u8", "u8"]


@pytest.mark.parametrize("outcome", ["no_show", "cancelled"])
def test_a_visit_that_did_not_take_place_uses_nothing(herself: Practitioner, unit: Unit, bea: Person, outcome: str) -> None:
    visit = done(herself, unit, bea, outcome=outcome, minutes=0, reason="weather")

    assert visit.reason == ("weather" if outcome == "cancelled" else "")
    assert (used(unit), Allotment.objects.get().used_visits) == (10, 10)
    assert Referral.objects.get(unit=unit).first_visit_on is None


def test_visits_used_of_which_nobody_spoke_begin_at_the_even_pace_of_planning(herself: Practitioner, unit: Unit, bea: Person) -> None:
    Unit.objects.filter(pk=unit.pk).update(visits_used=None)
    Program.objects.filter(pk=unit.program_id).update(as_of=date(2026, 2, 2))  # 4 of 20 weeks: 16 × 4/20 = 3.2 visits
    fresh = Unit.objects.select_related("program", "time_standard").get(pk=unit.pk)

    done(herself, fresh, bea)

    assert used(unit) == Decimal("4.20")


def test_a_session_of_a_group_is_a_visit_of_each_client_in_it(herself: Practitioner, everybody: Cast, bea: Person) -> None:
    group = Unit.objects.select_related("program", "time_standard").get(program=everybody.program_a, code="u2")  # 12 clients
    group.time_standard.group_size = 5  # 3 sessions for 12 clients
    group.time_standard.save()
    Unit.objects.filter(pk=group.pk).update(visits_used=0)
    group.visits_used = Decimal(0)

    done(herself, group, bea)

    assert used(group) == 4


def test_the_same_entry_sent_again_is_stored_once(herself: Practitioner, unit: Unit, bea: Person) -> None:
    first = done(herself, unit, bea, entry="a1b2")
    again = done(herself, unit, bea, entry="a1b2", minutes=70)

    assert again.pk == first.pk
    assert (RecordedVisit.objects.count(), used(unit)) == (1, 11)


def test_an_entry_of_somebody_else_is_not_answered(herself: Practitioner, unit: Unit, bea: Person, everybody: Cast) -> None:
    done(herself, unit, bea, entry="a1b2")
    with pytest.raises(Refused) as caught:
        done(herself, unit, person(everybody.manager_of_a), entry="a1b2")
    assert caught.value.code == "visit_not_hers"


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ({"outcome": ""}, "outcome_missing"),
        ({"outcome": "cancelled"}, "cancel_reason_missing"),
        ({"outcome": "cancelled", "reason": "no idea"}, "cancel_reason_missing"),
        ({"minutes": 0}, "visit_minutes_odd"),
        ({"minutes": 721}, "visit_minutes_odd"),
        ({"besides": visits.Besides(travel=-1)}, "visit_minutes_odd"),
        ({"on": TODAY + timedelta(days=1)}, "visit_in_future"),
        ({"on": date(2026, 1, 4)}, "visit_too_old"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_stored(
    herself: Practitioner, unit: Unit, bea: Person, stated: dict[str, object], code: str
) -> None:
    assert refusal(herself, unit, bea, **stated).code == code


def test_a_unit_that_is_not_hers_is_refused(herself: Practitioner, unit: Unit, bea: Person) -> None:
    other = Unit.objects.select_related("program", "time_standard").get(program=unit.program, code="u1")
    assert refusal(herself, other, bea).code == "visit_not_hers"


def test_a_visit_of_a_day_on_which_she_still_had_the_unit_can_be_recorded_later(herself: Practitioner, unit: Unit, bea: Person) -> None:
    Assignment.objects.filter(unit=unit).update(ends_on=TODAY)

    assert refusal(herself, unit, bea).code == "visit_not_hers"
    assert done(herself, unit, bea, on=TODAY - timedelta(days=1)).pk


def test_a_client_who_bars_her_is_not_recorded(herself: Practitioner, unit: Unit, bea: Person) -> None:
    ConsentDirective.objects.create(
        client=Referral.objects.get(unit=unit).client, practitioner=herself, recorded_by=bea.account, recorded_at=NOW
    )
    assert refusal(herself, unit, bea).code == "visit_not_hers"


def test_without_a_visit_left_the_visit_is_recorded_as_unfunded(herself: Practitioner, unit: Unit, bea: Person) -> None:
    Allotment.objects.update(used_visits=16)
    assert done(herself, unit, bea).allotment is None


def test_a_planned_visit_is_recorded_once(herself: Practitioner, unit: Unit, bea: Person) -> None:
    planned = PlannedVisit.objects.create(practitioner=herself, unit=unit, on=TODAY, minutes=45)
    visit = done(herself, unit, bea, planned=planned)

    planned.refresh_from_db()
    assert (planned.state, planned.recorded, planned.sequence) == ("recorded", visit, 1)
    with pytest.raises(Refused) as caught:
        done(herself, unit, bea, planned=planned, entry="another")
    assert caught.value.code == "planned_taken"
    assert (RecordedVisit.objects.count(), used(unit)) == (1, 11)


def test_undo_gives_everything_back_and_leaves_both_lines_in_the_journal(herself: Practitioner, unit: Unit, bea: Person) -> None:
    planned = PlannedVisit.objects.create(practitioner=herself, unit=unit, on=TODAY, minutes=45)
    visit = done(herself, unit, bea, planned=planned)
    before = facts_version(unit.program)

    again = visits.undo(visit, by=bea, at=NOW + timedelta(minutes=5))

    assert again is not None
    assert (again.state, again.recorded, again.sequence) == ("planned", None, 2)
    assert (RecordedVisit.objects.count(), used(unit), Allotment.objects.get().used_visits) == (0, 10, 10)
    assert Referral.objects.get(unit=unit).first_visit_on is None
    assert facts_version(unit.program) == before + 1
    assert list(JournalEntry.objects.order_by("number").values_list("action", flat=True)) == ["visit.record", "visit.undo"]
    with pytest.raises(Refused) as caught:
        visits.undo(visit, by=bea, at=NOW)
    assert caught.value.code == "visit_undone"
    assert used(unit) == 10


def test_undo_of_a_later_visit_keeps_the_first_visit_of_the_referral(herself: Practitioner, unit: Unit, bea: Person) -> None:
    first = done(herself, unit, bea, on=TODAY - timedelta(days=2))
    later = done(herself, unit, bea)
    visits.undo(later, by=bea, at=NOW)
    assert Referral.objects.get(unit=unit).first_visit_on == first.on


def test_undo_is_for_the_one_who_recorded_and_for_a_day(herself: Practitioner, unit: Unit, bea: Person, everybody: Cast) -> None:
    visit = done(herself, unit, bea)
    for by, at, code in (
        (person(everybody.manager_of_a), NOW, "undo_not_yours"),
        (bea, NOW + UNDO_WITHIN + timedelta(seconds=1), "undo_too_late"),
    ):
        with pytest.raises(Refused) as caught:
            visits.undo(visit, by=by, at=at)
        assert caught.value.code == code
    assert RecordedVisit.objects.count() == 1
    assert visits.may_undo(visit, bea, NOW + UNDO_WITHIN)


def test_planning_sees_a_recorded_visit_at_once(herself: Practitioner, unit: Unit, bea: Person) -> None:
    before = class_times(snapshot.facts_of(unit.program))["mod"].direct
    weekly = next(one for one in snapshot.case_of(unit.program).units if one.id == "u8").minutes

    done(herself, unit, bea, minutes=50)
    done(herself, unit, bea, minutes=70)

    after = class_times(snapshot.facts_of(unit.program))["mod"].direct
    assert before.observed is None
    assert after.observed is not None
    assert (after.observed.count, after.observed.mean) == (2, 60)
    assert after.minutes == Fraction(2 * 60 + 10 * 45, 12)  # 10: what the judgement of 45 minutes is worth
    assert next(one for one in snapshot.case_of(unit.program).units if one.id == "u8").minutes < weekly  # two visits fewer to give


def test_a_first_visit_that_was_missed_leaves_planning_able_to_count(herself: Practitioner, unit: Unit, bea: Person) -> None:
    done(herself, unit, bea, outcome="no_show", minutes=0)
    assert snapshot.case_of(unit.program).units


@pytest.mark.django_db(transaction=True)
def test_the_same_entry_sent_twice_in_the_same_instant_is_stored_once(everybody: Cast) -> None:
    herself = Practitioner.objects.select_related("program").get(account=everybody.practitioner)
    unit = Unit.objects.select_related("program", "time_standard").get(program=everybody.program_a, code="u2")
    Unit.objects.filter(pk=unit.pk).update(visits_used=0)
    bea = person(everybody.practitioner)
    for number in range(10):
        planned = PlannedVisit.objects.create(practitioner=herself, unit=unit, on=TODAY, minutes=45)

        def send(entry: str = f"entry {number}", planned: PlannedVisit = planned) -> int:
            return done(herself, unit, bea, entry=entry, planned=planned).pk

        answers = answers_at_once([send] * 4)
        assert len(set(answers)) == 1, answers
    assert (RecordedVisit.objects.count(), used(unit)) == (10, 10)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_undo_in_the_same_instant_one_does(everybody: Cast) -> None:
    herself = Practitioner.objects.select_related("program").get(account=everybody.practitioner)
    unit = Unit.objects.select_related("program", "time_standard").get(program=everybody.program_a, code="u2")
    Unit.objects.filter(pk=unit.pk).update(visits_used=0)
    bea = person(everybody.practitioner)
    done(herself, unit, bea)
    visit = done(herself, unit, bea)

    answers = answers_at_once([lambda: visits.undo(visit, by=bea, at=NOW)] * 4)

    assert sorted(str(one) for one in answers) == ["None", *["visit_undone: {}"] * 3]
    assert used(unit) == 1


def test_a_list_that_comes_in_keeps_what_was_recorded_here_and_brings_no_visit_twice(
    herself: Practitioner, unit: Unit, bea: Person
) -> None:
    visit = done(herself, unit, bea)
    RecordedVisit.objects.create(program=unit.program, on=TODAY, time_standard=unit.time_standard, direct_minutes=30, outcome="done")
    rows = snapshot.rows_of(unit.program, with_held=True)
    assert len(rows.visits) == 2

    take_in(rows, program=unit.program, code=unit.program.code)

    assert sorted(RecordedVisit.objects.values_list("direct_minutes", flat=True)) == [30, 50]
    assert RecordedVisit.objects.get(recorded_at__isnull=False) == visit


@pytest.mark.django_db(transaction=True)
def test_a_visit_and_a_step_of_its_referral_in_the_same_instant_both_happen(everybody: Cast) -> None:
    herself = Practitioner.objects.select_related("program").get(account=everybody.practitioner)
    unit = Unit.objects.select_related("program", "time_standard").get(program=everybody.program_a, code="u8")
    Assignment.objects.filter(unit=unit).update(practitioner=herself)
    Referral.objects.filter(unit=unit).update(state="assigned")
    bea, marie = person(everybody.practitioner), person(everybody.manager_of_a)
    for number in range(8):

        def visit(entry: str = f"entry {number}") -> int:
            return done(herself, unit, bea, entry=entry).pk

        def turn() -> str:
            referral = Referral.objects.select_related("client__program", "unit").get(unit=unit)
            after = "on_hold" if referral.state == "assigned" else "assigned"
            asked = Asked(after, referral.version, hold_until=TODAY + timedelta(days=9))
            return referral_triage.act(referral, asked, by=marie, at=NOW).state

        answers = answers_at_once([visit, turn])
        assert isinstance(answers[0], int)
        assert answers[1] in ("on_hold", "assigned") or getattr(answers[1], "code", "") == "referral_changed"
    assert RecordedVisit.objects.count() == 8
