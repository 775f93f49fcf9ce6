"""The time standards of a program as they are planned with: what was judged and recorded, and what visits take now.

The figures are those of the planning worksheet; the recorded visits are grouped by the database, so that ten years cost what one does.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final

from django.db.models import Count

from evenload.planning.capacity_plan import ClassLine
from evenload.planning.drift import RECENT_WEEKS, Drift, drift_from
from evenload.planning.standards import ClassTime, Observed, Standard
from evenload.records.models import Program, RecordedVisit, StandardJudgement, StandardVersion, TimeStandard
from evenload.workflow import standard_judgements
from evenload.workflow.planning_worksheet import Worksheet, worksheet_of
from evenload.workflow.standard_versions import current_of
from evenload.workflow.visit_rows import days_of_classes

PARTS: Final = {"direct": "direct_minutes", "indirect": "indirect_minutes", "travel": "travel_minutes"}
"""parts of a visit that are recorded → the column of the visit, and of the standard"""

Counts = Mapping[Fraction, int]
"""minutes → how many visits took so many"""


@dataclass(frozen=True, slots=True)
class StandardLine:
    """One class with its evidence. `line` None: its figures contradict each other, so nothing can be counted."""

    standard: TimeStandard
    line: ClassLine | None
    days: tuple[date, date] | None
    """first and last day of the visits that took place"""
    drifts: Mapping[str, Drift]
    judges: int
    versions: tuple[StandardVersion, ...] = field(repr=False)

    @property
    def time(self) -> ClassTime | None:
        """What a visit takes, as it is planned with."""
        return self.line.time if self.line else None

    @property
    def departing(self) -> tuple[str, ...]:
        """The parts whose recorded visits depart from what is planned with."""
        return tuple(part for part, drift in self.drifts.items() if drift.departs)

    @property
    def proposal(self) -> StandardVersion | None:
        """What waits to be decided."""
        return next((one for one in self.versions if one.state == "proposed"), None)

    @property
    def current(self) -> StandardVersion | None:
        """The version that is planned with; None where none was kept yet."""
        return current_of(self.versions)


def lines_of(program: Program, *, today: date) -> tuple[StandardLine, ...]:
    """Every class of the program, in the order in which the classes are stated. A fixed number of queries."""
    return _lines(program, worksheet_of(program), list(program.time_standards.all()), today)


def line_of(standard: TimeStandard, *, today: date) -> StandardLine:
    """One class."""
    program = standard.program
    return _lines(program, worksheet_of(program), [standard], today)[0]


def _lines(program: Program, sheet: Worksheet, standards: list[TimeStandard], today: date) -> tuple[StandardLine, ...]:
    lines = {line.class_id: line for line in sheet.plan.classes}
    keys = [one.pk for one in standards]
    done = RecordedVisit.objects.filter(program=program, outcome="done", time_standard__in=keys)
    days = days_of_classes(program)
    recent = {part: counts(done.filter(on__gt=today - timedelta(weeks=RECENT_WEEKS), on__lte=today), part) for part in PARTS}
    judges = dict(
        StandardJudgement.objects.filter(standard__in=keys).order_by().values_list("standard").annotate(Count("by", distinct=True))
    )
    versions: dict[int, list[StandardVersion]] = defaultdict(list)
    for version in StandardVersion.objects.filter(standard__in=keys).defer("evidence", "effect"):
        versions[version.standard_id].append(version)
    return tuple(
        StandardLine(
            standard=one,
            line=lines.get(one.code),
            days=days.get(one.pk),
            drifts=_drifts(lines.get(one.code), {part: found.get(one.pk, {}) for part, found in recent.items()}),
            judges=judges.get(one.pk, 0),
            versions=tuple(versions.get(one.pk, ())),
        )
        for one in standards
    )


def counts(visits: Any, part: str) -> dict[int, Counter[Fraction]]:
    """Standard → minutes → visits that took so many; visits that say nothing of the part are left out. One query."""
    column, found = PARTS[part], defaultdict[int, Counter[Fraction]](Counter)
    rows = visits.exclude(**{f"{column}__isnull": True}).order_by().values_list("time_standard", column).annotate(Count("pk"))
    for key, minutes, times in rows:
        found[key][Fraction(str(minutes))] += times
    return dict(found)


def distribution(standard: TimeStandard) -> dict[str, Counts]:
    """The recorded visits of one class: part → minutes → how many visits took so many."""
    done = RecordedVisit.objects.filter(time_standard=standard, outcome="done")
    return {part: counts(done, part).get(standard.pk, Counter()) for part in PARTS}


def standard_of(time: ClassTime, part: str) -> Standard | None:
    """The standard of one part of a visit; None where travel is modelled from distance."""
    found: Standard | None = getattr(time, part)
    return found


def evidence_of(line: StandardLine, judgements: Iterable[StandardJudgement]) -> dict[str, Any]:
    """What is known when somebody proposes another standard: recorded visits, judgements, drift. Plain, to be kept."""
    time = line.time
    recorded = {}
    for part in PARTS if time else ():
        standard = standard_of(time, part) if time else None
        seen = standard.observed if standard else (time.observed_travel if time and part == "travel" else None)
        if seen is not None:
            recorded[part] = _plain_observed(seen)
    return {
        "recorded": recorded,
        "days": [day.isoformat() for day in line.days] if line.days else [],
        "judgements": standard_judgements.plain(judgements),
        "recent": {part: {"n": drift.count, "mean": _text(drift.mean)} for part, drift in line.drifts.items()},
    }


def _drifts(line: ClassLine | None, recent: Mapping[str, Counts]) -> dict[str, Drift]:
    if line is None:
        return {}
    planned = {part: standard.minutes for part in PARTS if (standard := standard_of(line.time, part)) is not None}
    found = {part: drift_from(minutes, recent[part]) for part, minutes in planned.items()}
    return {part: drift for part, drift in found.items() if drift is not None}


def _plain_observed(seen: Observed) -> dict[str, Any]:
    names = ("mean", "p10", "p50", "p90", "least", "most")
    return {"n": seen.count} | {name: _text(getattr(seen, name)) for name in names}


def _text(value: Fraction) -> str:
    return f"{float(value):.2f}"
