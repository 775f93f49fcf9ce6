"""From the cells of one sheet to its typed columns; every problem goes to the findings, at its cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from evenload.exchange.cells import Converter, Manner, Value, converter, nearest_of
from evenload.exchange.column import Column
from evenload.exchange.columns import folded
from evenload.exchange.findings import Findings, index_of, letters_of
from evenload.exchange.tables import RawSheet, Record, Table
from evenload.exchange.text_cells import Cell, Fault, is_blank, shown

REQUIRED = Fault("required")


def table_from(raw: RawSheet, findings: Findings, other_disciplines: tuple[str, ...] = ()) -> Table:
    """Typed columns of a sheet. The first row that is not blank holds the headings; blank rows are passed over.

    `other_disciplines` are the program's own discipline codes, known once the program sheet has been read.
    """
    table = Table(raw.sheet, raw.title)
    records = iter(raw.records)
    number, header = _first_not_blank(records)
    if not header:
        return _blank(table, findings)
    table.indices = _headed_columns(raw, number, header, findings)
    manner = Manner(comma_separated=raw.comma_separated, other_disciplines=other_disciplines)
    watch = _Unheaded(table, header, findings)
    if raw.sheet.keys:
        _read_keys(table, _watched(records, watch), manner, findings)
    else:
        _read_rows(table, _watched(records, watch), _lanes(table, manner), findings)
        if raw.sheet.required and not table.numbers:
            findings.give_up(raw.sheet.name, raw.title, "", Fault("no_rows"))
    _accuse_wrong_cells(table, raw, findings)
    _accuse_merged(raw, max([number, *table.numbers, *table.key_rows.values()]), len(header), findings)
    return table


def _blank(table: Table, findings: Findings) -> Table:
    """A sheet without any cell is a problem only where the sheet is required."""
    if table.sheet.required:
        columns = ", ".join(column.name for column in table.sheet.columns if column.required)
        findings.give_up(table.sheet.name, table.title, "", Fault("sheet_empty", {"columns": columns}))
    if table.sheet.keys:
        table.numbers, table.faulty = [0], {0}
    return table


def _first_not_blank(records: Iterator[Record]) -> Record:
    for number, cells in records:
        if not all(map(is_blank, cells)):
            return number, cells
    return 1, ()


# Headings


def _headed_columns(raw: RawSheet, number: int, header: Sequence[Cell], findings: Findings) -> dict[str, int]:
    """Index of each known column; unknown, repeated and missing headings are problems."""
    columns = {folded(heading): column for column in raw.sheet.columns for heading in column.headings}
    indices: dict[str, int] = {}
    for index, cell in enumerate(header):
        if is_blank(cell):
            continue
        column = columns.get(folded(str(cell)))
        if column is not None and column.name not in indices:
            indices[column.name] = index
            continue
        fault = _heading_fault(raw, cell) if column is None else _twice("column_twice", indices[column.name], number)
        findings.add(raw.sheet.name, raw.title, number, index, value=shown(cell), fault=fault)
    for column in raw.sheet.columns:
        if column.name not in indices and (column.required or (raw.sheet.keys and column.name == "value")):
            tell = findings.give_up if column.kind == "id" else findings.add_to_sheet
            tell(raw.sheet.name, raw.title, "", Fault("column_missing", {"column": column.name, "column_fr": column.fr}))
    return indices


def _heading_fault(raw: RawSheet, cell: Cell) -> Fault:
    headings = {folded(heading): heading for column in raw.sheet.columns for heading in column.headings}
    return _unknown("column_unknown", cell, headings)


def _unknown(code: str, cell: Cell, words: dict[str, str]) -> Fault:
    nearest = nearest_of(str(cell), words)
    return Fault(code) if nearest is None else Fault(f"{code}_near", {"nearest": nearest})


def _twice(code: str, index: int, number: int) -> Fault:
    return Fault(code, {"first": f"{letters_of(index)}{number}"})


class _Unheaded:
    """Watches for values in columns without heading: they would be lost in silence. The first of each column is a problem."""

    def __init__(self, table: Table, header: Sequence[Cell], findings: Findings) -> None:
        self._table, self._findings = table, findings
        self._width = len(header)
        self._inside = [index for index, cell in enumerate(header) if is_blank(cell)]
        self._told: set[int] = set()

    def look(self, number: int, cells: Sequence[Cell]) -> None:
        if self._inside or len(cells) > self._width:
            for index in (*self._inside, *range(self._width, len(cells))):
                if index < len(cells) and index not in self._told and not is_blank(cells[index]):
                    self._told.add(index)
                    fault = Fault("value_without_heading")
                    self._findings.add(self._table.sheet.name, self._table.title, number, index, value=shown(cells[index]), fault=fault)


def _watched(records: Iterable[Record], watch: _Unheaded) -> Iterator[Record]:
    for number, cells in records:
        if not _is_blank_row(cells):
            watch.look(number, cells)
            yield number, cells


def _is_blank_row(cells: Sequence[Cell]) -> bool:
    return next((False for cell in cells if cell is not None and cell != "" and not is_blank(cell)), True)


# Rows


_Lane = tuple[int, Converter, bool, list[Value]]
"""One column on the way through the rows: its index, converter, whether it is required, and its values so far"""


def _lanes(table: Table, manner: Manner) -> list[_Lane]:
    found = []
    for column in table.sheet.columns:
        if column.name in table.indices and not column.ignored:
            out = table.values[column.name] = []
            found.append((table.indices[column.name], converter(column, manner), column.required, out))
    return found


def _read_rows(table: Table, records: Iterable[Record], lanes: list[_Lane], findings: Findings) -> None:
    """The inner loop of reading: a sheet may hold a million cells."""
    for number, cells in records:
        width = len(cells)
        for index, convert, required, out in lanes:
            cell = cells[index] if index < width else None
            if cell is None or cell == "" or (type(cell) is str and cell.isspace()):
                value: Value = REQUIRED if required else None
            else:
                value = convert(cell)
            if type(value) is Fault:
                table.faulty.add(len(table.numbers))
                findings.add(table.sheet.name, table.title, number, index, value=shown(cell), fault=value)
                value = None
            out.append(value)
        table.numbers.append(number)


# Keys of the program sheet


def _read_keys(table: Table, records: Iterable[Record], manner: Manner, findings: Findings) -> None:
    keys = {folded(name): key for key in table.sheet.keys for name in key.headings}
    table.numbers = [0]
    if not {"key", "value"} <= table.indices.keys():
        table.faulty.add(0)
        return
    for number, cells in records:
        word, cell = (_at(cells, table.indices[name]) for name in ("key", "value"))
        if is_blank(word) and is_blank(cell):
            continue
        key = None if is_blank(word) else keys.get(folded(str(word)))
        if key is not None and key.name not in table.key_rows:
            table.key_rows[key.name] = number
            table.values[key.name] = [_key_value(table, key, cell, manner, findings)]
            continue
        table.faulty.add(0)
        findings.add(table.sheet.name, table.title, number, table.indices["key"], value=shown(word), fault=_key_fault(table, word, key))
    _accuse_missing_keys(table, findings)


def _at(cells: Sequence[Cell], index: int) -> Cell:
    return cells[index] if index < len(cells) else None


def _key_value(table: Table, key: Column, cell: Cell, manner: Manner, findings: Findings) -> Value:
    fault = Fault("key_required", {"key": key.name, "key_fr": key.fr})
    value = (fault if key.required else None) if is_blank(cell) else converter(key, manner)(cell)
    if isinstance(value, Fault):
        table.accuse(findings, key.name, 0, shown(cell), fault=value)
        return None
    return value


def _key_fault(table: Table, word: Cell, key: Column | None) -> Fault:
    if is_blank(word):
        return REQUIRED
    if key is not None:
        return _twice("key_twice", table.indices["key"], table.key_rows[key.name])
    return _unknown("key_unknown", word, {folded(name): name for key in table.sheet.keys for name in key.headings})


def _accuse_missing_keys(table: Table, findings: Findings) -> None:
    for key in table.sheet.keys:
        if key.required and key.name not in table.key_rows:
            table.faulty.add(0)
            findings.add_to_sheet(table.sheet.name, table.title, "", Fault("key_required", {"key": key.name, "key_fr": key.fr}))


# Cells that the format could not give


def _accuse_wrong_cells(table: Table, raw: RawSheet, findings: Findings) -> None:
    ignored = {table.indices[column.name] for column in raw.sheet.columns if column.ignored and column.name in table.indices}
    positions = {number: position for position, number in enumerate(table.numbers)}
    for wrong in raw.wrong_cells:
        if wrong.column not in ignored:
            table.faulty.add(positions.get(wrong.row, 0))
            findings.add(raw.sheet.name, raw.title, wrong.row, wrong.column, value=wrong.value, fault=Fault(wrong.code))


def _accuse_merged(raw: RawSheet, last_row: int, width: int, findings: Findings) -> None:
    """Merged cells within the used range are a problem: their value would count for the first row only."""
    for merged in raw.merged:
        first = merged.partition(":")[0]
        letters, row = first.rstrip("0123456789"), first.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        if row.isdigit() and letters.isalpha() and int(row) <= last_row and index_of(letters) < max(width, 1):
            findings.add(raw.sheet.name, raw.title, int(row), index_of(letters), value=merged, fault=Fault("merged_cells"))
