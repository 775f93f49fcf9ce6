"""Small workbooks and CSV folders for tests, written by openpyxl and plain text, never by the code under test."""

from __future__ import annotations

import copy
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from evenload.exchange.findings import ORDER, Findings
from evenload.exchange.intake import reading_from
from evenload.exchange.open_input import open_input
from evenload.exchange.reading import InputError, InputProblem, Reading
from evenload.exchange.tables import RawSheet, known_sheets

Sheets = dict[str, list[list[Any]]]

GOOD: Sheets = {
    "program": [
        ["key", "value"],
        ["name_en", "North program"],
        ["name_fr", "Programme du Nord"],
        ["setting", "school"],
        ["period_start", date(2026, 1, 5)],
        ["period_weeks", 20],
        ["as_of", date(2026, 1, 12)],
        ["reserve_percent", 5],
        ["other_disciplines", "BT"],
    ],
    "practitioners": [
        ["id", "name", "disciplines", "engagement", "weekly_hours", "max_hours", "languages", "skills", "base_lat", "base_lon", "days"],
        ["ana", "Ana Roy", "OT", "employee", 37.5, 30, "en:native; fr:fluent", "AAC; seating", 45.42, -75.69, "mon;tue"],
        ["béa", "Béa Côté", "OT;PT", "independent", 30, None, "fr:native", None, 45.44, -75.6, None],
    ],
    "absences": [["practitioner", "kind", "days", "hours"], ["*", "vacation", 8, None], ["béa", "training", None, 7.5]],
    "duties": [
        ["practitioner", "kind", "basis", "amount"],
        ["*", "administration", "percent", 10],
        ["OT", "meetings", "hours_per_week", 2],
    ],
    "sites": [
        ["id", "name_en", "name_fr", "kind", "area", "language", "postal", "lat", "lon"],
        ["s1", "Elm School", "École Elm", "school", "East", "en", "K1A 0B1", 45.4, -75.7],
        ["s2", "Maple Home", None, "retirement_home", "West", None, "k2c", None, None],
    ],
    "classes": [
        ["id", "discipline", "label_en", "visits", "direct_minutes", "indirect_minutes", "group_size", "no_show_rate"],
        ["low", "OT", "low need", 8, 45, 15, 1, 0.1],
        ["group", "PT", "group", 12, 60, None, 4, None],
    ],
    "units": [
        ["id", "kind", "site", "discipline", "class", "clients", "priority", "language", "waiting_since", "current_practitioner", "pinned",
         "barred_practitioners", "label", "evening", "note", "lat", "lon"],
        ["u1", "site", "s1", "OT", "low", 14, 3, "en", None, "ana", "yes", "béa", "Grade 2", "no", "first line\nsecond line", None, None],
        ["u2", "client", None, "PT", "group", None, None, "fr", date(2025, 11, 24), None, None, None, None, None, None, 45.41, -75.71],
    ],
    "visits": [
        ["date", "class", "practitioner", "unit", "direct_minutes", "outcome"],
        [date(2025, 10, 1), "low", "ana", "u1", 50, "done"],
    ],
    "goals": [["goal", "price"], ["travel", 1.5]],
}  # fmt: skip


def good() -> Sheets:
    """A fresh copy of a small program without any problem."""
    return copy.deepcopy(GOOD)


def with_cell(sheets: Sheets, place: str, value: Any) -> Sheets:
    """The sheets with one cell replaced, by its address in the sheet: `units!F2`."""
    name, _, cell = place.partition("!")
    letters, row = cell.rstrip("0123456789"), int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    cells = sheets[name][row - 1]
    cells.extend([None] * (index - len(cells)))
    cells[index - 1] = value
    return sheets


def write_book(sheets: Sheets, path: Path) -> Path:
    """The sheets as a workbook."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row, cells in enumerate(rows, 1):
            for column, cell in enumerate(cells, 1):
                if cell is not None:
                    sheet.cell(row, column, cell)
                    if isinstance(cell, str) and not cell.startswith("=SUM"):
                        sheet.cell(row, column).data_type = "s"
    book.save(path)
    return path


def write_folder(
    sheets: Sheets, folder: Path, *, separator: str = ",", encoding: str = "utf-8", line_end: str = "\n", decimal_sign: str = "."
) -> Path:
    """The sheets as CSV files; every cell with a separator, quote or line break is quoted."""
    folder.mkdir(exist_ok=True)
    for name, rows in sheets.items():
        lines = (separator.join(_quoted(cell, separator, decimal_sign) for cell in row) + line_end for row in rows)
        (folder / f"{name}.csv").write_bytes("".join(lines).encode(encoding))
    return folder


def _quoted(cell: Any, separator: str, decimal_sign: str) -> str:
    text = "" if cell is None else cell.isoformat() if isinstance(cell, date) else str(cell)
    if isinstance(cell, float):
        text = text.replace(".", decimal_sign)
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in (separator, '"', "\n", "\r")) else text


def problems_of(path: Path) -> tuple[InputProblem, ...]:
    """The problems of an input; empty where it reads."""
    try:
        open_input(path)
    except InputError as error:
        return error.problems
    return ()


def read_sheets(sheets: Sheets) -> Reading:
    """The Reading of sheets as a format would give them, without a file. Raises InputError."""
    findings = Findings()
    known = known_sheets(list(sheets), findings)
    in_order = sorted(known, key=lambda title: ORDER[known[title].name])
    raw = [RawSheet(known[title], title, enumerate(sheets[title], 1)) for title in in_order]
    return reading_from(raw, (), findings)


def problems_in(sheets: Sheets) -> tuple[InputProblem, ...]:
    """The problems of sheets without a file; empty where they read."""
    try:
        read_sheets(sheets)
    except InputError as error:
        return error.problems
    return ()


def told(path: Path) -> list[tuple[str, str]]:
    """Place and code of every problem of an input."""
    return [(problem.place, problem.code) for problem in problems_of(path)]


def with_members(path: Path, changes: dict[str, bytes | None], out: Path) -> Path:
    """The workbook with some members replaced, added, or (None) taken away."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename not in changes:
                new.writestr(info, old.read(info))
        for name, content in changes.items():
            if content is not None:
                new.writestr(name, content)
    return out


def member(path: Path, name: str) -> bytes:
    """The bytes of one member of a workbook."""
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)
