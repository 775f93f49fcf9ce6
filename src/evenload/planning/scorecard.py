"""The scorecard of a plan: load, continuity, French, languages, travel, teams, waiting. Counted from the Case, not from the score.

Minutes are per week; clients and units are counted as the Case has them (a block is a unit).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from evenload.planning.case import Case, Practitioner, Unit
from evenload.planning.changes import Change, Changes, changes, over, room
from evenload.planning.codes import LANGUAGE_LEVELS
from evenload.planning.eligibility import FLUENT, FUNCTIONAL, speaks
from evenload.planning.plan import Plan
from evenload.planning.shadow import HelpfulHour, where_an_hour_helps
from evenload.planning.site_teams import SiteTeam, Split, site_teams, split_units
from evenload.planning.standards import quantile
from evenload.planning.standing import LOAD_STATES, Standing, load_state, standing_of
from evenload.planning.travel import drive_is_known, drive_minutes

__all__ = ["Change", "Changes", "Scorecard", "SiteTeam", "Split", "changes", "over", "room", "scorecard"]

AGE_BANDS = (("weeks_0_3", 0), ("weeks_4_12", 4), ("weeks_13_25", 13), ("weeks_26_up", 26))
"""Bands of weeks waiting and where each begins."""


@dataclass(frozen=True, slots=True)
class StateShare:
    """Everybody in one load state: how many, and their assigned minutes and capacity B."""

    state: str
    practitioners: int
    assigned_minutes: int
    capacity_minutes: int


@dataclass(frozen=True, slots=True)
class Spread:
    """How evenly load lies, as percent of each one's capacity B; gini is 0 (all alike) to 1."""

    practitioners: int
    lowest_percent: float
    p10_percent: float
    mean_percent: float
    p90_percent: float
    highest_percent: float
    standard_deviation_points: float
    gini: float

    @property
    def range_points(self) -> float:
        """Highest less lowest, in points."""
        return self.highest_percent - self.lowest_percent


@dataclass(frozen=True, slots=True)
class Count:
    """Units with their clients and minutes per week."""

    units: int
    clients: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Continuity:
    """Of the units that have a practitioner today: kept, moved, newly waiting; `forced` is the part nobody could keep."""

    with_current: Count
    kept: Count
    moved: Count
    newly_waiting: Count
    forced: Count

    @property
    def clients_changing_hands(self) -> int:
        """Clients that lose their practitioner of today, waiting included."""
        return self.moved.clients + self.newly_waiting.clients


@dataclass(frozen=True, slots=True)
class FrenchService:
    """French asked for, served by native or fluent French, and waiting; exceptions are units served otherwise (none, by rule)."""

    asked: Count
    served: Count
    waiting: Count
    exceptions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LanguageService:
    """One other language that units ask for, in clients: fluent or native, functional, neither, waiting."""

    language: str
    asked: Count
    met_clients: int
    partly_clients: int
    unmet_clients: int
    waiting_clients: int


@dataclass(frozen=True, slots=True)
class TravelRow:
    """One practitioner's travel per week, and her longest modelled drive, one way (0 where no place is known)."""

    practitioner: str
    travel_minutes: int
    longest_drive_minutes: int


@dataclass(frozen=True, slots=True)
class Travel:
    """Travel of the whole plan per week: the total, everybody's, who drives most in a week, and the longest single drive."""

    total_minutes: int
    rows: tuple[TravelRow, ...]
    most: TravelRow | None
    longest: TravelRow | None


@dataclass(frozen=True, slots=True)
class WaitingGroup:
    """Waiting units under one heading: a priority, a language code ("" where none is asked), or one of AGE_BANDS."""

    key: str
    count: Count


