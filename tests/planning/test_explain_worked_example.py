"""The worked example explained: everybody before its units, and who waits when French is lacking."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_cases import plan_of
from worked_example import PRACTITIONERS, worked_example

from evenload.planning.case import Case
from evenload.planning.changes import changes, over, room
from evenload.planning.explain import candidates, explanations
from evenload.planning.plan import Plan
from evenload.planning.prepare import case_from
from evenload.planning.scorecard import scorecard

EXPECTED = {"u1": "Ana", "u2": "Béa", "u3": "Ana", "u4": "Cal", "u5": "Béa", "u6": "Béa", "u7": "Cal", "u8": "Cal"}


@pytest.fixture(scope="module")
def facts() -> Case:
    return case_from(worked_example())


@pytest.fixture(scope="module")
def plan(facts: Case) -> Plan:
    return plan_of(facts, EXPECTED)


def test_in_the_expected_plan_no_single_move_is_better(facts: Case, plan: Plan) -> None:
    for id, holder in EXPECTED.items():
        best = candidates(facts, plan, id).best
        assert best is not None
        assert (best.practitioner, best.than_now_hours) == (holder, 0.0)


def test_the_french_school_has_one_possible_practitioner_and_two_without_a_fix(facts: Case, plan: Plan) -> None:
    explanation = candidates(facts, plan, "u2")
    (bea,) = explanation.possible
    assert [reason.code for reason in bea.reasons][:2] == ["knows_clients", "french"]
    assert {candidate.practitioner: candidate.reasons[0].code for candidate in explanation.excluded} == {
        "Ana": "language_french",
        "Cal": "language_french",
    }
    assert all(candidate.fixes == () for candidate in explanation.excluded)


def test_who_has_no_room_for_the_new_school_is_told_how_much_is_lacking(facts: Case, plan: Plan) -> None:
    # Ana has 1,546 of 1,753 minutes (29.21 h); the school asks for 610 and the drive.
    ana = next(candidate for candidate in candidates(facts, plan, "u4").excluded if candidate.practitioner == "Ana")
    (full,) = ana.reasons
    assert full.code == "full"
    assert full.facts["free_minutes"] == 1753 - 1546
    assert full.facts["over_minutes"] == full.facts["needed_minutes"] - full.facts["free_minutes"]


def test_with_french_only_functional_exactly_the_two_french_units_wait_and_ask_for_a_french_speaker(facts: Case) -> None:
    functional = tuple(
        replace(person, languages={**person.languages, "fr": "functional"}) if person.id == "Béa" else person for person in PRACTITIONERS
    )
    without = case_from(replace(worked_example(), practitioners=functional))
    placed = {id: holder for id, holder in EXPECTED.items() if id not in ("u2", "u5")}
    waiting = plan_of(without, placed).waiting
    assert [entry.unit for entry in waiting] == ["u2", "u5"]
    for entry in waiting:
        (reason,) = entry.reasons
        assert (reason.code, reason.facts["practitioners"], reason.facts["practitioner"]) == ("language_french", 3, "Béa")
        assert (entry.nearest_fix.code, entry.nearest_fix.facts["language"]) == ("hire", "fr")


def test_a_school_grown_to_thirty_clients_is_explained_block_by_block() -> None:
    program = worked_example()
    grown = replace(program, units=tuple(replace(unit, clients=30) if unit.id == "u1" else unit for unit in program.units))
    facts = case_from(grown)
    blocks = {f"u1#{number}": "Ana" for number in (1, 2, 3, 4)} | {"u1#5": "Béa"}
    plan = plan_of(facts, {**blocks, "u2": "Béa", "u3": "Cal", "u5": "Béa"})
    explained = explanations(facts, plan, "u1")
    assert [(explanation.unit, explanation.clients, explanation.assigned_to) for explanation in explained] == [
        (id, 6, holder) for id, holder in blocks.items()
    ]
    assert scorecard(facts, plan).splits[0].practitioners == ("Ana", "Béa")


def test_nobody_is_over_nobody_changes_hands_and_everybody_is_in_range(facts: Case, plan: Plan) -> None:
    assert over(facts, plan) == ()
    assert room(facts, plan) == ()
    assert changes(facts, plan).changing_hands == ()
    # Cal is at 96 %, and said "too low": his range reaches 100 %.
    states = {share.state: share.practitioners for share in scorecard(facts, plan).states}
    assert states == {"room": 0, "in_range": 3, "above_range": 0, "over": 0, "no_capacity": 0}
