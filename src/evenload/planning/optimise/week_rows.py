"""What dives for caseloads look at of one tile: its practitioners' weeks beside what stands still, as rows of `week_fill.Items`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import Floats, Ints, Longs, Rates
from evenload.planning.optimise.fill import NO_ARC
from evenload.planning.optimise.knapsack import corners, least_slopes
from evenload.planning.optimise.records import Records
from evenload.planning.optimise.state import Board, load_hours
from evenload.planning.optimise.week_fill import Items


class Field(NamedTuple):
    """One tile: nodes int32[n] that may change hands, practitioners int32[p], and both by their places."""

    nodes: Ints
    people: Ints
    who: Ints
    """int32[n] place of the practitioner who has the node now, −1 waits"""
    items: Items


class Start(NamedTuple):
    """Where ascents over node prices start: prices of nodes [N], of loads [P] and of trips [P]; scale: how far good arcs are apart."""

    prices: Floats
    minute: Floats
    trip: Floats
    scale: float


def field_of(board: Board, own: Ints, people: Ints, trip_price: Floats, *, is_for_prices: bool = False) -> Field:
    """The tile of these practitioners (int32[p], ascending) and those of its nodes (own int32[n]) that may change hands.

    Pinned nodes and nodes with companions stand still: their minutes and trips are taken off. trip_price [P]: ν.
    is_for_prices: companions are looked at as well, and the row of every pair is not listed.
    """
    is_alone = board.nodes["mates_from"][own] == board.nodes["mates_to"][own]
    nodes = own[(board.nodes["held"][own] == 0) & (is_alone | is_for_prices)]
    nodes = nodes[board.nodes["arcs"][nodes] > 0]
    column = np.full(len(board.people), -1, np.int32)
    column[people] = np.arange(len(people), dtype=np.int32)
    holder = board.nodes["who"][nodes]
    who = np.where(holder >= 0, column[np.maximum(holder, 0)], -1).astype(np.int32)
    is_had = who >= 0
    slot = board.nodes["slot"][nodes[is_had]]
    minutes = np.bincount(who[is_had], board.arcs["load"][nodes[is_had], slot], len(people)).astype(np.int64)
    trips = np.bincount(who[is_had], board.nodes["trips"][nodes[is_had]], len(people))
    still = board.people["load"][people] - minutes
    room = np.maximum(0, board.people["limit"][people] - still).astype(np.int64)
    limit = board.people["trip_limit"][people] if board.rates.trip > 0 else np.full(len(people), np.inf)
    limit = limit - np.where(np.isfinite(limit), board.people["trips"][people] - trips, 0.0)
    hours = _hours_table(board.people, board.rates, people, room, still.astype(np.int64))
    least_slope, corner = least_slopes(hours), corners(hours, room)
    start, node, load, cost, row = _rows(board.arcs, board.nodes, nodes, column, trip_price, room, 0 if is_for_prices else len(nodes))
    price = trip_price[people]
    hours -= (price * np.where(np.isfinite(limit), limit, 0.0))[:, None]  # in place: the table is what is largest of a field
    items = Items(
        start, node, load, cost, hours, corner, least_slope, room, board.nodes["waiting"][nodes],
        board.nodes["trips"][nodes], limit, price, float(board.rates.trip), row,
    )  # fmt: skip
    return Field(nodes, people, who, items)


@njit(cache=True, nogil=True)
def _rows(
    arcs: Records, nodes: Records, own: Ints, column: Ints, trip_price: Floats, room: Longs, wide: int
) -> tuple[Longs, Longs, Longs, Floats, Ints]:  # fmt: skip
    """Starts, nodes, loads, costs and (`wide`: the number of nodes, else 0) the row of every pair of the tile, practitioners in order."""
    people = len(room)
    start, row = np.zeros(people + 1, np.int64), np.full((people, wide), NO_ARC, np.int32)
    for i in range(len(own)):
        for k in range(nodes[own[i]].arcs):
            p = column[arcs[own[i], k].to]
            if p >= 0 and arcs[own[i], k].load <= room[p]:
                start[p + 1] += 1
    for p in range(people):
        start[p + 1] += start[p]
    at, count = start[:-1].copy(), start[-1]
    node, load, cost = np.empty(count, np.int64), np.empty(count, np.int64), np.empty(count)
    for i in range(len(own)):
        for k in range(nodes[own[i]].arcs):
            p = column[arcs[own[i], k].to]
            if p >= 0 and arcs[own[i], k].load <= room[p]:
                node[at[p]], load[at[p]] = i, arcs[own[i], k].load
                cost[at[p]] = arcs[own[i], k].cost + trip_price[arcs[own[i], k].to] * nodes[own[i]].trips
                if wide:
                    row[p, i] = at[p]
                at[p] += 1
    return start, node, load, cost, row


@njit(cache=True, nogil=True)
def _hours_table(people: Records, rates: Rates, staff: Ints, room: Longs, still: Longs) -> Floats:
    """[p, longest + 1] price of the minutes that stand still and L more; beyond the room that of the room."""
    table = np.zeros((len(staff), np.max(room) + 1))
    for w in range(len(staff)):
        for minutes in range(table.shape[1]):
            table[w, minutes] = load_hours(people, rates, staff[w], still[w] + min(minutes, room[w]))
    return table