@dataclass(frozen=True, slots=True)
class WaitingMeasures:
    """What waits, in all and by priority, language and weeks waiting; the longest wait in weeks."""

    count: Count
    oldest_weeks: int
    by_priority: tuple[WaitingGroup, ...]
    by_language: tuple[WaitingGroup, ...]
    by_age: tuple[WaitingGroup, ...]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Everything the scorecard page shows of one plan. `spread` is None where nobody has capacity."""

    states: tuple[StateShare, ...]
    spread: Spread | None
    continuity: Continuity
    french: FrenchService
    languages: tuple[LanguageService, ...]
    travel: Travel
    sites: tuple[SiteTeam, ...]
    splits: tuple[Split, ...]
    waiting: WaitingMeasures
    helpful_hours: tuple[HelpfulHour, ...]

    @property
    def practitioners_per_site(self) -> float:
        """Mean number of practitioners of a site that has any; 0 where no site has."""
        visited = [len(site.practitioners) for site in self.sites if site.practitioners]
        return sum(visited) / len(visited) if visited else 0.0

    @property
    def site_sharing(self) -> int:
        """Further practitioners of one discipline at one site, over all sites."""
        return sum(site.sharing for site in self.sites)


def scorecard(case: Case, plan: Plan) -> Scorecard:
    """The plan's measures, recounted from the Case."""
    targets = {load.practitioner: load.target_minutes for load in plan.loads}
    standing = standing_of(case, {row.unit: row.practitioner for row in plan.assignments}, targets)
    return Scorecard(
        states=_states(standing),
        spread=spread_of([_percent(standing, person) for person in case.practitioners if person.capacity_minutes]),
        continuity=_continuity(changes(case, plan)),
        french=_french(standing),
        languages=_languages(standing),
        travel=_travel(standing),
        sites=site_teams(standing),
        splits=split_units(standing),
        waiting=_waiting(standing),
        helpful_hours=where_an_hour_helps(case, plan),
    )


def _states(standing: Standing) -> tuple[StateShare, ...]:
    people: dict[str, list[Practitioner]] = {state: [] for state in LOAD_STATES}
    for person in standing.case.practitioners:
        people[load_state(person, standing.weeks[person.id].minutes)].append(person)
    return tuple(
        StateShare(
            state,
            len(members),
            sum(standing.weeks[person.id].minutes for person in members),
            sum(person.capacity_minutes for person in members),
        )
        for state, members in people.items()
    )


def _percent(standing: Standing, person: Practitioner) -> Fraction:
    return Fraction(100 * standing.weeks[person.id].minutes, person.capacity_minutes)


def spread_of(percents: Iterable[Fraction]) -> Spread | None:
    """Spread of loads in percent of capacity; None of no loads. Quantiles are linear between neighbours."""
    ordered = sorted(percents)
    if not ordered:
        return None
    n, mean = len(ordered), sum(ordered) / len(ordered)
    variance = sum((value - mean) ** 2 for value in ordered) / n
    return Spread(
        practitioners=n,
        lowest_percent=float(ordered[0]),
        p10_percent=float(quantile(ordered, Fraction(1, 10))),
        mean_percent=float(mean),
        p90_percent=float(quantile(ordered, Fraction(9, 10))),
        highest_percent=float(ordered[-1]),
        standard_deviation_points=sqrt(variance),
        gini=_gini(ordered),
    )


def _gini(ordered: list[Fraction]) -> float:
    """Mean absolute difference of all pairs over twice the mean; 0 where nothing is assigned."""
    n, total = len(ordered), sum(ordered)
    weighted = sum((2 * place - n - 1) * value for place, value in enumerate(ordered, start=1))
    return float(weighted / (n * total)) if total else 0.0


def count_of(units: Iterable[Unit | Change]) -> Count:
    """Units, clients and minutes per week of these units."""
    rows = list(units)
    return Count(len(rows), sum(row.clients for row in rows), sum(row.minutes for row in rows))


def _continuity(found: Changes) -> Continuity:
    had = (*found.kept, *found.moved, *found.newly_waiting)
    return Continuity(
        with_current=count_of(had),
        kept=count_of(found.kept),
        moved=count_of(found.moved),
        newly_waiting=count_of(found.newly_waiting),
        forced=count_of(change for change in found.changing_hands if change.is_forced),
    )


