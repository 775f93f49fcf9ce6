"""The figures of one program on a day: have and need, loads, waiting, contracts, evenness, continuity, French, load conversations.

What is counted from the facts is kept with their picture, what counts visits until the facts or a referral change, what counts weeks and
editions until there is another one; the rest is asked each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from statistics import median, quantiles

from evenload.planning.standing import load_state
from evenload.records.models import Program
from evenload.records.queries import OpenVersions, open_referral_versions
from evenload.workflow import contract_ledger, french_service, past_figures, wait_figures
from evenload.workflow.contract_ledger import ContractLine
from evenload.workflow.current_picture import picture_of_now
from evenload.workflow.draft_picture import Picture
from evenload.workflow.past_figures import Continuity, Evenness, FrenchFigures, TalkFigures, french_figures
from evenload.workflow.pool_weeks import PoolWeeks, pool_weeks
from evenload.workflow.refused import Refused
from evenload.workflow.wait_figures import WaitFigures


@dataclass(frozen=True, slots=True)
class PersonLoad:
    """One practitioner's average week from now to the end of the period. `state`: `planning.standing.LOAD_STATES`."""

    code: str
    name: str
    state: str
    percent: Fraction | None
    """of her own hours; None without hours"""
    low_percent: Fraction
    high_percent: Fraction


@dataclass(frozen=True, slots=True)
class LoadSpread:
    """How loads lie, of those who have hours. None: nobody has. Percents of each one's own hours."""

    people: int
    middle: Fraction | None
    lower: Fraction | None
    upper: Fraction | None
    """lower and upper quartile; None of one person"""
    least: Fraction | None
    most: Fraction | None
    below: int
    """people below their own range"""
    within: int
    above: int
    """people above their own range, over their hours included"""
    over: int
    """of them, above their hours"""
    without_hours: int


@dataclass(frozen=True, slots=True)
class ProgramFigures:
    """One program on a day. `problems`: its facts contradict each other, so that `pools`, `people` and commitments are not known."""

    program_id: int
    code: str
    today: date
    counted_at: datetime
    has_problems: bool
    period_ends: date
    pools: tuple[PoolWeeks, ...]
    people: tuple[PersonLoad, ...]
    spread: LoadSpread
    waiting: WaitFigures
    contracts: tuple[ContractLine, ...]
    evenness: Evenness
    continuity: Continuity
    french: FrenchFigures
    talks: TalkFigures

    @property
    def short_pools(self) -> tuple[PoolWeeks, ...]:
        """Pools in which hours are missing on average, the most on top; French and the rest apart, never offset."""
        found = [pool for pool in self.pools if pool.language != "all" and pool.short]
        return tuple(sorted(found, key=lambda pool: (-pool.short, pool.discipline, pool.language)))


def figures_of(program: Program, *, today: date, at: datetime) -> ProgramFigures:
    """Everything, as of this moment. The number of queries depends neither on how much there is nor on how many people."""
    try:
        picture: Picture | None = picture_of_now(program)
    except Refused:
        picture = None
    people = people_of(picture) if picture is not None else ()
    versions = open_referral_versions().get(program.pk)
    counted = _of_records(program, today, versions)
    return ProgramFigures(
        program_id=program.pk,
        code=program.code,
        today=today,
        counted_at=at,
        has_problems=picture is None,
        period_ends=program.period_start + timedelta(weeks=program.period_weeks, days=-1),
        pools=pool_weeks(picture, today=today) if picture is not None else (),
        people=people,
        spread=spread_of(people),
        waiting=wait_figures.wait_figures(program, today=today, versions=versions),
        contracts=counted.contracts,
        evenness=past_figures.evenness(program),
        continuity=past_figures.continuity(program, today=today),
        french=counted.french,
        talks=past_figures.talk_figures(program, today=today),
    )


def people_of(picture: Picture) -> tuple[PersonLoad, ...]:
    """Everybody's load, fullest first; who has no hours stands at the end."""
    found = []
    for person in picture.facts.case.practitioners:
        minutes = picture.standing.weeks[person.id].minutes
        share = Fraction(100 * minutes, person.capacity_minutes) if person.capacity_minutes else None
        low, high = person.comfortable_min_percent, person.comfortable_max_percent
        found.append(PersonLoad(person.id, picture.facts.name(person.id), load_state(person, minutes), share, low, high))
    return tuple(sorted(found, key=lambda one: (-one.percent if one.percent is not None else Fraction(1), one.code)))


def spread_of(people: Sequence[PersonLoad]) -> LoadSpread:
    """The spread of these loads, of one program or of several; quartiles are interpolated between people (inclusive method)."""
    loads = sorted(one.percent for one in people if one.percent is not None)
    lower, upper = quartiles(loads)
    with_hours = [one for one in people if one.percent is not None]
    return LoadSpread(
        people=len(loads),
        middle=Fraction(median(loads)) if loads else None,
        lower=lower,
        upper=upper,
        least=loads[0] if loads else None,
        most=loads[-1] if loads else None,
        below=sum(one.state == "room" for one in with_hours),
        within=sum(one.state == "in_range" for one in with_hours),
        above=sum(one.state in ("above_range", "over") for one in with_hours),
        over=sum(one.state == "over" for one in with_hours),
        without_hours=len(people) - len(with_hours),
    )


def quartiles(values: Sequence[Fraction]) -> tuple[Fraction | None, Fraction | None]:
    """Lower and upper quartile, exact; None of fewer than two."""
    if len(values) < 2:
        return None, None
    lower, _, upper = quantiles(values, n=4, method="inclusive")
    return Fraction(lower), Fraction(upper)


@dataclass(frozen=True, slots=True)
class _OfRecords:
    """What counts visits and referrals of many weeks, as long as `stands_for` holds."""

    stands_for: tuple[object, ...]
    contracts: tuple[ContractLine, ...]
    french: FrenchFigures


_kept: dict[int, _OfRecords] = {}


def forget() -> None:
    """Empty what is kept in this process."""
    _kept.clear()
    past_figures.forget()
    wait_figures.forget()


def _of_records(program: Program, today: date, versions: OpenVersions | None) -> _OfRecords:
    """Contracts and service in French. A visit, a list, a language or hours that change move the facts on; a referral its version."""
    facts_version = Program.objects.values_list("facts_version", flat=True).get(pk=program.pk)
    stands_for = (today, facts_version, versions, *program.contracts.order_by("pk").values_list())
    kept = _kept.get(program.pk)
    if kept is None or kept.stands_for != stands_for:
        speakers = french_service.french_speakers(program)
        visits = french_service.visits_of(program, past_figures.french_first(today), today, speakers)
        french = french_figures(program, visits, today=today)
        kept = _kept[program.pk] = _OfRecords(stands_for, tuple(contract_ledger.lines(program, today=today)), french)
    return kept
