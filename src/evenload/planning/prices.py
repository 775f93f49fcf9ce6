"""The table of goals and prices (definitions, section 2): one currency, hours per week.

The defaults are judgement, not published figures; a manager may edit every one of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Prices:
    """Price of each goal, in hours per week (per what is said beside it)."""

    travel: float = 1.0  # per hour driven
    continuity_unit: float = 1.0  # leaving the current practitioner, per unit
    continuity_hour: float = 0.25  # leaving the current practitioner, per weekly hour
    language: float = 0.9  # preferred language missing; functional level: half
    skills: float = 0.3  # each preferred skill missing, at most two
    experience: float = 0.3  # fewer years than the class asks for
    interests: float = 0.2  # no shared tag
    team: float = 0.3  # the site has a team, the practitioner is not in it
    too_little: float = 0.5  # per hour below the comfortable range
    balance_near: float = 0.02  # per hour off target within 10 points of capacity
    balance_far: float = 0.25  # per hour beyond
    dear: float = 0.75  # per hour between the comfortable range and capacity
    overload: float = 2.0  # per hour between capacity and the hard maximum
    split: float = 1.0  # each further practitioner of one unit
    site_visits: float = 1.0  # per weekly trip above max_sites_per_day
    balance_clients: float = 0.0  # per client off the fair share
    balance_travel: float = 0.0  # per hour driven off the fair share
    site_sharing: float = 0.0  # each further practitioner of one discipline at one site
    waiting_client: float = 3.0
    waiting_hour: float = 4.0
    waiting_priority_1: float = 24.0
    waiting_priority_2: float = 6.0
    waiting_priority_3: float = 2.0
    waiting_priority_4: float = 1.0
    waiting_french: float = 1.25
    waiting_current: float = 2.0

    def of_priority(self, priority: int) -> float:
        """Factor of the waiting price for priority 1 (highest) to 4."""
        return (self.waiting_priority_1, self.waiting_priority_2, self.waiting_priority_3, self.waiting_priority_4)[priority - 1]


GOALS: tuple[str, ...] = tuple(f.name for f in fields(Prices))
"""Names of all goals, as the `goals` sheet spells them."""


def prices_from(table: Mapping[str, float]) -> Prices:
    """Prices with the given goals replaced. Raises KeyError for an unknown goal: a price is never dropped silently."""
    unknown = sorted(set(table) - set(GOALS))
    if unknown:
        raise KeyError(unknown[0])
    return Prices(**table)


def broken_invariants(prices: Prices) -> tuple[str, ...]:
    """Codes of the invariants of the price table that these prices break (definitions, section 2).

    `driving_pays`: too_little + balance_far < travel, else driving far to fill a week pays.
    `preference_beats_continuity`: every single preference < continuity_unit.
    `waiting_too_cheap`: the waiting price exceeds all mismatches and the overload, for a load of any size.
    """
    broken = []
    if not prices.too_little + prices.balance_far < prices.travel:
        broken.append("driving_pays")
    preferences = (prices.language, prices.skills, prices.experience, prices.interests, prices.team)
    if not all(price < prices.continuity_unit for price in preferences):
        broken.append("preference_beats_continuity")
    mismatches = prices.language + 2 * prices.skills + prices.experience + prices.interests + prices.team
    factor = min(prices.of_priority(p) for p in (1, 2, 3, 4))
    dearest_hour = max(prices.dear, prices.overload) + prices.balance_far
    if not (prices.waiting_client * factor > mismatches and prices.waiting_hour * factor > dearest_hour):
        broken.append("waiting_too_cheap")
    return tuple(broken)
