"""Before → after of another time standard: everybody whom it touches, each discipline, each pool, each class."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from evenload.planning.areas import EVERYWHERE
from evenload.planning.comparison import Difference, Key
from evenload.planning.explain import WeekLoad
from evenload.records.models import Program
from evenload.web.before_after import Change, ChangeRow, Figures, change_row
from evenload.web.load_bar import Load
from evenload.web.standard_words import UNKNOWN, class_name
from evenload.web.worksheet_words import problem_words
from evenload.words import Words, label, message
from evenload.workflow.planning_worksheet import worksheet_of
from evenload.workflow.standard_effect import Effect, PersonEffect

OF_MATCH: Final = {
    "demand_hours": message("Hours needed"),
    "gap_hours": message("Gap, h"),
    "utilisation_percent": message("Utilization"),
    "fte_required": message("FTE needed"),
    "caseload_clients": message("Clients the hours carry"),
}
OF_POOLS: Final = {"demand_hours": message("Hours needed"), "gap_hours": message("Gap, h")}
OF_CLASSES: Final = {
    "visits_per_client": message("Visits per client"),
    "direct_minutes": message("Direct planned with, min"),
    "indirect_minutes": message("Indirect planned with, min"),
    "travel_minutes": message("Travel planned with, min"),
    "episode_minutes": message("Once per client, min"),
    "hours_per_client": message("Hours per client"),
    "hours": message("Hours"),
}


@dataclass(frozen=True, slots=True)
class PersonView:
    """One practitioner: her week, and the hours that her clients need in the whole period."""

    row: ChangeRow
    hours: Change
    utilisation: Change


@dataclass(frozen=True, slots=True)
class LineView:
    """One line: its cells, each with its heading."""

    name: str
    cells: tuple[tuple[str, Change | None], ...]


@dataclass(frozen=True, slots=True)
class TableView:
    """Lines with one change per column; None: this figure stays as it is."""

    title: str
    headings: tuple[str, ...]
    lines: tuple[LineView, ...]


@dataclass(frozen=True, slots=True)
class EffectView:
    """Everything that changes. `problems`: why nothing can be counted."""

    people: tuple[PersonView, ...]
    says: str
    tables: tuple[TableView, ...]
    by_area: tuple[TableView, ...]
    """pools of single areas, which the page opens when asked"""
    problems: tuple[str, ...]
    facts_version: int

    @property
    def is_countable(self) -> bool:
        return not self.problems


def effect_view(words: Words, program: Program, effect: Effect) -> EffectView:
    """The effect in one language."""
    names = {one.code: class_name(words, one) for one in program.time_standards.all()}
    rows = worksheet_of(program).rows if effect.problems else None
    return EffectView(
        people=tuple(_person(words, one) for one in effect.people),
        says=_says(words, effect),
        tables=tuple(one for one in _tables(words, effect, names) if one.lines),
        by_area=tuple(one for one in (_pools(words, effect, everywhere=False),) if one.lines),
        problems=tuple(problem_words(words, one, rows) for one in effect.problems) if rows else (),
        facts_version=effect.facts_version,
    )


def _says(words: Words, effect: Effect) -> str:
    if effect.problems:
        return words.say("With these figures nothing can be counted.")
    if not effect.people:
        return words.say("Nobody's week and nobody's hours change.")
    count = len(effect.people)
    if effect.basis == "draft":
        return words.say_n(
            "{n} practitioner's hours change. Weeks are those of the open draft.",
            "{n} practitioners' hours change. Weeks are those of the open draft.",
            count,
        )
    return words.say_n(
        "{n} practitioner's hours change. Weeks are those of the current list.",
        "{n} practitioners' hours change. Weeks are those of the current list.",
        count,
    )


def _person(words: Words, one: PersonEffect) -> PersonView:
    return PersonView(
        row=change_row(words, one.name, _side(one.before), _side(one.after)),
        hours=Change(*(words.number(value) for value in one.hours)),
        utilisation=Change(*(UNKNOWN if value is None else words.percent(value, 1) for value in one.utilisation_percent)),
    )


def _side(week: WeekLoad) -> Figures:
    return Figures(
        Load(week.assigned_minutes, week.capacity_minutes, week.maximum_minutes), week.state, week.travel_minutes, week.peak_minutes
    )


def _tables(words: Words, effect: Effect, names: Mapping[str, str]) -> tuple[TableView, ...]:
    return (
        _table(words, words.say("Class, whole period"), effect.of("classes"), OF_CLASSES, lambda key: names.get(key[0], key[0])),
        _table(words, words.say("Discipline, whole period"), effect.of("match"), OF_MATCH, lambda key: label(words, "discipline", key[0])),
        _pools(words, effect, everywhere=True),
    )


def _pools(words: Words, effect: Effect, *, everywhere: bool) -> TableView:
    """The pools of the whole program, or those of its areas."""
    title = words.say("Pools of all areas, whole period") if everywhere else words.say("Pools area by area, whole period")
    own = tuple(one for one in effect.of("pools") if (one.item[1] == EVERYWHERE) is everywhere)
    return _table(words, title, own, OF_POOLS, lambda key: _pool(words, key))


def _table(words: Words, title: str, found: tuple[Difference, ...], figures: Mapping[str, str], name_of: Callable[[Key], str]) -> TableView:
    """One line for each item; only figures that change somewhere have a column."""
    by_item: dict[Key, dict[str, Difference]] = {}
    for one in found:
        if one.figure in figures:
            by_item.setdefault(one.item, {})[one.figure] = one
    changing = {one.figure for one in found}
    headings = {figure: words.say(name) for figure, name in figures.items() if figure in changing}
    lines = (
        LineView(name_of(item), tuple((heading, _change(words, own.get(figure))) for figure, heading in headings.items()))
        for item, own in by_item.items()
    )
    return TableView(title, tuple(headings.values()), tuple(lines))


def _change(words: Words, one: Difference | None) -> Change | None:
    return None if one is None else Change(_figure(words, one.figure, one.before), _figure(words, one.figure, one.after))


def _figure(words: Words, figure: str, value: Fraction | None) -> str:
    if value is None:
        return UNKNOWN
    if figure.endswith("percent"):
        return words.percent(value, 1)
    if figure == "gap_hours":
        return words.signed(value)
    return words.number(value, 2) if figure in ("fte_required", "hours_per_client") else words.number(value)


def _pool(words: Words, key: Key) -> str:
    discipline, area, language = key
    return words.say(
        "{discipline}, {area}, {language}",
        discipline=label(words, "discipline_short", discipline),
        area=label(words, "area", area),
        language=label(words, "pool_language", language),
    )
