"""Where an hour helps: what it says is what the linear program saves when the hour is there (AS13)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from linear_program import LinearProgram

from benchmarks.instances import Size, caseload
from evenload.planning.case import Case
from evenload.planning.optimise import Limit, hours_saved, solve
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


@pytest.mark.parametrize("tightness", [0.8, 0.95, 1.10, 1.25])
@pytest.mark.parametrize("size", [(12, 240), (30, 600)])
def test_a_whole_hour_saves_what_it_says(size: tuple[int, int], tightness: float) -> None:
    """AS13 asks for a tenth; the whole hour is added, so it is exact. Its first minutes may save more, never less."""
    case = caseload(Size(*size, tightness))
    plan = solve(case, limit=Limit(seconds=0.0))

    rows = where_an_hour_helps(case, plan)

    assert len(rows) == 6
    for row in rows:
        saved = saved_by_linear_program(case, plan, row, 60)
        assert row.saved_hours == pytest.approx(saved, rel=0.01, abs=0.001), row
        assert row.first_saved_hours >= 0.9 * row.saved_hours - SMALL_HOURS, row


def test_near_balance_the_first_minutes_of_an_hour_help_more_than_the_last() -> None:
    """Supply just above demand: the price falls within the hour; both figures are kept."""
    case = caseload(Size(30, 600, 0.95))
    plan = solve(case, limit=Limit(seconds=0.0))

    dearest = where_an_hour_helps(case, plan)[0]

    assert dearest.saved_hours < 0.95 * dearest.first_saved_hours
    assert saved_by_linear_program(case, plan, dearest, 5) == pytest.approx(dearest.first_saved_hours, rel=0.1)


def test_beyond_a_size_and_under_a_limit_on_moves_the_first_minutes_stand_for_the_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    case = caseload(Size(12, 240, 1.10))
    limited = solve(case, limit=Limit(seconds=0.0, max_moves=5))
    monkeypatch.setattr(hours_saved, "MOST_NODES", 239)
    large = solve(case, limit=Limit(seconds=0.0))

    for plan in (limited, large):
        assert plan.hours_saved == ()
        assert all(row.saved_hours == row.first_saved_hours for row in where_an_hour_helps(case, plan))


def test_an_hour_of_a_group_with_pinned_units_and_trip_limits_is_counted_too() -> None:
    """Pinned loads and limits on trips are in the program; the optimum itself is that of the program of the tests."""
    case = caseload(Size(12, 240, 1.10))
    people = tuple(replace(p, max_sites_per_day=1) for p in case.practitioners)
    mine = [unit for unit in case.units if unit.current is not None][:20]
    pinned = {unit.id: replace(unit, pinned_to=unit.current) for unit in mine}
    with_pins = replace(case, practitioners=people, units=tuple(pinned.get(u.id, u) for u in case.units))
    plan = solve(with_pins, limit=Limit(seconds=0.0))

    for row in where_an_hour_helps(with_pins, plan):
        saved = saved_by_linear_program(with_pins, plan, row, 60)
        assert row.saved_hours == pytest.approx(saved, rel=0.1, abs=SMALL_HOURS), row
