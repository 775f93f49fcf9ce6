"""What a reader sees, before it becomes a workbook or a PDF: tables and pages in one language, with numbers still numbers.

The planning core speaks codes; `evenload.words` speaks sentences; here the two have met.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final, Literal

Kind = Literal["text", "wrapped", "integer", "hours", "hundredths", "percent", "percent_tenths", "date", "bar", "load", "swatch", "span"]
"""How a column is shown. `hours` have one decimal; `percent` holds percents (112 is 112 %); `bar` is a percent with a bar
behind it; `load` a load state's icon and word, `swatch` its pattern; `span` a piece of a waterfall, for the PDF only."""

NUMBERS: Final = ("integer", "hours", "hundredths", "percent", "percent_tenths", "bar")
"""Kinds that stand to the right."""

Fill = Literal["have", "absence", "duty", "care", "reserve"]
"""Looks of the pieces of a waterfall."""

Emphasis = Literal["plain", "changed", "waiting", "group", "total", "muted", "short"]


@dataclass(frozen=True, slots=True)
class LoadWord:
    """A load state and its word: shown with the state's icon, colour and pattern."""

    state: str
    word: str


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a waterfall: from and to as shares (0–1) of the whole width; `fill` names its look."""

    start: float
    end: float
    fill: Fill


Value = str | int | float | Fraction | date | LoadWord | Span | None


Formulas = tuple[tuple[int, str], ...]
"""(place, formula). A formula begins with `=`; `{2}` is the row's own value at place 2, `{2@0}` that of the table's first row,
`{2@0:4}` those of its first five rows, `{Sheet!2@0:4}` those of another table. A percent is a share there: 112 % is 1.12."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading (with unit and period where it holds numbers), how it is shown, and its width in characters."""

    heading: str
    kind: Kind = "text"
    width: int = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a value per column, and what sets it apart."""

    values: tuple[Value, ...]
    emphasis: Emphasis = "plain"
    starts_group: bool = False
    """a stronger line above"""
    level: int = 0
    """outline level: 1 can be folded away under the row above"""
    formulas: Formulas = ()
    """place of a value → how a workbook counts it by itself, to the same figure"""


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet of a workbook, or one table of a page. `name` is the sheet's tab.

    `notes` stand above the rows, `footnotes` (formula, period, source) beneath; `empty` where there are no rows.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    footnotes: tuple[str, ...] = ()
    empty: str = ""
    landscape: bool = True
    sortable: bool = True


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 2 or 3; the document's title is level 1."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a quiet one is small print."""

    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Callout:
    """Sentences that must not be overlooked: `short` where something is missing, `ok` where nothing is, `note` otherwise."""

    tone: Literal["short", "ok", "note"]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """One of two facing statements: a small title, the statement, and lines beneath it."""

    title: str
    statement: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facing:
    """Two statements that face each other, and what follows from both."""

    left: Panel
    right: Panel
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


Block = Heading | Paragraph | Bullets | Callout | Facing | Table | PageBreak


@dataclass(frozen=True, slots=True)
class Document:
    """One printed document in one language: what stands on every page, and its blocks from top to bottom."""

    title: str
    subtitle: str
    program: str
    period: str
    edition: str
    """at the foot of every page: what this is, as of when, by which version"""
    as_of: date
    blocks: tuple[Block, ...]
