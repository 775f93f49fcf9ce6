"""Workbooks in: .xlsx, .xlsm, .xls and .ods, guarded before they are parsed, read by calamine, told of what it leaves unsaid."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from evenload.exchange.columns import README_TITLES, Sheet
from evenload.exchange.findings import ORDER, Findings, letters_of
from evenload.exchange.guard import ENCRYPTED_STREAM, FILE_LIMIT_MB, MACROS_STREAM, MEGABYTE, OLD_OFFICE, Package, guarded
from evenload.exchange.intake import reading_from
from evenload.exchange.ods_scan import scan_tables
from evenload.exchange.reading import InputError, InputProblem, Reading
from evenload.exchange.tables import RawSheet, Record, WrongCell, known_sheets
from evenload.exchange.text_cells import Fault
from evenload.exchange.xlsx_scan import CELLS_LIMIT, SheetScan, scan, sheet_members
from evenload.planning.problems import Notice, Where

SHEET_NOTICES = {(True, False): "", (True, True): "sheet_hidden_read", (False, False): "sheet_unknown", (False, True): "sheet_hidden"}
"""what is noticed of a sheet, by whether it is known and whether it is hidden"""
ZIP = b"PK\x03\x04"

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class _Opened:
    """A workbook that passed the guard, open for reading."""

    book: CalamineWorkbook
    path: str
    package: Package | None
    """None for .xls, which is no zip file"""
    has_macros: bool


def read_workbook(path: Path) -> Reading:
    """The Reading of a workbook; raises InputError with every problem at once, or the one for which it cannot be opened.

    Formulas are never calculated: their saved values are read, and a formula without one is a problem.
    """
    opened = _opened(path)
    findings = Findings()
    notices = [Notice("macros_ignored", Where(""))] if opened.has_macros else []
    titles = [entry.name for entry in opened.book.sheets_metadata if entry.typ == SheetTypeEnum.WorkSheet]
    known = known_sheets(titles, findings)
    notices += _notices_of_sheets(opened.book, known)
    raw_sheets = _raw_sheets(opened, known, findings)
    return reading_from(raw_sheets, notices, findings)


@dataclass(frozen=True, slots=True)
class FoundSheet:
    """Any sheet of a workbook, as it was found, and the titles of all its visible sheets."""

    title: str
    titles: tuple[str, ...]
    records: tuple[Record, ...] = ()
    merged: tuple[str, ...] = ()
    wrong_cells: tuple[WrongCell, ...] = ()


def titles_of(path: Path) -> tuple[str, ...]:
    """The titles of a workbook's sheets. Raises InputError where it cannot be opened."""
    return tuple(entry.name for entry in _opened(path).book.sheets_metadata if entry.typ == SheetTypeEnum.WorkSheet)


def found_sheet(path: Path, title: str | None = None) -> FoundSheet:
    """One visible sheet of a workbook, whatever its headings: the one of that title, else the first that holds two rows.

    Raises InputError where the workbook cannot be opened, the sheet is too large, or no visible sheet holds anything.
    """
    opened = _opened(path)
    shown = [entry for entry in opened.book.sheets_metadata if entry.typ == SheetTypeEnum.WorkSheet]
    titles = tuple(entry.name for entry in shown if entry.visible == SheetVisibleEnum.Visible)
    scans = _parsed(lambda: _scanner(opened), opened.path)
    for candidate in (title,) if title in titles else titles:
        if candidate is not None:
            found = _found(opened, candidate, titles, _parsed(partial(scans, candidate), opened.path))
            if candidate == title or len(found.records) > 1:
                return found
    raise _refused(path, "file_empty")


def _found(opened: _Opened, title: str, titles: tuple[str, ...], found: SheetScan) -> FoundSheet:
    if found.is_suspicious:
        raise InputError([InputProblem(title, "", "", "sheet_too_large", _reach(found))])
    cells = _parsed(partial(opened.book.get_sheet_by_name, title), opened.path)
    merged = tuple(found.merged) if opened.package else _merged(cells)
    return FoundSheet(title, titles, tuple(_records(cells, opened.path)), merged, tuple(found.wrong_cells))


