"""Where everybody stands under one assignment, and what one more bundle would cost at each door.

The prices are the goals' own (`evenload.planning.goals`); only the difference is taken here, so that a single move need
not count the whole plan again. A property test holds the differences against `score.score`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from evenload.planning.case import Case, Practitioner, Unit
from evenload.planning.goals import load_hours, pair_hours, site_visit_hours
from evenload.planning.robust import guard_of
from evenload.planning.targets import FairShare, fair_shares, targets
from evenload.planning.travel import load_minutes, pair_travel_minutes

LOAD_STATES = ("room", "in_range", "above_range", "over", "no_capacity")
"""Below the own comfortable range, in it, above it up to B, above B; on leave with nothing assigned."""


@dataclass(frozen=True, slots=True)
class Week:
    """What one practitioner carries: minutes, travel and minutes of a week of full frequency, all per week; trips per week."""

    minutes: int = 0
    travel_minutes: int = 0
    peak_minutes: int = 0
    trips: Fraction = Fraction(0)
    units: int = 0
    clients: int = 0

    def plus(self, other: Week) -> Week:
        """Both weeks together."""
        return Week(
            self.minutes + other.minutes,
            self.travel_minutes + other.travel_minutes,
            self.peak_minutes + other.peak_minutes,
            self.trips + other.trips,
            self.units + other.units,
            self.clients + other.clients,
        )

    def less(self, other: Week) -> Week:
        """This week without the other."""
        return Week(
            self.minutes - other.minutes,
            self.travel_minutes - other.travel_minutes,
            self.peak_minutes - other.peak_minutes,
            self.trips - other.trips,
            self.units - other.units,
            self.clients - other.clients,
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """Who holds what, and each one's week. Built by `standing_of`; nothing changes it."""

    case: Case
    holder: Mapping[str, str]
    """unit id → practitioner id; a unit that is absent waits"""
    caseloads: Mapping[str, tuple[Unit, ...]]
    weeks: Mapping[str, Week]
    targets_minutes: Mapping[str, int]
    fair: Mapping[str, FairShare] = field(default_factory=dict)
    """only where a manager prices clients or travel off the fair share"""
    siblings: Mapping[str, tuple[Unit, ...]] = field(default_factory=dict)
    """stated id → its blocks; only units of several blocks"""
    neighbours: Mapping[tuple[str, str], tuple[Unit, ...]] = field(default_factory=dict)
    """(site, discipline) → units there"""

    def guard_minutes(self, practitioner: Practitioner, bundle: Sequence[Unit] = ()) -> int:
        """Minutes per week that protection keeps free in her week, with this bundle too; 0 where nothing is protected."""
        return guard_of(self.case, (*self.caseloads[practitioner.id], *bundle)) if self.case.robust else 0

    def free_minutes(self, practitioner: Practitioner) -> int:
        """Minutes per week up to her hard maximum, what protection keeps free taken off; never below 0."""
        return max(0, practitioner.maximum_minutes - self.weeks[practitioner.id].minutes - self.guard_minutes(practitioner))

    def over_minutes(self, practitioner: Practitioner, needed_minutes: int, bundle: Sequence[Unit]) -> int:
        """Minutes per week by which a bundle that needs so many of her would exceed her hard maximum; 0 or less where it fits."""
        # What adds nothing fits everywhere, also where pins alone exceed the maximum.
        if not needed_minutes:
            return 0
        return (
            self.weeks[practitioner.id].minutes + needed_minutes + self.guard_minutes(practitioner, bundle) - practitioner.maximum_minutes
        )

    def added_hours(self, practitioner: Practitioner, bundle: Sequence[Unit], leaving: Sequence[Unit] = ()) -> dict[str, float]:
        """Price of giving her a bundle that she does not hold, by part of the score, in hours per week; waiting is not in it.

        `leaving` are units of hers that go elsewhere first.
        """
        parts = self._bundle_hours(practitioner, bundle)
        before = self.weeks[practitioner.id].less(bundle_week(self.case, practitioner, leaving))
        return _plus(parts, self._week_change(practitioner, before, before.plus(bundle_week(self.case, practitioner, bundle))))

    def removed_hours(self, practitioner: Practitioner, bundle: Sequence[Unit]) -> dict[str, float]:
        """Price that falls away when she gives back a bundle that she holds, by part, in hours per week."""
        parts = self._bundle_hours(practitioner, bundle)
        after = self.weeks[practitioner.id]
        return _plus(parts, self._week_change(practitioner, after.less(bundle_week(self.case, practitioner, bundle)), after))

    def with_bundle(self, bundle: Sequence[Unit], to: str | None) -> Standing:
        """The standing after these units went to one practitioner (None: wait), whoever held each of them before.

        Only the weeks that change are counted again. Raises KeyError for an unknown practitioner.
        """
        holder, own = dict(self.holder), {unit.id for unit in bundle}
        people = {self.holder[id] for id in own if id in self.holder} | ({to} if to is not None else set())
        for id in own:
            holder.pop(id, None)
            if to is not None:
                holder[id] = to
        caseloads, weeks = dict(self.caseloads), dict(self.weeks)
        for id in people:
            kept = [unit for unit in self.caseloads[id] if unit.id not in own]
            units = sorted([*kept, *bundle], key=lambda unit: unit.id) if id == to else kept
            caseloads[id], weeks[id] = tuple(units), bundle_week(self.case, self.case.practitioner(id), units)
        return replace(self, holder=holder, caseloads=caseloads, weeks=weeks)

    def _bundle_hours(self, practitioner: Practitioner, bundle: Sequence[Unit]) -> dict[str, float]:
        parts: dict[str, float] = {}
        for unit in bundle:
            parts = _plus(parts, pair_hours(self.case, practitioner, unit))
        own = {unit.id for unit in bundle}
        stated = {unit.stated_id for unit in bundle}
        places = {(unit.site, unit.discipline) for unit in bundle if unit.site is not None}
        further = sum(self._is_further(practitioner, self.siblings.get(name, ()), own) for name in stated)
        sharing = sum(self._is_further(practitioner, self.neighbours.get(place, ()), own) for place in places)
        prices = self.case.prices
        return _plus(parts, {"split": prices.split * further, "site_sharing": prices.site_sharing * sharing})

    def _is_further(self, practitioner: Practitioner, units: Iterable[Unit], own: set[str]) -> bool:
        """Whether others hold some of these units, apart from the bundle itself, and she holds none."""
        people = {self.holder[unit.id] for unit in units if unit.id in self.holder and unit.id not in own}
        return bool(people) and practitioner.id not in people

    def _week_change(self, practitioner: Practitioner, before: Week, after: Week) -> dict[str, float]:
        first, last = self._week_hours(practitioner, before), self._week_hours(practitioner, after)
        return {name: last[name] - first[name] for name in last}

    def _week_hours(self, practitioner: Practitioner, week: Week) -> dict[str, float]:
        overload, balance = load_hours(self.case, practitioner, week.minutes, self.targets_minutes[practitioner.id])
        parts = {"overload": overload, "balance": balance, "site_visits": site_visit_hours(self.case, practitioner, week.trips)}
        if practitioner.id in self.fair:
            fair, prices = self.fair[practitioner.id], self.case.prices
            parts["balance_clients"] = prices.balance_clients * abs(week.clients - float(fair.clients))
            parts["balance_travel"] = prices.balance_travel * max(0.0, week.travel_minutes - float(fair.travel_minutes)) / 60
        return parts


