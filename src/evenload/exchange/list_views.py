"""The views of the assignment list: by kind of site, by area, by practitioner, and cover. Each view holds each unit once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Final

from evenload.exchange.list_facts import ListFacts, UnitLine
from evenload.exchange.pages import Column, Row, Table, Value
from evenload.planning.plan import Load
from evenload.words import message

SITE_SHEETS: Final = {
    "school": (message("Schools"), message("Assignment list: schools")),
    "retirement_home": (message("Retirement homes"), message("Assignment list: retirement homes")),
    "clinic": (message("Clinics"), message("Assignment list: clinics")),
    "hospital": (message("Hospitals"), message("Assignment list: hospitals")),
    "area": (message("Areas and homes"), message("Assignment list: areas and clients at home")),
}
"""Kind of site → name and title of its sheet. Units without a site stand with the areas."""


def site_tables(facts: ListFacts) -> Iterator[Table]:
    """One table per kind of site that has units; together they hold every unit once."""
    for kind, (name, title) in SITE_SHEETS.items():
        lines = [line for line in facts.lines if (line.unit.site_kind or "area") == kind]
        if lines:
            yield _table(facts, facts.words.say(name), facts.words.say(title), lines, lambda line: line.site)


def area_table(facts: ListFacts) -> Table:
    """Every unit, by area."""
    words = facts.words
    lines = sorted(facts.lines, key=lambda line: (facts.area(line.unit.area).casefold(), line.sort_key))
    rows = tuple(
        Row((facts.area(line.unit.area), *_values(line)), line.emphasis, starts_group=first)
        for line, first in _with_group_starts(lines, lambda line: line.unit.area)
    )
    columns = (Column(words.say("Area"), "wrapped", 14), *_columns(facts))
    return Table(words.say("By area"), words.say("Assignment list: by area"), columns, rows, footnotes=_footnotes(facts))


def practitioner_table(facts: ListFacts) -> Table:
    """Every unit under its practitioner, each with the load above her units; waiting units at the end."""
    words = facts.words
    loads = {load.practitioner: load for load in facts.plan.loads}
    people = sorted(loads, key=lambda id: (facts.name(id).casefold(), id))
    rows: list[Row] = []
    for id in people:
        own = [line for line in facts.lines if line.assignment is not None and line.assignment.practitioner == id]
        rows += _group_rows(facts, facts.name(id), load_sentence(facts, loads[id]), own)
    waiting = [line for line in facts.lines if line.assignment is None]
    if waiting:
        hours = words.hours_per_week(facts.hours_of(sum(line.unit.minutes for line in waiting)))
        said = words.say("{units}, {hours}", units=facts.units_phrase(len(waiting)), hours=hours)
        rows += _group_rows(facts, words.say("waiting"), said, waiting)
    return Table(
        name=words.say("By practitioner"),
        title=words.say("Assignment list: by practitioner"),
        columns=_practitioner_columns(facts),
        rows=tuple(rows),
        notes=(words.say("Hours and travel are averages per calendar week."),),
        footnotes=_footnotes(facts),
    )


def load_sentence(facts: ListFacts, load: Load) -> str:
    """A practitioner's week in one line: hours of capacity, percent, state, travel, peak week, target."""
    words, mark = facts.words, facts.load_word(load)
    if load.capacity_minutes == 0:
        return mark.word
    return words.say(
        "{assigned} of {capacity} h/week, {percent}, {state}; travel {travel} h/week; peak week {peak} h; target {target} h/week",
        assigned=words.number(facts.hours_of(load.assigned_minutes)),
        capacity=words.number(facts.hours_of(load.capacity_minutes)),
        percent=words.percent(100 * facts.hours_of(load.assigned_minutes) / facts.hours_of(load.capacity_minutes)),
        state=mark.word.lower(),
        travel=words.number(facts.hours_of(load.travel_minutes)),
        peak=words.number(facts.hours_of(load.peak_minutes)),
        target=words.number(facts.hours_of(load.target_minutes)),
    )


def _group_rows(facts: ListFacts, name: str, sentence: str, lines: list[UnitLine]) -> Iterator[Row]:
    width = len(_practitioner_columns(facts))
    yield Row((name, sentence, *(None,) * (width - 2)), "group", starts_group=True)
    for line in lines:
        yield Row((name, *_practitioner_values(facts, line)), "plain" if line.emphasis == "waiting" else line.emphasis, level=1)


