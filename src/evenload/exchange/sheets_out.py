"""Rows out, as a workbook or as a folder of CSV files that read back as the same rows."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from evenload.exchange.atomic import write_whole
from evenload.exchange.columns import SHEETS, Sheet
from evenload.exchange.layout import Formats, lay_out, offer_keys, write_cells
from evenload.exchange.rows import Rows
from evenload.exchange.template_texts import typographic
from evenload.exchange.written import csv_text, records_of

MADE_ON = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""stands in every workbook as the day it was made: the same rows give the same bytes"""
LARGE = 20_000
"""cells beyond which a workbook is written row by row, to bound memory"""
MANNERS = {"en": (",", "."), "fr": (";", ",")}
"""separator and decimal sign of CSV files, as Excel expects them in Canada"""


def write_rows(rows: Rows, path: Path, lang: str) -> None:
    """Write rows as a workbook with headings, drop-down lists and notes in English or French. Raises OSError.

    The file is written whole or not at all; it holds no formula. Numbers keep 15 significant digits.
    """
    content = io.BytesIO()
    large = sum(len(getattr(rows, sheet.name)) for sheet in SHEETS if not sheet.keys) > LARGE
    with new_workbook(content, rows.program.name_en, constant_memory=large) as workbook:
        formats, ruled = Formats.of(workbook), Formats.of(workbook, ruled=True)
        for sheet in SHEETS:
            if sheet.required or getattr(rows, sheet.name):
                _write_sheet(workbook.add_worksheet(sheet.title(lang)), sheet, rows, ruled if sheet.keys else formats, lang)
    write_whole(path, content.getvalue())


def new_workbook(content: io.BytesIO, title: str, *, constant_memory: bool = False) -> Any:
    """A workbook in which text never becomes a formula, a link or a number."""
    options = {
        "in_memory": not constant_memory,
        "constant_memory": constant_memory,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    workbook = xlsxwriter.Workbook(content, options)
    workbook.set_properties({"title": title, "author": "Evenload", "created": MADE_ON})
    return workbook


def _write_sheet(worksheet: Any, sheet: Sheet, rows: Rows, formats: Formats, lang: str) -> None:
    lay_out(worksheet, sheet, formats, lang)
    if sheet.keys:
        write_keys(worksheet, sheet, list(records_of(sheet, rows, lang)), formats, lang=lang)
        return
    last = 0
    for last, cells in enumerate(records_of(sheet, rows, lang), 1):
        write_cells(worksheet, last, sheet.columns, cells, formats=formats)
    worksheet.autofilter(0, 0, last, len(sheet.columns) - 1)


def write_keys(worksheet: Any, sheet: Sheet, records: list[list[Any]], formats: Formats, *, lang: str) -> None:
    """The rows of the program sheet: key, value in the format of its kind, explanation."""
    for row, (key, (heading, value, about)) in enumerate(zip(sheet.keys, records, strict=True), 1):
        worksheet.set_row(row, 20)
        worksheet.write_string(row, 0, heading, formats.required if key.required else formats.optional)
        worksheet.write_blank(row, 1, None, formats.for_column(key))
        write_cells(worksheet, row, (sheet.columns[0], key), [None, value], formats=formats)
        worksheet.write_string(row, 2, typographic(about, lang), formats.wrapped)
    offer_keys(worksheet, sheet, lang)


def write_csv_folder(rows: Rows, folder: Path, lang: str) -> None:
    """Write rows as a folder of CSV files (UTF-8 with byte order mark, as Excel wants it), made if it is not there. Raises OSError.

    English files use commas and decimal points, French files semicolons and decimal commas. Text that a spreadsheet might
    take for a formula gets an apostrophe before it, which the reader takes away again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for sheet in SHEETS:
        if sheet.required or getattr(rows, sheet.name):
            write_whole(folder / f"{sheet.title(lang)}.csv", _csv_file(sheet, rows, lang).encode("utf-8-sig"))


def _csv_file(sheet: Sheet, rows: Rows, lang: str) -> str:
    separator, decimal_sign = MANNERS[lang]
    kept = [index for index, column in enumerate(sheet.columns) if not column.ignored]
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=separator)
    writer.writerow([sheet.columns[index].heading(lang) for index in kept])
    for cells in records_of(sheet, rows, lang):
        writer.writerow([csv_text(cells[index], decimal_sign) for index in kept])
    return file.getvalue()
