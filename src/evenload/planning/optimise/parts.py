"""Parts of an instance that do not touch each other: no practitioner, node or group of companions is in two of them."""

from __future__ import annotations

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import Groups, Ints
from evenload.planning.optimise.records import Records


def parts_of(arcs: Records, degree: Ints, groups: Groups, people: int) -> tuple[Ints, Ints]:
    """Numbers of the parts of the practitioners int32[P] and of the nodes int32[N] (−1 for nodes without arcs).

    Parts are numbered in the order of their first practitioner.
    """
    parent = np.arange(people)
    _join_arcs(arcs, degree, parent)
    _join_groups(arcs, degree, groups.start, groups.node, parent)
    part = _numbered(parent)
    first = arcs["to"][:, 0] if arcs.shape[1] else np.full(len(degree), -1, np.int32)
    return part, np.where(degree > 0, part[np.maximum(first, 0)] if people else -1, -1).astype(np.int32)


def listed_parts(arcs: Records, degree: Ints, groups: Groups, people: int) -> list[tuple[Ints, Ints]]:
    """The nodes (int32[n]) and practitioners (int32[p]) of every part that has any nodes."""
    of_person, of_node = parts_of(arcs, degree, groups, people)
    numbers = range(int(of_person.max(initial=-1)) + 1)
    found = [(np.flatnonzero(of_node == q).astype(np.int32), np.flatnonzero(of_person == q).astype(np.int32)) for q in numbers]
    return [part for part in found if len(part[0])]


@njit(cache=True)
def _join_arcs(arcs: Records, degree: Ints, parent: Ints) -> None:
    for n in range(len(degree)):
        for k in range(1, degree[n]):
            _join(parent, arcs[n, 0].to, arcs[n, k].to)


@njit(cache=True)
def _join_groups(arcs: Records, degree: Ints, start: Ints, node: Ints, parent: Ints) -> None:
    for g in range(len(start) - 1):
        first = -1
        for at in range(start[g], start[g + 1]):
            if degree[node[at]] > 0:
                p = arcs[node[at], 0].to
                first = p if first < 0 else first
                _join(parent, first, p)


@njit(cache=True)
def _join(parent: Ints, a: int, b: int) -> None:
    a, b = _root(parent, a), _root(parent, b)
    parent[max(a, b)] = min(a, b)


@njit(cache=True)
def _root(parent: Ints, p: int) -> int:
    while parent[p] != p:
        parent[p] = parent[parent[p]]
        p = parent[p]
    return p


@njit(cache=True)
def _numbered(parent: Ints) -> Ints:
    number, part = 0, np.empty(len(parent), np.int32)
    for p in range(len(parent)):
        root = _root(parent, p)
        if root == p:
            part[p] = number
            number += 1
        else:
            part[p] = part[root]
    return part
