"""HiGHS on the same program, as a mixed-integer program over the 16 cheapest eligible practitioners of each unit.

Left out of its model, which makes it easier for the peer: splits and trips. Its gap is its own, over these arcs alone.
"""

from __future__ import annotations

import time
from collections import defaultdict

import highspy
import numpy as np

from benchmarks.caseload_solvers.report import Report, run
from evenload.planning.case import Case, Practitioner, Unit
from evenload.planning.eligibility import is_eligible
from evenload.planning.goals import load_hours, pair_hours, waiting_hours
from evenload.planning.targets import practitioners_by_discipline, targets
from evenload.planning.travel import load_minutes

CHEAPEST = 16


class Model:
    """Columns with their entries; one row per unit (placed once), one per practitioner (the load as segments)."""

    def __init__(self, case: Case) -> None:
        self.cost: list[float] = []
        self.upper: list[float] = []
        self.is_whole: list[bool] = []
        self.start, self.row, self.value = [0], [], []
        self.row_bounds = [1.0] * len(case.units) + [0.0] * len(case.practitioners)
        self.offset = 0.0
        self._arcs(case)
        self._loads(case)

    def column(self, cost: float, upper: float, entries: list[tuple[int, float]], *, is_whole: bool) -> None:
        self.cost.append(cost)
        self.upper.append(upper)
        self.is_whole.append(is_whole)
        for row, value in entries:
            self.row.append(row)
            self.value.append(value)
        self.start.append(len(self.row))

    def _arcs(self, case: Case) -> None:
        place = {p.id: len(case.units) + i for i, p in enumerate(case.practitioners)}
        by_discipline = practitioners_by_discipline(case)
        for number, unit in enumerate(case.units):
            for cost, practitioner in cheapest(case, unit, by_discipline[unit.discipline]):
                entries = [(number, 1.0), (place[practitioner.id], float(load_minutes(case, practitioner, unit)))]
                self.column(cost, 1.0, entries, is_whole=True)
            self.column(waiting_hours(case, unit), 1.0, [(number, 1.0)], is_whole=True)

    def _loads(self, case: Case) -> None:
        wanted = targets(case)
        for i, p in enumerate(case.practitioners):
            capacity, target = p.capacity_minutes, wanted[p.id]
            low, high = float(p.comfortable_min_percent) * capacity / 100, float(p.comfortable_max_percent) * capacity / 100
            marks = sorted({0.0, low, high, capacity, target - capacity / 10, target, target + capacity / 10, p.maximum_minutes})
            breaks = [mark for mark in marks if 0 <= mark <= p.maximum_minutes]
            prices = [sum(load_hours(case, p, mark, target)) for mark in breaks]
            self.offset += prices[0]
            for at in range(len(breaks) - 1):
                width = breaks[at + 1] - breaks[at]
                self.column((prices[at + 1] - prices[at]) / width, width, [(len(case.units) + i, -1.0)], is_whole=False)

    def lp(self) -> highspy.HighsLp:
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.cost), len(self.row_bounds)
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = np.array(self.cost), np.zeros(len(self.cost)), np.array(self.upper)
        lp.row_lower_ = lp.row_upper_ = np.array(self.row_bounds)
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[whole] for whole in self.is_whole]
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.array(self.start, np.int32)
        lp.a_matrix_.index_, lp.a_matrix_.value_ = np.array(self.row, np.int32), np.array(self.value)
        lp.offset_ = self.offset
        return lp


def cheapest(case: Case, unit: Unit, people: list[Practitioner]) -> list[tuple[float, Practitioner]]:
    """The cheapest eligible pairs of a unit, by price, ties by id."""
    pairs = [(sum(pair_hours(case, p, unit).values()), p) for p in people if is_eligible(case, p, unit)]
    return sorted(pairs, key=lambda pair: (pair[0], pair[1].id))[:CHEAPEST]


def solved(case: Case, report: Report, seconds: float) -> None:
    """Search for so long after the model stands; its building is not counted, for it is this benchmark's, not the solver's."""
    lp = Model(case).lp()
    unavoidable = _unavoidable(case)
    began = time.perf_counter()
    highs = highspy.Highs()
    for name, value in (("output_flag", False), ("threads", 2), ("mip_rel_gap", 1e-4), ("time_limit", seconds)):
        highs.setOptionValue(name, value)
    highs.passModel(lp)

    def on_better(event: highspy.HighsCallbackEvent) -> None:
        value, bound = event.data_out.objective_function_value, event.data_out.mip_dual_bound
        report.told(time.perf_counter() - began, 100 * (value - bound) / (value - unavoidable))

    highs.cbMipImprovingSolution += on_better
    highs.solve()
    info = highs.getInfo()
    report.seconds = time.perf_counter() - began
    if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        report.hours, report.bound = info.objective_function_value, info.mip_dual_bound
        report.told(report.seconds, 100 * (report.hours - report.bound) / (report.hours - unavoidable))


def _unavoidable(case: Case) -> float:
    by_discipline: dict[str, list[Practitioner]] = defaultdict(list, practitioners_by_discipline(case))
    nobody = [u for u in case.units if not any(is_eligible(case, p, u) for p in by_discipline[u.discipline])]
    return sum(waiting_hours(case, unit) for unit in nobody)


if __name__ == "__main__":
    run("highs", solved)
