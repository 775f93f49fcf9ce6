"""Polish: every part of up to a few hundred nodes as a mixed-integer program, solved by HiGHS, one thread, fixed seed.

Limits are counted in nodes of the search tree, so that the same Case gives the same plan; a limit in seconds, where one is
given, stops it as well. What it proves may be more than prices alone can certify.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from evenload.planning.optimise.arrays import Floats, Ints
from evenload.planning.optimise.begin import Placed, board_for
from evenload.planning.optimise.dual import coordinates
from evenload.planning.optimise.model import Modelled, Part, Program, modelled
from evenload.planning.optimise.parts import parts_of
from evenload.planning.optimise.setting import Priced, Setting, priced_with
from evenload.planning.optimise.state import Board, place_all, score_of_part
from evenload.planning.optimise.strengthen import Strengthened

if TYPE_CHECKING:
    import highspy

WATCH_SECONDS = 0.05

TREE_NODES, PROOF_TREE_NODES = 8, 200_000
"""Nodes of the solver's tree for each part: where it is a step among others, and where it is to prove."""

MORE_TREE = 16
"""While seconds are left, each further polish may look at so many times the nodes of the one before."""

NARROW = 0.3
"""Share of a part's gap that an arc may raise the bound by, where only a cheaper plan is looked for."""

FEW_ARCS = 400
"""Up to so many arcs of a part that a better plan may use, all of them are looked at, and the part may be proved."""

CERTAIN_HOURS = 1e-6
"""Below this difference of plan and bound a part is proved."""


@dataclass(frozen=True, slots=True)
class Effort:
    """Limits of one polish."""

    tree_nodes: int
    """of each part"""
    gap_hours: float
    """of all parts together: where it stops"""
    seconds: Callable[[], float]
    """seconds that are left; infinite where no limit is set"""
    should_stop: Callable[[], bool]
    seed: int
    least_gain: float = 0.0
    """a plan that is cheaper is so by this much at least; where it is above 0, every arc that a cheaper plan may use is looked at"""


@dataclass(frozen=True, slots=True)
class Polished:
    """The assignment after the polish (int32[N], −1 waits) and what is proved of all parts together, hours per week."""

    who: Ints
    bound_hours: float
    part_hours: tuple[float, ...]
    """bound of each part, in the order of `parts_of`"""


