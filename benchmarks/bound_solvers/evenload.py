"""Our bound by prices, and its second count over all eligible pairs by a loop that shares nothing with the engine's pricing."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from benchmarks.bound_solvers.all_pairs import counted_again
from benchmarks.bound_solvers.same_arcs import run
from evenload.planning.case import Case
from evenload.planning.optimise.candidates import lean_record
from evenload.planning.optimise.dual import Ascent
from evenload.planning.optimise.levels import climb_by_levels, crowds_of, even_prices, open_rows
from evenload.planning.optimise.setting import Priced, Setting, climbs_of, demand_of, priced, setting_of
from evenload.planning.optimise.warm import warm

T = TypeVar("T")


RUNS = 3
"""The fastest is told: the first loads the compiled code."""


def solved(case: Case, _seconds: float) -> dict[str, Any]:
    """Prices and bound; the arrays stand before the clock starts."""
    warm()
    setting = setting_of(case)
    found, told = _fastest(lambda: priced(setting, None))
    ascent, alone = _fastest(lambda: same_arcs(setting, found))
    counted = counted_again(case, setting.targets_minutes, np.asarray(found.worth.minute), np.asarray(found.worth.trip))
    if not abs(counted - found.certified_hours) <= 1e-6 * max(1.0, abs(counted)):
        raise SystemExit(f"the second count of the bound disagrees: {counted} instead of {found.certified_hours}")
    return {**told, "hours": found.bound_hours, "recount": "agrees over all pairs", "same_arcs": {**alone, "hours": ascent.hours}}


def same_arcs(setting: Setting, found: Priced) -> Ascent:
    """The ascent over the arcs that the other solvers get, from no prices at all; what it proves holds for these arcs alone."""
    demand, crowds = demand_of(setting.instance, found.listed), crowds_of(setting.instance)
    rows = open_rows(found.listed.arcs, found.listed.degree, lean_record(setting.instance))
    worth = even_prices(rows, demand, setting.rooms, crowds)
    for passes, steps in climbs_of(setting.instance, None):
        ascent = climb_by_levels(rows, demand, setting.rooms, worth, crowds, passes=passes, steps=steps)
        worth = ascent.worth
    return ascent


def _fastest(work: Callable[[], T]) -> tuple[T, dict[str, float]]:
    """What the work answers, and the seconds of the fastest run."""
    spent = []
    for _ in range(RUNS):
        began = time.perf_counter(), time.process_time()
        answer = work()
        spent.append((time.perf_counter() - began[0], time.process_time() - began[1]))
    seconds, processor = min(spent)
    return answer, {"seconds": seconds, "processor_seconds": processor}


if __name__ == "__main__":
    run("evenload", solved)
