"""Why a unit waits, and the first change of one fact that would place it, each tried on the changed Case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from one_pair import FAR, HERE, case, practitioner, unit
from small_cases import cases_with_assignment, plan_of

from evenload.planning.case import Case, Practitioner, Unit
from evenload.planning.codes import NEAREST_FIXES, WAITING_REASONS
from evenload.planning.eligibility import bundles, is_eligible
from evenload.planning.explain import candidates
from evenload.planning.fixes import case_with, highest_maximum_minutes, waiting_entries
from evenload.planning.plan import Fix, Reason, Waiting
from evenload.planning.prices import Prices
from evenload.planning.score import score
from evenload.planning.targets import targets
from evenload.planning.travel import drive_minutes, load_minutes

FULL_WEEK = unit(id="u9", minutes=1200, trips=Fraction(0))


def only_entry(facts: Case, assignment: Mapping[str, str] | None = None, prices: Mapping[str, float] | None = None) -> Waiting:
    (entry,) = waiting_entries(facts, assignment or {}, prices)
    return entry


def is_possible(facts: Case, assignment: Mapping[str, str], fix: Fix, unit_id: str = "u1") -> bool:
    explanation = candidates(facts, plan_of(facts, assignment), unit_id)
    return fix.practitioner in {candidate.practitioner for candidate in explanation.possible}


def test_accepting_new_clients_comes_first() -> None:
    people = (practitioner(accepts_new=False), practitioner(id="Béa", longest_drive_minutes=1))
    facts = case(people, (unit(place=FAR),))
    fix = only_entry(facts).nearest_fix
    assert fix == Fix("accept_new", "Ana")
    assert is_possible(case_with(facts, fix), {}, fix)


def test_the_fewest_minutes_of_drive_come_second() -> None:
    # Given: the drive is 152 minutes; Béa accepts 150, Ana 100, and Cal would come, but has a full week.
    people = (practitioner(longest_drive_minutes=100), practitioner(id="Béa", longest_drive_minutes=150), practitioner(id="Cal"))
    facts = case(people, (unit(place=FAR), FULL_WEEK))
    entry = only_entry(facts, {"u9": "Cal"})
    fix = entry.nearest_fix
    assert (fix.code, fix.practitioner) == ("more_drive_minutes", "Béa")
    assert fix.facts == {"more_minutes": 2, "drive_minutes": 152, "longest_drive_minutes": 150}
    assert not is_possible(facts, {"u9": "Cal"}, fix)
    assert is_possible(case_with(facts, fix), {"u9": "Cal"}, fix)


def test_the_fewest_minutes_of_maximum_come_third() -> None:
    full = (unit(id="u8", minutes=1100, trips=Fraction(0)), FULL_WEEK)
    facts = case((practitioner(), practitioner(id="Béa")), (unit(trips=Fraction(0)), *full))
    assignment = {"u8": "Béa", "u9": "Ana"}
    entry = only_entry(facts, assignment)
    assert entry.nearest_fix.code == "more_maximum_minutes"
    assert entry.nearest_fix.practitioner == "Béa"
    assert entry.nearest_fix.facts == {"more_minutes": 20, "free_minutes": 100, "needed_minutes": 120, "maximum_minutes": 1200}
    assert is_possible(case_with(facts, entry.nearest_fix), assignment, entry.nearest_fix)
    assert entry.reasons == (
        Reason(
            "full",
            {
                "free_minutes": 100,
                "needed_minutes": 120,
                "over_minutes": 20,
                "maximum_minutes": 1200,
                "practitioner": "Béa",
                "practitioners": 2,
            },
        ),
    )


def test_nobody_is_asked_for_more_than_the_contracted_hours_then_a_unit_moves() -> None:
    # Given: Ana works 21 contracted hours and is full at 20; Béa, without the skill that u1 asks for, has room for u7.
    ana = practitioner(weekly_hours=Fraction(21), skills=frozenset({"aac"}))
    bea = practitioner(id="Béa", capacity_minutes=150, maximum_minutes=150, weekly_hours=Fraction(3))
    asked = unit(skills_required=frozenset({"aac"}), trips=Fraction(0))
    others = (unit(id="u7", minutes=130, trips=Fraction(0)), unit(id="u8", minutes=1070, trips=Fraction(0)))
    facts = case((ana, bea), (asked, *others))
    assignment = {"u7": "Ana", "u8": "Ana"}
    entry = only_entry(facts, assignment)
    # Then: u7 goes to Béa, which frees more than the 120 minutes needed.
    assert (entry.nearest_fix.code, entry.nearest_fix.practitioner) == ("move_unit", "Ana")
    assert entry.nearest_fix.facts == {
        "unit": "u7",
        "units": "u7",
        "to": "Béa",
        "freed_minutes": 130,
        "needed_minutes": 120,
        "free_minutes": 0,
    }
    assert is_possible(facts, {**assignment, "u7": "Béa"}, entry.nearest_fix)


def test_pinned_units_are_not_moved_for_another() -> None:
    ana = practitioner(weekly_hours=Fraction(20), skills=frozenset({"aac"}))
    pinned = unit(id="u7", minutes=1200, trips=Fraction(0), current="Ana", pinned_to="Ana")
    facts = case(
        (ana, practitioner(id="Béa", weekly_hours=Fraction(20))), (unit(skills_required=frozenset({"aac"}), trips=Fraction(0)), pinned)
    )
    fix = only_entry(facts, {"u7": "Ana"}).nearest_fix
    assert fix == Fix("add_skill", "Béa", {"skill": "aac"})


def test_a_skill_comes_fifth() -> None:
    facts = case(units=(unit(skills_required=frozenset({"aac"})),))
    entry = only_entry(facts)
    assert entry.nearest_fix == Fix("add_skill", "Ana", {"skill": "aac"})
    assert entry.reasons == (Reason("skill_missing", {"practitioners": 1, "of_practitioners": 1, "practitioner": "Ana", "skills": "aac"}),)
    assert is_possible(case_with(facts, entry.nearest_fix), {}, entry.nearest_fix)


def test_two_missing_skills_are_more_than_one_change() -> None:
    facts = case(units=(unit(skills_required=frozenset({"aac", "seating"})),))
    fix = only_entry(facts).nearest_fix
    assert fix.code == "hire"
    assert fix.facts["skills"] == "aac; seating"


def test_hiring_comes_last_and_says_whom_where_and_for_how_long() -> None:
    people = (practitioner(), practitioner(id="Béa", languages={"en": "native", "fr": "functional"}))
    facts = case(people, (unit(language="fr", area="Orléans", minutes=95),))
    entry = only_entry(facts)
    assert entry.nearest_fix == Fix(
        "hire", None, {"discipline": "OT", "area": "Orléans", "hours_per_week": 1.58, "minutes": 95, "language": "fr"}
    )
    nearest = {"practitioners": 2, "of_practitioners": 2, "practitioner": "Béa", "level": "functional"}
    assert entry.reasons == (Reason("language_french", nearest),)


def test_a_discipline_that_nobody_has_is_the_only_reason() -> None:
    facts = case((practitioner(disciplines=("PT",)),), (unit(),))
    entry = only_entry(facts)
    assert entry.reasons == (Reason("no_practitioner", {"discipline": "OT"}),)
    assert entry.nearest_fix.code == "hire"


def test_a_block_larger_than_any_maximum_says_so() -> None:
    facts = case(units=(unit(minutes=2600, trips=Fraction(0)),))
    entry = only_entry(facts)
    expected = {"needed_minutes": 2600, "maximum_minutes": 1200, "practitioner": "Ana", "practitioners": 1}
    assert entry.reasons == (Reason("larger_than_any_capacity", expected),)
    # Ana's contract has 2,250 minutes a week: no raise would do.
    assert entry.nearest_fix.code == "hire"


def test_a_held_back_unit_needs_visits_not_people() -> None:
    facts = case(units=(unit(held_back="contract_exhausted", visits_per_week=Fraction(3, 2)),))
    entry = only_entry(facts)
    assert entry.reasons == (Reason("contract_exhausted", {"visits": 30.0}),)
    assert entry.nearest_fix == Fix("more_contracted_visits", None, {"visits": 30.0})


def test_a_unit_waits_beside_room_only_where_every_place_is_dearer() -> None:
    # Given: a P4 unit of one client, five trips a week, 152 minutes away.
    facts = case(units=(unit(priority=4, minutes=30, place=FAR, trips=Fraction(5), travel_in_standard=True),))
    entry = only_entry(facts)
    (reason,) = entry.reasons
    assert reason.code == "dearer_than_waiting"
    assert reason.facts["waiting_hours"] == 5.0
    assert reason.facts["price_hours"] > 5.0
    assert (reason.facts["practitioner"], reason.facts["travel_minutes"], reason.facts["drive_minutes"]) == ("Ana", 1520, 152)
    assert entry.nearest_fix.code == "hire"


def test_a_change_that_would_cost_more_than_waiting_is_no_fix() -> None:
    # Given: only the drive is too long, but driving it would cost more than the wait.
    person = practitioner(longest_drive_minutes=30)
    facts = case((person,), (unit(priority=4, minutes=30, place=FAR, trips=Fraction(5), travel_in_standard=True),))
    assert only_entry(facts).nearest_fix.code == "hire"


def test_rules_are_counted_and_the_one_most_people_break_comes_first() -> None:
    people = (
        practitioner(id="a", accepts_new=False),
        practitioner(id="b", longest_drive_minutes=10),
        practitioner(id="c", longest_drive_minutes=20),
        practitioner(id="d", disciplines=("PT",)),
    )
    entry = only_entry(case(people, (unit(place=FAR),)))
    drive, accepting = entry.reasons
    assert drive == Reason(
        "drive_too_long",
        {"practitioners": 2, "of_practitioners": 3, "practitioner": "c", "drive_minutes": 152, "longest_drive_minutes": 20},
    )
    assert accepting == Reason("not_accepting_new", {"practitioners": 1, "of_practitioners": 3, "practitioner": "a"})


def test_a_directive_names_nobody() -> None:
    entry = only_entry(case(units=(unit(barred=frozenset({"Ana"})),)))
    assert entry.reasons == (Reason("barred", {"practitioners": 1, "of_practitioners": 1}),)
    assert entry.nearest_fix.code == "hire"


def test_units_that_go_together_wait_for_the_same_reason() -> None:
    pair = (unit(id="u1", together="s", minutes=700, trips=Fraction(0)), unit(id="u2", together="s", minutes=700, trips=Fraction(0)))
    first, second = waiting_entries(case(units=pair), {})
    assert (first.unit, first.minutes, second.unit) == ("u1", 700, "u2")
    assert first.reasons == second.reasons
    assert first.reasons[0].facts["needed_minutes"] == 1400
    assert first.nearest_fix == Fix(
        "more_maximum_minutes", "Ana", {"more_minutes": 200, "free_minutes": 1200, "needed_minutes": 1400, "maximum_minutes": 1200}
    )


def test_full_says_what_an_hour_of_the_nearest_person_is_worth_where_prices_are_known() -> None:
    facts = case(units=(unit(trips=Fraction(0)), FULL_WEEK))
    (reason,) = only_entry(facts, {"u9": "Ana"}, {"Ana": 6.5}).reasons
    assert reason.facts["hour_price_hours"] == 6.5


@given(cases_with_assignment())
def test_every_unassigned_unit_has_a_reason_and_a_fix_from_the_lists(drawn) -> None:
    facts, assignment = drawn
    entries = waiting_entries(facts, assignment)
    assert [entry.unit for entry in entries] == sorted(piece.id for piece in facts.units if piece.id not in assignment)
    for entry in entries:
        assert entry.reasons
        assert all(reason.code in WAITING_REASONS for reason in entry.reasons)
        assert entry.nearest_fix.code in NEAREST_FIXES
        assert len({reason.code for reason in entry.reasons}) == len(entry.reasons)


@settings(max_examples=settings().max_examples // 3)  # each example tries every change there is
@given(cases_with_assignment())
def test_the_nearest_fix_is_the_first_that_works_of_all_that_could_be_tried_and_the_smallest_of_its_kind(drawn) -> None:
    facts, assignment = drawn
    entries = {entry.unit: entry for entry in waiting_entries(facts, assignment)}
    for bundle in bundles(facts):
        if bundle[0].id in entries and not could_be_placed_today(facts, assignment, bundle):
            fix = entries[bundle[0].id].nearest_fix
            found = [(NEAREST_FIXES.index(code), minutes) for code, minutes in everything_that_works(facts, assignment, bundle)]
            first = min(found, default=(NEAREST_FIXES.index("hire"), 0))
            assert (NEAREST_FIXES.index(fix.code), fix.facts.get("more_minutes", 0)) == first


def could_be_placed_today(facts: Case, assignment: Mapping[str, str], bundle: tuple[Unit, ...]) -> bool:
    """A random assignment may leave units waiting beside room; there is nothing to fix then."""
    return any(works(facts, assignment, bundle, person) for person in facts.practitioners)


def everything_that_works(facts: Case, assignment: Mapping[str, str], bundle: tuple[Unit, ...]) -> Iterator[tuple[str, int]]:
    """By brute force: every change of one fact that places the bundle at less than its wait, and its minutes."""
    for person in facts.practitioners:
        yield from (
            (code, minutes) for code, minutes, changed in changed_people(facts, person) if works(facts, assignment, bundle, changed)
        )
        for moved in bundles(facts):
            for other in facts.practitioners:
                if assignment.get(moved[0].id) == person.id and other.id != person.id and is_allowed(facts, moved, other):
                    after = {**assignment, **{piece.id: other.id for piece in moved}}
                    if load_of(facts, other, after) <= other.maximum_minutes and works(facts, after, bundle, person, assignment):
                        yield "move_unit", 0


def changed_people(facts: Case, person: Practitioner) -> Iterator[tuple[str, int, Practitioner]]:
    """Every change of one of her facts that could matter: a drive to some unit, a sum of some loads, one skill."""
    if not person.accepts_new:
        yield "accept_new", 0, replace(person, accepts_new=True)
    longest = person.longest_drive_minutes
    if longest is not None:
        for drive in {drive_minutes(facts, person, piece) for piece in facts.units}:
            if drive > longest:
                yield "more_drive_minutes", drive - longest, replace(person, longest_drive_minutes=drive)
    for maximum in wanted_maxima(facts, person):
        if 0 < person.maximum_minutes < maximum <= highest_maximum_minutes(person):
            yield "more_maximum_minutes", maximum - person.maximum_minutes, replace(person, maximum_minutes=maximum)
    for skill in {"aac", "seating"} - person.skills:
        yield "add_skill", 0, replace(person, skills=person.skills | {skill})


def wanted_maxima(facts: Case, person: Practitioner) -> set[int]:
    """Every load she could have with some of the units: at most 2^8 sums."""
    sums = {0}
    for piece in facts.units:
        sums |= {total + load_minutes(facts, person, piece) for total in sums}
    return sums


def works(
    facts: Case,
    assignment: Mapping[str, str],
    bundle: tuple[Unit, ...],
    person: Practitioner,
    before: Mapping[str, str] | None = None,
) -> bool:
    changed = replace(facts, practitioners=tuple(person if other.id == person.id else other for other in facts.practitioners))
    after = {**assignment, **{piece.id: person.id for piece in bundle}}
    if not is_allowed(changed, bundle, person) or load_of(changed, person, after) > person.maximum_minutes:
        return False
    # The targets stay: a fix is one person's fact, not a new plan.
    wanted = targets(facts)
    now = score(changed, assignment if before is None else before, targets_minutes=wanted).hours
    return score(changed, after, targets_minutes=wanted).hours < now - 1e-9


def is_allowed(facts: Case, bundle: tuple[Unit, ...], person: Practitioner) -> bool:
    return all(is_eligible(facts, person, piece) for piece in bundle)


def load_of(facts: Case, person: Practitioner, assignment: Mapping[str, str]) -> int:
    return sum(load_minutes(facts, person, piece) for piece in facts.units if assignment.get(piece.id) == person.id)


def test_the_highest_maximum_is_the_contracted_week() -> None:
    assert highest_maximum_minutes(practitioner(weekly_hours=Fraction(75, 2))) == 2250


@pytest.mark.parametrize("code", ["move_unit", "hire", "more_contracted_visits"])
def test_fixes_that_change_no_fact_of_hers_leave_the_case_as_it_is(code) -> None:
    facts = case(prices=Prices(), units=(unit(place=HERE),))
    assert case_with(facts, Fix(code, "Ana")) == facts
