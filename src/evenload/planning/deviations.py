"""How much more than planned a unit may need: from the evidence behind its time standard (promise PL3).

Per visit of a class, minutes: the 90 % quantile of the recorded visits less what is planned, for direct, indirect and standard travel
time each. Without enough recorded visits: the most that one of several judges says, less what is planned, where judgements are kept; a
stated share of the visit, where nobody could have kept any (a workbook).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, TypeAlias

from evenload.planning.case import Case, round_half_up
from evenload.planning.problems import Notice, Where
from evenload.planning.program import Program
from evenload.planning.standards import ClassTime, Standard, class_times

LEAST_VISITS: Final = 10
"""So many recorded visits make a range."""

DEFAULT_PERCENT: Final = 20
"""Where they do not, a visit may need so much more than planned."""


Judged: TypeAlias = Mapping[str, Mapping[str, Fraction]]
"""class id → part of a visit (`direct`, `indirect`, `travel`) → the most minutes that one of several judges says"""

SAID_OF: Final = {"judged": "deviation_judged", "assumed": "deviation_assumed", "unknown": "deviation_unknown"}
"""source of a deviation → the notice that names its classes; what is recorded needs none"""


@dataclass(frozen=True, slots=True)
class Deviation:
    """What one visit of a class may need beyond the minutes planned; `source` is `recorded`, `judged`, `assumed` or `unknown`. Exact."""

    class_id: str
    minutes_per_visit: Fraction
    source: str


def deviation(time: ClassTime, judged: Judged | None = None) -> Deviation:
    """The deviation of one class. `judged` None: no judgements are kept, and a share is assumed; else without a range it is 0, `unknown`."""
    standards = {"direct": time.direct, "indirect": time.indirect, **({"travel": time.travel} if time.travel else {})}
    if time.direct.observed is not None and time.direct.observed.count >= LEAST_VISITS:
        return Deviation(time.class_id, sum((_excess(standard) for standard in standards.values()), Fraction(0)), "recorded")
    if judged is None:
        return Deviation(time.class_id, time.visit_minutes * DEFAULT_PERCENT / 100, "assumed")
    most = judged.get(time.class_id, {})
    if "direct" not in most:
        return Deviation(time.class_id, Fraction(0), "unknown")
    above = (max(Fraction(0), most[part] - standard.minutes) for part, standard in standards.items() if part in most)
    return Deviation(time.class_id, sum(above, Fraction(0)), "judged")


def _excess(standard: Standard) -> Fraction:
    """The 90 % quantile of what was recorded less what is planned; 0 where it lies below or little was recorded."""
    seen = standard.observed
    return max(Fraction(0), seen.p90 - standard.minutes) if seen is not None and seen.count >= LEAST_VISITS else Fraction(0)


def protected(case: Case, program: Program, robust: int, judged: Judged | None = None) -> Case:
    """The Case protected against `robust` pieces of each practitioner that run high at once; with 0 the Case itself.

    A unit's deviation is its visits per week times the deviation per visit of its class, minutes, rounded half up. Notices
    name the classes for which no visits are recorded: judged, assumed, or without any range (`deviation`).
    """
    return protected_with(case, {id: deviation(time, judged) for id, time in class_times(program).items()}, robust) if robust else case


def protected_with(case: Case, known: Mapping[str, Deviation], robust: int) -> Case:
    """As `protected`, with the deviations of its classes (class id → deviation); `robust` above 0."""
    units = tuple(
        replace(unit, deviation_minutes=round_half_up(unit.visits_per_week * known[unit.class_id].minutes_per_visit)) for unit in case.units
    )
    used = sorted({unit.class_id for unit in units})
    told = (_notice(source, [id for id in used if known[id].source == source]) for source in SAID_OF)
    return replace(case, robust=robust, units=units, notices=(*case.notices, *(notice for notice in told if notice is not None)))


def _notice(source: str, classes: list[str]) -> Notice | None:
    facts = {"count": str(len(classes)), "classes": "; ".join(classes), "percent": str(DEFAULT_PERCENT), "visits": str(LEAST_VISITS)}
    return Notice(SAID_OF[source], Where("classes"), facts) if classes else None
