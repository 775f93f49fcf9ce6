"""One assignment in the making: who has what, and what one change costs, to the last goal.

Every change of an assignment is `leave` (a node starts to wait) or `take` (a waiting node joins a practitioner). Both
return the exact change of the score and keep loads, caseloads and prices in step, so that every search is made of them.

Kernels get the board's arrays one by one, always in the order arcs, nodes, people, member, mates, mate_node, rates.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from evenload.planning.optimise.arrays import FREE, Floats, Groups, Instance, Ints, Longs, Rates, Staff, starts
from evenload.planning.optimise.candidates import Listed, Worth
from evenload.planning.optimise.dual import hours_of_load
from evenload.planning.optimise.records import MATES, MOST_SMALL, NODE, PERSON, SMALL_ARC, SMALL_NODE, Records
from evenload.planning.optimise.weeks_guarded import enter_spread, guard_with, strike_spread
from evenload.planning.robust import guard_minutes, spread_minutes

ROOMY = 1.3
"""So many times her limit a caseload has room for at least, wherever arcs are small: weeks are open beyond it for a while (`cycles.OPENED`)."""


class Board(NamedTuple):
    """The arrays of a search, in the order in which every kernel takes them. Nobody has anything until nodes are taken."""

    arcs: Records
    """ARC[N, K]"""
    nodes: Records
    """NODE[N]"""
    people: Records
    """PERSON[P]"""
    member: Ints
    """caseloads, see PERSON.first"""
    mates: Records
    """MATES: the groups of companions, node by node"""
    mate_node: Ints
    rates: Rates


def board_of(instance: Instance, listed: Listed, staff: Staff, pinned_minutes: Floats, worth: Worth) -> Board:
    """A board on which everybody waits. pinned_minutes float64[P]: load of what is pinned. Prices the listed arcs in place."""
    people = _people(staff, pinned_minutes + pinned_guards(instance))
    people["budget"] = instance.case.robust
    arcs = listed.arcs
    if len(people):
        _price_arcs(arcs, listed.degree, instance.trips, worth)
    member = _caseloads(instance, listed, people)
    mates, mate_node, mates_start = _mates(instance.groups)
    board = Board(arcs, _nodes(instance, listed, mates_start), people, member, mates, mate_node, _priced_rates(instance.rates, staff))
    empty_people(board.people, board.rates)
    return board


def node_spreads(instance: Instance) -> Ints:
    """[N] minutes that each node may need beyond its load (`robust.spread_minutes`)."""
    if not instance.case.robust:
        return np.zeros(len(instance.nodes), np.int32)
    return np.array([spread_minutes(instance.case, node) for node in instance.nodes], np.int32)


def pinned_guards(instance: Instance) -> Floats:
    """float64[P]: what protection keeps free for pins alone."""
    guards = np.zeros(len(instance.practitioners))
    if instance.case.robust:
        spreads, pinned = node_spreads(instance), instance.pinned
        for p in np.unique(pinned[pinned > FREE]):
            guards[p] = guard_minutes(spreads[pinned == p].tolist(), instance.case.robust)
    return guards


def _priced_rates(rates: Rates, staff: Staff) -> Rates:
    """No price for trips where nobody has a limit, so that the kernels need not look."""
    return rates if np.isfinite(staff.trip_limit).any() else rates._replace(trip=0.0)


def _people(staff: Staff, pinned_minutes: Floats) -> Records:
    people = np.zeros(len(staff.maximum), PERSON)
    for column, name in enumerate(("low", "target", "tenth", "high", "capacity")):
        people[name] = staff.marks[:, column]
    people["limit"] = people["room"] = np.maximum(staff.maximum, pinned_minutes.astype(np.int64))
    people["touched"] = -1
    people["trip_limit"], people["fair_clients"], people["fair_travel"] = staff.trip_limit, staff.fair_clients, staff.fair_travel
    return people


def _nodes(instance: Instance, listed: Listed, mates_start: Longs) -> Records:
    nodes = np.zeros(len(instance.nodes), SMALL_NODE if listed.arcs.dtype == SMALL_ARC else NODE)
    nodes["waiting"], nodes["trips"], nodes["clients"] = instance.waiting, instance.trips, instance.clients
    nodes["waiting_moves"], nodes["arcs"] = listed.waiting_moves, listed.degree
    nodes["held"] = instance.pinned > FREE
    if instance.case.robust:
        nodes["spread"] = node_spreads(instance)
    nodes["mates_from"], nodes["mates_to"] = mates_start[:-1], mates_start[1:]
    nodes["who"] = nodes["slot"] = -1
    return nodes


@njit(cache=True)
def _price_arcs(arcs: Records, degree: Ints, trips: Floats, worth: Worth) -> None:
    for n in range(len(degree)):
        for k in range(degree[n]):
            p = arcs[n, k].to
            arcs[n, k].priced = arcs[n, k].cost + worth.minute[p] * arcs[n, k].load + worth.trip[p] * trips[n]


def _caseloads(instance: Instance, listed: Listed, people: Records) -> Ints:
    """Room for every node that has an arc to a practitioner; sets PERSON.first.

    In the largest programs only for what her week may hold, or what she has now: most arcs there lead to somebody who takes few of them.
    """
    count, least = np.zeros(len(people), np.int64), np.full(len(people), MOST_SMALL, np.int64)
    _count_arcs(listed.arcs, listed.degree, count, least)
    if listed.arcs.dtype == SMALL_ARC:
        now = instance.units.current
        kept = np.bincount(now[now >= 0], minlength=len(people)) + np.bincount(
            instance.pinned[instance.pinned > FREE], minlength=len(people)
        )
        count = np.minimum(count, np.maximum(kept, (ROOMY * people["limit"] / np.maximum(1, least)).astype(np.int64) + 1))
    first = starts(count)
    people["first"] = first[:-1]
    return np.zeros(int(first[-1]) * (2 if people["budget"].any() else 1), np.int32)


@njit(cache=True)
def _count_arcs(arcs: Records, degree: Ints, count: Longs, least: Longs) -> None:
    """Fills in how many arcs lead to each practitioner, and the least load among them."""
    for n in range(len(degree)):
        for k in range(degree[n]):
            p = arcs[n, k].to
            count[p] += 1
            least[p] = min(least[p], arcs[n, k].load)


def _mates(groups: Groups) -> tuple[Records, Ints, Longs]:
    mates = np.zeros(len(groups.of_node), MATES)
    mates["hours"] = groups.hours[groups.of_node]
    mates["start"], mates["end"] = groups.start[groups.of_node], groups.start[groups.of_node + 1]
    return mates, groups.node, groups.of_node_start


@njit(cache=True)
def empty_people(people: Records, rates: Rates) -> None:
    """Empty weeks, priced."""
    for p in range(len(people)):
        people[p].load, people[p].trips, people[p].clients, people[p].travel, people[p].size = 0, 0.0, 0.0, 0.0, 0
        people[p].guard, people[p].last, people[p].spreads = 0, 0, 0
        people[p].load_hours = load_hours(people, rates, p, 0)
        people[p].totals_hours = totals_hours(people, rates, p, 0.0, 0.0, 0.0)


def open_limits(people: Records, share: float, hours_per_minute: Floats) -> None:
    """Lets everybody have this share more than her limit, at a price [P]; with share 0 the limits are kept again."""
    people["room"] = (people["limit"] * (1 + share)).astype(np.int64)
    people["beyond"] = hours_per_minute


@njit(cache=True, forceinline=True)
def load_hours(people: Records, rates: Rates, p: int, minutes: int) -> float:
    """Price of a load of so many minutes: overload + balance (`goals.load_hours`), and what is beyond the limit while it is open."""
    person = people[p]
    price = hours_of_load(rates, person.low, person.target, person.tenth, person.high, person.capacity, float(minutes))
    return price + person.beyond * max(0, minutes - person.limit)


@njit(cache=True, forceinline=True)
def totals_hours(people: Records, rates: Rates, p: int, trips: float, clients: float, travel: float) -> float:
    """Price of the week's trips, clients and travel beside the load: site_visits, balance_clients, balance_travel."""
    price = 0.0
    if rates.trip > 0:
        price += rates.trip * max(0.0, trips - people[p].trip_limit)
    if rates.client > 0:
        price += rates.client * abs(clients - people[p].fair_clients)
    if rates.travel > 0:
        price += rates.travel * max(0.0, travel - people[p].fair_travel)
    return price


