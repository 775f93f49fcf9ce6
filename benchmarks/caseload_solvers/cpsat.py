"""CP-SAT of OR-Tools on the same program (`program`), in whole numbers: hours by the billion, minutes and trips by the hundred thousand."""

from __future__ import annotations

import time

import numpy as np
from ortools.sat.python import cp_model

from benchmarks.caseload_solvers.program import Program, program_of
from benchmarks.caseload_solvers.report import Report, counted_hours, run
from evenload.planning.case import Case

PER_HOUR = 10**9
PER_MINUTE = 1000
"""Also per trip. Pieces of loads end at whole thousandths of a minute; trips are rounded to them."""

PATIENT = 10**6
"""Trips above a limit that are allowed for, a week."""


def model_of(program: Program) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    """The program as CP-SAT takes it; pieces of loads and trips are counted in thousandths."""
    columns, entries = program.columns, program.entries
    model = cp_model.CpModel()
    whole = [model.new_bool_var("") for _ in range(columns.whole)]
    lengths = np.minimum(columns.upper[columns.whole :], PATIENT)
    rest = [model.new_int_var(0, round(float(length) * PER_MINUTE), "") for length in lengths]
    variables, nodes = whole + rest, len(program.units)
    order = np.argsort(entries.row, kind="stable")
    edges = np.searchsorted(entries.row[order], np.arange(len(program.row_low) + 1))
    for row, (low, high) in enumerate(zip(program.row_low.tolist(), program.row_high.tolist(), strict=True)):
        own = order[edges[row] : edges[row + 1]]
        chosen = [variables[column] for column in entries.column[own]]
        if row < nodes:
            model.add_exactly_one(chosen)
            continue
        scale = np.where(entries.column[own] < columns.whole, PER_MINUTE, 1)
        total = cp_model.LinearExpr.weighted_sum(chosen, np.rint(entries.value[own] * scale).astype(np.int64).tolist())
        if low == high:
            model.add(total == round(low * PER_MINUTE))
        else:
            model.add(total <= round(high * PER_MINUTE))
    per_column = np.where(np.arange(len(columns.cost)) < columns.whole, PER_HOUR, PER_HOUR // PER_MINUTE)
    model.minimize(cp_model.LinearExpr.weighted_sum(variables, np.rint(columns.cost * per_column).astype(np.int64).tolist()))
    return model, whole


class Watch(cp_model.CpSolverSolutionCallback):
    """Tells the report of every better plan."""

    def __init__(self, report: Report, offset: float, unavoidable: float) -> None:
        super().__init__()
        self.report, self.offset, self.unavoidable, self.began = report, offset, unavoidable, time.perf_counter()

    def on_solution_callback(self) -> None:
        """Called by the solver."""
        value, bound = self.objective_value / PER_HOUR + self.offset, self.best_objective_bound / PER_HOUR + self.offset
        self.report.told(time.perf_counter() - self.began, 100 * (value - bound) / (value - self.unavoidable))


def solved(case: Case, report: Report, seconds: float) -> None:
    """Search for so long after the model stands. Eight workers whatever the cores: its portfolio needs them to be itself."""
    program = program_of(report)
    model, whole = model_of(program)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 8
    solver.parameters.max_time_in_seconds = seconds
    offset, unavoidable = program.columns.offset, program.unavoidable_hours
    watch = Watch(report, offset, unavoidable)
    status = solver.solve(model, watch)
    report.seconds = time.perf_counter() - watch.began
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        holders = program.holders(np.array([solver.value(one) for one in whole[: len(program.arc_node)]], np.float64))
        report.hours = counted_hours(case, holders, program.targets_minutes)
        report.bound = solver.best_objective_bound / PER_HOUR + offset
        report.told(report.seconds, 100 * (report.hours - report.bound) / (report.hours - unavoidable))


if __name__ == "__main__":
    run("cpsat", solved)
