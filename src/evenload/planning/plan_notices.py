"""What a reader of the capacity plan should know beside its figures: estimates, gaps that totals hide, standards that drift."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from evenload.planning.areas import EVERYWHERE
from evenload.planning.capacity import Capacity, shown
from evenload.planning.capacity_plan import ClassLine, Pool
from evenload.planning.ledger import Groundwork, Need
from evenload.planning.problems import Notice, Where
from evenload.planning.standards import Standard
from evenload.planning.sums import total

DRIFT_PERCENT = 10
"""A standard is said to drift when the observed mean lies this far from it …"""

DRIFT_VISITS = 10
"""… in at least so many visits."""


def plan_notices(
    ground: Groundwork, *, lines: Iterable[ClassLine], needed: Sequence[Need], summed: Iterable[Need], rows: Iterable[Pool]
) -> tuple[Notice, ...]:
    """All notices, in a fixed order: what is estimated, what is unknown, what limits the hours, what is short, what drifts.

    `summed` are the same needs, summed up.
    """
    own_lines = list(lines)
    return (
        *_travel(own_lines, needed, total(need.modelled_travel_hours for need in summed), ground.nearest_travel),
        *_unknowns(needed),
        *_overdrawn(ground),
        *_above_own_maximum(ground.people),
        *_contract(ground),
        *_french_shortages(rows),
        *_drifts(own_lines),
    )


def _travel(lines: list[ClassLine], needed: Sequence[Need], hours: Fraction, nearest_travel: Mapping[str, int]) -> Iterator[Notice]:
    modelled = {line.class_id for line in lines if line.time.travel_minutes is None}
    if hours:
        classes = sorted(line.class_id for line in lines if line.modelled_travel_hours)
        yield Notice("travel_modelled", Where("classes", None, "travel_minutes"), {"hours": shown(hours), "classes": "; ".join(classes)})
    without = sorted(need.unit for need in needed if need.unit not in nearest_travel and need.class_id in modelled and need.visits)
    if without:
        yield Notice("travel_left_out", Where("units"), {"count": str(len(without)), "ids": "; ".join(without)})


def _unknowns(needed: Sequence[Need]) -> Iterator[Notice]:
    unasked = sum(need.clients for need in needed if not need.asks_language)
    if unasked:
        yield Notice("language_not_asked", Where("units", None, "language"), {"clients": str(unasked)})
    homeless = sorted(need.unit for need in needed if need.area == EVERYWHERE)
    if homeless and len(homeless) < len(needed):
        yield Notice("area_unknown", Where("units"), {"count": str(len(homeless)), "ids": "; ".join(homeless)})


def _overdrawn(ground: Groundwork) -> Iterator[Notice]:
    lines = ((unit.id, ground.lines[unit.id]) for unit in ground.program.units)
    yield from (Notice("overdrawn", Where("units", id, "visits_used")) for id, line in lines if line.is_overdrawn)


def _above_own_maximum(people: Iterable[Capacity]) -> Iterator[Notice]:
    """Supply counts all hours for care; what lies above somebody's own maximum can be planned, but never assigned to her."""
    for capacity in people:
        above = capacity.weekly_care_hours - capacity.weekly_maximum_hours
        if above > 0:
            facts = {"hours_per_week": shown(above), "maximum_hours": shown(capacity.weekly_maximum_hours)}
            yield Notice("above_own_maximum", Where("practitioners", capacity.practitioner, "max_hours"), facts)


def _contract(ground: Groundwork) -> Iterator[Notice]:
    """Visits used and still to give, against the contract: what remains of it is the contracted less the used ones."""
    program = ground.program
    if program.contracted_visits is None:
        return
    asked = total(visits for unit in program.units for visits in ground.lines[unit.id].visits[1:])
    if asked > program.contracted_visits:
        facts = {"contracted_visits": shown(program.contracted_visits), "visits": shown(asked)}
        yield Notice("contracted_visits_short", Where("program", None, "contracted_visits"), facts)


def _french_shortages(rows: Iterable[Pool]) -> Iterator[Notice]:
    """French hours missing where the total of the same pool has hours to spare."""
    by_key = {(row.discipline, row.area, row.language): row for row in rows}
    for (discipline, area, language), row in by_key.items():
        if language == "fr" and row.gap_hours < 0 <= by_key[discipline, area, "all"].gap_hours:
            facts = {"discipline": discipline, "area": area, "gap_hours": shown(row.gap_hours)}
            yield Notice("french_shortage", Where("pools", discipline, area), facts)


def _drifts(lines: Iterable[ClassLine]) -> Iterator[Notice]:
    for line in lines:
        standards = (("direct_minutes", line.time.direct), ("indirect_minutes", line.time.indirect), ("travel_minutes", line.time.travel))
        yield from (
            _drift(line.class_id, field, standard) for field, standard in standards if standard is not None and _drifts_far(standard)
        )


def _drifts_far(standard: Standard) -> bool:
    drift, seen = standard.drift_percent, standard.observed
    return drift is not None and seen is not None and seen.count >= DRIFT_VISITS and abs(drift) >= DRIFT_PERCENT


def _drift(class_id: str, field: str, standard: Standard) -> Notice:
    seen, drift = standard.observed, standard.drift_percent
    facts = {
        "drift_percent": shown(drift or Fraction(0)),
        "observed_minutes": shown(seen.mean if seen else Fraction(0)),
        "planned_minutes": shown(standard.minutes),
        "visits": str(seen.count if seen else 0),
    }
    return Notice("standard_drifts", Where("classes", class_id, field), facts)
