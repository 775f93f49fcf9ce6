"""The bound counted a second time over every eligible pair, for programs too large for plain loops.

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

Table = NDArray[np.float64]


class Facts(NamedTuple):
    """A program as plain numbers, in order of practitioner id and of units."""

    staff: Table
    level: Table
    """[practitioners, languages]"""
    work: Table
    rates: Table
    minutes_per_km: float


def facts_of(case: Case) -> Facts:
    """What the loops over pairs read; refuses what they do not count."""
    people = sorted(case.practitioners, key=lambda p: p.id)
    _refuse_what_is_not_counted(case, people)
    codes = sorted({skill for u in case.units for skill in u.skills_required | u.skills_preferred} | {s for p in people for s in p.skills})
    bit = {skill: 1 << number for number, skill in enumerate(codes)}
    tags = {tag: 1 << number for number, tag in enumerate(sorted({t for u in case.units for t in u.tags} | case.all_interests))}
    languages = {code: number for number, code in enumerate(sorted({u.language or "" for u in case.units}))}
    staff = np.array([_person(p, bit, tags) for p in people], np.float64)
    level = np.array([[_level(p, code) for code in languages] for p in people], np.float64)
    index = {p.id: number for number, p in enumerate(people)}
    shared = sum(tags[tag] for tag in case.all_interests)
    work = np.array([_unit(case, u, bit, tags, languages, index, shared) for u in case.units], np.float64)
    prices = case.prices
    rates = np.array(
        [prices.travel, prices.continuity_unit, prices.continuity_hour, prices.language, prices.skills, prices.experience, prices.interests]
    )
    return Facts(staff, level, work, rates, case.minutes_per_km)


def counted_again(case: Case, targets_minutes: dict[str, int], minute: Table, trip: Table) -> float:
    """Hours per week that these prices (per minute of load, per trip; in order of practitioner id) certify."""
    return sum(counted_by_discipline(case, targets_minutes, minute, trip).values())


def counted_by_discipline(case: Case, targets_minutes: dict[str, int], minute: Table, trip: Table) -> dict[str, float]:
    """The same for each discipline alone: no practitioner has two, so their bounds add up, whatever prices each was counted with."""
    found = dict.fromkeys(sorted({unit.discipline for unit in case.units} | {p.disciplines[0] for p in case.practitioners}), 0.0)
    for unit, hours in zip(case.units, _least_of_units(facts_of(case), minute, trip).tolist(), strict=True):
        found[unit.discipline] += hours
    for number, person in enumerate(sorted(case.practitioners, key=lambda p: p.id)):
        found[person.disciplines[0]] += _least_week(case, person, targets_minutes[person.id], float(minute[number]))
        found[person.disciplines[0]] -= float(trip[number]) * (trip_limit(person) or 0.0)
    return found


def _refuse_what_is_not_counted(case: Case, people: list[Practitioner]) -> None:
    odd = [
        u.id
        for u in case.units
        if u.pinned_to or u.together or u.barred or u.days or u.evening or u.held_back or u.site_team or not (u.place and u.language)
    ]
    odd += [p.id for p in people if p.base is None or not p.accepts_new or p.days or len(p.disciplines) != 1 or p.maximum_minutes == 0]
    odd += [u.id for u in case.units if u.id != u.stated_id or u.language_need != "preferred"]
    if odd:
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
    assert u.place is not None
    own = sum(tags[t] for t in u.tags) & shared
    need = {"fr": 2.0, "en": 1.0}.get(u.language or "", -2.0)
    asked = -1.0 if u.experience_years is None else float(u.experience_years)
    return (
        np.radians(u.place.lat), np.radians(u.place.lon), float(u.minutes), float(u.travel_in_standard), float(u.trips.numerator),
        float(u.trips.denominator), float(languages[u.language or ""]), need, float(sum(bit[s] for s in u.skills_required)),
        float(sum(bit[s] for s in u.skills_preferred)), float(own), asked, float(index.get(u.current or "", -1)),
        float(u.current is not None), waiting_hours(case, u), _code(u.discipline),
    )  # fmt: skip


@njit(cache=True)
def pair(facts: Facts, u: int, p: int) -> tuple[float, float]:
    """Price of the pair in hours, without loads and trips, and its load in minutes; infinite where it is not eligible."""
    staff, work, rates = facts.staff, facts.work, facts.rates
    lat, lon, minutes, in_standard, top, bottom = work[u, 0], work[u, 1], work[u, 2], work[u, 3], work[u, 4], work[u, 5]
    known = facts.level[p, int(work[u, 6])]
    required, skills = int(work[u, 8]), int(staff[p, 3])
    if staff[p, 6] != work[u, 15] or (work[u, 7] > -2.0 and known < work[u, 7]) or required & ~skills:
        return np.inf, 0.0
    half = np.sin((lat - staff[p, 0]) / 2) ** 2 + np.cos(lat) * np.cos(staff[p, 0]) * np.sin((lon - staff[p, 1]) / 2) ** 2
    drive = np.floor(2 * 6371.0088 * np.arcsin(min(1.0, np.sqrt(half))) * facts.minutes_per_km + 0.5)
    if drive > staff[p, 2]:
        return np.inf, 0.0
    travel = np.floor((4 * drive * top + bottom) / (2 * bottom))
    cost = rates[0] * travel / 60
    if work[u, 13] > 0 and work[u, 12] != p:
        cost += rates[1] + rates[2] * minutes / 60
    if work[u, 7] == -2.0 and known < 2:
        cost += rates[3] / 2 if known == 1 else rates[3]
    missing, count = int(work[u, 9]) & ~skills, 0
    while missing and count < 2:
        missing &= missing - 1
        count += 1
    cost += rates[4] * count
    if work[u, 11] > staff[p, 5]:
        cost += rates[5]
    if int(work[u, 10]) and not int(work[u, 10]) & int(staff[p, 4]):
        cost += rates[6]
    return cost, minutes if in_standard > 0 else minutes + travel


@njit(cache=True, parallel=True)
def _least_of_units(facts: Facts, minute: Any, trip: Any) -> Any:
    found = np.empty(len(facts.work))
    for u in prange(len(facts.work)):
        least = facts.work[u, 14]
        for p in range(len(facts.staff)):
            cost, load = pair(facts, u, p)
            least = min(least, cost + minute[p] * load + trip[p] * facts.work[u, 4] / facts.work[u, 5])
        found[u] = least
    return found


def _least_week(case: Case, p: Practitioner, target: int, price: float) -> float:
    marks = marks_of(p, target)
    return min(sum(load_hours(case, p, mark, target)) - price * mark for mark in marks if 0 <= mark <= p.maximum_minutes)


def marks_of(p: Practitioner, target: int) -> list[float]:
    """Minutes at which the price of a practitioner's load may bend; between them it is straight."""
    capacity, ends = p.capacity_minutes, (p.comfortable_min_percent, p.comfortable_max_percent)
    around = [target - capacity / 10, target, target + capacity / 10]
    return [0.0, float(p.maximum_minutes), *(float(end) * capacity / 100 for end in ends), capacity, *around]
