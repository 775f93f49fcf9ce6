"""What if: one change of a program that is held in memory, answered in milliseconds, with a bound that still holds.

`hold` prices every pair once. A change then prices anew only the nodes whose cheapest practitioner it touches, spreads the
targets anew, sets free what can no longer stay, and improves the neighbourhood (`settle`). The prices of loads stay as they
are: any prices prove a bound, so the new one is exact for them, only less tight as changes add up; `refreshed` climbs to
better ones. The same changes in the same order give the same answers on every machine. docs/method/what-if.md has the maths.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from threading import Lock

import numpy as np

from evenload.planning.case import Case
from evenload.planning.one_change import Change
from evenload.planning.optimise.arrays import FREE, Ints
from evenload.planning.optimise.begin import Placed
from evenload.planning.optimise.candidates import Worth
from evenload.planning.optimise.dual import Demand, ascend
from evenload.planning.optimise.edits import Register
from evenload.planning.optimise.facet_rows import FacetRows
from evenload.planning.optimise.held import SPARE, Held
from evenload.planning.optimise.ledger_held import Ledger
from evenload.planning.optimise.outcome import Hand, Judged, Outcome, WeekChange
from evenload.planning.optimise.result import Found, Way, plan_of
from evenload.planning.optimise.setting import Setting, priced, priced_with, setting_of
from evenload.planning.optimise.sketch import Sketch, sketched
from evenload.planning.optimise.threads import using_threads
from evenload.planning.optimise.twin import twin
from evenload.planning.plan import Plan

STEPS = 200
"""Steps of the search after one change, unless the caller says otherwise."""

MOST_ROWS = 1.5
"""Where there are so many times the rows that are needed, the arrays are made anew."""

REFRESH = (250, (0.3, 0.003))
"""Passes, and first and last step in hours per hour, of a warm ascent."""


class Resident:
    """A program and an assignment of it, held in memory and changed one change at a time. Safe to use from several threads."""

    def __init__(self, held: Held, setting: Setting, max_moves: int | None) -> None:
        """Use `hold`."""
        self.held, self.ledger = held, Ledger(held, setting, max_moves)
        self._lock = Lock()

    def twin(self) -> Resident:
        """A copy of its own: what changes in one does not change in the other."""
        other = object.__new__(Resident)
        with self._lock:
            other.ledger = twin(self.ledger, (Ledger, Held, Register, FacetRows))
        other.held, other._lock = other.ledger.held, Lock()
        return other

    @property
    def judged(self) -> Judged:
        """Price and bound of the assignment as it stands."""
        with self._lock:
            return self.ledger.judged

    def assignment(self) -> dict[str, str]:
        """Unit id → practitioner id; what is absent waits."""
        with self._lock:
            return self.held.holder()

    def put_by_hand(self) -> frozenset[str]:
        """Ids of units that were moved by hand and stay where they are."""
        with self._lock:
            nodes = np.flatnonzero((self.held.alive > 0) & (self.held.by_hand > 0))
            return frozenset(unit.id for n in nodes for unit in self.held.members[n])

    def keep_by_hand(self, units: frozenset[str]) -> None:
        """These units stay where they are, as if they had been moved there by hand."""
        with self._lock:
            self.held.by_hand[[n for id, n in self.ledger.register.node_of.items() if id in units]] = 1

    def case(self) -> Case:
        """The Case as it is now."""
        with self._lock:
            register = self.ledger.register
            return replace(register.case, practitioners=tuple(register.people), units=tuple(register.units.values()))

    def try_change(self, change: Change, *, steps: int = STEPS) -> Outcome:
        """What the change would do; nothing is altered. Raises ImpossibleChangeError."""
        with self._lock:
            return self._outcome(change, sketched(self.ledger, change, steps))

    def apply(self, change: Change, *, steps: int = STEPS) -> Outcome:
        """Makes the change; the answer is that of `try_change`. Raises ImpossibleChangeError."""
        with self._lock:
            sketch = sketched(self.ledger, change, steps)
            outcome = self._outcome(change, sketch)
            self.ledger.commit(sketch)
            return outcome

    def _outcome(self, change: Change, sketch: Sketch) -> Outcome:
        held, ledger = self.held, self.ledger
        names = held.names
        hands: dict[str, list[str | None]] = defaultdict(lambda: [None, None])
        for n in sketch.left:
            for unit in held.members[n]:
                hands[unit.id][0] = names[held.who[n]] if held.who[n] >= 0 else None
        for n, p in zip(sketch.nodes, sketch.who, strict=True):
            for unit in sketch.born.get(int(n)) or held.members[n]:
                hands[unit.id][1] = names[p] if p >= 0 else None
        loads = ledger.weeks.load
        return Outcome(
            change=change,
            hands=tuple(Hand(id, *hands[id]) for id in sorted(hands) if hands[id][0] != hands[id][1]),
            weeks=tuple(WeekChange(names[p], int(loads[p]), int(sketch.weeks.load[p])) for p in np.flatnonzero(loads != sketch.weeks.load)),
            before=ledger.judged,
            after=sketch.judged,
        )

    def plan(self) -> Plan:
        """The assignment as a Plan of `case()`, recountable like any other. Takes as long as pricing every pair."""
        case, holder, worth = self.case(), self.assignment(), self.held.worth
        setting = setting_of(case)
        who = _who(setting, holder)
        priced_now = priced_with(setting, worth, self.ledger.most_moves, who)
        judged, ledger = self.judged, self.ledger
        placed = Placed(who, judged.hours - setting.instance.held_back_hours, ledger.moves)
        found = Found(setting, priced_now, placed, priced_now.bound_hours, ledger.most_moves)
        return plan_of(found, Way(0, 0.0, "what-if", "hand", 0, self.ledger.max_moves))


def hold(case: Case, plan: Plan, *, threads: int | None = None) -> Resident:
    """The plan of a Case, held in memory for what-ifs. A plan without prices (a draft's) gets them here.

    Takes as long as pricing every pair: about what the first tenth of a solve takes. Raises KeyError where the plan has a
    practitioner that the Case has not.
    """
    holder = {row.unit: row.practitioner for row in plan.assignments}
    with using_threads(threads):
        setting = setting_of(case)
        who = _who(setting, holder)
        max_moves = plan.provenance.max_moves
        if not plan.bound.prices:
            return Resident(Held(setting, who, priced(setting, max_moves).worth), setting, max_moves)
        people = setting.instance.practitioners
        minute = np.array([plan.bound.prices.get(p.id, 0.0) / 60 for p in people], np.float64)
        trip = np.array([plan.bound.trip_prices.get(p.id, 0.0) for p in people], np.float64)
        limit = setting.rooms.trip_price
        trip = np.where(np.isfinite(setting.rooms.trip_limit), np.clip(trip, 0.0, limit), 0.0)
        move = max(0.0, plan.bound.move_price) if max_moves is not None else 0.0
        return Resident(Held(setting, who, Worth(minute, trip, float(move))), setting, max_moves)


def refreshed(resident: Resident, *, threads: int | None = None) -> Resident:
    """The same Case and assignment under better prices, climbed to from the present ones: its bound is at least as high.

    Leaves the given one as it is, so that it can go on answering; changes made to that one meanwhile have to be made to the
    new one too.
    """
    fresh = resident.twin()
    held, ledger = fresh.held, fresh.ledger
    with using_threads(threads):
        if held.count > MOST_ROWS * int(held.alive.sum()) + SPARE:
            return _rebuilt(fresh)
        if not held.wings or not held.people:
            return fresh
        before = ledger.judged
        ledger.take_prices(_climbed(held, ledger))
        return fresh if ledger.judged.bound_hours >= before.bound_hours else resident.twin()


def _rebuilt(resident: Resident) -> Resident:
    """The same, its arrays made anew from its Case: without the rows of nodes that are there no more."""
    setting, held, ledger = setting_of(resident.case()), resident.held, resident.ledger
    who = _who(setting, resident.assignment())
    fresh = Resident(Held(setting, who, held.worth), setting, ledger.max_moves)
    fresh.keep_by_hand(resident.put_by_hand())
    return refreshed(fresh)


def _climbed(held: Held, ledger: Ledger) -> Worth:
    """Better prices than these, from a warm ascent over the cheapest arcs of everything that is held."""
    passes, steps = REFRESH
    lives = held.alive[: held.count] > 0
    arcs, degree = held.rows.arcs[: held.count], np.where(lives, held.rows.degree[: held.count], 0).astype(np.int32)
    waiting = np.where(lives, np.where(held.pinned[: held.count] > FREE, np.inf, held.waiting[: held.count]), 0.0)
    waiting_moves = np.where(lives, held.rows.waiting_moves[: held.count], 0).astype(np.int32)
    demand = Demand(waiting, held.trips[: held.count], waiting_moves, degree)
    return ascend(arcs, demand, ledger.rooms, held.worth, most_moves=ledger.most_moves, passes=passes, steps=steps).worth


def _who(setting: Setting, holder: Mapping[str, str]) -> Ints:
    index = {p.id: i for i, p in enumerate(setting.instance.practitioners)}
    nodes = setting.instance.nodes
    return np.array([index[holder[node[0].id]] if node[0].id in holder else -1 for node in nodes], np.int32)
