"""Plan runs: asked for once, claimed by one, kept with their facts, taken up as one change with one undo."""

from __future__ import annotations

from datetime import timedelta

import pytest
from drafts_made import example_program, fresh, plan_of

from cast import NOW, Cast, person
from evenload.exchange.plan_json import plan_to_json
from evenload.planning.case import digest
from evenload.planning.pieces import case_with_pieces
from evenload.planning.plan import Plan
from evenload.records.access import Person
from evenload.records.models import Draft, DraftChange, JournalEntry, PlanRun, Program, Unit
from evenload.workflow import drafts, plans, snapshot, what_if
from evenload.workflow.draft_picture import picture_of
from evenload.workflow.refused import Refused

pytestmark = [pytest.mark.both, pytest.mark.django_db]


def done(run: PlanRun, holder: dict[str, str], *, cover: dict[str, str] | None = None) -> Plan:
    """The run as a worker leaves it, with a plan that says exactly this."""
    claimed = plans.claim_next("w", at=NOW)
    assert claimed == run
    case = plans.case_of_run(claimed)
    plan = plan_of(case, holder, cover=cover)
    assert plans.store_plan(claimed, plan_json=plan_to_json(plan), case_digest=digest(case), gap_percent=0.5, at=NOW)
    run.refresh_from_db()
    return plan


BETTER = {"u1": "Ana", "u2": "Béa", "u3": "Ana", "u4": "Cal", "u5": "Béa", "u6": "Béa", "u7": "Ana", "u8": "Cal"}


def test_a_run_keeps_the_facts_as_they_were(program: Program, marie: Person) -> None:
    run = plans.ask_run(program, by=marie, at=NOW)
    before = plans.case_of_run(run)
    assert before == snapshot.case_of(program)
    Unit.objects.filter(program=program, code="u1").update(clients=99)
    Program.objects.filter(pk=program.pk).update(facts_version=7)
    assert plans.case_of_run(PlanRun.objects.get(pk=run.pk)) == before
    assert snapshot.case_of(program) != before


def test_one_run_is_open_per_program(program: Program, everybody: Cast, marie: Person) -> None:
    plans.ask_run(program, by=marie, at=NOW)
    with pytest.raises(Refused, match="run_already_open"):
        plans.ask_run(program, by=marie, at=NOW)
    plans.ask_run(everybody.program_b, by=person(everybody.director), at=NOW)
    assert [line.action for line in JournalEntry.objects.order_by("number")] == ["plan.ask", "plan.ask"]


def test_a_run_has_the_pins_and_bans_of_the_draft(program: Program, marie: Person) -> None:
    Unit.objects.filter(program=program, code="u8").update(pinned=True)
    draft = drafts.open_draft(program, by=marie, at=NOW)
    drafts.pin(draft, "u1", by=marie, at=NOW, seen_version=0)
    drafts.unpin(draft, "u8", by=marie, at=NOW, seen_version=1)
    drafts.ban(draft, "u4", "Ana", by=marie, at=NOW, seen_version=2)
    run = plans.ask_run(program, by=marie, at=NOW, wish=plans.Wish(max_moves=2, seed=7))
    assert (run.kept_pins, run.kept_bans, run.max_moves, run.seed) == ([["u1", "Ana"]], [["u4", "Ana"]], 2, 7)
    units = {unit.id: unit for unit in plans.case_of_run(run).units}
    assert {piece: unit.pinned_to for piece, unit in units.items() if unit.is_pinned} == {"u1": "Ana"}
    assert units["u4"].barred == frozenset({"Ana"})
    assert plans.case_of_run(run) == case_with_pieces(
        snapshot.without_pins(snapshot.case_of(program)), pins={"u1": "Ana"}, bans={"u4": ["Ana"]}
    )


def test_the_oldest_run_is_claimed_first_and_by_one_worker(program: Program, everybody: Cast, marie: Person) -> None:
    first = plans.ask_run(program, by=marie, at=NOW)
    second = plans.ask_run(everybody.program_b, by=person(everybody.director), at=NOW)
    assert [plans.claim_next(name, at=NOW) for name in "abc"] == [first, second, None]
    first.refresh_from_db()
    assert (first.state, first.worker, first.attempt) == ("running", "a", 1)


def test_a_run_that_nobody_has_yet_is_cancelled_at_once(program: Program, marie: Person) -> None:
    run = plans.ask_run(program, by=marie, at=NOW)
    plans.cancel_run(run, by=marie, at=NOW)
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert plans.claim_next("w", at=NOW) is None
    with pytest.raises(Refused, match="run_ended"):
        plans.cancel_run(run, by=marie, at=NOW)


def test_a_running_run_is_told_to_stop_at_its_next_beat(program: Program, marie: Person) -> None:
    plans.ask_run(program, by=marie, at=NOW)
    run = plans.claim_next("w", at=NOW)
    assert run is not None
    assert plans.beat(run, at=NOW, percent=40, gap_percent=3.5)
    plans.cancel_run(run, by=marie, at=NOW)
    assert not plans.beat(run, at=NOW, percent=50)
    assert not plans.store_plan(run, plan_json="{}", case_digest="", gap_percent=0.0, at=NOW)
    assert plans.store_cancelled(run, at=NOW)
    run.refresh_from_db()
    assert (run.state, run.plan_json) == ("cancelled", "")


