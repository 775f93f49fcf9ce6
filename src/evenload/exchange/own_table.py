"""One table of an organisation's own file: where its headings stand, and its rows, merged cells filled in."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evenload.exchange.columns import SHEETS, folded
from evenload.exchange.csv_folder import FILE_LIMIT_MB, MEGABYTE, SEPARATOR_LINE, SEPARATORS, csv_records, decoded
from evenload.exchange.findings import index_of
from evenload.exchange.own_meanings import MEANINGS
from evenload.exchange.reading import InputError, InputProblem
from evenload.exchange.tables import Record, WrongCell
from evenload.exchange.text_cells import Cell, is_blank, shown
from evenload.exchange.workbook import FoundSheet, found_sheet

HEADINGS_SOUGHT = 20
"""rows among which the headings are sought: lists begin with titles and dates"""
ROWS_LIMIT = 100_000
COLUMNS_LIMIT = 200
RANGE = re.compile(r"([A-Z]{1,7})([0-9]{1,7}):([A-Z]{1,7})([0-9]{1,7})")
KNOWN_NAMES = frozenset(folded(name) for meaning in MEANINGS for name in (*meaning.names, *meaning.vague)) | frozenset(
    folded(name) for sheet in SHEETS for column in sheet.columns for name in (column.name, column.fr)
)


@dataclass(frozen=True, slots=True)
class OwnTable:
    """A table with its headings (spelled as they stand, "" where there is none) and its rows below, blank ones left out."""

    title: str
    titles: tuple[str, ...]
    """of every visible sheet of the file"""
    heading_row: int
    headings: tuple[str, ...]
    records: tuple[Record, ...]
    comma_separated: bool = False
    wrong_cells: tuple[WrongCell, ...] = ()

    @property
    def headings_hash(self) -> str:
        """The same list next month has the same headings: its mapping is remembered by this."""
        return hashlib.sha256("\x1f".join(folded(heading) for heading in self.headings).encode()).hexdigest()

    def cells(self, index: int) -> list[Cell]:
        """What stands below one heading, blank cells left out."""
        return [cells[index] for _, cells in self.records if index < len(cells) and not is_blank(cells[index])]


def own_table(path: Path, title: str | None = None) -> OwnTable:
    """The table of a workbook's sheet or of a CSV file. Raises InputError where there is none, or it cannot be read."""
    if path.suffix.lower() in (".csv", ".txt", ".tsv"):
        return _table_of_csv(path)
    found = found_sheet(path, title)
    return _table(found.title, found.titles, _filled(found), wrong_cells=found.wrong_cells, path=path)


def _table_of_csv(path: Path) -> OwnTable:
    megabytes = path.stat().st_size / MEGABYTE
    if megabytes > FILE_LIMIT_MB:
        raise _refused(path, "file_too_large", {"megabytes": str(round(megabytes)), "limit": str(FILE_LIMIT_MB)})
    content = path.read_bytes()
    if not content.strip():
        raise _refused(path, "file_empty")
    try:
        text, _ = decoded(content)
    except UnicodeDecodeError:
        raise _refused(path, "text_encoding") from None
    stated = SEPARATOR_LINE.match(text)
    separator = stated[1] if stated else _likeliest_separator(text)
    rest, first_line = (text[stated.end() :], 2) if stated else (text, 1)
    records: list[Record] = []
    try:
        for record in csv_records(rest, separator, first_line):
            records.append(record)
            if len(records) > ROWS_LIMIT:
                break
    except csv.Error as error:
        line = str(records[-1][0] if records else 1)
        raise InputError([InputProblem("", "", shown(str(error)), "csv_broken", {"line": line})]) from None
    return _table("", (), records, comma_separated=separator == ",", path=path)


def _likeliest_separator(text: str) -> str:
    """The separator that stands most evenly in the first lines: as many in each, and more than none."""
    lines = [line for line in text.splitlines()[:HEADINGS_SOUGHT] if line.strip()]

    def evenness(separator: str) -> tuple[int, int]:
        counts = sorted(line.count(separator) for line in lines)
        return (counts[len(counts) // 2], counts[-1]) if counts else (0, 0)

    return max(SEPARATORS, key=evenness)


def _table(
    title: str,
    titles: tuple[str, ...],
    records: Sequence[Record],
    *,
    path: Path,
    comma_separated: bool = False,
    wrong_cells: tuple[WrongCell, ...] = (),
) -> OwnTable:
    kept = [(number, _trimmed(cells)) for number, cells in records]
    kept = [(number, cells) for number, cells in kept if cells]
    if len(kept) > ROWS_LIMIT:
        raise InputError([InputProblem(title, "", "", "list_too_long", {"limit": str(ROWS_LIMIT)})])
    if len(kept) < 2:
        raise _refused(path, "list_without_rows")
    place = _heading_place(kept)
    number, header = kept[place]
    below = tuple(kept[place + 1 :])
    width = min(max(len(header), *(len(cells) for _, cells in below)), COLUMNS_LIMIT)
    headings = tuple("" if index >= len(header) or is_blank(header[index]) else shown(header[index]).strip() for index in range(width))
    return OwnTable(title, titles, number, headings, below, comma_separated, wrong_cells)


def _trimmed(cells: Sequence[Cell]) -> Sequence[Cell]:
    """The row without blank cells at its end; nothing where all are blank."""
    last = next((index for index in range(len(cells), 0, -1) if not is_blank(cells[index - 1])), 0)
    return cells[:last]


def _heading_place(records: Sequence[Record]) -> int:
    """Position of the row of headings: among the first rows, the one with the most known names, then the most texts."""

    def score(place: int) -> tuple[int, int]:
        texts = [cell for cell in records[place][1] if isinstance(cell, str) and not is_blank(cell)]
        return 3 * sum(folded(text) in KNOWN_NAMES for text in texts) + len(texts), -place

    return max(range(min(HEADINGS_SOUGHT, len(records) - 1)), key=score)


def _filled(found: FoundSheet) -> list[Record]:
    """The rows; every cell of a merged range holds its value, for that is how people read it."""
    rows: dict[int, list[Cell]] = {number: list(cells) for number, cells in found.records}
    for merged in found.merged:
        place = RANGE.fullmatch(merged.replace("$", ""))
        if place is None:
            continue
        left, top, right, bottom = index_of(place[1]), int(place[2]), index_of(place[3]), int(place[4])
        if right - left > COLUMNS_LIMIT or top not in rows or left >= len(rows[top]):
            continue
        for number in range(top, min(bottom, max(rows)) + 1):
            if left == right:  # a range across columns is a title: its other cells stay blank
                cells = rows.setdefault(number, [])
                cells.extend([None] * (right + 1 - len(cells)))
                cells[left] = rows[top][left]
    return sorted(rows.items())


def _refused(path: Path, code: str, facts: dict[str, str] | None = None) -> InputError:
    return InputError([InputProblem("", "", str(path), code, facts or {})])
