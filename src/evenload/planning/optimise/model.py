"""One part as a mixed-integer program, every price modelled exactly.

Prices of loads are piecewise linear and, with sensible prices, convex; where a manager's prices are not, their convex hull
stands in: the bound stays valid, and plans are always scored by the true prices elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from evenload.planning.optimise.arrays import Floats, Ints
from evenload.planning.optimise.dual import Rooms
from evenload.planning.optimise.records import Records
from evenload.planning.optimise.state import Board


@dataclass
class Program:
    """A mixed-integer program that grows by columns and rows: minimise cost·x + offset, lower ≤ A x ≤ upper."""

    cost: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    start: list[float] = field(default_factory=list)
    """value of each column in the plan at hand"""
    row_low: list[float] = field(default_factory=list)
    row_high: list[float] = field(default_factory=list)
    entries: list[tuple[int, int, float]] = field(default_factory=list)
    """row, column, value"""
    offset: float = 0.0

    def column(self, cost: float, start: float, *, low: float = 0.0, high: float = 1.0, whole: bool = False) -> int:
        """Adds a column; returns its number."""
        self.cost.append(cost)
        self.low.append(low)
        self.high.append(high)
        self.whole.append(whole)
        self.start.append(start)
        return len(self.cost) - 1

    def row(self, low: float, high: float, terms: Sequence[tuple[int, float]]) -> None:
        """Adds a row over (column, value) terms."""
        number = len(self.row_low)
        self.row_low.append(low)
        self.row_high.append(high)
        self.entries += [(number, column, value) for column, value in terms]


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its nodes and practitioners (ascending), the board with *all* arcs that may matter, and the limit on moves."""

    board: Board
    rooms: Rooms
    nodes: Ints
    people: Ints
    worth_keeping: Records
    """bool[N, K]: arcs that a better plan may use"""
    most_moves: int | None


@dataclass(frozen=True, slots=True)
class Modelled:
    """The program of a part, and which column is which arc."""

    program: Program
    arc_column: dict[tuple[int, int], int]
    """(node, slot) → column"""


def modelled(part: Part) -> Modelled:
    """The part as a program whose start is what the board holds."""
    program, arc_column, waits = Program(), {}, {}
    for n in part.nodes.tolist():
        node = part.board.nodes[n]
        for k in range(int(node["arcs"])):
            is_held = part.board.arcs[n, k]["to"] == node["who"]
            if part.worth_keeping[n, k] or is_held:
                low = 1.0 if node["held"] else 0.0
                arc_column[n, k] = program.column(float(part.board.arcs[n, k]["cost"]), float(is_held), low=low, whole=True)
        if not node["held"]:
            waits[n] = program.column(float(node["waiting"]), float(node["who"] < 0))
    _add_assignment(program, part, arc_column, waits)
    of_person = _by_person(part, arc_column)
    for p in part.people.tolist():
        _add_load(program, part, p, of_person.get(p, []))
        _add_protection(program, part, p, of_person.get(p, []))
        _add_totals(program, part, p, of_person.get(p, []))
    _add_companions(program, part, arc_column)
    _add_moves(program, part, arc_column, waits)
    return Modelled(program, arc_column)


Arc = tuple[int, int, int]
"""node, slot, column"""


def _by_person(part: Part, arc_column: dict[tuple[int, int], int]) -> dict[int, list[Arc]]:
    of_person: dict[int, list[Arc]] = {}
    for (n, k), column in arc_column.items():
        of_person.setdefault(int(part.board.arcs[n, k]["to"]), []).append((n, k, column))
    return of_person


def _add_assignment(program: Program, part: Part, arc_column: dict[tuple[int, int], int], waits: dict[int, int]) -> None:
    choices: dict[int, list[tuple[int, float]]] = {n: [(column, 1.0)] for n, column in waits.items()}
    for (n, _), column in arc_column.items():
        choices.setdefault(n, []).append((column, 1.0))
    for n in part.nodes.tolist():
        program.row(1.0, 1.0, choices[n])


def _add_load(program: Program, part: Part, p: int, arcs: list[Arc]) -> None:
    """Load = least load + pieces of the convex price, each piece up to its length."""
    load, hours = lower_hull(part.rooms.breaks[p], part.rooms.hours[p])
    program.offset += float(hours[0])
    left = float(part.board.people[p]["load"]) - load[0]
    terms = [(column, float(part.board.arcs[n, k]["load"])) for n, k, column in arcs]
    for piece in range(len(load) - 1):
        length = float(load[piece + 1] - load[piece])
        filled = min(max(left, 0.0), length)
        left -= filled
        column = program.column(float(hours[piece + 1] - hours[piece]) / length, filled, high=length)
        terms.append((column, -1.0))
    program.row(float(load[0]), float(load[0]), terms)


