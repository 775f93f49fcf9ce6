"""CP-SAT of OR-Tools."""

from __future__ import annotations

from ortools.sat.python import cp_model

from benchmarks.gap_solvers.instance import Instance
from benchmarks.gap_solvers.timeline import Timeline, run


class Watch(cp_model.CpSolverSolutionCallback):
    """Notes every incumbent."""

    def __init__(self, chosen: list[list[cp_model.IntVar]], timeline: Timeline) -> None:
        super().__init__()
        self.chosen, self.timeline = chosen, timeline

    def on_solution_callback(self) -> None:
        """Called by the solver for each better assignment."""
        jobs = range(len(self.chosen[0]))
        self.timeline.found([next(i for i, row in enumerate(self.chosen) if self.value(row[job])) for job in jobs])
        self.timeline.proved(self.best_objective_bound)


def solve(instance: Instance, timeline: Timeline, seconds: float, threads: int) -> None:
    """Solve until time runs out. Eight workers on few threads: its portfolio needs them to be itself."""
    agents, jobs = instance.shape
    model = cp_model.CpModel()
    chosen = [[model.new_bool_var("") for _ in range(jobs)] for _ in range(agents)]
    for job in range(jobs):
        model.add_exactly_one(row[job] for row in chosen)
    for agent, row in enumerate(chosen):
        model.add(cp_model.LinearExpr.weighted_sum(row, instance.weights[agent].tolist()) <= int(instance.capacities[agent]))
    everything = [variable for row in chosen for variable in row]
    model.minimize(cp_model.LinearExpr.weighted_sum(everything, instance.costs.ravel().tolist()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = max(8, threads)
    solver.parameters.max_time_in_seconds = max(0.1, seconds - timeline.now())
    solver.best_bound_callback = timeline.proved
    solver.solve(model, Watch(chosen, timeline))
    timeline.proved(solver.best_objective_bound)


if __name__ == "__main__":
    run(solve)
