"""A change as edits of what is held: whose hours change, which nodes die, what they become, and what is put by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from evenload.planning.case import Case, Practitioner, Unit
from evenload.planning.goals import waiting_hours
from evenload.planning.one_change import (
    Added,
    Barred,
    Change,
    Freed,
    ImpossibleChangeError,
    Leaves,
    Moved,
    NewHours,
    Pinned,
    Removed,
    bundle_after,
    joined,
    person_after,
    refuse_pin,
)


@dataclass(slots=True)
class Edit:
    """What one change does to what is held."""

    people: dict[int, Practitioner] = field(default_factory=dict)
    """row → her new hours"""
    nodes: list[tuple[int, tuple[Unit, ...]]] = field(default_factory=list)
    """(node that dies, −1 none; units of the one that takes its place, empty: none)"""
    units: dict[str, Unit | None] = field(default_factory=dict)
    """id → the unit as it is now, None: gone"""
    put: dict[int, int] = field(default_factory=dict)
    """living node → practitioner who gets it by hand, −1: it waits"""
    freed: set[int] = field(default_factory=set)
    """living nodes that by hand is held no more"""
    about: set[int] = field(default_factory=set)
    """practitioners in whose weeks something changes"""


class Register:
    """Who and what there is: units by id, their nodes, what goes together. Rows of practitioners never change."""

    def __init__(self, case: Case, people: list[Practitioner], members: list[tuple[Unit, ...]]) -> None:
        self.case, self.people = case, people
        self.index = {p.id: i for i, p in enumerate(people)}
        self.units = {unit.id: unit for unit in case.units}
        self.node_of = {unit.id: n for n, bundle in enumerate(members) for unit in bundle}
        self.members = members
        self.together: dict[str, set[str]] = {}
        self.pinned_to: dict[str, set[str]] = {}
        for unit in case.units:
            self._enter(unit)

    def _enter(self, unit: Unit) -> None:
        if unit.together:
            self.together.setdefault(unit.together, set()).add(unit.id)
        if unit.pinned_to is not None:
            self.pinned_to.setdefault(unit.pinned_to, set()).add(unit.id)

    def commit(self, edit: Edit, born: dict[int, tuple[Unit, ...]]) -> None:
        """Makes an edit true. born: node → its units."""
        for p, person in edit.people.items():
            self.people[p] = person
        for id, unit in edit.units.items():
            before = self.units.pop(id, None)
            if before is not None and before.together:
                self.together[before.together].discard(id)
            if before is not None and before.pinned_to is not None:
                self.pinned_to[before.pinned_to].discard(id)
            self.node_of.pop(id, None)
            if unit is not None:
                self.units[id] = unit
                self._enter(unit)
        for n, bundle in born.items():
            self.node_of |= dict.fromkeys((unit.id for unit in bundle), n)

    def held_back_hours(self) -> float:
        """Waiting price of the units that wait before the engine starts."""
        return sum(waiting_hours(self.case, unit) for unit in self.units.values() if unit.held_back is not None)

    def edit(self, change: Change) -> Edit:
        """What the change does. Raises ImpossibleChangeError."""
        if isinstance(change, Leaves | NewHours):
            return self._hours(change)
        if isinstance(change, Added):
            return self._added(change.unit)
        if isinstance(change, Removed):
            return self._removed(self._unit(change.unit))
        if isinstance(change, Moved):
            return self._moved(change)
        return self._facts(change)

    def person(self, id: str) -> int:
        """Her row. Raises ImpossibleChangeError (`practitioner_unknown`)."""
        if id not in self.index:
            raise ImpossibleChangeError("practitioner_unknown", practitioner=id)
        return self.index[id]

    def _unit(self, id: str) -> Unit:
        if id not in self.units:
            raise ImpossibleChangeError("unit_unknown", unit=id)
        return self.units[id]

    def _hours(self, change: Leaves | NewHours) -> Edit:
        p = self.person(change.practitioner)
        edit = Edit(people={p: person_after(self.people[p], change)}, about={p})
        if isinstance(change, Leaves):
            free = Freed("")
            ids = sorted(self.pinned_to.get(change.practitioner, ()))
            edit.units = {id: bundle_after((self.units[id],), free)[0] for id in ids}
            self._replace(edit, {self.node_of[id] for id in ids if id in self.node_of})
        return edit

    def _added(self, unit: Unit) -> Edit:
        if unit.id in self.units:
            raise ImpossibleChangeError("unit_known", unit=unit.id)
        companions = [self.units[id] for id in sorted(self.together.get(unit.together or "", ()))]
        unit = joined(unit, companions)
        edit = Edit(units={unit.id: unit})
        if unit.held_back is None:
            node = next((self.node_of[one.id] for one in companions if one.id in self.node_of), -1)
            bundle = (*(self.members[node] if node >= 0 else ()), unit)
            edit.nodes = [(node, tuple(sorted(bundle, key=lambda one: one.id)))]
        return edit

    def _removed(self, unit: Unit) -> Edit:
        edit = Edit(units={unit.id: None})
        if unit.id in self.node_of:
            self._replace(edit, {self.node_of[unit.id]})
        return edit

    def _moved(self, change: Moved) -> Edit:
        unit = self._unit(change.unit)
        p = -1 if change.practitioner is None else self.person(change.practitioner)
        if unit.id not in self.node_of:
            raise ImpossibleChangeError("held_back", unit=unit.id)
        node = self.node_of[unit.id]
        if any(one.pinned_to not in (None, change.practitioner) for one in self.members[node]):
            raise ImpossibleChangeError("pinned", unit=unit.id)
        return Edit(put={node: p}, about={p} - {-1})

    def _facts(self, change: Barred | Pinned | Freed) -> Edit:
        unit = self._unit(change.unit)
        ids = sorted(self.together[unit.together]) if unit.together else [unit.id]
        bundle = bundle_after(tuple(self.units[id] for id in ids), change)
        edit = Edit(units={one.id: one for one in bundle})
        if isinstance(change, Barred):
            self.person(change.practitioner)
        if isinstance(change, Pinned):
            p = self.person(change.practitioner)
            refuse_pin(self.case, self.people[p], bundle)
            edit.about = {p}
        self._replace(edit, {self.node_of[id] for id in ids if id in self.node_of})
        return edit

    def _replace(self, edit: Edit, nodes: Iterable[int]) -> None:
        """The nodes with the edited units in the place of the old ones."""
        for node in sorted(nodes):
            bundle = (edit.units.get(unit.id, unit) for unit in self.members[node])
            edit.nodes.append((node, tuple(unit for unit in bundle if unit is not None)))
