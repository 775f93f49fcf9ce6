"""What if: a copy of a program with named changes. The original is never touched, so each keeps its own assumptions.

A scenario remembers its changes in order; `comparison.compare` sets the capacity plans of two scenarios side by side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import count, islice
from typing import Any, Protocol

from evenload.planning.capacity_plan import CapacityPlan
from evenload.planning.case import round_half_up
from evenload.planning.period_travel import plan_program
from evenload.planning.problems import CaseError, Problem, Where
from evenload.planning.program import Absence, Duty, PractitionerFacts, Program, UnitFacts


@dataclass(frozen=True, slots=True)
class Scenario:
    """A program under a name, with the changes that led to it and the mix of its caseloads (empty: the units' own)."""

    name: str
    program: Program
    mix: Mapping[str, Fraction] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()


class Change(Protocol):
    """One named change. `applied` returns a new scenario; it raises CaseError where what it names does not exist."""

    def applied(self, scenario: Scenario) -> Scenario:
        """The scenario after the change."""
        ...


def changed(scenario: Scenario, name: str, *changes: Change) -> Scenario:
    """A new scenario: the given one under a new name, after these changes in this order."""
    for change in changes:
        scenario = change.applied(scenario)
    return replace(scenario, name=name, changes=(*scenario.changes, *changes))


def plan_scenario(scenario: Scenario) -> CapacityPlan:
    """The capacity plan of a scenario, its travel modelled anew: who leaves, or joins, changes who is nearest."""
    return plan_program(scenario.program, mix=scenario.mix)


@dataclass(frozen=True, slots=True)
class StaffJoins:
    """One more practitioner."""

    facts: PractitionerFacts

    def applied(self, scenario: Scenario) -> Scenario:
        """The scenario with the practitioner at the end of the list."""
        people = scenario.program.practitioners
        if any(person.id == self.facts.id for person in people):
            raise CaseError([Problem("duplicate_id", Where("practitioners", self.facts.id, "id"), self.facts.id)])
        return _with(scenario, practitioners=(*people, self.facts))


@dataclass(frozen=True, slots=True)
class StaffLeaves:
    """A practitioner leaves: her rows go, her units lose their current practitioner and wait for another."""

    practitioner: str

    def applied(self, scenario: Scenario) -> Scenario:
        """The scenario without the practitioner and without references to her."""
        id, program = self.practitioner, scenario.program
        _known(id, "practitioners", [person.id for person in program.practitioners])
        return _with(
            scenario,
            practitioners=tuple(person for person in program.practitioners if person.id != id),
            absences=tuple(row for row in program.absences if row.who != id),
            duties=tuple(row for row in program.duties if row.who != id),
            units=tuple(_without_practitioner(unit, id) for unit in program.units),
            visits=tuple(replace(visit, practitioner=None) if visit.practitioner == id else visit for visit in program.visits),
        )


@dataclass(frozen=True, slots=True)
class StaffChanges:
    """Facts of one practitioner change: field of PractitionerFacts → new value (hours, languages, dates …)."""

    practitioner: str
    facts: Mapping[str, Any]

    def applied(self, scenario: Scenario) -> Scenario:
        """The scenario with these facts replaced. Raises TypeError for a field that does not exist."""
        people = scenario.program.practitioners
        _known(self.practitioner, "practitioners", [person.id for person in people])
        return _with(scenario, practitioners=tuple(replace(p, **self.facts) if p.id == self.practitioner else p for p in people))


@dataclass(frozen=True, slots=True)
class StandardChanges:
    """Facts of one class change: field of ComplexityClass → new value (visits, minutes, group size …)."""

    class_id: str
    facts: Mapping[str, Any]

    def applied(self, scenario: Scenario) -> Scenario:
        """The scenario with this class replaced. Raises TypeError for a field that does not exist."""
        classes = scenario.program.classes
        _known(self.class_id, "classes", [stated.id for stated in classes])
        return _with(scenario, classes=tuple(replace(c, **self.facts) if c.id == self.class_id else c for c in classes))


@dataclass(frozen=True, slots=True)
class AbsenceAdded:
    """One more row of absence."""

    absence: Absence

    def applied(self, scenario: Scenario) -> Scenario:
        """The scenario with the row added."""
        return _with(scenario, absences=(*scenario.program.absences, self.absence))


@dataclass(frozen=True, slots=True)
class DutyAdded:
    """One more non-client duty."""

    duty: Duty

    def applied(self, scenario: Scenario) -> Scenario:
        """The scenario with the duty added."""
        return _with(scenario, duties=(*scenario.program.duties, self.duty))


@dataclass(frozen=True, slots=True)
class AbsenceChanges:
    """Another amount in one row of absence, by its place among them, in the unit that it is stated in."""

    place: int
    amount: Fraction

    def applied(self, scenario: Scenario) -> Scenario:
        """The scenario with that row's days (or hours) replaced. Raises IndexError for a place that does not exist."""
        rows = list(scenario.program.absences)
        stated = rows[self.place]
        rows[self.place] = replace(stated, days=self.amount) if stated.hours is None else replace(stated, hours=self.amount)
        return _with(scenario, absences=tuple(rows))


@dataclass(frozen=True, slots=True)
class DutyChanges:
    """Another amount of one duty, by its place among them, on the basis that it is stated on."""

    place: int
    amount: Fraction

    def applied(self, scenario: Scenario) -> Scenario:
        """The scenario with that duty's amount replaced. Raises IndexError for a place that does not exist."""
        rows = list(scenario.program.duties)
        rows[self.place] = replace(rows[self.place], amount=self.amount)
        return _with(scenario, duties=tuple(rows))


@dataclass(frozen=True, slots=True)
class ContractChanges:
    """Another number of contracted visits; None: no contract."""

    contracted_visits: Fraction | None

    def applied(self, scenario: Scenario) -> Scenario:
        """The scenario under the other contract."""
        return _with(scenario, contracted_visits=self.contracted_visits)


@dataclass(frozen=True, slots=True)
class ReserveChanges:
    """Another reserve, percent of client care kept free."""

    reserve_percent: Fraction

    def applied(self, scenario: Scenario) -> Scenario:
        """The scenario with the other reserve."""
        return _with(scenario, reserve_percent=self.reserve_percent)


@dataclass(frozen=True, slots=True)
class PeriodChanges:
    """Another number of weeks, from the same first day. Hours of work follow the weeks; visits per client, and whatever is
    stated for the whole period, stay as they are."""

    weeks: int

    def applied(self, scenario: Scenario) -> Scenario:
        """The scenario over the other period."""
        return _with(scenario, period=replace(scenario.program.period, weeks=self.weeks))


@dataclass(frozen=True, slots=True)
class MixChanges:
    """Another mix of classes for the caseloads: class id → share. Needs and demand stay."""

    mix: Mapping[str, Fraction]

    def applied(self, scenario: Scenario) -> Scenario:
        """The scenario with the other mix."""
        return replace(scenario, mix=dict(self.mix))


@dataclass(frozen=True, slots=True)
class DemandGrows:
    """More clients (or fewer: negative percent) in one discipline, or one class, or everywhere.

    Whole clients: each class's growth is rounded once and spread over its units by largest remainder. A single client cannot
    grow: his share becomes further clients like him, without a practitioner.
    """

    percent: Fraction
    discipline: str | None = None
    class_id: str | None = None

    def applied(self, scenario: Scenario) -> Scenario:
        """The scenario with grown units. Units that shrink to no client are left out."""
        by_class: dict[str, list[UnitFacts]] = defaultdict(list)
        for unit in scenario.program.units:
            if self.discipline in (None, unit.discipline) and self.class_id in (None, unit.class_id):
                by_class[unit.class_id].append(unit)
        taken = {unit.id for unit in scenario.program.units}
        grown = {id: units for own in by_class.values() for id, units in _grown(own, self.percent, taken).items()}
        units = tuple(piece for unit in scenario.program.units for piece in grown.get(unit.id, (unit,)))
        return _with(scenario, units=units)


@dataclass(frozen=True, slots=True)
class ClientsChange:
    """So many clients in one class, spread over its units as they lie today."""

    class_id: str
    clients: int

    def applied(self, scenario: Scenario) -> Scenario:
        """The scenario with that many clients in the class; one that had none gets them in one unit whose place is not known."""
        stated = next((one for one in scenario.program.classes if one.id == self.class_id), None)
        if stated is None:
            raise CaseError([Problem("unknown_id", Where("classes", self.class_id, "id"), self.class_id)])
        before = sum(unit.clients for unit in scenario.program.units if unit.class_id == self.class_id)
        if before:
            return DemandGrows(Fraction(100 * (self.clients - before), before), class_id=self.class_id).applied(scenario)
        if not self.clients:
            return scenario
        taken = {unit.id for unit in scenario.program.units}
        id = next(id for number in count(1) if (id := f"{self.class_id}+{number}") not in taken)
        unit = UnitFacts(id, "area", stated.discipline, self.class_id, clients=self.clients)
        return _with(scenario, units=(*scenario.program.units, unit))


def _grown(units: list[UnitFacts], percent: Fraction, taken: set[str]) -> dict[str, tuple[UnitFacts, ...]]:
    exact = {unit.id: unit.clients * percent / 100 for unit in units}
    steps = {id: extra.numerator // extra.denominator for id, extra in exact.items()}
    missing = round_half_up(sum(exact.values(), Fraction(0))) - sum(steps.values())
    for id in sorted(exact, key=lambda id: (steps[id] - exact[id], id))[:missing]:
        steps[id] += 1
    return {unit.id: tuple(_resized(unit, steps[unit.id], taken)) for unit in units}


def _resized(unit: UnitFacts, extra: int, taken: set[str]) -> Iterator[UnitFacts]:
    if extra == 0:
        yield unit
    elif unit.kind == "client" and extra > 0:
        yield unit
        for id in islice((id for number in count(1) if (id := f"{unit.id}+{number}") not in taken), extra):
            yield replace(unit, id=id, current_practitioner=None, pinned=False, visits_used=None, together=None)
    elif unit.clients + extra > 0:
        factor = Fraction(unit.clients + extra, unit.clients)
        yield replace(
            unit,
            clients=unit.clients + extra,
            visits_allotted=_scaled(unit.visits_allotted, factor),
            visits_per_week=_scaled(unit.visits_per_week, factor),
        )


def _scaled(visits: Fraction | None, factor: Fraction) -> Fraction | None:
    return None if visits is None else visits * factor


def _without_practitioner(unit: UnitFacts, id: str) -> UnitFacts:
    barred = unit.barred_practitioners - {id}
    if unit.current_practitioner != id:
        return replace(unit, barred_practitioners=barred)
    return replace(unit, current_practitioner=None, pinned=False, barred_practitioners=barred)


def _known(id: str, table: str, ids: list[str]) -> None:
    if id not in ids:
        raise CaseError([Problem("unknown_id", Where(table, id, "id"), id)])


def _with(scenario: Scenario, **facts: Any) -> Scenario:
    return replace(scenario, program=replace(scenario.program, **facts))
