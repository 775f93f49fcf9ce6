"""One change worked out to the end, nothing of it true yet: what dies and is born, who is priced anew, who goes where."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from evenload.planning.case import Unit
from evenload.planning.eligibility import breaches
from evenload.planning.goals import waiting_hours
from evenload.planning.one_change import Barred, Change, ImpossibleChangeError
from evenload.planning.optimise.arrays import FREE, Bytes, Floats, Ints, Staff, Wing
from evenload.planning.optimise.dual import Rooms
from evenload.planning.optimise.edits import Edit
from evenload.planning.optimise.fair import Demand, Supply
from evenload.planning.optimise.ledger_held import Key, Ledger
from evenload.planning.optimise.nearby import Weeks
from evenload.planning.optimise.outcome import Judged
from evenload.planning.optimise.records import ARC
from evenload.planning.optimise.rows_held import Rows, empty_rows, fill_nearest, nodes_for_whom_she_counts
from evenload.planning.optimise.settling import settled

NOTHING = np.empty(0, np.int32)


@dataclass(slots=True)
class Sketch:
    """What one change does to what is held. Nodes and practitioners by row."""

    change: Change
    edit: Edit
    gone: Bytes
    wings: list[Wing]
    supply: Supply
    demand: dict[str, Demand]
    staff: Staff
    pinned_minutes: Floats
    rooms: Rooms
    weeks: Weeks
    judged: Judged
    born: dict[int, tuple[Unit, ...]] = field(default_factory=dict)
    """new node → its units"""
    heir: dict[int, int] = field(default_factory=dict)
    """dead node → the node in its place"""
    dead: Ints = field(default_factory=NOTHING.copy)
    fresh_nodes: Ints = field(default_factory=NOTHING.copy)
    """nodes priced anew"""
    fresh: Rows = field(default_factory=lambda: empty_rows(0, 1, ARC))
    near_units: Ints = field(default_factory=NOTHING.copy)
    near_drive: Floats = field(default_factory=lambda: np.empty(0))
    near_to: Ints = field(default_factory=NOTHING.copy)
    put: dict[int, int] = field(default_factory=dict)
    """node → who has it before the search begins (−1: waits): the born, the displaced, what is put by hand"""
    left: Ints = field(default_factory=NOTHING.copy)
    """nodes whose place before the change is not theirs after it; the dead among them"""
    nodes: Ints = field(default_factory=NOTHING.copy)
    """the born, and the others that changed hands"""
    who: Ints = field(default_factory=NOTHING.copy)
    slot: Ints = field(default_factory=NOTHING.copy)
    shifted: Ints = field(default_factory=NOTHING.copy)
    """nodes that stay, whose arc lies in another slot now"""
    shifted_slot: Ints = field(default_factory=NOTHING.copy)
    by_hand: list[int] = field(default_factory=list)
    let_go: list[int] = field(default_factory=list)
    pair_hours: float = 0.0
    companion_hours: float = 0.0
    held_back_hours: float = 0.0
    unavoidable_hours: float = 0.0
    node_hours: tuple[float, float] = (0.0, 0.0)
    moves: int = 0

    def row_of(self, count: int) -> Ints:
        """int32[N]: where each node lies among the fresh ones, −1 elsewhere."""
        rows = np.full(count, -1, np.int32)
        rows[self.fresh_nodes] = np.arange(len(self.fresh_nodes), dtype=np.int32)
        return rows


def sketched(ledger: Ledger, change: Change, steps: int) -> Sketch:
    """The change worked out. Raises ImpossibleChangeError."""
    held = ledger.held
    sketch = Sketch(
        change=change, edit=ledger.register.edit(change), gone=held.gone.copy(), wings=list(held.wings), supply=ledger.supply,
        demand=ledger.demand, staff=ledger.staff, pinned_minutes=ledger.pinned_minutes, rooms=ledger.rooms, weeks=ledger.weeks,
        judged=ledger.judged,
    )  # fmt: skip
    _bear(ledger, sketch)
    _take_hours(ledger, sketch)
    _price(ledger, sketch)
    _find_nearest(ledger, sketch)
    _spread(ledger, sketch)
    _displace(ledger, sketch)
    settled(ledger, sketch, steps)
    _sum_up(ledger, sketch)
    return sketch


def _bear(ledger: Ledger, sketch: Sketch) -> None:
    """Writes the new nodes into scratch rows."""
    held, n = ledger.held, ledger.held.count
    dead = []
    for old, bundle in sketch.edit.nodes:
        if old >= 0:
            dead.append(old)
        if bundle:
            held.write_node(n, bundle)
            sketch.born[n] = bundle
            if old >= 0:
                sketch.heir[old] = n
            n += 1
    sketch.dead = np.array(dead, np.int32)
    sketch.wings = list(held.wings)


def _take_hours(ledger: Ledger, sketch: Sketch) -> None:
    """The new hours of practitioners: who is gone, and the maxima that single loads are held against."""
    held = ledger.held
    for p, person in sketch.edit.people.items():
        sketch.gone[p] = person.maximum_minutes == 0
        for number in {held.wing_number[code] for code in person.disciplines}:
            maximum = sketch.wings[number].maximum.copy()
            maximum[sketch.wings[number].column[p]] = person.maximum_minutes
            sketch.wings[number] = sketch.wings[number]._replace(maximum=maximum)


def _alone(wing: Wing, p: int) -> Wing:
    """The wing of this practitioner alone."""
    at = int(wing.column[p])
    column = np.full(len(wing.column), -1, np.int32)
    column[p] = 0
    own = slice(at, at + 1)
    return Wing(
        members=wing.members[own].copy(), column=column, base=np.ascontiguousarray(wing.base[:, own]), has_base=wing.has_base[own].copy(),
        longest_drive=wing.longest_drive[own].copy(), accepts_new=wing.accepts_new[own].copy(), maximum=wing.maximum[own].copy(),
        allowed=np.ascontiguousarray(wing.allowed[:, own]), soft=np.ascontiguousarray(wing.soft[:, own]), nodes=wing.nodes,
    )  # fmt: skip


def _price(ledger: Ledger, sketch: Sketch) -> None:
    """Prices the nodes anew whose cheapest practitioner may have changed."""
    held = ledger.held
    who = held.who.copy()
    for old, new in sketch.heir.items():
        who[new] = held.who[old]
    for n, p in sketch.edit.put.items():
        who[n] = p
    facts = held.facts(who, sketch.gone)
    touched: list[Ints] = [np.array([*sketch.born, *sketch.edit.put], np.int32)]
    for p in sketch.edit.people:
        touched += _touched_by_hours(ledger, sketch, p)
    nodes = np.unique(np.concatenate(touched)).astype(np.int32)
    nodes = nodes[~np.isin(nodes, sketch.dead)]
    sketch.fresh_nodes = nodes
    sketch.fresh = empty_rows(len(nodes), held.rows.arcs.shape[1], ARC)
    held.priced(nodes, np.arange(len(nodes), dtype=np.int32), facts, sketch.wings, sketch.fresh)


def _touched_by_hours(ledger: Ledger, sketch: Sketch, p: int) -> list[Ints]:
    held = ledger.held
    before, after = held.people[p].maximum_minutes, sketch.edit.people[p].maximum_minutes
    rows, count = held.rows, held.count
    found: list[Ints] = []
    if after < before:
        found.append(np.flatnonzero((rows.fit_to[:count] == p) | (rows.eligible_to[:count] == p)))
        if after == 0 and ledger.max_moves is not None:
            found.append(held.node_of_unit[np.flatnonzero(held.units.current[: held.units.start[count]] == p)])
    elif after > before:
        found += _newly_hers(ledger, sketch, p, before)
    return [nodes[held.alive[nodes] > 0].astype(np.int32) for nodes in found]


def _newly_hers(ledger: Ledger, sketch: Sketch, p: int, before: int) -> list[Ints]:
    """Nodes whose load she may take now, and could not before, and which that makes cheaper or possible."""
    held, count = ledger.held, ledger.held.count
    facts, found = held.facts(held.who, sketch.gone), []
    is_possible = held.alive[:count] > 0
    if before > 0:
        is_possible &= held.largest_loads(p) > before
    for number in sorted({held.wing_number[code] for code in held.people[p].disciplines}):
        nodes = np.flatnonzero((held.wing_of_node[:count] == number) & is_possible).astype(np.int32)
        wing = _alone(sketch.wings[number], p)
        asked = (wing, held.units, held.exact_of(number, p), held.scale, held.worth, facts, p, before if before > 0 else -1, nodes)
        found.append(nodes_for_whom_she_counts(*asked, held.rows))
    return found


def _find_nearest(ledger: Ledger, sketch: Sketch) -> None:
    """Who is nearest to the units that were born, and to those whose nearest left or came back."""
    held, count = ledger.held, ledger.held.count
    last = int(held.units.start[count])
    born = np.arange(last, int(held.units.start[count + len(sketch.born)]), dtype=np.int32)
    asked = [born]
    is_alive = held.alive[held.node_of_unit[:last]] > 0
    closer: list[tuple[Ints, Floats, int]] = []
    for p in sketch.edit.people:
        if sketch.gone[p] and not held.gone[p]:
            asked.append(np.flatnonzero(is_alive & (held.nearest_to[:last] == p)).astype(np.int32))
        elif held.gone[p] and not sketch.gone[p]:
            closer += _closer_to(ledger, sketch, p, is_alive)
    units = np.concatenate(asked)
    units = units[~np.isin(held.node_of_unit[units], sketch.dead)]
    drive, to = held.nearest(units, sketch.gone)
    for near, minutes, p in closer:
        units, drive, to = (
            np.concatenate([units, near]),
            np.concatenate([drive, minutes]),
            np.concatenate([to, np.full(len(near), p, np.int32)]),
        )
    sketch.near_units, sketch.near_drive, sketch.near_to = units, drive, to


def _closer_to(ledger: Ledger, sketch: Sketch, p: int, is_alive: NDArray[np.bool_]) -> list[tuple[Ints, Floats, int]]:
    """Units to which p is nearer than anybody so far, and how near."""
    held = ledger.held
    found: list[tuple[Ints, Floats, int]] = []
    number = held.wing_of_node[held.node_of_unit[: len(is_alive)]]
    for w in sorted({held.wing_number[code] for code in held.people[p].disciplines}):
        units = np.flatnonzero(is_alive & (number == w)).astype(np.int32)
        drive, to = np.empty(len(units)), np.empty(len(units), np.int32)
        fill_nearest(_alone(sketch.wings[w], p), held.units, held.exact_of(w, p), held.scale, sketch.gone, units, drive, to)
        nearer = drive < held.nearest_drive[units]
        found.append((units[nearer], drive[nearer], p))
    return found


def _spread(ledger: Ledger, sketch: Sketch) -> None:
    """Demand, targets, fair shares, and where loads may lie."""
    held, count = ledger.held, ledger.held.count
    last = int(held.units.start[count])
    old = sketch.near_units < last
    sketch.demand = dict(ledger.demand)
    gone = [np.arange(held.units.start[n], held.units.start[n + 1]) for n in sketch.dead]
    for units in (*gone, sketch.near_units[old]):
        ledger.spread(sketch.demand, units, held.nearest_drive[units], -1)
    ledger.spread(sketch.demand, sketch.near_units, sketch.near_drive, 1)
    for p, person in sketch.edit.people.items():
        sketch.supply = sketch.supply.with_capacity(p, person.capacity_minutes)
    sketch.staff = _staff(ledger, sketch)
    sketch.pinned_minutes = ledger.pinned_minutes.copy()
    for n in sketch.dead:
        if held.pinned[n] > FREE:
            sketch.pinned_minutes[held.pinned[n]] -= held.rows.arcs[n, 0]["load"]
    for r, n in enumerate(sketch.fresh_nodes):
        if int(n) in sketch.born and held.pinned[n] > FREE:
            sketch.pinned_minutes[held.pinned[n]] += sketch.fresh.arcs[r, 0]["load"]
    sketch.rooms = ledger.rooms_with(sketch.staff, sketch.pinned_minutes)


def _staff(ledger: Ledger, sketch: Sketch) -> Staff:
    staff = ledger.staff
    marks, maximum = staff.marks.copy(), staff.maximum.copy()
    marks[:, 1] = sketch.supply.targets(sketch.demand)
    for p, person in sketch.edit.people.items():
        low, high = float(person.comfortable_min_percent) / 100, float(person.comfortable_max_percent) / 100
        capacity = person.capacity_minutes
        marks[p, 0], marks[p, 2], marks[p, 3], marks[p, 4] = low * capacity, capacity / 10, high * capacity, capacity
        maximum[p] = person.maximum_minutes
    clients, travel = staff.fair_clients, staff.fair_travel
    if ledger.prices.balance_clients or ledger.prices.balance_travel:
        clients, travel = sketch.supply.fair(sketch.demand)
    return Staff(maximum, marks, staff.trip_limit, clients, travel)


def _displace(ledger: Ledger, sketch: Sketch) -> None:
    """Where the touched nodes are before the search: with whom they were, by hand where they are put, else waiting."""
    held, rows = ledger.held, sketch.row_of(len(ledger.held.alive))
    for n in sketch.born:
        old = next((one for one, new in sketch.heir.items() if new == n), -1)
        before = int(held.who[old]) if old >= 0 else -1
        pin = int(held.pinned[n])
        sketch.put[n] = pin if pin > FREE else before if slot_of(sketch.fresh, rows[n], before) >= 0 else -1
        if old >= 0 and held.by_hand[old] and sketch.put[n] == before and isinstance(sketch.change, Barred):
            sketch.by_hand.append(n)
    for p in sketch.edit.people:
        hers = np.flatnonzero((held.who[: held.count] == p) & (held.alive[: held.count] > 0))
        hers = hers[~np.isin(hers, sketch.dead)]
        listed = np.array([rows[n] < 0 or slot_of(sketch.fresh, rows[n], p) >= 0 for n in hers], bool)
        cannot_stay = hers if sketch.gone[p] else hers[~listed]
        sketch.put |= {int(n): -1 for n in cannot_stay if held.pinned[n] != p}
        sketch.let_go += [int(n) for n in cannot_stay]
    for n, p in sketch.edit.put.items():
        if p >= 0 and slot_of(sketch.fresh, rows[n], p) < 0:
            _refuse(ledger, n, p)
        sketch.put[n] = p
        sketch.by_hand.append(n)
    sketch.edit.about |= {p for p in sketch.put.values() if p >= 0}
    sketch.edit.about |= {int(held.who[n]) for n in (*sketch.dead, *sketch.edit.put) if held.who[n] >= 0}


def slot_of(rows: Rows, row: int, p: int) -> int:
    """The slot of the practitioner's arc in this row, −1 where there is none."""
    found = np.flatnonzero(rows.arcs["to"][row, : rows.degree[row]] == p) if p >= 0 else NOTHING
    return int(found[0]) if len(found) else -1


