"""Two practitioners at a time: everything the two have, and some of what waits, is shared out between them anew at once.

Who of the two takes which node is a knapsack: dynamic programming over the minutes of the first, in steps of GRID, with the
minutes of the second and the trips carried along, so that every label's weeks are priced exactly in the end. Prices that are
drawn a little off (by the temperature) make it a draw instead of a descent: whole weeks change at once, where a search by
single changes would stand still.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import Floats, Ints, Rates
from evenload.planning.optimise.dice import Dice, below, dice_of, share
from evenload.planning.optimise.records import Records
from evenload.planning.optimise.search import Cooling
from evenload.planning.optimise.state import excess_of, leave, load_hours, moves_of, take

GRID = 3
"""Minutes of one step of the programme; the weeks themselves are counted in whole minutes."""

DRAWN = 10.0
"""A share-out is taken unless it is dearer by more than so many temperatures, drawn by lot: labels that were merged may mislead."""

MOST_ITEMS = 96
MOST_WAITING = 6
"""Waiting nodes that one refill looks at."""

STEPS_PER_REFILL = 10
"""Steps of `anneal_tile` that take about as long."""

ITEM = np.dtype(
    [
        ("first", np.float64),  # price with the first practitioner, prices of scarce things in it
        ("other", np.float64),  # price with the second one, or waiting
        ("first_hours", np.float64),  # the same without prices of scarce things
        ("other_hours", np.float64),
        ("node", np.int32),
        ("first_slot", np.int32),
        ("other_slot", np.int32),  # −1 waits
        ("first_load", np.int32),
        ("other_load", np.int32),
        ("cells", np.int32),  # first_load in steps of the grid
    ],
    align=True,
)
"""Row of what two practitioners share out."""


class Table(NamedTuple):
    """Labels by load of the first practitioner: price, loads of both, trips of the first; and who took what."""

    price: Floats
    """[2, cells] prices of scarce things in it: what labels are compared by"""
    hours: Floats
    """[2, cells] without them"""
    first_load: Ints
    """int32[2, cells]"""
    other_load: Ints
    first_trips: Floats
    """[2, cells]"""
    taken: Ints
    """int8[items, cells]"""


@njit(cache=True, nogil=True)
def refill_tile(
    arcs: Records, nodes: Records, people: Records, member: Ints, mates: Records, mate_node: Ints, rates: Rates,
    cooling: Cooling, own: Ints, moves_left: int,
) -> tuple[float, int]:  # fmt: skip
    """One round over one tile, as `anneal_tile`; returns the change of the score and what is left of its moves."""
    tile = cooling.tile
    dice, items, waiting = dice_of(cooling.seed, tile + 1_000_003), np.empty(MOST_ITEMS, ITEM), np.empty(len(own), np.int32)
    table, total, queue = _table(people, tile), 0.0, waiting_of(nodes, own, waiting)
    refills = math.ceil(cooling.steps_per_node * len(own) / STEPS_PER_REFILL)
    for number in range(refills):
        temperature = cooling.hot * (cooling.cold / cooling.hot) ** (number / refills)
        seed = waiting[below(dice, queue)] if queue > 0 and share(dice) < 0.25 else own[below(dice, len(own))]
        if nodes[seed].arcs == 0:
            continue
        first, other = _two(arcs, nodes, people, tile, seed, queue > 0, dice)
        if first < 0:
            continue
        count = _share_out(arcs, nodes, people, member, tile, first, other, temperature, dice, items)
        count = _add_waiting(arcs, nodes, first, waiting, queue, count, temperature, dice, items)
        cell = _fill_table(nodes, people, rates, first, other, count, items, table)
        if cell < 0:
            continue
        change, counted, is_other = _apply(
            arcs, nodes, people, member, mates, mate_node, rates, count, cell, items, table, temperature, dice, moves_left
        )
        total += change
        moves_left -= counted
        if is_other and (queue > 0 or other < 0):
            queue = waiting_of(nodes, own, waiting)
    return total, moves_left


@njit(cache=True)
def _table(people: Records, tile: int) -> Table:
    longest = 0
    for p in range(len(people)):
        if people[p].tile == tile:
            longest = max(longest, people[p].room)
    cells = int(longest) // GRID + 4
    return Table(
        np.empty((2, cells)), np.empty((2, cells)), np.zeros((2, cells), np.int32), np.zeros((2, cells), np.int32), np.zeros((2, cells)),
        np.zeros((MOST_ITEMS, cells), np.int8),
    )  # fmt: skip


@njit(cache=True)
def _two(arcs: Records, nodes: Records, people: Records, tile: int, seed: int, is_queue: bool, dice: Dice) -> tuple[int, int]:
    """Two practitioners who may take the seed, one of them the one who has it; the second is −1 for the list of what waits."""
    degree = nodes[seed].arcs
    first = nodes[seed].who
    if first < 0:
        first = arcs[seed, below(dice, degree)].to
    luck = share(dice)
    other = arcs[seed, int(degree * luck * luck)].to
    if people[first].tile != tile:
        return -1, -1
    if (is_queue or people[first].load > people[first].limit) and share(dice) < 0.3:
        return first, -1
    if other == first or people[other].tile != tile:
        return -1, -1
    return (first, other) if share(dice) < 0.5 else (other, first)


@njit(cache=True, forceinline=True)
def _slot_of(arcs: Records, nodes: Records, n: int, p: int) -> int:
    for k in range(nodes[n].arcs):
        if arcs[n, k].to == p:
            return k
    return -1


@njit(cache=True, forceinline=True)
def _noise(temperature: float, dice: Dice) -> float:
    """Logistic noise: the difference of two draws that make a cheapest choice a draw at this temperature."""
    luck = share(dice)
    return temperature * math.log((luck + 1e-12) / (1.0 - luck + 1e-12))


@njit(cache=True)
def _share_out(
    arcs: Records, nodes: Records, people: Records, member: Ints, tile: int, first: int, other: int, temperature: float, dice: Dice,
    items: Records,
) -> int:  # fmt: skip
    """Lists what the two have and may exchange; returns how many. Without a second one everything may wait instead."""
    count = 0
    for at in range(people[first].first, people[first].first + people[first].size):
        n = member[at]
        slot = _slot_of(arcs, nodes, n, other) if other >= 0 else -1
        if (slot >= 0 or other < 0) and count < MOST_ITEMS and not nodes[n].held and nodes[n].tile == tile:
            _list_item(arcs, nodes, n, nodes[n].slot, slot, _noise(temperature, dice), count, items)
            count += 1
    if other < 0:
        return count
    for at in range(people[other].first, people[other].first + people[other].size):
        n = member[at]
        slot = _slot_of(arcs, nodes, n, first)
        if slot >= 0 and count < MOST_ITEMS and not nodes[n].held and nodes[n].tile == tile:
            _list_item(arcs, nodes, n, slot, nodes[n].slot, _noise(temperature, dice), count, items)
            count += 1
    return count


@njit(cache=True)
def _add_waiting(
    arcs: Records, nodes: Records, first: int, waiting: Ints, queue: int, count: int, temperature: float, dice: Dice, items: Records
) -> int:
    """Lists what waits and may join the first practitioner, from a place in the list drawn by lot; returns how many there are."""
    if queue == 0:
        return count
    start, added = below(dice, queue), 0
    for at in range(queue):
        n = waiting[(start + at) % queue]
        slot = _slot_of(arcs, nodes, n, first)
        if slot >= 0 and count < MOST_ITEMS and added < MOST_WAITING:
            _list_item(arcs, nodes, n, slot, -1, _noise(temperature, dice), count, items)
            count += 1
            added += 1
    return count


@njit(cache=True)
def waiting_of(nodes: Records, own: Ints, waiting: Ints) -> int:
    """Lists which of the tile's nodes wait although somebody may take them; returns how many."""
    queue = 0
    for n in own:
        if nodes[n].who < 0 and nodes[n].arcs > 0:
            waiting[queue] = n
            queue += 1
    return queue


