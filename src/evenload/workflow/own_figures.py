"""A practitioner's own figures in one program: weeks ahead against her range, her place in the team, her allotments, what she said.

Her place is told without anybody's name, and only where so many others share her discipline that nobody can be made out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from django.db.models import Exists, F, OuterRef, Q, Sum

from evenload.planning.fairness import mean, volatility
from evenload.records.models import Allotment, Assignment, LoadSignal, Practitioner
from evenload.workflow.allotments import COUNTED
from evenload.workflow.current_picture import picture_at_hand
from evenload.workflow.load_weeks import WEEKS_SHOWN, percents, weeks_of
from evenload.workflow.program_figures import people_of, quartiles
from evenload.workflow.refused import Refused
from evenload.workflow.week_ahead import WeekAhead, ahead

LEAST_OTHERS: Final = 4
"""others with hours in her discipline: with fewer, one of them could be made out"""
SIGNALS_SHOWN: Final = 6
SOON: Final = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class Place:
    """Her load beside those of her discipline, herself included, in percent of each one's own hours: `below`, `within` or `above`
    the middle half of the team."""

    percent: Fraction
    lower: Fraction
    upper: Fraction
    people: int

    @property
    def where(self) -> str:
        """Where she stands."""
        if self.percent < self.lower:
            return "below"
        return "above" if self.percent > self.upper else "within"


@dataclass(frozen=True, slots=True)
class OwnVisits:
    """Visits allotted to the clients she has, as far as they may still be used: `soon` of what is left runs out within four weeks."""

    allotted: int
    used: int
    soon: int

    @property
    def left(self) -> int:
        """Not used yet."""
        return self.allotted - self.used


@dataclass(frozen=True, slots=True)
class Behind:
    """Her past weeks that are written down: how many had hours, her mean load in percent, and how far it moves from week to week."""

    weeks: int
    mean: Fraction
    change: Fraction | None


@dataclass(frozen=True, slots=True)
class OwnFigures:
    """Hers alone. `weeks` is empty where the facts leave nothing to count; `place` and `behind` are None where nothing is told."""

    practitioner: Practitioner
    weeks: tuple[WeekAhead, ...]
    place: Place | None
    behind: Behind | None
    visits: OwnVisits
    signals: tuple[LoadSignal, ...]


def own_figures(one: Practitioner, *, today: date) -> OwnFigures:
    """Her figures as of a day; the number of queries does not depend on how much she has."""
    try:
        found = ahead(one, today=today)
    except Refused:
        found = None
    return OwnFigures(
        practitioner=one,
        weeks=found.weeks if found is not None else (),
        place=_place(one) if found is not None else None,
        behind=_behind(one),
        visits=_visits(one, today),
        signals=tuple(LoadSignal.objects.filter(practitioner=one)[:SIGNALS_SHOWN]),
    )


def _place(one: Practitioner) -> Place | None:
    """Among those with hours who share a discipline with her; None where they are too few, or she has no hours."""
    picture, _ = picture_at_hand(one.program)
    alike = {person.id for person in picture.facts.case.practitioners if set(person.disciplines) & set(one.disciplines)}
    loads = {person.code: person.percent for person in people_of(picture) if person.code in alike and person.percent is not None}
    if one.code not in loads or len(loads) - 1 < LEAST_OTHERS:
        return None
    lower, upper = quartiles(sorted(loads.values()))
    assert lower is not None
    assert upper is not None
    return Place(loads[one.code], lower, upper, len(loads))


def _behind(one: Practitioner) -> Behind | None:
    loads = percents(weeks_of(one)[-WEEKS_SHOWN:])
    middle = mean(tuple(loads.values()))
    return None if middle is None else Behind(len(loads), middle, volatility(loads))


def _visits(one: Practitioner, today: date) -> OwnVisits:
    hers = Assignment.objects.filter(unit=OuterRef("referral__unit"), practitioner=one, ends_on__isnull=True)
    lasting = Q(expires_on__isnull=True) | Q(expires_on__gte=today)
    rows = Allotment.objects.filter(Exists(hers), lasting, referral__state="assigned", funding__in=COUNTED, starts_on__lte=today)
    left = F("authorised_visits") - F("used_visits")
    found = rows.aggregate(
        allotted=Sum("authorised_visits"), used=Sum("used_visits"), soon=Sum(left, filter=Q(expires_on__lte=today + SOON))
    )
    return OwnVisits(found["allotted"] or 0, found["used"] or 0, found["soon"] or 0)
