"""How much more than planned a unit may need: from the evidence behind its time standard (promise PL3).

Per visit of a class, minutes: the 90 % quantile of the recorded visits less what is planned, for direct, indirect and standard travel
time each; without enough recorded visits a stated share of the visit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from evenload.planning.case import Case, round_half_up
from evenload.planning.problems import Notice, Where
from evenload.planning.program import Program
from evenload.planning.standards import ClassTime, Standard, class_times

LEAST_VISITS: Final = 10
"""So many recorded visits make a range."""

DEFAULT_PERCENT: Final = 20
"""Where they do not, a visit may need so much more than planned."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """What one visit of a class may need beyond the minutes planned; `source` is `recorded` or `assumed`. Exact."""

    class_id: str
    minutes_per_visit: Fraction
    source: str


def deviation(time: ClassTime) -> Deviation:
    """The deviation of one class."""
    if time.direct.observed is not None and time.direct.observed.count >= LEAST_VISITS:
        standards = (time.direct, time.indirect, *([time.travel] if time.travel else []))
        return Deviation(time.class_id, sum((_excess(standard) for standard in standards), Fraction(0)), "recorded")
    return Deviation(time.class_id, time.visit_minutes * DEFAULT_PERCENT / 100, "assumed")


def _excess(standard: Standard) -> Fraction:
    """The 90 % quantile of what was recorded less what is planned; 0 where it lies below or little was recorded."""
    seen = standard.observed
    return max(Fraction(0), seen.p90 - standard.minutes) if seen is not None and seen.count >= LEAST_VISITS else Fraction(0)


def protected(case: Case, program: Program, robust: int) -> Case:
    """The Case protected against `robust` pieces of each practitioner that run high at once; with 0 the Case itself.

    A unit's deviation is its visits per week times the deviation per visit of its class, minutes, rounded half up. A notice
    names the classes for which a share is assumed.
    """
    if not robust:
        return case
    known = {id: deviation(time) for id, time in class_times(program).items()}
    units = tuple(
        replace(unit, deviation_minutes=round_half_up(unit.visits_per_week * known[unit.class_id].minutes_per_visit)) for unit in case.units
    )
    assumed = sorted({unit.class_id for unit in units if known[unit.class_id].source == "assumed"})
    facts = {"count": str(len(assumed)), "classes": "; ".join(assumed), "percent": str(DEFAULT_PERCENT), "visits": str(LEAST_VISITS)}
    told = (Notice("deviation_assumed", Where("classes"), facts),) if assumed else ()
    return replace(case, robust=robust, units=units, notices=(*case.notices, *told))
