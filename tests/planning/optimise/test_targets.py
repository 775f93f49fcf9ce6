"""Targets of tight programs: margins and answers as every set and every plan tried show; openings never lose; what is proved, HiGHS proves too."""

from __future__ import annotations

import highspy
import numpy as np
import pytest
from tried_plans import NODES, PEOPLE, cheapest_by_trying

from benchmarks.gap_solvers.evenload import setting_of
from benchmarks.gap_solvers.generate import made
from benchmarks.gap_solvers.highs import model
from benchmarks.gap_solvers.instance import count_again
from evenload.planning.optimise import Limit
from evenload.planning.optimise.margins import Arcs, arcs_of, branch_of, settle, space_of, weigh_week
from evenload.planning.optimise.solve import Search
from evenload.planning.optimise.tight import share_of_openings, share_of_targets
from evenload.planning.optimise.tree import FOUND, OPEN, REFUTED, STUCK, Aim, look_at, search, stack_of

pytestmark = pytest.mark.slow

MUCH = 10**9


def drawn_arcs(seed: int) -> Arcs:
    dice = np.random.default_rng(seed)
    load = dice.integers(1, 21, (PEOPLE, NODES))
    cost = (30 - load + dice.integers(-5, 6, (PEOPLE, NODES))).astype(float)
    room = (0.85 * load.sum(axis=1) / PEOPLE).astype(np.int64) + 2
    person, node = np.divmod(np.arange(PEOPLE * NODES), NODES)
    return arcs_of(person, node, load.ravel(), cost.ravel(), room)


def answer(arcs: Arcs, target: float, depth: int = NODES, cells: int = MUCH) -> tuple[int, list[int]]:
    """What the tree says of the target, and its plan: the practitioner of each node."""
    branch, stack = branch_of(arcs, np.full(NODES, 25.0)), stack_of(arcs, NODES, depth)
    state = search(arcs, branch, space_of(arcs), stack, Aim(target, 5.0, 5.0), cells)
    rows = np.flatnonzero(branch.open)
    return state, arcs.person[rows][np.argsort(arcs.node[rows])].tolist()


@pytest.mark.parametrize("seed", range(4))
def test_margins_are_what_every_set_of_nodes_shows(seed: int) -> None:
    arcs = drawn_arcs(seed)
    prices = np.random.default_rng(seed + 100).uniform(10, 40, NODES)
    branch, space = branch_of(arcs, prices), space_of(arcs)
    branch.open[seed] = 0
    settle(arcs, branch)
    for p in range(PEOPLE):
        weigh_week(arcs, branch, space, p)
        rows = [row for row in range(p * NODES, (p + 1) * NODES) if branch.open[row]]
        sets = [{row for at, row in enumerate(rows) if (number >> at) & 1} for number in range(2 ** len(rows))]
        value = {
            frozenset(own): sum(arcs.cost[row] - prices[arcs.node[row]] for row in own)
            for own in sets
            if sum(arcs.load[row] for row in own) <= arcs.room[p]
        }
        assert branch.value[p] == pytest.approx(min(value.values()))
        for row in rows:
            taken, left = (min(of for own, of in value.items() if (row in own) is is_in) for is_in in (True, False))
            assert branch.value[p] + branch.to_take[row] == pytest.approx(taken)
            assert branch.value[p] + branch.to_leave[row] == pytest.approx(left)


@pytest.mark.parametrize("below", [0.0, 25.0])
@pytest.mark.parametrize("seed", range(12))
def test_a_target_is_refuted_below_the_cheapest_plan_and_reached_at_it(seed: int, below: float) -> None:
    arcs = drawn_arcs(seed)
    arcs.cost[:] -= below * (np.arange(len(arcs.node)) % NODES % 2)
    best = cheapest_by_trying(arcs)

    assert answer(arcs, best - 1.0)[0] == REFUTED
    for target in (best, best + 3.0):
        state, who = answer(arcs, target)
        assert state == FOUND
        nodes = np.arange(NODES)
        assert (np.bincount(who, arcs.load.reshape(PEOPLE, NODES)[who, nodes], PEOPLE) <= arcs.room).all()
        assert best <= arcs.cost.reshape(PEOPLE, NODES)[who, nodes].sum() <= target


def test_work_goes_on_where_it_stopped_and_no_space_is_no_proof() -> None:
    arcs = drawn_arcs(1)
    best = cheapest_by_trying(arcs)
    branch, space, stack = branch_of(arcs, np.full(NODES, 5.0)), space_of(arcs), stack_of(arcs, NODES, NODES)
    aim = Aim(best, 0.001, 5.0)
    states: list[int] = []
    while not states or states[-1] == OPEN:
        states.append(search(arcs, branch, space, stack, aim, 1))
    assert states[-1] == FOUND
    assert len(states) > 1

    full = stack_of(arcs, NODES, 0)
    branch = branch_of(arcs, np.full(NODES, 5.0))
    assert look_at(arcs, branch, space, full, aim, np.zeros(len(arcs.node)), 1) == OPEN
    assert search(arcs, branch, space, full, aim, MUCH) == STUCK


@pytest.mark.parametrize("name", ["c05090", "e05090"])
def test_what_targets_prove_is_what_a_solver_proves(name: str) -> None:
    instance = made(name)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.passModel(model(instance))
    solver.run()

    search_ = Search(setting_of(instance), 0, Limit(moves_per_unit=20_000, gap_percent=0.0))
    search_.run()

    assert search_.stopped_by == "proved"
    assert count_again(instance, search_.best.who.tolist()) == (round(search_.bound), True)
    assert search_.bound == pytest.approx(solver.getInfo().objective_function_value)
    assert search_.proof is not None
    assert search_.proof.bound_hours < search_.bound


def test_targets_get_more_work_the_nearer_the_bound_and_the_longer_dives_are_in_vain() -> None:
    assert share_of_targets(2.0, 1.0, 0) > share_of_targets(5.0, 1.0, 0) > share_of_targets(20.0, 1.0, 0) > 0
    assert share_of_targets(20.0, 1.0, 100) > share_of_targets(20.0, 1.0, 0)
    assert share_of_targets(20.0, 0.0, 0) == 1.0
    assert share_of_openings(0) == 0.0
    assert 0.0 < share_of_openings(24) < share_of_openings(100) < share_of_openings(10_000) == 1.0