def _practitioner_columns(facts: ListFacts) -> tuple[Column, ...]:
    words = facts.words
    return (
        Column(words.say("Practitioner"), "wrapped", 18),
        Column(words.say("Site"), "text", 26),
        Column(words.say("Unit"), "wrapped", 19),
        Column(words.say("Town or area"), "wrapped", 12),
        Column(words.say("Disc."), "text", 7),
        Column(words.say("Hours a week"), "hours", 9),
        Column(words.say("Clients"), "integer", 7),
        Column(words.say("Cover"), "wrapped", 18),
        Column(words.say("Language"), "text", 9),
        Column(words.say("Visits used"), "integer", 7),
        Column(words.say("Visits left"), "integer", 7),
        Column(words.say("From"), "date", 11),
        Column(words.say("Note"), "wrapped", 14),
        Column(words.say("Changed"), "wrapped", 13),
    )


def _practitioner_values(facts: ListFacts, line: UnitLine) -> tuple[Value, ...]:
    return (
        line.site,
        line.unit_label,
        line.place,
        line.discipline,
        facts.hours_of(line.unit.minutes),
        line.unit.clients,
        line.cover,
        line.language,
        line.used,
        line.left,
        line.from_date,
        line.note,
        line.changed,
    )


def cover_table(facts: ListFacts) -> Table:
    """Every placed unit with who covers it; units without cover first."""
    words = facts.words
    covered = {row.unit for row in facts.plan.cover}
    placed = [line for line in facts.lines if line.assignment is not None]
    lines = sorted(placed, key=lambda line: (line.unit.id in covered, line.cover.casefold(), line.sort_key))
    columns = (
        Column(words.say("Cover"), "wrapped", 22),
        Column(words.say("Site"), "wrapped", 28),
        Column(words.say("Unit"), "wrapped", 20),
        Column(words.say("Town or area"), "wrapped", 16),
        Column(words.say("Disc."), "text", 7),
        Column(words.say("Primary"), "wrapped", 22),
        Column(words.say("Language"), "text", 11),
        Column(words.say("Hours a week"), "hours", 9),
    )
    rows = tuple(
        Row(
            (
                line.cover,
                line.site,
                line.unit_label,
                line.place,
                line.discipline,
                line.primary,
                line.language,
                facts.hours_of(line.unit.minutes),
            ),
            "plain" if line.unit.id in covered else "changed",
            starts_group=first,
        )
        for line, first in _with_group_starts(lines, lambda line: line.cover)
    )
    return Table(
        name=words.say("Cover"),
        title=words.say("Who covers when the primary is away"),
        columns=columns,
        rows=rows,
        notes=(words.say("Cover is the next person who may take the unit and has room; it is not counted in anybody's load."),),
        empty=words.say("Nothing is placed yet, so nothing is covered."),
    )


def _table(facts: ListFacts, name: str, title: str, lines: list[UnitLine], group: Callable[[UnitLine], str]) -> Table:
    rows = tuple(Row(_values(line), line.emphasis, starts_group=first) for line, first in _with_group_starts(lines, group))
    return Table(name, title, _columns(facts), rows, footnotes=_footnotes(facts))


def _columns(facts: ListFacts) -> tuple[Column, ...]:
    words = facts.words
    return (
        Column(words.say("Site"), "wrapped", 25),
        Column(words.say("Unit"), "wrapped", 19),
        Column(words.say("Town or area"), "wrapped", 12),
        Column(words.say("Disc."), "text", 7),
        Column(words.say("Primary"), "wrapped", 16),
        Column(words.say("Cover"), "wrapped", 18),
        Column(words.say("Language"), "text", 9),
        Column(words.say("Visits used"), "integer", 7),
        Column(words.say("Visits left"), "integer", 7),
        Column(words.say("From"), "date", 11),
        Column(words.say("Note"), "wrapped", 18),
        Column(words.say("Changed"), "wrapped", 16),
    )


def _values(line: UnitLine) -> tuple[Value, ...]:
    return (
        line.site,
        line.unit_label,
        line.place,
        line.discipline,
        line.primary,
        line.cover,
        line.language,
        line.used,
        line.left,
        line.from_date,
        line.note,
        line.changed,
    )


def _footnotes(facts: ListFacts) -> tuple[str, ...]:
    words = facts.words
    return (
        words.say("Changed: against today's practitioners. Rows in red wait; rows in yellow have a new primary, and say so in words too."),
        words.say(
            "Visits used and left: as stated; where no number is stated, the visits of the class at an even pace through the period. "
            "The visits of a part are those of its whole unit. The language is the one that was asked for."
        ),
    )


def _with_group_starts(lines: list[UnitLine], group: Callable[[UnitLine], str]) -> Iterator[tuple[UnitLine, bool]]:
    for _, members in groupby(lines, key=group):
        for place, line in enumerate(members):
            yield line, place == 0
