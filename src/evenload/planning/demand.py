"""Step 2: the hours that clients need. Times per class come from `standards`, here they become minutes per unit.

Visits are allotted (A), used (U), remaining (R); a group's remaining visits become sessions (S) that cost their clock time once.
Everything is exact; the weekly minutes of a unit are rounded once, half up, because the assignment counts in whole minutes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction

from evenload.planning.case import round_half_up
from evenload.planning.program import Period, Program, UnitFacts
from evenload.planning.standards import ClassTime, class_times

__all__ = ["ClassTime", "UnitDemand", "class_times", "sessions_per_visit", "unit_demand", "unit_demands", "unit_weeks"]


@dataclass(frozen=True, slots=True)
class UnitDemand:
    """What one unit still needs. Visits are of the whole unit; minutes are over the weeks left, exact unless said otherwise."""

    unit_id: str
    allotted: Fraction
    """A: visits of the period"""
    used: Fraction
    """U: visits already used, stated or by even pace"""
    remaining: Fraction
    """R: visits still to give"""
    bookings: Fraction
    """S: visits, or sessions of a group, that the practitioner's clock sees"""
    direct_minutes: Fraction
    indirect_minutes: Fraction
    """indirect minutes of visits, and the minutes of episodes"""
    travel_minutes: Fraction
    """by the class's travel standard; 0 where travel is modelled"""
    lost_minutes: Fraction
    """minutes lost to missed bookings"""
    minutes: Fraction
    """m: the sum of the four"""
    weekly_minutes: int
    """m / w, rounded half up; at least 1 if m > 0"""
    visits_per_week: Fraction
    """V = S / w"""
    peak_minutes: int
    """minutes in a week of full frequency; equal to weekly_minutes where no visits_per_week is stated"""
    overdrawn: bool
    """more visits used than allotted"""


def unit_demands(program: Program, times: dict[str, ClassTime] | None = None) -> dict[str, UnitDemand]:
    """What every unit needs from `as_of` to the end of the period, by unit id. Raises KeyError for an unknown class."""
    by_class = class_times(program) if times is None else times
    period = program.period
    known: dict[tuple[object, ...], UnitDemand] = {}
    found = {}
    for unit in program.units:
        # Many units are alike in all that their demand is counted from: each kind is counted once.
        stated = (unit.class_id, unit.clients, unit.visits_allotted, unit.visits_used, unit.visits_per_week, unit.from_date)
        alike = known.get(stated)
        if alike is None:
            own_weeks = unit_weeks(unit, period)
            counted = unit_demand(unit, by_class[unit.class_id], weeks=period.weeks, weeks_left=period.weeks_left, own_weeks=own_weeks)
            known[stated] = counted
        else:
            counted = replace(alike, unit_id=unit.id)
        found[unit.id] = counted
    return found


def unit_weeks(unit: UnitFacts, period: Period) -> Fraction:
    """Weeks of the period from the unit's `from_date` on (whole period without one); they count for visits_per_week only."""
    if unit.from_date is None:
        return Fraction(period.weeks)
    end = period.starts_on + timedelta(weeks=period.weeks)
    return Fraction(max(0, (end - max(unit.from_date, period.starts_on)).days), 7)


def unit_demand(unit: UnitFacts, time: ClassTime, *, weeks: int, weeks_left: int, own_weeks: Fraction | None = None) -> UnitDemand:
    """Minutes, visits and weekly minutes of one unit (definitions, "Unit minutes").

    `weeks` is W, `weeks_left` w; `own_weeks` are the weeks from the unit's `from_date` (default: all of them).
    """
    own = Fraction(weeks) if own_weeks is None else own_weeks
    allotted, used, remaining = _visits(unit, time.visits, weeks, weeks_left, own)
    bookings = remaining * sessions_per_visit(unit.clients, time.group_size)
    open_share = remaining / allotted if allotted else Fraction(weeks_left, weeks)
    episode = time.episode_minutes * unit.clients * open_share
    per_booking = time.visit_minutes + time.lost_minutes_per_visit
    minutes = bookings * per_booking + episode
    weekly = _whole_minutes(minutes / weeks_left)
    return UnitDemand(
        unit_id=unit.id,
        allotted=allotted,
        used=used,
        remaining=remaining,
        bookings=bookings,
        direct_minutes=bookings * time.direct_minutes,
        indirect_minutes=bookings * time.indirect_minutes + episode,
        travel_minutes=bookings * (time.travel_minutes or 0),
        lost_minutes=bookings * time.lost_minutes_per_visit,
        minutes=minutes,
        weekly_minutes=weekly,
        visits_per_week=bookings / weeks_left,
        peak_minutes=_peak(unit, time, remaining, episode / weeks_left) or weekly,
        overdrawn=used > allotted,
    )


