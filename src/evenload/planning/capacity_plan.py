"""The result of the three steps: what the hours can carry, what the clients need, and how the two match.

Hours are over the whole period and exact (`Fraction`); percents are 0–100; shares 0–1. A value that cannot be
computed is None, and its reason is a code. `evenload.planning.balance.plan_capacity` builds it; nothing changes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from evenload.planning.capacity import Capacity
from evenload.planning.problems import Notice
from evenload.planning.program import Period
from evenload.planning.standards import ClassTime


@dataclass(frozen=True, slots=True)
class ClassLine:
    """Step 2 for one class: the units of the class over the whole period, nothing used yet (U = 0, w = W).

    hours = direct + indirect (episodes within) + travel by the class's standard + no-show. `modelled_travel_hours` stands
    beside, not inside: the nearest eligible practitioner's travel where the class has no standard, a lower estimate.
    """

    class_id: str
    discipline: str
    clients: int
    visits: Fraction
    hours_per_client: Fraction
    hours: Fraction
    direct_hours: Fraction
    indirect_hours: Fraction
    travel_hours: Fraction
    no_show_hours: Fraction
    modelled_travel_hours: Fraction
    time: ClassTime
    """the standards behind the hours, with their source, evidence, range and drift"""


@dataclass(frozen=True, slots=True)
class Pool:
    """Supply and demand of one discipline in one home area, for French (`fr`), the rest (`other`) or both (`all`).

    `area` is `all` in the set over the whole program. Rows of language `all` add up, the others do not.
    """

    discipline: str
    area: str
    language: str
    supply_hours: Fraction
    demand_hours: Fraction
    """care and modelled travel"""
    care_hours: Fraction
    """the demand without modelled travel"""
    care_gap_hours: Fraction
    """the gap if modelled travel were left out, also of the French hours that are left for the rest"""

    @property
    def gap_hours(self) -> Fraction:
        """Supply less demand: negative where hours are missing."""
        return self.supply_hours - self.demand_hours


@dataclass(frozen=True, slots=True)
class Caseload:
    """What a number of hours can carry at a mix of classes: N clients, exact and in whole clients.

    Whole clients: each class's share of N rounded down, then at most one client more each, by largest remainder, while hours fit.
    """

    hours: Fraction
    mix: Mapping[str, Fraction]
    hours_per_client: Mapping[str, Fraction]
    """the class standard, and modelled travel per client where the class has no travel standard"""
    clients: Fraction | None
    by_class: Mapping[str, Fraction]
    whole_clients: Mapping[str, int]
    reason: str | None = None
    """why `clients` is None: `no_clients` (nothing to take a mix from) or `no_time` (the mix costs no hours)"""

    @property
    def spare_hours(self) -> Fraction:
        """Hours that the whole clients leave."""
        return self.hours - sum((n * self.hours_per_client[id] for id, n in self.whole_clients.items()), Fraction(0))


@dataclass(frozen=True, slots=True)
class Match:
    """Step 3 for one discipline: hours, full-time equivalents and clients, in both directions."""

    discipline: str
    supply_hours: Fraction
    demand_hours: Fraction
    """care and modelled travel"""
    care_hours: Fraction
    modelled_travel_hours: Fraction
    utilisation_percent: Fraction | None
    """demand / supply; None without supply"""
    fte_current: Fraction
    fte_required: Fraction | None
    ratio: Fraction | None
    """current / required; None where one of the two is missing or nothing is required"""
    reason: str | None
    """why `fte_required` is None: `no_practitioner` or `no_hours` (everybody is away)"""
    clients: int
    visits: Fraction
    gap_clients: Fraction | None
    """the gap at the mean hours of a client in the caseload's mix"""
    gap_visits: Fraction | None
    """the gap at the mean hours of a visit"""
    caseload: Caseload

    @property
    def gap_hours(self) -> Fraction:
        """Supply less demand: negative where hours are missing."""
        return self.supply_hours - self.demand_hours

    @property
    def gap_fte(self) -> Fraction | None:
        """Full-time equivalents there are less those required."""
        return None if self.fte_required is None else self.fte_current - self.fte_required


@dataclass(frozen=True, slots=True)
class WorkloadComponent:
    """One health service activity of the WISN view: the hours of a class, or (`travel`) the modelled travel."""

    activity: str
    hours: Fraction
    standard_workload: Fraction | None
    """clients that one full-time equivalent could serve in the period, were it the only work; None for travel"""
    basic_staff: Fraction


@dataclass(frozen=True, slots=True)
class WisnView:
    """The same ledger in the terms of WISN (WHO), for one discipline; staff in full-time equivalents.

    required = basic × category factor + individual factor. None, with a reason, where nobody has hours, or where the
    category allowances leave none (`allowances_exceed_time`).
    """

    discipline: str
    available_hours_per_fte: Fraction | None
    components: tuple[WorkloadComponent, ...]
    category_shares: tuple[tuple[str, Fraction], ...]
    """(kind, share of available hours 0–1): duties of `*`, an engagement or a discipline, and the reserve"""
    individual_hours: tuple[tuple[str, Fraction], ...]
    """(kind, hours): duties stated for a person"""
    basic_staff: Fraction | None
    category_factor: Fraction | None
    individual_factor: Fraction | None
    required_staff: Fraction | None
    current_staff: Fraction
    ratio: Fraction | None
    difference: Fraction | None
    band: str | None
    """`short` below 0.9, `surplus` above 1.1, `balanced` between"""
    reason: str | None


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The match of one discipline if all times, or all hours of the practitioners, were `percent` longer or shorter."""

    discipline: str
    what: str
    """`times` or `hours`"""
    percent: int
    supply_hours: Fraction
    demand_hours: Fraction
    fte_required: Fraction | None
    clients: Fraction | None
    """caseload at the same mix"""

    @property
    def gap_hours(self) -> Fraction:
        """Supply less demand."""
        return self.supply_hours - self.demand_hours


@dataclass(frozen=True, slots=True)
class CurrentCaseload:
    """What the units of one current practitioner need over the period, beside her plannable hours. Modelled travel is a lower estimate."""

    practitioner: str
    units: int
    clients: int
    care_hours: Fraction
    modelled_travel_hours: Fraction
    plannable_hours: Fraction

    @property
    def demand_hours(self) -> Fraction:
        """Care and modelled travel."""
        return self.care_hours + self.modelled_travel_hours

    @property
    def utilisation_percent(self) -> Fraction | None:
        """Demand in percent of the plannable hours; None where there are none."""
        return 100 * self.demand_hours / self.plannable_hours if self.plannable_hours else None


@dataclass(frozen=True, slots=True)
class CapacityPlan:
    """The three steps for one program and period: everything that CAPACITY.json and the worksheets show."""

    setting: str
    period: Period
    fte_weekly_hours: Fraction
    reserve_percent: Fraction
    contracted_visits: Fraction | None
    capacities: tuple[Capacity, ...]
    classes: tuple[ClassLine, ...]
    pools: tuple[Pool, ...]
    match: tuple[Match, ...]
    wisn: tuple[WisnView, ...]
    sensitivity: tuple[Sensitivity, ...]
    current: tuple[CurrentCaseload, ...]
    notices: tuple[Notice, ...]
