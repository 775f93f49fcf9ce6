"""Protection on the web: ranges that are known, a protected plan from its question to its edition, and what moves by hand do to it."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from django.utils import timezone
from drafts_made import example_program, fresh, move_about

from cast import NOW, Cast, account, person
from evenload.planning.check import differences, placement_problems
from evenload.planning.deviations import deviation
from evenload.planning.standards import class_time
from evenload.records.access import Person
from evenload.records.models import JournalEntry, PlanRun, Program, RecordedVisit, StandardJudgement, TimeStandard
from evenload.workflow import drafts, editions, plans, protection, what_if, worker
from evenload.workflow.draft_picture import facts_of, picture_of
from planning import facts_made

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def judged(standard: TimeStandard, name: str, *direct: int) -> None:
    """What one person judges, one judgement after the other."""
    by = account(name, name.title(), "program_manager", standard.program)
    for minutes in direct:
        StandardJudgement.objects.create(standard=standard, by=by, by_name=name, at=NOW, direct_minutes=minutes, indirect_minutes=0)


def with_ranges() -> tuple[Program, Person, list[TimeStandard]]:
    """An example whose first class has recorded visits, the second judgements, and the others nothing."""
    program, manager = example_program(practitioners=8, units=60, seed=3)
    used = program.units.values_list("time_standard", flat=True)
    first, second, *others = program.time_standards.filter(pk__in=used).order_by("code")
    assert others
    RecordedVisit.objects.filter(program=program).delete()
    minutes = [first.direct_minutes + Decimal(extra) for extra in range(0, 40, 4)]
    visit = {"program": program, "time_standard": first, "on": timezone.localdate() - timedelta(days=9), "outcome": "done"}
    RecordedVisit.objects.bulk_create(RecordedVisit(direct_minutes=one, **visit) for one in minutes)
    judged(second, "ann", 900, int(second.direct_minutes) + 10)
    judged(second, "bob", int(second.direct_minutes) + 30)
    judged(others[0], "cat", 900)
    Program.objects.filter(pk=program.pk).update(facts_version=program.facts_version + 1)
    return Program.objects.get(pk=program.pk), manager, [first, second, *others]


def test_a_range_comes_from_recorded_visits_else_from_two_judges_and_else_from_nowhere() -> None:
    program, _, (first, second, third, *_) = with_ranges()
    found = protection.deviations(program, facts_of(program))
    assert [found[one.code].source for one in (first, second, third)] == ["recorded", "judged", "unknown"]
    # the latest judgement of each counts: 10 and 30 minutes above what is planned, the other parts below it
    assert (
        found[second.code].minutes_per_visit
        == Fraction(str(second.direct_minutes)) + 30 - facts_of(program).snapshot.times[second.code].direct.minutes
    )
    assert found[third.code].minutes_per_visit == 0


def test_what_several_people_judge_stands_only_where_too_few_visits_are_recorded() -> None:
    time = class_time(facts_made.complexity(direct_minutes=40, indirect_minutes=10))
    most = {time.class_id: {"direct": Fraction(55), "indirect": Fraction(4), "travel": Fraction(90)}}
    found = deviation(time, most)
    assert (found.minutes_per_visit, found.source) == (15, "judged")  # the class has no travel standard
    assert deviation(time, {}).source == "unknown"
    assert deviation(time).source == "assumed"


def solved_run(program: Program, manager: Person, robust: int) -> PlanRun:
    run = plans.ask_run(program, by=manager, at=timezone.now(), wish=plans.Wish(robust=robust))
    PlanRun.objects.filter(pk=run.pk).update(effort_per_unit=100)
    assert worker.work_once("w", stop=threading.Event())
    run.refresh_from_db()
    assert run.state == "done", run.problems
    return run


def test_a_protected_plan_agrees_with_the_recount_says_its_price_and_is_kept_or_broken_by_hand() -> None:
    program, manager, standards = with_ranges()
    run = solved_run(program, manager, robust=2)
    case, plan = plans.case_of_run(run), plans.plan_of(run)
    assert differences(case, plan) == ()
    assert (case.robust, plan.provenance.robust) == (2, 2)
    assert plan.protection is not None
    assert plan.protection.hours_without <= plan.score.hours + 1e-9
    told = {notice.code: notice.facts for notice in plan.notices}
    assert {"deviation_judged", "deviation_unknown", "protection_price"} <= told.keys()
    assert told["deviation_judged"]["classes"] == standards[1].code
    assert "deviation_assumed" not in told
    # later judgements do not change what the run was computed from
    judged(standards[2], "dan", 999)
    assert plans.case_of_run(PlanRun.objects.get(pk=run.pk)) == case
    StandardJudgement.objects.filter(by_name="dan").delete()

    draft = fresh(plans.take_up(run, by=manager, at=timezone.now()))
    assert protection.robust_of(draft) == 2
    assert protection.exposed(draft, picture_of(draft)) == ()

    dice, seen = Random(4), 0
    for _ in range(12):
        assert move_about(draft, manager, dice, times=8, kinds=("move", "move", "pin")) > 0
        draft = fresh(draft)
        picture = picture_of(draft)
        found = protection.exposed(draft, picture)
        seen += len(found)
        check = editions.check_draft(draft, effective_on=timezone.localdate())
        assert {(one.practitioner, one.minutes) for one in check.exposed} == {(one.practitioner, one.minutes) for one in found}
        assert not any(problem.code == "above_maximum" for problem in check.problems)
    assert seen > 0, "no move broke the protection: this test says nothing"


def test_a_preview_names_whom_the_move_exposes_and_the_move_does_it() -> None:
    program, manager, _ = with_ranges()
    run = solved_run(program, manager, robust=9)
    draft = fresh(plans.take_up(run, by=manager, at=timezone.now()))
    assert protection.exposed(draft, picture_of(draft)) == ()
    picture, told = picture_of(draft), None
    for piece in sorted(picture.places):
        for beside in picture.facts.beside(picture.facts.bundle_of[piece]):
            shown = what_if.preview(draft, piece, beside.practitioner.id)
            if shown.exposed and (shown.refused is None or shown.refused.code == "reason_needed"):
                told = (piece, shown)
    assert told is not None
    piece, shown = told
    to = shown.exposed[0].practitioner
    assert shown.people[-1].code == to
    drafts.move(draft, piece, to, by=manager, at=NOW, seen_version=draft.version, reason="nobody else")
    after = fresh(draft)
    assert protection.exposed(after, picture_of(after)) == shown.exposed
    # published all the same, and the journal says so
    assert editions.check_draft(after, effective_on=timezone.localdate()).problems == ()
    editions.publish(after, effective_on=timezone.localdate(), by=manager, at=timezone.now(), seen_version=after.version)
    facts = JournalEntry.objects.get(action="edition.publish").facts
    assert (facts["robust"], facts["exposed"]) == (9, [to])


def test_a_plan_that_is_taken_back_protects_no_more_and_without_protection_nothing_is_asked(
    everybody: Cast,
    django_assert_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    program, manager = everybody.program_a, person(everybody.manager_of_a)
    draft = drafts.open_draft(program, by=manager, at=timezone.now())
    before = frozen_judgements(plans.ask_run(program, by=manager, at=timezone.now()))
    PlanRun.objects.update(state="cancelled")
    run = solved_run(program, manager, robust=1)
    draft = plans.take_up(run, by=manager, at=timezone.now())
    assert protection.robust_of(fresh(draft)) == 1
    drafts.undo(fresh(draft), by=manager, at=timezone.now())
    draft = fresh(draft)
    picture = picture_of(draft)
    with django_assert_num_queries(0):
        assert protection.exposed(draft, picture) == ()
    assert (before, frozen_judgements(run)) == (False, True)
    assert not [one for one in placement_problems(plans.case_of_run(run), plans_holder(run)) if one.code == "above_maximum"]


def frozen_judgements(run: PlanRun) -> bool:
    return '"judged":' in run.facts_json


def plans_holder(run: PlanRun) -> dict[str, str]:
    return {row.unit: row.practitioner for row in plans.plan_of(run).assignments}


def test_the_journal_says_what_was_asked_for() -> None:
    program, manager, _ = with_ranges()
    plans.ask_run(program, by=manager, at=NOW, wish=plans.Wish(robust=2, seeds=4))
    assert JournalEntry.objects.get(action="plan.ask").facts == {"max_moves": None, "seed": 0, "seeds": 4, "robust": 2}
