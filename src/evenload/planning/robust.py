"""Protection against loads that run high: Γ of a practitioner's pieces may need more than planned at once (Bertsimas and Sim 2004).

Each unit has a deviation, the minutes per week that it may need beyond its own. A practitioner is protected against Γ (`Case.robust`)
where her load and the Γ largest deviations of her pieces together are within her hard maximum. Units that go together are one piece:
they run high together. Γ = 0 protects against nothing and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from evenload.planning.case import Case, Unit


def spread_minutes(case: Case, bundle: Iterable[Unit]) -> int:
    """Minutes per week that a piece may need beyond its own: its units' deviations together; 0 where nothing is protected."""
    return sum(unit.deviation_minutes for unit in bundle) if case.robust else 0


def guard_minutes(spreads: Iterable[int], budget: int) -> int:
    """Minutes per week to be kept free: the `budget` largest of these spreads."""
    return sum(sorted(spreads, reverse=True)[:budget])


def guard_of(case: Case, units: Iterable[Unit]) -> int:
    """Minutes per week to be kept free in the week of whoever has these units."""
    if not case.robust:
        return 0
    spreads: dict[tuple[str, str], int] = {}
    for unit in units:
        piece = ("together", unit.together) if unit.together else ("unit", unit.id)
        spreads[piece] = spreads.get(piece, 0) + unit.deviation_minutes
    return guard_minutes(spreads.values(), case.robust)
