"""Leave and departure: who takes over each unit and why, what a site loses, one change with one undo."""

from __future__ import annotations

from datetime import date

import pytest
from drafts_made import example_program, fresh

from cast import NOW, Cast, person
from evenload.planning.check import differences
from evenload.records.access import Person
from evenload.records.models import Draft, DraftChange, JournalEntry, Unit
from evenload.workflow import drafts, plans, snapshot, what_if
from evenload.workflow.draft_picture import picture_of
from evenload.workflow.hand_over import apply_hand_over, propose_departure, propose_leave
from evenload.workflow.refused import Refused

pytestmark = [pytest.mark.both, pytest.mark.django_db]
LEAVES_ON, BACK_ON = date(2026, 2, 2), date(2026, 3, 2)


@pytest.fixture
def draft(everybody: Cast, marie: Person) -> Draft:
    return drafts.open_draft(everybody.program_a, by=marie, at=NOW)


def test_each_unit_of_who_leaves_goes_to_somebody_with_a_reason_or_waits(draft: Draft) -> None:
    proposal = propose_departure(draft, "Ana", leaves_on=LEAVES_ON)
    assert {line.pieces: line.to for line in proposal.lines} == {("u1",): None, ("u3",): "Béa"} or {
        line.pieces: line.to for line in proposal.lines
    } == {("u1",): None, ("u3",): "Cal"}
    assert all(bool(line.reasons) == (line.to is not None) for line in proposal.lines)
    assert [(one.code, one.site, one.discipline) for one in proposal.losses] == [("only_discipline", "A", "OT")]


def test_a_site_that_loses_its_only_french_speaker_is_named(draft: Draft) -> None:
    proposal = propose_departure(draft, "Béa", leaves_on=LEAVES_ON)
    assert [line.to for line in proposal.lines] == [None]
    assert [(one.code, one.site, one.discipline) for one in proposal.losses] == [("only_french", "B", ""), ("only_discipline", "B", "OT")]


def test_a_departure_is_one_change_and_one_undo_restores_all(draft: Draft, marie: Person) -> None:
    before = picture_of(draft)
    proposal = propose_departure(draft, "Ana", leaves_on=LEAVES_ON)
    applied = apply_hand_over(draft, proposal, by=marie, at=NOW, reason="retires")
    after = picture_of(fresh(draft))
    assert applied.version == 1
    assert after.standing.caseloads["Ana"] == ()
    assert after.leaving == frozenset({"Ana"})
    assert [row.load.assigned_minutes for row in what_if.board(fresh(draft), today=LEAVES_ON).rows if row.is_leaving] == [0]
    change = DraftChange.objects.get(draft=draft)
    assert (change.kind, change.reason) == ("hand_over", "retires")
    line = JournalEntry.objects.get(action="draft.hand_over")
    assert (line.client_ids, line.facts["practitioner"], line.facts["starts_on"]) == (["u1", "u3"], "Ana", "2026-02-02")
    undone = drafts.undo(fresh(draft), by=marie, at=NOW)
    again = picture_of(fresh(undone))
    assert (again.places, again.leaving, again.hands) == (before.places, frozenset(), before.hands)
    assert again.price_hours == pytest.approx(before.price_hours)


def test_a_departure_tells_the_next_plan_and_the_undo_restores_the_dates_too(draft: Draft, marie: Person) -> None:
    facts, price = snapshot.rows_of(draft.program), picture_of(draft).price_hours
    apply_hand_over(draft, propose_departure(draft, "Ana", leaves_on=LEAVES_ON), by=marie, at=NOW)
    ana = draft.program.practitioners.get(code="Ana")
    assert (ana.to_date, ana.accepts_new) == (date(2026, 2, 1), False)
    case = plans.case_of_run(plans.ask_run(draft.program, by=marie, at=NOW))
    assert case.practitioner("Ana").capacity_minutes < 1753 // 4
    assert not case.practitioner("Ana").accepts_new
    drafts.undo(fresh(draft), by=marie, at=NOW)
    assert snapshot.rows_of(draft.program) == facts
    assert picture_of(fresh(draft)).price_hours == pytest.approx(price)
    assert picture_of(fresh(draft)).places["u1"].practitioner == "Ana"


