"""HiGHS on the same program (`program`), on as many threads as the benchmark gives cores."""

from __future__ import annotations

import os
import time

import highspy
import numpy as np

from benchmarks.caseload_solvers.program import Program, program_of
from benchmarks.caseload_solvers.report import Report, counted_hours, run
from evenload.planning.case import Case


def lp_of(program: Program) -> highspy.HighsLp:
    """The program as HiGHS takes it, column by column."""
    columns, entries = program.columns, program.entries
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_, lp.offset_ = len(columns.cost), len(program.row_low), columns.offset
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = columns.cost, np.zeros(len(columns.cost)), columns.upper
    lp.row_lower_, lp.row_upper_ = program.row_low, program.row_high
    kinds = (highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous)
    lp.integrality_ = [kinds[column >= columns.whole] for column in range(len(columns.cost))]
    order = np.argsort(entries.column, kind="stable")
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(np.bincount(entries.column, minlength=len(columns.cost)))]).astype(np.int32)
    lp.a_matrix_.index_, lp.a_matrix_.value_ = entries.row[order].astype(np.int32), entries.value[order]
    return lp


def solved(case: Case, report: Report, seconds: float) -> None:
    """Search for so long after the model stands; its building is not counted, for it is this benchmark's, not the solver's."""
    program = program_of(report)
    lp, unavoidable = lp_of(program), program.unavoidable_hours
    began = time.perf_counter()
    highs = highspy.Highs()
    for name, value in (("output_flag", False), ("threads", len(os.sched_getaffinity(0))), ("mip_rel_gap", 1e-4), ("time_limit", seconds)):
        highs.setOptionValue(name, value)
    highs.passModel(lp)

    def on_news(event: highspy.HighsCallbackEvent) -> None:
        value, bound = event.data_out.mip_primal_bound, event.data_out.mip_dual_bound
        if abs(value) < 1e20 and abs(bound) < 1e20:
            report.told(time.perf_counter() - began, 100 * (value - bound) / (value - unavoidable))

    highs.cbMipImprovingSolution += on_news
    highs.cbMipLogging += on_news
    highs.solve()
    report.seconds = time.perf_counter() - began
    found = highs.getInfo()
    if found.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        holders = program.holders(highs.getSolution().col_value)
        report.hours, report.bound = counted_hours(case, holders, program.targets_minutes), found.mip_dual_bound
        if abs(report.hours - found.objective_function_value) > 1e-4 * max(1.0, report.hours):
            raise SystemExit(f"the program is not the Case: {found.objective_function_value} instead of {report.hours}")
        report.told(report.seconds, 100 * (report.hours - report.bound) / (report.hours - unavoidable))


if __name__ == "__main__":
    run("highs", solved)
