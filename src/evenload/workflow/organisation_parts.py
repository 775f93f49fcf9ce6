"""What the organisation's overview takes of one program: counted from the program's own figures, and kept until its facts change."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction

from evenload.planning.ledger import shares
from evenload.planning.shadow import where_an_hour_helps
from evenload.records.models import PlanRun, Program, Referral
from evenload.workflow import french_service, plans
from evenload.workflow.contract_ledger import ContractLine
from evenload.workflow.current_picture import picture_of_now
from evenload.workflow.draft_picture import Picture
from evenload.workflow.past_figures import Continuity, Evenness, TalkFigures
from evenload.workflow.pool_weeks import PoolWeeks
from evenload.workflow.program_figures import PersonLoad, ProgramFigures, figures_of
from evenload.workflow.wait_figures import WaitCell

HELPFUL_KEPT = 5


@dataclass(frozen=True, slots=True)
class PlanPart:
    """What is counted from a program's facts. `loads` bear no names; `fte`: discipline → full-time equivalents that it has."""

    pools: tuple[PoolWeeks, ...]
    loads: tuple[PersonLoad, ...]
    fte: tuple[tuple[str, Fraction], ...]
    units: int
    period_ends: date

    @property
    def lacks(self) -> str:
        """Why nothing can be said of its hours: `no_hours`, `no_clients`, `period_over`; empty: they count."""
        if not any(one.percent is not None for one in self.loads):
            return "no_hours"
        if not self.units:
            return "no_clients"
        return "" if any(pool.weeks for pool in self.pools) else "period_over"


@dataclass(frozen=True, slots=True)
class ContractPart:
    """One contract as its forecast has it. `state`: `planning.contract_forecast.Forecast.state`."""

    key: int
    name_en: str
    name_fr: str
    state: str
    visits: int
    delivered: int
    expected: Fraction | None
    low: float | None
    high: float | None
    ends_on: date


@dataclass(frozen=True, slots=True)
class RecordPart:
    """What is counted from records: the waiting list, first visits by language, conversations, contracts, evenness, continuity."""

    waiting: int
    late: int
    oldest_days: int | None
    cells: tuple[WaitCell, ...]
    days_french: tuple[int, ...]
    """days to the first visit, of referrals received in the days that service in French is counted over"""
    days_english: tuple[int, ...]
    talks: TalkFigures
    contracts: tuple[ContractPart, ...]
    evenness: Evenness
    continuity: Continuity


@dataclass(frozen=True, slots=True)
class Helpful:
    """One more hour a week: discipline, `fr` or `other`, area, and what it saves of the plan's price in hours per week."""

    discipline: str
    language: str
    area: str
    saved_hours: float
    practitioners: int


@dataclass(frozen=True, slots=True)
class HelpPart:
    """Where an hour would help most, by the last plan that was made: its run and the day it ended."""

    run: int
    ended_at: datetime
    hours: tuple[Helpful, ...]


def plan_and_records(program: Program, *, today: date, at: datetime) -> tuple[PlanPart | None, RecordPart]:
    """Both parts of a program. The plan's is None where its facts contradict each other."""
    found = figures_of(program, today=today, at=at)
    plan = None if found.has_problems else _plan_part(picture_of_now(program), found)
    return plan, _record_part(program, found, today)


def _plan_part(picture: Picture, found: ProgramFigures) -> PlanPart:
    loads = tuple(replace(one, code="", name="") for one in found.people)
    return PlanPart(found.pools, loads, tuple(sorted(_fte(picture).items())), len(picture.facts.case.units), found.period_ends)


def _fte(picture: Picture) -> dict[str, Fraction]:
    """Weekly hours over those of full time; who has several disciplines is divided as her hours are, by their need."""
    case = picture.facts.case
    needed: dict[str, Fraction] = defaultdict(Fraction)
    for unit in case.units:
        needed[unit.discipline] += unit.minutes
    found: dict[str, Fraction] = defaultdict(Fraction)
    for person in case.practitioners:
        if person.capacity_minutes:
            for discipline, share in shares(person.disciplines, needed).items():
                found[discipline] += share * person.weekly_hours / case.fte_weekly_hours
    return {**found}


def _record_part(program: Program, found: ProgramFigures, today: date) -> RecordPart:
    french, english = (_days(program, language, found.french.first, today) for language in ("fr", "en"))
    return RecordPart(
        waiting=found.waiting.count,
        late=found.waiting.late,
        oldest_days=found.waiting.oldest_days,
        cells=found.waiting.cells,
        days_french=french,
        days_english=english,
        talks=found.talks,
        contracts=tuple(_contract_part(one) for one in found.contracts),
        evenness=found.evenness,
        continuity=found.continuity,
    )


def _days(program: Program, language: str, first: date, last: date) -> tuple[int, ...]:
    rows = Referral.objects.filter(client__program=program, client__language=language, received_on__range=(first, last))
    dates = rows.filter(first_visit_on__isnull=False).order_by().values_list("received_on", "available_from", "first_visit_on")
    return tuple(sorted(french_service.days_to_first_visit(on, available, seen) for on, available, seen in dates if seen is not None))


def _contract_part(line: ContractLine) -> ContractPart:
    contract, forecast = line.contract, line.forecast
    return ContractPart(
        key=contract.pk,
        name_en=contract.name_en,
        name_fr=contract.name_fr,
        state=forecast.state,
        visits=contract.visits,
        delivered=forecast.delivered,
        expected=forecast.expected,
        low=forecast.low,
        high=forecast.high,
        ends_on=contract.ends_on,
    )


def help_part(run: PlanRun) -> HelpPart:
    """Where one more hour would help most, by a run that is done. Raises CaseError where its facts are no Case any more."""
    rows = [row for row in where_an_hour_helps(plans.case_of_run(run), plans.plan_of(run)) if row.saved_hours > 0]
    hours = tuple(Helpful(row.discipline, row.language, row.area, row.saved_hours, row.practitioners) for row in rows[:HELPFUL_KEPT])
    return HelpPart(run.pk, run.ended_at or run.asked_at, hours)