def test_an_undo_leaves_a_last_day_that_somebody_set_since(draft: Draft, marie: Person) -> None:
    apply_hand_over(draft, propose_departure(draft, "Ana", leaves_on=LEAVES_ON), by=marie, at=NOW)
    draft.program.practitioners.filter(code="Ana").update(to_date=date(2026, 5, 24))
    drafts.undo(fresh(draft), by=marie, at=NOW)
    ana = draft.program.practitioners.get(code="Ana")
    assert (ana.to_date, ana.accepts_new) == (date(2026, 5, 24), True)


def test_a_last_day_that_would_contradict_her_absences_is_not_set_and_the_facts_stay_whole(draft: Draft, marie: Person) -> None:
    apply_hand_over(draft, propose_departure(draft, "Ana", leaves_on=date(2026, 1, 8)), by=marie, at=NOW)
    ana = draft.program.practitioners.get(code="Ana")
    assert (ana.to_date, ana.accepts_new) == (None, False)
    assert DraftChange.objects.get(draft=draft).facts_before["last_day_kept"]
    assert picture_of(fresh(draft)).standing.caseloads["Ana"] == ()
    drafts.undo(fresh(draft), by=marie, at=NOW)
    ana.refresh_from_db()
    assert (ana.to_date, ana.accepts_new) == (None, True)


def test_nobody_leaves_before_she_came_and_a_refusal_leaves_nothing_behind(draft: Draft, marie: Person) -> None:
    draft.program.practitioners.filter(code="Ana").update(from_date=date(2026, 2, 2))
    before = picture_of(draft)
    with pytest.raises(Refused, match="leaves_before_she_came"):
        apply_hand_over(draft, propose_departure(draft, "Ana", leaves_on=LEAVES_ON), by=marie, at=NOW)
    assert picture_of(fresh(draft)).places == before.places
    assert not DraftChange.objects.exists()


def test_nothing_is_given_to_who_leaves_neither_by_hand_nor_by_the_engine(draft: Draft, marie: Person) -> None:
    apply_hand_over(draft, propose_departure(draft, "Ana", leaves_on=LEAVES_ON), by=marie, at=NOW)
    here = fresh(draft)
    with pytest.raises(Refused, match="leaving"):
        drafts.move(here, "u6", "Ana", by=marie, at=NOW, seen_version=here.version)
    assert "Ana" not in [one.practitioner for one in what_if.ranking(here, "u6").possible]
    run = plans.ask_run(draft.program, by=marie, at=NOW)
    assert {tuple(ban) for ban in run.kept_bans} == {(f"u{number}", "Ana") for number in range(1, 9)}
    with pytest.raises(Refused, match="nothing_to_hand_over"):
        propose_departure(here, "Ana", leaves_on=LEAVES_ON)


def test_the_manager_may_choose_otherwise_within_the_rules(draft: Draft, marie: Person) -> None:
    drafts.move(draft, "u8", None, by=marie, at=NOW, seen_version=0)
    proposal = propose_departure(fresh(draft), "Ana", leaves_on=LEAVES_ON)
    with pytest.raises(Refused, match="full"):
        apply_hand_over(fresh(draft), proposal, by=marie, at=NOW, choices={"u1": "Cal", "u3": "Cal"})
    assert picture_of(fresh(draft)).places["u1"].practitioner == "Ana"
    apply_hand_over(fresh(draft), proposal, by=marie, at=NOW, choices={"u1": None, "u3": "Cal"})
    assert picture_of(fresh(draft)).places["u3"].practitioner == "Cal"


