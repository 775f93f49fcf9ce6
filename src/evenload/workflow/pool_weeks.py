"""Have and need, week by week ahead, per pool: discipline × French or not. No total hides a shortage of French hours.

Need is what somebody has (care and her travel) and what waits (care and the travel of the nearest who may take it). French need meets
French hours first; what is left of them serves the rest. Rows of `all` are French and the rest together; the others do not add up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from evenload.planning.case import Unit
from evenload.planning.eligibility import FLUENT, speaks
from evenload.planning.ledger import shares
from evenload.planning.program import Period
from evenload.planning.targets import nearest_travel
from evenload.planning.weekly import DAYS, Spread, exact_weeks, mondays
from evenload.workflow.desk_weeks import in_weeks, period_of
from evenload.workflow.draft_picture import Picture
from evenload.workflow.hour_ledger import care, driving

WEEKS_AHEAD: Final = 12
POOL_LANGUAGES: Final = ("fr", "other", "all")


@dataclass(frozen=True, slots=True)
class PoolWeek:
    """One pool in one week, in hours: what its people have, what somebody has been given, what waits."""

    monday: date
    have: Fraction
    committed: Fraction
    waiting: Fraction

    @property
    def need(self) -> Fraction:
        """Committed and waiting."""
        return self.committed + self.waiting

    @property
    def gap(self) -> Fraction:
        """Have less need: negative where hours are missing."""
        return self.have - self.need


@dataclass(frozen=True, slots=True)
class PoolWeeks:
    """One pool over the weeks ahead. `language`: `fr`, `other`, or `all`."""

    discipline: str
    language: str
    weeks: tuple[PoolWeek, ...]

    @property
    def have(self) -> Fraction:
        """Hours per week on average."""
        return mean_of([week.have for week in self.weeks])

    @property
    def need(self) -> Fraction:
        """Hours per week on average."""
        return mean_of([week.need for week in self.weeks])

    @property
    def waiting(self) -> Fraction:
        """Of the need, what waits: hours per week on average."""
        return mean_of([week.waiting for week in self.weeks])

    @property
    def gap(self) -> Fraction:
        """Have less need, hours per week on average."""
        return self.have - self.need

    @property
    def short(self) -> Fraction:
        """Hours per week that are missing on average; 0 where none are."""
        return max(Fraction(0), -self.gap)


def mean_of(hours: Sequence[Fraction]) -> Fraction:
    """The mean; 0 of nothing, where no week is left."""
    return sum(hours, Fraction(0)) / len(hours) if hours else Fraction(0)


def pool_weeks(picture: Picture, *, today: date) -> tuple[PoolWeeks, ...]:
    """The pools of a picture in the weeks from that of `today` on, at most WEEKS_AHEAD, as far as the period goes. Kept with the picture."""
    if "pool weeks" not in picture.kept:
        picture.kept["pool weeks"] = _all_weeks(picture)
    found: tuple[PoolWeeks, ...] = picture.kept["pool weeks"]
    return tuple(replace(one, weeks=_ahead(one.weeks, today)) for one in found)


def _ahead(weeks: Sequence[PoolWeek], today: date) -> tuple[PoolWeek, ...]:
    return tuple(week for week in weeks if week.monday + timedelta(days=DAYS) > today)[:WEEKS_AHEAD]


Minutes = dict[str, Sequence[Fraction]]


def _all_weeks(picture: Picture) -> tuple[PoolWeeks, ...]:
    period, case = period_of(picture.facts), picture.facts.case
    places = picture.places
    held = [unit for unit in case.units if places[unit.id].practitioner is not None]
    waiting = [unit for unit in case.units if places[unit.id].practitioner is None]
    nearest = nearest_travel(replace(case, units=tuple(waiting)))
    committed = {
        french: _minutes((one for unit in held if unit.is_french == french for one in _with_driving(picture, unit)), period)
        for french in (True, False)
    }
    waits = {
        french: _minutes((one for unit in waiting if unit.is_french == french for one in _with_nearest(picture, unit, nearest)), period)
        for french in (True, False)
    }
    hours = {french: _hours(picture, french) for french in (True, False)}
    disciplines = dict.fromkeys(code for found in (*hours.values(), *committed.values(), *waits.values()) for code in found)
    return tuple(
        pool
        for code in sorted(disciplines)
        for pool in _pools(
            code, mondays(period), [[_of(side[french], code, period) for side in (hours, committed, waits)] for french in (True, False)]
        )
    )


def _of(found: Minutes, code: str, period: Period) -> Sequence[Fraction]:
    return found.get(code) or [Fraction(0)] * period.weeks_left


def _pools(discipline: str, days: Sequence[date], minutes: Sequence[Sequence[Sequence[Fraction]]]) -> Iterable[PoolWeeks]:
    """`fr`, `other` and `all` of one discipline from (French, the rest) × (have, committed, waiting), minutes by week."""
    rows: dict[str, list[PoolWeek]] = {language: [] for language in POOL_LANGUAGES}
    (french_have, *french_need), (other_have, *other_need) = minutes
    for number, monday in enumerate(days):
        french, other = french_have[number] / 60, other_have[number] / 60
        asked_french = [needed[number] / 60 for needed in french_need]
        asked_other = [needed[number] / 60 for needed in other_need]
        left = max(Fraction(0), french - sum(asked_french, Fraction(0)))
        together = [one + two for one, two in zip(asked_french, asked_other, strict=True)]
        rows["fr"].append(PoolWeek(monday, french, *asked_french))
        rows["other"].append(PoolWeek(monday, other + left, *asked_other))
        rows["all"].append(PoolWeek(monday, french + other, *together))
    for language, weeks in rows.items():
        yield PoolWeeks(discipline, language, tuple(weeks))


def _with_driving(picture: Picture, unit: Unit) -> Iterable[tuple[str, Spread]]:
    yield unit.discipline, care(picture.facts, unit)
    yield unit.discipline, driving(picture.facts, picture.places[unit.id].practitioner or "", unit)


def _with_nearest(picture: Picture, unit: Unit, nearest: Mapping[str, int]) -> Iterable[tuple[str, Spread]]:
    hers = care(picture.facts, unit)
    yield unit.discipline, hers
    if not unit.travel_in_standard and nearest[unit.id]:
        yield unit.discipline, replace(hers, average_minutes=nearest[unit.id], peak_minutes=nearest[unit.id])


def _minutes(spreads: Iterable[tuple[str, Spread]], period: Period) -> Minutes:
    """Minutes by discipline in every week that is left, exact."""
    own: dict[str, list[Spread]] = defaultdict(list)
    for discipline, spread in spreads:
        own[discipline].append(spread)
    return {discipline: exact_weeks(found, period) for discipline, found in own.items()}


def _hours(picture: Picture, french: bool) -> Minutes:
    """Minutes for client care by discipline and week of those who speak French, or who do not; several disciplines by their need."""
    case, days = picture.facts.case, mondays(period_of(picture.facts))
    needed: dict[str, Fraction] = defaultdict(Fraction)
    for unit in case.units:
        needed[unit.discipline] += unit.minutes
    found: dict[str, list[Fraction]] = defaultdict(lambda: [Fraction(0)] * len(days))
    for person in case.practitioners:
        if speaks(person, "fr", FLUENT) != french:
            continue
        minutes = [one.capacity_minutes for one in in_weeks(picture.facts, person)]
        for discipline, share in shares(person.disciplines, needed).items():
            found[discipline] = [before + here * share for before, here in zip(found[discipline], minutes, strict=True)]
    return {**found}