def _refuse(ledger: Ledger, n: int, p: int) -> None:
    held = ledger.held
    rules = sorted({reason.code for unit in held.members[n] for reason in breaches(held.case, held.people[p], unit)})
    code = "rule_broken" if rules else "no_room"
    raise ImpossibleChangeError(code, practitioner=held.people[p].id, rules=" ".join(rules))


def _sum_up(ledger: Ledger, sketch: Sketch) -> None:
    """Weeks, price and bound after the change."""
    held = ledger.held
    rows = sketch.row_of(len(held.alive))
    old = np.union1d(sketch.dead, np.setdiff1d(sketch.nodes, np.array(list(sketch.born), np.int32))).astype(np.int32)
    sketch.left = old
    was = ledger.weeks
    weeks = Weeks(was.load.copy(), was.trips.copy(), was.clients.copy(), was.travel.copy())
    hours = ledger.pair_hours - ledger.add(weeks, held.rows, old, old, held.who[old], held.slot[old], -1)
    is_fresh = rows[sketch.nodes] >= 0
    for rows_now, at, chosen in (
        (sketch.fresh, rows[sketch.nodes][is_fresh], is_fresh),
        (held.rows, sketch.nodes[~is_fresh], ~is_fresh),
    ):
        hours += ledger.add(weeks, rows_now, sketch.nodes[chosen], at, sketch.who[chosen], sketch.slot[chosen], 1)
    sketch.weeks, sketch.pair_hours = weeks, hours
    _shift(ledger, sketch, rows)
    sketch.companion_hours = _companions(ledger, sketch)
    sketch.held_back_hours = ledger.held_back_hours + _held_back_change(ledger, sketch)
    _sum_bound(ledger, sketch)


