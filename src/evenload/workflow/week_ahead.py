"""Her hours, week by week ahead: what is committed and driven against what she has, who fits in addition, and when she is away.

The figures are those of the hour ledger: of the open draft where there is one, else of the list that holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from evenload.planning.case import Practitioner, Unit, round_half_up
from evenload.planning.standing import load_state
from evenload.records.models import Practitioner as PractitionerRecord
from evenload.workflow import leave
from evenload.workflow.current_picture import picture_at_hand
from evenload.workflow.desk_weeks import in_week
from evenload.workflow.draft_picture import Picture
from evenload.workflow.hour_ledger import hour_ledger

WEEKS_SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class WeekAhead:
    """One week: `person` with her hours of this week, minutes committed and driven, its state, days away (minutes, None: whole)."""

    monday: date
    person: Practitioner
    committed: Fraction
    driving: Fraction
    state: str
    away: tuple[int | None, ...]

    @property
    def minutes(self) -> int:
        """Committed and driven together, whole minutes."""
        return round_half_up(self.committed + self.driving)


@dataclass(frozen=True, slots=True)
class OneMore:
    """One more client like `unit`: minutes a week with her travel, and what that makes of the weeks ahead.

    `fits_until`: first day of the last week before it does not fit; None where it does not fit in the first. `over`: that week in which
    it does not fit, None where it always does. `percent`: her fullest share of hours then, in `over` or in all weeks shown.
    """

    unit: Unit
    is_hers: bool
    minutes: int
    fits_until: date | None
    over: date | None
    percent: Fraction | None


@dataclass(frozen=True, slots=True)
class Ahead:
    """Weeks ahead, as far as the period goes; `one_more` is None where nobody's caseload shows what a client is."""

    weeks: tuple[WeekAhead, ...]
    one_more: OneMore | None
    is_draft: bool
    period_ends: date


def ahead(practitioner: PractitionerRecord, *, today: date) -> Ahead | None:
    """The next weeks, that of today first; None where she is not in the program's facts. Refused `facts_contradict`."""
    picture, draft = picture_at_hand(practitioner.program)
    code = practitioner.code
    if code not in picture.facts.people:
        return None
    ledger = hour_ledger(picture, only=code)
    person = picture.facts.case.practitioner(code)
    kept = [number for number, monday in enumerate(ledger.mondays) if monday + timedelta(days=6) >= today][:WEEKS_SHOWN]
    away = leave.days_away(practitioner, ledger.mondays[kept[0]], ledger.mondays[kept[-1]] + timedelta(days=6)) if kept else {}
    weeks = []
    for number in kept:
        monday = ledger.mondays[number]
        then = in_week(picture, person, monday)
        committed, driving = ledger.committed[code][number], ledger.driving[code][number]
        gone = tuple(minutes for on, minutes in sorted(away.items()) if monday <= on < monday + timedelta(days=7))
        weeks.append(WeekAhead(monday, then, committed, driving, load_state(then, round_half_up(committed + driving)), gone))
    case = picture.facts.case
    ends = case.starts_on + timedelta(weeks=case.weeks, days=-1)
    return Ahead(tuple(weeks), one_more(picture, code, weeks), draft is not None, ends)


def one_more(picture: Picture, code: str, weeks: Sequence[WeekAhead]) -> OneMore | None:
    """Whether another client like the middle one of her caseload (else of her disciplines) fits, week by week."""
    found = _typical(picture, code)
    if found is None or not weeks:
        return None
    unit, is_hers = found
    minutes = picture.facts.load_minutes(unit.id, code) - unit.minutes + unit.peak_minutes
    shares = [(week.monday, _share(week, minutes)) for week in weeks]
    over = next((monday for monday, share in shares if share is not None and share > 100), None)
    before = [monday for monday, share in shares if over is None or monday < over]
    known = [share for monday, share in shares if share is not None and (over is None or monday == over)]
    return OneMore(unit, is_hers, minutes, before[-1] if before else None, over, max(known, default=None))


def _share(week: WeekAhead, more: int) -> Fraction | None:
    """Her load in percent with so many minutes more; None in a week without hours, in which nobody is seen."""
    return Fraction(100 * (week.minutes + more), week.person.capacity_minutes) if week.person.capacity_minutes else None


def _typical(picture: Picture, code: str) -> tuple[Unit, bool] | None:
    """The middle client of her own by weekly minutes; without any, the middle one of her disciplines."""
    hers = [unit for unit in picture.standing.caseloads[code] if unit.kind == "client"]
    disciplines = set(picture.facts.case.practitioner(code).disciplines)
    pool = hers or [unit for unit in picture.facts.units.values() if unit.kind == "client" and unit.discipline in disciplines]
    ranked = sorted(pool, key=lambda unit: (unit.peak_minutes, unit.id))
    return (ranked[len(ranked) // 2], bool(hers)) if ranked else None
