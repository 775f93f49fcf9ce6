"""Compiles every kernel once, on a tiny Case: `python -m evenload.planning.optimise.warm`.

The compiled code is kept beside the sources and serves every later run and every size of program.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from datetime import date
from fractions import Fraction

from evenload.planning.case import Case, Practitioner, Unit
from evenload.planning.one_change import Added, Leaves, NewHours
from evenload.planning.optimise import Limit, solve
from evenload.planning.optimise.begin import board_for
from evenload.planning.optimise.caseload_dives import CaseloadDives
from evenload.planning.optimise.cooled_dives import COLD_FIRST
from evenload.planning.optimise.limit import never
from evenload.planning.optimise.setting import priced, setting_of
from evenload.planning.optimise.strengthen import scale_of
from evenload.planning.optimise.threads import using_threads
from evenload.planning.optimise.week_climb import start_of
from evenload.planning.optimise.what_if import hold, refreshed
from evenload.planning.optimise.whole_dives import begun
from evenload.planning.plan import Plan
from evenload.planning.prices import Prices
from evenload.planning.program import Place

UNITS = 90
"""More than are proved by the solver alone, so that the search runs."""


def tiny_case(units: int) -> Case:
    """Two practitioners and so many units, with everything that a kernel looks at: places, trips, companions, a bar."""
    one = Practitioner(
        id="a",
        disciplines=("OT",),
        capacity_minutes=1_200,
        maximum_minutes=1_300,
        comfortable_min_percent=Fraction(70),
        comfortable_max_percent=Fraction(95),
        weekly_hours=Fraction(30),
        languages={"en": "native"},
        skills=frozenset(),
        interests=frozenset(),
        years_experience=None,
        base=Place(45.4, -75.7),
        longest_drive_minutes=60,
        max_sites_per_day=1,
        accepts_new=True,
        team=None,
        area="all",
        days=frozenset(),
        evenings=None,
    )
    people = (one, replace(one, id="b", base=Place(45.5, -75.6)))
    return Case(
        setting="school",
        starts_on=date(2026, 1, 5),
        weeks=20,
        weeks_left=20,
        as_of=date(2026, 1, 5),
        practitioners=people,
        units=tuple(_unit(number) for number in range(units)),
        speed_kmh=Fraction(40),
        detour_factor=Fraction(13, 10),
        unknown_place_drive=15,
        fte_weekly_hours=Fraction(75, 2),
        prices=Prices(balance_clients=0.01, balance_travel=0.01),
    )


def tight_case(units: int) -> Case:
    """Three practitioners with hard limits and no price of their loads; whose travel counts, so a unit's load depends on who takes it."""
    case = tiny_case(units)
    one = replace(case.practitioners[0], capacity_minutes=20 * units, maximum_minutes=20 * units, max_sites_per_day=None)
    places = (Place(45.4, -75.7), Place(45.5, -75.6), Place(45.45, -75.66))
    people = tuple(replace(one, id=f"p{number}", base=place) for number, place in enumerate(places))
    no_load_prices = dict.fromkeys(("too_little", "balance_near", "balance_far", "dear", "overload", "split", "site_visits"), 0.0)
    own = tuple(
        replace(unit, stated_id=unit.id, current=None, barred=frozenset(), travel_in_standard=False, minutes=20 + 7 * number % 31)
        for number, unit in enumerate(case.units)
    )
    return replace(case, practitioners=people, units=own, prices=Prices(**no_load_prices))


def priced_case(units: int) -> Case:
    """The same three with the usual prices of loads and of trips."""
    case = tight_case(units)
    people = tuple(replace(person, max_sites_per_day=1 + number) for number, person in enumerate(case.practitioners))
    return replace(case, practitioners=people, prices=Prices())


def paired_case(units: int) -> Case:
    """The same, two units stated as one: they have each other as companions."""
    case = priced_case(units)
    return replace(case, units=tuple(replace(unit, stated_id="one") if number < 2 else unit for number, unit in enumerate(case.units)))


def crowded_case(units: int) -> Case:
    """The priced case with so little room that some wait, and that prices alone do not prove its plan."""
    case, most = priced_case(units), 10 * units
    return replace(case, practitioners=tuple(replace(one, capacity_minutes=most, maximum_minutes=most) for one in case.practitioners))


def _unit(number: int) -> Unit:
    return Unit(
        id=f"u{number}",
        stated_id=f"u{number // 2}",
        kind="site",
        site="s",
        site_kind="school",
        discipline="OT",
        class_id="low",
        clients=3,
        minutes=30,
        travel_in_standard=number % 2 == 0,
        visits_per_week=Fraction(1, 2),
        trips=Fraction(1, 6),
        language="en",
        language_need="preferred",
        skills_required=frozenset(),
        skills_preferred=frozenset({"seating"}),
        priority=1 + number % 4,
        weeks_waiting=0,
        current="a" if number % 3 == 0 else None,
        pinned_to=None,
        barred=frozenset({"b"}) if number % 7 == 0 else frozenset(),
        together=None,
        days=frozenset(),
        evening=False,
        experience_years=None,
        site_team=None,
        area="all",
        place=Place(45.42 + number / 100_000, -75.65),
        peak_minutes=30,
    )


def warm() -> float:
    """Compiles what is not compiled yet; returns the seconds it took."""
    began = time.perf_counter()
    small, large = tiny_case(12), tiny_case(UNITS)
    with using_threads(2):
        solve(small, limit=Limit(max_moves=3))
        plan = solve(large, limit=Limit(moves_per_unit=10, gap_percent=0.0))
        solve(replace(large, robust=1), limit=Limit(moves_per_unit=10, gap_percent=0.0))
        solve(tight_case(UNITS), limit=Limit(moves_per_unit=10, gap_percent=0.0))
        solve(paired_case(UNITS), limit=Limit(moves_per_unit=300, gap_percent=0.0))
        solve(crowded_case(UNITS), limit=Limit(moves_per_unit=2_000, gap_percent=0.0))
        _begin_large(priced_case(UNITS))
    warm_what_if(large, plan)
    return time.perf_counter() - began


def _begin_large(case: Case) -> None:
    """What only large programs begin with."""
    setting = setting_of(case)
    prices = priced(setting, None)
    board = board_for(setting, prices)
    begun(setting, prices, board, start_of(prices))
    dives = CaseloadDives(setting, 0, is_cooled=True)
    dives.rounds = COLD_FIRST
    dives.round(board, start_of(prices)._replace(scale=scale_of(board)), never)


def warm_what_if(case: Case, plan: Plan) -> None:
    """Every kind of change that asks for other kernels."""
    resident = hold(case, plan)
    for change in (Leaves("b"), NewHours("b", 1_000, 1_100), NewHours("a", 1_250, 1_350), Added(replace(case.units[0], id="new"))):
        resident.apply(change, steps=20)
    refreshed(resident)


if __name__ == "__main__":
    sys.stderr.write(f"compiled in {warm():.1f} s\n")
