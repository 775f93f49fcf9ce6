"""A program held in memory: its arrays with spare rows, so that nodes can be added and replaced while everything else stays.

A node whose units change is never altered: it dies, and a new one takes the next spare row. Rows from `count` on are scratch:
a change is tried there, and becomes true when `count` is moved past it. Letters of shapes as in `arrays`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenload.planning.case import Unit
from evenload.planning.eligibility import HISTORY_FREE_RULES, no_capacity
from evenload.planning.goals import waiting_hours
from evenload.planning.optimise.arrays import FREE, STRANDED, ExactDrives, Floats, Ints, Units, Wing, starts
from evenload.planning.optimise.build import units_of, wing_of
from evenload.planning.optimise.candidates import CHEAPEST, SLOTS, Worth
from evenload.planning.optimise.facet_rows import FacetRows
from evenload.planning.optimise.pairs import ALL_BUT_ANTIPODAL, EDGE_MINUTES, raw_drives
from evenload.planning.optimise.records import ARC
from evenload.planning.optimise.rows_held import Facts, Rows, empty_rows, fill_nearest, fill_rows
from evenload.planning.optimise.setting import Setting
from evenload.planning.optimise.tables import GOAL_FACETS, RULE_FACETS, Tables
from evenload.planning.optimise.threads import side_by_side
from evenload.planning.score import may_take
from evenload.planning.travel import drive_minutes

SPARE = 64
"""Spare rows at least; else a quarter of what there is."""

CHUNK = 2000
"""Nodes of one task."""

NO_CAPACITY = next(number for number, facet in enumerate(RULE_FACETS) if facet.of is no_capacity)

Array = NDArray[Any]


class Held:
    """The arrays of one program, and who has what in it. `what_if.Resident` is what others use."""

    def __init__(self, setting: Setting, who: Ints, worth: Worth) -> None:
        instance, case = setting.instance, setting.case
        self.case, self.people, self.scale, self.rates = case, list(instance.practitioners), instance.scale, instance.rates
        self.index = {p.id: i for i, p in enumerate(self.people)}
        self.names = [p.id for p in self.people]
        self.worth = Worth(worth.minute.copy(), worth.trip.copy(), worth.move)
        self.members: list[tuple[Unit, ...]] = list(instance.nodes)
        self.count = len(instance.nodes)
        room, unit_room = _roomy(self.count), _roomy(len(instance.units.kind))
        self.units = _with_room(_each_its_own(instance.units), room, unit_room)
        self.exact = ExactDrives(
            _padded(setting.exact.start, unit_room + 1), *(_padded(one, _roomy(len(one))) for one in setting.exact[1:])
        )
        self.waiting, self.trips = _padded(instance.waiting, room), _padded(instance.trips, room)
        self.clients, self.pinned = _padded(instance.clients, room), _padded(instance.pinned, room)
        self.alive = _padded(np.ones(self.count, np.uint8), room)
        self.by_hand = np.zeros(room, np.uint8)
        self.who, self.slot = _padded(who, room, -1), np.full(room, -1, np.int32)
        self.gone = np.array([p.maximum_minutes == 0 for p in self.people], np.uint8)
        self._hold_wings(setting)
        self.node_of_unit = np.repeat(np.arange(self.count, dtype=np.int32), np.diff(instance.units.start))
        self.node_of_unit = _padded(self.node_of_unit, unit_room, -1)
        self.rows = empty_rows(room, max(1, min(SLOTS, max((len(wing.members) for wing in self.wings), default=1))), ARC)
        self.nearest_drive, self.nearest_to = np.full(unit_room, np.inf), np.full(unit_room, -1, np.int32)
        self._fill()

    def _hold_wings(self, setting: Setting) -> None:
        """The instance's wings, and one for each further discipline that somebody has."""
        wings, instance = list(setting.instance.wings), setting.instance
        height = wings[0].allowed.shape[0] if wings else 1, wings[0].soft.shape[0] if wings else 1
        self.wing_number = {instance.nodes[wing.nodes[0]][0].discipline: i for i, wing in enumerate(wings)}
        for discipline in sorted({code for p in self.people for code in p.disciplines} - self.wing_number.keys()):
            members = np.array([i for i, p in enumerate(self.people) if discipline in p.disciplines], np.int32)
            nobody = Tables(
                np.ones((height[0], len(self.people)), np.uint8), np.zeros((0, 0), np.int32),
                np.zeros((height[1], len(self.people))), np.zeros((0, 0), np.int32),
            )  # fmt: skip
            self.wing_number[discipline] = len(wings)
            wings.append(wing_of(self.people, members, np.empty(0, np.int32), nobody))
        self.facets = FacetRows(self.case, self.people, wings, height)
        for wing in self.facets.wings:
            # Hours change here, so the rule about them is the flag `gone` instead of a row of the table.
            wing.allowed[np.unique(instance.units.allowed_row[:, NO_CAPACITY])] = 1
        self.wing_of_node = np.full(len(self.waiting), -1, np.int32)
        for number, wing in enumerate(setting.instance.wings):
            self.wing_of_node[wing.nodes] = number

    @property
    def wings(self) -> list[Wing]:
        """One per discipline; the tables grow."""
        return self.facets.wings

    def facts(self, who: Ints, gone: NDArray[np.uint8]) -> Facts:
        """What a pass asks."""
        return Facts(self.waiting, self.trips, self.pinned, who, gone)

    def _fill(self) -> None:
        """Prices every pair, and finds who is nearest to each unit."""
        units = np.arange(self.units.start[self.count], dtype=np.int32)
        drive, to = self.nearest(units, self.gone)
        self.nearest_drive[units], self.nearest_to[units] = drive, to
        self.take_prices(self.worth)

    def take_prices(self, worth: Worth) -> None:
        """Prices every pair of the living nodes under these prices; who has what stays."""
        self.worth = worth
        nodes = np.flatnonzero(self.alive[: self.count]).astype(np.int32)
        self.priced(nodes, nodes, self.facts(self.who, self.gone), self.wings, self.rows)
        is_hers = (self.rows.arcs["to"][: self.count] == self.who[: self.count, None]) & (
            np.arange(self.rows.arcs.shape[1]) < self.rows.degree[: self.count, None]
        )
        self.slot[: self.count] = np.where(is_hers.any(axis=1), is_hers.argmax(axis=1), -1)
        self.who[: self.count] = np.where(is_hers.any(axis=1), self.who[: self.count], -1)

    def priced(self, nodes: Ints, at: Ints, facts: Facts, wings: Sequence[Wing], rows: Rows) -> None:
        """Fills `rows` at these places for these nodes, against everybody of their wings."""
        number = self.wing_of_node[nodes]
        without = at[number < 0]
        rows.node_hours[without] = rows.eligible_hours[without] = self.waiting[nodes[number < 0]]
        rows.fit_to[without] = rows.eligible_to[without] = -1
        tasks = []
        for w in np.unique(number[number >= 0]):
            mine = np.flatnonzero(number == w)
            keep = len(wings[w].members) if len(wings[w].members) <= rows.arcs.shape[1] else min(CHEAPEST, rows.arcs.shape[1])
            asked = (wings[w], self.units, self.exact, self.scale, self.worth, facts, keep)
            for first in range(0, len(mine), CHUNK):
                part = mine[first : first + CHUNK]
                tasks.append(partial(fill_rows, *asked, nodes[part], at[part], rows))
        side_by_side(tasks)

    def nearest(self, units: Ints, gone: NDArray[np.uint8]) -> tuple[Floats, Ints]:
        """Drive to, and number of, the practitioner nearest to each of these units (infinite, −1: nobody may)."""
        drive, to = np.full(len(units), np.inf), np.full(len(units), -1, np.int32)
        number = self.wing_of_node[self.node_of_unit[units]]
        parts = []
        for w in np.unique(number[number >= 0]):
            mine = np.flatnonzero(number == w)
            for first in range(0, len(mine), CHUNK):
                at = mine[first : first + CHUNK]
                found = np.empty(len(at)), np.empty(len(at), np.int32)
                parts.append((at, found, partial(fill_nearest, self.wings[w], self.units, self.exact, self.scale, gone, units[at], *found)))
        side_by_side([task for _, _, task in parts])
        for at, found, _ in parts:
            drive[at], to[at] = found
        self._consider_pins(units, drive, to)
        return drive, to

    def _consider_pins(self, units: Ints, drive: Floats, to: Ints) -> None:
        """A pin overrides the longest drive, days, evenings and hours of its practitioner (`targets.nearest_travel`)."""
        for i in np.flatnonzero(self.pinned[self.node_of_unit[units]] != FREE):
            unit = self.unit_at(int(units[i]))
            if unit.pinned_to is None or unit.pinned_to not in self.index:
                continue
            person = self.people[self.index[unit.pinned_to]]
            minutes = drive_minutes(self.case, person, unit)
            if minutes < drive[i] and all(rule(self.case, person, unit) is None for rule in HISTORY_FREE_RULES):
                drive[i], to[i] = minutes, self.index[unit.pinned_to]

    def unit_at(self, u: int) -> Unit:
        """The unit in row u."""
        n = int(self.node_of_unit[u])
        return self.members[n][u - int(self.units.start[n])]

    def travel_minutes(self, units: Ints, drive: Floats) -> Floats:
        """Weekly travel at these drives; 0 where nobody may."""
        numerator, denominator = self.units.trips[units].T
        return np.where(
            np.isinf(drive), 0.0, np.floor((4 * np.where(np.isinf(drive), 0, drive) * numerator + denominator) / (2 * denominator))
        )

    def write_node(self, n: int, bundle: tuple[Unit, ...]) -> None:
        """Writes a node into scratch row n, which follows the last one written."""
        while n >= len(self.waiting) - 1 or int(self.units.start[n]) + len(bundle) > len(self.units.minutes):
            self._grow()
        first = int(self.units.start[n])
        rows = [self.facets.rows_of(unit) for unit in bundle]
        allowed, soft = np.array([row[0] for row in rows], np.int32), np.array([row[1] for row in rows], np.int32)
        own = units_of(self.case, bundle, self.index, Tables(np.empty((0, 0), np.uint8), allowed, np.empty((0, 0)), soft))
        last = first + len(bundle)
        for name in (
            "place",
            "minutes",
            "spread",
            "adds_travel",
            "trips",
            "current",
            "leave_hours",
            "allowed_row",
            "soft_row",
        ):
            getattr(self.units, name)[first:last] = getattr(own, name)
        self.units.start[n + 1] = last
        self._write_bars(first, own)
        self.node_of_unit[first:last] = n
        self.members[n:] = [bundle]
        self.waiting[n] = sum(waiting_hours(self.case, unit) for unit in bundle)
        self.trips[n], self.clients[n] = float(sum(unit.trips for unit in bundle)), sum(unit.clients for unit in bundle)
        self.pinned[n] = self._pin(bundle)
        self.alive[n], self.by_hand[n], self.who[n], self.slot[n] = 1, 0, -1, -1
        self.wing_of_node[n] = self.wing_number.get(bundle[0].discipline, -1)
        self._write_exact(first, bundle)

    def _pin(self, bundle: tuple[Unit, ...]) -> int:
        pinned_to = next((unit.pinned_to for unit in bundle if unit.pinned_to is not None), None)
        if pinned_to is None:
            return FREE
        if pinned_to not in self.index or not may_take(self.case, self.people[self.index[pinned_to]], bundle):
            return STRANDED
        return self.index[pinned_to]

    def _write_bars(self, first: int, own: Units) -> None:
        begin, more = int(self.units.barred_start[first]), len(own.barred)
        if begin + more > len(self.units.barred):
            self.units = self.units._replace(barred=_padded(self.units.barred, begin + more + SPARE))
        self.units.barred[begin : begin + more] = own.barred
        self.units.barred_start[first + 1 : first + len(own.barred_start)] = begin + own.barred_start[1:]

    def _write_exact(self, first: int, bundle: tuple[Unit, ...]) -> None:
        """Drives on a rounding edge are decided by `travel.drive_minutes`, as `pairs.exact_drives` does it."""
        wing = self.wing_of_node[self.node_of_unit[first]]
        for number, unit in enumerate(bundle):
            begin, columns = int(self.exact.start[first + number]), np.empty(0, np.int64)
            if wing >= 0 and unit.place is not None:
                columns = self._doubtful(self.wings[wing], first + number)
            if begin + len(columns) > len(self.exact.person):
                room = begin + len(columns) + SPARE
                self.exact = ExactDrives(self.exact.start, _padded(self.exact.person, room), _padded(self.exact.minutes, room))
            for place, column in enumerate(columns, begin):
                p = int(self.wings[wing].members[column])
                self.exact.person[place], self.exact.minutes[place] = p, drive_minutes(self.case, self.people[p], unit)
            self.exact.start[first + number + 1] = begin + len(columns)

    def _doubtful(self, wing: Wing, u: int) -> NDArray[np.int64]:
        drive = np.empty(len(wing.members))
        raw_drives(wing, self.units, self.scale, u, drive)
        on_edge = np.abs(drive - np.floor(drive) - 0.5) < EDGE_MINUTES * (1 + drive)
        antipodal = drive > self.scale.minutes_per_radian * np.arcsin(ALL_BUT_ANTIPODAL)
        return np.flatnonzero((wing.has_base > 0) & (on_edge | antipodal))

    def largest_loads(self, p: int) -> Floats:
        """float64[N]: minutes that each node can be for her at most, at the longest drive that she accepts, its spread included."""
        last, person = int(self.units.start[self.count]), self.people[p]
        minutes, trips = self.units.minutes[:last], self.units.trips[:last]
        if person.longest_drive_minutes is None:
            travel = np.where(trips[:, 0] > 0, np.inf, 0.0)
        else:
            drive = max(float(person.longest_drive_minutes), self.scale.unknown_drive)
            travel = np.floor((4 * drive * trips[:, 0] + trips[:, 1]) / (2 * trips[:, 1]))
        loads = minutes + np.where(self.units.adds_travel[:last] > 0, travel, 0.0)
        return np.bincount(self.node_of_unit[:last], loads + self.units.spread[:last], self.count).astype(np.float64)

    def spread(self, n: int) -> int:
        """Minutes that node n may need beyond its load."""
        return int(self.units.spread[self.units.start[n] : self.units.start[n + 1]].sum())

    def exact_of(self, number: int, p: int) -> ExactDrives:
        """Decided drives of one practitioner alone to the units of one wing."""
        last = int(self.units.start[self.count])
        unit = np.repeat(np.arange(last), np.diff(self.exact.start[: last + 1]))
        is_hers = self.exact.person[: len(unit)] == p
        is_hers &= self.wing_of_node[self.node_of_unit[unit]] == number
        start = starts(np.bincount(unit[is_hers], minlength=len(self.units.minutes)))
        return ExactDrives(start, np.full(int(is_hers.sum()), p, np.int32), self.exact.minutes[: len(unit)][is_hers])

    def _grow(self) -> None:
        """Doubles the spare rows."""
        room, unit_room = _roomy(len(self.waiting)), _roomy(len(self.units.minutes))
        self.units = _with_room(self.units, room, unit_room)
        self.exact = ExactDrives(_padded(self.exact.start, unit_room + 1), self.exact.person, self.exact.minutes)
        for name in ("waiting", "trips", "clients", "pinned", "alive", "by_hand", "who", "slot", "wing_of_node"):
            setattr(self, name, _padded(getattr(self, name), room))
        for name in ("node_of_unit", "nearest_drive", "nearest_to"):
            setattr(self, name, _padded(getattr(self, name), unit_room))
        self.rows = Rows(*(_padded(one, room) for one in self.rows))

    def holder(self) -> dict[str, str]:
        """Unit id → practitioner id of everything that does not wait."""
        held = np.flatnonzero((self.alive[: self.count] > 0) & (self.who[: self.count] >= 0))
        return {unit.id: self.people[self.who[n]].id for n in held for unit in self.members[n]}