@njit(cache=True, forceinline=True)
def has_totals(rates: Rates) -> bool:
    """Whether trips, clients or travel are priced at all."""
    return rates.trip > 0 or rates.client > 0 or rates.travel > 0


@njit(cache=True)
def companion_hours(nodes: Records, mates: Records, mate_node: Ints, n: int, p: int) -> float:
    """Price of p as a further practitioner of node n's companions; n itself is left out of account."""
    price = 0.0
    for g in range(nodes[n].mates_from, nodes[n].mates_to):
        is_with_p, is_somewhere = False, False
        for at in range(mates[g].start, mates[g].end):
            holder = nodes[mate_node[at]].who if mate_node[at] != n else -1
            is_with_p |= holder == p
            is_somewhere |= holder >= 0
        if is_somewhere and not is_with_p:
            price += mates[g].hours
    return price


@njit(cache=True, forceinline=True)
def fits(arcs: Records, nodes: Records, people: Records, n: int, k: int) -> bool:
    """Whether arc k of node n has room."""
    p = arcs[n, k].to
    return people[p].load + arcs[n, k].load + guard_with(nodes, people, n, p) <= people[p].room


@njit(cache=True, forceinline=True)
def excess_of(people: Records, p: int) -> int:
    """Minutes by which p is above her room, with what protection keeps free; 0 or less where she is not."""
    return people[p].load + people[p].guard - people[p].room