def _add_protection(program: Program, part: Part, p: int, arcs: list[Arc]) -> None:
    """Load + Γ·z + Σ q ≤ limit with z + q ≥ spread of each node that she has: the Γ largest spreads, linear (Bertsimas and Sim 2004)."""
    person, nodes = part.board.people[p], part.board.nodes
    spread = [(column, float(nodes[n]["spread"])) for n, _, column in arcs if nodes[n]["spread"] > 0]
    if person["budget"] == 0 or not spread:
        return
    last = float(person["last"])
    shared = program.column(0.0, last, high=np.inf)
    terms = [(column, float(part.board.arcs[n, k]["load"])) for n, k, column in arcs]
    terms.append((shared, float(person["budget"])))
    for column, minutes in spread:
        own = program.column(0.0, max(0.0, minutes - last) * program.start[column], high=np.inf)
        program.row(0.0, np.inf, [(shared, 1.0), (own, 1.0), (column, -minutes)])
        terms.append((own, 1.0))
    program.row(-np.inf, float(person["limit"]), terms)


def lower_hull(load: Floats, hours: Floats) -> tuple[Floats, Floats]:
    """The lower convex hull of points (load, hours), ascending in load, without repetitions."""
    hull: list[tuple[float, float]] = []
    for x, y in sorted(set(zip(load.tolist(), hours.tolist(), strict=True))):
        if hull and x - hull[-1][0] < 1e-9:
            continue
        while len(hull) > 1 and (hull[-1][1] - hull[-2][1]) * (x - hull[-2][0]) > (y - hull[-2][1]) * (hull[-1][0] - hull[-2][0]) + 1e-12:
            hull.pop()
        hull.append((x, y))
    return np.array([x for x, _ in hull]), np.array([y for _, y in hull])


def _add_totals(program: Program, part: Part, p: int, arcs: list[Arc]) -> None:
    """Trips above the limit; clients off the fair share either way; travel above the fair share."""
    person, rates, board = part.board.people[p], part.board.rates, part.board
    if rates.trip > 0 and np.isfinite(person["trip_limit"]):
        over = program.column(rates.trip, max(0.0, float(person["trips"] - person["trip_limit"])), high=np.inf)
        program.row(-np.inf, float(person["trip_limit"]), [(over, -1.0), *((c, float(board.nodes[n]["trips"])) for n, _, c in arcs)])
    if rates.client > 0:
        off = float(person["clients"] - person["fair_clients"])
        above = program.column(rates.client, max(0.0, off), high=np.inf)
        below = program.column(rates.client, max(0.0, -off), high=np.inf)
        fair = float(person["fair_clients"])
        program.row(fair, fair, [(above, -1.0), (below, 1.0), *((c, float(board.nodes[n]["clients"])) for n, _, c in arcs)])
    if rates.travel > 0:
        over = program.column(rates.travel, max(0.0, float(person["travel"] - person["fair_travel"])), high=np.inf)
        fair = float(person["fair_travel"])
        program.row(-np.inf, fair, [(over, -1.0), *((c, float(board.arcs[n, k]["travel"])) for n, k, c in arcs)])


def _add_companions(program: Program, part: Part, arc_column: dict[tuple[int, int], int]) -> None:
    """Per group: a column per practitioner who has a companion; the first of them is free where anybody has one."""
    for start, end, hours in _groups(part):
        members = part.board.mate_node[start:end].tolist()
        arcs_to: dict[int, list[int]] = {}
        for n in members:
            for k in range(int(part.board.nodes[n]["arcs"])):
                if (n, k) in arc_column:
                    arcs_to.setdefault(int(part.board.arcs[n, k]["to"]), []).append(arc_column[n, k])
        holders = {int(part.board.nodes[n]["who"]) for n in members} - {-1}
        has = {p: program.column(hours, float(p in holders)) for p in sorted(arcs_to)}
        free = program.column(-hours, float(bool(holders)))
        program.row(-np.inf, 0.0, [(free, 1.0), *((column, -1.0) for column in has.values())])
        for p, columns in arcs_to.items():
            for column in columns:
                program.row(-np.inf, 0.0, [(column, 1.0), (has[p], -1.0)])


def _groups(part: Part) -> list[tuple[int, int, float]]:
    """Every group of companions of the part once."""
    found = set()
    for n in part.nodes.tolist():
        for g in range(int(part.board.nodes[n]["mates_from"]), int(part.board.nodes[n]["mates_to"])):
            mates = part.board.mates[g]
            found.add((int(mates["start"]), int(mates["end"]), float(mates["hours"])))
    return sorted(found)


def _add_moves(program: Program, part: Part, arc_column: dict[tuple[int, int], int], waits: dict[int, int]) -> None:
    if part.most_moves is None:
        return
    terms = [(column, float(part.board.arcs[n, k]["moves"])) for (n, k), column in arc_column.items()]
    terms += [(column, float(part.board.nodes[n]["waiting_moves"])) for n, column in waits.items()]
    program.row(-np.inf, float(part.most_moves), [(column, moves) for column, moves in terms if moves])
