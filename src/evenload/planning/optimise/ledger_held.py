"""The sums of a program held in memory: weeks, demand, targets, companions, price and bound."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from evenload.planning.case import Unit
from evenload.planning.optimise.arrays import FREE, Floats, Ints, Longs, Staff
from evenload.planning.optimise.candidates import Worth
from evenload.planning.optimise.dual import Rooms, rooms_of, staff_shares
from evenload.planning.optimise.edits import Register
from evenload.planning.optimise.fair import Demand, supply_of
from evenload.planning.optimise.held import Held
from evenload.planning.optimise.nearby import Weeks, staff_price
from evenload.planning.optimise.outcome import Judged
from evenload.planning.optimise.rows_held import Rows
from evenload.planning.optimise.setting import Setting

if TYPE_CHECKING:
    from evenload.planning.optimise.sketch import Sketch

Key = tuple[str, object]
"""A group of companions: `split` and the stated id, or `site_sharing` and (site, discipline)."""


class Ledger:
    """Every sum of what is held, as it stands."""

    def __init__(self, held: Held, setting: Setting, max_moves: int | None) -> None:
        self.held, self.max_moves = held, max_moves
        self.prices = setting.case.prices
        self.rates = setting.instance.rates
        if not np.isfinite(setting.staff.trip_limit).any():
            self.rates = self.rates._replace(trip=0.0)
        self.register = Register(setting.case, held.people, held.members)
        self.supply, self.staff = supply_of(held.people), setting.staff
        self.pinned_minutes, self.rooms = setting.pinned_minutes, setting.rooms
        nodes = np.arange(held.count)
        units = np.arange(int(held.units.start[held.count]))
        self.demand: dict[str, Demand] = {}
        self.spread(self.demand, units, held.nearest_drive[units], 1)
        self.weeks = Weeks(np.zeros(len(held.people), np.int64), *(np.zeros(len(held.people)) for _ in range(3)))
        self.pair_hours = self.add(self.weeks, held.rows, nodes, nodes, held.who[nodes], held.slot[nodes], 1)
        self.moves = self.moves_of(held.rows, nodes, held.slot[nodes])
        self.groups: dict[Key, set[int]] = {}
        for n in nodes.tolist():
            for key in self.keys_of(held.members[n]):
                self.groups.setdefault(key, set()).add(n)
        self.is_grouped = np.zeros(len(held.alive), np.uint8)
        for group in self.groups.values():
            if len(group) > 1:
                self.is_grouped[list(group)] = 1
        self.companion_hours = sum(self.group_hours(key, self.groups[key], {}) for key in sorted(self.groups, key=str))
        self.held_back_hours = self.register.held_back_hours()
        self.unavoidable_hours = self.without_taker(held.rows, nodes, nodes)
        self.node_hours = float(held.rows.node_hours[nodes].sum()), float(held.rows.eligible_hours[nodes].sum())
        self.judged = self.judge(
            self.staff, self.weeks, self.rooms, self.pair_hours + self.companion_hours, self.held_back_hours, self.unavoidable_hours,
            self.node_hours, self.moves,
        )  # fmt: skip

    def take_prices(self, worth: Worth) -> None:
        """Prices what is held under other prices of loads, and judges it by them."""
        held, nodes = self.held, np.arange(self.held.count)
        held.take_prices(worth)
        self.node_hours = float(held.rows.node_hours[nodes].sum()), float(held.rows.eligible_hours[nodes].sum())
        pairs = self.pair_hours + self.companion_hours
        self.judged = self.judge(
            self.staff, self.weeks, self.rooms, pairs, self.held_back_hours, self.unavoidable_hours, self.node_hours, self.moves
        )

    @property
    def most_moves(self) -> int | None:
        """The limit on moves that holds: the stated one, or the moves that are made already."""
        return None if self.max_moves is None else max(self.max_moves, self.moves)

    def spread(self, demand: dict[str, Demand], units: Longs | Ints, drive: Floats, sign: int) -> None:
        """Adds these units to, or takes them from, what their disciplines ask for; drive: to who is nearest, minutes one way."""
        held = self.held
        travel = held.travel_minutes(units, drive)
        asked = held.units.minutes[units] + held.units.adds_travel[units] * travel
        for u, minutes, driven in zip(units.tolist(), asked.tolist(), travel.tolist(), strict=True):
            unit = held.unit_at(u)
            more = Demand(int(minutes), unit.clients, int(driven))
            demand[unit.discipline] = demand.get(unit.discipline, Demand()).plus(more, sign)

    def add(self, weeks: Weeks, rows: Rows, nodes: Longs | Ints, at: Longs | Ints, who: Ints, slot: Ints, sign: int) -> float:
        """Adds what these nodes (at these rows) are with to the weeks; returns the price of their pairs, or of their waits."""
        placed, held = who >= 0, self.held
        arcs, people = rows.arcs[at[placed], slot[placed]], who[placed]
        np.add.at(weeks.load, people, sign * arcs["load"].astype(np.int64))
        np.add.at(weeks.trips, people, sign * held.trips[nodes[placed]])
        np.add.at(weeks.clients, people, sign * held.clients[nodes[placed]])
        np.add.at(weeks.travel, people, sign * arcs["travel"].astype(np.float64))
        return float(arcs["cost"].sum() + held.waiting[nodes[~placed]].sum())

    @staticmethod
    def moves_of(rows: Rows, at: Longs | Ints, slot: Ints) -> int:
        """Moves that these nodes count where they are."""
        placed = slot >= 0
        return int(rows.arcs["moves"][at[placed], slot[placed]].sum() + rows.waiting_moves[at[~placed]].sum())

    def without_taker(self, rows: Rows, nodes: Longs | Ints, at: Longs | Ints) -> float:
        """Waiting price of these nodes that nobody may take."""
        return float(self.held.waiting[nodes[rows.fit_to[at] < 0]].sum())

    def keys_of(self, bundle: Iterable[Unit]) -> set[Key]:
        """The groups of companions that a node belongs to, as far as they are priced."""
        keys: set[Key] = set()
        for unit in bundle:
            if self.prices.split > 0:
                keys.add(("split", unit.stated_id))
            if self.prices.site_sharing > 0 and unit.site is not None:
                keys.add(("site_sharing", (unit.site, unit.discipline)))
        return keys

    def joins_of(self, born: Mapping[int, tuple[Unit, ...]]) -> dict[Key, set[int]]:
        """The new nodes by group."""
        joins: dict[Key, set[int]] = {}
        for n, bundle in born.items():
            for key in self.keys_of(bundle):
                joins.setdefault(key, set()).add(n)
        return joins

    def group_hours(self, key: Key, group: Iterable[int], who: Mapping[int, int]) -> float:
        """Price of a group's further practitioners; `who` says where nodes are that changed."""
        if key not in self.groups and not group:
            return 0.0
        holders = {who.get(n, int(self.held.who[n])) for n in group} - {-1}
        return float(getattr(self.prices, key[0])) * max(0, len(holders) - 1)

    def judge(
        self, staff: Staff, weeks: Weeks, rooms: Rooms, pair_hours: float, held_back: float, unavoidable: float,
        node_hours: tuple[float, float], moves: int,
    ) -> Judged:  # fmt: skip
        """Price and bound; pair_hours with the companions', node_hours over the arcs that fit and over all eligible ones."""
        worth = self.held.worth
        shares = float(staff_shares(rooms, worth.minute, worth.trip).sum())
        credit = 0.0 if self.max_moves is None else worth.move * max(self.max_moves, moves)
        hours = float(staff_price(staff, self.rates, weeks)) + pair_hours + held_back
        fit, eligible = (total + shares - credit + held_back for total in node_hours)
        return Judged(hours, min(max(fit, eligible), hours), min(eligible, hours), unavoidable + held_back)

    def rooms_with(self, staff: Staff, pinned_minutes: Floats) -> Rooms:
        """Where loads may lie, and what they cost there."""
        return rooms_of(staff, self.held.rates, pinned_minutes)

    def commit(self, sketch: Sketch) -> None:
        """Makes a sketch true."""
        held, dead = self.held, sketch.dead
        self._regroup(sketch)
        held.alive[dead], held.who[dead], held.slot[dead], held.by_hand[dead] = 0, -1, -1, 0
        held.pinned[dead] = FREE
        held.rows.node_hours[dead] = held.rows.eligible_hours[dead] = 0.0
        held.rows.fit_to[dead] = held.rows.eligible_to[dead] = -1
        for name in Rows._fields:
            getattr(held.rows, name)[sketch.fresh_nodes] = getattr(sketch.fresh, name)
        held.who[sketch.nodes], held.slot[sketch.nodes] = sketch.who, sketch.slot
        held.slot[sketch.shifted], held.gone = sketch.shifted_slot, sketch.gone
        held.by_hand[sketch.by_hand] = 1
        held.by_hand[sketch.let_go] = 0
        held.facets.wings[:] = sketch.wings
        held.nearest_drive[sketch.near_units], held.nearest_to[sketch.near_units] = sketch.near_drive, sketch.near_to
        held.count += len(sketch.born)
        self.register.commit(sketch.edit, sketch.born)
        self.supply, self.staff, self.rooms, self.demand = sketch.supply, sketch.staff, sketch.rooms, sketch.demand
        self.pinned_minutes, self.weeks, self.moves = sketch.pinned_minutes, sketch.weeks, sketch.moves
        self.pair_hours, self.companion_hours, self.held_back_hours = sketch.pair_hours, sketch.companion_hours, sketch.held_back_hours
        self.unavoidable_hours, self.node_hours, self.judged = sketch.unavoidable_hours, sketch.node_hours, sketch.judged

    def _regroup(self, sketch: Sketch) -> None:
        for n in sketch.dead.tolist():
            for key in self.keys_of(self.held.members[n]):
                self.groups[key].discard(n)
        if len(self.is_grouped) < len(self.held.alive):
            self.is_grouped = np.concatenate([self.is_grouped, np.zeros(len(self.held.alive) - len(self.is_grouped), np.uint8)])
        for n, bundle in sketch.born.items():
            for key in self.keys_of(bundle):
                group = self.groups.setdefault(key, set())
                group.add(n)
                if len(group) > 1:
                    self.is_grouped[list(group)] = 1
