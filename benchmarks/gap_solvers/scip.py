"""SCIP."""

from __future__ import annotations

from pyscipopt import SCIP_EVENTTYPE, Eventhdlr, Model, quicksum

from benchmarks.gap_solvers.instance import Instance
from benchmarks.gap_solvers.timeline import Timeline, run


class Watch(Eventhdlr):  # type: ignore[misc]
    """Notes every incumbent, and the bound at every node solved."""

    def __init__(self, chosen: list[list[object]], timeline: Timeline) -> None:
        self.chosen, self.timeline = chosen, timeline

    def eventinit(self) -> None:
        """Ask to be told of better solutions and of solved nodes."""
        self.model.catchEvent(SCIP_EVENTTYPE.BESTSOLFOUND, self)
        self.model.catchEvent(SCIP_EVENTTYPE.NODESOLVED, self)

    def eventexec(self, event: object) -> None:
        """Called by SCIP."""
        if event.getType() == SCIP_EVENTTYPE.BESTSOLFOUND:  # type: ignore[attr-defined]
            self.timeline.found(agents_of_jobs(self.model, self.chosen))
        self.timeline.proved(self.model.getDualbound())


def agents_of_jobs(model: Model, chosen: list[list[object]]) -> list[int]:
    """The agent of each job in SCIP's best solution."""
    best = model.getBestSol()
    return [max(range(len(chosen)), key=lambda agent: best[chosen[agent][job]]) for job in range(len(chosen[0]))]


def solve(instance: Instance, timeline: Timeline, seconds: float, threads: int) -> None:  # noqa: ARG001 — the solver is sequential
    """Solve until time runs out. SCIP is sequential: `threads` has no effect."""
    agents, jobs = instance.shape
    model = Model()
    model.hideOutput()
    chosen = [[model.addVar(vtype="B", obj=int(instance.costs[agent, job])) for job in range(jobs)] for agent in range(agents)]
    for job in range(jobs):
        model.addCons(quicksum(row[job] for row in chosen) == 1)
    for agent, row in enumerate(chosen):
        load = quicksum(int(instance.weights[agent, job]) * row[job] for job in range(jobs))
        model.addCons(load <= int(instance.capacities[agent]))
    model.includeEventhdlr(Watch(chosen, timeline), "watch", "notes incumbents and bounds")
    model.setParam("limits/time", max(0.1, seconds - timeline.now()))
    model.optimize()
    timeline.proved(model.getDualbound())
    if model.getNSols():
        timeline.found(agents_of_jobs(model, chosen))


if __name__ == "__main__":
    run(solve)
