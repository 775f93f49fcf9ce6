"""The parts of the load over time: the team by week, each person over the weeks, and the marks of sustained overload."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from statistics import median
from typing import Any

from evenload.planning.fairness import gini, mean, volatility
from evenload.planning.overload import OVERLOAD_PERCENT, Spell, running_spell
from evenload.records.models import Practitioner, Program
from evenload.words import Words
from evenload.workflow.load_weeks import past_weeks, percents

WEEK = timedelta(weeks=1)
Loads = Mapping[int, Mapping[date, Fraction]]
"""practitioner's key → first day of a week → load in percent"""


@dataclass(frozen=True, slots=True)
class WeekView:
    """The team in one week: how many had hours, the middle load, how uneven, how much it changed, how many were too full."""

    monday: date
    people: int
    middle: str
    gini: str
    change: str
    over: int


@dataclass(frozen=True, slots=True)
class PersonView:
    """One person over the weeks that are known."""

    person: Practitioner
    last: str
    mean: str
    change: str
    weeks: int
    mark: str


def load_history(words: Words, program: Program) -> dict[str, Any]:
    """Everything that the page of the load over time shows; counted from the weeks that were written."""
    weeks = past_weeks(program)
    loads = {key: percents(own) for key, own in weeks.items()}
    days = sorted({day for own in loads.values() for day in own}, reverse=True)
    people = [one for one in program.practitioners.all() if one.pk in loads]
    spells = {key: running_spell(own) for key, own in weeks.items()}
    own_changes = [found for own in loads.values() if (found := volatility(own)) is not None]
    return {
        "program": program,
        "weeks": [week_view(words, loads, day) for day in days],
        "people": [_person(words, one, loads[one.pk], spells[one.pk]) for one in people],
        "first": days[-1] if days else None,
        "last": days[0] if days else None,
        "count": len(people),
        "change": _points(words, mean(own_changes)),
        "above": words.percent(OVERLOAD_PERCENT),
    }


def week_view(words: Words, loads: Loads, monday: date) -> WeekView:
    """The team in the week that begins on that day."""
    here = [own[monday] for own in loads.values() if monday in own]
    moved = [abs(own[monday] - own[monday - WEEK]) for own in loads.values() if monday in own and monday - WEEK in own]
    return WeekView(
        monday=monday,
        people=len(here),
        middle=words.percent(round(median(here))) if here else "–",
        gini=_index(words, here),
        change=_points(words, mean(moved)),
        over=sum(load > OVERLOAD_PERCENT for load in here),
    )


def _index(words: Words, loads: Iterable[Fraction]) -> str:
    found = gini(loads)
    return "–" if found is None else words.number(found, 2)


def _points(words: Words, change: Fraction | None) -> str:
    return "–" if change is None else words.number(change, 1)


def _person(words: Words, one: Practitioner, own: Mapping[date, Fraction], spell: Spell | None) -> PersonView:
    loads: Sequence[Fraction] = [own[day] for day in sorted(own)]
    middle = mean(loads)
    return PersonView(
        person=one,
        last=words.percent(round(loads[-1])) if loads else "–",
        mean="–" if middle is None else words.percent(round(middle)),
        change=_points(words, volatility(own)),
        weeks=len(loads),
        mark=overload_mark(words, spell),
    )


def overload_mark(words: Words, spell: Spell | None) -> str:
    """`above 110% for 5 weeks`; empty where no sustained overload runs."""
    if spell is None:
        return ""
    above = words.percent(OVERLOAD_PERCENT)
    return words.say_n("above {percent} for {n} week", "above {percent} for {n} weeks", spell.weeks, percent=above)
