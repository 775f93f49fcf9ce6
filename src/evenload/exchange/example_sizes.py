"""How large the units of an example are: fitted to the hours of its team, so that demand is a stated share of supply."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from evenload.exchange.example_units import Slot
from evenload.exchange.rows import ClassRow, PractitionerRow, VisitRow
from evenload.planning.areas import speaks_french
from evenload.planning.demand import unit_demand
from evenload.planning.distance import distance_km
from evenload.planning.program import ComplexityClass, Place, PractitionerFacts, UnitFacts, Visit
from evenload.planning.standards import ClassTime, class_time
from evenload.planning.travel import minutes_between, trips_per_week

MINUTES_PER_KM = 60 / 40 * 1.3
NEAREST = 24
SCARCE_FRENCH_USE = 1.06
AMPLE_FRENCH_USE = 0.93
LARGE_UNIT_MINUTES = 18.5 * 60
ROUNDS = 4
HALVINGS = 14


@dataclass(frozen=True, slots=True)
class Member:
    """One practitioner as the generator sees her: her row, her home, and her capacity B and maximum M in minutes per week."""

    row: PractitionerRow
    facts: PractitionerFacts
    home: Place
    capacity: int

    @property
    def speaks_french(self) -> bool:
        """Native or fluent French."""
        return speaks_french(self.facts)

    def drive_minutes(self, place: Place) -> int:
        """Modelled drive one way with the program's default speed and detour."""
        return minutes_between(self.home, place, MINUTES_PER_KM)

    def may_serve(self, slot: Slot) -> bool:
        """Whether discipline, language and skills allow it; the rules that a generator must keep to be plausible."""
        if slot.discipline not in self.row.disciplines or self.row.id in slot.barred:
            return False
        if slot.asks_french and not self.speaks_french:
            return False
        asks_other = slot.language_need == "required" and slot.language not in (None, "en", "fr")
        if asks_other and self.row.languages.get(slot.language or "") not in ("native", "fluent"):
            return False
        return set(slot.skills_required) <= set(self.row.skills)


class Staff:
    """The team by place: for each unit, the members of its discipline and language, nearest neighbourhood first."""

    def __init__(self, members: Sequence[Member]) -> None:
        self.members = tuple(members)
        self._near: dict[tuple[str, bool, str], tuple[Member, ...]] = {}

    def near(self, slot: Slot) -> tuple[Member, ...]:
        """The nearest members who work in the unit's discipline and language, at most `NEAREST` of them."""
        key = (slot.discipline, slot.asks_french, slot.spot.neighbourhood.town)
        if key not in self._near:
            centre = slot.spot.neighbourhood.place
            able = [m for m in self.members if slot.discipline in m.row.disciplines and (m.speaks_french or not slot.asks_french)]
            self._near[key] = tuple(sorted(able, key=lambda m: (distance_km(m.home, centre), m.row.id))[:NEAREST])
        return self._near[key]


def times_of(classes: Sequence[ClassRow], visits: Sequence[VisitRow]) -> dict[str, ClassTime]:
    """The blended time of each class, as the planning room computes it from the same rows."""
    recorded: dict[str, list[Visit]] = defaultdict(list)
    for row in visits:
        visit = Visit(row.on, row.class_id, row.direct_minutes, row.outcome, None, None, row.indirect_minutes, row.travel_minutes)
        recorded[row.class_id].append(visit)
    return {row.id: class_time(_stated(row), recorded[row.id]) for row in classes}


def _stated(row: ClassRow) -> ComplexityClass:
    return ComplexityClass(
        id=row.id,
        discipline=row.discipline,
        visits=row.visits,
        direct_minutes=row.direct_minutes,
        indirect_minutes=row.indirect_minutes,
        travel_minutes=row.travel_minutes,
        episode_minutes=row.episode_minutes,
        group_size=row.group_size,
        no_show_rate=row.no_show_rate,
        no_show_minutes=row.no_show_minutes,
        judgement_weight=row.judgement_weight,
    )


@dataclass(frozen=True, slots=True)
class Period:
    """Weeks of the period and weeks that have passed."""

    weeks: int
    weeks_passed: int


def facts_of(slot: Slot, id: str = "") -> UnitFacts:
    """The visit figures of a unit as the planning room takes them; nothing else of the unit."""
    per_week = None if slot.weekly_visits is None else Fraction(str(slot.weekly_visits))
    stated = per_week is None
    return UnitFacts(
        id=id,
        kind=slot.kind,
        discipline=slot.discipline,
        class_id=slot.standard.id,
        clients=slot.clients,
        visits_allotted=Fraction(slot.allotted) if stated else None,
        visits_used=Fraction(slot.used) if stated else None,
        visits_per_week=per_week,
    )


@dataclass(frozen=True, slots=True)
class Sizing:
    """What sizes are fitted to: the team, the classes' times, the period, and demand as a share of supply."""

    staff: Staff
    times: Mapping[str, ClassTime]
    period: Period
    use: float
    scarce_french: str
    """the discipline whose French hours are short"""