def _shift(ledger: Ledger, sketch: Sketch, rows: Ints) -> None:
    """Nodes that stay where they are, but whose rows are new; and the moves of all that was touched."""
    held = ledger.held
    stay = np.setdiff1d(sketch.fresh_nodes, sketch.nodes).astype(np.int32)
    stay = stay[held.who[stay] >= 0]
    sketch.shifted = stay
    sketch.shifted_slot = np.array([slot_of(sketch.fresh, rows[n], held.who[n]) for n in stay], np.int32)
    if ledger.max_moves is None:
        return
    idle = np.setdiff1d(sketch.fresh_nodes, np.union1d(sketch.nodes, stay)).astype(np.int32)
    before = np.union1d(np.union1d(sketch.left, stay), idle).astype(np.int32)
    sketch.moves = ledger.moves - ledger.moves_of(held.rows, before, held.slot[before])
    sketch.moves += ledger.moves_of(sketch.fresh, rows[stay], sketch.shifted_slot)
    sketch.moves += ledger.moves_of(sketch.fresh, rows[idle], np.full(len(idle), -1, np.int32))
    is_fresh = rows[sketch.nodes] >= 0
    sketch.moves += ledger.moves_of(sketch.fresh, rows[sketch.nodes][is_fresh], sketch.slot[is_fresh])
    sketch.moves += ledger.moves_of(held.rows, sketch.nodes[~is_fresh], sketch.slot[~is_fresh])