def test_a_silent_workers_run_goes_to_another_and_the_silent_one_stores_nothing(program: Program, marie: Person) -> None:
    plans.ask_run(program, by=marie, at=NOW)
    first = plans.claim_next("first", at=NOW)
    assert first is not None
    later = NOW + plans.STALE_AFTER
    assert plans.reap(at=later) == 0
    assert plans.reap(at=later + timedelta(seconds=1)) == 1
    second = plans.claim_next("second", at=later)
    assert second is not None
    assert (second.pk, second.attempt) == (first.pk, 2)
    assert not plans.beat(first, at=later)
    assert not plans.store_plan(first, plan_json='{"of": "the first"}', case_digest="", gap_percent=0.0, at=later)
    assert not plans.store_failure(first, problems=[["x", "", ""]], at=later)
    assert not plans.give_back(first)
    assert plans.store_plan(second, plan_json='{"of": "the second"}', case_digest="d", gap_percent=0.0, at=later)
    second.refresh_from_db()
    assert (second.state, second.plan_json) == ("done", '{"of": "the second"}')


def test_after_three_lost_workers_the_run_has_failed(program: Program, marie: Person) -> None:
    plans.ask_run(program, by=marie, at=NOW)
    at = NOW
    for _ in range(plans.MOST_ATTEMPTS):
        assert plans.claim_next("w", at=at) is not None
        at += plans.STALE_AFTER + timedelta(seconds=1)
        assert plans.reap(at=at) == 1
    run = PlanRun.objects.get()
    assert (run.state, run.problems) == ("failed", [["worker_lost", "", ""]])
    assert plans.ask_run(program, by=marie, at=at).state == "asked"


def test_a_cancelled_run_of_a_lost_worker_is_cancelled(program: Program, marie: Person) -> None:
    plans.ask_run(program, by=marie, at=NOW)
    run = plans.claim_next("w", at=NOW)
    assert run is not None
    plans.cancel_run(run, by=marie, at=NOW)
    plans.reap(at=NOW + timedelta(minutes=1))
    run.refresh_from_db()
    assert run.state == "cancelled"


def test_a_plan_is_taken_up_as_one_change_with_one_undo(program: Program, marie: Person) -> None:
    draft = drafts.open_draft(program, by=marie, at=NOW - timedelta(hours=1))
    run = plans.ask_run(program, by=marie, at=NOW, wish=plans.Wish(max_moves=5))
    plan = done(run, BETTER, cover={"u1": "Cal"})
    before = picture_of(draft).places
    taken = plans.take_up(run, by=marie, at=NOW)
    after = picture_of(fresh(draft))
    assert {piece: one.practitioner for piece, one in after.places.items()} == BETTER
    assert after.places["u1"].cover == "Cal"
    assert after.price_hours == pytest.approx(plan.score.hours)
    assert (taken.version, taken.plan_run_id) == (1, run.pk)
    assert what_if.board(fresh(draft), today=NOW.date()).limit == 5
    assert DraftChange.objects.get(draft=draft).kind == "solve"
    drafts.undo(fresh(draft), by=marie, at=NOW)
    assert picture_of(fresh(draft)).places == before


def test_a_plan_opens_a_draft_where_there_is_none(program: Program, marie: Person) -> None:
    run = plans.ask_run(program, by=marie, at=NOW)
    done(run, BETTER)
    assert plans.take_up(run, by=marie, at=NOW).version == 1


def test_a_run_without_a_plan_is_not_taken_up(program: Program, marie: Person) -> None:
    run = plans.ask_run(program, by=marie, at=NOW)
    with pytest.raises(Refused, match="run_has_no_plan"):
        plans.take_up(run, by=marie, at=NOW)


def test_a_plan_of_older_facts_is_taken_up_only_when_confirmed_and_breaks_no_rule(program: Program, marie: Person) -> None:
    drafts.open_draft(program, by=marie, at=NOW)
    run = plans.ask_run(program, by=marie, at=NOW)
    done(run, BETTER)
    Unit.objects.filter(program=program, code="u7").update(language="fr")
    Program.objects.filter(pk=program.pk).update(facts_version=program.facts_version + 1)
    with pytest.raises(Refused, match="facts_changed"):
        plans.take_up(PlanRun.objects.select_related("program").get(pk=run.pk), by=marie, at=NOW)
    taken = plans.take_up(PlanRun.objects.select_related("program").get(pk=run.pk), by=marie, at=NOW, confirmed=True)
    places = picture_of(fresh(taken)).places
    assert places["u7"].practitioner is None
    assert places["u4"].practitioner == "Cal"


def test_a_draft_that_was_changed_meanwhile_keeps_its_pins_when_confirmed(program: Program, marie: Person) -> None:
    draft = drafts.open_draft(program, by=marie, at=NOW)
    run = plans.ask_run(program, by=marie, at=NOW)
    done(run, BETTER)
    drafts.move(draft, "u6", "Cal", by=marie, at=NOW + timedelta(minutes=1), seen_version=0, pin=True)
    with pytest.raises(Refused, match="draft_changed"):
        plans.take_up(run, by=marie, at=NOW + timedelta(minutes=2))
    taken = plans.take_up(run, by=marie, at=NOW + timedelta(minutes=2), confirmed=True)
    places = picture_of(fresh(taken)).places
    assert (places["u6"].practitioner, places["u6"].is_pinned) == ("Cal", True)
    assert places["u4"].practitioner == "Cal"


def test_taking_up_a_whole_program_writes_in_bulk(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    program, manager = example_program(practitioners=8, units=120, seed=11)
    draft = drafts.open_draft(program, by=manager, at=NOW)
    run = plans.ask_run(program, by=manager, at=NOW)
    done(run, {})
    with django_assert_max_num_queries(25):
        plans.take_up(run, by=manager, at=NOW)
    assert Draft.objects.get(pk=draft.pk).placements.filter(practitioner__isnull=False, is_pinned=False).count() == 0
    assert drafts.hands(fresh(draft)).units > 50
