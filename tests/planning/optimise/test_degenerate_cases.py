"""Cases without anything to decide, or without anybody to decide it for: an answer that the recount confirms, never a hang."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite

import pytest
from one_pair import case, practitioner, unit

from evenload.planning.case import Case
from evenload.planning.check import differences
from evenload.planning.one_change import Added, Leaves, Moved, NewHours
from evenload.planning.optimise import Limit, solve
from evenload.planning.optimise.what_if import hold, refreshed
from evenload.planning.plan import Plan

pytestmark = pytest.mark.slow

ANA = practitioner(id="ana")
BEA = practitioner(id="bea")
MANY = 400


def units(count: int, **facts: object) -> tuple[object, ...]:
    return tuple(unit(id=f"u{number}", stated_id=f"u{number}", **facts) for number in range(count))


CASES = {
    "nobody and nothing": case((), ()),
    "no practitioners": case((), units(3)),
    "no units": case((ANA, BEA), ()),
    "all waiting: nobody of the discipline": case((ANA,), units(3, discipline="PT")),
    "all waiting: held back": case((ANA,), units(3, held_back="contract_exhausted")),
    "one practitioner": case((ANA,), units(5)),
    "zero-minute units": case((ANA, BEA), units(6, minutes=0, peak_minutes=0)),
    "all pinned": case((ANA, BEA), units(4, current="ana", pinned_to="ana")),
    "pinned above every maximum": case((ANA, BEA), units(3, minutes=5_000, peak_minutes=5_000, current="ana", pinned_to="ana")),
    "very many equal units": case((ANA, BEA), units(MANY)),
    "capacity zero": case(tuple(replace(p, capacity_minutes=0, maximum_minutes=0) for p in (ANA, BEA)), units(3)),
    "larger than any capacity": case((ANA, BEA), units(3, minutes=100_000, peak_minutes=100_000)),
    "a load near the limit of whole numbers of 32 bits": case((ANA,), units(2, minutes=2**30, peak_minutes=2**30)),
}
LIMIT = Limit(moves_per_unit=20)


def is_an_answer(drawn: Case, plan: Plan) -> bool:
    """Every unit once, each figure finite, the bound at most the price, and the recount in agreement."""
    figures = (
        plan.score.hours,
        plan.bound.hours,
        plan.bound.certified_hours,
        plan.bound.gap_percent(plan.score),
        *plan.bound.prices.values(),
    )
    assert differences(drawn, plan) == ()
    assert len(plan.assignments) + len(plan.waiting) == len(drawn.units)
    return all(isfinite(figure) for figure in figures) and plan.bound.hours <= plan.score.hours + 1e-6


@pytest.mark.parametrize("name", CASES)
def test_a_degenerate_case_has_an_answer_that_is_counted_twice(name: str) -> None:
    drawn = CASES[name]

    assert is_an_answer(drawn, solve(drawn, limit=LIMIT))


@pytest.mark.parametrize("name", [name for name, drawn in CASES.items() if drawn.practitioners])
def test_a_degenerate_case_can_be_held_and_changed(name: str) -> None:
    drawn = CASES[name]
    resident = hold(drawn, solve(drawn, limit=LIMIT))

    for change in (NewHours("ana", 600, 700), Added(unit(id="new", stated_id="new")), Moved("new", None), Leaves("ana")):
        after = resident.apply(change).after
        assert isfinite(after.gap_percent)
        assert after.bound_hours <= after.hours + 1e-6

    assert is_an_answer(resident.case(), refreshed(resident).plan())


def test_what_stops_a_search_at_once_leaves_a_feasible_plan_and_progress_was_told() -> None:
    """Ctrl-C in the terminal answers `should_stop`: the first plan is kept and says that it was interrupted."""
    told: list[tuple[float, float]] = []

    drawn = CASES["very many equal units"]
    plan = solve(drawn, limit=Limit(gap_percent=0.0), should_stop=lambda: True, progress=lambda share, gap: told.append((share, gap)))

    assert is_an_answer(drawn, plan)
    assert plan.provenance.stopped_by in ("interrupted", "proved")
    assert told[0][0] == 0.0
    assert told[-1][0] == 1.0
    assert all(isfinite(gap) and gap >= 0 for _, gap in told)
