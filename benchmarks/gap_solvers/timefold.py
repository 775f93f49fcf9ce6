"""Timefold: construction and local search on a constraint provider (its Python package, on Java)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from timefold.solver import SolverFactory
from timefold.solver.config import Duration, ScoreDirectorFactoryConfig, SolverConfig, TerminationConfig
from timefold.solver.domain import (
    PlanningEntityCollectionProperty,
    PlanningId,
    PlanningScore,
    PlanningVariable,
    ProblemFactCollectionProperty,
    ValueRangeProvider,
    planning_entity,
    planning_solution,
)
from timefold.solver.score import (
    Constraint,
    ConstraintCollectors,
    ConstraintFactory,
    HardSoftScore,
    constraint_provider,
)

from benchmarks.gap_solvers.instance import Instance
from benchmarks.gap_solvers.timeline import Timeline, run


@dataclass
class Agent:
    id: Annotated[int, PlanningId]
    capacity: int


@planning_entity
@dataclass
class Job:
    id: Annotated[int, PlanningId]
    costs: list[int]
    weights: list[int]
    agent: Annotated[Agent | None, PlanningVariable] = field(default=None)

    def cost(self) -> int:
        return self.costs[self.agent.id]

    def weight(self) -> int:
        return self.weights[self.agent.id]


@planning_solution
@dataclass
class Board:
    agents: Annotated[list[Agent], ProblemFactCollectionProperty, ValueRangeProvider]
    jobs: Annotated[list[Job], PlanningEntityCollectionProperty]
    score: Annotated[HardSoftScore, PlanningScore] = field(default=None)


@constraint_provider
def constraints(factory: ConstraintFactory) -> list[Constraint]:
    return [
        factory.for_each(Job)
        .group_by(lambda job: job.agent, ConstraintCollectors.sum(lambda job: job.weight()))
        .filter(lambda agent, load: load > agent.capacity)
        .penalize(HardSoftScore.ONE_HARD, lambda agent, load: load - agent.capacity)
        .as_constraint("capacity"),
        factory.for_each(Job).penalize(HardSoftScore.ONE_SOFT, lambda job: job.cost()).as_constraint("cost"),
    ]


def solve(instance: Instance, timeline: Timeline, seconds: float, threads: int) -> None:  # noqa: ARG001 — the solver is sequential
    """Search until time runs out; it proves nothing. The Java start counts, as it does for its users."""
    agents, jobs = instance.shape
    board = Board(
        [Agent(i, int(instance.capacities[i])) for i in range(agents)],
        [Job(j, instance.costs[:, j].tolist(), instance.weights[:, j].tolist()) for j in range(jobs)],
    )
    settings = SolverConfig(
        solution_class=Board,
        entity_class_list=[Job],
        score_director_factory_config=ScoreDirectorFactoryConfig(constraint_provider_function=constraints),
        termination_config=TerminationConfig(spent_limit=Duration(milliseconds=int(1000 * max(0.5, seconds - timeline.now())))),
    )
    solver = SolverFactory.create(settings).build_solver()

    def on_best(event: object) -> None:
        if event.new_best_score.hard_score == 0:
            timeline.found([job.agent.id for job in event.new_best_solution.jobs])

    solver.add_event_listener(on_best)
    solver.solve(board)


if __name__ == "__main__":
    run(solve)
