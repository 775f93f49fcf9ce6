"""Evenload on a synthetic program; plan and bound are counted again before their figures are printed.

The steps are those of `solve`, so that the prices of units that prove the bound are at hand.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np

from benchmarks.bound_solvers.all_pairs import counted_by_discipline
from benchmarks.caseload_solvers.parts_again import ROUNDING, shown
from benchmarks.caseload_solvers.report import Report, counted_hours, peak_megabytes, run
from benchmarks.caseload_solvers.weeks_again import Floats, bound_of_weeks, trip_price
from benchmarks.gap_solvers.branches_again import Certificate, TooLongError, WrongError
from evenload.planning.case import Case
from evenload.planning.optimise.limit import Limit, Progress, untold
from evenload.planning.optimise.part_dives import RefutedPart
from evenload.planning.optimise.result import plan_of
from evenload.planning.optimise.setting import Setting, setting_of
from evenload.planning.optimise.solve import Search
from evenload.planning.optimise.strengthen import Strengthened, strengthened
from evenload.planning.optimise.warm import warm
from evenload.planning.plan import Plan

RECOUNT_SECONDS = 120.0
"""of the processor, for the branches of one part"""

COUNTED_PROOFS = 4
"""The best proofs of a search that are counted again: in a large program each takes some ten seconds."""


def solved(case: Case, report: Report, seconds: float) -> None:
    """Search for so long; the compiled code is loaded first, as it is in a service that has started."""
    warm()
    began = time.perf_counter()
    plan, proofs = planned(
        case,
        Limit(seconds=seconds, gap_percent=0.01),
        lambda _share, gap_percent: report.told(time.perf_counter() - began, gap_percent),
    )
    report.told(time.perf_counter() - began, plan.bound.gap_percent(plan.score))
    report.peak_megabytes = peak_megabytes()
    report.hours, report.bound = plan.score.hours, plan.bound.hours
    targets_minutes = {load.practitioner: load.target_minutes for load in plan.loads}
    counted = counted_hours(case, {row.unit: row.practitioner for row in plan.assignments}, targets_minutes)
    if abs(counted - plan.score.hours) > 1e-6 * max(1.0, counted):
        raise SystemExit(f"the second count disagrees: {counted} instead of {plan.score.hours}")
    report.recounted_bound = recounted_bound(case, plan, proofs)
    avoidable = plan.score.hours - plan.score.unavoidable
    report.recounted_gap_percent = 100 * max(0.0, plan.score.hours - report.recounted_bound) / avoidable if avoidable > 0 else 0.0


def planned(case: Case, limit: Limit, progress: Progress = untold) -> tuple[Plan, Proofs]:
    """As `solve` does it, and what was proved on the way."""
    began = time.perf_counter()
    search = Search(setting_of(case), 0, limit, progress=progress, began=began)
    search.notes_branches = True
    proofs, module = Proofs(search.setting), sys.modules[Search.__module__]
    with patch.object(module, "strengthened", proofs.noting(strengthened)):
        plan = plan_of(search.run(), search.way())
    proofs.branched = [proofs.named(part) for part in search.parts_refuted]
    return plan, proofs


class Proofs:
    """What the search proved with prices of units, each time: the best of them are counted again."""

    def __init__(self, setting: Setting) -> None:
        self.units = [[unit.id for unit in node] for node in setting.instance.nodes]
        self.people = [p.id for p in setting.instance.practitioners]
        self.best: list[tuple[float, Floats]] = []
        self.branched: list[Branched] = []

    def noting(self, prove: Callable[..., Strengthened]) -> Callable[..., Strengthened]:
        """The function, its answers noted."""

        def noted(*arguments: Any, **named: Any) -> Strengthened:
            proof = prove(*arguments, **named)
            self.note(proof.bound_hours, proof.prices)
            return proof

        return noted

    def note(self, bound_hours: float, prices: Floats) -> None:
        """That these prices [N] prove so much."""
        self.best = sorted([*self.best, (bound_hours, prices.copy())], key=lambda one: -one[0])[:COUNTED_PROOFS]

    def unit_prices(self, prices: Floats) -> dict[str, float]:
        """By unit; in these programs every node is one."""
        return {unit: float(price) for units, price in zip(self.units, prices, strict=True) for unit in units}

    def named(self, part: RefutedPart) -> Branched:
        """The part's branches with the ids that their numbers stand for."""
        refuted, units = part.refuted, [self.units[n][0] for n in part.nodes.tolist()]
        certificate = Certificate(
            refuted.first, refuted.parent, refuted.person, refuted.node, refuted.is_taken, refuted.at, refuted.price
        )  # fmt: skip
        return Branched(units, [self.people[p] for p in part.people.tolist()], certificate, refuted.target)


class Branched(NamedTuple):
    """What branches prove of one part, hours per week: its units and practitioners by id."""

    units: list[str]
    people: list[str]
    certificate: Certificate
    hours: float

    def is_discipline(self, case: Case, name: str) -> bool:
        """Whether these are all units and practitioners of the discipline, so that what is proved of the part is proved of it."""
        people = {p.id for p in case.practitioners if name in p.disciplines}
        return people == set(self.people) and {unit.id for unit in case.units if unit.discipline == name} == set(self.units)


def recounted_bound(case: Case, plan: Plan, proofs: Proofs) -> float:
    """What the plan's prices of loads and the search's prices of units prove, counted again, each discipline by the best of them.

    What branches prove of a small program's parts is counted branch by branch (`parts_again`). Ends the benchmark where the engine said more
    of any. A solver's proof beyond prices (very small programs) is not in it.
    """
    targets_minutes = {load.practitioner: load.target_minutes for load in plan.loads}
    people = sorted(case.practitioners, key=lambda p: p.id)
    minute = np.array([plan.bound.prices.get(p.id, 0.0) / 60 for p in people])
    trips = {p.id: trip_price(case, p, plan.bound.trip_prices.get(p.id, 0.0)) for p in people}
    by_loads = counted_by_discipline(case, targets_minutes, minute, np.array(list(trips.values())))
    _must_hold("prices of loads", plan.bound.certified_hours, sum(by_loads.values()))
    best = by_loads
    for told, prices in proofs.best:
        by_weeks = bound_of_weeks(case, targets_minutes, proofs.unit_prices(prices), trips)
        _must_hold("prices of units", told, sum(max(by_weeks[name], hours) for name, hours in by_loads.items()))
        best = {name: max(by_weeks[name], hours) for name, hours in best.items()}
    for part in proofs.branched:
        for name in best:
            if part.is_discipline(case, name):
                best[name] = max(best[name], _branches_again(case, targets_minutes, trips, part))
    return sum(best.values())


def _branches_again(case: Case, targets_minutes: dict[str, int], trips: dict[str, float], part: Branched) -> float:
    """Hours that the branches show; nothing where the time is not enough. Ends the benchmark where they do not show what was told."""
    try:
        shown(case, targets_minutes, trips, part.units, part.people, part.certificate, part.hours, RECOUNT_SECONDS)
    except TooLongError:
        return -math.inf
    except WrongError as wrong:
        raise SystemExit(f"the second count of the branches disagrees: {wrong}") from wrong
    return part.hours - ROUNDING


def _must_hold(what: str, told: float, counted: float) -> None:
    if told > counted + 1e-6 * max(1.0, abs(counted)):
        raise SystemExit(f"the second count of the bound disagrees: {what} prove {counted}, not {told}")


if __name__ == "__main__":
    run("evenload", solved)