def _placed(standing: Standing, units: Iterable[Unit]) -> list[tuple[Unit, Practitioner]]:
    case, holder = standing.case, standing.holder
    return [(unit, case.practitioner(holder[unit.id])) for unit in units if unit.id in holder]


def _french(standing: Standing) -> FrenchService:
    asked = [unit for unit in standing.case.units if unit.is_french]
    placed = _placed(standing, asked)
    exceptions = {unit.id for unit, person in placed if not speaks(person, "fr", FLUENT)}
    return FrenchService(
        asked=count_of(asked),
        served=count_of(unit for unit, _ in placed if unit.id not in exceptions),
        waiting=count_of(unit for unit in asked if unit.id not in standing.holder),
        exceptions=tuple(sorted(exceptions)),
    )


def _languages(standing: Standing) -> tuple[LanguageService, ...]:
    asked: dict[str, list[Unit]] = defaultdict(list)
    for unit in standing.case.units:
        if unit.language not in (None, "fr", "en"):
            asked[unit.language or ""].append(unit)
    return tuple(_language(standing, language, asked[language]) for language in sorted(asked))


def _language(standing: Standing, language: str, units: list[Unit]) -> LanguageService:
    clients = dict.fromkeys(("met", "partly", "unmet"), 0)
    for unit, person in _placed(standing, units):
        level = person.languages.get(language)
        rank = -1 if level is None else LANGUAGE_LEVELS.index(level)
        clients["met" if rank >= FLUENT else "partly" if rank == FUNCTIONAL else "unmet"] += unit.clients
    waiting = sum(unit.clients for unit in units if unit.id not in standing.holder)
    return LanguageService(language, count_of(units), clients["met"], clients["partly"], clients["unmet"], waiting)


def _travel(standing: Standing) -> Travel:
    case = standing.case
    rows = []
    for person in sorted(case.practitioners, key=lambda person: person.id):
        driven = [unit for unit in standing.caseloads[person.id] if unit.trips and drive_is_known(person, unit)]
        longest = max((drive_minutes(case, person, unit) for unit in driven), default=0)
        rows.append(TravelRow(person.id, standing.weeks[person.id].travel_minutes, longest))
    return Travel(
        total_minutes=sum(row.travel_minutes for row in rows),
        rows=tuple(rows),
        most=_first(rows, lambda row: row.travel_minutes),
        longest=_first(rows, lambda row: row.longest_drive_minutes),
    )


def _first(rows: list[TravelRow], measure: Callable[[TravelRow], int]) -> TravelRow | None:
    """The row with the largest measure, the first id of several; None where all are 0."""
    return min((row for row in rows if measure(row)), key=lambda row: (-measure(row), row.practitioner), default=None)


def _waiting(standing: Standing) -> WaitingMeasures:
    waiting = [unit for unit in standing.case.units if unit.id not in standing.holder]
    return WaitingMeasures(
        count=count_of(waiting),
        oldest_weeks=max((unit.weeks_waiting for unit in waiting), default=0),
        by_priority=_grouped(waiting, lambda unit: str(unit.priority)),
        by_language=_grouped(waiting, lambda unit: unit.language or ""),
        by_age=_grouped(waiting, lambda unit: age_band(unit.weeks_waiting), [name for name, _ in AGE_BANDS]),
    )


def age_band(weeks: int) -> str:
    """The band of AGE_BANDS that so many weeks of waiting fall into."""
    return [name for name, begins in AGE_BANDS if weeks >= begins][-1]


def _grouped(units: list[Unit], key: Callable[[Unit], str], order: list[str] | None = None) -> tuple[WaitingGroup, ...]:
    """Groups that hold anything, in the given order, else by key."""
    groups: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        groups[key(unit)].append(unit)
    return tuple(WaitingGroup(name, count_of(groups[name])) for name in (order or sorted(groups)) if name in groups)
