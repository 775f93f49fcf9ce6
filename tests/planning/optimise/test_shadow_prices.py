"""Where an hour helps: what it says is what the linear program saves when the hour is there (AS13)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from linear_program import LinearProgram

from benchmarks.instances import Size, caseload
from evenload.planning.case import Case
from evenload.planning.optimise import Limit, solve
from evenload.planning.plan import Plan
from evenload.planning.shadow import HelpfulHour, french_or_other, where_an_hour_helps

pytestmark = pytest.mark.slow

SMALL_HOURS = 0.02
"""Below this a week, savings are next to nothing, and their ratio says nothing."""


def saved_by_linear_program(case: Case, plan: Plan, row: HelpfulHour, minutes: float) -> float:
    """What the optimum falls by, per hour, when the group has so many minutes more, spread over it by capacity."""
    targets = {load.practitioner: load.target_minutes for load in plan.loads}
    group = [
        p for p in case.practitioners if (row.discipline, row.language) == (p.disciplines[0], french_or_other(p)) and p.area == row.area
    ]
    share = 1 + minutes / sum(p.capacity_minutes for p in group)
    grown = {p.id: replace(p, capacity_minutes=share * p.capacity_minutes, maximum_minutes=share * p.maximum_minutes) for p in group}
    wanted = targets | {p.id: share * targets[p.id] for p in group}
    with_hours = replace(case, practitioners=tuple(grown.get(p.id, p) for p in case.practitioners))
    return (LinearProgram(case, targets).optimum() - LinearProgram(with_hours, wanted).optimum()) * 60 / minutes


@pytest.mark.parametrize("tightness, minutes", [(0.8, 60), (0.95, 10), (1.10, 60), (1.25, 60)])
def test_an_hour_saves_what_it_says_within_a_tenth(tightness: float, minutes: float) -> None:
    case = caseload(Size(12, 240, tightness))
    plan = solve(case, limit=Limit(seconds=0.0))

    rows = where_an_hour_helps(case, plan)

    assert len(rows) == 6
    for row in rows:
        saved = saved_by_linear_program(case, plan, row, minutes)
        assert row.saved_hours == pytest.approx(saved, rel=0.1, abs=SMALL_HOURS), row


def test_near_balance_the_first_minutes_of_an_hour_help_more_than_the_last() -> None:
    """Supply just above demand: the price falls within the hour, so what is said is what it saves at most."""
    case = caseload(Size(30, 600, 0.95))
    plan = solve(case, limit=Limit(seconds=0.0))

    dearest = where_an_hour_helps(case, plan)[0]

    assert 0.8 * dearest.saved_hours <= saved_by_linear_program(case, plan, dearest, 60) <= dearest.saved_hours + 1e-3
    assert saved_by_linear_program(case, plan, dearest, 5) == pytest.approx(dearest.saved_hours, rel=0.1)
