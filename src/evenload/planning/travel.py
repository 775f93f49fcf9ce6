"""Drive and travel: haversine × detour ÷ speed, in whole minutes (definitions, section 1)."""

from __future__ import annotations

import math
from fractions import Fraction

from evenload.planning.case import Case, Practitioner, Unit, round_half_up
from evenload.planning.distance import distance_km
from evenload.planning.program import Place


def minutes_between(a: Place, b: Place, minutes_per_km: float) -> int:
    """Modelled drive in whole minutes one way, rounded half up. Never to be shown as a measured driving time."""
    return math.floor(distance_km(a, b) * minutes_per_km + 0.5)


def drive_is_known(practitioner: Practitioner, unit: Unit) -> bool:
    """Whether both places are known; elsewhere the median drive stands in and the longest-drive rule is not applied."""
    return practitioner.base is not None and unit.place is not None


def drive_minutes(case: Case, practitioner: Practitioner, unit: Unit) -> int:
    """Minutes one way from base to unit; the program's median drive where a place is unknown."""
    if practitioner.base is None or unit.place is None:
        return case.unknown_place_drive
    return minutes_between(practitioner.base, unit.place, case.minutes_per_km)


def pair_travel_minutes(case: Case, practitioner: Practitioner, unit: Unit) -> int:
    """Travel per calendar week of this practitioner for this unit: 2 × drive × trips, rounded half up."""
    return round_half_up(2 * drive_minutes(case, practitioner, unit) * unit.trips)


def load_minutes(case: Case, practitioner: Practitioner, unit: Unit) -> int:
    """Minutes per calendar week that the unit adds to the practitioner's load.

    The class's travel standard is inside unit.minutes where it has one; elsewhere the pair travel is added.
    """
    return unit.minutes if unit.travel_in_standard else unit.minutes + pair_travel_minutes(case, practitioner, unit)


def trips_per_week(kind: str, at_clinic: bool, visits_per_week: Fraction) -> Fraction:
    """Trips per week from visits per week V: at a clinic or hospital 0; site max(V/5, min(V, 1)); client or area V/3."""
    if at_clinic:
        return Fraction(0)
    if kind == "site":
        return max(visits_per_week / 5, min(visits_per_week, Fraction(1)))
    return visits_per_week / 3
