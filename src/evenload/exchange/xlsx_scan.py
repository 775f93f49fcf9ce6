"""What the parser of workbooks does not tell of a sheet: how far it reaches, merged cells, formulas without a value.

The parser lays a sheet out as a full rectangle, so one cell in the last corner would take gigabytes: its reach is looked at first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from evenload.exchange.findings import index_of
from evenload.exchange.guard import Package
from evenload.exchange.tables import WrongCell
from evenload.exchange.text_cells import shown_text
from evenload.exchange.xml_events import Attributes, walk

LETTERS = re.compile(rb'<c r="([A-Za-z]{1,7})[0-9]')
ROWS = re.compile(rb'<c r="[A-Za-z]{1,7}([0-9]{1,9})"')
CELLS_LIMIT = 4_000_000
"""cells of one sheet's rectangle, from A1 to its last cell; 100,000 units with every column are 2.7 million"""
MERGED = re.compile(rb"""<(?:[\w.-]+:)?mergeCell\s[^>]*?ref\s*=\s*["']([A-Za-z0-9:$]{2,40})["']""")
ADDRESS = re.compile(r"([A-Za-z]{1,7})([0-9]{1,9})")
LONGEST_TAG = 1 << 16
SPACES = (b" ", b"\t", b"\n", b"\r")
TELLING = (
    *(b"<f" + after for after in (b">", b"/", *SPACES)),  # formulas
    *(b":f" + after for after in (b">", b"/", *SPACES)),
    *(b":c" + after for after in (b">", *SPACES)),  # cells with a prefix
    b"<c>",
    *(b"<c" + space for space in SPACES[1:]),
    b'"e"',  # errors
    b"'e'",
    b"\0",  # UTF-16
)
"""what makes a sheet be read element by element; to be found in other places costs time, no truth"""


@dataclass(slots=True)
class SheetScan:
    """What was found in the XML of one sheet. `rows` and `columns` is how far cells with content reach."""

    rows: int = 0
    columns: int = 0
    merged: list[str] = field(default_factory=list)
    wrong_cells: list[WrongCell] = field(default_factory=list)

    @property
    def is_suspicious(self) -> bool:
        """Whether the rectangle is so large that it is worth knowing which of its cells hold anything."""
        return self.rows * self.columns > CELLS_LIMIT

    def reach(self, row: int, column: int) -> None:
        """Note a cell with content: row and column from 1."""
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)


def sheet_members(package: Package) -> dict[str, str]:
    """The member that holds each sheet, by the sheet's title. Raises KeyError or XmlError for a workbook without its index."""
    sheets: dict[str, str] = {}
    targets: dict[str, str] = {}

    def on_sheet(name: str, attributes: Attributes) -> None:
        if name == "sheet" and "name" in attributes:
            sheets[attributes["name"]] = attributes.get("id", "")

    def on_relation(name: str, attributes: Attributes) -> None:
        if name == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    walk(package.chunks("xl/workbook.xml"), on_sheet)
    walk(package.chunks("xl/_rels/workbook.xml.rels"), on_relation)
    return {title: _member(targets.get(relation, "")) for title, relation in sheets.items()}


def _member(target: str) -> str:
    path = target.replace("\\", "/").removeprefix("/")
    return path if path.casefold().startswith("xl/") else f"xl/{path}"


def scan(package: Package, member: str) -> SheetScan:
    """Look through one sheet: quickly where every cell is written in the usual way, else element by element.

    The quick look counts cells that hold a format only. Raises KeyError for a member that is not there and XmlError for damaged XML.
    """
    found = SheetScan()
    usual = True
    for text in _whole_tags(package.chunks(member)):
        found.merged += [merged.decode().upper().replace("$", "") for merged in MERGED.findall(text)]
        usual = usual and not any(sign in text for sign in TELLING)
        rows = ROWS.findall(text) if usual else []
        usual = usual and text.count(b"<c ") == len(rows)
        if rows:
            columns = {index_of(letters.decode().upper()) + 1 for letters in set(LETTERS.findall(text))}
            found.reach(max(map(int, set(rows))), max(columns))
    if not usual or found.is_suspicious:
        found.rows = found.columns = 0
        exact = _Exact(found)
        walk(package.chunks(member), exact.start, exact.end, exact.text)
    return found


def _whole_tags(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The text in pieces that end where a tag ends, so that no tag is cut in two."""
    left = b""
    for chunk in chunks:
        text = left + chunk
        cut = text.rfind(b">") + 1
        yield text[:cut]
        left = text[cut:][-LONGEST_TAG:]
    yield left


class _Exact:
    """Cells one by one: their address, whether a formula has a value, and errors."""

    def __init__(self, found: SheetScan) -> None:
        self._found = found
        self._row = self._column = 0
        self._inside = ""
        self._kind = self._formula = self._value = ""
        self._has_formula = self._has_content = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "row":
            stated = attributes.get("r", "")
            self._row, self._column = int(stated) if stated.isdecimal() else self._row + 1, 0
        elif name == "c":
            address = ADDRESS.fullmatch(attributes.get("r", ""))
            self._row, self._column = (
                (int(address[2]), index_of(address[1].upper()) + 1) if address else (max(1, self._row), self._column + 1)
            )
            self._kind, self._formula, self._value = attributes.get("t", ""), "", ""
            self._has_formula = self._has_content = False
        elif name in ("f", "v", "is"):
            self._inside = name
            self._has_formula = self._has_formula or name == "f"
            self._has_content = True

    def text(self, text: str) -> None:
        if self._inside == "f":
            self._formula += text
        elif self._inside == "v":
            self._value += text

    def end(self, name: str) -> None:
        if name in ("f", "v", "is"):
            self._inside = ""
        elif name == "c" and self._has_content:
            self._found.reach(self._row, self._column)
            if self._kind == "e":
                self._wrong(self._value, "formula_error")
            elif self._has_formula and not self._value and self._kind != "str":
                self._wrong(f"={self._formula}", "formula_not_calculated")

    def _wrong(self, value: str, code: str) -> None:
        self._found.wrong_cells.append(WrongCell(self._row, self._column - 1, shown_text(value), code))