def _opened(path: Path) -> _Opened:
    megabytes = path.stat().st_size / MEGABYTE
    if megabytes > FILE_LIMIT_MB:
        raise _refused(path, "file_too_large", {"megabytes": str(round(megabytes)), "limit": str(FILE_LIMIT_MB)})
    content = path.read_bytes()
    if not content:
        raise _refused(path, "file_empty")
    package = None
    if content.startswith(OLD_OFFICE):
        if ENCRYPTED_STREAM in content:
            raise _refused(path, "file_encrypted")
    elif content.startswith(ZIP):
        package = guarded(content, str(path))
        if "xl/workbook.bin" in package:
            raise _refused(path, "file_type", {"suffix": ".xlsb"})
        if "content.xml" in package:
            _refuse_wide_tables(package, path)
    else:
        raise _refused(path, "file_corrupted")
    has_macros = package.has_macros if package else MACROS_STREAM in content
    book = _parsed(lambda: CalamineWorkbook.from_filelike(io.BytesIO(content)), str(path))
    return _Opened(book, str(path), package, has_macros)


def _refused(path: Path, code: str, facts: dict[str, str] | None = None) -> InputError:
    return InputError([InputProblem("", "", str(path), code, facts or {})])


def _parsed(parse: Callable[[], Answer], path: str) -> Answer:
    """What the parser says; anything it stumbles over is a damaged file. Its own panics are BaseExceptions."""
    try:
        return parse()
    except (KeyboardInterrupt, SystemExit):
        raise
    except PasswordError:
        raise InputError([InputProblem("", "", path, "file_encrypted")]) from None
    except BaseException:  # noqa: BLE001 -- a fuzzed file makes the parser panic in ways that no list of exceptions holds
        raise InputError([InputProblem("", "", path, "file_corrupted")]) from None


def _refuse_wide_tables(package: Package, path: Path) -> None:
    """The parser of .ods files lays out every table when it opens the file, known or not."""
    for title, found in _parsed(lambda: scan_tables(package), str(path)).items():
        if found.is_suspicious:
            raise InputError([InputProblem(title, "", "", "sheet_too_large", _reach(found))])


def _reach(found: SheetScan) -> dict[str, str]:
    return {"rows": str(found.rows), "columns": str(found.columns), "limit": str(CELLS_LIMIT)}


def _notices_of_sheets(book: CalamineWorkbook, known: dict[str, Sheet]) -> list[Notice]:
    notices = []
    for entry in book.sheets_metadata:
        hidden = entry.visible != SheetVisibleEnum.Visible
        code = SHEET_NOTICES[entry.name in known, hidden]
        if code and entry.name.casefold() not in README_TITLES:
            notices.append(Notice(code, Where(entry.name), {"sheet": entry.name}))
    return notices


def _raw_sheets(opened: _Opened, known: dict[str, Sheet], findings: Findings) -> Iterator[RawSheet]:
    """Known sheets in the order of the contract, one at a time, so that only one is in memory as cells."""
    scans = _parsed(lambda: _scanner(opened), opened.path)
    for title, sheet in sorted(known.items(), key=lambda entry: ORDER[entry[1].name]):
        found = _parsed(partial(scans, title), opened.path)
        if found.is_suspicious:
            findings.give_up(sheet.name, title, "", Fault("sheet_too_large", _reach(found)))
            continue
        cells = _parsed(partial(opened.book.get_sheet_by_name, title), opened.path)
        merged = tuple(found.merged) if opened.package else _merged(cells)
        yield RawSheet(sheet, title, _records(cells, opened.path), merged=merged, wrong_cells=tuple(found.wrong_cells))


def _scanner(opened: _Opened) -> Callable[[str], SheetScan]:
    """How a sheet of this kind of file is scanned, by its title."""
    package = opened.package
    if package is None:
        return lambda _title: SheetScan()
    if "content.xml" in package:
        tables = scan_tables(package)
        return lambda title: tables[title]
    members = sheet_members(package)
    return lambda title: scan(package, members[title])


def _records(cells: CalamineSheet, path: str) -> Iterator[Record]:
    """Rows from row 1, each from column A: the parser leaves empty columns at the left out."""
    if cells.start is None:
        return
    left: list[str] = [""] * cells.start[1]
    rows, number = cells.iter_rows(), 1
    while (row := _parsed(partial(next, rows, None), path)) is not None:
        yield number, [*left, *row] if left else row
        number += 1


def _merged(cells: CalamineSheet) -> tuple[str, ...]:
    ranges = cells.merged_cell_ranges or []
    return tuple(f"{letters_of(a)}{row + 1}:{letters_of(b)}{last + 1}" for (row, a), (last, b) in ranges)
