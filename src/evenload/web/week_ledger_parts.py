"""The parts of the week ledger: a grid of people and weeks in one figure, the foot that adds up, and one row opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import groupby
from typing import Any, Final

from django.utils.html import format_html
from django.utils.safestring import SafeString

from evenload.planning.case import round_half_up
from evenload.web.draft_words import names_of, unit_name
from evenload.web.load_bar import ICONS, LoadBar, practitioner_bar
from evenload.words import Words, label, message
from evenload.words.phrases import Names
from evenload.workflow.desk_weeks import in_weeks
from evenload.workflow.draft_picture import Picture
from evenload.workflow.week_ledger import OVER_MAXIMUM, Part, WeekLedger, WeekRow, parts_of

FIGURES: Final[Mapping[str, str]] = {
    "free": message("Free hours"),
    "committed": message("Committed hours"),
    "travel": message("Travel hours"),
    "hours": message("Hours there are"),
}
SORTS: Final[Mapping[str, str]] = {"free": message("Least free first"), "name": message("Name")}
STATES: Final = ("room", "in_range", "above_range", "over", OVER_MAXIMUM, "away")
SIGNS: Final = ICONS | {OVER_MAXIMUM: "▲▲", "no_capacity": ICONS["away"]}


def state_word(words: Words, state: str) -> str:
    """`In range`, `Above the maximum`."""
    return words.say("Above the maximum") if state == OVER_MAXIMUM else label(words, "load", state)


@dataclass(frozen=True, slots=True)
class GridRow:
    """One person's line: totals to the end in hours, a cell for each week, and the weeks in which she is above her hours."""

    code: str
    name: str
    row: WeekRow
    cells: tuple[SafeString, ...]
    over: int


def grid_rows(words: Words, names: Names, ledger: WeekLedger, *, figure: str, sort: str) -> list[GridRow]:
    """Everybody in the figure that is asked for. Thousands of cells: each kind of cell is written once."""
    written: dict[tuple[str, int], SafeString] = {}
    state_words = {state: state_word(words, state) for state in (*STATES, "no_capacity")}

    def cell(state: str, minutes: Fraction | int) -> SafeString:
        tenths = round_half_up(Fraction(minutes) / 6) if minutes >= 0 else -round_half_up(-Fraction(minutes) / 6)
        if (state, tenths) not in written:
            written[state, tenths] = format_html(
                '<td class="wk wk-{}"><span aria-hidden="true">{}</span> {}<span class="visually-hidden"> {}</span></td>',
                state,
                SIGNS[state],
                words.number(Fraction(tenths, 10)),
                state_words[state],
            )
        return written[state, tenths]

    found = []
    for row in ledger.rows:
        cells = tuple(cell(state, minutes) for state, minutes in zip(row.states, weeks_of(row, figure), strict=True))
        over = sum(state in ("over", OVER_MAXIMUM) for state in row.states)
        found.append(GridRow(row.code, names.get(row.code, row.code), row, cells, over))
    by_name = sorted(found, key=lambda one: (one.name.casefold(), one.code))
    return by_name if sort == "name" else sorted(by_name, key=lambda one: one.row.total_free)


def weeks_of(row: WeekRow, figure: str) -> Sequence[Fraction | int]:
    """The minutes of one figure, week by week."""
    figures: dict[str, Sequence[Fraction | int]] = {"free": row.free, "committed": row.committed, "travel": row.driving, "hours": row.hours}
    return figures[figure]


def months(days: Sequence[date]) -> list[tuple[str, int]]:
    """`2026-02` and how many of the weeks begin in it."""
    return [(month, len(list(weeks))) for month, weeks in groupby(f"{day:%Y-%m}" for day in days)]


def sums(ledger: WeekLedger) -> list[tuple[str, Fraction, tuple[Fraction, ...]]]:
    """The foot: what everybody has, what nobody has, what is needed; a code, minutes to the end, minutes in each week."""
    lines = {"everybody": ledger.everybody, "nobody": ledger.nobody, "needed": ledger.needed}
    return [(code, sum(weeks, Fraction(0)), weeks) for code, weeks in lines.items()]


@dataclass(frozen=True, slots=True)
class WeekView:
    """One week of an opened row; `bar` None: the row is of nobody, who has no hours."""

    monday: date
    is_chosen: bool
    committed: Fraction
    driving: Fraction
    hours: int
    free: Fraction
    bar: LoadBar | None
    word: str
    sign: str


@dataclass(frozen=True, slots=True)
class PartView:
    """One unit of an opened row: its name, its weeks in words, minutes in the chosen week and to the end."""

    part: Part
    name: str
    weeks: tuple[str, ...]
    chosen: Fraction
    total: Fraction


def opened_row(words: Words, picture: Picture, ledger: WeekLedger, code: str | None, *, week: date | None, today: date) -> dict[str, Any]:
    """One row with its weeks and the units in it; `code` None: what nobody has."""
    chosen = ledger.mondays.index(week) if week in ledger.mondays else 0
    parts = parts_of(picture, code, today=today)
    names = names_of(words, picture.facts)
    weeks = _weeks_of_nobody(words, ledger, chosen) if code is None else _weeks_of(words, picture, ledger, code, chosen)
    in_week = [part.committed[chosen] + part.driving[chosen] for part in parts]
    return {
        "weeks": weeks,
        "parts": [_part_view(words, names, part, minutes) for part, minutes in zip(parts, in_week, strict=True)],
        "chosen_week": ledger.mondays[chosen],
        "chosen_sum": sum(in_week, Fraction(0)),
        "total": sum((part.total for part in parts), Fraction(0)),
        "clients": [part.unit.stated_id for part in parts if part.unit.kind == "client"],
    }


def _weeks_of(words: Words, picture: Picture, ledger: WeekLedger, code: str, chosen: int) -> list[WeekView]:
    row = ledger.row(code)
    people = in_weeks(picture.facts, picture.facts.case.practitioner(code))[-len(ledger.mondays) :]
    found = []
    for number, monday in enumerate(ledger.mondays):
        held, driven, state = row.committed[number], row.driving[number], row.states[number]
        bar = practitioner_bar(words, people[number], round_half_up(held + driven))
        word = state_word(words, state)
        found.append(WeekView(monday, number == chosen, held, driven, row.hours[number], row.free[number], bar, word, SIGNS[state]))
    return found


def _weeks_of_nobody(words: Words, ledger: WeekLedger, chosen: int) -> list[WeekView]:
    none = Fraction(0)
    return [
        WeekView(monday, number == chosen, minutes, none, 0, -minutes, None, words.say("With nobody"), "")
        for number, (monday, minutes) in enumerate(zip(ledger.mondays, ledger.nobody, strict=True))
    ]


def _part_view(words: Words, names: Names, part: Part, chosen: Fraction) -> PartView:
    return PartView(part, unit_name(words, names, part.unit.id), tuple(_run(words, *run) for run in part.stretches), chosen, part.total)


def _run(words: Words, first: date, last: date, minutes: Fraction) -> str:
    """`2026-02-02 to 2026-03-09: 130 min a week`; the days are the first days of the weeks."""
    amount = words.minutes(minutes)
    if first == last:
        return words.say("week of {day}: {minutes}", day=first, minutes=amount)
    return words.say("weeks of {first} to {last}: {minutes} each", first=first, last=last, minutes=amount)
