"""A what-if says what the recount says: price, bound, rules; and what it tries it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from drawn_cases import drawn_case
from drawn_changes import drawn_change
from hypothesis import given
from hypothesis import strategies as st

from evenload.planning.case import Case
from evenload.planning.check import differences, placement_problems
from evenload.planning.one_change import ImpossibleChangeError, case_after
from evenload.planning.optimise import Limit, solve, what_if
from evenload.planning.optimise.outcome import Outcome
from evenload.planning.optimise.what_if import Resident, hold, refreshed
from evenload.planning.plan import Bound, Plan
from evenload.planning.recount_bound import recounted_bound
from evenload.planning.score import score
from planning.small_cases import plan_of

pytestmark = pytest.mark.slow

ROUNDING = 1e-6


def recounted(resident: Resident, case: Case, before: Plan) -> tuple[float, float, float]:
    """Price, unavoidable part and certified bound, counted by plain loops."""
    held, holder = resident.held, resident.assignment()
    found = score(case, holder)
    loads = {p.id: 60 * float(price) for p, price in zip(held.people, held.worth.minute, strict=True)}
    trips = {p.id: float(price) for p, price in zip(held.people, held.worth.trip, strict=True)}
    bound = Bound(0.0, 0.0, loads, float(held.worth.move), "prices", trips)
    plan = replace(plan_of(case, holder), bound=bound, provenance=before.provenance)
    return found.hours, found.unavoidable, min(found.hours, recounted_bound(case, plan))


def changed(resident: Resident, case: Case, dice: Random, number: int, steps: int = 30) -> tuple[Case, Outcome] | None:
    """One random change made; None where it is impossible, and then the Case cannot be changed so either."""
    change = drawn_change(dice, case, number)
    try:
        outcome = resident.apply(change, steps=steps)
    except ImpossibleChangeError as refusal:
        if refusal.code in ("unit_unknown", "practitioner_unknown", "unit_known", "hours_contradict"):
            with pytest.raises(ImpossibleChangeError):
                case_after(case, change)
        return None
    return case_after(case, change), outcome


@given(st.integers(0, 2**32), st.sampled_from([None, 0, 1]))
def test_a_what_if_agrees_with_the_recount(seed: int, max_moves: int | None) -> None:
    dice, case = Random(seed), drawn_case(seed)
    plan = solve(case, limit=Limit(max_moves=max_moves))
    resident = hold(case, plan)
    assert resident.judged.hours == pytest.approx(plan.score.hours, abs=ROUNDING)
    assert resident.judged.certified_hours == pytest.approx(plan.bound.certified_hours, abs=ROUNDING)

    for number in range(12):
        made = changed(resident, case, dice, number)
        if made is None:
            continue
        case, outcome = made
        hours, unavoidable, certified = recounted(resident, case, plan)
        assert placement_problems(case, resident.assignment()) == ()
        assert outcome.after == resident.judged
        assert outcome.after.hours == pytest.approx(hours, abs=ROUNDING)
        assert outcome.after.unavoidable_hours == pytest.approx(unavoidable, abs=ROUNDING)
        assert outcome.after.certified_hours == pytest.approx(certified, abs=ROUNDING)
        assert outcome.after.certified_hours <= outcome.after.bound_hours + ROUNDING


@given(st.integers(0, 2**32))
def test_what_is_tried_alters_nothing_and_is_what_would_be_done(seed: int) -> None:
    dice, case = Random(seed), drawn_case(seed)
    resident = hold(case, solve(case))
    for number in range(4):
        before, holder, change = resident.judged, resident.assignment(), drawn_change(dice, resident.case(), number)
        try:
            tried = resident.try_change(change, steps=50)
        except ImpossibleChangeError:
            continue
        assert (resident.judged, resident.assignment()) == (before, holder)
        assert resident.apply(change, steps=50) == tried
        moved = {hand.unit: hand.after for hand in tried.hands}
        assert resident.assignment() == {
            id: who for id, who in {**holder, **moved}.items() if who is not None and id in {u.id for u in resident.case().units}
        }


def rebuilt_once(patched: pytest.MonkeyPatch) -> Callable[[Resident], Resident]:
    """Rebuilding asks to be refreshed in turn: from then on there are never too many rows."""
    rebuild = what_if._rebuilt

    def rebuilt(resident: Resident) -> Resident:
        patched.setattr(what_if, "SPARE", 1e9)
        return rebuild(resident)

    return rebuilt


@given(st.integers(0, 2**32), st.sampled_from([None, 1]))
def test_refreshed_prices_prove_at_least_as_much_and_the_plan_is_recounted(seed: int, max_moves: int | None) -> None:
    dice, case = Random(seed), drawn_case(seed)
    plan_before = solve(case, limit=Limit(max_moves=max_moves))
    resident = hold(case, plan_before)
    for number in range(6):
        made = changed(resident, case, dice, number)
        case = made[0] if made else case

    fresh = refreshed(resident)

    assert fresh.judged.hours == pytest.approx(resident.judged.hours, abs=ROUNDING)
    assert fresh.judged.bound_hours >= resident.judged.bound_hours - ROUNDING
    assert fresh.judged.bound_hours <= solve(case, limit=Limit(max_moves=max_moves)).score.hours + ROUNDING or max_moves is not None
    assert (fresh.assignment(), fresh.put_by_hand()) == (resident.assignment(), resident.put_by_hand())
    judged, holder = resident.judged, resident.assignment()
    after = case
    for number in range(6, 12):
        made = changed(fresh, after, dice, number)
        after = made[0] if made else after
        assert (fresh.judged.hours, fresh.judged.unavoidable_hours, fresh.judged.certified_hours) == pytest.approx(
            recounted(fresh, after, plan_before), abs=ROUNDING
        )
    # What happens to the fresh one does not happen to the one that it was made of, and that one can be refreshed again.
    assert (resident.judged, resident.assignment()) == (judged, holder)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(what_if, "MOST_ROWS", 0.0)
        patched.setattr(what_if, "SPARE", -1)
        patched.setattr(what_if, "_rebuilt", rebuilt_once(patched))
        fresh = refreshed(resident)
    assert (fresh.assignment(), fresh.put_by_hand()) == (resident.assignment(), resident.put_by_hand())
    assert (fresh.judged.hours, fresh.judged.unavoidable_hours, fresh.judged.certified_hours) == pytest.approx(
        recounted(fresh, case, plan_before), abs=ROUNDING
    )
    plan = fresh.plan()
    assert plan.score.hours == pytest.approx(fresh.judged.hours, abs=ROUNDING)
    assert differences(resident.case(), plan) == ()
