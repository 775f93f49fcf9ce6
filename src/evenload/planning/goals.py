"""The soft goals: what a good plan means, each priced in hours per week, each defined once, for one pair or one load.

The table of prices is `evenload.planning.prices`; the formulas are in definitions and docs/method.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from evenload.planning.case import Case, Practitioner, Unit
from evenload.planning.codes import level_rank
from evenload.planning.travel import pair_travel_minutes

Goal = Callable[[Case, Practitioner, Unit], float]

FLUENT = level_rank("fluent")
FUNCTIONAL = level_rank("functional")


def travel(case: Case, practitioner: Practitioner, unit: Unit) -> float:
    """Hours driven per week, whether or not the load holds a travel standard."""
    return case.prices.travel * pair_travel_minutes(case, practitioner, unit) / 60


def continuity(case: Case, practitioner: Practitioner, unit: Unit) -> float:
    """Leaving the current practitioner: per unit, and per weekly hour of the unit."""
    if unit.current is None or unit.current == practitioner.id:
        return 0.0
    return case.prices.continuity_unit + case.prices.continuity_hour * unit.minutes / 60


def language(case: Case, practitioner: Practitioner, unit: Unit) -> float:
    """A preferred language that is missing; at functional level half. French and English are hard rules, not prices."""
    if unit.language in (None, "fr", "en") or unit.language_need == "required":
        return 0.0
    level = practitioner.languages.get(unit.language or "")
    rank = -1 if level is None else level_rank(level)
    if rank >= FLUENT:
        return 0.0
    return case.prices.language / 2 if rank == FUNCTIONAL else case.prices.language


def skills(case: Case, practitioner: Practitioner, unit: Unit) -> float:
    """Each preferred skill that is missing, two at most."""
    return case.prices.skills * min(2, len(unit.skills_preferred - practitioner.skills))


def interests(case: Case, practitioner: Practitioner, unit: Unit) -> float:
    """No tag shared with the unit, where anybody in the program shares one."""
    tags = unit.tags
    if tags & practitioner.interests or not tags & case.all_interests:
        return 0.0
    return case.prices.interests


def experience(case: Case, practitioner: Practitioner, unit: Unit) -> float:
    """Fewer years than the class asks for; unknown counts as 0."""
    asked = unit.experience_years
    years = practitioner.years_experience or Fraction(0)
    return case.prices.experience if asked is not None and years < asked else 0.0


def team(case: Case, practitioner: Practitioner, unit: Unit) -> float:
    """The site has a team and she is not in it."""
    return case.prices.team if unit.site_team is not None and unit.site_team != practitioner.team else 0.0


PAIR_GOALS: tuple[Goal, ...] = (travel, continuity, language, skills, interests, experience, team)
"""Goals of one pair; each function bears the name of its part of the score."""


def pair_hours(case: Case, practitioner: Practitioner, unit: Unit) -> dict[str, float]:
    """Price of giving the unit to the practitioner, by part of the score, in hours per week. Loads are priced apart."""
    return {goal.__name__: goal(case, practitioner, unit) for goal in PAIR_GOALS}


def waiting_hours(case: Case, unit: Unit) -> float:
    """Price of leaving the unit waiting, hours per week.

    (per client + per weekly hour) × priority × age up to 26 weeks, × French, × having a current practitioner (then no age).
    """
    prices = case.prices
    base = prices.waiting_client * unit.clients + prices.waiting_hour * unit.minutes / 60
    price = base * prices.of_priority(unit.priority)
    price *= prices.waiting_current if unit.current is not None else 1 + min(unit.weeks_waiting, 26) / 26
    return price * (prices.waiting_french if unit.is_french else 1.0)


def load_hours(case: Case, practitioner: Practitioner, assigned_minutes: float, target_minutes: int) -> tuple[float, float]:
    """Price of one practitioner's load: (overload, balance), hours per week; convex in the load.

    overload: dear between the top of the comfortable range and B, overload between B and M.
    balance: too little below the range; off target, near within ± 10 points of B and far beyond.
    """
    prices, capacity = case.prices, practitioner.capacity_minutes
    low = float(practitioner.comfortable_min_percent) / 100 * capacity
    high = float(practitioner.comfortable_max_percent) / 100 * capacity
    dear = max(0.0, min(assigned_minutes, capacity) - high)
    over = max(0.0, assigned_minutes - capacity)
    off = abs(assigned_minutes - target_minutes)
    near = min(off, capacity / 10)
    overload = prices.dear * dear + prices.overload * over
    balance = prices.too_little * max(0.0, low - assigned_minutes) + prices.balance_near * near + prices.balance_far * (off - near)
    return overload / 60, balance / 60


def trip_limit(practitioner: Practitioner) -> float | None:
    """Weekly trips before site_visits is priced: max_sites_per_day × 5 × min(1, weekly hours / 37.5); None: no limit."""
    if practitioner.max_sites_per_day is None:
        return None
    return practitioner.max_sites_per_day * 5 * min(1.0, float(practitioner.weekly_hours) / 37.5)


def site_visit_hours(case: Case, practitioner: Practitioner, trips: Fraction) -> float:
    """Price of weekly trips above the practitioner's limit."""
    limit = trip_limit(practitioner)
    return 0.0 if limit is None else case.prices.site_visits * max(0.0, float(trips) - limit)
