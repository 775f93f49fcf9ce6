"""A board of a few practitioners, cut out of a program that is held in memory: what a what-if searches.

Rows of the board are numbered anew: its practitioners are those chosen, its nodes are what they have, what waits for them,
and what the change set free. Arcs that lead elsewhere are left out.
"""

from __future__ import annotations

from typing import NamedTuple

from numba import njit

from evenload.planning.optimise.arrays import Bytes, Floats, Ints, Longs, Rates, Staff
from evenload.planning.optimise.dual import hours_of_load
from evenload.planning.optimise.records import Records
from evenload.planning.optimise.state import has_totals


class Source(NamedTuple):
    """Where the rows of a board come from. Rows of nodes [N], of practitioners [P]."""

    arcs: Records
    """ARC[N, K]"""
    degree: Ints
    waiting_moves: Ints
    fresh_arcs: Records
    """ARC[n, K] of the nodes that the change priced anew"""
    fresh_degree: Ints
    fresh_moves: Ints
    fresh_of: Ints
    """[N] row among the fresh ones, −1 elsewhere"""
    waiting: Floats
    trips: Floats
    clients: Floats
    pinned: Ints
    held: Bytes
    """[N] 1: may not move"""
    gone: Bytes
    """[P] 1: no hours at all"""


class Weeks(NamedTuple):
    """What everybody carries: [P] minutes, trips, clients and travel minutes per week."""

    load: Longs
    trips: Floats
    clients: Floats
    travel: Floats


@njit(cache=True, nogil=True)
def nodes_about(
    who: Ints, arcs: Records, degree: Ints, alive: Bytes, left_out: Bytes, count: int, local_of: Ints, found: Ints
) -> int:  # fmt: skip
    """Nodes of the chosen practitioners, and waiting ones with an arc to one of them; returns how many were found."""
    size = 0
    for n in range(count):
        if not alive[n] or left_out[n]:
            continue
        is_near = who[n] >= 0 and local_of[who[n]] >= 0
        if who[n] < 0:
            for k in range(degree[n]):
                is_near |= local_of[arcs[n, k].to] >= 0
        if is_near:
            found[size] = n
            size += 1
    return size


@njit(cache=True, nogil=True)
def copy_nodes(source: Source, chosen: Ints, local_of: Ints, arcs: Records, nodes: Records, slot_of: Ints) -> None:
    """Fills the board's nodes (waiting, all of them) and arcs; slot_of[i, k]: the slot that the arc has in its program."""
    for i in range(len(chosen)):
        n, fresh = chosen[i], source.fresh_of[chosen[i]]
        degree = source.fresh_degree[fresh] if fresh >= 0 else source.degree[n]
        nodes[i].waiting, nodes[i].trips, nodes[i].clients = source.waiting[n], source.trips[n], source.clients[n]
        nodes[i].waiting_moves = source.fresh_moves[fresh] if fresh >= 0 else source.waiting_moves[n]
        nodes[i].held, nodes[i].who, nodes[i].slot = source.held[n], -1, -1
        kept = 0
        for k in range(degree):
            arc = source.fresh_arcs[fresh, k] if fresh >= 0 else source.arcs[n, k]
            here = local_of[arc.to]
            if here < 0 or (source.gone[arc.to] and source.pinned[n] != arc.to):
                continue
            arcs[i, kept].cost, arcs[i, kept].priced, arcs[i, kept].to = arc.cost, arc.priced, here
            arcs[i, kept].load, arcs[i, kept].travel, arcs[i, kept].moves = arc.load, arc.travel, arc.moves
            slot_of[i, kept] = k
            kept += 1
        nodes[i].arcs = kept


@njit(cache=True, nogil=True)
def lay_caseloads(arcs: Records, nodes: Records, people: Records) -> int:
    """Makes room in the caseloads for every node that has an arc to a practitioner; returns the room of all."""
    people["first"][:] = 0
    for n in range(len(nodes)):
        for k in range(nodes[n].arcs):
            people[arcs[n, k].to].first += 1
    total = 0
    for p in range(len(people)):
        size = people[p].first
        people[p].first = total
        total += size
    return total


@njit(cache=True, nogil=True)
def staff_price(staff: Staff, rates: Rates, weeks: Weeks) -> float:
    """Price of everybody's week: loads, trips, clients and travel."""
    price = 0.0
    for p in range(len(weeks.load)):
        marks = staff.marks[p]
        price += hours_of_load(rates, marks[0], marks[1], marks[2], marks[3], marks[4], float(weeks.load[p]))
        if has_totals(rates):
            price += rates.trip * max(0.0, weeks.trips[p] - staff.trip_limit[p])
            price += rates.client * abs(weeks.clients[p] - staff.fair_clients[p])
            price += rates.travel * max(0.0, weeks.travel[p] - staff.fair_travel[p])
    return price
