"""Every practitioner once, and prices that are differences of whole plans."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from one_pair import FAR, HERE, case, practitioner, unit
from small_cases import cases_with_assignment, plan_of

from evenload.planning.case import Case, Unit
from evenload.planning.eligibility import bundles, is_eligible
from evenload.planning.explain import Explanation, candidates, explanations, units_named
from evenload.planning.fixes import changed_by
from evenload.planning.plan import Reason
from evenload.planning.score import score
from evenload.planning.standing import LOAD_STATES
from evenload.planning.travel import load_minutes

# Each example makes several whole plans.
FEWER = settings(max_examples=settings().max_examples // 3)


def reasons(explanation: Explanation, id: str) -> dict[str, Reason]:
    everybody = (*explanation.possible, *explanation.excluded)
    return {reason.code: reason for candidate in everybody if candidate.practitioner == id for reason in candidate.reasons}


def own_bundle(case: Case, id: str) -> tuple[Unit, ...]:
    alone = tuple(unit for unit in case.units if unit.id == id)
    return next((bundle for bundle in bundles(case) if any(unit.id == id for unit in bundle)), alone)


@given(cases_with_assignment())
def test_every_practitioner_appears_exactly_once(drawn) -> None:
    case, assignment = drawn
    plan = plan_of(case, assignment)
    for piece in case.units:
        explanation = candidates(case, plan, piece.id)
        names = [candidate.practitioner for candidate in (*explanation.possible, *explanation.excluded)]
        assert sorted(names) == sorted(person.id for person in case.practitioners)
        assert sorted(candidate.rank for candidate in explanation.possible) == list(range(1, len(explanation.possible) + 1))


@given(cases_with_assignment())
def test_a_difference_of_two_candidates_is_the_difference_of_two_plans(drawn) -> None:
    case, assignment = drawn
    plan = plan_of(case, assignment)
    for piece in case.units:
        explanation = candidates(case, plan, piece.id)
        scores = {}
        for candidate in explanation.possible:
            moved = {**assignment, **dict.fromkeys(explanation.units, candidate.practitioner)}
            scores[candidate.practitioner] = score(case, moved).hours
            assert candidate.than_now_hours == pytest.approx(scores[candidate.practitioner] - plan.score.hours, abs=1e-8)
        for candidate in explanation.possible:
            assert candidate.than_best_hours == pytest.approx(scores[candidate.practitioner] - min(scores.values()), abs=1e-8)


@FEWER
@given(cases_with_assignment())
def test_the_parts_of_a_price_are_the_parts_of_the_score(drawn) -> None:
    case, assignment = drawn
    plan = plan_of(case, assignment)
    for piece in case.units:
        explanation = candidates(case, plan, piece.id)
        without = {id: name for id, name in assignment.items() if id not in explanation.units}
        before = score(case, without).parts
        for candidate in explanation.possible:
            after = score(case, {**without, **dict.fromkeys(explanation.units, candidate.practitioner)}).parts
            for name in after.keys() - {"waiting"}:
                assert candidate.parts.get(name, 0.0) == pytest.approx(after[name] - before[name], abs=1e-8)


@given(cases_with_assignment())
def test_who_is_possible_is_eligible_and_has_room_and_nobody_else_is(drawn) -> None:
    case, assignment = drawn
    plan = plan_of(case, assignment)
    for piece in case.units:
        explanation = candidates(case, plan, piece.id)
        bundle = own_bundle(case, piece.id)
        loads = {load.practitioner: load.assigned_minutes for load in plan.loads}
        possible = {candidate.practitioner for candidate in explanation.possible}
        for person in case.practitioners:
            needed = sum(load_minutes(case, person, member) for member in bundle)
            fits = person.id == explanation.assigned_to or loads[person.id] + needed <= person.maximum_minutes
            assert (person.id in possible) == (fits and all(is_eligible(case, person, member) for member in bundle))


@FEWER
@given(cases_with_assignment())
def test_fixes_of_the_excluded_make_them_possible(drawn) -> None:
    case, assignment = drawn
    plan = plan_of(case, assignment)
    for piece in case.units:
        for candidate in candidates(case, plan, piece.id).excluded:
            if candidate.fixes:
                person, changed = case.practitioner(candidate.practitioner), dict(assignment)
                for fix in candidate.fixes:
                    person = changed_by(person, fix)
                    if fix.code == "move_unit":
                        changed |= dict.fromkeys(str(fix.facts["units"]).split("; "), str(fix.facts["to"]))
                repaired = replace(case, practitioners=tuple(person if p.id == person.id else p for p in case.practitioners))
                again = candidates(repaired, plan_of(repaired, changed), piece.id)
                assert candidate.practitioner in {other.practitioner for other in again.possible}


@FEWER
@given(cases_with_assignment())
def test_before_and_after_are_the_loads_of_the_two_plans(drawn) -> None:
    case, assignment = drawn
    plan = plan_of(case, assignment)
    for piece in case.units:
        explanation = candidates(case, plan, piece.id)
        for candidate in explanation.possible:
            moved = plan_of(case, {**assignment, **dict.fromkeys(explanation.units, candidate.practitioner)})
            for stated, week in ((plan, candidate.load.before), (moved, candidate.load.after)):
                load = next(load for load in stated.loads if load.practitioner == candidate.practitioner)
                counted = (load.assigned_minutes, load.travel_minutes, load.peak_minutes)
                assert (week.assigned_minutes, week.travel_minutes, week.peak_minutes) == counted


@FEWER
@given(cases_with_assignment())
def test_the_order_of_rows_does_not_change_an_explanation(drawn) -> None:
    case, assignment = drawn
    turned = replace(case, practitioners=case.practitioners[::-1], units=case.units[::-1])
    plan, turned_plan = plan_of(case, assignment), plan_of(turned, assignment)
    for piece in case.units:
        one, other = candidates(case, plan, piece.id), candidates(turned, turned_plan, piece.id)
        assert [c.practitioner for c in (*one.possible, *one.excluded)] == [c.practitioner for c in (*other.possible, *other.excluded)]


def test_the_current_practitioner_stands_on_top_whatever_her_rank() -> None:
    # Given: Zoé has the unit today, but drives an hour to it; Ana is next door.
    near, far = practitioner(id="Ana"), practitioner(id="Zoé", base=FAR)
    home = unit(current="Zoé", trips=Fraction(2))
    facts = case((near, far), (home,))
    # When
    explanation = candidates(facts, plan_of(facts, {"u1": "Ana"}), "u1")
    # Then
    first, second = explanation.possible
    assert (first.practitioner, first.is_current, first.rank) == ("Zoé", True, 2)
    assert (second.practitioner, second.is_assigned, second.rank) == ("Ana", True, 1)
    assert explanation.best == second


def test_equal_prices_are_ranked_by_id() -> None:
    facts = case((practitioner(id="b"), practitioner(id="a")), (unit(),))
    explanation = candidates(facts, plan_of(facts, {}), "u1")
    assert [candidate.practitioner for candidate in explanation.possible] == ["a", "b"]


def test_who_would_exceed_the_maximum_is_full_with_the_minutes_to_free() -> None:
    # Given: Ana has 1,150 of 1,200 minutes; u1 needs 120 and no travel.
    ana, bea = practitioner(), practitioner(id="Béa")
    big, home = unit(id="u2", minutes=1150, trips=Fraction(0)), unit(trips=Fraction(0))
    facts = case((ana, bea), (big, home))
    explanation = candidates(facts, plan_of(facts, {"u2": "Ana"}), "u1")
    # Then
    (full,) = explanation.excluded
    assert full.reasons == (Reason("full", {"free_minutes": 50, "needed_minutes": 120, "over_minutes": 70, "maximum_minutes": 1200}),)
    assert full.nearest_fix is not None
    assert (full.nearest_fix.code, full.nearest_fix.facts["more_minutes"]) == ("more_maximum_minutes", 70)
    assert full.load.after.state == "over"


def test_who_holds_the_unit_above_the_maximum_may_keep_it_and_is_told_so() -> None:
    ana = practitioner(capacity_minutes=100, maximum_minutes=100)
    home = unit(current="Ana", pinned_to="Ana", trips=Fraction(0))
    facts = case((ana,), (home,))
    (candidate,) = candidates(facts, plan_of(facts, {"u1": "Ana"}), "u1").possible
    assert Reason("over_maximum", {"over_minutes": 20}) in candidate.reasons
    assert candidate.load.before == candidate.load.after
    assert candidate.load.after.percent == 120


def test_two_obstacles_are_named_with_both_changes() -> None:
    person = practitioner(accepts_new=False, longest_drive_minutes=30)
    home = unit(place=FAR)
    facts = case((person,), (home,))
    (candidate,) = candidates(facts, plan_of(facts, {}), "u1").excluded
    assert [reason.code for reason in candidate.reasons] == ["not_accepting_new", "drive_too_long"]
    assert [fix.code for fix in candidate.fixes] == ["accept_new", "more_drive_minutes"]
    assert candidate.nearest_fix is None


@pytest.mark.parametrize(
    "person, home",
    [
        (practitioner(disciplines=("PT",)), unit()),
        (practitioner(), unit(language="fr")),
        (practitioner(), unit(barred=frozenset({"Ana"}))),
        (practitioner(evenings=False), unit(evening=True)),
        (practitioner(days=frozenset({"mon"})), unit(days=frozenset({"tue"}))),
        (practitioner(maximum_minutes=0, capacity_minutes=0), unit()),
    ],
)
def test_discipline_language_bar_days_evening_and_leave_have_no_fix(person, home) -> None:
    facts = case((person,), (home,))
    (candidate,) = candidates(facts, plan_of(facts, {}), "u1").excluded
    assert candidate.fixes == ()
    assert len(candidate.reasons) == 1


def test_blocks_are_found_by_the_id_of_their_unit() -> None:
    blocks = tuple(unit(id=f"u1#{number}", stated_id="u1") for number in range(1, 12))
    facts = case(units=blocks)
    plan = plan_of(facts, {"u1#2": "Ana"})
    assert units_named(facts, "u1") == tuple(f"u1#{number}" for number in range(1, 12))
    assert candidates(facts, plan, "u1").units == ("u1#1",)
    assert [explanation.assigned_to for explanation in explanations(facts, plan, "u1")][:2] == [None, "Ana"]
    with pytest.raises(KeyError):
        candidates(facts, plan, "u9")


def test_a_bundle_is_explained_as_a_whole() -> None:
    # Given: two classes of one school that go together; Ana's day has room for one of them only.
    ana, bea = practitioner(maximum_minutes=200, capacity_minutes=200), practitioner(id="Béa")
    classes = (unit(id="u1", together="s", trips=Fraction(0)), unit(id="u2", together="s", trips=Fraction(0), clients=4))
    facts = case((ana, bea), classes)
    explanation = candidates(facts, plan_of(facts, {}), "u2")
    assert (explanation.units, explanation.minutes, explanation.clients) == (("u1", "u2"), 240, 5)
    assert [candidate.practitioner for candidate in explanation.possible] == ["Béa"]
    assert [candidate.reasons[0].code for candidate in explanation.excluded] == ["full"]


def test_a_held_back_unit_is_explained_like_any_other_and_says_what_holds_it() -> None:
    facts = case(units=(unit(held_back="contract_exhausted"),))
    explanation = candidates(facts, plan_of(facts, {}), "u1")
    assert explanation.held_back == "contract_exhausted"
    assert [candidate.practitioner for candidate in explanation.possible] == ["Ana"]


def test_reasons_of_fit_name_what_speaks_for_her_before_what_speaks_against() -> None:
    ana = practitioner(
        languages={"en": "native", "fr": "native"},
        skills=frozenset({"aac"}),
        interests=frozenset({"seating"}),
        team="north",
        years_experience=Fraction(6),
    )
    here = unit(id="u2", kind="site", site="A", current="Ana", minutes=60, place=HERE, trips=Fraction(1))
    asked = unit(
        kind="site",
        site="A",
        language="fr",
        clients=4,
        current="Béa",
        skills_preferred=frozenset({"aac", "seating"}),
        tags=frozenset({"seating"}),
        site_team="north",
        experience_years=Fraction(3),
        trips=Fraction(1),
    )
    facts = case((ana, practitioner(id="Béa", languages={"en": "native", "fr": "fluent"}, interests=frozenset({"x"}))), (here, asked))
    explanation = candidates(facts, plan_of(facts, {"u2": "Ana"}), "u1")
    codes = [reason.code for reason in next(c for c in explanation.possible if c.practitioner == "Ana").reasons]
    assert codes == [
        "french", "at_site", "in_team", "skill_present", "shared_tags", "experienced", "drive", "new_to_clients", "skill_preferred_missing"
    ]  # fmt: skip
    bea = reasons(explanation, "Béa")
    assert bea["knows_clients"].facts == {"clients": 4}
    assert "first_at_site" not in bea  # she is there for these very clients
    assert bea["other_team"].facts == {"team": "north"}
    assert {"no_shared_tag", "skill_preferred_missing"} <= bea.keys()


def test_preferred_languages_blocks_places_and_loads_are_told_too() -> None:
    fatou = practitioner(id="Fatou", languages={"en": "native", "ar": "functional"}, base=None, years_experience=None)
    cal = practitioner(id="Cal", languages={"en": "native", "ar": "fluent"}, capacity_minutes=150, maximum_minutes=900)
    blocks = tuple(
        unit(id=f"u1#{number}", stated_id="u1", language="ar", experience_years=Fraction(2), trips=Fraction(1)) for number in (1, 2)
    )
    facts = case((fatou, cal, practitioner()), blocks)
    explanation = candidates(facts, plan_of(facts, {"u1#1": "Cal"}), "u1#2")
    assert {"language_functional", "drive_unknown", "experience_short", "splits_unit"} <= reasons(explanation, "Fatou").keys()
    assert reasons(explanation, "Cal")["joins_blocks"].facts == {"unit": "u1", "blocks": 1}
    assert reasons(explanation, "Cal")["over_capacity"].facts == {"over_minutes": 90}
    assert {"language_spoken", "drive"} <= reasons(explanation, "Cal").keys()
    assert "language_missing" in reasons(explanation, "Ana")
    no_travel = case(units=(unit(kind="site", site="clinic", trips=Fraction(0)),))
    assert "in_building" in reasons(candidates(no_travel, plan_of(no_travel, {}), "u1"), "Ana")


def test_who_covers_a_unit_is_marked() -> None:
    facts = case((practitioner(), practitioner(id="Béa")), (unit(),))
    explanation = candidates(facts, plan_of(facts, {"u1": "Ana"}, cover={"u1": "Béa"}), "u1")
    assert {candidate.practitioner: candidate.is_cover for candidate in explanation.possible} == {"Ana": False, "Béa": True}


def test_the_holder_leaves_with_less() -> None:
    facts = case((practitioner(), practitioner(id="Béa")), (unit(trips=Fraction(0)), unit(id="u2", minutes=60, trips=Fraction(0))))
    explanation = candidates(facts, plan_of(facts, {"u1": "Ana", "u2": "Ana"}), "u1")
    assert explanation.leaves is not None
    assert (explanation.leaves.before.assigned_minutes, explanation.leaves.after.assigned_minutes) == (180, 60)
    assert explanation.leaves.after.state in LOAD_STATES


def test_the_excluded_are_grouped_with_the_most_promising_first() -> None:
    people = (
        practitioner(id="a", disciplines=("PT",)),
        practitioner(id="b", languages={"en": "native", "fr": "functional"}),
        practitioner(id="c", languages={"fr": "native"}, longest_drive_minutes=5),
        practitioner(id="d", languages={"fr": "native"}, capacity_minutes=60, maximum_minutes=60),
    )
    facts = case(people, (unit(language="fr", place=FAR),))
    explanation = candidates(facts, plan_of(facts, {}), "u1")
    assert list(explanation.excluded_by()) == ["full", "drive_too_long", "language_french", "discipline"]
