"""A chart as figures: what it finds in one sentence, its rows, and where they are as CSV. `_chart.html` shows it, with its table beside it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal, get_args

from django.http import HttpResponse

from evenload.web.csv_answers import csv_answer
from evenload.words import Words

Kind = Literal["bars", "lines", "stack"]
Value = Fraction | int | None

MOST_SERIES: Final = 5
"""more are told apart neither by colour nor by pattern: draw several charts instead"""
PLAIN_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One label with its values, one for each series; None is not known and is never drawn as 0. The address leads to the rows behind it."""

    label: str
    values: tuple[Value, ...]
    address: str | None = None

    @property
    def cells(self) -> tuple[tuple[Value, str], ...]:
        """Each value with its plain decimal text, from which the drawing is made; empty where it is not known."""
        return tuple((value, "" if value is None else str(round(float(value), PLAIN_DIGITS))) for value in self.values)


@dataclass(frozen=True, slots=True)
class Chart:
    """Columns: the heading of the labels, then the name of each series. `says` is the finding; the unit holds for every value.

    Raises ValueError for what could not be drawn: no series or more than five, a row of another length, no CSV.
    """

    key: str
    title: str
    says: str
    unit: str
    columns: tuple[str, ...]
    rows: tuple[ChartRow, ...]
    kind: Kind
    csv_address: str
    digits: int = 1

    def __post_init__(self) -> None:
        series = len(self.columns) - 1
        if not 1 <= series <= MOST_SERIES:
            raise ValueError(f"chart {self.key!r}: expected 1 to {MOST_SERIES} series, got {series}")
        if wrong := [row.label for row in self.rows if len(row.values) != series]:
            raise ValueError(f"chart {self.key!r}: expected {series} values in each row, not so in {', '.join(wrong)}")
        if self.kind not in get_args(Kind):
            raise ValueError(f"chart {self.key!r}: no kind {self.kind!r}")
        if not (self.says and self.unit and self.csv_address):
            raise ValueError(f"chart {self.key!r}: it needs a sentence, a unit and a CSV")


def csv_of(chart: Chart, words: Words, *, file_name: str = "") -> HttpResponse:
    """The chart's table as a CSV file; the unit stands in the heading of every series."""
    label, *series = chart.columns
    headings = [label, *(f"{name} ({chart.unit})" for name in series)]
    return csv_answer(words, file_name or chart.key, headings, [(row.label, *row.values) for row in chart.rows])
