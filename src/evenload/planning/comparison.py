"""Two capacity plans side by side: what changed, before → after, by pool, discipline, class and practitioner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from evenload.planning.capacity_plan import CapacityPlan

Key = tuple[str, ...]
Figures = Mapping[str, Fraction | None]


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that differs. `table` and `item` name the line, `figure` the field; None: the line, or the figure, is not there."""

    table: str
    """`pools`, `match`, `classes` or `practitioners`"""
    item: Key
    """pools: discipline, area, language; elsewhere one id"""
    figure: str
    before: Fraction | None
    after: Fraction | None

    @property
    def change(self) -> Fraction | None:
        """After less before; None where one of the two is missing."""
        return None if self.before is None or self.after is None else self.after - self.before


def compare(before: CapacityPlan, after: CapacityPlan) -> tuple[Difference, ...]:
    """Every figure that differs, pools first, then disciplines, classes and practitioners, in the order of the plans.

    A changed time standard shows in its class, and in the current caseload of every practitioner it touches.
    """
    tables = (
        ("pools", _pools(before), _pools(after)),
        ("match", _matches(before), _matches(after)),
        ("classes", _classes(before), _classes(after)),
        ("practitioners", _practitioners(before), _practitioners(after)),
    )
    return tuple(difference for table, old, new in tables for difference in _differences(table, old, new))


def touched_practitioners(differences: Iterable[Difference]) -> tuple[str, ...]:
    """Ids of the practitioners whose capacity or current caseload differs, each once, in order."""
    return tuple(dict.fromkeys(difference.item[0] for difference in differences if difference.table == "practitioners"))


def _differences(table: str, old: Mapping[Key, Figures], new: Mapping[Key, Figures]) -> list[Difference]:
    found = []
    for item in dict.fromkeys((*old, *new)):
        was, now = old.get(item, {}), new.get(item, {})
        for figure in dict.fromkeys((*was, *now)):
            if was.get(figure) != now.get(figure):
                found.append(Difference(table, item, figure, was.get(figure), now.get(figure)))
    return found


def _pools(plan: CapacityPlan) -> dict[Key, Figures]:
    return {
        (row.discipline, row.area, row.language): {
            "supply_hours": row.supply_hours,
            "demand_hours": row.demand_hours,
            "gap_hours": row.gap_hours,
        }
        for row in plan.pools
    }


def _matches(plan: CapacityPlan) -> dict[Key, Figures]:
    return {
        (row.discipline,): {
            "supply_hours": row.supply_hours,
            "demand_hours": row.demand_hours,
            "gap_hours": row.gap_hours,
            "utilisation_percent": row.utilisation_percent,
            "fte_current": row.fte_current,
            "fte_required": row.fte_required,
            "caseload_clients": row.caseload.clients,
        }
        for row in plan.match
    }


def _classes(plan: CapacityPlan) -> dict[Key, Figures]:
    return {
        (line.class_id,): {
            "visits_per_client": line.time.visits,
            "direct_minutes": line.time.direct_minutes,
            "indirect_minutes": line.time.indirect_minutes,
            "travel_minutes": line.time.travel_minutes,
            "episode_minutes": line.time.episode_minutes,
            "hours_per_client": line.hours_per_client,
            "clients": Fraction(line.clients),
            "hours": line.hours,
        }
        for line in plan.classes
    }


def _practitioners(plan: CapacityPlan) -> dict[Key, Figures]:
    current = {line.practitioner: line for line in plan.current}
    return {
        (capacity.practitioner,): {
            "contracted_hours": capacity.contracted_hours,
            "available_hours": capacity.available_hours,
            "plannable_hours": capacity.plannable_hours,
            "current_hours": current[capacity.practitioner].demand_hours,
            "utilisation_percent": current[capacity.practitioner].utilisation_percent,
        }
        for capacity in plan.capacities
    }
