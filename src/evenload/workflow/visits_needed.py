"""How many visits a unit needs in one week, from the same figures as planning: visits left, stated frequency, weeks left.

Nothing is rounded before a week is asked for: a unit of two visits in three weeks has one, one and none, the same every time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final
from zlib import crc32

from django.db.models import Avg, Count

from evenload.planning.case import round_half_up
from evenload.planning.demand import sessions_per_visit, unit_demand, unit_weeks, visits_of_units
from evenload.planning.program import ComplexityClass, Period, UnitFacts
from evenload.planning.program import Program as Facts
from evenload.planning.standards import blend, class_time
from evenload.records.models import Program, RecordedVisit, TimeStandard, Unit

HUNDREDTH: Final = Decimal("0.01")
WEEK: Final = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a unit is visited: visits (sessions of a group) a week, exact, and how many are left to give."""

    per_week: Fraction
    left: Fraction


def period_at(program: Program, day: date) -> Period:
    """The program's period as it stands on a day."""
    return Period(program.period_start, program.period_weeks, day)


def pace_of(unit: Unit, program: Program, day: date, *, share: Fraction = Fraction(1)) -> Pace:
    """How often the unit is due from `day` on: as stated, else what is left over the weeks that are left; `share` of it is hers."""
    period, facts, times = period_at(program, day), facts_of_unit(unit), class_time(_stated(unit.time_standard))
    demand = unit_demand(facts, times, weeks=period.weeks, weeks_left=period.weeks_left, own_weeks=unit_weeks(facts, period))
    ends_on = period.starts_on + period.weeks * WEEK
    if facts.visits_per_week is not None:
        often = facts.visits_per_week * sessions_per_visit(facts.clients, times.group_size) if demand.bookings else Fraction(0)
    else:
        often = demand.bookings / period.weeks_left if day < ends_on else Fraction(0)
    return Pace(often * share, demand.bookings * share)


def at_pace(pace: Pace, unit: Unit, program: Program, *, base: date, monday: date) -> Pace:
    """The pace of `base` in a later week: what the weeks between give is given by then; after the period only a stated frequency goes on."""
    if unit.visits_per_week is None and monday >= program.period_start + program.period_weeks * WEEK:
        return Pace(Fraction(0), Fraction(0))
    return Pace(pace.per_week, max(Fraction(0), pace.left - pace.per_week * ((monday - base).days // 7)))


def due_in_week(unit: Unit, program: Program, pace: Pace, monday: date) -> int:
    """Whole visits of that week: the pace run through the weeks, each unit from a beginning of its own, never more than are left."""
    week = (monday - program.period_start).days // 7
    begun = Fraction(crc32(unit.code.encode()) % 1000, 1000)
    due = int(pace.per_week * (week + 1) + begun) - int(pace.per_week * week + begun)
    return max(0, min(due, round_half_up(pace.left)))


def clients_of_session(unit: Unit) -> Decimal:
    """Client visits that one visit of this unit is: 1, or in a group the clients of a session."""
    share = sessions_per_visit(unit.clients, unit.time_standard.group_size)
    return _hundredths(1 / share)


def visits_used_by_pace(unit: Unit, on: date) -> Decimal:
    """Visits used of a unit of which nobody stated them: what planning counts by even pace before the week of that day, or of `as_of`."""
    program = unit.program
    period = period_at(program, max(program.as_of or program.period_start, on - timedelta(days=on.weekday())))
    facts = Facts(
        setting=program.setting, period=period, practitioners=(), classes=(_stated(unit.time_standard),), units=(facts_of_unit(unit),)
    )
    return _hundredths(visits_of_units(facts)[unit.code][0])


def minutes_by_standard(program: Program) -> dict[int, tuple[int, int, int]]:
    """Time standard → whole direct, paperwork and stated travel minutes of a visit, as planning counts them: two queries.

    The past visits of the class are blended in, as `planning.standards` does.
    """
    done = RecordedVisit.objects.filter(program=program, outcome="done").values("time_standard_id")
    seen: dict[int, dict[str, object]] = {
        row["time_standard_id"]: dict(row)
        for row in done.annotate(
            n=Count("pk"), direct=Avg("direct_minutes"), n_indirect=Count("indirect_minutes"), indirect=Avg("indirect_minutes")
        ).order_by()
    }
    return {one.pk: _minutes(one, seen.get(one.pk, {})) for one in program.time_standards.all()}


def _hundredths(amount: Fraction) -> Decimal:
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    return exact.quantize(HUNDREDTH, rounding=ROUND_HALF_UP)


def facts_of_unit(unit: Unit) -> UnitFacts:
    """What is stated of a unit's visits, as planning takes it."""
    return UnitFacts(
        id=unit.code,
        kind=unit.kind,
        discipline=unit.discipline,
        class_id=unit.time_standard.code,
        clients=unit.clients,
        visits_allotted=_exact(unit.visits_allotted),
        visits_used=_exact(unit.visits_used),
        visits_per_week=_exact(unit.visits_per_week),
        from_date=unit.from_date,
    )


def _minutes(standard: TimeStandard, seen: dict[str, object]) -> tuple[int, int, int]:
    weight = Fraction(str(standard.judgement_weight))
    direct = _blended(standard.direct_minutes, weight, seen.get("n"), seen.get("direct"))
    indirect = _blended(standard.indirect_minutes, weight, seen.get("n_indirect"), seen.get("indirect"))
    return max(1, direct), indirect, round_half_up(_exact(standard.travel_minutes) or Fraction(0))


def _blended(judged: object, weight: Fraction, count: object, mean: object) -> int:
    stated = Fraction(str(judged))
    return round_half_up(blend(stated, weight, int(str(count)), Fraction(str(mean))) if count else stated)


def _stated(one: TimeStandard) -> ComplexityClass:
    return ComplexityClass(
        id=one.code,
        discipline=one.discipline,
        visits=Fraction(str(one.visits)),
        direct_minutes=Fraction(str(one.direct_minutes)),
        indirect_minutes=Fraction(str(one.indirect_minutes)),
        travel_minutes=_exact(one.travel_minutes),
        episode_minutes=Fraction(str(one.episode_minutes)),
        group_size=one.group_size,
        no_show_rate=_exact(one.no_show_rate),
        no_show_minutes=_exact(one.no_show_minutes),
        judgement_weight=Fraction(str(one.judgement_weight)),
    )


def _exact(value: object) -> Fraction | None:
    return None if value is None else Fraction(str(value))