def test_a_leave_keeps_her_units_and_names_who_covers(draft: Draft, marie: Person) -> None:
    proposal = propose_leave(draft, "Cal", starts_on=LEAVES_ON, ends_on=BACK_ON)
    assert [(line.pieces, line.to) for line in proposal.lines] == [(("u8",), "Ana")] or proposal.lines[0].to == "Béa"
    apply_hand_over(draft, proposal, by=marie, at=NOW)
    place = picture_of(fresh(draft)).places["u8"]
    assert (place.practitioner, place.cover) == ("Cal", proposal.lines[0].to)
    assert picture_of(fresh(draft)).leaving == frozenset()
    _, plan = what_if.draft_plan(fresh(draft))
    assert [(one.unit, one.practitioner) for one in plan.cover] == [("u8", proposal.lines[0].to)]
    drafts.undo(fresh(draft), by=marie, at=NOW)
    assert picture_of(fresh(draft)).places["u8"].cover is None


def test_cover_keeps_every_hard_rule(draft: Draft, marie: Person) -> None:
    proposal = propose_leave(draft, "Béa", starts_on=LEAVES_ON, ends_on=BACK_ON)
    assert [line.to for line in proposal.lines] == [None]
    with pytest.raises(Refused, match="language_french"):
        apply_hand_over(draft, proposal, by=marie, at=NOW, choices={"u2": "Ana"})
    with pytest.raises(Refused, match="dates_reversed"):
        propose_leave(draft, "Béa", starts_on=BACK_ON, ends_on=LEAVES_ON)


def test_a_proposal_made_before_somebody_changed_her_units_is_refused(draft: Draft, marie: Person, everybody: Cast) -> None:
    proposal = propose_departure(draft, "Ana", leaves_on=LEAVES_ON)
    drafts.move(draft, "u3", None, by=person(everybody.director), at=NOW, seen_version=0)
    with pytest.raises(Refused, match="units_changed"):
        apply_hand_over(fresh(draft), proposal, by=marie, at=NOW)
    Unit.objects.filter(program=draft.program, code="u1").update(priority=1)
    draft.program.facts_version += 1
    draft.program.save()
    with pytest.raises(Refused, match="facts_changed"):
        apply_hand_over(fresh(draft), proposal, by=marie, at=NOW)


def test_everybody_else_keeps_what_they_have_and_the_result_is_counted_twice() -> None:
    program, manager = example_program(practitioners=12, units=80, seed=5)
    draft = drafts.open_draft(program, by=manager, at=NOW)
    _only_what_is_allowed(draft, manager)
    before = picture_of(fresh(draft))
    leaver = max(before.facts.people, key=lambda code: (before.standing.weeks[code].units, code))
    hers = {unit.id for unit in before.standing.caseloads[leaver]}
    proposal = propose_departure(fresh(draft), leaver, leaves_on=LEAVES_ON)
    assert sum(line.to is not None for line in proposal.lines) > len(proposal.lines) / 3
    apply_hand_over(fresh(draft), proposal, by=manager, at=NOW)
    after = picture_of(fresh(draft))
    assert all(after.places[piece] == place for piece, place in before.places.items() if piece not in hers)
    assert all(after.places[piece].practitioner != leaver for piece in hers)
    assert {change.code for change in proposal.people} == {
        code for code, week in after.standing.weeks.items() if week != before.standing.weeks[code]
    }
    case, plan = what_if.draft_plan(fresh(draft))
    assert differences(case, plan) == ()


def _only_what_is_allowed(draft: Draft, by: Person) -> None:
    """What breaks a rule where it stands today waits, and what lifts somebody above her maximum."""
    for row in what_if.board(fresh(draft), today=LEAVES_ON).rows:
        for card in row.cards:
            here = fresh(draft)
            above = picture_of(here).standing.weeks[row.code].minutes > row.load.maximum_minutes
            if card.broken or card.is_scattered or above or picture_of(here).facts.units[card.piece].held_back:
                drafts.move(here, card.piece, None, by=by, at=NOW, seen_version=here.version)