@njit(cache=True, forceinline=True)
def _list_item(arcs: Records, nodes: Records, n: int, first_slot: int, other_slot: int, noise: float, at: int, items: Records) -> None:
    items[at].node = n
    items[at].first_slot = first_slot
    items[at].other_slot = other_slot
    items[at].first = arcs[n, first_slot].priced + noise
    items[at].first_load = arcs[n, first_slot].load
    items[at].first_hours = arcs[n, first_slot].cost + noise
    items[at].cells = (arcs[n, first_slot].load + GRID // 2) // GRID
    if other_slot >= 0:
        items[at].other = arcs[n, other_slot].priced
        items[at].other_hours = arcs[n, other_slot].cost
        items[at].other_load = arcs[n, other_slot].load
    else:
        items[at].other = items[at].other_hours = nodes[n].waiting
        items[at].other_load = 0


@njit(cache=True)
def _fill_table(nodes: Records, people: Records, rates: Rates, first: int, other: int, count: int, items: Records, table: Table) -> int:
    """Fills the labels item by item; returns the cell of the cheapest pair of weeks, −1 where none has room."""
    kept_first, kept_other, kept_trips = people[first].load, people[other].load if other >= 0 else 0, people[first].trips
    for i in range(count):
        n = items[i].node
        if nodes[n].slot == items[i].first_slot:
            kept_first -= items[i].first_load
            kept_trips -= nodes[n].trips
        elif nodes[n].slot >= 0:
            kept_other -= items[i].other_load
    cells, reach, side = min(table.price.shape[1], (people[first].room - kept_first) // GRID + 3), 1, 0
    if count < 2 or cells < 1:
        return -1
    table.price[0, :cells] = np.inf
    table.price[0, 0] = table.hours[0, 0] = table.first_trips[0, 0] = 0.0
    table.first_load[0, 0] = table.other_load[0, 0] = 0
    for i in range(count):
        until = min(cells, reach + items[i].cells)
        _add_item(items[i], nodes[items[i].node].trips, reach, until, side, table.taken[i], table)
        reach, side = until, 1 - side
    return _cheapest_cell(people, rates, first, other, kept_first, kept_other, kept_trips, reach, side, table)


@njit(cache=True)
def _add_item(item: Any, trips: float, reach: int, until: int, side: int, taken: Ints, table: Table) -> None:
    """Labels with one more item, from side `side` of the table to the other one."""
    price, hours, loads, others, trip = (
        table.price[side],
        table.hours[side],
        table.first_load[side],
        table.other_load[side],
        table.first_trips[side],
    )
    to_price, to_hours, to_loads = table.price[1 - side], table.hours[1 - side], table.first_load[1 - side]
    to_others, to_trip = table.other_load[1 - side], table.first_trips[1 - side]
    shift, first, other = item.cells, item.first, item.other
    first_hours, other_hours, first_load, other_load = item.first_hours, item.other_hours, item.first_load, item.other_load
    price[reach:until] = np.inf
    for c in range(min(shift, until)):
        taken[c] = 0
        to_price[c] = price[c] + other
        to_hours[c] = hours[c] + other_hours
        to_loads[c] = loads[c]
        to_others[c] = others[c] + other_load
        to_trip[c] = trip[c]
    for c in range(shift, until):
        joined, apart = price[c - shift] + first, price[c] + other
        is_first = joined < apart
        taken[c] = is_first
        to_price[c] = joined if is_first else apart
        to_hours[c] = hours[c - shift] + first_hours if is_first else hours[c] + other_hours
        to_loads[c] = loads[c - shift] + first_load if is_first else loads[c]
        to_others[c] = others[c - shift] if is_first else others[c] + other_load
        to_trip[c] = trip[c - shift] + trips if is_first else trip[c]


@njit(cache=True)
def _cheapest_cell(
    people: Records, rates: Rates, first: int, other: int, kept_first: int, kept_other: int, kept_trips: float, reach: int, side: int,
    table: Table,
) -> int:  # fmt: skip
    """The cell whose two weeks are cheapest of those that have room; −1 where none has."""
    least, best = np.inf, -1
    # Protection is taken as it stands; `_apply` undoes what does not keep it.
    room = people[first].room - people[first].guard
    other_room = people[other].room - people[other].guard if other >= 0 else 0
    all_trips = people[first].trips + people[other].trips if other >= 0 else 0.0
    for c in range(reach):
        minutes, others = kept_first + table.first_load[side, c], kept_other + table.other_load[side, c]
        if table.price[side, c] == np.inf or minutes > room or (other >= 0 and others > other_room):
            continue
        hours, trips = table.hours[side, c] + load_hours(people, rates, first, minutes), kept_trips + table.first_trips[side, c]
        if rates.trip > 0:
            hours += rates.trip * max(0.0, trips - people[first].trip_limit)
        if other >= 0:
            hours += load_hours(people, rates, other, others)
            if rates.trip > 0:
                hours += rates.trip * max(0.0, all_trips - trips - people[other].trip_limit)
        if hours < least:
            least, best = hours, c
    return best


@njit(cache=True)
def _apply(
    arcs: Records, nodes: Records, people: Records, member: Ints, mates: Records, mate_node: Ints, rates: Rates,
    count: int, cell: int, items: Records, table: Table, temperature: float, dice: Dice, moves_left: int,
) -> tuple[float, int, bool]:  # fmt: skip
    """Carries out what the labels say; returns the change of the score, the moves it counts, and whether anything changed hands."""
    changed, change, moves = 0, 0.0, 0
    for i in range(count - 1, -1, -1):
        n, is_first = items[i].node, table.taken[i, cell] == 1
        slot = items[i].first_slot if is_first else items[i].other_slot
        cell -= items[i].cells if is_first else 0
        if slot == nodes[n].slot:
            continue
        moves += (arcs[n, slot].moves if slot >= 0 else nodes[n].waiting_moves) - moves_of(arcs, nodes, n)
        changed += 1
        row = count - changed  # never below i: what is still to be read stays
        items[row].node = n
        items[row].first_slot = slot
        items[row].other_slot = nodes[n].slot
    if changed == 0 or moves > moves_left:
        return 0.0, 0, False
    change = _carry_out(arcs, nodes, people, member, mates, mate_node, rates, count - changed, count, True, items)
    is_dear = change > -DRAWN * temperature * math.log(share(dice) + 1e-300)
    if is_dear or _is_anybody_over(nodes, people, count - changed, count, items):
        _carry_out(arcs, nodes, people, member, mates, mate_node, rates, count - changed, count, False, items)
        return 0.0, 0, False
    return change, moves, True


@njit(cache=True)
def _is_anybody_over(nodes: Records, people: Records, start: int, end: int, items: Records) -> bool:
    """Whether protection is not kept in the week of anybody who took a node of these rows."""
    found = False
    for i in range(start, end):
        p = nodes[items[i].node].who
        found |= p >= 0 and people[p].budget > 0 and excess_of(people, p) > 0
    return found


@njit(cache=True)
def _carry_out(
    arcs: Records, nodes: Records, people: Records, member: Ints, mates: Records, mate_node: Ints, rates: Rates,
    start: int, end: int, forwards: bool, items: Records,
) -> float:  # fmt: skip
    """The nodes of these rows leave, then each takes its new arc (backwards: its old one); returns the change of the score."""
    change = 0.0
    for i in range(start, end):
        if nodes[items[i].node].slot >= 0:
            change += leave(arcs, nodes, people, member, mates, mate_node, rates, items[i].node)
    for i in range(start, end):
        slot = items[i].first_slot if forwards else items[i].other_slot
        if slot >= 0:
            change += take(arcs, nodes, people, member, mates, mate_node, rates, items[i].node, slot)
    return change
