"""Programs added up: equal to their own figures, shortages alone, each program counted once until its facts change, and failures that stay small."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from cast import NOW, Cast, records_of
from evenload.exchange.plan_json import plan_to_json
from evenload.planning.optimise.solve import solve
from evenload.records.models import Duty, KeptFigures, PlanRun, Practitioner, Program, Unit
from evenload.workflow import current_picture, organisation_sums, plans, program_figures
from evenload.workflow.due import FIGURES_AGAIN, Due
from evenload.workflow.kept_figures import from_json, to_json
from evenload.workflow.organisation_figures import FRESH, ProgramPart, program_parts, renew_next
from evenload.workflow.organisation_parts import PlanPart, RecordPart
from evenload.workflow.program_figures import figures_of
from evenload.workflow.snapshot import current_of_pieces, rows_of
from planning.worked_example import worked_example

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

TODAY = date(2026, 1, 12)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    program_figures.forget()


def parts(at: datetime = NOW, **options: Any) -> tuple[ProgramPart, ...]:
    return program_parts(Program.objects.order_by("pk"), at=at, **options)


def part_of(program: Program, at: datetime = NOW) -> ProgramPart:
    return next(one for one in parts(at) if one.program.pk == program.pk)


def changed(program: Program) -> None:
    Program.objects.filter(pk=program.pk).update(facts_version=F("facts_version") + 1)


def fewer_french_hours(program: Program, hours: int = 12) -> None:
    """Béa alone speaks French: with so many hours French units are short of them."""
    Practitioner.objects.filter(program=program, code="Béa").update(weekly_hours=Decimal(hours))
    changed(program)


def contradicting(program: Program) -> Duty:
    made: Duty = program.duties.create(who="*", kind="everything", basis="percent", amount=100)
    changed(program)
    return made


@pytest.mark.both
def test_all_programs_together_are_the_sum_of_each_ones_own_figures(everybody: Cast) -> None:
    fewer_french_hours(everybody.program_b)
    own = [figures_of(Program.objects.get(pk=one.pk), today=TODAY, at=NOW) for one in (everybody.program_a, everybody.program_b)]

    found = parts()

    assert sum(one.hours for one in organisation_sums.shortages(found)) == sum(pool.short for one in own for pool in one.short_pools) > 0
    weeks = organisation_sums.weeks(found)
    all_pools = [pool for one in own for pool in one.pools if pool.language == "all"]
    assert [(week.have, week.need) for week in weeks] == [
        (sum(pool.weeks[n].have for pool in all_pools), sum(pool.weeks[n].need for pool in all_pools)) for n in range(12)
    ]
    assert organisation_sums.spread(found) == program_figures.spread_of([load for one in own for load in one.people])
    assert sum(cell.count for cell in organisation_sums.wait_cells(found)) == sum(one.waiting.count for one in own)
    assert [one.records.talks for one in found if one.records] == [one.talks for one in own]
    assert organisation_sums.french_waits(found[:1]).longer_days == own[0].french.longer_days


def test_a_surplus_of_another_language_or_program_offsets_no_shortage(everybody: Cast) -> None:
    fewer_french_hours(everybody.program_b)

    found = parts()

    short = organisation_sums.shortages(found)
    week = organisation_sums.weeks(found)[0]
    assert [(one.part.program.pk, one.discipline, one.language) for one in short] == [(everybody.program_b.pk, "OT", "fr")]
    assert week.have > week.need
    assert week.missing_french > 0
    assert short[0].fte is not None
    have = sum(pool.have for pool in short[0].part.plan.pools if pool.language == "all")  # type: ignore[union-attr]
    fte = (Fraction(75, 2) + 12 + 20) / Fraction(75, 2)
    assert short[0].fte == short[0].hours / (have / fte)


@pytest.mark.both
def test_what_is_kept_is_exactly_what_was_counted(everybody: Cast) -> None:
    fewer_french_hours(everybody.program_a)

    counted, read = parts(), parts()

    assert read == counted
    for part in counted:
        for kind, value in ((PlanPart, part.plan), (RecordPart, part.records)):
            assert from_json(kind, json.loads(json.dumps(to_json(value)))) == value


def test_a_change_in_one_program_counts_no_other_again_and_its_figures_say_of_when_they_are(everybody: Cast) -> None:
    parts()
    fewer_french_hours(everybody.program_b)

    soon, later = NOW + MINUTE, NOW + FRESH
    at_once = parts(soon)
    with CaptureQueriesContext(connection) as nothing_changed:
        parts(soon)
    counted = parts(later)

    assert [one.as_of for one in at_once] == [soon, NOW]
    assert organisation_sums.shortages(at_once) == ()
    assert len(nothing_changed) < 12
    assert organisation_sums.shortages(counted) != ()
    assert [one.as_of for one in counted] == [later, later]
    assert [row.counted_at for row in KeptFigures.objects.filter(part="program").order_by("program_id")] == [NOW, later]


def test_whoever_asks_has_it_counted_anew_at_once(everybody: Cast) -> None:
    parts()
    fewer_french_hours(everybody.program_b)

    found = parts(NOW + MINUTE, anew=True)

    assert organisation_sums.shortages(found) != ()


def test_on_another_day_everything_is_of_that_day(everybody: Cast) -> None:
    parts()

    found = parts(NOW + timedelta(days=7))

    assert [one.plan.pools[0].weeks[0].monday for one in found if one.plan] == [date(2026, 1, 19)] * 2


def test_the_worker_counts_what_has_changed_one_program_at_a_look(everybody: Cast) -> None:
    assert renew_next(at=NOW) == 0  # nobody has looked at any of them yet
    parts()
    for program in (everybody.program_a, everybody.program_b):
        fewer_french_hours(program)

    looks = [renew_next(at=NOW + MINUTE) for _ in range(3)]

    assert looks == [1, 1, 0]
    with CaptureQueriesContext(connection) as asked:
        found = parts(NOW + 2 * MINUTE)
    assert len(asked) < 12
    assert len(organisation_sums.shortages(found)) == 2


def test_after_another_version_is_installed_the_worker_counts_before_anybody_has_to_wait(everybody: Cast) -> None:
    parts()
    for row in KeptFigures.objects.filter(part="program"):
        row.figures = {**row.figures, "version": "0.0.1"}
        row.save()

    assert [renew_next(at=NOW + MINUTE) for _ in range(3)] == [1, 1, 0]
    with CaptureQueriesContext(connection) as asked:
        parts(NOW + 2 * MINUTE)
    assert len(asked) < 12


def test_the_worker_looks_every_few_minutes(everybody: Cast) -> None:
    parts()
    clock = [NOW]
    due = Due(lambda: clock[0])
    due.look()
    fewer_french_hours(everybody.program_a)

    due.look()
    early = KeptFigures.objects.get(program=everybody.program_a, part="program").counted_at
    clock[0] = NOW + FIGURES_AGAIN
    due.look()

    assert early == NOW
    assert KeptFigures.objects.get(program=everybody.program_a, part="program").counted_at == clock[0]


def test_on_a_busy_day_the_worker_counts_each_program_once_in_a_few_minutes(everybody: Cast) -> None:
    parts()
    clock = [NOW + FIGURES_AGAIN]
    due = Due(lambda: clock[0])
    due.look()

    def counted() -> list[datetime]:
        return list(KeptFigures.objects.filter(part="program").order_by("program").values_list("counted_at", flat=True))

    def changed_and_looked(minutes: int) -> list[datetime]:
        for program in (everybody.program_a, everybody.program_b):
            Program.objects.filter(pk=program.pk).update(facts_version=F("facts_version") + 1)
        clock[0] += minutes * MINUTE
        due.look()
        return counted()

    first, second = clock[0] + 5 * MINUTE, clock[0] + 6 * MINUTE
    assert sorted(changed_and_looked(5)) == [NOW, first]  # one program at a look
    assert sorted(changed_and_looked(1)) == [first, second]
    assert sorted(changed_and_looked(1)) == sorted(changed_and_looked(1)) == [first, second]
    assert sorted(changed_and_looked(2)) == [second, first + FIGURES_AGAIN]


@pytest.mark.both
def test_records_that_contradict_each_other_leave_the_last_good_hours_with_their_time_and_the_others_stand(everybody: Cast) -> None:
    fewer_french_hours(everybody.program_a)
    before = parts()
    duty = contradicting(everybody.program_a)
    later = NOW + FRESH

    found = parts(later)

    own, other = found
    assert (own.failure, own.plan_at, own.plan) == ("facts_contradict", NOW, before[0].plan)
    assert own.records is not None
    assert other.failure == ""
    assert [one.part.program.pk for one in organisation_sums.shortages(found)] == [everybody.program_a.pk]

    duty.delete()
    changed(everybody.program_a)
    mended = parts(later + MINUTE)
    assert (mended[0].failure, mended[0].plan_at) == ("", later + MINUTE)


def test_records_that_always_contradicted_each_other_are_in_no_sum(everybody: Cast) -> None:
    contradicting(everybody.program_a)

    found = parts()

    assert (found[0].plan, found[0].lacks, found[0].counts) == (None, "facts_contradict", False)
    assert organisation_sums.spread(found).people == 3
    assert {pool.part.program.pk for pool in organisation_sums.shortages(found)} <= {everybody.program_b.pk}


@pytest.mark.both
def test_what_cannot_be_read_costs_only_the_figures_of_now(everybody: Cast) -> None:
    before = parts()
    for program in (everybody.program_a, everybody.program_b):
        changed(program)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE records_loadweek RENAME TO records_loadweek_gone")

    found = parts(NOW + FRESH)

    assert [one.failure for one in found] == ["broken", "broken"]
    assert [(one.plan, one.records, one.as_of) for one in found] == [(one.plan, one.records, NOW) for one in before]


def test_programs_without_hours_or_clients_or_weeks_are_no_zeros(everybody: Cast) -> None:
    empty = Program.objects.create(code="empty", name_en="Empty", setting="clinic", period_start=date(2026, 1, 5), period_weeks=10)
    idle = records_of(worked_example(), code="idle", name_en="Idle", name_fr="")
    Unit.objects.filter(program=idle).delete()
    over = records_of(worked_example(), code="over", name_en="Over", name_fr="")
    Program.objects.filter(pk=over.pk).update(period_start=date(2025, 1, 6), as_of=date(2025, 1, 6))

    lacks = {program.pk: part_of(program).lacks for program in (empty, idle, over)}

    assert lacks == {empty.pk: "no_hours", idle.pk: "no_clients", over.pk: "period_over"}
    alone = program_parts(Program.objects.filter(pk=empty.pk), at=NOW)
    assert organisation_sums.pools(alone) == ()
    assert organisation_sums.weeks(alone) == ()
    assert organisation_sums.spread(alone).middle is None


def test_a_program_that_gets_its_first_hours_is_counted_at_once(everybody: Cast) -> None:
    Unit.objects.filter(program=everybody.program_a).update(closed_on=TODAY)
    changed(everybody.program_a)
    assert part_of(everybody.program_a).lacks == "no_clients"

    Unit.objects.filter(program=everybody.program_a).update(closed_on=None)
    changed(everybody.program_a)

    assert part_of(everybody.program_a, NOW + MINUTE).lacks == ""


def test_a_program_that_nobody_may_see_here_does_not_count(everybody: Cast) -> None:
    fewer_french_hours(everybody.program_b)

    found = program_parts(Program.objects.filter(pk=everybody.program_a.pk), at=NOW)

    assert organisation_sums.shortages(found) == ()
    assert organisation_sums.spread(found).people == 3


def test_where_an_hour_helps_is_said_by_the_last_plan_that_was_made(everybody: Cast) -> None:
    done = [_run_done(everybody, number) for number in (1, 2)]
    PlanRun.objects.create(program=everybody.program_a, asked_by=everybody.director, asked_at=NOW, state="failed")

    found, again = parts(), parts()

    assert found[0].help is not None
    assert found[0].help.run == done[1].pk
    assert found[0].help == again[0].help
    assert found[1].help is None
    assert all(hour.hour.saved_hours > 0 for hour in organisation_sums.hours_that_help(found, 5))


def test_a_plan_that_cannot_be_read_costs_only_its_own_part(everybody: Cast) -> None:
    PlanRun.objects.create(
        program=everybody.program_a, asked_by=everybody.director, asked_at=NOW, state="done", facts_json="{}", plan_json="{}"
    )

    found = parts()

    assert [(one.help, one.counts) for one in found] == [(None, True)] * 2


def _run_done(everybody: Cast, number: int) -> PlanRun:
    program = Program.objects.get(pk=everybody.program_a.pk)
    facts = plans.frozen_facts(rows_of(program), current_of_pieces(program))
    run = PlanRun(program=program, asked_by=everybody.director, asked_at=NOW, state="done", facts_json=facts, ended_at=NOW)
    run.plan_json = plan_to_json(solve(plans.case_of_run(run), seed=number))
    run.save()
    return run


def test_the_picture_of_the_program_is_the_one_its_own_page_shows(everybody: Cast) -> None:
    found = parts()

    picture = current_picture.picture_of_now(Program.objects.get(pk=everybody.program_a.pk))
    assert found[0].plan is not None
    assert found[0].plan.units == len(picture.facts.case.units)
    assert all(load.code == "" and load.name == "" for load in found[0].plan.loads)