def fit_sizes(slots: Sequence[Slot], sizing: Sizing) -> None:
    """Sets clients, visits and minutes of every unit so that each discipline's demand is the stated share of its supply.

    French demand takes its own share of it: a little more than the French hours of the discipline where French is scarce,
    elsewhere what its weight asks for, and less than the French hours.
    """
    pools: dict[tuple[str, bool], list[Slot]] = defaultdict(list)
    for slot in slots:
        pools[(slot.discipline, slot.asks_french)].append(slot)
    for discipline in sorted({discipline for discipline, _ in pools}):
        french, other = pools[(discipline, True)], pools[(discipline, False)]
        for pool, minutes in zip((french, other), _targets(french, other, sizing, discipline), strict=True):
            _fit(pool, minutes, sizing)


def _targets(french: Sequence[Slot], other: Sequence[Slot], sizing: Sizing, discipline: str) -> tuple[float, float]:
    """Weekly minutes of the French and of the other units of one discipline."""
    supply = {True: 0.0, False: 0.0}
    for member in sizing.staff.members:
        if discipline in member.row.disciplines:
            supply[member.speaks_french] += member.capacity / len(member.row.disciplines)
    target = sizing.use * sum(supply.values())
    weights = [sum(_expected_minutes(slot) for slot in pool) for pool in (french, other)]
    share = weights[0] / sum(weights) if sum(weights) else 0.0
    if not french or not other:
        return (target, 0.0) if french else (0.0, target)
    is_scarce = discipline == sizing.scarce_french
    asked = SCARCE_FRENCH_USE * supply[True] if is_scarce else min(share * target, AMPLE_FRENCH_USE * supply[True])
    return (asked, target - asked) if asked < target else (share * target, (1 - share) * target)


def _expected_minutes(slot: Slot) -> float:
    """A rough size before anything is fitted: minutes over the period of the unit's weight in clients of its class."""
    standard = slot.standard
    return slot.weight * (standard.visits * (standard.direct + standard.indirect + (standard.travel or 10)) + standard.episode)


def _fit(pool: Sequence[Slot], target: float, sizing: Sizing) -> None:
    """Clients first, by weight; then visits allotted, by one common factor, until the sum is met."""
    if not pool:
        return
    for slot in pool:
        slot.clients = 1
        _allot(slot, 1.0, sizing)
    sized = [slot for slot in pool if slot.kind != "client"]
    fixed = sum(slot.minutes for slot in pool if slot.kind == "client")
    _size_clients(sized, max(0.0, target - fixed), large=target > 6 * LARGE_UNIT_MINUTES)
    factor = 1.0
    for _ in range(ROUNDS):
        for slot in pool:
            _allot(slot, factor, sizing)
        factor = min(2.0, max(0.4, factor * target / max(1, sum(slot.minutes for slot in pool))))


def _size_clients(sized: Sequence[Slot], target: float, *, large: bool) -> None:
    """Clients of sites and areas in proportion to their weight; in a large pool one site is so large that it takes several people."""
    if not sized:
        return
    wanted = {id(slot): _expected_minutes(slot) for slot in sized}
    per_client = {id(slot): max(1, slot.minutes) / slot.standard.group_size for slot in sized}
    if large:
        largest = max(sized, key=lambda slot: wanted[id(slot)])
        target -= LARGE_UNIT_MINUTES
        largest.clients = max(1, round(LARGE_UNIT_MINUTES / per_client[id(largest)]))
        sized = [slot for slot in sized if slot is not largest]
    low, high = 0.0, 4 * target / sum(wanted.values())
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        for slot in sized:
            least = 2 if slot.standard.group_size > 1 else 1
            slot.clients = max(least, round(middle * wanted[id(slot)] / per_client[id(slot)]))
        is_enough = sum(slot.clients * per_client[id(slot)] for slot in sized) > target
        low, high = (low, middle) if is_enough else (middle, high)


def _allot(slot: Slot, factor: float, sizing: Sizing) -> None:
    period = sizing.period
    slot.allotted = max(1, round(slot.clients * slot.standard.visits * slot.generosity * factor))
    slot.used = 0 if slot.is_new else round(slot.allotted * period.weeks_passed / period.weeks * slot.pace)
    time, left = sizing.times[slot.standard.id], period.weeks - period.weeks_passed
    if slot.weekly_visits is not None:
        demand = unit_demand(facts_of(slot), time, weeks=period.weeks, weeks_left=left)
        slot.minutes, visits_per_week = demand.weekly_minutes, float(demand.visits_per_week)
    else:
        slot.minutes, visits_per_week = _weekly(slot, time, left)
    if slot.standard.travel is None:
        slot.minutes += _nearest_travel(slot, sizing.staff, visits_per_week)


def _weekly(slot: Slot, time: ClassTime, weeks_left: int) -> tuple[int, float]:
    """Weekly minutes and visits as `unit_demand` computes them, in decimals: fast enough for tens of thousands of units."""
    remaining = max(0, slot.allotted - slot.used)
    sessions = -(-slot.clients // time.group_size) / slot.clients if time.group_size > 1 else 1.0
    per_visit = float(time.visit_minutes + time.lost_minutes_per_visit)
    minutes = remaining * sessions * per_visit + float(time.episode_minutes) * slot.clients * remaining / slot.allotted
    return max(1, round(minutes / weeks_left)) if minutes else 0, remaining * sessions / weeks_left


def _nearest_travel(slot: Slot, staff: Staff, visits_per_week: float) -> int:
    trips = trips_per_week(slot.kind, slot.spot.row.kind in ("clinic", "hospital"), Fraction(visits_per_week))
    drives = [member.drive_minutes(slot.place) for member in staff.near(slot)[:6]]
    return round(2 * min(drives, default=15) * float(trips))