def _companions(ledger: Ledger, sketch: Sketch) -> float:
    """Price of the companions after the change: the touched groups are counted anew."""
    held, dead = ledger.held, set(sketch.dead.tolist())
    who = dict(zip(sketch.nodes.tolist(), sketch.who.tolist(), strict=True))
    joins = ledger.joins_of(sketch.born)
    touched: set[Key] = set()
    for n in sketch.left.tolist():
        if n in dead or ledger.is_grouped[n]:
            touched |= ledger.keys_of(held.members[n])
    hours = ledger.companion_hours
    for key in sorted(touched | joins.keys(), key=str):
        group = ledger.groups.get(key, set())
        hours -= ledger.group_hours(key, group, {})
        hours += ledger.group_hours(key, (group - dead) | joins.get(key, set()), who)
    return hours


def _held_back_change(ledger: Ledger, sketch: Sketch) -> float:
    change = 0.0
    for id, after in sketch.edit.units.items():
        before = ledger.register.units.get(id)
        for unit, sign in ((before, -1), (after, 1)):
            if unit is not None and unit.held_back is not None:
                change += sign * waiting_hours(ledger.register.case, unit)
    return change


def _sum_bound(ledger: Ledger, sketch: Sketch) -> None:
    held, fresh = ledger.held, sketch.fresh
    at = np.arange(len(sketch.fresh_nodes))
    old = np.union1d(sketch.dead, sketch.fresh_nodes[sketch.fresh_nodes < held.count]).astype(np.int32)
    change = ledger.without_taker(fresh, sketch.fresh_nodes, at) - ledger.without_taker(held.rows, old, old)
    sketch.unavoidable_hours = ledger.unavoidable_hours + change
    fit = ledger.node_hours[0] + float(fresh.node_hours.sum() - held.rows.node_hours[old].sum())
    eligible = ledger.node_hours[1] + float(fresh.eligible_hours.sum() - held.rows.eligible_hours[old].sum())
    sketch.node_hours = fit, eligible
    pairs = sketch.pair_hours + sketch.companion_hours
    sketch.judged = ledger.judge(
        sketch.staff, sketch.weeks, sketch.rooms, pairs, sketch.held_back_hours, sketch.unavoidable_hours, sketch.node_hours, sketch.moves
    )