def standing_of(case: Case, assignment: Mapping[str, str], targets_minutes: Mapping[str, int] | None = None) -> Standing:
    """Everybody's standing under an assignment (unit id → practitioner id).

    `targets_minutes` saves computing them again. Raises KeyError for a practitioner that the Case does not have.
    """
    caseloads: dict[str, list[Unit]] = {practitioner.id: [] for practitioner in case.practitioners}
    siblings: dict[str, list[Unit]] = defaultdict(list)
    neighbours: dict[tuple[str, str], list[Unit]] = defaultdict(list)
    for unit in sorted(case.units, key=lambda unit: unit.id):
        if unit.id in assignment:
            caseloads[assignment[unit.id]].append(unit)
        if unit.id != unit.stated_id:
            siblings[unit.stated_id].append(unit)
        if unit.site is not None:
            neighbours[unit.site, unit.discipline].append(unit)
    is_shared = bool(case.prices.balance_clients or case.prices.balance_travel)
    return Standing(
        case=case,
        holder=assignment,
        caseloads={id: tuple(units) for id, units in caseloads.items()},
        weeks={p.id: bundle_week(case, p, caseloads[p.id]) for p in case.practitioners},
        targets_minutes=targets(case) if targets_minutes is None else targets_minutes,
        fair=fair_shares(case) if is_shared else {},
        siblings={name: tuple(units) for name, units in siblings.items()},
        neighbours={place: tuple(units) for place, units in neighbours.items()},
    )


def bundle_week(case: Case, practitioner: Practitioner, units: Iterable[Unit]) -> Week:
    """The week that these units make for her."""
    minutes = travel = peak = count = clients = 0
    trips = Fraction(0)
    for unit in units:
        load = load_minutes(case, practitioner, unit)
        minutes += load
        travel += pair_travel_minutes(case, practitioner, unit)
        peak += load - unit.minutes + unit.peak_minutes
        trips += unit.trips
        count += 1
        clients += unit.clients
    return Week(minutes, travel, peak, trips, count, clients)


def load_state(practitioner: Practitioner, assigned_minutes: int) -> str:
    """Where a load lies against her own numbers: one of LOAD_STATES. "over" begins above B."""
    capacity = practitioner.capacity_minutes
    if assigned_minutes > capacity:
        return "over"
    if capacity == 0:
        return "no_capacity"
    percent = Fraction(100 * assigned_minutes, capacity)
    if percent < practitioner.comfortable_min_percent:
        return "room"
    return "in_range" if percent <= practitioner.comfortable_max_percent else "above_range"


def _plus(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    return {name: one.get(name, 0.0) + other.get(name, 0.0) for name in {**one, **other}}
