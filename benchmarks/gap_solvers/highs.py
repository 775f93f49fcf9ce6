"""HiGHS: the assignment as a mixed-integer program."""

from __future__ import annotations

import highspy
import numpy as np

from benchmarks.gap_solvers.instance import Instance
from benchmarks.gap_solvers.timeline import Timeline, run


def model(instance: Instance) -> highspy.HighsLp:
    """Binary x[agent, job]; rows: every job once, every agent within capacity."""
    agents, jobs = instance.shape
    columns = agents * jobs
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = columns, jobs + agents
    lp.col_cost_ = instance.costs.ravel().astype(float)
    lp.col_lower_, lp.col_upper_ = np.zeros(columns), np.ones(columns)
    lp.row_lower_ = np.concatenate([np.ones(jobs), np.full(agents, -highspy.kHighsInf)])
    lp.row_upper_ = np.concatenate([np.ones(jobs), instance.capacities.astype(float)])
    rows = np.empty((columns, 2), np.int32)
    rows[:, 0] = np.tile(np.arange(jobs), agents)
    rows[:, 1] = jobs + np.repeat(np.arange(agents), jobs)
    values = np.ones((columns, 2))
    values[:, 1] = instance.weights.ravel()
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.arange(0, 2 * columns + 1, 2, dtype=np.int32)
    lp.a_matrix_.index_, lp.a_matrix_.value_ = rows.ravel(), values.ravel()
    lp.integrality_ = [highspy.HighsVarType.kInteger] * columns
    return lp


def solve(instance: Instance, timeline: Timeline, seconds: float, threads: int) -> None:
    """Solve to optimality or until time runs out, noting every incumbent and bound."""
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", threads)
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.passModel(model(instance))

    def on_incumbent(event: highspy.HighsCallbackEvent) -> None:
        timeline.found(np.asarray(event.data_out.mip_solution).reshape(instance.shape).argmax(axis=0))
        timeline.proved(event.data_out.mip_dual_bound)

    def on_log(event: highspy.HighsCallbackEvent) -> None:
        timeline.proved(event.data_out.mip_dual_bound)

    highs.cbMipImprovingSolution += on_incumbent
    highs.cbMipLogging += on_log
    highs.setOptionValue("time_limit", max(0.1, seconds - timeline.now()))
    highs.solve()
    found = highs.getInfo()
    if found.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        timeline.found(np.array(highs.getSolution().col_value).reshape(instance.shape).argmax(axis=0))
    timeline.proved(found.mip_dual_bound)


if __name__ == "__main__":
    run(solve)