def tree_nodes_of(moves_per_unit: int, polishes: int) -> int:
    """Nodes of the solver's tree that each part gets in a search's so-many-th polish (from 1)."""
    return min(PROOF_TREE_NODES, int(max(1, TREE_NODES * moves_per_unit // 2000) * MORE_TREE ** min(4, polishes - 1)))


def polished(
    setting: Setting, priced: Priced, placed: Placed, most_moves: int | None, effort: Effort, *, proof: Strengthened | None = None
) -> Iterator[Polished]:
    """Solves every part from what is placed, widest gap first; answers after each of them.

    With a limit on moves the whole is one part, for its moves are one purse.
    """
    width = max(len(wing.members) for wing in setting.instance.wings)
    full = priced_with(setting, priced.worth, most_moves, placed.who, width=width)
    board = board_for(setting, full)
    place_all(*board, placed.who)
    of_person, of_node = parts_of(full.listed.arcs, full.listed.degree, setting.instance.groups, len(board.people))
    if most_moves is not None:
        of_person, of_node = np.zeros_like(of_person), np.where(of_node >= 0, 0, -1).astype(np.int32)
    tasks = []
    for number in range(int(of_person.max(initial=-1)) + 1):
        nodes, people = (np.flatnonzero(part == number).astype(np.int32) for part in (of_node, of_person))
        tasks.append(_Task(setting, full, board, nodes, people, most_moves))
        if proof is not None and most_moves is None:
            tasks[-1].use(proof, number, effort.least_gain)
    who, count = placed.who.copy(), max(1, int((of_node >= 0).sum()))
    alone, proved = float(full.listed.node_hours[of_node < 0].sum()), [task.known for task in tasks]
    for number in sorted(range(len(tasks)), key=lambda number: tasks[number].known - tasks[number].hours):
        proved[number] = tasks[number].solve(who, effort, len(tasks[number].nodes) / count)
        yield Polished(who.copy(), alone + sum(proved), tuple(proved))


class _Task:
    """One part and what is known of it before the solver starts."""

    def __init__(self, setting: Setting, full: Priced, board: Board, nodes: Ints, people: Ints, most_moves: int | None) -> None:
        self.setting, self.full, self.board, self.nodes, self.people, self.most_moves = setting, full, board, nodes, people, most_moves
        self.hours = float(score_of_part(*board, nodes, people))
        self.bound = float(full.listed.node_hours[nodes].sum() + full.staff_shares[people].sum() - full.move_credit)

        self.known, self.slack, self.narrow, self.least_gain = self.bound, np.zeros(full.listed.arcs.shape), 1.0, 0.0
        self.slack_from = self.bound

    def use(self, proof: Strengthened, number: int, least_gain: float) -> None:
        """A stronger bound of the part of this number, and by how much it rises at least with each arc.

        The slack counts from the bound at its own prices: what other prices or the solver proved beyond them closes no arc. Where many arcs
        are open the solver would hardly prove more, so it only looks for a cheaper plan, among those that raise the bound little.
        """
        self.known, self.slack, self.least_gain = max(self.bound, proof.part_hours[number]), proof.slack, least_gain
        self.slack_from = proof.slack_part_hours[number]
        self.narrow = 1.0 if least_gain > 0 or int(self._worth_keeping()[self.nodes].sum()) <= FEW_ARCS else NARROW

    def solve(self, who: Ints, effort: Effort, share: float) -> float:
        """Improves who[nodes]; returns the bound of the part. `share`: its share of the gap that is allowed."""
        gap = max(CERTAIN_HOURS, effort.gap_hours * share, 0.99 * self.least_gain)
        if not len(self.nodes):
            return self.hours  # nothing is left to decide
        if self.hours - self.known <= gap or effort.seconds() <= 0 or effort.should_stop():
            return self.known
        model = modelled(Part(self.board, self.setting.rooms, self.nodes, self.people, self._worth_keeping(), self.most_moves))
        solver = _solver_of(model.program, effort, gap)
        _run(solver, effort, is_watched=len(self.nodes) > 60)
        proved = self._taken_over(solver, model, who)
        return max(self.known, proved) if self.narrow == 1.0 else self.known

    def _worth_keeping(self) -> NDArray[np.bool_]:
        """bool[N, K]: arcs that a better plan may use; one whose price exceeds the node's least by more than the gap cannot."""
        arcs, at, people = self.full.listed.arcs, coordinates(self.full.worth), len(self.board.people)
        price = arcs["cost"] + at[arcs["to"]] * arcs["load"] + at[-1] * arcs["moves"]
        price += at[people + arcs["to"]] * self.setting.instance.trips[:, None]
        slack: Floats = price - self.full.listed.node_hours[:, None]
        is_listed = np.arange(arcs.shape[1]) < self.full.listed.degree[:, None]
        better = self.hours - self.least_gain
        is_open = slack <= better - self.bound + CERTAIN_HOURS
        return is_listed & is_open & (self.slack <= self.narrow * (better - self.slack_from) + CERTAIN_HOURS)

    def _taken_over(self, solver: highspy.Highs, model: Modelled, who: Ints) -> float:
        """Writes a cheaper plan into who[nodes]; returns what the solver proved, at most the price of the plan at hand."""
        import highspy

        found = solver.getInfo()
        if found.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
            values = np.array(solver.getSolution().col_value)
            if found.objective_function_value < self.hours - CERTAIN_HOURS:
                who[self.nodes] = -1
                for (n, k), column in model.arc_column.items():
                    if values[column] > 0.5:
                        who[n] = self.board.arcs[n, k]["to"]
        return min(self.hours, found.mip_dual_bound) if math.isfinite(found.mip_dual_bound) else -math.inf


def _solver_of(program: Program, effort: Effort, gap_hours: float) -> highspy.Highs:
    import highspy  # imported late: programs that are not polished do without its megabytes

    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    options: dict[str, bool | int | float] = {
        "output_flag": False,
        "threads": 1,
        "random_seed": effort.seed % 2**31,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": gap_hours / 2,
        "mip_max_nodes": effort.tree_nodes,
    }
    if math.isfinite(effort.seconds()):
        options["time_limit"] = max(0.05, effort.seconds())
    for name, value in options.items():
        solver.setOptionValue(name, value)
    solver.passModel(_linear_program(program))
    start = highspy.HighsSolution()
    start.col_value = program.start
    solver.setSolution(start)
    return solver


def _linear_program(program: Program) -> highspy.HighsLp:
    """The program column by column."""
    import highspy

    entries = np.array(program.entries, np.float64).reshape(-1, 3)
    entries = entries[np.argsort(entries[:, 1], kind="stable")]
    counts = np.bincount(entries[:, 1].astype(np.int64), minlength=len(program.cost))
    linear = highspy.HighsLp()
    linear.num_col_, linear.num_row_ = len(program.cost), len(program.row_low)
    linear.col_cost_, linear.offset_ = np.array(program.cost), program.offset
    linear.col_lower_, linear.col_upper_ = np.array(program.low), np.array(program.high)
    linear.row_lower_, linear.row_upper_ = np.array(program.row_low), np.array(program.row_high)
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    linear.integrality_ = [kinds[whole] for whole in program.whole]
    linear.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    linear.a_matrix_.start_ = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    linear.a_matrix_.index_ = entries[:, 0].astype(np.int32)
    linear.a_matrix_.value_ = entries[:, 2].copy()
    return linear


def _run(solver: highspy.Highs, effort: Effort, *, is_watched: bool) -> None:
    """Runs the solver; watched, it stops when it is asked to, and what it has found until then is kept."""
    if not is_watched:
        solver.run()
        return
    solver.HandleUserInterrupt = True
    solver.startSolve()
    while not solver.wait(WATCH_SECONDS)[0]:
        if effort.should_stop():
            solver.cancelSolve()  # type: ignore[no-untyped-call]
