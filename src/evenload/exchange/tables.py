"""Between the formats and the rows: the cells of one sheet as a format gives them, and its typed columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from evenload.exchange.cells import Value
from evenload.exchange.column import Sheet
from evenload.exchange.columns import SHEETS, folded
from evenload.exchange.findings import Findings, letters_of
from evenload.exchange.reading import SheetPositions
from evenload.exchange.text_cells import Cell, Fault

Record = tuple[int, Sequence[Cell]]
"""A row number and the row's cells from column A"""


@dataclass(frozen=True, slots=True)
class WrongCell:
    """A cell for which the file holds no value: a formula never calculated, or one with an error. Row from 1, column from 0."""

    row: int
    column: int
    value: str
    code: str


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One known sheet as its format gave it."""

    sheet: Sheet
    title: str
    records: Iterable[Record]
    comma_separated: bool = False
    merged: tuple[str, ...] = ()
    """ranges of merged cells, as "B2:C3" """
    wrong_cells: tuple[WrongCell, ...] = ()


@dataclass(slots=True)
class Table:
    """Typed values of one sheet, by column. Positions that hold a fault are in `faulty`.

    The program sheet has one position, whose columns are its keys; `key_rows` says in which row each key stands.
    """

    sheet: Sheet
    title: str
    indices: dict[str, int] = field(default_factory=dict)
    """column name → index of its column, from 0"""
    numbers: list[int] = field(default_factory=list)
    """position → row number"""
    values: dict[str, list[Value]] = field(default_factory=dict)
    faulty: set[int] = field(default_factory=set)
    key_rows: dict[str, int] = field(default_factory=dict)

    def column(self, name: str) -> list[Value]:
        """Values of one column, one for each position; None where nothing is stated or the column is not there."""
        return self.values.get(name) or [None] * len(self.numbers)

    def cell(self, name: str, position: int) -> str:
        """Address of a cell, as H14; in column A where the column is not in the sheet."""
        row, index = self._place(name, position)
        return f"{letters_of(index)}{row}"

    def accuse(self, findings: Findings, name: str, position: int, value: str, *, fault: Fault) -> None:
        """Record a problem of one cell and mark its row as faulty."""
        self.faulty.add(position)
        findings.add(self.sheet.name, self.title, *self._place(name, position), value=value, fault=fault)

    def _place(self, name: str, position: int) -> tuple[int, int]:
        if self.sheet.keys:
            return self.key_rows.get(name, 1), self.indices.get("value", 1)
        return self.numbers[position], self.indices.get(name, 0)

    def positions(self) -> SheetPositions:
        """Where the rows and columns stand, for problems that are found later."""
        letters = {name: letters_of(index) for name, index in self.indices.items()}
        if self.sheet.keys:
            return SheetPositions(self.title, letters, dict(self.key_rows))
        first = self.sheet.columns[0].name
        named = {} if self.sheet.name == "visits" else self._rows_by_first(first)
        return SheetPositions(self.title, letters, named)

    def _rows_by_first(self, name: str) -> dict[str, int]:
        rows: dict[str, int] = {}
        for item, number in zip(self.column(name), self.numbers, strict=True):
            rows.setdefault(str(item), number)
        return rows


def known_sheets(titles: Sequence[str], findings: Findings) -> dict[str, Sheet]:
    """The known sheet of each title, by title. A second title for the same sheet is a problem and is left out."""
    names = {folded(name): sheet for sheet in SHEETS for name in sheet.titles}
    found: dict[str, Sheet] = {}
    for title in titles:
        sheet = names.get(folded(title))
        if sheet is None:
            continue
        other = next((known for known, taken in found.items() if taken is sheet), None)
        if other is None:
            found[title] = sheet
        else:
            findings.add_to_sheet(sheet.name, title, "", Fault("sheet_twice", {"other": other}))
    return found