def _roomy(rows: int) -> int:
    return rows + max(SPARE, rows // 4)


def _padded(array: Array, rows: int, filler: int = 0) -> Array:
    """The array with so many rows; the new ones hold the filler."""
    taller = np.full((rows, *array.shape[1:]), filler, array.dtype) if filler else np.zeros((rows, *array.shape[1:]), array.dtype)
    taller[: len(array)] = array
    return taller


def _with_room(units: Units, room: int, unit_room: int) -> Units:
    """Units that are each a kind of its own, with spare rows."""
    rows = {name: _padded(getattr(units, name), unit_room) for name in units._fields if name not in ("start", "barred_start", "barred")}
    rows["kind"] = np.arange(unit_room, dtype=np.int32)
    if not len(units.kind):
        # A program without units has no tables yet.
        rows["allowed_row"] = np.zeros((unit_room, len(RULE_FACETS)), np.int32)
        rows["soft_row"] = np.zeros((unit_room, len(GOAL_FACETS)), np.int32)
    start, barred_start = _padded(units.start, room + 1), _padded(units.barred_start, unit_room + 1)
    return Units(start=start, barred_start=barred_start, barred=_padded(units.barred, _roomy(len(units.barred))), **rows)


def _each_its_own(units: Units) -> Units:
    """The same units without kinds in common, for changes come one by one."""
    kind = units.kind
    rows = {
        name: getattr(units, name)[kind] for name in ("minutes", "spread", "adds_travel", "trips", "leave_hours", "allowed_row", "soft_row")
    }
    length = np.diff(units.barred_start)[kind]
    start = starts(length)
    at = np.repeat(units.barred_start[kind] - start[:-1], length) + np.arange(int(start[-1]))
    return units._replace(kind=np.arange(len(kind), dtype=np.int32), barred_start=start, barred=units.barred[at], **rows)
