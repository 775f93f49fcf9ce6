"""The ascent on several levels, the least few of a row, and arrays made in few sweeps, each held against plain loops."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.drawn_units import DISCIPLINES
from benchmarks.instances import Size, caseload
from evenload.planning.optimise.arrays import Floats
from evenload.planning.optimise.candidates import lean_record
from evenload.planning.optimise.cheapest import LANES, first_of, least_of, ranked_of, some_of
from evenload.planning.optimise.dual import Demand, staff_hours
from evenload.planning.optimise.levels import climb_by_levels, crowds_of, even_prices, open_rows
from evenload.planning.optimise.records import Records
from evenload.planning.optimise.setting import Setting, demand_of, priced, setting_of
from evenload.planning.optimise.threads import using_threads

ROUNDING = 1e-6


@pytest.fixture(scope="module")
def setting() -> Setting:
    """Three disciplines, trips with a limit, currents: everything that an ascent looks at."""
    return setting_of(caseload(Size(60, 1_200, 1.0)))


def value_of(setting: Setting, arcs: Records, demand: Demand, minute: Floats, trip: Floats) -> float:
    """What prices prove over these arcs, by plain loops."""
    total = 0.0
    for n in range(len(demand.waiting)):
        costs = [float(demand.waiting[n])]
        for k in range(demand.degree[n]):
            to = arcs[n, k]["to"]
            costs.append(float(arcs[n, k]["cost"]) + minute[to] * float(arcs[n, k]["load"]) + trip[to] * demand.trips[n])
        total += min(costs)
    at = np.concatenate([minute, trip, [0.0]])
    return total + staff_hours(setting.rooms, at, np.zeros(len(minute)))


def test_an_ascent_says_what_its_prices_prove_and_the_number_of_threads_changes_no_bit(setting: Setting) -> None:
    listed, demand = setting.unpriced, demand_of(setting.instance, setting.unpriced)
    crowds, found = crowds_of(setting.instance), []
    for threads in (1, 2, 3):
        with using_threads(threads):
            rows = open_rows(listed.arcs, listed.degree, lean_record(setting.instance))
            start = even_prices(rows, demand, setting.rooms, crowds)
            found.append(climb_by_levels(rows, demand, setting.rooms, start, crowds, passes=60, steps=(0.5, 0.01)))
    one = found[0]
    assert all(np.array_equal(one.worth.minute, other.worth.minute) and one.hours == other.hours for other in found)
    assert one.hours == pytest.approx(value_of(setting, listed.arcs, demand, one.worth.minute, one.worth.trip), abs=0.01)
    before = value_of(setting, listed.arcs, demand, start.minute, start.trip)
    assert one.hours > before + 0.01 * abs(before)


def test_crowds_share_nobody_and_hold_every_node_and_practitioner(setting: Setting) -> None:
    instance = setting.instance
    crowds = crowds_of(instance)
    assert len(crowds) == len(instance.wings) == 3
    assert sorted(np.concatenate([crowd.people for crowd in crowds]).tolist()) == list(range(len(instance.practitioners)))
    assert sorted(np.concatenate([crowd.nodes for crowd in crowds]).tolist()) == list(range(len(instance.nodes)))

    both, *others = instance.case.practitioners
    joined = setting_of(replace(instance.case, practitioners=(replace(both, disciplines=DISCIPLINES), *others))).instance
    assert len(crowds_of(joined)) < len(joined.wings)


def test_the_prices_found_are_proved_over_all_pairs_and_near_what_the_listed_arcs_allow(setting: Setting) -> None:
    found = priced(setting, None)
    demand = demand_of(setting.instance, found.listed)
    listed = value_of(setting, found.listed.arcs, demand, found.worth.minute, found.worth.trip)
    assert found.bound_hours <= listed + ROUNDING
    assert found.bound_hours >= 0.999 * listed


@given(st.lists(st.sampled_from([0.0, -1.5, 2.0, 7.25, float("inf")]) | st.floats(-1e6, 1e6), min_size=1, max_size=90), st.integers(1, 20))
def test_the_few_least_are_those_that_sorting_finds(values: list[float], wanted: int) -> None:
    row, best = np.array(values), np.empty(wanted, np.int32)
    kept = first_of(row, np.empty(len(row) + 1, np.int32), best)
    expected = [place for place in np.argsort(row, kind="stable").tolist() if np.isfinite(row[place])][:wanted]
    assert best[:kept].tolist() == expected
    assert least_of(row) == min(values)
    assert sorted(row[best[: some_of(row, np.empty(len(row) + 1, np.int32), best)]]) == [values[place] for place in expected]
    assert best[: ranked_of(np.concatenate([row, np.empty(LANES)]), len(row), best)].tolist() == expected