@njit(cache=True, forceinline=True)
def added_hours(
    arcs: Records, nodes: Records, people: Records, mates: Records, mate_node: Ints, rates: Rates, n: int, k: int
) -> float:  # fmt: skip
    """Change of the score if waiting node n took arc k, its own waiting price aside."""
    arc = arcs[n, k]
    p = arc.to
    person = people[p]
    price = arc.cost + load_hours(people, rates, p, person.load + arc.load) - person.load_hours
    if has_totals(rates):
        after = totals_hours(people, rates, p, person.trips + nodes[n].trips, person.clients + nodes[n].clients, person.travel + arc.travel)
        price += after - person.totals_hours
    if nodes[n].mates_to > nodes[n].mates_from:
        price += companion_hours(nodes, mates, mate_node, n, p)
    return price


@njit(cache=True, forceinline=True)
def take(
    arcs: Records, nodes: Records, people: Records, member: Ints, mates: Records, mate_node: Ints, rates: Rates, n: int, k: int
) -> float:
    """Waiting node n joins the practitioner of its arc k; returns the change of the score."""
    p = arcs[n, k].to
    change = added_hours(arcs, nodes, people, mates, mate_node, rates, n, k) - nodes[n].waiting
    member[people[p].first + people[p].size] = n
    nodes[n].place = people[p].size
    people[p].size += 1
    nodes[n].who = p
    nodes[n].slot = k
    _carry(arcs, nodes, people, rates, n, k, 1)
    enter_spread(nodes, people, member, n, p)
    return change


@njit(cache=True, forceinline=True)
def leave(
    arcs: Records, nodes: Records, people: Records, member: Ints, mates: Records, mate_node: Ints, rates: Rates, n: int
) -> float:  # fmt: skip
    """Node n starts to wait; returns the change of the score."""
    p, k = nodes[n].who, nodes[n].slot
    people[p].size -= 1
    last = member[people[p].first + people[p].size]
    member[people[p].first + nodes[n].place] = last
    nodes[last].place = nodes[n].place
    nodes[n].who = -1
    nodes[n].slot = -1
    _carry(arcs, nodes, people, rates, n, k, -1)
    strike_spread(nodes, people, member, n, p)
    return nodes[n].waiting - added_hours(arcs, nodes, people, mates, mate_node, rates, n, k)


