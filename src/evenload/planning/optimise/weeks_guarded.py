"""Array twin of `planning.robust`: what protection keeps free in a week, in step with the nodes that are in it.

A board's `member` has a second half for it where anything is protected: the spreads of each practitioner's nodes, largest first, at
the same places as her caseload. One more node adds max(0, its spread − the least of the Γ largest), so whether it fits is told at once;
a change of hands moves one number in a short sorted row.
"""

from __future__ import annotations

from numba import njit

from evenload.planning.optimise.arrays import Ints
from evenload.planning.optimise.records import Records


@njit(cache=True, forceinline=True)
def guard_with(nodes: Records, people: Records, n: int, p: int) -> int:
    """Minutes kept free in the week of p with node n, which she has not."""
    return people[p].guard + max(0, nodes[n].spread - people[p].last)


@njit(cache=True)
def enter_spread(nodes: Records, people: Records, member: Ints, n: int, p: int) -> None:
    """Node n is in the week of p from now on."""
    spread = nodes[n].spread
    if people[p].budget == 0 or spread == 0:
        return
    first, at = len(member) // 2 + people[p].first, people[p].spreads
    while at > 0 and member[first + at - 1] < spread:
        member[first + at] = member[first + at - 1]
        at -= 1
    member[first + at] = spread
    people[p].spreads += 1
    _sum_up(people, member, p)


@njit(cache=True)
def strike_spread(nodes: Records, people: Records, member: Ints, n: int, p: int) -> None:
    """Node n is in the week of p no more."""
    spread = nodes[n].spread
    if people[p].budget == 0 or spread == 0:
        return
    first, at = len(member) // 2 + people[p].first, 0
    while member[first + at] != spread:
        at += 1
    people[p].spreads -= 1
    while at < people[p].spreads:
        member[first + at] = member[first + at + 1]
        at += 1
    _sum_up(people, member, p)


@njit(cache=True)
def _sum_up(people: Records, member: Ints, p: int) -> None:
    first, guard = len(member) // 2 + people[p].first, 0
    most = min(people[p].budget, people[p].spreads)
    for at in range(most):
        guard += member[first + at]
    people[p].guard = guard
    people[p].last = member[first + most - 1] if most == people[p].budget else 0
