"""Programs added up: shortages alone, pool by pool, never offset by a surplus of another language, discipline or program.

Only programs whose hours count are in the sums of hours; the others are named, never shown as 0.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from statistics import median

from evenload.planning.codes import DISCIPLINES
from evenload.workflow.french_service import SMALL
from evenload.workflow.organisation_figures import ProgramPart
from evenload.workflow.organisation_parts import ContractPart, Helpful, HelpPart, PlanPart, RecordPart
from evenload.workflow.pool_weeks import PoolWeeks
from evenload.workflow.program_figures import LoadSpread, spread_of
from evenload.workflow.wait_figures import WaitCell

Pool = tuple[str, str]
"""discipline, `fr` or `other`"""


@dataclass(frozen=True, slots=True)
class Shortage:
    """One pool of one program in which hours are missing: hours per week over the weeks ahead, and the full-time equivalents of that."""

    part: ProgramPart
    discipline: str
    language: str
    hours: Fraction
    fte: Fraction | None


@dataclass(frozen=True, slots=True)
class Week:
    """All programs that reach this week: hours they have and need, and those missing, pool by pool."""

    monday: date
    have: Fraction
    need: Fraction
    missing_french: Fraction
    missing_other: Fraction

    @property
    def missing(self) -> Fraction:
        """In French pools and in the others."""
        return self.missing_french + self.missing_other


@dataclass(frozen=True, slots=True)
class FrenchWaits:
    """Days to the first visit of who asked for French and for English, in the middle; None: nobody was first seen."""

    french: Fraction | None
    english: Fraction | None
    n_french: int
    n_english: int

    @property
    def longer_days(self) -> Fraction | None:
        """French less English; below 0 where it is shorter."""
        return None if self.french is None or self.english is None else self.french - self.english

    @property
    def is_small(self) -> bool:
        """Fewer than SMALL in one of them."""
        return min(self.n_french, self.n_english) < SMALL


@dataclass(frozen=True, slots=True)
class Hour:
    """One more hour in one program, and the plan that says so."""

    part: ProgramPart
    help: HelpPart
    hour: Helpful


def counting(parts: Iterable[ProgramPart]) -> tuple[ProgramPart, ...]:
    """The programs whose hours are in the sums."""
    return tuple(part for part in parts if part.counts)


def recorded(parts: Iterable[ProgramPart]) -> tuple[tuple[ProgramPart, RecordPart], ...]:
    """The programs whose records were counted."""
    return tuple((part, part.records) for part in parts if part.records is not None)


def pools_of(part: ProgramPart) -> Mapping[Pool, PoolWeeks]:
    """French and the rest of each discipline that has or needs hours; nothing where they do not count."""
    if part.plan is None or not part.counts:
        return {}
    return {(one.discipline, one.language): one for one in part.plan.pools if one.language != "all" and (one.have or one.need)}


def pools(parts: Sequence[ProgramPart]) -> tuple[Pool, ...]:
    """Every pool of any program, disciplines in their usual order, French first."""
    found = {pool for part in parts for pool in pools_of(part)}
    order = {code: place for place, code in enumerate(DISCIPLINES)}
    return tuple(sorted(found, key=lambda pool: (order.get(pool[0], len(order)), *pool)))


def shortages(parts: Sequence[ProgramPart]) -> tuple[Shortage, ...]:
    """The pools in which hours are missing, the most on top."""
    everywhere = _hours_of_one(plan for part in counting(parts) if (plan := part.plan) is not None)
    found = []
    for part in counting(parts):
        own = _hours_of_one([part.plan]) if part.plan is not None else {}
        for (discipline, language), pool in pools_of(part).items():
            hours_of_one = own.get(discipline) or everywhere.get(discipline) or everywhere.get("")
            if pool.short:
                found.append(Shortage(part, discipline, language, pool.short, pool.short / hours_of_one if hours_of_one else None))
    return tuple(sorted(found, key=lambda one: (-one.hours, one.part.program.code, one.discipline, one.language)))


def _hours_of_one(plans: Iterable[PlanPart]) -> dict[str, Fraction]:
    """Discipline → hours for client care that one full-time equivalent has in a week; under the empty name, of all disciplines."""
    hours: dict[str, Fraction] = defaultdict(Fraction)
    fte: dict[str, Fraction] = defaultdict(Fraction)
    for plan in plans:
        for pool in plan.pools:
            if pool.language == "all":
                hours[pool.discipline] += pool.have
                hours[""] += pool.have
        for discipline, amount in plan.fte:
            fte[discipline] += amount
            fte[""] += amount
    return {discipline: hours[discipline] / amount for discipline, amount in fte.items() if amount and hours[discipline]}


def weeks_ahead(parts: Sequence[ProgramPart]) -> int:
    """The weeks that the hours are counted over, where programs differ those of the longest."""
    return max((len(pool.weeks) for part in parts for pool in pools_of(part).values()), default=0)


def weeks(parts: Sequence[ProgramPart]) -> tuple[Week, ...]:
    """Week by week: each sum is of the programs whose period reaches it."""
    found: dict[date, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for part in counting(parts):
        for pool in part.plan.pools if part.plan is not None else ():
            for week in pool.weeks:
                of_week = found[week.monday]
                if pool.language == "all":
                    of_week["have"] += week.have
                    of_week["need"] += week.need
                else:
                    of_week[pool.language] += max(Fraction(0), -week.gap)
    return tuple(Week(day, one["have"], one["need"], one["fr"], one["other"]) for day, one in sorted(found.items()))


def spread(parts: Sequence[ProgramPart]) -> LoadSpread:
    """The loads of everybody together."""
    return spread_of([load for part in counting(parts) if part.plan is not None for load in part.plan.loads])


def french_waits(parts: Iterable[ProgramPart]) -> FrenchWaits:
    """First visits of all programs together."""
    known = recorded(parts)
    french = [days for _, one in known for days in one.days_french]
    english = [days for _, one in known for days in one.days_english]
    return FrenchWaits(_middle(french), _middle(english), len(french), len(english))


def _middle(days: Sequence[int]) -> Fraction | None:
    return Fraction(median([Fraction(one) for one in days])) if days else None


def wait_cells(parts: Iterable[ProgramPart]) -> tuple[WaitCell, ...]:
    """Who waits, by age and priority, of all programs together."""
    counts: Counter[tuple[str, int]] = Counter()
    for _, one in recorded(parts):
        for cell in one.cells:
            counts[cell.age, cell.priority] += cell.count
    return tuple(WaitCell(age, priority, count) for (age, priority), count in counts.items())


def oldest_days(parts: Iterable[ProgramPart]) -> int | None:
    """Days that the longest has waited; None: nobody waits, or nothing says since when."""
    return max((one.oldest_days for _, one in recorded(parts) if one.oldest_days is not None), default=None)


def contracts(parts: Iterable[ProgramPart]) -> tuple[tuple[ProgramPart, ContractPart], ...]:
    """Every contract, those off their course first, then as they end."""
    off = {"under": 0, "over": 1}
    found = [(part, contract) for part, one in recorded(parts) for contract in one.contracts]
    return tuple(sorted(found, key=lambda each: (off.get(each[1].state, 2), each[1].ends_on, each[1].key)))


def hours_that_help(parts: Iterable[ProgramPart], most: int) -> tuple[Hour, ...]:
    """Where one more hour a week would help most, over all programs, by the last plan of each."""
    found = [Hour(part, part.help, one) for part in parts if part.help is not None for one in part.help.hours]
    return tuple(sorted(found, key=lambda one: (-one.hour.saved_hours, one.part.program.code))[:most])


def as_of(parts: Iterable[ProgramPart], at: datetime) -> datetime:
    """The moment that holds for everything shown: the earliest of its parts."""
    return min((part.as_of for part in parts), default=at)
