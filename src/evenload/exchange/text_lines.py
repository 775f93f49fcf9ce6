"""How many lines a text takes in a cell: office programs do not agree on who makes a row high enough, so the file says it."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from math import ceil
from typing import Final

from evenload.exchange.pages import LoadWord, Table, Value

# Widths of the printable ASCII characters from space to tilde in thousandths of an em: the metrics that Arial shares with Helvetica.
# fmt: off
_WIDTHS: Final = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)
# fmt: on
_DIGIT: Final = 0.556
"""a column's width is counted in digits"""
_BUTTON_DIGITS: Final = 1.8
"""room for the indent of numbers, or the filter's button"""
_WIDEST_TEXT: Final = 32
_BOLD: Final = 1.07
_WIDE_FROM: Final = 0x2E7F


def lines_needed(text: str, width_digits: float, *, bold: bool = False) -> int:
    """Lines of a text wrapped at words in a column of this width; words longer than the column are broken."""
    room = max(1.0, width_digits) * _DIGIT / (_BOLD if bold else 1.0)
    return sum(_paragraph_lines(part, room) for part in text.split("\n"))


def width_of_longest_word(text: str, *, bold: bool = False) -> float:
    """Width in digits that a column needs so that no word of the text is broken."""
    return max((sum(map(_em, word)) for word in text.split()), default=0.0) * (_BOLD if bold else 1.0) / _DIGIT


def with_wide_enough_columns(table: Table) -> Table:
    """The table with columns in which no word of a heading is broken and no text that does not wrap is cut; French is longer."""
    columns = tuple(replace(column, width=_width(table, place)) for place, column in enumerate(table.columns))
    return replace(table, columns=columns)


def _width(table: Table, place: int) -> int:
    column = table.columns[place]
    needed = [column.width, width_of_longest_word(column.heading, bold=True) + _BUTTON_DIGITS]
    if column.kind in ("text", "load"):
        # the sentence of a group runs on over the empty cells beside it
        shown = (row.values[place] for row in table.rows if row.emphasis != "group")
        needed += [min(_WIDEST_TEXT, sum(map(_em, _shown(value))) * _BOLD / _DIGIT + 1) for value in shown]
    return ceil(max(needed))


def _shown(value: Value) -> str:
    if isinstance(value, LoadWord):
        return f"○ {value.word}"
    return value if isinstance(value, str) else ""


def _paragraph_lines(text: str, room: float) -> int:
    lines, used = 1, 0.0
    for word in text.split(" "):
        size = sum(map(_em, word))
        gap = _em(" ") if used else 0.0
        if used + gap + size <= room:
            used += gap + size
            continue
        lines += (1 if used else 0) + int(size // room)
        used = size % room
    return lines


def _em(character: str) -> float:
    """Width in em; an accented letter is as wide as its base, and what the table does not hold is taken as wide."""
    code = ord(unicodedata.normalize("NFD", character)[0])
    if 32 <= code < 127:
        return _WIDTHS[code - 32] / 1000
    return 1.0 if code > _WIDE_FROM else 0.6
