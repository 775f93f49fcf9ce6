"""What the columns of an organisation's own list probably mean: by their names, near names, and what stands below them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from evenload.exchange.cells import Manner
from evenload.exchange.columns import folded
from evenload.exchange.own_meanings import BY_CODE, MEANINGS, NAMES_WORK, NOT_USED, Meaning, reader_of
from evenload.exchange.own_table import OwnTable
from evenload.exchange.text_cells import Cell, Fault, same, shown

LOOKED_AT: Final = 200
"""cells of a column that a guess looks at"""
NAMED, SHORTENED, NEAR, VAGUE, BY_VALUES = 1.0, 0.8, 0.7, 0.6, 0.45
TELLING_VALUES: Final = ("postal", "discipline", "language")
"""meanings that are known from the cells alone"""
EXAMPLES_SHOWN: Final = 3
FEWEST_CONTRACTED: Final = 14
"""weekly hours: a column whose middle value is lower probably holds the hours of the work"""


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """One column: its heading, what stands in it, and what it is taken for ("" where it is not used). `is_sure`: no need to look."""

    index: int
    heading: str
    examples: tuple[str, ...]
    meaning: str
    is_sure: bool


def guesses(table: OwnTable) -> tuple[ColumnGuess, ...]:
    """A guess for every column with a heading or a value."""
    cells = {index: table.cells(index)[:LOOKED_AT] for index in range(len(table.headings))}
    shown_columns = [index for index, heading in enumerate(table.headings) if heading or cells[index]]
    chosen = _guessed(table, cells)
    return tuple(
        ColumnGuess(index, table.headings[index], _examples(cells[index]), *chosen.get(index, (NOT_USED, False))) for index in shown_columns
    )


def _examples(cells: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(shown(cell) for cell in cells))[:EXAMPLES_SHOWN]


def _guessed(table: OwnTable, cells: Mapping[int, Sequence[Cell]]) -> dict[int, tuple[str, bool]]:
    """Each meaning once, the most probable pair of column and meaning first."""
    manner = Manner(comma_separated=table.comma_separated)
    pairs = []
    for order, meaning in enumerate(MEANINGS):
        convert = reader_of(meaning, manner)
        for index, heading in enumerate(table.headings):
            name = _name_score(heading, meaning)
            if name == 0 and meaning.code not in TELLING_VALUES:
                continue
            fit = _fit(cells[index], convert)
            if name == 0:
                name = BY_VALUES if len(cells[index]) > 1 and fit >= 0.9 else 0
            if name * fit > 0.3:
                pairs.append((-name * (fit if fit < 0.9 else 1), index, order, meaning.code, name >= SHORTENED and fit >= 0.9))
    found: dict[int, tuple[str, bool]] = {}
    taken: set[str] = set()
    for _, index, _, code, is_sure in sorted(pairs):
        if index not in found and code not in taken:
            found[index] = (code, is_sure and bool(cells[index]))
            taken.add(code)
    return _as_a_whole(table, found)


def _name_score(heading: str, meaning: Meaning) -> float:
    """How much the heading's name speaks for the meaning: the name itself, shortened, near, or contained."""
    word = folded(heading)
    if not word:
        return 0
    names = {folded(name) for name in (*meaning.names, meaning.code)}
    if word in names:
        return NAMED
    if word in {folded(name) for name in meaning.vague}:
        return VAGUE
    if heading.rstrip().endswith(".") and len(word) >= 3 and any(name.startswith(word) for name in names):
        return SHORTENED
    if len(word) >= 4 and difflib.get_close_matches(word, names, n=1, cutoff=0.84):
        return NEAR
    words = {folded(part) for part in re.split(r"[\s/()\-_,:]+", heading)}
    return VAGUE if any(len(name) >= 4 and name in words for name in names) else 0


def _fit(cells: Sequence[Cell], convert: object) -> float:
    """Share of the cells that can be read so; 1 where there is none."""
    assert callable(convert)
    return 1 - sum(isinstance(convert(cell), Fault) for cell in cells) / len(cells) if cells else 1.0


def _as_a_whole(table: OwnTable, found: dict[int, tuple[str, bool]]) -> dict[int, tuple[str, bool]]:
    """What a column means depends on the others: languages in a list of people are spoken, hours that vary are those of the work."""
    columns = {code: index for index, (code, _) in found.items()}
    has_work = any(code in columns for code in NAMES_WORK)
    changed = dict(found)
    if not has_work:
        for code, instead in (("language", "speaks"), ("postal", "base_postal")):
            if code in columns and instead not in columns and "practitioner" in columns:
                changed[columns[code]] = (instead, False)
    named_after_place = not has_work and not found.get(columns.get("practitioner", -1), ("", True))[1]
    if named_after_place and any(code in columns for code in ("address", "site_fr", "lat")):
        changed[columns["practitioner"]] = ("site", False)
    may_be_work = has_work and "work_hours" not in columns and {"weekly_hours", "practitioner"} <= columns.keys()
    if may_be_work:
        index = columns["weekly_hours"]
        varies = _varies(table, index, columns["practitioner"]) or _median(table, index) < FEWEST_CONTRACTED
        changed[columns["weekly_hours"]] = ("work_hours", False) if varies else ("weekly_hours", True)
    return changed


def _median(table: OwnTable, index: int) -> Fraction:
    numbers = [reader_of(BY_CODE["weekly_hours"], Manner(table.comma_separated))(cell) for cell in table.cells(index)[:LOOKED_AT]]
    known = sorted(number for number in numbers if isinstance(number, Fraction))
    return known[len(known) // 2] if known else Fraction(0)


def _varies(table: OwnTable, index: int, people: int) -> bool:
    """Whether one person has several values in the column."""
    values: dict[str, set[str]] = {}
    for _, cells in table.records:
        if max(index, people) < len(cells):
            values.setdefault(same(shown(cells[people])), set()).add(shown(cells[index]))
    return any(len(several - {""}) > 1 for person, several in values.items() if person)
