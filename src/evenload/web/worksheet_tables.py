"""The worksheet's tables on a page: the same tables that the workbook and the PDF hold, with the same figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from evenload.exchange.pages import NUMBERS, LoadWord, Row, Span, Table, Value
from evenload.words import Words

UNKNOWN: Final = "–"
DIGITS: Final = {"hours": 1, "hundredths": 2}
MOST_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell; `title` is its column, for a phone where each line stands alone."""

    text: str
    title: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class LineView:
    """One row: its first cell names it."""

    name: str
    cells: tuple[CellView, ...]
    emphasis: str
    starts_group: bool


@dataclass(frozen=True, slots=True)
class HeadingView:
    """One heading of a column."""

    text: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class TableView:
    """One table, in one language."""

    anchor: str
    title: str
    headings: tuple[HeadingView, ...]
    lines: tuple[LineView, ...]
    notes: tuple[str, ...]
    footnotes: tuple[str, ...]
    empty: str


def table_view(words: Words, anchor: str, table: Table, *, is_exact: bool = False) -> TableView:
    """The table as a page shows it, `is_exact` with its figures not rounded. Pieces of a drawing are left out."""
    kept = [place for place, column in enumerate(table.columns) if column.kind != "span"]
    return TableView(
        anchor=anchor,
        title=table.title,
        headings=tuple(HeadingView(table.columns[at].heading, table.columns[at].kind in NUMBERS) for at in kept),
        lines=tuple(_line(words, table, kept, row, is_exact) for row in table.rows),
        notes=table.notes,
        footnotes=table.footnotes,
        empty=table.empty,
    )


def _line(words: Words, table: Table, kept: list[int], row: Row, is_exact: bool) -> LineView:
    def text(at: int) -> str:
        value = row.values[at]
        return exact(words, value) if is_exact and isinstance(value, Fraction) else shown(words, value, table.columns[at].kind)

    cells = tuple(CellView(text(at), table.columns[at].heading, table.columns[at].kind in NUMBERS) for at in kept)
    return LineView(cells[0].text, cells[1:], row.emphasis, row.starts_group)


def shown(words: Words, value: Value, kind: str) -> str:
    """A value as its column shows it; what is not known is a dash where a number should stand."""
    if value is None:
        return UNKNOWN if kind in NUMBERS else ""
    if isinstance(value, str):
        return value
    if isinstance(value, LoadWord):
        return value.word
    if isinstance(value, Span):
        return ""
    if isinstance(value, date):
        return words.date(value)
    if kind in ("percent", "percent_tenths"):
        return words.percent(value, 1 if kind == "percent_tenths" else 0)
    return words.number(value, DIGITS.get(kind, 0))


def exact(words: Words, value: Fraction | None) -> str:
    """A figure as it was computed, without needless zeros, cut after six decimals; it is rounded nowhere before."""
    if value is None:
        return UNKNOWN
    digits = next((n for n in range(MOST_DIGITS) if (value * 10**n).denominator == 1), MOST_DIGITS)
    return words.number(value, digits)