def sessions_per_visit(clients: int, group_size: int) -> Fraction:
    """Clock sessions per client visit: 1 for single clients; ceil(clients / g) / clients in groups (full groups if no clients)."""
    if group_size <= 1:
        return Fraction(1)
    return Fraction(-(-clients // group_size), clients) if clients else Fraction(1, group_size)


def visits_of_units(program: Program) -> dict[str, tuple[Fraction, Fraction]]:
    """Visits used and visits left of every unit, by unit id, as `unit_demands` counts them. Raises KeyError for an unknown class."""
    period, per_client = program.period, {stated.id: stated.visits for stated in program.classes}
    found = {}
    for unit in program.units:
        _, used, left = _visits(unit, per_client[unit.class_id], period.weeks, period.weeks_left, unit_weeks(unit, period))
        found[unit.id] = (used, left)
    return found


def visits_of_unit(unit: UnitFacts, per_client: Fraction, period: Period) -> tuple[Fraction, Fraction, Fraction]:
    """Visits allotted, used and left of one unit, as `unit_demand` counts them; `per_client` are the class's visits."""
    return _visits(unit, per_client, period.weeks, period.weeks_left, unit_weeks(unit, period))


def _visits(unit: UnitFacts, per_client: Fraction, weeks: int, weeks_left: int, own: Fraction) -> tuple[Fraction, Fraction, Fraction]:
    """Visits allotted, used and remaining."""
    own_left = min(Fraction(weeks_left), own)
    allotted = _allotted(unit, per_client, own)
    used = _used(unit, allotted, weeks, weeks_left, own, own_left)
    remaining = max(Fraction(0), allotted - used)
    if unit.visits_per_week is not None:
        remaining = min(remaining, unit.visits_per_week * own_left)
    return allotted, used, remaining


def _allotted(unit: UnitFacts, per_client: Fraction, own_weeks: Fraction) -> Fraction:
    if unit.visits_allotted is not None:
        return unit.visits_allotted
    if unit.visits_per_week is not None:
        return unit.visits_per_week * own_weeks
    return unit.clients * per_client


def _used(unit: UnitFacts, allotted: Fraction, weeks: int, weeks_left: int, own: Fraction, own_left: Fraction) -> Fraction:
    """Visits used as stated, else by even pace over the weeks in which the allotted visits were counted."""
    if unit.visits_used is not None:
        return unit.visits_used
    by_frequency = unit.visits_allotted is None and unit.visits_per_week is not None
    if by_frequency and own > 0:
        return allotted * (own - own_left) / own
    return allotted * Fraction(weeks - weeks_left, weeks)


def _peak(unit: UnitFacts, time: ClassTime, remaining: Fraction, weekly_episode: Fraction) -> int:
    """Whole minutes in a week of full frequency; 0 where none is stated or nothing is left."""
    if unit.visits_per_week is None or remaining == 0:
        return 0
    sessions = unit.visits_per_week * sessions_per_visit(unit.clients, time.group_size)
    return _whole_minutes(sessions * (time.visit_minutes + time.lost_minutes_per_visit) + weekly_episode)


def _whole_minutes(minutes: Fraction) -> int:
    return max(1, round_half_up(minutes)) if minutes > 0 else 0
