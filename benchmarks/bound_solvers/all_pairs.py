"""The bound counted a second time over every eligible pair, and a plan pair by pair, for programs too large for plain loops.

Written from the definitions, not from the engine: facts as plain numbers, one compiled loop over pairs. Only what the synthetic
programs hold is counted (no pins, blocks, bars, days or teams, places always known); anything else is refused.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from evenload.planning.case import Case, Practitioner, Unit
from evenload.planning.goals import load_hours, trip_limit, waiting_hours
from evenload.planning.optimise.columns import Columns

Table = NDArray[np.float64]


class Facts(NamedTuple):
    """A program as plain numbers: practitioners in order of id, units as the Case has them."""

    staff: Table
    """[P, 7]"""
    level: Table
    """[P, languages]"""
    work: Table
    """[U, 16]"""
    rates: Table
    minutes_per_km: float


def counted_again(case: Case, targets_minutes: dict[str, int], minute: Table, trip: Table) -> float:
    """Hours per week that these prices (per minute of load, per trip; in order of practitioner id) certify."""
    return sum(counted_by_discipline(case, targets_minutes, minute, trip).values())


def counted_by_discipline(case: Case, targets_minutes: dict[str, int], minute: Table, trip: Table) -> dict[str, float]:
    """The same for each discipline alone: no practitioner has two, so their bounds add up, whatever prices each was counted with."""
    facts, people = facts_of(case), _people(case)
    # By discipline from south to north, so that a unit looks at its own discipline and at a band of latitudes only.
    order = np.lexsort((facts.staff[:, 0], facts.staff[:, 6]))
    sorted_facts = facts._replace(staff=facts.staff[order], level=facts.level[order])
    least, codes = _least_of_units(sorted_facts, minute[order], trip[order], order), facts.work[:, 15]
    found = {p.disciplines[0]: 0.0 for p in people}
    by_code = {_code(name): name for name in found}
    for code in np.unique(codes).tolist():
        name = by_code.get(code, str(code))
        found[name] = found.get(name, 0.0) + float(least[codes == code].sum())
    for number, person in enumerate(people):
        found[person.disciplines[0]] += _least_week(case, person, targets_minutes[person.id], float(minute[number]))
        found[person.disciplines[0]] -= float(trip[number]) * (trip_limit(person) or 0.0)
    return found


def plan_again(case: Case, who: NDArray[np.integer[Any]], targets_minutes: dict[str, int]) -> tuple[float, int]:
    """Price of a plan in hours per week, and how many hard rules it breaks. who [U]: row of the practitioner by id, −1 waits."""
    people = _people(case)
    weeks = np.zeros((len(people), 2))
    total, broken = _price_pairs(facts_of(case), who, weeks)
    for person, (minutes, trips) in zip(people, weeks.tolist(), strict=True):
        broken += minutes > person.maximum_minutes
        total += sum(load_hours(case, person, minutes, targets_minutes[person.id]))
        limit = trip_limit(person)
        total += case.prices.site_visits * max(0.0, trips - limit) if limit is not None else 0.0
    return float(total), int(broken)


def _people(case: Case) -> list[Practitioner]:
    return sorted(case.practitioners, key=lambda p: p.id)


def facts_of(case: Case) -> Facts:
    """What the loops over pairs read; refuses what they do not count."""
    people = _people(case)
    kinds = case.units.kinds if isinstance(case.units, Columns) else case.units
    _refuse_what_is_not_counted(case, people)
    codes = sorted({skill for u in kinds for skill in u.skills_required | u.skills_preferred} | {s for p in people for s in p.skills})
    bit = {skill: 1 << number for number, skill in enumerate(codes)}
    tags = {tag: 1 << number for number, tag in enumerate(sorted({t for u in kinds for t in u.tags} | case.all_interests))}
    languages = {code: number for number, code in enumerate(sorted({u.language or "" for u in kinds}))}
    staff = np.array([_person(p, bit, tags) for p in people], np.float64)
    level = np.array([[_level(p, code) for code in languages] for p in people], np.float64)
    index = {p.id: number for number, p in enumerate(people)}
    shared = sum(tags[tag] for tag in case.all_interests)
    work = np.array([_unit(case, u, bit, tags, languages, index, shared) for u in kinds], np.float64)
    prices = case.prices
    rates = np.array(
        [prices.travel, prices.continuity_unit, prices.continuity_hour, prices.language, prices.skills, prices.experience, prices.interests]
    )
    of_units = _spread_out(case, case.units, work) if isinstance(case.units, Columns) else work
    return Facts(staff, level, of_units, rates, case.minutes_per_km)


def _spread_out(case: Case, units: Columns, of_kinds: Table) -> Table:
    """The rows of kinds as rows of units, with what each unit has of its own."""
    work = of_kinds[units.kind]
    work[:, :2], work[:, 12], work[:, 13] = np.radians(units.place), units.current, units.current >= 0
    clients = np.array([u.clients for u in units.kinds], np.float64)[units.kind]
    priority = np.array([case.prices.of_priority(number) if number else 0.0 for number in range(int(units.priority.max()) + 1)])
    price = (case.prices.waiting_client * clients + case.prices.waiting_hour * work[:, 2] / 60) * priority[units.priority]
    price *= np.where(units.current >= 0, case.prices.waiting_current, 1 + np.minimum(units.weeks_waiting, 26) / 26)
    work[:, 14] = price * np.where(work[:, 7] == 2, case.prices.waiting_french, 1.0)
    return work


def _refuse_what_is_not_counted(case: Case, people: list[Practitioner]) -> None:
    units = case.units.kinds if isinstance(case.units, Columns) else case.units
    odd = [
        u.id for u in units if u.pinned_to or u.together or u.barred or u.days or u.evening or u.held_back or u.site_team or not u.language
    ]
    placeless = np.isnan(case.units.place).any() if isinstance(case.units, Columns) else any(u.place is None for u in units)
    odd += ["a unit without a place"] if placeless else []
    odd += [p.id for p in people if p.base is None or not p.accepts_new or p.days or len(p.disciplines) != 1 or p.maximum_minutes == 0]
    odd += [u.id for u in units if u.id != u.stated_id or u.language_need != "preferred"]
    if odd or case.prices.balance_clients or case.prices.balance_travel:
        raise SystemExit(f"not counted here: {odd[:3]}")


def _person(p: Practitioner, bit: dict[str, int], tags: dict[str, int]) -> tuple[float, ...]:
    assert p.base is not None
    years = -1.0 if p.years_experience is None else float(p.years_experience)
    longest = np.inf if p.longest_drive_minutes is None else float(p.longest_drive_minutes)
    skills, interests = sum(bit[s] for s in p.skills), sum(tags[t] for t in p.interests)
    return (
        np.radians(p.base.lat),
        np.radians(p.base.lon),
        longest,
        float(skills),
        float(interests),
        max(0.0, years),
        _code(p.disciplines[0]),
    )


def _code(discipline: str) -> float:
    return float(int.from_bytes(discipline.encode(), "big"))


def _level(p: Practitioner, language: str) -> float:
    return float({None: -1, "basic": 0, "functional": 1, "fluent": 2, "native": 3}[p.languages.get(language)])


def _unit(
    case: Case, u: Unit, bit: dict[str, int], tags: dict[str, int], languages: dict[str, int], index: dict[str, int], shared: int
) -> tuple[float, ...]:
    own = sum(tags[t] for t in u.tags) & shared
    need = {"fr": 2.0, "en": 1.0}.get(u.language or "", -2.0)
    asked = -1.0 if u.experience_years is None else float(u.experience_years)
    return (
        np.radians(u.place.lat if u.place else 0.0), np.radians(u.place.lon if u.place else 0.0), float(u.minutes), float(u.travel_in_standard), float(u.trips.numerator),
        float(u.trips.denominator), float(languages[u.language or ""]), need, float(sum(bit[s] for s in u.skills_required)),
        float(sum(bit[s] for s in u.skills_preferred)), float(own), asked, float(index.get(u.current or "", -1)),
        float(u.current is not None), waiting_hours(case, u), _code(u.discipline),
    )  # fmt: skip


@njit(cache=True)
def pair(facts: Facts, u: int, p: int) -> tuple[float, float]:
    """Price of the pair in hours, without loads and trips, and its load in minutes; infinite where it is not eligible."""
    staff, work = facts.staff, facts.work
    travel = _travel_if_able(staff[p], facts.level[p], work[u], facts.minutes_per_km) if staff[p, 6] == work[u, 15] else -1.0
    if travel < 0:
        return np.inf, 0.0
    return _pair_cost(staff[p], facts.level[p], work[u], work[u, 12] == p, travel, facts.rates), _load(work[u], travel)


@njit(cache=True)
def _load(unit: Any, travel: float) -> float:
    return unit[2] if unit[3] > 0 else unit[2] + travel


@njit(cache=True, parallel=True)
def _least_of_units(facts: Facts, minute: Any, trip: Any, order: Any) -> Any:
    """float64[U]; staff, level and prices in `order`: by discipline, within it by latitude."""
    staff, level, work = facts.staff, facts.level, facts.work
    found = np.empty(len(work))
    widest = (np.max(staff[:, 2]) + 1) / (6371.0088 * facts.minutes_per_km)
    for u in prange(len(work)):
        first, last = np.searchsorted(staff[:, 6], work[u, 15], side="left"), np.searchsorted(staff[:, 6], work[u, 15], side="right")
        south = first + np.searchsorted(staff[first:last, 0], work[u, 0] - widest)
        north = first + np.searchsorted(staff[first:last, 0], work[u, 0] + widest)
        least = work[u, 14]
        for p in range(south, north):
            travel = _travel_if_able(staff[p], level[p], work[u], facts.minutes_per_km)
            if travel >= 0:
                cost = _pair_cost(staff[p], level[p], work[u], work[u, 12] == order[p], travel, facts.rates)
                least = min(least, cost + minute[p] * _load(work[u], travel) + trip[p] * work[u, 4] / work[u, 5])
        found[u] = least
    return found


@njit(cache=True)
def _price_pairs(facts: Facts, who: Any, weeks: Any) -> tuple[float, int]:
    """Price of pairs and of waiting, and pairs that no rule allows; fills minutes and trips of every week [P, 2]."""
    total, broken = 0.0, 0
    staff, level, work, rates, minutes_per_km = facts.staff, facts.level, facts.work, facts.rates, facts.minutes_per_km
    for u in range(len(work)):
        p = who[u]
        if p < 0:
            total += work[u, 14]
            continue
        travel = _travel_if_able(staff[p], level[p], work[u], minutes_per_km)
        if travel < 0 or staff[p, 6] != work[u, 15]:
            broken += 1
            continue
        total += _pair_cost(staff[p], level[p], work[u], work[u, 12] == p, travel, rates)
        weeks[p, 0] += work[u, 2] if work[u, 3] > 0 else work[u, 2] + travel
        weeks[p, 1] += work[u, 4] / work[u, 5]
    return total, broken


@njit(cache=True)
def _travel_if_able(person: Any, level: Any, unit: Any, minutes_per_km: float) -> float:
    """Minutes of travel a week; −1 where language, skills or drive stand against the pair."""
    known, required = level[int(unit[6])], int(unit[8])
    if (unit[7] > -2.0 and known < unit[7]) or required & ~int(person[3]):
        return -1.0
    half = np.sin((unit[0] - person[0]) / 2) ** 2 + np.cos(unit[0]) * np.cos(person[0]) * np.sin((unit[1] - person[1]) / 2) ** 2
    drive = np.floor(2 * 6371.0088 * np.arcsin(min(1.0, np.sqrt(half))) * minutes_per_km + 0.5)
    if drive > person[2]:
        return -1.0
    return float(np.floor((4 * drive * unit[4] + unit[5]) / (2 * unit[5])))


@njit(cache=True)
def _pair_cost(person: Any, level: Any, unit: Any, is_hers: bool, travel: float, rates: Any) -> float:
    known, cost = level[int(unit[6])], rates[0] * travel / 60
    if unit[13] > 0 and not is_hers:
        cost += rates[1] + rates[2] * unit[2] / 60
    if unit[7] == -2.0 and known < 2:
        cost += rates[3] / 2 if known == 1 else rates[3]
    missing, count = int(unit[9]) & ~int(person[3]), 0
    while missing and count < 2:
        missing &= missing - 1
        count += 1
    cost += rates[4] * count
    if unit[11] > person[5]:
        cost += rates[5]
    if int(unit[10]) and not int(unit[10]) & int(person[4]):
        cost += rates[6]
    return float(cost)


def _least_week(case: Case, p: Practitioner, target: int, price: float) -> float:
    marks = marks_of(p, target)
    return min(sum(load_hours(case, p, mark, target)) - price * mark for mark in marks if 0 <= mark <= p.maximum_minutes)


def marks_of(p: Practitioner, target: int) -> list[float]:
    """Minutes at which the price of a practitioner's load may bend; between them it is straight."""
    capacity, ends = p.capacity_minutes, (p.comfortable_min_percent, p.comfortable_max_percent)
    around = [target - capacity / 10, target, target + capacity / 10]
    return [0.0, float(p.maximum_minutes), *(float(end) * capacity / 100 for end in ends), capacity, *around]
