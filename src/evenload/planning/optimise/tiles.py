"""Tiles: parts of the instance that can be searched side by side.

Practitioners who share no node (over any arcs) never meet, so each connected part is a tile of its own; large parts are
cut in space by halves, along lines that differ from round to round.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import Floats, Instance, Ints
from evenload.planning.optimise.records import Records
from evenload.planning.optimise.state import Board

MOST_PEOPLE_OF_TILE = 60


def positions(instance: Instance) -> Floats:
    """float64[P, 2]: where each practitioner is, in degrees; the middle of the others where her base is unknown."""
    degrees = np.array([(np.nan, np.nan) if p.base is None else (p.base.lat, p.base.lon) for p in instance.practitioners], np.float64)
    degrees = degrees.reshape(-1, 2)
    known = degrees[~np.isnan(degrees[:, 0])]
    middle = known.mean(axis=0) if len(known) else np.zeros(2)
    return np.where(np.isnan(degrees), middle, degrees)


def lay_tiles(board: Board, where: Floats, round_number: int) -> list[Ints]:
    """Partitions the board for one round (PERSON.tile, NODE.tile); returns the nodes int32[n] of each tile that has any.

    where float64[P, 2] from `positions`. Tiles without nodes are numbered, but not returned.
    """
    part = _parts(board.arcs, board.nodes, len(where))
    count = 0
    for number in range(int(part.max(initial=-1)) + 1):
        for members in _cut(np.flatnonzero(part == number), where, round_number):
            board.people["tile"][members] = count
            count += 1
    _lay_nodes(board.arcs, board.nodes, board.people)
    _freeze_straddlers(board.nodes, board.mates, board.mate_node)
    return _nodes_by_tile(board.nodes["tile"])


def _nodes_by_tile(tile: Ints) -> list[Ints]:
    order = np.argsort(tile, kind="stable").astype(np.int32)
    edges = np.flatnonzero(np.diff(tile[order], prepend=-1))
    return [np.ascontiguousarray(nodes) for nodes in np.split(order, edges) if len(nodes) and tile[nodes[0]] >= 0]


@njit(cache=True)
def _parts(arcs: Records, nodes: Records, people: int) -> Ints:
    """int32[P]: number of the connected part of each practitioner; numbers in order of first practitioner."""
    parent = np.arange(people)
    for n in range(len(nodes)):
        for k in range(1, nodes[n].arcs):
            a, b = _root(parent, arcs[n, 0].to), _root(parent, arcs[n, k].to)
            parent[max(a, b)] = min(a, b)
    number, part = 0, np.empty(people, np.int32)
    for p in range(people):
        if _root(parent, p) == p:
            part[p] = number
            number += 1
        else:
            part[p] = part[_root(parent, p)]
    return part


@njit(cache=True)
def _root(parent: Ints, p: int) -> int:
    while parent[p] != p:
        parent[p] = parent[parent[p]]
        p = parent[p]
    return p


def _cut(members: Ints, where: Floats, round_number: int) -> list[Ints]:
    """Halves, quarters … of at most MOST_PEOPLE_OF_TILE; first cut and its place change with the round."""
    if len(members) <= MOST_PEOPLE_OF_TILE:
        return [members]
    pieces, shares = [members], (0.5, 0.35, 0.65, 0.42, 0.58)
    depth = 0
    while any(len(piece) > MOST_PEOPLE_OF_TILE for piece in pieces):
        axis = (depth + round_number) % 2
        share = shares[round_number % len(shares)] if depth < 2 else 0.5
        pieces = [half for piece in pieces for half in _halves(piece, where[:, axis], share)]
        depth += 1
    return pieces


def _halves(members: Ints, position: Floats, share: float) -> list[Ints]:
    if len(members) <= MOST_PEOPLE_OF_TILE:
        return [members]
    order = members[np.argsort(position[members], kind="stable")]
    middle = max(1, min(len(order) - 1, int(len(order) * share)))
    return [order[:middle], order[middle:]]


@njit(cache=True)
def _lay_nodes(arcs: Records, nodes: Records, people: Records) -> None:
    """A node is where its practitioner is; a waiting one where most of its arcs lead to; −1 without arcs."""
    for n in range(len(nodes)):
        nodes[n].tile = -1
        if nodes[n].who >= 0:
            nodes[n].tile = people[nodes[n].who].tile
            continue
        most = 0
        for k in range(nodes[n].arcs):
            tile, votes = people[arcs[n, k].to].tile, 0
            for other in range(nodes[n].arcs):
                votes += people[arcs[n, other].to].tile == tile
            if votes > most:
                most = votes
                nodes[n].tile = tile


@njit(cache=True)
def _freeze_straddlers(nodes: Records, mates: Records, mate_node: Ints) -> None:
    """Companions in different tiles stand still: their price cannot be told within one tile."""
    straddles = np.zeros(len(nodes), np.bool_)
    for n in range(len(nodes)):
        for g in range(nodes[n].mates_from, nodes[n].mates_to):
            for at in range(mates[g].start, mates[g].end):
                straddles[n] |= nodes[mate_node[at]].tile != nodes[n].tile
    for n in range(len(nodes)):
        if straddles[n]:
            nodes[n].tile = -1