@njit(cache=True, forceinline=True)
def _carry(arcs: Records, nodes: Records, people: Records, rates: Rates, n: int, k: int, sign: int) -> None:
    """The week of the arc's practitioner with (sign 1) or without (sign −1) the node, priced anew."""
    p = arcs[n, k].to
    people[p].load += sign * arcs[n, k].load
    people[p].load_hours = load_hours(people, rates, p, people[p].load)
    if has_totals(rates):
        people[p].trips += sign * nodes[n].trips
        people[p].clients += sign * nodes[n].clients
        people[p].travel += sign * arcs[n, k].travel
        people[p].totals_hours = totals_hours(people, rates, p, people[p].trips, people[p].clients, people[p].travel)


@njit(cache=True, forceinline=True)
def moves_of(arcs: Records, nodes: Records, n: int) -> int:
    """Moves that the node's present place counts."""
    slot = nodes[n].slot
    return arcs[n, slot].moves if slot >= 0 else nodes[n].waiting_moves


@njit(cache=True)
def place_all(
    arcs: Records, nodes: Records, people: Records, member: Ints, mates: Records, mate_node: Ints, rates: Rates, who: Ints
) -> None:  # fmt: skip
    """Makes an empty board hold these practitioners (int32[N], −1 waits); who has no arc here leaves the node waiting."""
    nodes["who"][:] = -1
    nodes["slot"][:] = -1
    empty_people(people, rates)
    for n in range(len(who)):
        for k in range(nodes[n].arcs):
            if arcs[n, k].to == who[n]:
                take(arcs, nodes, people, member, mates, mate_node, rates, n, k)
                break


@njit(cache=True)
def score_of(
    arcs: Records, nodes: Records, people: Records, _member: Ints, mates: Records, mate_node: Ints, rates: Rates
) -> tuple[float, int]:  # fmt: skip
    """The score of what the board holds, counted anew, and its moves. Held-back units are not in it."""
    price, moves = 0.0, 0
    weeks = np.zeros((len(people), 4))
    for n in range(len(nodes)):
        moves += moves_of(arcs, nodes, n)
        price += _companions_of(nodes, mates, mate_node, n)
        if nodes[n].slot < 0:
            price += nodes[n].waiting
            continue
        arc = arcs[n, nodes[n].slot]
        price += arc.cost
        weeks[arc.to, 0] += arc.load
        weeks[arc.to, 1] += nodes[n].trips
        weeks[arc.to, 2] += nodes[n].clients
        weeks[arc.to, 3] += arc.travel
    for p in range(len(people)):
        price += load_hours(people, rates, p, int(weeks[p, 0])) + totals_hours(people, rates, p, weeks[p, 1], weeks[p, 2], weeks[p, 3])
    return price, moves


@njit(cache=True)
def _companions_of(nodes: Records, mates: Records, mate_node: Ints, n: int) -> float:
    """What the node adds to its groups' prices when they are counted in the order of their nodes."""
    price = 0.0
    for g in range(nodes[n].mates_from, nodes[n].mates_to):
        is_further, is_new = False, nodes[n].who >= 0
        for at in range(mates[g].start, mates[g].end):
            if mate_node[at] < n and nodes[mate_node[at]].who >= 0:
                is_further = True
                is_new &= nodes[mate_node[at]].who != nodes[n].who
        price += mates[g].hours if is_further and is_new else 0.0
    return price


@njit(cache=True)
def score_of_part(
    arcs: Records, nodes: Records, people: Records, _member: Ints, mates: Records, mate_node: Ints, _rates: Rates, own: Ints, staff: Ints
) -> float:  # fmt: skip
    """Price of what the board holds within one part: its nodes int32[n] and practitioners int32[p]."""
    price = 0.0
    for n in own:
        slot = nodes[n].slot
        price += (arcs[n, slot].cost if slot >= 0 else nodes[n].waiting) + _companions_of(nodes, mates, mate_node, n)
    for p in staff:
        price += people[p].load_hours + people[p].totals_hours
    return price
