"""How much the answer depends on what was estimated: the match with all times, or all hours, 10 % up and down."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from evenload.planning.capacity_plan import Match, Sensitivity

PERCENTS = (-10, 10)


def sensitivity(matches: Iterable[Match]) -> tuple[Sensitivity, ...]:
    """Four rows per discipline: times −10 and +10 %, then hours −10 and +10 %, each on its own.

    Longer times scale the whole demand (visits and clients stay); longer hours scale what each practitioner can give to care.
    """
    return tuple(_varied(match, what, percent) for match in matches for what in ("times", "hours") for percent in PERCENTS)


def gap_range(rows: Iterable[Sensitivity], discipline: str) -> tuple[Fraction, Fraction]:
    """Smallest and largest gap in hours among the rows of one discipline. Raises ValueError where it has none."""
    gaps = [row.gap_hours for row in rows if row.discipline == discipline]
    return min(gaps), max(gaps)


def _varied(match: Match, what: str, percent: int) -> Sensitivity:
    factor = 1 + Fraction(percent, 100)
    supply = match.supply_hours * factor if what == "hours" else match.supply_hours
    demand = match.demand_hours * factor if what == "times" else match.demand_hours
    clients = match.caseload.clients
    required = match.fte_required
    return Sensitivity(
        discipline=match.discipline,
        what=what,
        percent=percent,
        supply_hours=supply,
        demand_hours=demand,
        fte_required=None if required is None else required * (factor if what == "times" else 1 / factor),
        clients=None if clients is None else clients * (factor if what == "hours" else 1 / factor),
    )
