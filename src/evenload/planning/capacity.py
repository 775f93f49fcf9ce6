"""Step 1: the hours that each practitioner has for client care over the period, as a waterfall in hours.

contracted − absences = available; available − duties = client care; client care − reserve = plannable hours.
Everything is exact (`Fraction`); nothing is clamped: duties that eat all available hours are an error, never a zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from evenload.planning.codes import DISCIPLINES, DUTY_BASES, ENGAGEMENTS
from evenload.planning.days_away import days_away, period_days
from evenload.planning.problems import CaseError, Problem, Where
from evenload.planning.program import Absence, Duty, Period, PractitionerFacts, Program

EVERYBODY = "*"
WORKING_DAYS = 5


@dataclass(frozen=True, slots=True)
class Capacity:
    """One practitioner's hours. Hours are over the whole period, weekly hours averages over its calendar weeks; all exact.

    `absences` holds (kind, hours) and `duties` (kind, whom the row was stated for, hours), one entry per row that applies; then one
    per kind for what absences known by date take beyond the rows of that kind without dates.
    """

    practitioner: str
    disciplines: tuple[str, ...]
    contracted_hours: Fraction
    absence_hours: Fraction
    available_hours: Fraction
    worked_weeks: Fraction
    nonclient_hours: Fraction
    client_care_hours: Fraction
    reserve_hours: Fraction
    weekly_care_hours: Fraction
    """C: plannable hours per calendar week"""
    weekly_maximum_hours: Fraction
    """M: the hard maximum per calendar week"""
    absences: tuple[tuple[str, Fraction], ...]
    duties: tuple[tuple[str, str, Fraction], ...]

    @property
    def plannable_hours(self) -> Fraction:
        """Client care less the reserve, over the period: the supply of the match."""
        return self.client_care_hours - self.reserve_hours

    @property
    def weekly_capacity_hours(self) -> Fraction:
        """B = min(C, M): 100 % of every range, hours per calendar week."""
        return min(self.weekly_care_hours, self.weekly_maximum_hours)


def capacities(program: Program) -> tuple[Capacity, ...]:
    """The capacity of every practitioner, in the order stated (definitions, "Capacity"; oracles C1 and C2).

    Raises CaseError with every problem at once: absences above the contracted hours, duties that leave nothing,
    rows for somebody unknown, negative amounts, reversed dates, a reserve outside 0–100 %.
    """
    problems = [*_program_problems(program), *_row_problems(program)]
    for facts in program.practitioners:
        problems += _own_problems(facts)
    if problems:
        raise CaseError(problems)
    found = tuple(_capacity(program, facts) for facts in program.practitioners)
    problems = [problem for one in found for problem in _waterfall_problems(one)]
    if problems:
        raise CaseError(problems)
    return found


def weeks_present(facts: PractitionerFacts, period: Period) -> Fraction:
    """Weeks of the period in which the practitioner is there: days from `from_date` to `to_date`, both included, / 7."""
    last_day = period.starts_on + timedelta(weeks=period.weeks, days=-1)
    first = max(facts.from_date or period.starts_on, period.starts_on)
    last = min(facts.to_date or last_day, last_day)
    return Fraction(max(0, (last - first).days + 1), 7)


def _capacity(program: Program, facts: PractitionerFacts) -> Capacity:
    weeks = program.period.weeks
    present = weeks_present(facts, program.period)
    contracted = facts.weekly_hours * present
    rows = [row for row in program.absences if _concerns(row.who, facts, present)]
    stated = tuple((row.kind, absence_hours(row, facts)) for row in rows if row.from_date is None)
    undated = sum((hours for _, hours in stated), Fraction(0))
    dated = dated_beyond(facts, rows, program.period, most=contracted - undated)
    absences = (*stated, *dated)
    available = contracted - sum(hours for _, hours in absences)
    there = available / (contracted - undated) if dated else Fraction(1)
    worked_weeks = available / facts.weekly_hours if facts.weekly_hours else Fraction(0)
    duties = tuple(
        (row.kind, row.who, duty_hours(row, available, worked_weeks) * (there if row.basis == "hours_per_period" else 1))
        for row in program.duties
        if _concerns(row.who, facts, present, disciplines=facts.disciplines)
    )
    nonclient = sum((hours for _, _, hours in duties), Fraction(0))
    care = available - nonclient
    reserve = care * program.reserve_percent / 100
    weekly_care = (care - reserve) / weeks
    return Capacity(
        practitioner=facts.id,
        disciplines=facts.disciplines,
        contracted_hours=contracted,
        absence_hours=contracted - available,
        available_hours=available,
        worked_weeks=worked_weeks,
        nonclient_hours=nonclient,
        client_care_hours=care,
        reserve_hours=reserve,
        weekly_care_hours=weekly_care,
        weekly_maximum_hours=weekly_care if facts.max_hours is None else facts.max_hours * worked_weeks / weeks,
        absences=absences,
        duties=duties,
    )


def dated_beyond(facts: PractitionerFacts, rows: Iterable[Absence], period: Period, *, most: Fraction) -> tuple[tuple[str, Fraction], ...]:
    """(kind, hours) that absences known by date take in the period beyond the rows of that kind without dates.

    What is stated without dates is what the dated time is taken from, so that no day counts twice. In all at most `most` hours:
    who is away all along has nothing left.
    """
    applied = list(rows)
    taken: dict[str, Fraction] = {}
    for away in days_away(facts, applied, *period_days(period)):
        taken[away.kind] = taken.get(away.kind, Fraction(0)) + away.hours
    found = []
    for kind, hours in taken.items():
        stated = sum((absence_hours(row, facts) for row in applied if row.from_date is None and row.kind == kind), Fraction(0))
        beyond = min(max(Fraction(0), hours - stated), most)
        most -= max(Fraction(0), beyond)
        if beyond > 0:
            found.append((kind, beyond))
    return tuple(found)


def absence_hours(row: Absence, facts: PractitionerFacts) -> Fraction:
    """Hours of one absence row without dates for one practitioner: as stated, or days of a fifth of the weekly hours."""
    if row.hours is not None:
        return row.hours
    return (row.days or Fraction(0)) * facts.weekly_hours / WORKING_DAYS


def duty_hours(row: Duty, available_hours: Fraction, worked_weeks: Fraction) -> Fraction:
    """Hours of one duty row over the period. Percent is of the available hours; per week means per worked week."""
    if row.basis == "percent":
        return row.amount * available_hours / 100
    if row.basis == "hours_per_week":
        return row.amount * worked_weeks
    return row.amount


def _concerns(who: str, facts: PractitionerFacts, present: Fraction, disciplines: Iterable[str] = ()) -> bool:
    """Rows for a group concern those who are there at all; a row for a person always concerns her."""
    return who == facts.id or (present > 0 and who in (EVERYBODY, facts.engagement, *disciplines))


def _program_problems(program: Program) -> Iterator[Problem]:
    if program.period.weeks < 1:
        yield Problem("not_positive", Where("program", None, "period_weeks"), str(program.period.weeks))
    if not 0 <= program.reserve_percent <= 100:
        yield Problem("percent_out_of_range", Where("program", None, "reserve_percent"), shown(program.reserve_percent))


def _row_problems(program: Program) -> Iterator[Problem]:
    people = {EVERYBODY, *ENGAGEMENTS, *(facts.id for facts in program.practitioners)}
    for absence in program.absences:
        yield from _unknown("absences", absence.who, people)
        yield from _absence_problems(absence)
    for duty in program.duties:
        yield from _unknown("duties", duty.who, people | {*DISCIPLINES, *program.other_disciplines})
        if duty.basis not in DUTY_BASES:
            yield Problem("unknown_code", Where("duties", duty.who, "basis"), duty.basis)
        yield from _negative("duties", duty.who, "amount", duty.amount)


def _absence_problems(row: Absence) -> Iterator[Problem]:
    if (row.hours is None) == (row.days is None) and not (row.from_date and row.hours is None):
        code = "days_or_hours_missing" if row.hours is None else "days_and_hours"
        yield Problem(code, Where("absences", row.who, "days"), "" if row.days is None else shown(row.days))
    yield from _negative("absences", row.who, "hours", row.hours)
    yield from _negative("absences", row.who, "days", row.days)
    if row.to_date is not None and (row.from_date is None or row.to_date < row.from_date):
        first = {"from_date": row.from_date.isoformat() if row.from_date else ""}
        yield Problem("dates_reversed", Where("absences", row.who, "to_date"), row.to_date.isoformat(), first)


def _own_problems(facts: PractitionerFacts) -> Iterator[Problem]:
    yield from _negative("practitioners", facts.id, "weekly_hours", facts.weekly_hours)
    yield from _negative("practitioners", facts.id, "max_hours", facts.max_hours)
    if facts.from_date and facts.to_date and facts.to_date < facts.from_date:
        yield _reversed(facts.id, facts.from_date, facts.to_date)


def _reversed(id: str, first: date, last: date) -> Problem:
    return Problem("dates_reversed", Where("practitioners", id, "to_date"), last.isoformat(), {"from_date": first.isoformat()})


def _waterfall_problems(capacity: Capacity) -> Iterator[Problem]:
    place = Where("practitioners", capacity.practitioner, "weekly_hours")
    if capacity.available_hours < 0:
        facts = {"absence_hours": shown(capacity.absence_hours), "contracted_hours": shown(capacity.contracted_hours)}
        yield Problem("absence_exceeds_contracted", place, facts["absence_hours"], facts)
    elif capacity.nonclient_hours >= capacity.available_hours and capacity.nonclient_hours + capacity.available_hours > 0:
        facts = {"duty_hours": shown(capacity.nonclient_hours), "available_hours": shown(capacity.available_hours)}
        yield Problem("duties_exceed_available", place, facts["duty_hours"], facts)


def _unknown(table: str, who: str, known: set[str]) -> Iterator[Problem]:
    if who not in known:
        yield Problem("unknown_practitioner", Where(table, who, "practitioner"), who)


def _negative(table: str, item: str, field: str, value: Fraction | None) -> Iterator[Problem]:
    if value is not None and value < 0:
        yield Problem("negative", Where(table, item, field), shown(value))


def shown(value: Fraction) -> str:
    """A number as plain text for a problem's facts: at most two decimals, no trailing zeros."""
    text = f"{float(value):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
