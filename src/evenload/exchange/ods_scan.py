"""What the parser of OpenDocument sheets does not tell: how far repeated cells reach, merged cells, formulas without a value."""

from __future__ import annotations

from evenload.exchange.findings import letters_of
from evenload.exchange.guard import Package
from evenload.exchange.tables import WrongCell
from evenload.exchange.text_cells import shown_text
from evenload.exchange.xlsx_scan import SheetScan
from evenload.exchange.xml_events import Attributes, walk

CELLS = ("table-cell", "covered-table-cell")


def scan_tables(package: Package) -> dict[str, SheetScan]:
    """What was found in each table of content.xml, by its name. Raises KeyError or XmlError where that is missing or damaged."""
    reader = _Tables()
    walk(package.chunks("content.xml"), reader.start, reader.end)
    return reader.found


class _Tables:
    """Counts rows and cells as they repeat; a cell counts where it holds a value or text."""

    def __init__(self) -> None:
        self.found: dict[str, SheetScan] = {}
        self._scan = SheetScan()
        self._row = self._column = 0
        self._row_repeats = self._repeats = 1
        self._cell: Attributes | None = None
        self._has_text = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "table":
            self._scan = self.found.setdefault(attributes.get("name", ""), SheetScan())
            self._row = 0
        elif name == "table-row":
            self._row_repeats, self._column = _count(attributes, "number-rows-repeated"), 0
        elif name in CELLS:
            self._cell, self._has_text = attributes, False
            self._repeats = _count(attributes, "number-columns-repeated")
        elif name == "p" and self._cell is not None:
            self._has_text = True

    def end(self, name: str) -> None:
        if name == "table-row":
            self._row += self._row_repeats
        elif name in CELLS and self._cell is not None:
            self._close(self._cell)
            self._cell = None
            self._column += self._repeats

    def _close(self, cell: Attributes) -> None:
        last_row, last_column = self._row + self._row_repeats, self._column + self._repeats
        if "value-type" in cell or self._has_text:
            self._scan.reach(last_row, last_column)
        elif "formula" in cell:
            value = shown_text(cell["formula"].removeprefix("of:"))
            self._scan.wrong_cells.append(WrongCell(self._row + 1, self._column, value, "formula_not_calculated"))
        rows, columns = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
        if rows > 1 or columns > 1:
            corner = f"{letters_of(self._column + columns - 1)}{self._row + rows}"
            self._scan.merged.append(f"{letters_of(self._column)}{self._row + 1}:{corner}")


def _count(attributes: Attributes, name: str) -> int:
    stated = attributes.get(name, "1")
    return max(1, int(stated)) if stated.isdecimal() and len(stated) < 10 else 1
